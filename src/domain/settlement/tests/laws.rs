//! What holds of every settlement: parts sum to the total, nothing is negative, more cost never pays less in total, the order
//! of the lines does not matter, shares sum to the subsidy, every step has its ground.

use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{input, parts, shares};
use crate::data::policies;
use crate::domain::policy::PolicySet;
use crate::domain::settlement::{Input, Settlement, Used, settle};

static PACKS: LazyLock<PolicySet> = LazyLock::new(|| policies::load().unwrap());

fn settled(input: &Input) -> Settlement {
    settle(input, &PACKS).unwrap()
}

fn one_of(names: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop::sample::select(names)
}

fn fen() -> impl Strategy<Value = i64> {
    prop_oneof![1..10_i64, 1..1_000_000_i64, 1..=10_000_000_000_000_i64]
}

fn used_fen() -> impl Strategy<Value = i64> {
    prop_oneof![Just(0), 0..40_000_000_i64, 0..=20_000_000_000_000_000_i64]
}

fn line(day: &'static str) -> impl Strategy<Value = Value> {
    let classes = one_of(&["A", "B", "outside"]);
    let sorts = prop::option::of(one_of(&["drug", "service", "antigen_test", "follow_up"]));
    let lists = prop::option::of(one_of(&["provincial_temporary", "third_supplementary"]));
    (0..4_u64, classes, fen(), 0..=10_000_u16, any::<bool>(), sorts, lists).prop_map(
        move |(later, class, fen, share, protocol, sort, list)| {
            let day = day.parse::<crate::domain::time::Day>().unwrap() + chrono::Days::new(later);
            json!({
                "date": day, "class": class, "fen": fen, "own_share_bp": share, "protocol": protocol, "sort": sort,
                "list": list,
            })
        },
    )
}

fn used() -> impl Strategy<Value = Value> {
    (0..4_u32, prop::collection::vec(used_fen(), 5)).prop_map(|(admissions, fen)| {
        json!({
            "admissions": admissions, "basic_fen": fen[0], "serious_burden_fen": fen[1], "aid_fen": fen[2],
            "outpatient_fen": fen[3], "outpatient_deducted_fen": fen[4],
        })
    })
}

prop_compose! {
    /// A claim of any pool, each stay over the beginning or the end of one of its windows.
    fn claim()(
        (pool, day) in prop::sample::select(vec![
            ("371000", "2023-01-06"), ("371000", "2023-03-29"), ("621000", "2020-02-01"), ("320600", "2020-02-01"),
            ("611000", "2022-07-30"), ("611000", "2022-12-30"), ("370600", "2023-01-06"),
        ]),
    )(
        pool in Just(pool),
        day in Just(day),
        lines in prop::collection::vec(line(day), 1..8),
        later in 0..2_u64,
        (scheme, kind, covid) in (
            one_of(&["employee", "resident"]),
            one_of(&["inpatient", "outpatient", "emergency", "internet"]),
            one_of(&["confirmed", "suspected", "none"]),
        ),
        (level, managed_by, designated) in (0..4_u8, one_of(&["city", "county", "province"]), any::<bool>()),
        (finance, insured_at, cross_region) in (
            one_of(&["city", "province"]),
            one_of(&["city", "county", "elsewhere"]),
            one_of(&["none", "registered", "unregistered"]),
        ),
        categories in prop::collection::vec(
            one_of(&["destitute", "minimum_living", "returned_to_poverty", "low_income", "at_risk"]), 0..3),
        birth in one_of(&["1980-05-01", "2012-05-01"]),
        used in used(),
    ) -> Input {
        let from = day.parse::<crate::domain::time::Day>().unwrap();
        // Some stays begin after the first lines would lie: those are moved to the first day.
        let begins = from + chrono::Days::new(later);
        let mut lines = lines;
        for line in &mut lines {
            if line["date"].as_str().unwrap() < begins.to_string().as_str() {
                line["date"] = json!(begins);
            }
        }
        input(&json!({
            "pool": pool, "scheme": scheme, "kind": kind, "covid": covid, "birth": birth, "categories": categories,
            "institution": {"level": level, "managed_by": managed_by, "designated": designated},
            "county_finance": finance, "insured_at": insured_at, "cross_region": cross_region,
            "from": begins, "to": from + chrono::Days::new(4), "lines": lines, "used": used,
        }))
    }
}

proptest! {
    #[test]
    fn parts_sum_to_the_total_and_none_is_negative(claim in claim()) {
        let settlement = settled(&claim);
        let total: i64 = claim.lines.iter().map(|line| line.fen).sum();
        prop_assert_eq!(settlement.total_fen, total);
        prop_assert_eq!(parts(&settlement).iter().sum::<i64>(), total);
        prop_assert!(parts(&settlement).iter().all(|part| *part >= 0), "{:?}", settlement.parts);
    }

    #[test]
    fn shares_sum_to_the_subsidy_and_none_is_negative(claim in claim()) {
        let settlement = settled(&claim);
        prop_assert_eq!(shares(&settlement).iter().sum::<i64>(), settlement.parts.subsidy);
        prop_assert!(shares(&settlement).iter().all(|share| *share >= 0), "{:?}", settlement.shares);
    }

    #[test]
    fn more_cost_never_pays_less_in_total(claim in claim(), more in fen(), at in any::<prop::sample::Index>()) {
        let before = settled(&claim).parts.payable();
        let mut dearer = claim.clone();
        let line = at.index(dearer.lines.len());
        dearer.lines[line].fen = (dearer.lines[line].fen + more).min(10_000_000_000_000);
        prop_assert!(settled(&dearer).parts.payable() >= before);
        let mut longer = claim;
        let again = longer.lines[line].clone();
        longer.lines.push(again);
        prop_assert!(settled(&longer).parts.payable() >= before);
    }

    #[test]
    fn the_order_of_the_lines_does_not_matter(claim in claim(), turn in 0..8_usize) {
        let mut turned = claim.clone();
        let by = turn % turned.lines.len();
        turned.lines.rotate_left(by);
        let (one, other) = (settled(&claim), settled(&turned));
        prop_assert_eq!(one.parts, other.parts);
        prop_assert_eq!(one.shares, other.shares);
        prop_assert_eq!(one.takes, other.takes);
    }

    #[test]
    fn what_a_claim_takes_of_the_year_stays_within_its_limits(claim in claim()) {
        let settlement = settled(&claim);
        let Used { admissions, basic_fen, serious_burden_fen, aid_fen, outpatient_fen, outpatient_deducted_fen } =
            settlement.takes;
        prop_assert_eq!(admissions == 1, claim.kind.is_stay());
        prop_assert!(basic_fen <= settlement.parts.basic && aid_fen == settlement.parts.aid);
        prop_assert!([basic_fen, serious_burden_fen, aid_fen, outpatient_fen, outpatient_deducted_fen].iter().all(|fen| *fen >= 0));
        prop_assert!(basic_fen == 0 || claim.used.basic_fen + basic_fen <= 30_000_000);
        prop_assert!(outpatient_fen == 0 || claim.used.outpatient_fen + outpatient_fen <= 400_000);
    }

    #[test]
    fn every_step_says_rule_ground_and_formula(claim in claim()) {
        let settlement = settled(&claim);
        for step in &settlement.trail {
            prop_assert!(!step.rule.is_empty() && !step.clause.is_empty() && !step.formula.is_empty(), "{step:?}");
        }
        let lines = settlement.trail.iter().filter_map(|step| step.line).collect::<Vec<_>>();
        prop_assert_eq!(lines, (1..=u32::try_from(claim.lines.len()).unwrap()).collect::<Vec<_>>());
    }
}
