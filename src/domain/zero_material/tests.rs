//! XR-3: which stay is still to be registered, and what an entry makes of a registration.

use proptest::prelude::*;
use rstest::rstest;
use uuid::Uuid;

use super::*;
use crate::domain::id_number::Sex;
use crate::domain::patient::Progress;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn stay(pool: &str, status: Status, from: &str, to: Option<&str>) -> Stay {
    Stay {
        patient: Uuid::from_u128(3).into(),
        pool: pool.parse().unwrap(),
        status,
        admitted_on: day(from),
        discharged_on: to.map(day),
    }
}

fn registration(
    standing: Standing,
    destination: &str,
    from: &str,
    to: Option<&str>,
) -> Registration {
    Registration {
        id: Uuid::from_u128(7).into(),
        case: Uuid::nil().into(),
        person: Uuid::from_u128(1).into(),
        kind: KIND.to_owned(),
        destination: destination.to_owned(),
        start: day(from),
        end: to.map(day),
        standing,
        replaces: None,
        claimed_by: None,
    }
}

fn entry(status: Status, from: &str, to: Option<&str>) -> Patient {
    Patient {
        id: Uuid::from_u128(3).into(),
        pool: "370600".parse().unwrap(),
        agency: "370600".parse().unwrap(),
        institution: Uuid::nil().into(),
        name: "示例".to_owned(),
        person: Some(Uuid::from_u128(1).into()),
        sex: Sex::Female,
        age: 40,
        status,
        admitted_on: day(from),
        discharged_on: to.map(day),
        scheme: None,
        insured_at: "371000".to_owned(),
        progress: Progress::Open,
        version: 1,
    }
}

// XR-3: for COVID, away from home, as the pack says.
#[rstest]
#[case("370600", Status::Suspected, true)]
#[case("370600", Status::Confirmed, true)]
#[case("370600", Status::Excluded, false)]
#[case("371000", Status::Confirmed, false)]
fn stays_that_need_no_paper(#[case] pool: &str, #[case] status: Status, #[case] counts: bool) {
    let accepted = ["confirmed".to_owned(), "suspected".to_owned()];
    let stays = [stay(pool, status, "2026-11-01", None)];
    assert_eq!(
        away(&stays, "371000", &accepted).count(),
        usize::from(counts)
    );
    assert_eq!(away(&stays, "371000", &accepted[..0]).count(), 0);
}

#[rstest]
#[case(Standing::Active, "370600", "2026-11-01", None, true)]
#[case(Standing::Ended, "370600", "2026-11-01", Some("2026-11-20"), true)]
#[case(Standing::Ended, "370600", "2026-10-01", Some("2026-10-20"), false)]
#[case(Standing::Cancelled, "370600", "2026-11-01", None, false)]
#[case(Standing::Recorded, "370600", "2026-11-01", None, false)]
#[case(Standing::Active, "320600", "2026-11-01", None, false)]
fn a_stay_is_registered_once(
    #[case] standing: Standing,
    #[case] destination: &str,
    #[case] from: &str,
    #[case] to: Option<&str>,
    #[case] is: bool,
) {
    let all = [registration(standing, destination, from, to)];
    let stay = stay(
        "370600",
        Status::Confirmed,
        "2026-11-01",
        Some("2026-11-20"),
    );
    assert_eq!(registered(&stay, &all).is_some(), is);
}

// XR-3: start and end follow the condition.
#[rstest]
#[case::still_there(Status::Confirmed, None, None)]
#[case::discharged(
    Status::Confirmed,
    Some("2026-11-20"),
    Some(("2026-11-01", Some("2026-11-20"), Standing::Ended))
)]
#[case::excluded(
    Status::Excluded,
    None,
    Some(("2026-11-01", Some("2026-11-10"), Standing::Ended))
)]
#[case::discharged_before_it_was_excluded(
    Status::Excluded,
    Some("2026-11-08"),
    Some(("2026-11-01", Some("2026-11-08"), Standing::Ended))
)]
fn one_in_force_follows(
    #[case] status: Status,
    #[case] discharged: Option<&str>,
    #[case] expected: Option<(&str, Option<&str>, Standing)>,
) {
    let one = registration(Standing::Active, "370600", "2026-11-01", None);
    let entry = entry(status, "2026-11-01", discharged);
    let expected = expected.map(|(start, end, standing)| Course {
        start: day(start),
        end: end.map(day),
        standing,
    });
    assert_eq!(follow(&one, &entry, day("2026-11-10")), expected);
}

#[test]
fn one_that_the_ledger_closed_opens_again() {
    let closed = registration(Standing::Ended, "370600", "2026-11-01", Some("2026-11-10"));
    let course = follow(
        &closed,
        &entry(Status::Confirmed, "2026-11-01", None),
        day("2026-11-12"),
    );
    assert_eq!(course.unwrap().standing, Standing::Active);
    assert_eq!(course.unwrap().end, None);
    // Excluded stays the day on which it was.
    let excluded = entry(Status::Excluded, "2026-11-01", None);
    assert_eq!(follow(&closed, &excluded, day("2026-11-15")), None);
}

#[test]
fn an_entry_corrected_to_be_somebody_elses_carries_nothing() {
    let one = registration(Standing::Active, "370600", "2026-11-01", None);
    let mut corrected = entry(Status::Confirmed, "2026-11-01", None);
    corrected.person = None;
    let course = follow(&one, &corrected, day("2026-11-05")).unwrap();
    assert_eq!(
        (course.end, course.standing),
        (Some(day("2026-11-05")), Standing::Ended)
    );
}

#[rstest]
#[case(Standing::Pending)]
#[case(Standing::Cancelled)]
#[case(Standing::Recorded)]
fn what_is_not_in_force_is_left_alone(#[case] standing: Standing) {
    let one = registration(standing, "370600", "2026-11-01", None);
    let left = entry(Status::Confirmed, "2026-11-01", Some("2026-11-20"));
    assert_eq!(follow(&one, &left, day("2026-11-20")), None);
}

proptest! {
    // The database wants the last day not before the first.
    #[test]
    fn no_course_ends_before_it_starts(
        admitted in 0..60_u64,
        stayed in prop::option::of(0..60_u64),
        today in 0..60_u64,
        ended in prop::option::of(0..60_u64),
        excluded in any::<bool>(),
    ) {
        let first = day("2026-10-01");
        let at = |ahead: u64| first + chrono::Days::new(ahead);
        let mut one = registration(Standing::Active, "370600", "2026-10-01", None);
        one.end = ended.map(at);
        one.standing = course(first, one.end).standing;
        let status = if excluded { Status::Excluded } else { Status::Confirmed };
        let mut changed = entry(status, "2026-10-01", None);
        changed.admitted_on = at(admitted);
        changed.discharged_on = stayed.map(|days| at(admitted + days));
        if let Some(course) = follow(&one, &changed, at(today)) {
            prop_assert!(course.end.is_none_or(|end| end >= course.start));
            prop_assert_eq!(course.standing == Standing::Ended, course.end.is_some());
        }
    }
}
