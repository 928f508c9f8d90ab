//! Days and instants as people write them in each language, for pages and messages alike. Instants are
//! written in Beijing time, to the minute.

use chrono::{Datelike, Timelike};
use fluent_templates::fluent_bundle::FluentValue;

use super::texts::{text, text_with};
use crate::domain::locale::Locale;
use crate::domain::time::{Day, Ts};

/// A Beijing day with its weekday: `2026年11月24日（星期二）`, `Tue 24 Nov 2026`.
pub fn day(locale: Locale, day: Day) -> String {
    dated(locale, "date-day", day, "")
}

/// A Beijing day without its weekday: `2026年11月24日`, `24 Nov 2026`.
pub fn day_plain(locale: Locale, day: Day) -> String {
    dated(locale, "date-day-plain", day, "")
}

/// The month a day falls in: `2026年11月`, `Nov 2026`.
pub fn month(locale: Locale, day: Day) -> String {
    dated(locale, "date-month", day, "")
}

/// An instant: `2026年11月24日 17:30（星期二）`, `Tue 24 Nov 2026, 17:30 Beijing time`.
pub fn moment(locale: Locale, at: Ts) -> String {
    dated(locale, "date-moment", at.day(), &time(at))
}

/// The Beijing time of day to the minute, for tables: `17:30`.
pub fn time(at: Ts) -> String {
    let local = at.beijing();
    format!("{:02}:{:02}", local.hour(), local.minute())
}

/// Day and time for dense tables, alike in both languages: `2026-11-24 17:30`.
pub fn moment_short(at: Ts) -> String {
    format!("{} {}", at.day(), time(at))
}

fn dated(locale: Locale, key: &str, day: Day, time: &str) -> String {
    let values = [
        ("year", FluentValue::from(day.year())),
        (
            "month",
            text(locale, &format!("month-name-{}", day.month())).into(),
        ),
        ("day", FluentValue::from(day.day())),
        (
            "weekday",
            text(
                locale,
                &format!("weekday-{}", day.weekday().number_from_monday()),
            )
            .into(),
        ),
        ("time", FluentValue::from(time)),
    ];
    text_with(locale, key, &values)
}
