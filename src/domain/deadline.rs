//! Terms and working time (CLK-1, CLK-3, CLK-7; Civil Code 201 to 203).
//!
//! A term is counted in whole working days and ends at the close of business; working time is counted
//! inside business hours only. One working day is never taken as 24 hours here, and no clock is read: every
//! instant is a parameter.

use chrono::{Months, NaiveTime, TimeDelta};
use serde::{Deserialize, Serialize};

use super::calendar::{Calendar, Certainty, DayKind};
use super::policy::value::Span;
use super::time::{Day, Ts};

/// When an agency is open on a working day, in Beijing time: a morning and an afternoon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "RawHours", into = "RawHours")]
pub struct BusinessHours {
    opens: NaiveTime,
    lunch_from: NaiveTime,
    lunch_to: NaiveTime,
    closes: NaiveTime,
}

/// Business hours that are not in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "business hours must be one or two spans in order: opens < lunch_from <= lunch_to < closes"
)]
pub struct HoursError;

/// A term and how it was computed, so that a page can show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// When the clock started; its day is not counted (Civil Code 201).
    pub start: Ts,
    /// The last instant that is in time: the close of business of the last working day counted.
    pub due: Ts,
    /// Provisional when a day from start to end lies in a year without an arrangement (CLK-2).
    pub certainty: Certainty,
    /// The working days counted, in order; `due` is on the last of them.
    pub counted: Vec<Day>,
    /// The days passed over after the start, in order, and why.
    pub skipped: Vec<(Day, DayKind)>,
}

/// The end of a term of `working_days` that starts at `start` (CLK-3): the day of the start is not counted,
/// whatever the hour, and the term ends at the close of business of its last working day. The law knows no
/// shorter term than one day: 0 is taken as 1.
pub fn due(calendar: &Calendar, hours: BusinessHours, start: Ts, working_days: u16) -> Deadline {
    let wanted = usize::from(working_days.max(1));
    let (mut counted, mut skipped) = (Vec::new(), Vec::new());
    let mut certainty = calendar.day(start.day()).1;
    for day in start.day().iter_days().skip(1) {
        let (kind, sure) = calendar.day(day);
        certainty = certainty.and(sure);
        if kind.is_working() {
            counted.push(day);
        } else {
            skipped.push((day, kind));
        }
        if counted.len() == wanted {
            break;
        }
    }
    let last = counted.last().copied().unwrap_or(Day::MAX);
    let due = Ts::from_beijing(last, hours.closes);
    Deadline {
        start,
        due,
        certainty,
        counted,
        skipped,
    }
}

/// Whether an action at `at` is too late: at the very instant of the deadline it is in time, the first
/// instant after it is the breach (CLK-3).
pub fn is_late(due: Ts, at: Ts) -> bool {
    at > due
}

/// Business time from `from` to `to`; negative when `to` is the earlier, as for what is overdue.
pub fn working_time(calendar: &Calendar, hours: BusinessHours, from: Ts, to: Ts) -> TimeDelta {
    if to < from {
        return -working_time(calendar, hours, to, from);
    }
    let sessions = sessions_from(calendar, hours, from.day()).take_while(|(opens, _)| *opens < to);
    let parts = sessions.map(|(opens, closes)| closes.min(to).since(opens.max(from)));
    parts.filter(|part| *part > TimeDelta::zero()).sum()
}

/// The earliest instant with `delta` of business time since `from`; `from` itself for no time at all. A
/// negative `delta` goes back as [`before_working_time`] does.
pub fn after_working_time(
    calendar: &Calendar,
    hours: BusinessHours,
    from: Ts,
    delta: TimeDelta,
) -> Ts {
    if delta < TimeDelta::zero() {
        return before_working_time(calendar, hours, from, -delta);
    }
    if delta.is_zero() {
        return from;
    }
    let mut rest = delta;
    for (opens, closes) in sessions_from(calendar, hours, from.day()) {
        let begin = opens.max(from);
        let length = closes.since(begin);
        if length <= TimeDelta::zero() {
            continue;
        }
        if rest <= length {
            return begin.plus(rest);
        }
        rest -= length;
    }
    from
}

/// The earliest instant from which `delta` of business time is left until `to`: where the office is closed
/// at that point, the close of business before (CLK-7). A negative `delta` goes forward as
/// [`after_working_time`] does.
pub fn before_working_time(
    calendar: &Calendar,
    hours: BusinessHours,
    to: Ts,
    delta: TimeDelta,
) -> Ts {
    if delta < TimeDelta::zero() {
        return after_working_time(calendar, hours, to, -delta);
    }
    let mut rest = delta;
    for (opens, closes) in sessions_back_from(calendar, hours, to.day()) {
        let end = closes.min(to);
        let length = end.since(opens);
        if length <= TimeDelta::zero() {
            continue;
        }
        if rest < length {
            return end.plus(-rest);
        }
        rest -= length;
    }
    to
}

/// When holder and supervisor are warned first: the earliest instant at which half of the working time from
/// the start to the deadline is over (CLK-7).
pub fn half_time(calendar: &Calendar, hours: BusinessHours, start: Ts, due: Ts) -> Ts {
    let whole = working_time(calendar, hours, start, due);
    after_working_time(calendar, hours, start, whole / 2)
}

/// When they are warned again and an unclaimed case is assigned: the earliest instant with one working hour
/// left, never before the start (CLK-7).
pub fn last_hour(calendar: &Calendar, hours: BusinessHours, start: Ts, due: Ts) -> Ts {
    before_working_time(calendar, hours, due, TimeDelta::hours(1)).max(start)
}

/// The same day of the month `months` later; where that month has no such day, its last day (Civil Code 202;
/// DEF-4 to DEF-6, XR-1, LP-4). Stays at the end of the calendar.
pub fn plus_months_clamped(day: Day, months: u32) -> Day {
    day.checked_add_months(Months::new(months))
        .unwrap_or(Day::MAX)
}

/// The day itself when it is worked, else the next working day (Civil Code 203), and how sure that is.
pub fn next_working_day_on_or_after(calendar: &Calendar, day: Day) -> (Day, Certainty) {
    let mut certainty = Certainty::Arranged;
    for candidate in day.iter_days() {
        let (kind, sure) = calendar.day(candidate);
        certainty = certainty.and(sure);
        if kind.is_working() {
            return (candidate, certainty);
        }
    }
    (day, certainty)
}

impl BusinessHours {
    /// Business hours of an agency; without a lunch break `lunch_from` equals `lunch_to`.
    ///
    /// # Errors
    /// When the four times are not in order.
    pub fn new(
        opens: NaiveTime,
        lunch_from: NaiveTime,
        lunch_to: NaiveTime,
        closes: NaiveTime,
    ) -> Result<Self, HoursError> {
        if opens < lunch_from && lunch_from <= lunch_to && lunch_to < closes {
            Ok(Self {
                opens,
                lunch_from,
                lunch_to,
                closes,
            })
        } else {
            Err(HoursError)
        }
    }

    /// Business hours as a policy pack lists them: a morning and an afternoon, or one span without a break.
    ///
    /// # Errors
    /// When there are none or more than two, or they are not in order.
    pub fn from_spans(spans: &[Span]) -> Result<Self, HoursError> {
        match spans {
            [day] => {
                let noon = day.from + (day.to - day.from) / 2;
                Self::new(day.from, noon, noon, day.to)
            }
            [morning, afternoon] => {
                Self::new(morning.from, morning.to, afternoon.from, afternoon.to)
            }
            _ => Err(HoursError),
        }
    }

    /// When the doors open.
    pub fn opens(self) -> NaiveTime {
        self.opens
    }

    /// When the morning ends.
    pub fn lunch_from(self) -> NaiveTime {
        self.lunch_from
    }

    /// When the afternoon begins.
    pub fn lunch_to(self) -> NaiveTime {
        self.lunch_to
    }

    /// The close of business, at which terms end.
    pub fn closes(self) -> NaiveTime {
        self.closes
    }

    /// Working time of a whole day.
    pub fn length(self) -> TimeDelta {
        (self.lunch_from - self.opens) + (self.closes - self.lunch_to)
    }

    /// Morning and afternoon of a day.
    fn sessions(self, day: Day) -> [(Ts, Ts); 2] {
        let at = |time| Ts::from_beijing(day, time);
        [
            (at(self.opens), at(self.lunch_from)),
            (at(self.lunch_to), at(self.closes)),
        ]
    }
}

/// 08:30-12:00 and 13:30-17:30, 7.5 hours (CLK-3, Choice).
impl Default for BusinessHours {
    fn default() -> Self {
        let at =
            |hour, minute| NaiveTime::MIN + TimeDelta::hours(hour) + TimeDelta::minutes(minute);
        Self {
            opens: at(8, 30),
            lunch_from: at(12, 0),
            lunch_to: at(13, 30),
            closes: at(17, 30),
        }
    }
}

/// Business hours as they are written in a policy pack, before their order is checked.
#[derive(Serialize, Deserialize)]
struct RawHours {
    opens: NaiveTime,
    lunch_from: NaiveTime,
    lunch_to: NaiveTime,
    closes: NaiveTime,
}

impl TryFrom<RawHours> for BusinessHours {
    type Error = HoursError;
    fn try_from(raw: RawHours) -> Result<Self, HoursError> {
        Self::new(raw.opens, raw.lunch_from, raw.lunch_to, raw.closes)
    }
}

impl From<BusinessHours> for RawHours {
    fn from(hours: BusinessHours) -> Self {
        let BusinessHours {
            opens,
            lunch_from,
            lunch_to,
            closes,
        } = hours;
        Self {
            opens,
            lunch_from,
            lunch_to,
            closes,
        }
    }
}

/// Mornings and afternoons of the working days from `day` on.
fn sessions_from(
    calendar: &Calendar,
    hours: BusinessHours,
    day: Day,
) -> impl Iterator<Item = (Ts, Ts)> + '_ {
    let days = day.iter_days().filter(|day| calendar.is_working(*day));
    days.flat_map(move |day| hours.sessions(day))
}

/// Afternoons and mornings of the working days from `day` back.
fn sessions_back_from(
    calendar: &Calendar,
    hours: BusinessHours,
    day: Day,
) -> impl Iterator<Item = (Ts, Ts)> + '_ {
    let days = std::iter::successors(Some(day), |day| day.pred_opt())
        .filter(|day| calendar.is_working(*day));
    days.flat_map(move |day| hours.sessions(day).into_iter().rev())
}

#[cfg(test)]
mod tests;
