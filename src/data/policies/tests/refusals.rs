//! A faulty pack is refused with its file, its key and the reason.

use rstest::rstest;

use super::*;
use crate::domain::policy::fault::Reason;

const HEAD: &str = "pool = \"371000\"\nname = { zh = \"威海市\", en = \"Weihai\" }\n";

/// Loads the default pack with one pool's pack that has these lines.
fn with(lines: &str) -> Result<PolicySet, PolicyError> {
    load_from(DEFAULT, &[("371000.toml", &format!("{HEAD}{lines}"))])
}

fn value(key: &str, value: &str, window: &str) -> String {
    format!(
        "[[value]]\nkey = \"{key}\"\nvalue = {value}\n{window}\nbasis = {{ kind = \"sample\", rule = \"CLK-1\" }}\n"
    )
}

const OPEN: &str = "from = \"2023-01-08\"";

#[rstest]
#[case::unknown("supplement.laps", "30", Reason::UnknownKey)]
#[case::fraction("second-review.sample", "0.05", Reason::WrongKind { wanted: "basis-points", found: "the fraction 0.05 (only whole numbers are kept)".to_owned() })]
#[case::text("supplement.lapse", "\"30\"", Reason::WrongKind { wanted: "days", found: "the text \"30\"".to_owned() })]
#[case::more_than_whole("second-review.sample", "10001", Reason::OutOfRange("10001".to_owned()))]
#[case::negative_money("aid.outpatient-limit", "-1", Reason::OutOfRange("-1".to_owned()))]
#[case::no_day_at_all("limits.whole-case.default", "0", Reason::OutOfRange("0".to_owned()))]
#[case::no_option("subsidy.confirmed", "\"some\"", Reason::NoOption("some".to_owned()))]
#[case::twice("subsidy.care", "[\"inpatient\", \"inpatient\"]", Reason::Disorder)]
#[case::rising("supplement.reminders", "[1, 7]", Reason::Disorder)]
#[case::empty("supplement.reminders", "[]", Reason::Empty("list"))]
#[case::hours_cross("office.hours", "[\"08:30-12:00\", \"11:30-17:30\"]", Reason::Disorder)]
#[case::hours_backwards("office.hours", "[\"17:30-08:30\"]", Reason::OutOfRange("17:30-08:30".to_owned()))]
#[case::column("retention", "[{ record = \"case\", years = 1, months = 2 }]", Reason::UnknownColumn("months".to_owned()))]
#[case::no_column("retention", "[{ record = \"case\" }]", Reason::MissingColumn("years"))]
#[case::shares(
    "fiscal.shares.ordinary",
    "[{ payer = \"city\", share = 9999 }]",
    Reason::Shares(9999)
)]
#[case::fixed(
    "limits.first-answer.cross-region-registration",
    "2",
    Reason::FixedLimit
)]
#[case::fixed("limits.whole-case.cross-region-change", "3", Reason::FixedLimit)]
fn a_wrong_value_is_refused_with_file_key_and_reason(
    #[case] key: &str,
    #[case] figure: &str,
    #[case] reason: Reason,
) {
    let error = with(&value(key, figure, OPEN)).unwrap_err();
    let said = error.to_string();
    let PolicyError::Fault { file, fault } = error else {
        panic!("{said}")
    };
    assert_eq!(
        (file.as_str(), fault.key.as_str(), fault.reason),
        ("371000.toml", key, reason)
    );
    assert!(said.contains("371000.toml") && said.contains(key), "{said}");
}

#[rstest]
#[case::same_day(
    "from = \"2023-01-08\"\nto = \"2023-03-31\"",
    "from = \"2023-03-31\"",
    Some("2023-03-31")
)]
#[case::open(
    "from = \"2023-01-08\"",
    "from = \"2024-01-01\"\nto = \"2024-01-02\"",
    Some("2024-01-01")
)]
#[case::adjoining(
    "from = \"2023-01-08\"\nto = \"2023-03-31\"",
    "from = \"2023-04-01\"",
    None
)]
fn two_values_of_a_key_never_hold_on_one_day(
    #[case] one: &str,
    #[case] other: &str,
    #[case] overlap: Option<&str>,
) {
    let both = value("supplement.lapse", "20", one) + &value("supplement.lapse", "10", other);
    let reason = match with(&both) {
        Ok(_) => None,
        Err(PolicyError::Fault { fault, .. }) => Some(fault.reason),
        Err(error) => panic!("{error}"),
    };
    assert_eq!(reason, overlap.map(|on| Reason::Overlap(day(on))));
}

#[test]
fn a_window_that_ends_before_it_begins_is_refused() {
    let lines = value(
        "supplement.lapse",
        "20",
        "from = \"2023-01-08\"\nto = \"2023-01-07\"",
    );
    let Err(PolicyError::Fault { fault, .. }) = with(&lines) else {
        panic!("accepted")
    };
    assert_eq!(
        fault.reason,
        Reason::EndsBeforeItBegins {
            from: day("2023-01-08"),
            to: day("2023-01-07")
        }
    );
}

#[rstest]
#[case::unknown_source("{ kind = \"clause\", rule = \"CLK-1\", source = \"X\", clause = \"一\" }", Reason::UnknownSource("X".to_owned()))]
#[case::half(
    "{ kind = \"choice\", rule = \"CLK-1\", reason = \"so\", source = \"Nn\" }",
    Reason::HalfCitation
)]
#[case::no_reason(
    "{ kind = \"choice\", rule = \"CLK-1\", reason = \" \" }",
    Reason::Empty("reason")
)]
#[case::rule("{ kind = \"sample\", rule = \"clk1\" }", Reason::MalformedRule("clk1".to_owned()))]
fn an_incomplete_basis_is_refused(#[case] basis: &str, #[case] reason: Reason) {
    let lines =
        format!("[[value]]\nkey = \"supplement.lapse\"\nvalue = 1\n{OPEN}\nbasis = {basis}\n");
    let Err(PolicyError::Fault { fault, .. }) = with(&lines) else {
        panic!("accepted")
    };
    assert_eq!(fault.reason, reason);
}

#[rstest]
#[case::field("colour = \"blue\"\n")]
#[case::no_basis("[[value]]\nkey = \"supplement.lapse\"\nvalue = 1\nfrom = \"2023-01-08\"\n")]
#[case::clause_without_clause(
    "[[value]]\nkey = \"supplement.lapse\"\nvalue = 1\nfrom = \"2023-01-08\"\nbasis = { kind = \"clause\", rule = \"CLK-1\", source = \"Nn\" }\n"
)]
#[case::impossible_day(
    "[[value]]\nkey = \"supplement.lapse\"\nvalue = 1\nfrom = \"2023-02-30\"\nbasis = { kind = \"sample\", rule = \"CLK-1\" }\n"
)]
fn a_file_of_another_shape_is_refused(#[case] lines: &str) {
    let error = with(lines).unwrap_err();
    assert!(matches!(error, PolicyError::Syntax { .. }), "{error}");
}

#[test]
fn a_file_named_after_another_pool_is_refused() {
    let error = load_from(DEFAULT, &[("370600.toml", HEAD)]).unwrap_err();
    assert!(matches!(error, PolicyError::Misnamed { .. }), "{error}");
}

#[test]
fn two_packs_of_one_pool_are_refused() {
    let error = load_from(DEFAULT, &[("371000.toml", HEAD), ("371000.toml", HEAD)]).unwrap_err();
    let PolicyError::Fault { fault, .. } = error else {
        panic!("{error}")
    };
    assert_eq!(fault.reason, Reason::PoolTwice);
}

/// The default pack must state every value with an accessor from 2019 on, without a gap or an end.
#[rstest]
#[case::begins_late("from = \"2020-01-01\"", "2019-01-01")]
#[case::ends("from = \"2019-01-01\"\nto = \"2030-12-31\"", "2031-01-01")]
fn a_gap_in_the_default_pack_is_refused(#[case] window: &str, #[case] gap: &str) {
    let whole = "key = \"supplement.lapse\"\nvalue = 30\nfrom = \"2019-01-01\"";
    let cut = DEFAULT.1.replace(
        whole,
        &format!("key = \"supplement.lapse\"\nvalue = 30\n{window}"),
    );
    assert_ne!(cut, DEFAULT.1);
    let error = load_from(("default.toml", &cut), &[]).unwrap_err();
    let PolicyError::Fault { file, fault } = error else {
        panic!("{error}")
    };
    assert_eq!(
        (file.as_str(), fault.key.as_str()),
        ("default.toml", "supplement.lapse")
    );
    assert_eq!(fault.reason, Reason::Gap(day(gap)));
}
