//! The plan of a counter: on which weekdays it takes how many people at a time (RB-2). A day that is no working day makes
//! no spans, whatever the plan says (CLK-2), and none lies outside of the business hours.

use chrono::{Datelike, NaiveTime, TimeDelta};

use crate::domain::calendar::Calendar;
use crate::domain::deadline::BusinessHours;
use crate::domain::form::FieldError;
use crate::domain::time::{Day, Ts};

/// Minutes of a span at least and at most.
const MINUTES: std::ops::RangeInclusive<i32> = 5..=240;
/// Places of a span at most.
const CAPACITY: std::ops::RangeInclusive<i32> = 1..=100;
/// Monday to Friday.
const WEEK: u8 = 0b1_1111;

/// Days of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Weekdays(u8);

/// No days of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("digits from 1 to 7, at least one")]
pub struct NoWeekdays;

impl Weekdays {
    /// Whether a working day is one of them. Choice: a Saturday or Sunday that is worked goes by plans that are for
    /// every day from Monday to Friday, too.
    fn covers(self, day: Day) -> bool {
        let number = day.weekday().num_days_from_monday();
        let is_named = (self.0 >> number) & 1 == 1;
        is_named || (number >= 5 && (self.0 & WEEK) == WEEK)
    }

    /// Whether both name a day.
    fn shares(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Their digits, 1 is Monday.
    pub fn digits(self) -> impl Iterator<Item = u8> {
        (1..=7).filter(move |digit| (self.0 >> (digit - 1)) & 1 == 1)
    }
}

impl std::fmt::Display for Weekdays {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.digits().try_for_each(|digit| write!(f, "{digit}"))
    }
}

impl std::str::FromStr for Weekdays {
    type Err = NoWeekdays;

    fn from_str(text: &str) -> Result<Self, NoWeekdays> {
        let mut days = 0;
        for c in text.chars() {
            let digit = c.to_digit(10).filter(|digit| (1..=7).contains(digit));
            days |= 1 << digit.ok_or(NoWeekdays)?.saturating_sub(1);
        }
        match days {
            0 => Err(NoWeekdays),
            days => Ok(Self(days)),
        }
    }
}

/// A line of the plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// On which days of the week.
    pub weekdays: Weekdays,
    /// From when on, Beijing time.
    pub from: NaiveTime,
    /// Up to when.
    pub to: NaiveTime,
    /// Minutes of a span.
    pub minutes: i32,
    /// Places of a span.
    pub capacity: i32,
}

/// A span that can be booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// When it begins.
    pub starts_at: Ts,
    /// When it ends.
    pub ends_at: Ts,
    /// How many places it has.
    pub capacity: i32,
}

/// The spans of a day, in their order: each whole inside the morning or the afternoon.
pub fn spans(
    openings: &[Opening],
    day: Day,
    calendar: &Calendar,
    hours: BusinessHours,
) -> Vec<Span> {
    if !calendar.is_working(day) {
        return vec![];
    }
    let mut all: Vec<Span> = openings
        .iter()
        .filter(|opening| opening.weekdays.covers(day))
        .flat_map(|opening| of_opening(opening, day, hours))
        .collect();
    all.sort_unstable();
    // Two lines may cover a worked Saturday: the one that begins first holds.
    all.dedup_by(|later, earlier| later.starts_at < earlier.ends_at);
    all
}

fn of_opening(opening: &Opening, day: Day, hours: BusinessHours) -> Vec<Span> {
    let halves = [
        (hours.opens(), hours.lunch_from()),
        (hours.lunch_to(), hours.closes()),
    ];
    let length = TimeDelta::minutes(i64::from(opening.minutes));
    let mut all = vec![];
    let mut at = Ts::from_beijing(day, opening.from);
    let end = Ts::from_beijing(day, opening.to);
    while length > TimeDelta::zero() && at.plus(length) <= end {
        let next = at.plus(length);
        let is_open = |(from, to): &(NaiveTime, NaiveTime)| {
            Ts::from_beijing(day, *from) <= at && next <= Ts::from_beijing(day, *to)
        };
        if halves.iter().any(is_open) {
            all.push(Span {
                starts_at: at,
                ends_at: next,
                capacity: opening.capacity,
            });
        }
        at = next;
    }
    all
}

/// What a supervisor typed for a line of the plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// Digits of weekdays.
    pub weekdays: String,
    /// From when on, `HH:MM`.
    pub from: String,
    /// Up to when, `HH:MM`.
    pub to: String,
    /// Minutes of a span.
    pub minutes: String,
    /// Places of a span.
    pub capacity: String,
}

/// Reads a line of the plan beside those that are there.
///
/// # Errors
/// Every fault at its field.
pub fn read(
    typed: &Typed,
    others: &[Opening],
    hours: BusinessHours,
) -> Result<Opening, Vec<FieldError>> {
    let mut errors = vec![];
    let weekdays: Result<Weekdays, _> = typed.weekdays.parse();
    if weekdays.is_err() {
        errors.push(FieldError::new("weekdays", "required"));
    }
    let mut time = |field: &str, typed: &str| {
        let time = NaiveTime::parse_from_str(typed.trim(), "%H:%M").ok();
        if time.is_none() {
            errors.push(FieldError::new(field, "time-malformed"));
        }
        time
    };
    let (from, to) = (time("from", &typed.from), time("to", &typed.to));
    let mut number = |field: &str, typed: &str, range: std::ops::RangeInclusive<i32>| {
        let number = typed.trim().parse().ok().filter(|n| range.contains(n));
        if number.is_none() {
            let fault = FieldError::new(field, "number-out-of-range")
                .with("lowest", range.start())
                .with("highest", range.end());
            errors.push(fault);
        }
        number
    };
    let minutes = number("minutes", &typed.minutes, MINUTES);
    let capacity = number("capacity", &typed.capacity, CAPACITY);
    let (Ok(weekdays), Some(from), Some(to), Some(minutes), Some(capacity)) =
        (weekdays, from, to, minutes, capacity)
    else {
        return Err(errors);
    };
    let opening = Opening {
        weekdays,
        from,
        to,
        minutes,
        capacity,
    };
    match fault_of(&opening, others, hours) {
        Some(fault) => Err(vec![fault]),
        None => Ok(opening),
    }
}

fn fault_of(opening: &Opening, others: &[Opening], hours: BusinessHours) -> Option<FieldError> {
    // Any day will do: only the time of day counts.
    if of_opening(opening, Day::default(), hours).is_empty() {
        return Some(FieldError::new("to", "opening-empty"));
    }
    let overlaps = |other: &Opening| {
        other.weekdays.shares(opening.weekdays)
            && other.from < opening.to
            && opening.from < other.to
    };
    let taken = others.iter().any(overlaps);
    taken.then(|| FieldError::new("from", "opening-overlap"))
}
