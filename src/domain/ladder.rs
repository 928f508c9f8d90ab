//! The ladder of a running term (CLK-7): warned at half-time, warned again with one working hour left, breached at
//! the first instant after the deadline. The one place that says which rung a case stands on; lists, pages and timers
//! ask here. Pure: no clock is read, nobody is told anything.

use chrono::TimeDelta;
use strum::{Display, EnumIter, IntoStaticStr};

use super::calendar::Calendar;
use super::case::{Case, ClockState, Term};
use super::deadline::{self, BusinessHours};
use super::time::Ts;

/// What the rungs are counted in: the working days, and the business hours of the agency.
#[derive(Clone, Copy, Debug)]
pub struct WorkingTime<'a> {
    /// Working days.
    pub calendar: &'a Calendar,
    /// Business hours of the agency that has the case.
    pub hours: BusinessHours,
}

/// How near a case is to its deadline, in the order of time. Said in words wherever it is shown.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, IntoStaticStr, Display,
)]
#[strum(serialize_all = "kebab-case")]
pub enum Mark {
    /// Less than half of the working time is over, or no time runs.
    None,
    /// Half of the working time is over.
    Yellow,
    /// One working hour is left at most.
    Red,
    /// The deadline of this run of the clock has passed.
    Breached,
}

impl Mark {
    /// The name in the texts' keys and in the API.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The instants of a term's rungs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rungs {
    /// Half of the working time is over; never after `last_hour`, however short the term.
    pub half_time: Ts,
    /// One working hour is left.
    pub last_hour: Ts,
    /// The first instant after the deadline: the due instant itself is in time (CLK-3).
    pub breach: Ts,
}

/// The rungs of a run of the clock. A term of less than two working hours has its last hour before its half; the
/// first warning then is the last one.
pub fn rungs(time: WorkingTime<'_>, term: &Term) -> Rungs {
    let WorkingTime { calendar, hours } = time;
    let last_hour = deadline::last_hour(calendar, hours, term.start, term.due);
    Rungs {
        half_time: deadline::half_time(calendar, hours, term.start, term.due).min(last_hour),
        last_hour,
        breach: term.due.plus(TimeDelta::microseconds(1)),
    }
}

/// What is done with a warning whose instant has passed when it is planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passed {
    /// Given at once: the run is new, or its due time was moved, and nobody was warned yet.
    AtOnce,
    /// Left out: an answer goes on with the same time (CLK-1), whose warnings were given.
    LeftOut,
}

/// When the warnings of a run are given that are still to come at `now`: half-time, last hour. Of two at one instant
/// the later rung is the warning; after the deadline there is nothing to warn of.
pub fn warnings(rungs: &Rungs, due: Ts, now: Ts, passed: Passed) -> (Option<Ts>, Option<Ts>) {
    if deadline::is_late(due, now) {
        return (None, None);
    }
    let given = |at: Ts| match passed {
        Passed::AtOnce => Some(at.max(now)),
        Passed::LeftOut => Some(at).filter(|at| *at >= now),
    };
    let (half, last) = (given(rungs.half_time), given(rungs.last_hour));
    (half.filter(|at| Some(*at) != last), last)
}

/// How near a case is to its deadline at `now`; [`Mark::None`] while its clock stands.
pub fn mark(time: WorkingTime<'_>, case: &Case, now: Ts) -> Mark {
    let ClockState::Running { term } = case.clock else {
        return Mark::None;
    };
    if term.missed || deadline::is_late(term.due, now) {
        return Mark::Breached;
    }
    let rungs = rungs(time, &term);
    if now >= rungs.last_hour {
        Mark::Red
    } else if now >= rungs.half_time {
        Mark::Yellow
    } else {
        Mark::None
    }
}

/// By when the applicant may expect the answer after a breach that was marked at `breached`: one working day later
/// (Choice), counted as every term is (CLK-3). It is told and binds nobody: the missed deadline stays the deadline.
pub fn expected_after(time: WorkingTime<'_>, breached: Ts) -> Ts {
    deadline::due(time.calendar, time.hours, breached, 1).due
}

#[cfg(test)]
mod tests;
