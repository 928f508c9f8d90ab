//! The rules of terms as tables of examples and as properties.

mod properties;

use rstest::rstest;

use super::*;
use crate::data;

fn china() -> Calendar {
    static CHINA: std::sync::OnceLock<Calendar> = std::sync::OnceLock::new();
    CHINA
        .get_or_init(|| Calendar::parse(data::CALENDARS).unwrap())
        .clone()
}

fn d(text: &str) -> Day {
    text.parse().unwrap()
}

/// A Beijing local time such as `2020-01-23 10:00`, seconds and fractions allowed.
fn t(text: &str) -> Ts {
    let (day, time) = text.split_once(' ').unwrap();
    let time = if time.len() == 5 {
        format!("{time}:00")
    } else {
        time.to_owned()
    };
    Ts::parse(&format!("{day}T{time}+08:00")).unwrap()
}

fn hm(text: &str) -> NaiveTime {
    text.parse().unwrap()
}

fn h() -> BusinessHours {
    BusinessHours::default()
}

fn one_day(start: &str) -> Deadline {
    due(&china(), h(), t(start), 1)
}

#[rstest]
#[case("2020-01-23 10:00", "2020-02-03 17:30")]
#[case("2020-01-18 10:00", "2020-01-19 17:30")]
#[case("2022-09-30 10:00", "2022-10-08 17:30")]
#[case("2026-02-13 10:00", "2026-02-14 17:30")]
// Any hour of the day, the first and the last instant included.
#[case("2026-11-23 00:00", "2026-11-24 17:30")]
#[case("2026-11-23 23:59", "2026-11-24 17:30")]
#[case("2026-11-23 23:59:59.999999", "2026-11-24 17:30")]
#[case("2026-11-24 00:00", "2026-11-25 17:30")]
// Weekends, and a start inside a holiday.
#[case("2026-11-20 16:00", "2026-11-23 17:30")]
#[case("2026-11-21 16:00", "2026-11-23 17:30")]
#[case("2020-01-25 08:00", "2020-02-03 17:30")]
#[case("2022-12-30 09:00", "2023-01-03 17:30")]
fn one_working_day_ends_at_the_close_of_the_next_one_clk_3(#[case] start: &str, #[case] end: &str) {
    let deadline = one_day(start);
    assert_eq!(deadline.due, t(end));
    assert_eq!(deadline.certainty, Certainty::Arranged);
}

#[rstest]
#[case(0, "2020-01-20 17:30")]
#[case(1, "2020-01-20 17:30")]
#[case(4, "2020-01-23 17:30")]
#[case(5, "2020-02-03 17:30")]
#[case(10, "2020-02-10 17:30")]
fn longer_terms_pass_over_every_day_off_clk_3(#[case] days: u16, #[case] end: &str) {
    assert_eq!(due(&china(), h(), t("2020-01-19 09:00"), days).due, t(end));
}

#[test]
fn a_deadline_shows_how_it_was_computed_clk_3() {
    let deadline = one_day("2020-01-23 10:00");
    assert_eq!(deadline.counted, [d("2020-02-03")]);
    let skipped: Vec<_> = (24..=31).map(|n| format!("2020-01-{n}")).collect();
    let skipped = skipped
        .iter()
        .map(String::as_str)
        .chain(["2020-02-01", "2020-02-02"]);
    let skipped: Vec<_> = skipped.map(|day| (d(day), DayKind::Holiday)).collect();
    assert_eq!(deadline.skipped, skipped);
}

#[test]
fn the_amendment_of_2020_moved_deadlines_clk_2() {
    let before = china().as_known_on(d("2020-01-25"));
    assert_eq!(
        due(&before, h(), t("2020-01-23 10:00"), 1).due,
        t("2020-01-31 17:30")
    );
    assert_eq!(
        due(&before, h(), t("2020-01-31 10:00"), 1).due,
        t("2020-02-01 17:30")
    );
    assert_eq!(one_day("2020-01-31 10:00").due, t("2020-02-03 17:30"));
}

#[rstest]
#[case("2026-12-30 10:00", 1, Certainty::Arranged)]
#[case("2026-12-30 10:00", 2, Certainty::Provisional)]
#[case("2026-12-31 10:00", 1, Certainty::Provisional)]
#[case("2027-06-01 10:00", 1, Certainty::Provisional)]
#[case("2019-12-31 10:00", 1, Certainty::Provisional)]
fn a_term_that_touches_an_unknown_year_is_provisional_clk_2(
    #[case] start: &str,
    #[case] days: u16,
    #[case] certainty: Certainty,
) {
    assert_eq!(due(&china(), h(), t(start), days).certainty, certainty);
}

#[rstest]
#[case("2026-11-24 17:29:59.999999", false)]
#[case("2026-11-24 17:30", false)]
#[case("2026-11-24 17:30:00.000001", true)]
fn the_breach_is_the_first_instant_after_the_deadline_clk_3(#[case] at: &str, #[case] late: bool) {
    assert_eq!(is_late(t("2026-11-24 17:30"), t(at)), late);
}

#[rstest]
#[case("2026-11-23 08:30", "2026-11-23 17:30", 450)]
#[case("2026-11-23 00:00", "2026-11-23 23:59", 450)]
#[case("2026-11-23 11:00", "2026-11-23 14:00", 90)]
#[case("2026-11-23 12:00", "2026-11-23 13:30", 0)]
#[case("2026-11-23 12:15", "2026-11-23 12:45", 0)]
#[case("2026-11-23 17:30", "2026-11-24 08:30", 0)]
#[case("2026-11-20 17:00", "2026-11-23 09:00", 60)]
#[case("2026-11-21 09:00", "2026-11-22 17:00", 0)]
#[case("2020-01-23 16:30", "2020-02-03 09:30", 120)]
#[case("2026-02-14 08:00", "2026-02-14 18:00", 450)]
#[case("2026-11-24 09:30", "2026-11-24 08:30", -60)]
#[case("2026-11-24 09:30", "2026-11-20 17:00", -540)]
fn working_time_counts_business_hours_only(
    #[case] from: &str,
    #[case] to: &str,
    #[case] minutes: i64,
) {
    assert_eq!(
        working_time(&china(), h(), t(from), t(to)).num_minutes(),
        minutes
    );
}

#[rstest]
#[case("2026-11-23 10:00", 0, "2026-11-23 10:00")]
#[case("2026-11-22 10:00", 0, "2026-11-22 10:00")]
#[case("2026-11-23 10:00", 120, "2026-11-23 12:00")]
#[case("2026-11-23 10:00", 121, "2026-11-23 13:31")]
#[case("2026-11-23 12:30", 1, "2026-11-23 13:31")]
#[case("2026-11-23 07:00", 60, "2026-11-23 09:30")]
#[case("2026-11-20 17:00", 30, "2026-11-20 17:30")]
#[case("2026-11-20 17:00", 31, "2026-11-23 08:31")]
#[case("2020-01-23 17:00", 60, "2020-02-03 09:00")]
#[case("2026-11-23 10:00", -60, "2026-11-23 09:00")]
fn the_instant_after_some_working_time_is_the_earliest(
    #[case] from: &str,
    #[case] minutes: i64,
    #[case] end: &str,
) {
    assert_eq!(
        after_working_time(&china(), h(), t(from), TimeDelta::minutes(minutes)),
        t(end)
    );
}

#[rstest]
#[case("2026-11-23 17:30", 60, "2026-11-23 16:30")]
#[case("2026-11-23 17:30", 239, "2026-11-23 13:31")]
// The whole afternoon is left from noon on, the whole day from the evening before.
#[case("2026-11-23 17:30", 240, "2026-11-23 12:00")]
#[case("2026-11-23 17:30", 450, "2026-11-20 17:30")]
#[case("2020-02-03 17:30", 450, "2020-01-23 17:30")]
#[case("2026-11-23 12:45", 60, "2026-11-23 11:00")]
#[case("2026-11-23 12:45", 0, "2026-11-23 12:00")]
#[case("2026-11-23 15:00", 0, "2026-11-23 15:00")]
#[case("2026-11-23 10:00", -60, "2026-11-23 11:00")]
fn the_instant_before_some_working_time_is_the_earliest_clk_7(
    #[case] to: &str,
    #[case] minutes: i64,
    #[case] begin: &str,
) {
    assert_eq!(
        before_working_time(&china(), h(), t(to), TimeDelta::minutes(minutes)),
        t(begin)
    );
}

#[rstest]
// 6.5 h on the day itself and 7.5 h on the next: half is 7 h.
#[case("2026-11-23 09:30", "2026-11-24 09:00")]
// Filed outside hours: half of one day is 3.75 h.
#[case("2026-11-21 10:00", "2026-11-23 13:45")]
#[case("2026-11-23 23:59", "2026-11-24 13:45")]
#[case("2020-01-23 17:30", "2020-02-03 13:45")]
// 9 h in all: the half ends at the hour, not in the night.
#[case("2026-11-23 16:00", "2026-11-24 11:30")]
// 15 h: the first day's close is the earliest such instant, not the next morning.
#[case("2026-11-23 08:30", "2026-11-23 17:30")]
fn holder_and_supervisor_are_warned_at_half_time_clk_7(#[case] start: &str, #[case] half: &str) {
    let deadline = one_day(start);
    let at = half_time(&china(), h(), deadline.start, deadline.due);
    assert_eq!(at, t(half));
}

#[test]
fn they_are_warned_again_one_working_hour_before_the_deadline_clk_7() {
    let last =
        |hours, deadline: &Deadline| last_hour(&china(), hours, deadline.start, deadline.due);
    assert_eq!(
        last(h(), &one_day("2020-01-23 10:00")),
        t("2020-02-03 16:30")
    );
    // An afternoon of half an hour: the hour began before lunch.
    let short = BusinessHours::new(hm("08:30"), hm("12:00"), hm("14:00"), hm("14:30")).unwrap();
    let deadline = due(&china(), short, t("2026-11-23 10:00"), 1);
    assert_eq!(last(short, &deadline), t("2026-11-24 11:30"));
    // An afternoon of exactly one hour: the earliest such instant is the beginning of lunch.
    let hour = BusinessHours::new(hm("08:30"), hm("12:00"), hm("14:00"), hm("15:00")).unwrap();
    let deadline = due(&china(), hour, t("2026-11-23 10:00"), 1);
    assert_eq!(last(hour, &deadline), t("2026-11-24 12:00"));
    // Never before the clock has started.
    let tiny = BusinessHours::new(hm("09:00"), hm("09:10"), hm("09:10"), hm("09:20")).unwrap();
    let deadline = due(&china(), tiny, t("2026-11-23 10:00"), 1);
    assert_eq!(last(tiny, &deadline), deadline.start);
}

#[test]
fn a_term_ends_at_the_close_of_the_agency_s_own_hours_clk_3() {
    let short = BusinessHours::new(hm("09:00"), hm("12:00"), hm("14:00"), hm("17:00")).unwrap();
    assert_eq!(
        due(&china(), short, t("2026-11-23 10:00"), 1).due,
        t("2026-11-24 17:00")
    );
    assert_eq!(short.length(), TimeDelta::hours(6));
    assert_eq!(h().length(), TimeDelta::minutes(450));
    assert_eq!((h().opens(), h().lunch_from()), (hm("08:30"), hm("12:00")));
    assert_eq!((h().lunch_to(), h().closes()), (hm("13:30"), hm("17:30")));
}

#[rstest]
#[case("12:00", "12:00", "13:00", "17:00")]
#[case("08:00", "13:00", "12:00", "17:00")]
#[case("08:00", "12:00", "17:00", "17:00")]
#[case("17:00", "12:00", "13:00", "08:00")]
fn business_hours_must_be_in_order(
    #[case] opens: &str,
    #[case] lunch_from: &str,
    #[case] lunch_to: &str,
    #[case] closes: &str,
) {
    assert_eq!(
        BusinessHours::new(hm(opens), hm(lunch_from), hm(lunch_to), hm(closes)),
        Err(HoursError)
    );
}

fn span(from: &str, to: &str) -> Span {
    Span {
        from: hm(from),
        to: hm(to),
    }
}

#[test]
fn business_hours_are_one_or_two_spans_of_a_pack() {
    let usual = [span("08:30", "12:00"), span("13:30", "17:30")];
    assert_eq!(BusinessHours::from_spans(&usual), Ok(h()));
    let through = BusinessHours::from_spans(&[span("09:00", "17:00")]).unwrap();
    assert_eq!(
        (through.length(), through.closes()),
        (TimeDelta::hours(8), hm("17:00"))
    );
    let day = working_time(
        &china(),
        through,
        t("2026-11-23 00:00"),
        t("2026-11-23 23:59"),
    );
    assert_eq!(day, TimeDelta::hours(8));
    assert_eq!(BusinessHours::from_spans(&[]), Err(HoursError));
    assert_eq!(
        BusinessHours::from_spans(&[span("17:00", "09:00")]),
        Err(HoursError)
    );
    assert_eq!(
        BusinessHours::from_spans(&[usual[1], usual[0]]),
        Err(HoursError)
    );
    assert_eq!(BusinessHours::from_spans(&[usual[0]; 3]), Err(HoursError));
}

#[test]
fn business_hours_are_read_from_a_pack_and_checked() {
    let text = r#"{"opens":"08:30","lunch_from":"12:00","lunch_to":"13:30","closes":"17:30"}"#;
    assert_eq!(serde_json::from_str::<BusinessHours>(text).unwrap(), h());
    let written = serde_json::to_string(&h()).unwrap();
    assert_eq!(
        serde_json::from_str::<BusinessHours>(&written).unwrap(),
        h()
    );
    assert!(serde_json::from_str::<BusinessHours>(&text.replace("17:30", "07:30")).is_err());
}

#[rstest]
#[case("2022-11-30", 3, "2023-02-28")]
#[case("2022-10-22", 3, "2023-01-22")]
#[case("2026-11-30", 3, "2027-02-28")]
#[case("2023-11-30", 3, "2024-02-29")]
#[case("2022-08-31", 1, "2022-09-30")]
#[case("2020-02-29", 12, "2021-02-28")]
#[case("2026-11-24", 6, "2027-05-24")]
#[case("2026-11-24", 0, "2026-11-24")]
fn months_are_calendar_months_clamped_to_the_last_day_def_5(
    #[case] day: &str,
    #[case] n: u32,
    #[case] end: &str,
) {
    assert_eq!(plus_months_clamped(d(day), n), d(end));
}

#[rstest]
// DEF-6: ended on, last day of the catch-up filing.
#[case("2022-11-30", "2023-02-28")]
#[case("2022-10-22", "2023-01-28")]
fn three_months_after_a_closure_end_on_a_working_day_def_6(
    #[case] ended: &str,
    #[case] last: &str,
) {
    let end = next_working_day_on_or_after(&china(), plus_months_clamped(d(ended), 3));
    assert_eq!(end, (d(last), Certainty::Arranged));
}

#[rstest]
#[case("2026-11-23", "2026-11-23", Certainty::Arranged)]
#[case("2026-11-21", "2026-11-23", Certainty::Arranged)]
#[case("2026-02-28", "2026-02-28", Certainty::Arranged)]
#[case("2027-01-02", "2027-01-04", Certainty::Provisional)]
fn a_last_day_moves_to_the_next_working_day(
    #[case] day: &str,
    #[case] end: &str,
    #[case] certainty: Certainty,
) {
    assert_eq!(
        next_working_day_on_or_after(&china(), d(day)),
        (d(end), certainty)
    );
}
