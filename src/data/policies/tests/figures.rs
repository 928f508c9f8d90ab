//! The figures of the embedded packs by rule id.

use rstest::rstest;

use super::*;
use crate::domain::policy::terms::{LegalCheck, Period, RemedyKind};
use crate::domain::policy::value::{BasisPoints, Days, Ground, Months, WorkingDays};

/// What `policy show` would print under `key`, as compact JSON, with the kind of its basis; `-` for none.
fn figure(set: &PolicySet, pool: &str, on: &str, key: &str) -> (String, String) {
    let policy = set.on(pool.parse().unwrap(), day(on));
    match policy.value(key) {
        Some(stated) => {
            let ground = match &stated.basis.ground {
                Ground::Clause(citation) => format!("{} {}", citation.source.id, citation.clause),
                Ground::Choice { .. } => "choice".to_owned(),
                Ground::Sample { .. } => "sample".to_owned(),
            };
            (
                serde_json::to_string(&stated.value).unwrap(),
                format!("{} {ground}", stated.basis.rule),
            )
        }
        None => ("-".to_owned(), "-".to_owned()),
    }
}

/// Pool, key, first and last day of the window, the value as JSON, its rule and ground, and the value on the
/// days beside the window (`-` for none). Money is fen, ratios are basis points.
const FIGURES: &str = r#"
# SET-4: 75 % at primary institutions, no deductible, no cap, to 2023-03-31.
371000 | settlement.covid-outpatient.ratio | 2023-01-08 | 2023-03-31 | 7500 | SET-4 Wp 二 | -
371000 | settlement.covid-outpatient.deductible | 2023-01-08 | 2023-03-31 | 0 | SET-4 Wp 二 | -
371000 | settlement.covid-outpatient.cap | 2023-01-08 | 2023-03-31 | "none" | SET-4 Wp 二 | -
371000 | settlement.covid-outpatient.levels | 2023-01-08 | 2023-03-31 | ["not-graded","1","2"] | SET-4 choice | -
# SET-3: temporary catalogues.
371000 | catalogue.protocol-drugs | 2023-01-08 | 2023-03-31 | "outside-catalogue-as-class-a" | SET-3 Wp 四 | -
621000 | catalogue.protocol-services | 2020-02-03 | open | "all-as-class-a" | SET-3 choice | -
320600 | catalogue.protocol-services | 2020-02-03 | open | "all-as-class-a" | SET-3 Np 三(二) | -
611000 | catalogue.third-supplementary-list | 2022-08-01 | 2022-12-31 | "payable" | SET-3 S 3 | -
611000 | catalogue.follow-up-checks | 2022-08-01 | open | "payable-settled-directly" | SET-3 S 13 | -
# SET-5: what is left to the person; elsewhere and afterwards no subsidy.
371000 | subsidy.confirmed | 2023-01-08 | 2023-03-31 | "all-left-to-the-person" | SET-5 Wp 一 | "none"
371000 | subsidy.suspected | 2023-01-08 | 2023-03-31 | "all-left-to-the-person" | SET-5 choice | "none"
371000 | subsidy.care | 2023-01-08 | 2023-03-31 | ["inpatient"] | SET-5 Wp 一 | -
621000 | subsidy.suspected | 2020-02-03 | open | "all-left-to-the-person" | SET-5 Q 二 | "none"
320600 | subsidy.care | 2020-02-03 | open | ["inpatient","outpatient"] | SET-5 Np 四(一) | -
# SET-6: age and points of children; the table of categories has its own test.
611000 | aid.child-oldest | 2022-08-01 | open | 14 | SET-6 S 6 | -
611000 | aid.child-points | 2022-08-01 | open | 1000 | SET-6 choice | -
# SET-8: shares.
371000 | fiscal.shares.ordinary | 2023-01-08 | 2023-03-31 | [{"payer":"province-and-above","share":8000},{"payer":"city","share":400},{"payer":"county","share":1600}] | SET-8 Wc 二 | [{"payer":"unallocated","share":10000}]
371000 | fiscal.shares.province-managed-county | 2023-01-08 | 2023-03-31 | [{"payer":"province-and-above","share":9000},{"payer":"county","share":1000}] | SET-8 choice | -
621000 | fiscal.shares.confirmed | 2020-02-03 | open | [{"payer":"centre","share":6000},{"payer":"province","share":4000}] | SET-8 Q 二 | -
621000 | fiscal.shares.suspected-city | 2020-02-03 | open | [{"payer":"city","share":10000}] | SET-8 Q 二 | -
621000 | fiscal.shares.suspected-county | 2020-02-03 | open | [{"payer":"city","share":6000},{"payer":"county","share":4000}] | SET-8 Q 二 | -
# RB-4: costs of 2019 until the end of 2020.
320600 | reimbursement.claim-until | 2020-02-03 | 2020-12-31 | [{"cost_year":2019,"until":"2020-12-31"}] | RB-4 Np 二(三)3 | -
# DEF: the clause holds from its day on, before it the default pack's choice of the same figure.
611000 | deferral.months | 2022-08-01 | open | 3 | DEF-1 S 1 | 3
611000 | catch-up.months | 2022-08-01 | open | 3 | DEF-6 S 2 | 3
611000 | deferral.benefits | 2020-02-02 | open | "as-if-paid" | DEF-3 Nn 五 | -
# LP-1: three months by the national notice, and by Jiangsu's own from the day after.
371000 | prescription.months | 2020-02-02 | open | 3 | LP-1 Nn 四 | 1
320600 | prescription.months | 2020-02-03 | open | 3 | LP-1 Np 二(四) | 3
371000 | prescription.recognition | 2020-02-02 | 2023-01-07 | "assessment-is-enough" | LP-2 choice | "comes-first"
# XR-7, XR-8.
320600 | registration.reduction-waived | 2020-02-03 | open | ["confirmed","suspected"] | XR-7 Np 二(二)2 | ["confirmed","suspected"]
611000 | registration.green-channel | 2022-08-01 | open | "short-form-under-pledge" | XR-8 S 14 | -
# CLK-10: a dated lengthening.
611000 | limits.whole-case.default | 2022-08-01 | 2022-12-31 | 30 | CLK-10 sample | 20
"#;

#[test]
fn a_figure_holds_from_its_first_day_to_its_last_and_not_beside_it() {
    let set = load().unwrap();
    let rows = FIGURES
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    for line in rows {
        let cells: Vec<_> = line.split(" | ").collect();
        let [pool, key, first, last, value, basis, beside] = cells.try_into().unwrap();
        let before = day(first).pred_opt().unwrap().to_string();
        assert_eq!(
            figure(&set, pool, &before, key).0,
            beside,
            "the day before: {line}"
        );
        // A window without an end is looked at years later.
        for on in [first, if last == "open" { "2026-11-22" } else { last }] {
            assert_eq!(
                figure(&set, pool, on, key),
                (value.to_owned(), basis.to_owned()),
                "on {on}: {line}"
            );
        }
        if last != "open" {
            let after = day(last).succ_opt().unwrap().to_string();
            assert_eq!(
                figure(&set, pool, &after, key).0,
                beside,
                "the day after: {line}"
            );
        }
    }
}

/// SET-6: ratio in basis points, yearly limit in fen.
#[rstest]
#[case("destitute", 10_000, None)]
#[case("orphan", 10_000, None)]
#[case("de-facto-orphan", 10_000, None)]
#[case("minimum-allowance", 7_000, Some(3_000_000))]
#[case("returned-to-poverty", 7_000, Some(3_000_000))]
#[case("low-income", 5_000, Some(2_000_000))]
#[case("at-risk", 5_000, Some(2_000_000))]
fn shangluo_aids_each_category_by_clause_6(
    #[case] category: &str,
    #[case] ratio: i64,
    #[case] limit: Option<i64>,
) {
    let set = load().unwrap();
    let (table, basis) = figure(&set, "611000", "2022-08-01", "aid.categories");
    assert_eq!(basis, "SET-6 S 6");
    let rows: Vec<serde_json::Value> = serde_json::from_str(&table).unwrap();
    let row = rows.iter().find(|row| row["category"] == category).unwrap();
    assert_eq!(row["ratio"], ratio);
    assert_eq!(
        row.get("yearly_limit").and_then(serde_json::Value::as_i64),
        limit
    );
    assert_eq!(
        figure(&set, "611000", "2022-07-31", "aid.categories").1,
        "SET-6 sample"
    );
}

/// CLK-1, CLK-10: registration keeps its day in every pool, also while Shangluo lengthens the other limits.
#[rstest]
#[case("371000", "2023-01-08")]
#[case("611000", "2022-08-01")]
#[case("320600", "2020-02-03")]
#[case("370600", "2026-11-22")]
fn a_registration_has_one_working_day(#[case] pool: &str, #[case] on: &str) {
    let set = load().unwrap();
    let policy = set.on(pool.parse().unwrap(), day(on));
    for item in &policy.one_day_items().value {
        assert_eq!(policy.first_answer(item).value, WorkingDays(1));
        assert_eq!(policy.whole_case(item).value, WorkingDays(1));
    }
    assert!(
        policy
            .one_day_items()
            .value
            .iter()
            .any(|item| item == "cross-region-registration")
    );
}

#[test]
fn the_clause_of_the_one_day_is_cited_where_it_binds() {
    let set = load().unwrap();
    let on = day("2020-02-03");
    let nantong = set.on("320600".parse().unwrap(), on);
    let citation = nantong
        .first_answer("cross-region-registration")
        .basis
        .citation()
        .unwrap();
    assert_eq!(
        (citation.source.number.as_str(), citation.clause.as_str()),
        ("苏医保发〔2020〕3号", "二(二)3")
    );
    let weihai = set.on("371000".parse().unwrap(), on);
    assert!(matches!(
        weihai
            .first_answer("cross-region-registration")
            .basis
            .ground,
        Ground::Choice { .. }
    ));
}

#[test]
fn other_items_have_the_general_limits_and_shangluos_lengthening_in_its_time() {
    let set = load().unwrap();
    let limit = |pool: &str, on: &str| {
        set.on(pool.parse().unwrap(), day(on))
            .whole_case("reimbursement")
            .value
    };
    assert_eq!(limit("371000", "2022-08-01"), WorkingDays(20));
    assert_eq!(limit("611000", "2022-07-31"), WorkingDays(20));
    assert_eq!(limit("611000", "2022-08-01"), WorkingDays(30));
    assert_eq!(limit("611000", "2023-01-01"), WorkingDays(20));
    let first = set.on("611000".parse().unwrap(), day("2022-08-01"));
    assert_eq!(first.first_answer("reimbursement").value, WorkingDays(1));
}

#[test]
fn what_the_engine_needs_has_its_type() {
    let set = load().unwrap();
    let policy = set.on("371000".parse().unwrap(), day("2026-11-22"));
    assert_eq!(policy.registration_default().value, Months(6));
    assert_eq!(policy.registration_longest().value, Months(12));
    assert_eq!(policy.supplement_lapse().value, Days(30));
    assert_eq!(policy.supplement_reminders().value, [7, 1]);
    assert_eq!(policy.parcel_lapse().value, Days(30));
    assert_eq!(policy.obligation_term().value, Days(30));
    assert_eq!(policy.second_review_sample().value, BasisPoints(500));
    assert_eq!(policy.draft_keep().value, Days(90));
    assert_eq!(policy.lookup_id_digits().value, 6);
    assert_eq!(policy.hotline().value, "12393");
    let hours = serde_json::to_string(&policy.office_hours().value).unwrap();
    assert_eq!(hours, r#"["08:30-12:00","13:30-17:30"]"#);
}

/// CAS-6: the bodies and periods still need the agency's lawyers, and say so.
#[rstest]
#[case("2020-02-03")]
#[case("2023-12-31")]
#[case("2024-01-01")]
fn a_refusal_names_three_remedies(#[case] on: &str) {
    let set = load().unwrap();
    let remedies = &set.on("371000".parse().unwrap(), day(on)).remedies().value;
    let told: Vec<_> = remedies
        .iter()
        .map(|remedy| (remedy.kind, remedy.period, remedy.check))
        .collect();
    let expected = [
        (RemedyKind::AskAgency, None, LegalCheck::NotNeeded),
        (
            RemedyKind::Reconsideration,
            Some(Period::Days(Days(60))),
            LegalCheck::Needed,
        ),
        (
            RemedyKind::Suit,
            Some(Period::Months(Months(6))),
            LegalCheck::Needed,
        ),
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_pool_without_a_pack_has_the_default_one() {
    let set = load().unwrap();
    let on = day("2023-01-08");
    let yantai = set.on("370600".parse().unwrap(), on);
    let keys = |values: &std::collections::BTreeMap<&str, _>| {
        values
            .keys()
            .map(|key| (*key).to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(keys(&yantai.values()), keys(&set.default_on(on).values()));
    assert!(set.own("370600".parse().unwrap()).is_none());
    let shown: serde_json::Value = serde_json::from_str(&show_json("370600", on).unwrap()).unwrap();
    assert_eq!(
        (&shown["pool"], &shown["pack"]),
        (&"370600".into(), &"default".into())
    );
    assert!(shown["note"].is_string());
}

#[rstest]
#[case("37100")]
#[case("weihai")]
#[case("371002")]
fn a_malformed_code_shows_nothing(#[case] pool: &str) {
    assert!(matches!(
        show_json(pool, day("2023-01-08")),
        Err(ShowError::Pool(_))
    ));
}

#[test]
fn weihai_on_the_last_day_of_its_windows() {
    insta::assert_snapshot!(show_json("371000", day("2023-03-31")).unwrap());
}

#[test]
fn every_listed_key_is_stated_by_some_pack() {
    let set = load().unwrap();
    let days = ["2020-02-03", "2022-08-01", "2023-01-08"].map(day);
    let pools = ["320600", "371000", "611000", "621000"];
    let policies = pools.iter().flat_map(|pool| {
        let pool = pool.parse().unwrap();
        days.map(|on| set.on(pool, on))
    });
    let stated: std::collections::BTreeSet<_> = policies
        .flat_map(|policy| policy.values().into_keys().collect::<Vec<_>>())
        .collect();
    let idle: Vec<_> = crate::domain::policy::keys::KEYS
        .iter()
        .map(|(name, _)| name.trim_end_matches('*'))
        .filter(|name| !stated.iter().any(|key| key.starts_with(name)))
        .collect();
    assert_eq!(idle, Vec::<&str>::new());
}

proptest::proptest! {
    /// The typed accessors and the printed values are two ways to the same statement.
    #[test]
    fn an_accessor_says_what_is_printed(pool in 0usize..5, days in 0i64..3000) {
        let set = load().unwrap();
        let pool = ["320600", "370600", "371000", "611000", "621000"][pool];
        let on = day("2019-01-01") + chrono::TimeDelta::days(days);
        let policy = set.on(pool.parse().unwrap(), on);
        let printed = |key: &str| policy.value(key).unwrap();
        let lapse = policy.supplement_lapse();
        proptest::prop_assert_eq!(&printed("supplement.lapse").basis, &lapse.basis);
        let remedies = policy.remedies();
        proptest::prop_assert_eq!(printed("remedies").window, remedies.window);
        let general = policy.whole_case("an-item-without-a-limit-of-its-own");
        proptest::prop_assert_eq!(&printed("limits.whole-case.default").basis, &general.basis);
        let bound = policy.first_answer("cross-region-registration");
        proptest::prop_assert_eq!(&printed("limits.first-answer.cross-region-registration").basis, &bound.basis);
    }
}
