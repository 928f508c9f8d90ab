//! CLK-7 by its examples, and what holds for every term.

use chrono::NaiveTime;
use proptest::prelude::*;
use rstest::rstest;
use uuid::Uuid;

use super::*;
use crate::data;
use crate::domain::case::{Channel, Limits, PauseReason, State, Urgency};
use crate::domain::timer::{Kind, WaitRules, plan};
use crate::domain::workflow::term;

fn china() -> Calendar {
    static CHINA: std::sync::OnceLock<Calendar> = std::sync::OnceLock::new();
    CHINA
        .get_or_init(|| Calendar::parse(data::CALENDARS).unwrap())
        .clone()
}

fn t(text: &str) -> Ts {
    Ts::parse(&format!("{}:00+08:00", text.replace(' ', "T"))).unwrap()
}

fn hours(times: [&str; 4]) -> BusinessHours {
    let [opens, from, to, closes] = times.map(|time| time.parse::<NaiveTime>().unwrap());
    BusinessHours::new(opens, from, to, closes).unwrap()
}

fn run(start: Ts, days: u16) -> Term {
    term(1, start, days, &china(), BusinessHours::default())
}

fn on<T>(hours: BusinessHours, ask: impl FnOnce(WorkingTime<'_>) -> T) -> T {
    let calendar = china();
    ask(WorkingTime {
        calendar: &calendar,
        hours,
    })
}

fn standard<T>(ask: impl FnOnce(WorkingTime<'_>) -> T) -> T {
    on(BusinessHours::default(), ask)
}

fn case(clock: ClockState) -> Case {
    let start = t("2020-01-23 10:00");
    Case {
        id: Uuid::from_u128(1).into(),
        pool: "371000".parse().unwrap(),
        agency: "371000".parse().unwrap(),
        receipt_no: String::new(),
        item: "any".to_owned(),
        form_version: 1,
        person: Uuid::from_u128(2).into(),
        filed_by: Uuid::from_u128(3).into(),
        channel: Channel::Online,
        urgency: Urgency::Routine,
        filed_at: start,
        state: State::Submitted,
        stage: None,
        version: 1,
        holder: None,
        first_reviewer: None,
        proposed: None,
        sampled: false,
        supplements: 0,
        front: false,
        limits: Limits {
            first_answer: 1,
            whole: 1,
        },
        answered: false,
        clock,
        breached_at: None,
        escalated: false,
        decision: None,
        closed_at: None,
    }
}

// CLK-7
#[rstest]
// The lengthened Spring Festival: eleven days lie between the halves.
#[case::holiday(
    "2020-01-23 10:00",
    "2020-02-03 09:15",
    "2020-02-03 16:30",
    "2020-02-03 17:30"
)]
// Ten minutes of Friday count.
#[case::friday(
    "2026-11-20 17:20",
    "2026-11-23 13:40",
    "2026-11-23 16:30",
    "2026-11-23 17:30"
)]
#[case::lunch(
    "2026-11-24 12:30",
    "2026-11-25 10:15",
    "2026-11-25 16:30",
    "2026-11-25 17:30"
)]
// Saturday 2020-01-18 is counted from, Sunday 2020-01-19 was worked.
#[case::make_up_workday(
    "2020-01-18 10:00",
    "2020-01-19 13:45",
    "2020-01-19 16:30",
    "2020-01-19 17:30"
)]
#[case::night(
    "2026-11-24 23:59",
    "2026-11-25 13:45",
    "2026-11-25 16:30",
    "2026-11-25 17:30"
)]
fn the_rungs_of_one_working_day_are_counted_in_working_time(
    #[case] start: &str,
    #[case] half: &str,
    #[case] last: &str,
    #[case] due: &str,
) {
    let found = standard(|time| rungs(time, &run(t(start), 1)));
    let breach = t(due).plus(TimeDelta::microseconds(1));
    assert_eq!(
        (found.half_time, found.last_hour, found.breach),
        (t(half), t(last), breach)
    );
}

#[test]
fn a_very_short_day_has_one_warning() {
    let short = hours(["09:00", "09:30", "09:30", "10:00"]);
    let term = term(1, t("2026-11-24 12:00"), 1, &china(), short);
    let found = on(short, |time| rungs(time, &term));
    assert_eq!(found.half_time, found.last_hour);
    let planned = warnings(&found, term.due, term.start, Passed::AtOnce);
    assert_eq!(planned, (None, Some(found.last_hour)));
}

// Due on Monday at 17:30, half-time at 13:40, last hour from 16:30.
#[rstest]
#[case::all_ahead(
    "2026-11-20 17:20",
    Passed::AtOnce,
    Some("2026-11-23 13:40"),
    Some("2026-11-23 16:30")
)]
#[case::half_passed(
    "2026-11-23 15:00",
    Passed::AtOnce,
    Some("2026-11-23 15:00"),
    Some("2026-11-23 16:30")
)]
#[case::both_passed("2026-11-23 17:00", Passed::AtOnce, None, Some("2026-11-23 17:00"))]
#[case::too_late("2026-11-23 17:31", Passed::AtOnce, None, None)]
#[case::answered_before(
    "2026-11-23 10:00",
    Passed::LeftOut,
    Some("2026-11-23 13:40"),
    Some("2026-11-23 16:30")
)]
#[case::answered_after_half("2026-11-23 15:00", Passed::LeftOut, None, Some("2026-11-23 16:30"))]
#[case::answered_at_last("2026-11-23 17:00", Passed::LeftOut, None, None)]
fn no_warning_is_planned_into_the_past(
    #[case] now: &str,
    #[case] passed: Passed,
    #[case] half: Option<&str>,
    #[case] last: Option<&str>,
) {
    let term = run(t("2026-11-20 17:20"), 1);
    let found = standard(|time| rungs(time, &term));
    let planned = warnings(&found, term.due, t(now), passed);
    assert_eq!(planned, (half.map(t), last.map(t)));
}

#[rstest]
#[case("2026-11-20 17:20", Mark::None)]
#[case("2026-11-23 13:39", Mark::None)]
#[case("2026-11-23 13:40", Mark::Yellow)]
#[case("2026-11-23 16:29", Mark::Yellow)]
#[case("2026-11-23 16:30", Mark::Red)]
#[case("2026-11-23 17:30", Mark::Red)]
#[case("2026-11-23 17:31", Mark::Breached)]
fn a_running_case_is_marked_by_its_rung(#[case] now: &str, #[case] expected: Mark) {
    let term = run(t("2026-11-20 17:20"), 1);
    let running = case(ClockState::Running { term });
    assert_eq!(standard(|time| mark(time, &running, t(now))), expected);
    let paused = case(ClockState::Paused {
        reason: PauseReason::Supplement,
        since: term.start,
        last: 1,
    });
    assert_eq!(standard(|time| mark(time, &paused, t(now))), Mark::None);
    let stopped = case(ClockState::Stopped { last: 1 });
    assert_eq!(standard(|time| mark(time, &stopped, t(now))), Mark::None);
}

#[test]
fn a_run_has_its_timers_until_it_is_missed() {
    let rules = WaitRules {
        lapse_after: 30,
        remind_before: 7,
    };
    let term = run(t("2026-11-20 17:20"), 1);
    let kinds = |clock, now| {
        let planned = standard(|time| plan(&case(clock), &rules, time, now, Passed::AtOnce));
        planned.iter().map(|one| one.kind).collect::<Vec<_>>()
    };
    assert_eq!(
        kinds(ClockState::Running { term }, term.start),
        [Kind::HalfTime, Kind::LastHour, Kind::Breach]
    );
    let late = term.due.plus(TimeDelta::hours(1));
    assert_eq!(kinds(ClockState::Running { term }, late), [Kind::Breach]);
    let missed = Term {
        missed: true,
        ..term
    };
    assert_eq!(kinds(ClockState::Running { term: missed }, late), []);
}

// CLK-3: counted from the day after the breach, over the holiday.
#[rstest]
#[case("2026-11-24 17:31", "2026-11-25 17:30")]
#[case("2020-01-23 17:31", "2020-02-03 17:30")]
#[case("2020-01-18 09:00", "2020-01-19 17:30")]
fn a_new_answer_is_expected_one_working_day_after_the_breach(
    #[case] breached: &str,
    #[case] expected: &str,
) {
    assert_eq!(
        standard(|time| expected_after(time, t(breached))),
        t(expected)
    );
}

prop_compose! {
    /// From 2019-12 to 2027-12.
    fn instant()(micros in 1_575_158_400_000_000_i64..1_830_268_800_000_000) -> Ts {
        Ts::from_micros(micros).unwrap()
    }
}

prop_compose! {
    fn any_hours()(mut m in proptest::array::uniform4(0_i64..1440)) -> BusinessHours {
        m.sort_unstable();
        let at = |minutes: i64| NaiveTime::MIN + TimeDelta::minutes(minutes);
        BusinessHours::new(at(m[0]), at(m[1]), at(m[2]), at(m[3])).unwrap_or_default()
    }
}

proptest! {
    #[test]
    fn rungs_come_in_order(start in instant(), days in 1_u16..10, hours in any_hours()) {
        let term = term(1, start, days, &china(), hours);
        let found = on(hours, |time| rungs(time, &term));
        prop_assert!(start <= found.half_time);
        prop_assert!(found.half_time <= found.last_hour);
        prop_assert!(found.last_hour <= term.due && term.due < found.breach);
    }

    #[test]
    fn marks_only_rise_with_time(
        start in instant(), days in 1_u16..10, hours in any_hours(),
        a in 0_i64..2_000_000, b in 0_i64..2_000_000,
    ) {
        let running = case(ClockState::Running { term: term(1, start, days, &china(), hours) });
        let (sooner, later) = (a.min(b), a.max(b));
        let at = |seconds| {
            on(hours, |time| mark(time, &running, start.plus(TimeDelta::seconds(seconds))))
        };
        prop_assert!(at(sooner) <= at(later));
    }

    #[test]
    fn a_warning_is_given_while_the_case_bears_its_mark(
        start in instant(), days in 1_u16..10, hours in any_hours(), waited in 0_i64..1_000_000,
    ) {
        let term = term(1, start, days, &china(), hours);
        let running = case(ClockState::Running { term });
        let now = start.plus(TimeDelta::seconds(waited));
        let (half, last) = on(hours, |time| warnings(&rungs(time, &term), term.due, now, Passed::AtOnce));
        let mark_at = |at| on(hours, |time| mark(time, &running, at));
        prop_assert!(half.is_none_or(|at| at >= now && mark_at(at) == Mark::Yellow));
        prop_assert!(last.is_none_or(|at| at >= now && mark_at(at) == Mark::Red));
    }
}
