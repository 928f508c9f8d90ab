//! Input that makes no sense: each fault named with its field.

use rstest::rstest;
use serde_json::{Value, json};

use super::{a, refused, settled};

#[rstest]
#[case(json!({"fen": -1}), "fen settlement-amount-negative")]
#[case(json!({"fen": 0}), "fen settlement-amount-zero")]
#[case(json!({"fen": 10_000_000_000_001_i64}), "fen settlement-amount-too-large")]
#[case(json!({"date": "2023-01-11"}), "date settlement-line-outside-the-stay")]
#[case(json!({"date": "2023-01-14"}), "date settlement-line-outside-the-stay")]
#[case(json!({"class": "B"}), "own_share_bp settlement-own-share-missing")]
#[case(json!({"class": "B", "own_share_bp": 10_001}), "own_share_bp settlement-share-too-large")]
fn a_line_is_refused_with_its_number(#[case] wrong: Value, #[case] fault: &str) {
    let mut line = a("2023-01-12", 100);
    super::merge(&mut line, &wrong);
    let faults = refused(&json!({"lines": [a("2023-01-12", 100), line]}));
    assert_eq!(faults, [format!("lines[1].{fault}")]);
}

#[rstest]
#[case(json!({"birth": "2023-01-13"}), &["birth settlement-born-after-treatment"])]
#[case(json!({"birth": "1899-12-31"}), &["birth settlement-birth-too-early"])]
#[case(json!({"institution": {"level": 4}}), &["institution.level settlement-level-unknown"])]
#[case(json!({"institution": {"region": "3710"}}), &["institution.region settlement-region-malformed"])]
#[case(json!({"lines": []}), &["lines settlement-lines-missing"])]
#[case(json!({"used": {"aid_fen": -1}}), &["used.aid_fen settlement-amount-negative"])]
#[case(json!({"used": {"basic_fen": i64::MAX}}), &["used.basic_fen settlement-amount-too-large"])]
#[case(
    json!({"to": "2023-01-11"}),
    &["to settlement-ends-before-it-begins", "lines[0].date settlement-line-outside-the-stay"]
)]
#[case(
    json!({"from": "2018-12-31", "lines": [a("2018-12-31", 100)]}),
    &["from settlement-no-figure"]
)]
fn an_input_is_refused_with_all_its_faults(#[case] wrong: Value, #[case] faults: &[&str]) {
    let mut claim = json!({"lines": [a("2023-01-12", 100)]});
    super::merge(&mut claim, &wrong);
    assert_eq!(refused(&claim), faults);
}

#[test]
fn the_longest_and_dearest_claim_is_settled_and_a_longer_one_refused() {
    let line = json!({"date": "2023-01-12", "class": "A", "fen": 10_000_000_000_000_i64, "protocol": true});
    let largest = 20_000_000_000_000_000_i64;
    let used = json!({"basic_fen": 0, "serious_burden_fen": largest, "aid_fen": largest});
    let settlement = settled(&json!({"lines": vec![line.clone(); 2_000], "used": used}));
    assert_eq!(settlement.total_fen, largest);
    assert_eq!(super::parts(&settlement).iter().sum::<i64>(), largest);
    let longer = refused(&json!({"lines": vec![line; 2_001]}));
    assert_eq!(longer, ["lines settlement-lines-too-many"]);
}
