//! The hours in which an SMS may ring (CAS-12), on business time. Only SMS keeps them; a mail wakes nobody.

use chrono::Days;

use crate::domain::policy::value::Span;
use crate::domain::time::Ts;

/// Until when an SMS that is not urgent waits: the start of the next of `hours`, Beijing time; `None` when `now` lies in
/// one of them. Without any hours nothing is quiet.
pub fn quiet_until(hours: &[Span], now: Ts) -> Option<Ts> {
    let (day, time) = (now.day(), now.beijing().time());
    if hours.iter().any(|span| span.from <= time && time < span.to) {
        return None;
    }
    let today = hours.iter().map(|span| Ts::from_beijing(day, span.from));
    let tomorrow = hours.iter().filter_map(|span| {
        let next = day.checked_add_days(Days::new(1))?;
        Some(Ts::from_beijing(next, span.from))
    });
    today.chain(tomorrow).filter(|start| *start > now).min()
}

#[cfg(test)]
mod tests {
    use chrono::NaiveTime;
    use rstest::rstest;

    use super::*;

    fn hours() -> Vec<Span> {
        let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
        vec![Span {
            from: time(8),
            to: time(22),
        }]
    }

    #[rstest]
    #[case::first_minute("2026-11-28T08:00:00+08:00", None)]
    #[case::last_minute("2026-11-28T21:59:59+08:00", None)]
    #[case::evening("2026-11-28T22:00:00+08:00", Some("2026-11-29T08:00:00+08:00"))]
    #[case::night("2026-11-29T03:00:00+08:00", Some("2026-11-29T08:00:00+08:00"))]
    #[case::last_night_of_the_year("2026-12-31T23:00:00+08:00", Some("2027-01-01T08:00:00+08:00"))]
    fn at_night_an_sms_waits_for_the_morning(#[case] now: &str, #[case] until: Option<&str>) {
        let now = Ts::parse(now).unwrap();
        let until = until.map(|until| Ts::parse(until).unwrap());
        assert_eq!(quiet_until(&hours(), now), until);
    }

    #[test]
    fn without_hours_nothing_is_quiet() {
        assert_eq!(
            quiet_until(&[], Ts::parse("2026-11-29T03:00:00+08:00").unwrap()),
            None
        );
    }
}
