//! Each timer fires once, none early by business time, none is left when its time has come (CLK-8).

use std::collections::{BTreeSet, HashMap};

use bujianmian::domain::case::ClockState;
use bujianmian::domain::ids::CaseId;
use bujianmian::domain::timer::Kind as TimerKind;
use bujianmian::domain::workflow::Action;

use super::messages::is_reminder;
use super::{Finding, Kind};
use crate::ledger::{Ledger, Timer};

/// Holds timers against journals and reminders.
pub fn fire_once_and_in_time(ledger: &Ledger) -> Vec<Finding> {
    let mut findings = vec![];
    for timer in &ledger.timers {
        match timer.fired_at {
            Some(at) if at < timer.fire_at => {
                findings.push(inconsistent(ledger, timer.case, "fired early", timer));
            }
            None if timer.fire_at <= ledger.now => {
                findings.push(Finding::new(
                    Kind::Lost,
                    format!("{} never fired", place(ledger, timer.case, timer)),
                ));
            }
            Some(_) | None => {}
        }
    }
    findings.extend(events(ledger));
    findings.extend(reminders(ledger));
    findings.extend(register(ledger));
    findings.extend(warnings(ledger));
    findings
}

/// Journal and register tell of the same missed deadlines (CLK-7).
fn register(ledger: &Ledger) -> Vec<Finding> {
    let mut told: BTreeSet<(CaseId, i32)> = BTreeSet::new();
    for (id, kept) in &ledger.cases {
        for (before, event, _) in kept.steps() {
            if let (Some(before), Action::Breach) = (before, event.action) {
                told.insert((*id, i32::try_from(before.term_number()).unwrap_or_default()));
            }
        }
    }
    let entered: BTreeSet<(CaseId, i32)> = ledger.breaches.iter().copied().collect();
    told.symmetric_difference(&entered)
        .map(|(case, term)| {
            let what = format!("case {case}: run {term} is missed in journal or register alone");
            Finding::new(Kind::Inconsistent, what)
        })
        .collect()
}

/// Nobody is warned of more cases than timers have fired.
fn warnings(ledger: &Ledger) -> Vec<Finding> {
    let fired = |kind| {
        let of_kind = ledger.timers.iter().filter(|timer| timer.kind == kind);
        of_kind.filter(|timer| timer.fired_at.is_some()).count()
    };
    let too_many = ledger
        .warned
        .iter()
        .filter(|((_, kind), cases)| **cases > fired(*kind));
    too_many
        .map(|((account, kind), cases)| {
            let what = format!("login {account}: {kind} of {cases} cases, with fewer timers");
            Finding::new(Kind::Double, what)
        })
        .collect()
}

/// A breach, a lapse or an assignment by nobody is the work of one fired timer of its run of the clock, after the due time.
fn events(ledger: &Ledger) -> Vec<Finding> {
    let mut findings = vec![];
    for (id, kept) in &ledger.cases {
        let mut done: HashMap<(u32, &str), u32> = HashMap::new();
        for (before, event, _) in kept.steps() {
            let kind = match event.action {
                Action::Breach => TimerKind::Breach,
                Action::Lapse => TimerKind::Lapse,
                // CLK-7: what nobody took is given to somebody one hour before the deadline.
                Action::Assign if event.actor.is_none() => TimerKind::LastHour,
                _ => continue,
            };
            let Some(before) = before else { continue };
            let term = before.term_number();
            let what = format!("{} event {}: {kind}", kept.stored.receipt_no, event.number);
            let count = done.entry((term, kind.as_str())).or_default();
            *count += 1;
            if *count > 1 {
                findings.push(Finding::new(Kind::Double, format!("{what} again")));
            }
            let fired = ledger.timers.iter().any(|timer| {
                timer.case == *id
                    && timer.kind == kind
                    && u32::try_from(timer.term) == Ok(term)
                    && timer.fired_at == Some(event.at)
            });
            if !fired {
                let what = format!("{what} without a timer that fired");
                findings.push(Finding::new(Kind::Unasked, what));
            }
            if let ClockState::Running { term } = before.clock
                && kind == TimerKind::Breach
                && event.at <= term.due
            {
                findings.push(Finding::new(Kind::Inconsistent, format!("{what} early")));
            }
        }
    }
    findings
}

/// A reminder in the portal is the work of one fired timer.
fn reminders(ledger: &Ledger) -> Vec<Finding> {
    let mut told: HashMap<(CaseId, &str, i64), usize> = HashMap::new();
    for message in ledger.inbox.iter().filter(|m| is_reminder(&m.notice)) {
        if let Some(case) = message.case {
            *told
                .entry((case, message.notice.as_str(), message.at.micros()))
                .or_default() += 1;
        }
    }
    let mut fired: HashMap<(CaseId, &str, i64), usize> = HashMap::new();
    for timer in &ledger.timers {
        if let Some(at) = timer.fired_at {
            *fired
                .entry((timer.case, timer.kind.as_str(), at.micros()))
                .or_default() += 1;
        }
    }
    let too_many = told
        .into_iter()
        .filter(|(reminder, count)| fired.get(reminder).copied().unwrap_or_default() < *count);
    too_many
        .map(|((case, notice, _), count)| {
            Finding::new(
                Kind::Double,
                format!("case {case}: {notice} {count} times, with fewer timers"),
            )
        })
        .collect()
}

fn place(ledger: &Ledger, case: CaseId, timer: &Timer) -> String {
    let receipt_no = ledger
        .cases
        .get(&case)
        .map_or("?", |kept| kept.stored.receipt_no.as_str());
    format!("{receipt_no}: {} of run {}", timer.kind, timer.term)
}

fn inconsistent(ledger: &Ledger, case: CaseId, what: &str, timer: &Timer) -> Finding {
    Finding::new(
        Kind::Inconsistent,
        format!("{} {what}", place(ledger, case, timer)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::Sample;
    use chrono::TimeDelta;

    fn kinds(ledger: &Ledger) -> Vec<Kind> {
        fire_once_and_in_time(ledger)
            .into_iter()
            .map(|finding| finding.kind)
            .collect()
    }

    #[test]
    fn a_breach_by_its_timer_is_fine() {
        let ledger = Sample::filed().breached().ledger();
        assert_eq!(ledger.timers.len(), 1);
        assert_eq!(kinds(&ledger), []);
    }

    #[test]
    fn a_timer_that_fired_early_is_found() {
        let mut ledger = Sample::filed().breached().ledger();
        ledger.timers[0].fire_at = ledger.now.plus(TimeDelta::hours(1));
        assert_eq!(kinds(&ledger), [Kind::Inconsistent]);
    }

    #[test]
    fn a_breach_in_time_is_found() {
        let mut ledger = Sample::filed().breached().ledger();
        let kept = ledger.cases.values_mut().next().unwrap();
        kept.events[1].at = kept.events[0].at;
        ledger.timers[0].fired_at = Some(kept.events[0].at);
        ledger.timers[0].fire_at = kept.events[0].at;
        assert_eq!(kinds(&ledger), [Kind::Inconsistent]);
    }

    #[test]
    fn a_timer_that_never_fired_is_found() {
        let mut ledger = Sample::filed().ledger();
        ledger.timers = Sample::filed().breached().ledger().timers;
        ledger.timers[0].fired_at = None;
        assert_eq!(kinds(&ledger), [Kind::Lost]);
    }

    #[test]
    fn a_breach_done_twice_is_found() {
        let ledger = Sample::filed().breached().breached().ledger();
        assert_eq!(kinds(&ledger), [Kind::Double]);
    }

    #[test]
    fn a_breach_that_the_register_does_not_know_is_found() {
        let mut ledger = Sample::filed().breached().ledger();
        ledger.breaches.clear();
        assert_eq!(kinds(&ledger), [Kind::Inconsistent]);
    }

    #[test]
    fn a_warning_without_a_timer_is_found() {
        let mut ledger = Sample::filed().breached().ledger();
        let handler = uuid::Uuid::from_u128(201).into();
        ledger.warned.insert((handler, TimerKind::HalfTime), 1);
        assert_eq!(kinds(&ledger), [Kind::Double]);
    }

    #[test]
    fn a_breach_without_its_timer_is_found() {
        let mut ledger = Sample::filed().breached().ledger();
        ledger.timers.clear();
        assert_eq!(kinds(&ledger), [Kind::Unasked]);
    }

    #[test]
    fn a_reminder_told_twice_is_found() {
        let mut ledger = Sample::filed().reminded().ledger();
        assert_eq!(kinds(&ledger), []);
        ledger.inbox.push(ledger.inbox[0].clone());
        assert_eq!(kinds(&ledger), [Kind::Double]);
    }
}
