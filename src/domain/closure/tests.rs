//! Closures: what is read, how they stand to a day, whom they support (XR-8, DEF-6).

use super::*;
use rstest::rstest;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn regions() -> Regions {
    Regions::parse(crate::data::REGIONS).unwrap()
}

fn typed(area: &str, from: &str, to: &str) -> Typed {
    Typed {
        kind: "closure".to_owned(),
        area: area.to_owned(),
        from: from.parse().ok(),
        to: to.parse().ok(),
        notice: "示范通告第1号".to_owned(),
    }
}

fn pool() -> RegionCode {
    "371000".parse().unwrap()
}

// DEF-6: "ended" is the last closed day, which is still closed.
#[rstest]
#[case("2022-10-01", Some("2022-10-22"), "2022-09-30", Phase::Coming)]
#[case("2022-10-01", Some("2022-10-22"), "2022-10-01", Phase::Lasting)]
#[case("2022-10-01", Some("2022-10-22"), "2022-10-22", Phase::Lasting)]
#[case("2022-10-01", Some("2022-10-22"), "2022-10-23", Phase::Over)]
#[case("2022-10-01", None, "2030-01-01", Phase::Lasting)]
fn both_ends_are_counted_in(
    #[case] from: &str,
    #[case] to: Option<&str>,
    #[case] today: &str,
    #[case] phase: Phase,
) {
    let closure = Closure {
        id: uuid::Uuid::nil().into(),
        kind: Kind::Closure,
        area: "371002".to_owned(),
        from: day(from),
        to: to.map(day),
        notice: String::new(),
    };
    assert_eq!(closure.phase(day(today)), phase);
}

#[rstest]
#[case("371002", "371002")]
#[case("环翠区", "371002")]
#[case("山东省威海市", "371000")]
#[case("山东省", "370000")]
#[case("北京市", "110000")]
fn an_area_is_found_by_code_or_name(#[case] area: &str, #[case] code: &str) {
    let entry = read(&typed(area, "2022-10-01", ""), pool(), &regions()).unwrap();
    assert_eq!(entry.area.to_string(), code);
    assert_eq!(entry.to, None);
}

#[rstest]
#[case("", "2022-10-01", "", &[("area", "required")])]
#[case("鼓楼区", "2022-10-01", "", &[("area", "region-ambiguous")])]
#[case("示范县", "2022-10-01", "", &[("area", "region-unknown")])]
#[case("710000", "2022-10-01", "", &[("area", "region-unknown")])]
#[case("371002", "", "", &[("from", "required")])]
#[case("371002", "2019-11-30", "", &[("from", "closure-too-early")])]
#[case("371002", "2022-10-02", "2022-10-01", &[("to", "end-before-start")])]
fn every_fault_stands_at_its_field(
    #[case] area: &str,
    #[case] from: &str,
    #[case] to: &str,
    #[case] faults: &[(&str, &str)],
) {
    let errors = read(&typed(area, from, to), pool(), &regions()).unwrap_err();
    let found: Vec<_> = errors
        .iter()
        .map(|e| (e.field.as_str(), e.code.as_str()))
        .collect();
    assert_eq!(found, faults);
}

#[test]
fn an_epidemic_is_the_pools_own() {
    let typed = Typed {
        kind: "epidemic".to_owned(),
        area: "110100".to_owned(),
        ..typed("", "2022-08-01", "2022-12-31")
    };
    let entry = read(&typed, pool(), &regions()).unwrap();
    assert_eq!(
        (entry.kind, entry.area.to_string().as_str()),
        (Kind::Epidemic, "371000")
    );
}

#[test]
fn a_notice_is_named() {
    let unnamed = Typed {
        notice: " ".to_owned(),
        ..typed("371002", "2022-10-01", "")
    };
    let errors = read(&unnamed, pool(), &regions()).unwrap_err();
    assert_eq!(
        (errors[0].field.as_str(), errors[0].code.as_str()),
        ("notice", "required")
    );
}

fn closure(kind: Kind, area: &str) -> Closure {
    Closure {
        id: uuid::Uuid::nil().into(),
        kind,
        area: area.to_owned(),
        from: day("2022-11-01"),
        to: Some(day("2022-11-30")),
        notice: String::new(),
    }
}

// XR-8: inside or around the place, days in common.
#[rstest]
#[case("371000", "371000", true)]
#[case("371002", "371000", true)]
#[case("370000", "371000", true)]
#[case("371000", "370000", true)]
#[case("370600", "371000", false)]
#[case("110000", "110100", true)]
#[case("320000", "371000", false)]
fn areas(#[case] area: &str, #[case] place: &str, #[case] supports: bool) {
    let closures = [closure(Kind::Closure, area)];
    let span = (day("2022-11-20"), None);
    assert_eq!(
        supporting(&closures, place, span).count(),
        usize::from(supports)
    );
    let epidemic = [closure(Kind::Epidemic, area)];
    assert_eq!(supporting(&epidemic, place, span).count(), 0);
}

#[rstest]
#[case("2022-11-30", None, true)]
#[case("2022-12-01", None, false)]
#[case("2022-10-01", Some("2022-11-01"), true)]
#[case("2022-10-01", Some("2022-10-31"), false)]
fn days(#[case] since: &str, #[case] until: Option<&str>, #[case] supports: bool) {
    let closures = [closure(Kind::Closure, "371000")];
    let span = (day(since), until.map(day));
    assert_eq!(
        supporting(&closures, "371000", span).count(),
        usize::from(supports)
    );
}
