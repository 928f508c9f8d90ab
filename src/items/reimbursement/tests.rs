//! What a claim may say (RB-5), as a table of single changes to one that files cleanly.

use rstest::rstest;
use serde_json::{Map, Value, json};

use super::*;
use crate::data;
use crate::domain::claim::{Class, ManagedBy};
use crate::domain::region::Regions;

fn today() -> Day {
    "2026-11-24".parse().unwrap()
}

fn answers(changed: Value) -> Result<Answers, Vec<FieldError>> {
    let mut raw: Map<String, Value> = sample(today())
        .unwrap()
        .to_json()
        .as_object()
        .unwrap()
        .clone();
    for (name, value) in changed.as_object().unwrap() {
        raw.insert(name.clone(), value.clone());
    }
    FORM.read(&raw)
}

fn checked(changed: Value) -> Result<Checked, Vec<FieldError>> {
    let policies = data::policies::load().unwrap();
    let regions = Regions::parse(data::REGIONS).unwrap();
    let facts = FilingFacts {
        today: today(),
        policy: policies.on("371000".parse().unwrap(), today()),
        regions: &regions,
        insured_at: "371000",
        registrations: &[],
        stays: &[],
        closures: &[],
        institution: None,
    };
    check(&answers(changed)?, &facts).map_err(|fault| match fault {
        Fault::Fields(errors) => errors,
        other => panic!("{other:?}"),
    })
}

// RB-5
#[rstest]
#[case(json!({}), &[])]
#[case(json!({ "institution": "X9" }), &["institution institution-unknown"])]
#[case(json!({ "institution_name": null }), &["institution_name required"])]
#[case(json!({ "institution_region": "999999" }), &["institution_region region-unknown"])]
#[case(json!({ "from": "2026-11-25", "to": "2026-11-25" }), &["from day-in-future"])]
#[case(json!({ "from": "2026-11-14", "to": "2026-11-13" }), &["to discharge-before-admission"])]
#[case(json!({ "care": "inpatient", "to": null }), &["to discharge-needed"])]
#[case(json!({ "diagnoses": "I10，高血压" }), &["diagnoses icd10-malformed"])]
#[case(json!({ "diagnoses": "I10.x00; U99" }), &["diagnoses icd10-unknown"])]
#[case(json!({ "from": "2025-11-14", "to": null, "lines": null }), &["from claim-too-late"])]
#[case(json!({ "from": "2025-11-14", "to": "2025-11-15", "lines": null }), &["to claim-too-late"])]
#[case(json!({ "institution_name": null, "institution_region": null }),
    &["institution_name required", "institution_region required"])]
#[case(json!({ "account": "4111111111111112" }), &["account account-check-digit"])]
#[case(json!({ "account_kind": "passbook", "account": "4111111111111112" }), &[])]
#[case(json!({ "invoices": [{ "number": "12", "issued_on": "2026-11-25", "total": 20_010 }] }),
    &["invoices.1.number invoice-malformed", "invoices.1.issued_on day-in-future", "lines lines-sum"])]
#[case(json!({ "invoices": [
    { "number": "FP-1000", "issued_on": "2026-11-14", "total": "100.10" },
    { "number": "ＦＰ1000", "issued_on": "2026-11-14", "total": "100.00" },
] }), &["invoices.2.number invoice-twice"])]
#[case(json!({ "invoices": [{ "number": "FP1000", "issued_on": "2026-11-14", "total": 0 }] }),
    &["invoices.1.total money-zero", "lines lines-sum"])]
#[case(json!({ "lines": [{ "day": "2026-11-14", "name": "药", "amount": "200.09" }] }), &["lines lines-sum"])]
#[case(json!({ "lines": [{ "day": "2026-11-15", "name": "药", "amount": "200.10" }] }), &["lines.1.day line-outside-stay"])]
#[case(json!({ "lines": [{ "day": "2026-11-14", "name": "药", "class": "B", "amount": "200.10" }] }), &["lines.1.own_share share-needed"])]
#[case(json!({ "lines": [{ "day": "2026-11-14", "name": "药", "class": "B", "own_share": "101", "amount": "200.10" }] }),
    &["lines.1.own_share share-malformed", "lines.1.own_share share-needed"])]
#[case(json!({ "lines": null }), &[])]
fn every_fault_of_a_claim_is_told_at_its_place(#[case] changed: Value, #[case] expected: &[&str]) {
    let told: Vec<String> = checked(changed)
        .err()
        .unwrap_or_default()
        .iter()
        .map(|e| format!("{} {}", e.field, e.code))
        .collect();
    assert_eq!(told, expected);
}

#[test]
fn a_claim_is_what_was_answered() {
    let lines = json!([{
        "day": "2026-11-14", "name": "示例药品", "code": "D1", "class": "B", "own_share": "12.5%",
        "protocol": "yes", "amount": "200.10",
    }]);
    let checked = checked(json!({ "lines": lines, "diagnoses": "u07.1, i10" })).unwrap();
    let [Effect::OpenClaim(claim)] = checked.effects.as_slice() else {
        panic!("{checked:?}")
    };
    let line = &claim.lines[0];
    assert_eq!((line.class, line.protocol), (Some(Class::B), true));
    assert_eq!(line.own_share.map(|share| share.0), Some(1_250));
    assert_eq!(claim.diagnoses, ["U07.1", "I10"]);
    assert_eq!(claim.treating.managed_by, ManagedBy::County);
    assert_eq!(claim.invoiced(), claim.listed());
}
