//! How the runs of a clock follow from each other: the first, the one after an answer, the one after a wait, the shorter
//! one of an urgent case, and the same one counted anew. Whether any of them is due is asked elsewhere.

use chrono::TimeDelta;

use super::apply::Context;
use crate::domain::calendar::{Calendar, Certainty};
use crate::domain::case::{Case, ClockState, Term, Urgency, UrgentLimit};
use crate::domain::deadline::{self, BusinessHours};
use crate::domain::time::Ts;

/// A run of the clock of so many working days (CLK-3).
pub fn term(number: u32, start: Ts, days: u16, calendar: &Calendar, hours: BusinessHours) -> Term {
    let deadline = deadline::due(calendar, hours, start, days);
    Term {
        number,
        start,
        due: deadline.due,
        provisional: deadline.certainty == Certainty::Provisional,
        missed: false,
        urgent: None,
    }
}

/// The run of the clock of a case that became urgent (CAT-4): due earlier, never later, and only while the first
/// answer is owed. What was missed stays missed.
pub(super) fn hastened(case: &Case, urgency: Urgency, context: &Context<'_>) -> Option<Term> {
    let ClockState::Running { term } = case.clock else {
        return None;
    };
    if urgency != Urgency::Urgent || case.answered || term.missed {
        return None;
    }
    let limit = UrgentLimit {
        from: context.now,
        hours: context.urgent_hours,
    };
    let soon = urgent(term, limit, context.calendar, context.hours);
    (soon.due < term.due).then_some(Term {
        number: term.number + 1,
        ..soon
    })
}

/// A run of the clock under the limit of an urgent case as well (CAT-4): due so many working hours after an instant,
/// never later than it was.
pub fn urgent(term: Term, limit: UrgentLimit, calendar: &Calendar, hours: BusinessHours) -> Term {
    let soon = TimeDelta::hours(i64::from(limit.hours));
    let soon = deadline::after_working_time(calendar, hours, limit.from, soon);
    Term {
        due: term.due.min(soon),
        urgent: Some(limit),
        ..term
    }
}

/// After the first answer: from the same start up to the whole-case limit (CLK-1). A run of its own, so that
/// it can be missed on its own; where both limits are the same, what was missed stays missed.
pub(super) fn whole_case_term(case: &Case, context: &Context<'_>) -> Term {
    let number = case.term_number() + 1;
    match case.clock {
        ClockState::Running { term: first } => {
            let whole = term(
                number,
                first.start,
                case.limits.whole,
                context.calendar,
                context.hours,
            );
            Term {
                missed: first.missed && first.due == whole.due,
                ..whole
            }
        }
        ClockState::Paused { .. } | ClockState::Stopped { .. } => term(
            number,
            context.now,
            case.limits.whole,
            context.calendar,
            context.hours,
        ),
    }
}

/// After a wait the full term starts anew (CLK-5); the first answer has been given by then.
pub(super) fn restarted(case: &Case, context: &Context<'_>) -> Term {
    term(
        case.term_number() + 1,
        context.now,
        case.limits.whole,
        context.calendar,
        context.hours,
    )
}

/// The present run counted anew by the arrangements in force, where that changes it (CLK-2). What was missed stays
/// missed as it was (CLK-7).
pub(super) fn redated(case: &Case, context: &Context<'_>) -> Option<Term> {
    anew(case, context.calendar, context.hours)
}

/// Whether the present run ends at another time, or now surely, by this calendar (CLK-2).
pub fn moves(case: &Case, calendar: &Calendar, hours: BusinessHours) -> bool {
    anew(case, calendar, hours).is_some()
}

fn anew(case: &Case, calendar: &Calendar, hours: BusinessHours) -> Option<Term> {
    let ClockState::Running { term: present } = case.clock else {
        return None;
    };
    let anew = term(present.number, present.start, case.days(), calendar, hours);
    (!present.missed && anew != present).then_some(anew)
}
