//! The worked examples, and the payers one by one.

use rstest::rstest;
use serde_json::{Value, json};

use super::{a, parts, protocol, settled, shares};

// SET-4: 75 % without deductible and cap, 150.075 rounded half up.
#[rstest]
#[case("2023-01-12", json!({}), [15_008, 0, 0, 0, 5_002])]
#[case("2023-01-08", json!({}), [15_008, 0, 0, 0, 5_002])]
#[case("2023-03-31", json!({}), [15_008, 0, 0, 0, 5_002])]
#[case("2023-04-01", json!({}), [10_005, 0, 0, 0, 10_005])]
#[case("2023-01-07", json!({}), [10_005, 0, 0, 0, 10_005])]
#[case("2023-01-12", json!({"kind": "outpatient"}), [15_008, 0, 0, 0, 5_002])]
#[case("2023-01-12", json!({"covid": "suspected"}), [15_008, 0, 0, 0, 5_002])]
#[case("2023-01-12", json!({"scheme": "employee"}), [15_008, 0, 0, 0, 5_002])]
#[case("2023-01-12", json!({"institution": {"level": 0}}), [15_008, 0, 0, 0, 5_002])]
#[case("2023-01-12", json!({"institution": {"level": 3}}), [10_005, 0, 0, 0, 10_005])]
#[case("2023-01-12", json!({"institution": {"designated": false}}), [10_005, 0, 0, 0, 10_005])]
#[case("2023-01-12", json!({"covid": "none"}), [10_005, 0, 0, 0, 10_005])]
#[case("2023-01-12", json!({"kind": "internet"}), [10_005, 0, 0, 0, 10_005])]
#[case("2023-01-12", json!({"pool": "611000", "kind": "internet"}), [10_005, 0, 0, 0, 10_005])]
#[case("2023-01-07", json!({"kind": "internet"}), [0, 0, 0, 0, 20_010])]
#[case("2023-01-12", json!({"used": {"basic_fen": 30_000, "outpatient_fen": 29_999}}), [15_008, 0, 0, 0, 5_002])]
fn emergency_care_in_weihai(#[case] day: &str, #[case] but: Value, #[case] expected: [i64; 5]) {
    let mut case =
        json!({"kind": "emergency", "from": day, "to": day, "lines": [protocol(day, 20_010)]});
    super::merge(&mut case, &but);
    let settlement = settled(&case);
    assert_eq!(parts(&settlement), expected);
    assert_eq!(settlement.total_fen, 20_010);
    assert_eq!(shares(&settlement), [0; 5]);
}

// SET-8: the subsidy alone, so that it is the line itself: everything outside the catalogue and of the protocol's services.
#[rstest]
#[case("371000", json!({}), 123_457, [0, 98_766, 4_938, 19_753, 0])]
#[case("371000", json!({"county_finance": "province"}), 123_457, [0, 111_111, 0, 12_346, 0])]
#[case("371000", json!({"covid": "suspected"}), 123_457, [0, 98_766, 4_938, 19_753, 0])]
#[case("371000", json!({"institution": {"designated": false}}), 123_457, [0, 98_766, 4_938, 19_753, 0])]
#[case("371000", json!({"from": "2023-03-31", "to": "2023-04-09"}), 123_457, [0, 98_766, 4_938, 19_753, 0])]
#[case("371000", json!({"from": "2023-04-01", "to": "2023-04-09"}), 123_457, [0; 5])]
#[case("371000", json!({"from": "2023-01-07", "to": "2023-01-09"}), 123_457, [0; 5])]
#[case("371000", json!({"kind": "outpatient"}), 123_457, [0; 5])]
#[case("371000", json!({"covid": "none"}), 123_457, [0; 5])]
#[case("371000", json!({}), 1, [0, 1, 0, 0, 0])]
#[case("371000", json!({}), 3, [0, 2, 0, 1, 0])]
#[case("621000", json!({}), 10_001, [6_001, 4_000, 0, 0, 0])]
#[case("621000", json!({"county_finance": "province"}), 10_001, [6_001, 4_000, 0, 0, 0])]
#[case("621000", json!({"covid": "suspected", "insured_at": "county"}), 10_001, [0, 0, 6_001, 4_000, 0])]
#[case("621000", json!({"covid": "suspected", "insured_at": "city"}), 10_001, [0, 0, 10_001, 0, 0])]
#[case("621000", json!({"covid": "suspected", "insured_at": "city", "institution": {"managed_by": "county"}}), 10_001, [0, 0, 10_001, 0, 0])]
#[case("621000", json!({"covid": "suspected", "insured_at": "elsewhere"}), 10_001, [0, 0, 10_001, 0, 0])]
#[case("621000", json!({"covid": "suspected", "insured_at": "elsewhere", "institution": {"managed_by": "county"}}), 10_001, [0, 0, 6_001, 4_000, 0])]
#[case("621000", json!({"covid": "suspected", "insured_at": "elsewhere", "institution": {"managed_by": "province"}}), 10_001, [0, 0, 0, 0, 10_001])]
#[case("621000", json!({"kind": "internet"}), 10_001, [6_001, 4_000, 0, 0, 0])]
#[case("320600", json!({"kind": "internet"}), 10_001, [0, 0, 0, 0, 10_001])]
#[case("611000", json!({}), 10_001, [0; 5])]
#[case("370600", json!({}), 10_001, [0; 5])]
fn who_bears_the_subsidy(
    #[case] pool: &str,
    #[case] but: Value,
    #[case] fen: i64,
    #[case] expected: [i64; 5],
) {
    // Little enough to lie below the deductible, where the protocol's lines are eligible.
    let mut case = json!({"pool": pool});
    super::merge(&mut case, &but);
    let day = case["from"].as_str().unwrap_or("2023-01-12").to_owned();
    let line =
        json!({"date": day, "class": "outside", "fen": fen, "protocol": true, "sort": "service"});
    super::merge(
        &mut case,
        &json!({"lines": [line], "institution": {"level": 3}}),
    );
    let settlement = settled(&case);
    assert_eq!(shares(&settlement), expected);
    let subsidy: i64 = expected.iter().sum();
    assert_eq!(settlement.parts.subsidy, subsidy);
    assert_eq!(
        settlement.parts.person,
        fen - subsidy - settlement.parts.basic
    );
}

// SET-6: of a stay of which basic and serious-illness insurance leave 50,000.00 yuan.
#[rstest]
#[case("minimum_living", "2008-10-02", 0, 3_000_000)]
#[case("minimum_living", "2008-10-02", 2_999_999, 1)]
#[case("minimum_living", "2008-10-02", 3_000_000, 0)]
#[case("minimum_living", "2008-10-02", 3_000_001, 0)]
#[case("minimum_living", "2007-10-01", 0, 3_000_000)]
#[case("destitute", "2012-10-01", 0, 5_000_000)]
#[case("orphan", "1980-10-01", 9_999_999, 5_000_000)]
#[case("de_facto_orphan", "2012-10-01", 0, 5_000_000)]
#[case("returned_to_poverty", "1980-10-01", 0, 3_000_000)]
#[case("low_income", "1980-10-01", 0, 2_000_000)]
#[case("at_risk", "2012-10-01", 1_999_000, 1_000)]
fn the_limits_of_medical_aid_in_shangluo(
    #[case] category: &str,
    #[case] birth: &str,
    #[case] used: i64,
    #[case] expected: i64,
) {
    // The yearly cap of basic insurance is used up; the burden of 102,857.14 yuan reaches into the second band.
    let settlement = settled(&json!({
        "pool": "611000", "covid": "none", "birth": birth, "categories": [category],
        "from": "2022-10-01", "to": "2022-10-09", "lines": [a("2022-10-02", 10_285_714)],
        "used": {"basic_fen": 20_000_000, "aid_fen": used},
    }));
    assert_eq!(
        parts(&settlement),
        [0, 5_285_714, expected, 0, 5_000_000 - expected]
    );
    assert_eq!(settlement.takes.aid_fen, expected);
}

// SET-6: of 100.00 yuan left.
#[rstest]
#[case("611000", &["minimum_living"], "1980-10-01", 7_000)]
#[case("611000", &["minimum_living"], "2007-10-02", 8_000)]
#[case("611000", &["minimum_living"], "2007-10-01", 7_000)]
#[case("611000", &["returned_to_poverty"], "2022-10-01", 8_000)]
#[case("611000", &["low_income"], "2012-10-01", 6_000)]
#[case("611000", &["at_risk"], "1980-10-01", 5_000)]
#[case("611000", &["destitute"], "2012-10-01", 10_000)]
#[case("611000", &["at_risk", "destitute", "minimum_living"], "1980-10-01", 10_000)]
#[case("611000", &["at_risk", "at_risk"], "1980-10-01", 5_000)]
#[case("371000", &["destitute"], "2012-10-01", 9_000)]
#[case("371000", &["returned_to_poverty"], "1980-10-01", 6_000)]
#[case("371000", &[], "1980-10-01", 0)]
fn the_ratios_of_medical_aid(
    #[case] pool: &str,
    #[case] categories: &[&str],
    #[case] birth: &str,
    #[case] expected: i64,
) {
    let stay = json!({
        "pool": pool, "covid": "none", "birth": birth, "categories": categories,
        "from": "2022-10-01", "to": "2022-10-09", "lines": [a("2022-10-02", 10_000)],
    });
    assert_eq!(
        parts(&settled(&stay)),
        [0, 0, expected, 0, 10_000 - expected]
    );
    // Outpatient care has none while the outpatient limit is nothing.
    let mut outpatient = stay;
    super::merge(&mut outpatient, &json!({"kind": "outpatient"}));
    assert_eq!(parts(&settled(&outpatient)), [5_000, 0, 0, 0, 5_000]);
}

// SET-2: (eligible - deductible) x ratio by scheme and level, up to the cap.
#[rstest]
#[case("resident", 0, [68_000, 32_000])]
#[case("resident", 1, [68_000, 32_000])]
#[case("resident", 2, [45_000, 55_000])]
#[case("resident", 3, [19_500, 80_500])]
#[case("employee", 0, [72_000, 28_000])]
#[case("employee", 1, [63_000, 37_000])]
#[case("employee", 2, [43_500, 56_500])]
#[case("employee", 3, [17_000, 83_000])]
fn a_stay_of_a_thousand_yuan(#[case] scheme: &str, #[case] level: u8, #[case] expected: [i64; 2]) {
    let stay = json!({
        "scheme": scheme, "covid": "none", "institution": {"level": level}, "lines": [a("2023-01-12", 100_000)],
    });
    let [basic, _, _, _, person] = parts(&settled(&stay));
    assert_eq!([basic, person], expected);
}

// SET-2, XR-7: the points go off the ratio before the cap, and never for COVID patients.
#[rstest]
#[case("none", "none", "inpatient", 45_000)]
#[case("registered", "none", "inpatient", 39_000)]
#[case("unregistered", "none", "inpatient", 33_000)]
#[case("registered", "confirmed", "inpatient", 45_000)]
#[case("unregistered", "suspected", "inpatient", 45_000)]
#[case("unregistered", "none", "outpatient", 30_000)]
fn treatment_elsewhere(
    #[case] cross_region: &str,
    #[case] covid: &str,
    #[case] kind: &str,
    #[case] basic: i64,
) {
    let claim = json!({
        "cross_region": cross_region, "covid": covid, "kind": kind, "lines": [a("2023-01-12", 100_000)],
    });
    assert_eq!(settled(&claim).parts.basic, basic);
}

// SET-7: the yearly caps, and what a claim takes of the year.
#[rstest]
#[case(0, 45_000)]
#[case(19_955_000, 45_000)]
#[case(19_955_001, 44_999)]
#[case(19_999_999, 1)]
#[case(20_000_000, 0)]
#[case(20_000_001, 0)]
fn the_yearly_cap_of_stays(#[case] used: i64, #[case] basic: i64) {
    let settlement = settled(&json!({
        "covid": "none", "lines": [a("2023-01-12", 100_000)], "used": {"basic_fen": used, "admissions": 3},
    }));
    assert_eq!(parts(&settlement), [basic, 0, 0, 0, 100_000 - basic]);
    let takes = settlement.takes;
    assert_eq!((takes.admissions, takes.basic_fen), (1, basic));
    assert_eq!(takes.serious_burden_fen, 100_000 - basic);
    assert_eq!(
        (takes.outpatient_fen, takes.outpatient_deducted_fen),
        (0, 0)
    );
}

// SET-4, elsewhere: deductible and cap of the year.
#[rstest]
#[case("employee", 0, 0, 100_000, [42_000, 42_000, 30_000])]
#[case("employee", 0, 20_000, 100_000, [54_000, 54_000, 10_000])]
#[case("employee", 0, 40_000, 100_000, [60_000, 60_000, 0])]
#[case("employee", 0, 0, 20_000, [0, 0, 20_000])]
#[case("employee", 399_000, 30_000, 100_000, [1_000, 1_000, 0])]
#[case("resident", 0, 0, 100_000, [30_000, 30_000, 0])]
#[case("resident", 29_999, 0, 100_000, [1, 1, 0])]
#[case("resident", 30_000, 0, 100_000, [0, 0, 0])]
fn ordinary_outpatient_care(
    #[case] scheme: &str,
    #[case] paid: i64,
    #[case] deducted: i64,
    #[case] fen: i64,
    #[case] expected: [i64; 3],
) {
    let settlement = settled(&json!({
        "kind": "outpatient", "covid": "none", "scheme": scheme, "lines": [a("2023-01-12", fen)],
        "used": {"basic_fen": 20_000_000, "outpatient_fen": paid, "outpatient_deducted_fen": deducted},
    }));
    let takes = settlement.takes;
    assert_eq!(
        [
            settlement.parts.basic,
            takes.outpatient_fen,
            takes.outpatient_deducted_fen
        ],
        expected
    );
    assert_eq!((takes.admissions, takes.basic_fen), (0, 0));
}

// SET-12: the line, the bands, what the year has used.
#[rstest]
#[case(0, 1_500_000, 0)]
#[case(0, 1_500_001, 1)]
#[case(0, 10_000_000, 5_100_000)]
#[case(0, 20_000_000, 11_600_000)]
#[case(0, 30_000_000, 18_600_000)]
#[case(1_400_000, 200_000, 60_000)]
#[case(9_900_000, 200_000, 125_000)]
#[case(20_000_000, 100_000, 70_000)]
fn serious_illness_insurance(#[case] before: i64, #[case] burden: i64, #[case] expected: i64) {
    let settlement = settled(&json!({
        "covid": "none", "lines": [a("2023-01-12", burden)],
        "used": {"basic_fen": 20_000_000, "serious_burden_fen": before},
    }));
    assert_eq!(parts(&settlement), [0, expected, 0, 0, burden - expected]);
    assert_eq!(settlement.takes.serious_burden_fen, burden);
}

// SET-5: insurance is allocated by what is eligible, the subsidy is the rest of the protocol's lines.
#[rstest]
#[case(60_000, 40_000, 33_000)]
#[case(100_000, 0, 55_000)]
#[case(33_333, 66_667, 18_333)]
#[case(1, 99_999, 1)]
fn a_stay_with_other_lines_too(#[case] of_protocol: i64, #[case] other: i64, #[case] subsidy: i64) {
    let mut lines = vec![protocol("2023-01-12", of_protocol)];
    lines.extend((other > 0).then(|| a("2023-01-13", other)));
    let settlement = settled(&json!({ "lines": lines }));
    assert_eq!(
        parts(&settlement),
        [45_000, 0, 0, subsidy, 55_000 - subsidy]
    );
}
