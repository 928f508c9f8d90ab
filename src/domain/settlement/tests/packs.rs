//! Figures that the embedded packs leave open: what an agency's own pack may say.

use rstest::rstest;
use serde_json::json;

use super::{a, input, parts, protocol, settled};
use crate::domain::policy::raw::RawPack;
use crate::domain::policy::{PolicyPack, PolicySet};
use crate::domain::settlement::{Ground, Step, settle};

const DEFAULT: &str = include_str!("../../../data/policy/default.toml");

/// The default pack with one passage changed.
fn with(passage: &str, changed: &str) -> PolicySet {
    assert_eq!(DEFAULT.matches(passage).count(), 1, "{passage}");
    let raw: RawPack = toml::from_str(&DEFAULT.replace(passage, changed)).unwrap();
    PolicySet::new(PolicyPack::read(raw, None).unwrap(), vec![]).unwrap()
}

// SET-7: the deductible by the number of the stay: whole, half, none.
#[rstest]
#[case(0, 45_000)]
#[case(1, 60_000)]
#[case(2, 75_000)]
#[case(7, 75_000)]
fn a_later_stay_of_the_year_may_have_a_smaller_deductible(#[case] stays: u32, #[case] basic: i64) {
    let packs = with(
        "{ admission = 1, share = 10000 },",
        "{ admission = 1, share = 10000 }, { admission = 2, share = 5000 }, { admission = 3, share = 0 },",
    );
    let stay = json!({
        "pool": "370600", "covid": "none", "lines": [a("2023-01-12", 100_000)], "used": {"admissions": stays},
    });
    let settlement = settle(&input(&stay), &packs).unwrap();
    assert_eq!(parts(&settlement), [basic, 0, 0, 0, 100_000 - basic]);
}

// SET-6: with a limit for outpatient aid there is such aid, and both limits are one in common.
#[rstest]
#[case("outpatient", 0, [30_000, 0, 49_000, 0, 21_000])]
#[case("outpatient", 3_499_999, [30_000, 0, 1, 0, 69_999])]
#[case("outpatient", 3_500_000, [30_000, 0, 0, 0, 70_000])]
#[case("inpatient", 3_499_999, [45_000, 0, 1, 0, 54_999])]
fn outpatient_aid_shares_one_limit_with_that_of_stays(
    #[case] kind: &str,
    #[case] used: i64,
    #[case] expected: [i64; 5],
) {
    let packs = with(
        "key = \"aid.outpatient-limit\"\nvalue = 0",
        "key = \"aid.outpatient-limit\"\nvalue = 500000",
    );
    let claim = json!({
        "pool": "370600", "covid": "none", "kind": kind, "categories": ["minimum_living"],
        "lines": [a("2023-01-12", 100_000)], "used": {"aid_fen": used},
    });
    assert_eq!(parts(&settle(&input(&claim), &packs).unwrap()), expected);
}

// SET-9: what is kept apart from the hospital's budget is said, with its clause.
#[rstest]
#[case("371000", "2023-01-12", &["鲁医保发〔2023〕1号 三"])]
#[case("621000", "2023-01-12", &["庆医保发〔2020〕8号 三(二)、(三)"])]
#[case("611000", "2023-01-12", &["商医保发〔2022〕40号 4", "商医保发〔2022〕40号 4"])]
#[case("370600", "2023-01-12", &[])]
fn covid_costs_are_kept_apart(#[case] pool: &str, #[case] day: &str, #[case] clauses: &[&str]) {
    let lines = [protocol(day, 60_000), a(day, 40_000)];
    let settlement = settled(&json!({"pool": pool, "lines": lines}));
    let apart: Vec<_> = settlement
        .trail
        .iter()
        .filter(|step| step.step == Step::KeptApart)
        .collect();
    let said: Vec<&str> = apart.iter().map(|step| step.clause.as_str()).collect();
    assert_eq!(said, clauses);
    for step in apart {
        assert_eq!(
            (step.rule.as_str(), step.ground, step.fen),
            ("SET-9", Ground::Clause, 60_000)
        );
    }
}
