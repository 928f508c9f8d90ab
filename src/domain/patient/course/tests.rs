//! The course of conditions, discharge, corrections, the same patient again (IN-4).

use rstest::rstest;
use strum::IntoEnumIterator;

use super::*;
use crate::data;
use crate::domain::patient::entry::{self, Raw};
use crate::domain::patient::sample::patient;
use crate::domain::region::{RegionCode, Regions};

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn number() -> IdNumber {
    IdNumber::compose(RegionCode::parse("371000").unwrap(), day("1970-01-01"), 1).unwrap()
}

fn read(status: &str, discharged_on: &str, name: &str, place: &str, scheme: &str) -> NewEntry {
    let raw = Raw {
        name: name.to_owned(),
        id_number: number().as_str().to_owned(),
        status: status.to_owned(),
        admitted_on: "2026-11-01".to_owned(),
        discharged_on: discharged_on.to_owned(),
        scheme: scheme.to_owned(),
        place_of_insurance: place.to_owned(),
        ..Raw::default()
    };
    let regions = Regions::parse(data::REGIONS).unwrap();
    let entry = entry::read(&raw, day("2026-11-24"), &regions).unwrap();
    entry::agreed(entry, None).unwrap()
}

#[test]
fn which_condition_follows_which() {
    let mut lines = vec![];
    for (from, discharged) in Status::iter().flat_map(|s| [(s, false), (s, true)]) {
        let mut before = patient();
        before.status = from;
        before.discharged_on = discharged.then(|| day("2026-11-10"));
        for to in Status::iter() {
            let outcome = match (before.with_status(to, ""), before.with_status(to, "更正")) {
                (Ok(_), Ok(_)) => "yes",
                (Err(Refusal::Faults(_)), Ok(_)) => "with a reason",
                (Err(Refusal::State), Err(Refusal::State)) => "no",
                other => panic!("{from} {to} {other:?}"),
            };
            let when = if discharged { " after discharge" } else { "" };
            lines.push(format!("{from} -> {to}{when}: {outcome}"));
        }
    }
    insta::assert_snapshot!(lines.join("\n"), @r"
    suspected -> suspected: no
    suspected -> confirmed: yes
    suspected -> excluded: yes
    suspected -> suspected after discharge: no
    suspected -> confirmed after discharge: with a reason
    suspected -> excluded after discharge: with a reason
    confirmed -> suspected: no
    confirmed -> confirmed: no
    confirmed -> excluded: with a reason
    confirmed -> suspected after discharge: no
    confirmed -> confirmed after discharge: no
    confirmed -> excluded after discharge: with a reason
    excluded -> suspected: with a reason
    excluded -> confirmed: with a reason
    excluded -> excluded: no
    excluded -> suspected after discharge: with a reason
    excluded -> confirmed after discharge: with a reason
    excluded -> excluded after discharge: no
    ");
}

#[test]
fn a_change_raises_the_version_and_says_what_was_before() {
    let before = patient();
    let (after, change) = before.with_status(Status::Confirmed, "").unwrap();
    assert_eq!((after.status, after.version), (Status::Confirmed, 2));
    assert_eq!(change.kind, ChangeKind::Status);
    let told: Vec<_> = change
        .differences
        .iter()
        .map(|d| (d.field.as_str(), d.from.as_deref(), d.to.as_deref()))
        .collect();
    assert_eq!(told, [("status", Some("suspected"), Some("confirmed"))]);

    let (gone, change) = after.with_discharge(day("2026-11-01")).unwrap();
    assert_eq!(
        (gone.discharged_on, gone.version),
        (Some(day("2026-11-01")), 3)
    );
    assert_eq!(change.kind, ChangeKind::Discharge);
    assert_eq!(
        gone.with_discharge(day("2026-11-02")).unwrap_err(),
        Refusal::State
    );
    let early = after.with_discharge(day("2026-10-31")).unwrap_err();
    assert!(
        matches!(early, Refusal::Faults(faults) if faults[0].code == "discharge-before-admission")
    );
}

#[rstest]
#[case("suspected", "", "示例患者", "110100", "", "nothing")]
#[case("confirmed", "", "示例患者", "110100", "", "status")]
#[case(
    "confirmed",
    "2026-11-10",
    "示例患者",
    "110100",
    "",
    "status, discharged_on"
)]
#[case("suspected", "", "示例患者", "110100", "employee", "scheme")]
#[case("suspected", "", "另一人", "110100", "", "name name-contradicts-entry")]
#[case(
    "suspected",
    "",
    "示例患者",
    "120100",
    "",
    "place_of_insurance place-contradicts-entry"
)]
fn the_same_patient_again_adds_what_is_new(
    #[case] status: &str,
    #[case] discharged_on: &str,
    #[case] name: &str,
    #[case] place: &str,
    #[case] scheme: &str,
    #[case] expected: &str,
) {
    let with = read(status, discharged_on, name, place, scheme);
    let told = match patient().again(&with) {
        Ok(None) => "nothing".to_owned(),
        Ok(Some((_, change))) => {
            let fields: Vec<_> = change.differences.into_iter().map(|d| d.field).collect();
            fields.join(", ")
        }
        Err(Refusal::Faults(faults)) => format!("{} {}", faults[0].field, faults[0].code),
        Err(Refusal::State) => "state".to_owned(),
    };
    assert_eq!(told, expected);
}

#[test]
fn what_would_be_a_correction_is_none_without_its_reason() {
    let mut before = patient();
    before.status = Status::Confirmed;
    before.discharged_on = Some(day("2026-11-10"));
    let again =
        |status, discharged| before.again(&read(status, discharged, "示例患者", "110100", ""));
    assert_eq!(again("confirmed", "2026-11-10"), Ok(None));
    assert_eq!(again("confirmed", ""), Ok(None));
    assert_eq!(again("suspected", ""), Err(Refusal::State));
    let code = |refusal| match refusal {
        Err(Refusal::Faults(faults)) => faults[0].code.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(code(again("excluded", "")), "status-needs-reason");
    assert_eq!(
        code(again("confirmed", "2026-11-11")),
        "discharge-contradicts"
    );
}

#[test]
fn a_correction_needs_a_reason_and_hides_the_id_number() {
    let before = patient();
    let other =
        IdNumber::compose(RegionCode::parse("110101").unwrap(), day("1970-01-01"), 3).unwrap();
    let mut to = read("suspected", "", "示例患者甲", "371002", "");
    to.entry.id_number = other.clone();
    let missing = before.corrected(&number(), &to, " ").unwrap_err();
    assert_eq!(missing, FieldError::new("reason", "required").into());
    let (after, change) = before
        .corrected(&number(), &to, "示例：录错")
        .unwrap()
        .unwrap();
    assert_eq!(
        (after.name.as_str(), after.progress),
        ("示例患者甲", Progress::NotNeeded)
    );
    assert_eq!(change.reason.as_deref(), Some("示例：录错"));
    assert!(!format!("{change:?}").contains(other.as_str()));
    let same = read("suspected", "", "示例患者", "110100", "");
    assert_eq!(before.corrected(&number(), &same, ""), Ok(None));
}

#[rstest]
#[case("2026-11-05", None, true)]
#[case("2026-11-10", None, false)]
#[case("2026-10-01", Some("2026-11-01"), false)]
#[case("2026-10-01", Some("2026-11-02"), true)]
#[case("2026-10-01", None, true)]
fn stays_share_no_day_but_that_of_discharge(
    #[case] from: &str,
    #[case] to: Option<&str>,
    #[case] expected: bool,
) {
    let mut stay = patient();
    stay.discharged_on = Some(day("2026-11-10"));
    assert_eq!(stay.overlaps(day(from), to.map(day)), expected);
}
