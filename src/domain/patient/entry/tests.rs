//! Contradictions and faults of entries, column by column (IN-4).

use rstest::rstest;

use super::*;
use crate::data;

const NUMBER: &str = "371000197001010011";

fn regions() -> Regions {
    Regions::parse(data::REGIONS).unwrap()
}

fn number() -> IdNumber {
    let born = Day::from_ymd_opt(1970, 1, 1).unwrap();
    IdNumber::compose(RegionCode::parse("371000").unwrap(), born, 1).unwrap()
}

fn raw(changes: &[(&str, &str)]) -> Raw {
    let mut raw = Raw {
        name: "示例患者".to_owned(),
        id_number: number().as_str().to_owned(),
        status: "suspected".to_owned(),
        admitted_on: "2026-11-01".to_owned(),
        place_of_insurance: "110100".to_owned(),
        ..Raw::default()
    };
    for (field, value) in changes {
        let place = match *field {
            "name" => &mut raw.name,
            "id_number" => &mut raw.id_number,
            "sex" => &mut raw.sex,
            "age" => &mut raw.age,
            "status" => &mut raw.status,
            "admitted_on" => &mut raw.admitted_on,
            "discharged_on" => &mut raw.discharged_on,
            "scheme" => &mut raw.scheme,
            "place_of_insurance" => &mut raw.place_of_insurance,
            other => panic!("no column {other}"),
        };
        (*value).clone_into(place);
    }
    raw
}

fn told(faults: &[FieldError]) -> Vec<String> {
    faults
        .iter()
        .map(|fault| format!("{} {}", fault.field, fault.code))
        .collect()
}

fn today() -> Day {
    "2026-11-24".parse().unwrap()
}

#[rstest]
#[case(&[], &[])]
// What the ID number says may be said too.
#[case(&[("sex", "male"), ("age", "56")], &[])]
#[case(&[("sex", "男"), ("age", "５６岁")], &[])]
#[case(&[("sex", "female")], &["sex sex-contradicts"])]
#[case(&[("sex", "x")], &["sex choice-unknown"])]
// Born on 1970-01-01: 55 before the birthday, 56 on it.
#[case(&[("age", "55")], &["age age-contradicts"])]
#[case(&[("age", "57")], &["age age-contradicts"])]
#[case(&[("age", "56"), ("admitted_on", "2026-01-01")], &[])]
#[case(&[("age", "55"), ("admitted_on", "2025-12-31")], &[])]
#[case(&[("age", "-1")], &["age age-malformed"])]
#[case(&[("age", "56.0")], &["age age-malformed"])]
#[case(&[("name", " ")], &["name required"])]
#[case(&[("name", "a\nb")], &["name name-malformed"])]
#[case(&[("id_number", "")], &["id_number required"])]
#[case(&[("id_number", "371000700101001")], &["id_number id-number-fifteen-digits"])]
#[case(&[("id_number", "3.71E+17")], &["id_number id-number-characters"])]
#[case(&[("id_number", "E12345678")], &["id_number id-number-characters"])]
#[case(&[("id_number", "371000")], &["id_number id-number-length"])]
#[case(&[("id_number", "991000197001010011")], &["id_number id-number-province"])]
#[case(&[("id_number", NUMBER)], &["id_number id-number-checksum"])]
#[case(&[("status", "")], &["status choice-required"])]
#[case(&[("status", "确诊")], &[])]
#[case(&[("status", "recovered")], &["status choice-unknown"])]
#[case(&[("admitted_on", "")], &["admitted_on required"])]
#[case(&[("admitted_on", "2026-02-30")], &["admitted_on day-impossible"])]
#[case(&[("admitted_on", "2026-11-25")], &["admitted_on day-in-future"])]
#[case(&[("admitted_on", "2019-12-01")], &[])]
#[case(&[("admitted_on", "2019-11-30")], &["admitted_on admission-too-early"])]
#[case(&[("discharged_on", "2026-11-01")], &[])]
#[case(&[("discharged_on", "2026-10-31")], &["discharged_on discharge-before-admission"])]
#[case(&[("discharged_on", "2026-11-25")], &["discharged_on day-in-future"])]
#[case(&[("scheme", "职工医保")], &[])]
#[case(&[("scheme", "commercial")], &["scheme choice-unknown"])]
#[case(&[("place_of_insurance", "12345")], &["place_of_insurance region-malformed"])]
#[case(&[("place_of_insurance", "990000")], &["place_of_insurance region-unknown"])]
#[case(&[("place_of_insurance", "810000")], &["place_of_insurance region-unknown"])]
#[case(&[("place_of_insurance", "无此地")], &["place_of_insurance region-unknown"])]
fn every_column_has_its_faults(#[case] changes: &[(&str, &str)], #[case] expected: &[&str]) {
    let read = read(&raw(changes), today(), &regions());
    assert_eq!(told(&read.err().unwrap_or_default()), expected);
}

#[test]
fn all_faults_are_told_at_once() {
    let changes = [
        ("name", ""),
        ("sex", "female"),
        ("age", "3"),
        ("scheme", "x"),
    ];
    let faults = read(&raw(&changes), today(), &regions()).unwrap_err();
    assert_eq!(
        told(&faults),
        [
            "name required",
            "scheme choice-unknown",
            "sex sex-contradicts",
            "age age-contradicts"
        ]
    );
}

#[rstest]
#[case("371002", "371000")]
#[case("371000", "371000")]
#[case("370000", "370000")]
#[case("威海市", "371000")]
#[case("山东省威海市", "371000")]
#[case("山东省", "370000")]
#[case("北京市", "110100")]
#[case("110101", "110100")]
fn a_place_is_kept_as_its_prefecture(#[case] typed: &str, #[case] kept: &str) {
    let entry = read(&raw(&[("place_of_insurance", typed)]), today(), &regions()).unwrap();
    assert_eq!(entry.place.unwrap().to_string(), kept);
}

fn known(insured: bool) -> Known {
    Known {
        person: uuid::Uuid::from_u128(1).into(),
        name: "示例患者".to_owned(),
        insured: insured.then(|| ("371000".parse().unwrap(), Some(Scheme::Employee))),
    }
}

#[rstest]
#[case(&[("place_of_insurance", "")], &[])]
#[case(&[("place_of_insurance", "371002")], &[])]
#[case(&[("place_of_insurance", "370000"), ("scheme", "employee")], &[])]
#[case(&[("place_of_insurance", "370600")], &["place_of_insurance place-contradicts"])]
#[case(&[("place_of_insurance", ""), ("scheme", "resident")], &["scheme scheme-contradicts"])]
#[case(&[("place_of_insurance", ""), ("name", "另一人")], &["name name-contradicts"])]
fn the_registry_is_not_contradicted(#[case] changes: &[(&str, &str)], #[case] expected: &[&str]) {
    let entry = read(&raw(changes), today(), &regions()).unwrap();
    match agreed(entry, Some(&known(true))) {
        Ok(new) => {
            assert_eq!(expected.len(), 0);
            assert_eq!(
                (new.scheme, new.insured_at.as_str()),
                (Some(Scheme::Employee), "371000")
            );
        }
        Err(faults) => assert_eq!(told(&faults), expected),
    }
}

#[test]
fn who_is_unknown_needs_a_place_and_has_any_name() {
    let nowhere = read(&raw(&[("place_of_insurance", "")]), today(), &regions()).unwrap();
    for person in [None, Some(known(false))] {
        let faults = agreed(nowhere.clone(), person.as_ref()).unwrap_err();
        assert_eq!(told(&faults), ["place_of_insurance required"]);
    }
    let stranger = read(&raw(&[("name", "外地示例")]), today(), &regions()).unwrap();
    let new = agreed(stranger, None).unwrap();
    assert_eq!((new.person, new.insured_at.as_str()), (None, "110100"));
}

#[rstest]
#[case("371002", Progress::NotNeeded)]
#[case("110100", Progress::Open)]
#[case("370600", Progress::Open)]
#[case("370000", Progress::Open)]
fn only_who_is_insured_elsewhere_needs_a_registration(
    #[case] place: &str,
    #[case] expected: Progress,
) {
    let entry = read(&raw(&[("place_of_insurance", place)]), today(), &regions()).unwrap();
    let at = Treated {
        pool: "371000".parse().unwrap(),
        agency: "371002".parse().unwrap(),
        institution: uuid::Uuid::from_u128(1).into(),
    };
    let patient = agreed(entry, None)
        .unwrap()
        .begin(uuid::Uuid::from_u128(1).into(), at);
    assert_eq!(
        (patient.progress, patient.version, patient.age),
        (expected, 1, 56)
    );
}
