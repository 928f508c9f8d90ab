//! Temporary windows of the catalogue (SET-3), each line by its own day.

use rstest::rstest;
use serde_json::{Value, json};

use super::settled;

/// What of a line of 100.00 yuan, class B with a tenth of own share unless said otherwise, is eligible.
fn eligible(pool: &str, day: &str, line: &Value) -> i64 {
    let mut whole =
        json!({"date": day, "class": "B", "fen": 10_000, "own_share_bp": 1_000, "protocol": true});
    super::merge(&mut whole, line);
    let settlement = settled(&json!({
        "pool": pool, "covid": line.get("covid").unwrap_or(&json!("confirmed")), "from": "2020-01-01", "to": "2024-01-01",
        "birth": "1980-05-01", "lines": [{
            "date": whole["date"], "class": whole["class"], "fen": whole["fen"], "own_share_bp": whole["own_share_bp"],
            "protocol": whole["protocol"], "sort": whole["sort"], "list": whole["list"],
        }],
    }));
    let line = settlement
        .trail
        .iter()
        .find(|step| step.line == Some(1))
        .unwrap();
    line.fen
}

#[rstest]
// The ordinary catalogue.
#[case("370600", "2023-01-12", json!({}), 9_000)]
#[case("370600", "2023-01-12", json!({"class": "A"}), 10_000)]
#[case("370600", "2023-01-12", json!({"class": "outside"}), 0)]
#[case("370600", "2023-01-12", json!({"fen": 5, "own_share_bp": 5_000}), 3)]
#[case("370600", "2023-01-12", json!({"own_share_bp": 10_000}), 0)]
// Weihai: the protocol's drugs outside the catalogue as class A, from 2023-01-08 to 2023-03-31.
#[case("371000", "2023-01-07", json!({"class": "outside"}), 0)]
#[case("371000", "2023-01-08", json!({"class": "outside"}), 10_000)]
#[case("371000", "2023-03-31", json!({"class": "outside", "sort": "drug"}), 10_000)]
#[case("371000", "2023-04-01", json!({"class": "outside"}), 0)]
#[case("371000", "2023-01-12", json!({"class": "outside", "protocol": false}), 0)]
#[case("371000", "2023-01-12", json!({"class": "outside", "sort": "service"}), 0)]
#[case("371000", "2023-01-12", json!({"class": "outside", "covid": "suspected"}), 10_000)]
#[case("371000", "2023-01-12", json!({"class": "outside", "covid": "none"}), 0)]
#[case("371000", "2023-01-12", json!({}), 9_000)]
#[case("371000", "2023-01-12", json!({"class": "outside", "protocol": false, "list": "provincial_temporary"}), 10_000)]
#[case("371000", "2023-04-01", json!({"class": "outside", "protocol": false, "list": "provincial_temporary"}), 0)]
#[case("371000", "2023-01-12", json!({"class": "outside", "protocol": false, "list": "third_supplementary"}), 0)]
// Nantong: drugs and services of the protocol all as class A, from 2020-02-03.
#[case("320600", "2020-02-02", json!({}), 9_000)]
#[case("320600", "2020-02-03", json!({}), 10_000)]
#[case("320600", "2020-02-03", json!({"sort": "service"}), 10_000)]
#[case("320600", "2020-02-03", json!({"class": "outside", "sort": "antigen_test"}), 10_000)]
#[case("320600", "2020-02-03", json!({"protocol": false}), 9_000)]
// Qingyang: payable, as class A.
#[case("621000", "2020-02-02", json!({"class": "outside"}), 0)]
#[case("621000", "2020-02-03", json!({"class": "outside"}), 10_000)]
#[case("621000", "2020-02-03", json!({"class": "outside", "sort": "service"}), 10_000)]
#[case("621000", "2020-02-03", json!({"covid": "none"}), 9_000)]
// Shangluo: services and tests as class A, drugs only where they are outside; the third list for everybody.
#[case("611000", "2022-07-31", json!({"class": "outside", "sort": "service"}), 0)]
#[case("611000", "2022-08-01", json!({"class": "outside", "sort": "service"}), 10_000)]
#[case("611000", "2022-08-01", json!({"sort": "service"}), 10_000)]
#[case("611000", "2022-08-01", json!({"class": "outside"}), 10_000)]
#[case("611000", "2022-08-01", json!({}), 9_000)]
#[case("611000", "2022-08-01", json!({"class": "outside", "sort": "antigen_test", "protocol": false, "covid": "none"}), 10_000)]
#[case("611000", "2022-08-01", json!({"class": "outside", "sort": "follow_up", "protocol": false}), 9_000)]
#[case("611000", "2022-08-01", json!({"class": "outside", "sort": "follow_up", "protocol": false, "covid": "none"}), 0)]
#[case("611000", "2022-12-31", json!({"class": "outside", "list": "third_supplementary", "protocol": false, "covid": "none"}), 9_000)]
#[case("611000", "2022-12-31", json!({"class": "outside", "own_share_bp": null, "list": "third_supplementary", "covid": "none"}), 10_000)]
#[case("611000", "2023-01-01", json!({"class": "outside", "list": "third_supplementary", "covid": "none"}), 0)]
fn what_is_eligible_of_a_line(
    #[case] pool: &str,
    #[case] day: &str,
    #[case] line: Value,
    #[case] expected: i64,
) {
    assert_eq!(eligible(pool, day, &line), expected);
}

// SET-1: the stay goes by its admission, each line's window by the line's day.
#[test]
fn a_stay_over_the_end_of_a_window() {
    let line =
        |date: &str| json!({"date": date, "class": "outside", "fen": 100_000, "protocol": true});
    let settlement = settled(&json!({
        "from": "2023-03-31", "to": "2023-04-02", "lines": [line("2023-03-31"), line("2023-04-01")],
    }));
    // Eligible is the first line; the subsidy, by the admission, bears the rest of both.
    assert_eq!(super::parts(&settlement), [45_000, 0, 0, 155_000, 0]);
}

// SET-5: outpatient care goes by the day of each service.
#[test]
fn outpatient_care_over_the_beginning_of_a_window() {
    let settlement = settled(&json!({
        "pool": "621000", "kind": "outpatient", "from": "2020-02-02", "to": "2020-02-03",
        "lines": [super::protocol("2020-02-02", 20_000), super::protocol("2020-02-03", 20_000)],
    }));
    assert_eq!(super::parts(&settlement), [20_000, 0, 0, 10_000, 10_000]);
    assert_eq!(super::shares(&settlement), [6_000, 4_000, 0, 0, 0]);
}

// SET-4: what is not for COVID goes by the ordinary rules beside it, and one rounding is for both.
#[test]
fn covid_and_other_costs_of_one_visit() {
    let day = "2023-01-12";
    let settlement = settled(&json!({
        "kind": "outpatient", "from": day, "to": day, "lines": [super::protocol(day, 2), super::a(day, 1)],
    }));
    // 1.5 and 0.5 fen.
    assert_eq!(super::parts(&settlement), [2, 0, 0, 0, 1]);
}
