//! Appointments at a counter (预约, RB-2): which spans a plan makes of a day, what may follow what, and when somebody is
//! reminded. How many places are left is not known here.

mod plan;

pub use plan::{Opening, Span, Typed, Weekdays, read, spans};

use chrono::{Days, NaiveTime, TimeDelta};
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::calendar::Calendar;
use super::patient::closed_set;
use super::time::{Day, Ts};

/// How many days ahead can be booked, today not counted (Choice).
pub const AHEAD: u64 = 14;
/// Bookings and places on waiting lists that one person may have at a time (Choice).
pub const MOST_OPEN: usize = 5;
/// Hour of the reminder on the working day before (Choice).
const REMIND_AT_HOUR: u32 = 9;
/// After so many hours beyond its end somebody who did not come is recorded as such (Choice).
const GRACE_HOURS: i64 = 1;
/// No two working days are further apart.
const LONGEST_REST: usize = 30;

closed_set! {
    /// Where a booking stands; texts `appointment-state-<name>`.
    State {
        /// Has a place.
        Booked,
        /// On the waiting list of a span that is full.
        Waiting,
        /// Another one took its place.
        Moved,
        /// Given up by the person, or by the office that closed.
        Cancelled,
        /// The person came.
        Attended,
        /// The person did not come.
        NoShow,
    }
}

/// What somebody does to a booking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Takes another place for it.
    Move,
    /// Gives it up.
    Cancel,
    /// Came.
    Attend,
    /// Did not come.
    Miss,
}

/// Whether a step may follow (RB-2). Choice: a booking can be moved or given up until its span begins; who came late is
/// marked as come for the rest of that day, even after having been recorded as not come.
pub fn allows(state: State, step: Step, span: (Ts, Ts), now: Ts) -> bool {
    let (starts_at, ends_at) = span;
    match (state, step) {
        (State::Booked, Step::Move | Step::Cancel) | (State::Waiting, Step::Cancel) => {
            now < starts_at
        }
        (State::Booked | State::NoShow, Step::Attend) => now.day() == starts_at.day(),
        (State::Booked, Step::Miss) => now >= ends_at,
        (State::Waiting, Step::Move | Step::Attend | Step::Miss)
        | (State::NoShow, Step::Move | Step::Cancel | Step::Miss)
        | (State::Moved | State::Cancelled | State::Attended, _) => false,
    }
}

/// Whether a span can be booked now.
pub fn is_bookable(starts_at: Ts, now: Ts) -> bool {
    starts_at > now && starts_at.day() <= last_day(now.day())
}

/// The last day that can be booked.
pub fn last_day(today: Day) -> Day {
    today + Days::new(AHEAD)
}

/// When somebody is reminded: at nine on the last working day before; `None` when that has passed.
pub fn remind_at(calendar: &Calendar, starts_at: Ts, now: Ts) -> Option<Ts> {
    let before = starts_at.day().pred_opt()?;
    let day = before
        .iter_days()
        .rev()
        .take(LONGEST_REST)
        .find(|day| calendar.is_working(*day))?;
    let nine = NaiveTime::from_hms_opt(REMIND_AT_HOUR, 0, 0)?;
    Some(Ts::from_beijing(day, nine)).filter(|at| *at > now)
}

/// The span that ended at this instant is the last whose people are recorded as not come.
pub fn missed_before(now: Ts) -> Ts {
    now.plus(-TimeDelta::hours(GRACE_HOURS))
}

/// What is said at the counter: number of the counter, time of day, and a number that no other booking of the span has.
pub fn code(counter: i32, starts_at: Ts, number: i32) -> String {
    format!("{counter}-{}-{number}", starts_at.beijing().format("%H%M"))
}

#[cfg(test)]
mod tests;
