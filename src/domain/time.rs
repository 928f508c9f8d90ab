//! Instants and days. An instant is UTC, cut to microseconds so that both databases keep it exactly;
//! a day is a Beijing day (UTC+8, no daylight saving since 1991), whatever zone the machine is in.

use chrono::{
    DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, TimeDelta, Timelike,
    Utc,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A day in Beijing time.
pub type Day = NaiveDate;

/// Offset of Beijing time in seconds.
const BEIJING_SECONDS: i32 = 8 * 3600;

/// An instant (UTC, microseconds).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ts(DateTime<Utc>);

impl Ts {
    /// Cuts the instant to microseconds.
    pub fn new(at: DateTime<Utc>) -> Self {
        Self(DateTime::from_timestamp_micros(at.timestamp_micros()).unwrap_or(at))
    }

    /// From microseconds since 1970-01-01 UTC; `None` beyond the calendar.
    pub fn from_micros(micros: i64) -> Option<Self> {
        DateTime::from_timestamp_micros(micros).map(Self)
    }

    /// Microseconds since 1970-01-01 UTC.
    pub fn micros(self) -> i64 {
        self.0.timestamp_micros()
    }

    /// As a UTC date and time.
    pub fn utc(self) -> DateTime<Utc> {
        self.0
    }

    /// As Beijing local date and time.
    pub fn beijing(self) -> NaiveDateTime {
        self.0.naive_utc() + TimeDelta::seconds(i64::from(BEIJING_SECONDS))
    }

    /// The Beijing day it falls on.
    pub fn day(self) -> Day {
        self.beijing().date()
    }

    /// The instant of a Beijing local date and time.
    pub fn from_beijing(day: Day, time: NaiveTime) -> Self {
        Self((day.and_time(time) - TimeDelta::seconds(i64::from(BEIJING_SECONDS))).and_utc())
    }

    /// Reads RFC 3339 with any offset.
    pub fn parse(text: &str) -> Option<Self> {
        DateTime::parse_from_rfc3339(text)
            .ok()
            .map(|at| Self::new(at.with_timezone(&Utc)))
    }

    /// RFC 3339 in Beijing time, whole seconds unless there are fractions: `2020-02-03T17:30:00+08:00`.
    pub fn rfc3339(self) -> String {
        match FixedOffset::east_opt(BEIJING_SECONDS) {
            Some(offset) => self
                .0
                .with_timezone(&offset)
                .to_rfc3339_opts(SecondsFormat::AutoSi, false),
            None => self.0.to_rfc3339_opts(SecondsFormat::AutoSi, false),
        }
    }

    /// RFC 3339 in Beijing time, cut to the second, for the attributes of pages (HTML knows milliseconds at most).
    pub fn to_second(self) -> String {
        let local = self.beijing();
        let (day, hour, minute) = (local.date(), local.hour(), local.minute());
        format!("{day}T{hour:02}:{minute:02}:{:02}+08:00", local.second())
    }

    /// This instant moved by `delta`; stays where it is at the ends of the calendar.
    pub fn plus(self, delta: TimeDelta) -> Self {
        Self(self.0.checked_add_signed(delta).unwrap_or(self.0))
    }

    /// Time from `earlier` to this instant; negative when it is later.
    pub fn since(self, earlier: Self) -> TimeDelta {
        self.0 - earlier.0
    }
}

impl Serialize for Ts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.rfc3339())
    }
}

impl<'de> Deserialize<'de> for Ts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("an RFC 3339 instant is needed"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_written_in_beijing_time_and_read_back() {
        let at = Ts::parse("2020-01-23T02:00:00Z").unwrap();
        assert_eq!(at.rfc3339(), "2020-01-23T10:00:00+08:00");
        assert_eq!(Ts::parse(&at.rfc3339()), Some(at));
        let later = at.plus(TimeDelta::microseconds(1));
        assert_eq!(later.to_second(), "2020-01-23T10:00:00+08:00");
        assert_eq!(Ts::from_micros(at.micros()), Some(at));
    }

    #[test]
    fn late_evening_in_utc_is_the_next_day_in_beijing() {
        let at = Ts::parse("2020-01-23T16:00:00Z").unwrap();
        assert_eq!(at.day().to_string(), "2020-01-24");
    }
}
