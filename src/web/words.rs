//! Dates, durations and money as people write them in each language. Instants are shown in Beijing
//! time, to the minute. Nothing here masks or unmasks: a value that came masked stays masked.

use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};

use fluent_templates::fluent_bundle::FluentValue;

use crate::data::texts::{text, text_with};
use crate::domain::locale::Locale;

pub use crate::data::dates::{day, day_plain, moment, moment_short, month, time};

/// An amount in yuan with thousands separators, from fen: `1,280.50`.
pub fn amount(fen: i64) -> String {
    let (yuan, rest) = (fen.unsigned_abs() / 100, fen.unsigned_abs() % 100);
    let sign = if fen < 0 { "-" } else { "" };
    format!("{sign}{}.{rest:02}", grouped(yuan))
}

/// Money with its unit, from fen: `1,280.50 元`, `1,280.50 yuan`.
pub fn money(locale: Locale, fen: i64) -> String {
    text_with(locale, "money-yuan", &[("amount", amount(fen).into())])
}

/// A count with thousands separators: `24,000`.
pub fn count(number: u64) -> String {
    grouped(number)
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut written = String::with_capacity(digits.len() + digits.len() / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            written.push(',');
        }
        written.push(digit);
    }
    written
}

/// How a case stands to its deadline (CLK-1). Minutes are working minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remaining {
    /// So many are left, until and including the deadline.
    Left(i64),
    /// The deadline passed so many ago.
    Over(i64),
    /// The case waits for somebody outside; no deadline runs (CLK-5).
    Paused,
    /// Decided, withdrawn or lapsed.
    Stopped,
}

/// What is left of the working time: `还剩 3 小时 20 分（工作时间）`. `day_minutes` is the length of the
/// agency's working day in minutes, 450 by default (CLK-3).
pub fn remaining(locale: Locale, remaining: Remaining, day_minutes: i64) -> String {
    let (key, minutes) = match remaining {
        Remaining::Left(minutes) => ("remaining-left", minutes),
        Remaining::Over(minutes) => ("remaining-over", minutes),
        Remaining::Paused => return text(locale, "remaining-paused"),
        Remaining::Stopped => return text(locale, "remaining-stopped"),
    };
    let span = Span::new(minutes, day_minutes);
    kept((locale, key, span), || {
        let duration = span_words(locale, span);
        text_with(locale, key, &[("duration", duration.into())])
    })
}

/// A span of working time, to the hour from one day on: `2 个工作日 3 小时`, `3 小时 20 分`, `20 分`.
pub fn working_time(locale: Locale, minutes: i64, day_minutes: i64) -> String {
    let span = Span::new(minutes, day_minutes);
    kept((locale, "", span), || span_words(locale, span))
}

/// Working days, hours and minutes, as exact as they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Span {
    days: i64,
    hours: i64,
    minutes: i64,
}

impl Span {
    fn new(minutes: i64, day_minutes: i64) -> Self {
        let (minutes, day_minutes) = (minutes.max(0), day_minutes.max(1));
        let (days, rest) = (minutes / day_minutes, minutes % day_minutes);
        Self {
            days,
            hours: rest / 60,
            minutes: if days > 0 { 0 } else { rest % 60 },
        }
    }
}

fn span_words(locale: Locale, span: Span) -> String {
    let part =
        |key, name, number: i64| text_with(locale, key, &[(name, FluentValue::from(number))]);
    let days = (span.days > 0).then(|| part("working-days", "days", span.days));
    let hours = (span.hours > 0).then(|| part("hours", "hours", span.hours));
    let shows_minutes = span.days == 0 && (span.minutes > 0 || span.hours == 0);
    let minutes = shows_minutes.then(|| part("minutes", "minutes", span.minutes));
    let parts = [days, hours, minutes].into_iter().flatten();
    parts
        .reduce(|first, second| {
            text_with(
                locale,
                "duration-join",
                &[("first", first.into()), ("second", second.into())],
            )
        })
        .unwrap_or_default()
}

/// Language, key of the sentence around it, span.
type SpanKey = (Locale, &'static str, Span);

/// Spans that were written before: a list of the desk writes three a row, of which few differ.
static KEPT: LazyLock<RwLock<HashMap<SpanKey, String>>> = LazyLock::new(RwLock::default);
/// As many are kept; then it begins anew.
const KEPT_AT_MOST: usize = 4096;

fn kept(key: SpanKey, write: impl FnOnce() -> String) -> String {
    let known = KEPT.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(words) = known.get(&key) {
        return words.clone();
    }
    drop(known);
    let words = write();
    let mut known = KEPT.write().unwrap_or_else(PoisonError::into_inner);
    if known.len() >= KEPT_AT_MOST {
        known.clear();
    }
    known.insert(key, words.clone());
    words
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::time::{Day, Ts};

    #[test]
    fn an_instant_is_written_in_beijing_time_with_its_weekday() {
        let at = Ts::parse("2026-11-24T09:30:00Z").unwrap();
        assert_eq!(moment(Locale::Zh, at), "2026年11月24日 17:30（星期二）");
        assert_eq!(
            moment(Locale::En, at),
            "Tue 24 Nov 2026, 17:30 Beijing time"
        );
        assert_eq!(moment_short(at), "2026-11-24 17:30");
    }

    #[test]
    fn days_and_months_are_written() {
        let on = Day::from_ymd_opt(2020, 2, 3).unwrap();
        assert_eq!(day(Locale::Zh, on), "2020年2月3日（星期一）");
        assert_eq!(day(Locale::En, on), "Mon 3 Feb 2020");
        assert_eq!(day_plain(Locale::Zh, on), "2020年2月3日");
        assert_eq!(month(Locale::Zh, on), "2020年2月");
        assert_eq!(month(Locale::En, on), "Feb 2020");
    }

    #[rstest]
    #[case(0, "0.00")]
    #[case(5, "0.05")]
    #[case(128_050, "1,280.50")]
    #[case(-100_000_000, "-1,000,000.00")]
    #[case(i64::MIN, "-92,233,720,368,547,758.08")]
    fn fen_become_yuan(#[case] fen: i64, #[case] expected: &str) {
        assert_eq!(amount(fen), expected);
    }

    #[rstest]
    #[case(
        Remaining::Left(200),
        "还剩 3 小时 20 分（工作时间）",
        "3 h 20 min of working time left"
    )]
    #[case(
        Remaining::Left(60),
        "还剩 1 小时（工作时间）",
        "1 h of working time left"
    )]
    #[case(
        Remaining::Left(0),
        "还剩 0 分（工作时间）",
        "0 min of working time left"
    )]
    #[case(
        Remaining::Left(450),
        "还剩 1 个工作日（工作时间）",
        "1 working day of working time left"
    )]
    #[case(
        Remaining::Left(1090),
        "还剩 2 个工作日 3 小时（工作时间）",
        "2 working days 3 h of working time left"
    )]
    #[case(
        Remaining::Over(20),
        "已超过办理时限 20 分（工作时间）",
        "20 min of working time past the deadline"
    )]
    #[case(Remaining::Paused, "等待期间不计时", "Waiting; the clock stands still")]
    fn what_is_left_is_said_in_words(
        #[case] left: Remaining,
        #[case] chinese: &str,
        #[case] english: &str,
    ) {
        assert_eq!(remaining(Locale::Zh, left, 450), chinese);
        assert_eq!(remaining(Locale::En, left, 450), english);
    }
}
