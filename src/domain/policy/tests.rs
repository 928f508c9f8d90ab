//! Windows and keys; what the packs say is tested where they are embedded.

use std::collections::BTreeSet;

use proptest::prelude::*;
use rstest::rstest;

use super::keys::{self, KEYS, Kind};
use super::value::Window;
use super::*;

fn window(from: i64, length: Option<u64>) -> Window {
    let from = FIRST_DAY + chrono::TimeDelta::days(from);
    Window {
        from,
        to: length.map(|days| from + chrono::Days::new(days)),
    }
}

proptest! {
    #[test]
    fn two_windows_meet_exactly_when_a_day_lies_in_both(
        (a, la, b, lb) in (0i64..40, prop::option::of(0u64..20), 0i64..40, prop::option::of(0u64..20)),
    ) {
        let (one, other) = (window(a, la), window(b, lb));
        let common = (0i64..100).map(|day| FIRST_DAY + chrono::TimeDelta::days(day));
        let common = common.into_iter().any(|day| one.holds(day) && other.holds(day));
        prop_assert_eq!(one.meets(&other), common);
        prop_assert_eq!(other.meets(&one), common);
    }
}

#[test]
fn every_key_is_listed_once() {
    let names: BTreeSet<_> = KEYS.iter().map(|(name, _)| name).collect();
    assert_eq!(names.len(), KEYS.len());
}

#[rstest]
#[case("limits.first-answer.cross-region-change", Some(Kind::WorkingDays))]
#[case("limits.first-answer.default", Some(Kind::WorkingDays))]
#[case("limits.first-answer.", None)]
#[case("limits.first-answer.Two Words", None)]
#[case("limits.first-answer.a--b", None)]
#[case("limits.first-answer", None)]
#[case("supplement.lapse", Some(Kind::Days))]
#[case("supplement.lapse.more", None)]
fn a_key_has_a_kind_or_is_unknown(#[case] key: &str, #[case] kind: Option<Kind>) {
    assert_eq!(keys::kind(key), kind);
}
