//! The clock of a case as a line (CLK-5): when it ran, when it stood still and for whom, when a deadline was missed.
//! Folded from the journal; nothing is judged here, and no working time is counted.

use super::case::{PauseReason, Term};
use super::event::{Change, Event};
use super::ids::AccountId;
use super::time::Ts;
use super::workflow::Action;

/// A part of the line in which the clock did the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// Where it begins.
    pub from: Ts,
    /// Where it ends; `None` for the present one.
    pub to: Option<Ts>,
    /// What began it: filing, the first answer, a supplement, reopening, an arrangement of holidays, another urgency class.
    pub begun_by: Action,
    /// What the clock does.
    pub what: What,
}

/// What the clock does in a stretch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// It runs towards the due time of this term.
    Running {
        /// The run.
        term: Term,
        /// When the deadline was marked as missed (CLK-7).
        missed: Option<Ts>,
    },
    /// It stands still for somebody outside the agency.
    Paused {
        /// For whom.
        reason: PauseReason,
        /// Who asked.
        by: Option<AccountId>,
    },
}

/// The line of a journal, in order.
pub fn line(events: &[Event]) -> Vec<Stretch> {
    let mut line: Vec<Stretch> = vec![];
    for event in events {
        match happened(event) {
            Happened::Nothing => {}
            Happened::Missed => miss(&mut line, event.at),
            Happened::Stopped => end(&mut line, event.at),
            Happened::Begun(what) => {
                end(&mut line, event.at);
                line.push(Stretch {
                    from: event.at,
                    to: None,
                    begun_by: event.action,
                    what,
                });
            }
        }
    }
    line
}

/// What an event does to the clock.
enum Happened {
    Nothing,
    Begun(What),
    Missed,
    Stopped,
}

fn happened(event: &Event) -> Happened {
    let running = |term: &Term| {
        Happened::Begun(What::Running {
            term: *term,
            missed: None,
        })
    };
    match &event.change {
        Change::Filed(filing) => running(&filing.term),
        Change::Accepted { term }
        | Change::Resumed { term, .. }
        | Change::Reopened { term }
        | Change::Redated { term } => running(term),
        // CAT-4: an urgent case has a shorter term; where nothing got shorter the clock goes on.
        Change::Classed { term, .. } => term.as_ref().map_or(Happened::Nothing, running),
        Change::Asked { reason } => Happened::Begun(What::Paused {
            reason: *reason,
            by: event.actor,
        }),
        Change::Breached => Happened::Missed,
        Change::Decided { .. } | Change::Ended => Happened::Stopped,
        Change::Taken { .. }
        | Change::Released
        | Change::Proposed { .. }
        | Change::Returned { .. }
        | Change::Objected
        | Change::ObligationMet { .. } => Happened::Nothing,
    }
}

fn end(line: &mut [Stretch], at: Ts) {
    if let Some(last) = line.last_mut() {
        last.to = last.to.or(Some(at));
    }
}

fn miss(line: &mut [Stretch], at: Ts) {
    if let Some(Stretch {
        what: What::Running { missed, .. },
        ..
    }) = line.last_mut()
    {
        *missed = missed.or(Some(at));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::case::State;

    fn at(time: &str) -> Ts {
        Ts::parse(&format!("2026-11-23T{time}:00+08:00")).unwrap()
    }

    fn term(number: u32) -> Term {
        Term {
            number,
            start: at("09:00"),
            due: at("17:30"),
            provisional: false,
            missed: false,
            urgent: None,
        }
    }

    fn event(number: u32, time: &str, action: Action, change: Change) -> Event {
        Event {
            number,
            at: at(time),
            actor: None,
            role: None,
            action,
            from: State::InReview,
            to: State::InReview,
            change,
        }
    }

    fn said(line: &[Stretch]) -> Vec<String> {
        let time = |ts: Ts| ts.beijing().format("%H:%M").to_string();
        let one = |stretch: &Stretch| {
            let what = match &stretch.what {
                What::Running { term, missed } => {
                    let missed = missed.map(|at| format!(" missed {}", time(at)));
                    format!("runs {}{}", term.number, missed.unwrap_or_default())
                }
                What::Paused { reason, .. } => format!("waits for {}", reason.as_str()),
            };
            let to = stretch.to.map_or("…".to_owned(), time);
            format!("{}-{to} {what} by {}", time(stretch.from), stretch.begun_by)
        };
        line.iter().map(one).collect()
    }

    // CLK-5
    #[test]
    fn a_line_tells_when_the_clock_ran_and_for_whom_it_stood_still() {
        let asked = Change::Asked {
            reason: PauseReason::Supplement,
        };
        let resumed = Change::Resumed {
            holder: None,
            term: term(3),
        };
        let line = line(&[
            event(
                1,
                "09:00",
                Action::Accept,
                Change::Accepted { term: term(2) },
            ),
            event(2, "10:00", Action::Release, Change::Released),
            event(3, "11:00", Action::RequestSupplement, asked),
            event(4, "14:00", Action::Supplement, resumed),
            event(5, "17:31", Action::Breach, Change::Breached),
            event(6, "17:40", Action::Withdraw, Change::Ended),
        ]);
        assert_eq!(
            said(&line),
            [
                "09:00-11:00 runs 2 by accept",
                "11:00-14:00 waits for supplement by request-supplement",
                "14:00-17:40 runs 3 missed 17:31 by supplement",
            ]
        );
    }

    // CLK-2
    #[test]
    fn an_arrangement_begins_a_stretch_of_its_own() {
        let line = line(&[
            event(
                1,
                "09:00",
                Action::Reopen,
                Change::Reopened { term: term(4) },
            ),
            event(
                2,
                "10:00",
                Action::Redate,
                Change::Redated { term: term(4) },
            ),
        ]);
        assert_eq!(
            said(&line),
            ["09:00-10:00 runs 4 by reopen", "10:00-… runs 4 by redate"]
        );
    }
}
