//! Spans of a plan by the calendar, and what may follow what.

use rstest::rstest;

use super::*;
use crate::data;
use crate::domain::deadline::BusinessHours;

fn at(text: &str) -> Ts {
    Ts::parse(&format!("{text}+08:00")).unwrap()
}

fn calendar() -> Calendar {
    Calendar::parse(data::CALENDARS).unwrap()
}

fn typed(weekdays: &str, from: &str, to: &str, minutes: &str) -> Typed {
    Typed {
        weekdays: weekdays.to_owned(),
        from: from.to_owned(),
        to: to.to_owned(),
        minutes: minutes.to_owned(),
        capacity: "2".to_owned(),
    }
}

fn opening(weekdays: &str, from: &str, to: &str, minutes: &str) -> Opening {
    read(
        &typed(weekdays, from, to, minutes),
        &[],
        BusinessHours::default(),
    )
    .unwrap()
}

fn starts(openings: &[Opening], day: &str) -> Vec<String> {
    let hours = BusinessHours::default();
    spans(openings, day.parse().unwrap(), &calendar(), hours)
        .iter()
        .map(|span| span.starts_at.beijing().format("%H:%M").to_string())
        .collect()
}

#[rstest]
#[case::a_tuesday("2026-11-24", 15)]
#[case::a_sunday("2026-11-22", 0)]
#[case::national_day("2026-10-01", 0)]
#[case::worked_saturday("2026-02-14", 15)]
fn a_plan_makes_spans_on_working_days_only(#[case] day: &str, #[case] expected: usize) {
    let all_week = [opening("12345", "08:00", "18:00", "30")];
    assert_eq!(starts(&all_week, day).len(), expected);
}

#[test]
fn no_span_reaches_into_lunch_or_beyond_the_close() {
    let whole = [opening("2", "08:30", "18:00", "60")];
    assert_eq!(
        starts(&whole, "2026-11-24"),
        [
            "08:30", "09:30", "10:30", "13:30", "14:30", "15:30", "16:30"
        ]
    );
    assert!(starts(&whole, "2026-11-25").is_empty());
}

#[test]
fn faults_of_a_plan_stand_at_their_fields() {
    let hours = BusinessHours::default();
    let there = [opening("12345", "08:30", "12:00", "30")];
    let found = |typed: &Typed| -> Vec<(String, String)> {
        read(typed, &there, hours)
            .unwrap_err()
            .into_iter()
            .map(|fault| (fault.field, fault.code))
            .collect()
    };
    let pair = |field: &str, code: &str| (field.to_owned(), code.to_owned());
    assert_eq!(
        found(&typed("8", "8:3x", "", "3")),
        [
            pair("weekdays", "required"),
            pair("from", "time-malformed"),
            pair("to", "time-malformed"),
            pair("minutes", "number-out-of-range"),
        ]
    );
    assert_eq!(
        found(&typed("1", "12:00", "13:00", "30")),
        [pair("to", "opening-empty")]
    );
    assert_eq!(
        found(&typed("5", "11:30", "15:00", "30")),
        [pair("from", "opening-overlap")]
    );
    assert!(read(&typed("5", "13:30", "15:00", "30"), &there, hours).is_ok());
}

#[rstest]
#[case(State::Booked, Step::Cancel, "2026-11-24T09:59:59", true)]
#[case(State::Booked, Step::Cancel, "2026-11-24T10:00:00", false)]
#[case(State::Waiting, Step::Cancel, "2026-11-24T09:00:00", true)]
#[case(State::Waiting, Step::Move, "2026-11-24T09:00:00", false)]
#[case(State::Booked, Step::Attend, "2026-11-24T08:00:00", true)]
#[case(State::NoShow, Step::Attend, "2026-11-24T17:00:00", true)]
#[case(State::NoShow, Step::Attend, "2026-11-25T09:00:00", false)]
#[case(State::Booked, Step::Miss, "2026-11-24T10:29:59", false)]
#[case(State::Booked, Step::Miss, "2026-11-24T10:30:00", true)]
#[case(State::Cancelled, Step::Attend, "2026-11-24T10:00:00", false)]
#[case(State::Moved, Step::Cancel, "2026-11-24T09:00:00", false)]
fn steps_follow_in_their_time(
    #[case] state: State,
    #[case] step: Step,
    #[case] now: &str,
    #[case] expected: bool,
) {
    let span = (at("2026-11-24T10:00:00"), at("2026-11-24T10:30:00"));
    assert_eq!(allows(state, step, span, at(now)), expected);
}

#[rstest]
#[case::tuesday("2026-11-24T10:00:00", Some("2026-11-23T09:00:00+08:00"))]
#[case::monday("2026-11-23T10:00:00", Some("2026-11-20T09:00:00+08:00"))]
#[case::after_spring_festival("2026-02-25T10:00:00", Some("2026-02-24T09:00:00+08:00"))]
#[case::passed("2026-11-19T10:00:00", None)]
fn somebody_is_reminded_on_the_working_day_before(
    #[case] starts_at: &str,
    #[case] expected: Option<&str>,
) {
    let now = match starts_at.starts_with("2026-02") {
        true => at("2026-02-10T10:00:00"),
        false => at("2026-11-18T10:00:00"),
    };
    let found = remind_at(&calendar(), at(starts_at), now).map(Ts::rfc3339);
    assert_eq!(found.as_deref(), expected);
}

#[test]
fn a_span_can_be_booked_until_it_begins_and_two_weeks_ahead() {
    let now = at("2026-11-24T10:00:00");
    assert!(!is_bookable(now, now));
    assert!(is_bookable(at("2026-11-24T10:00:01"), now));
    assert!(is_bookable(at("2026-12-08T16:00:00"), now));
    assert!(!is_bookable(at("2026-12-09T08:30:00"), now));
    assert_eq!(code(3, at("2026-11-24T09:30:00"), 7), "3-0930-7");
}
