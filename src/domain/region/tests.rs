//! The lists of divisions as they come with the program, and lists that are not in order.

use rstest::rstest;

use super::*;
use crate::data;

fn china() -> Regions {
    static CHINA: std::sync::OnceLock<Regions> = std::sync::OnceLock::new();
    CHINA
        .get_or_init(|| Regions::parse(data::REGIONS).unwrap())
        .clone()
}

fn r(text: &str) -> RegionCode {
    text.parse().unwrap()
}

const HEAD: &str = "# remark\ncode,name_zh,name_en,listed_from,listed_to\n";

#[rstest]
#[case("370000", Level::Province, "370000", None)]
#[case("371000", Level::Prefecture, "370000", Some("371000"))]
#[case("371002", Level::County, "370000", Some("371000"))]
#[case("110100", Level::Prefecture, "110000", Some("110100"))]
fn a_code_tells_its_level(
    #[case] code: &str,
    #[case] level: Level,
    #[case] province: &str,
    #[case] prefecture: Option<&str>,
) {
    assert_eq!(r(code).level(), level);
    assert_eq!(r(code).province(), r(province));
    assert_eq!(r(code).prefecture(), prefecture.map(r));
    assert_eq!(
        serde_json::to_string(&r(code)).unwrap(),
        format!("\"{code}\"")
    );
}

#[rstest]
#[case("")]
#[case("37100")]
#[case("3710000")]
#[case("37100a")]
#[case("+37100")]
#[case("３７１０００")]
fn what_is_not_six_digits_is_no_code(#[case] text: &str) {
    assert_eq!(RegionCode::parse(text), None);
    assert!(serde_json::from_str::<RegionCode>(&format!("\"{text}\"")).is_err());
}

#[rstest]
#[case("370000", "山东省", "Shandong")]
#[case("371000", "山东省威海市", "Weihai, Shandong")]
#[case("371002", "山东省威海市环翠区", "Huancui District, Weihai, Shandong")]
#[case("621000", "甘肃省庆阳市", "Qingyang, Gansu")]
#[case("320600", "江苏省南通市", "Nantong, Jiangsu")]
#[case("611000", "陕西省商洛市", "Shangluo, Shaanxi")]
#[case("370600", "山东省烟台市", "Yantai, Shandong")]
#[case("110100", "北京市", "Beijing")]
#[case("110101", "北京市东城区", "Dongcheng District, Beijing")]
#[case("429004", "湖北省仙桃市", "Xiantao, Hubei")]
#[case("710000", "台湾省", "Taiwan")]
// No longer in use: now a part of Jinan.
#[case("371200", "山东省莱芜市", "莱芜市, Shandong")]
fn a_place_has_its_full_name(#[case] code: &str, #[case] zh: &str, #[case] en: &str) {
    assert_eq!(china().full_name(r(code), Locale::Zh).as_deref(), Some(zh));
    assert_eq!(china().full_name(r(code), Locale::En).as_deref(), Some(en));
}

#[rstest]
#[case("371000", RegionStanding::Current)]
#[case("110100", RegionStanding::Current)]
#[case("120100", RegionStanding::Current)]
#[case("310100", RegionStanding::Current)]
#[case("500100", RegionStanding::Current)]
#[case("810000", RegionStanding::Current)]
#[case("830000", RegionStanding::Current)]
#[case("371200", RegionStanding::Abolished)]
#[case("110103", RegionStanding::Abolished)]
#[case("330103", RegionStanding::Abolished)]
#[case("370101", RegionStanding::Abolished)]
#[case("379999", RegionStanding::UnknownInProvince)]
#[case("830001", RegionStanding::UnknownInProvince)]
#[case("160000", RegionStanding::NoSuchProvince)]
#[case("910000", RegionStanding::NoSuchProvince)]
#[case("000000", RegionStanding::NoSuchProvince)]
fn a_code_is_current_abolished_or_unknown(#[case] code: &str, #[case] standing: RegionStanding) {
    assert_eq!(china().find(r(code)), standing);
    assert_eq!(
        r(code).has_province(),
        standing != RegionStanding::NoSuchProvince
    );
}

#[test]
fn the_list_is_whole() {
    let china = china();
    let level = |level| {
        china
            .current()
            .filter(|region| region.code.level() == level)
            .count()
    };
    assert_eq!(level(Level::Province), 34);
    assert_eq!(
        level(Level::Prefecture),
        337,
        "333 and the four municipalities"
    );
    assert!(level(Level::County) > 2_800);
    for region in china.0.values() {
        assert!(region.code.has_province(), "{region:?}");
        assert!(china.get(region.code.province()).is_some(), "{region:?}");
        assert!(
            !region.name_en.is_empty() && !region.name_zh.contains(char::is_whitespace),
            "{region:?}"
        );
    }
    assert!(china.current().all(|region| {
        region
            .name_en
            .chars()
            .next()
            .is_some_and(char::is_alphabetic)
    }));
    assert!(
        china
            .current()
            .all(|region| region.name_en.chars().all(|c| c.is_ascii() || c == 'ü'))
    );
}

#[rstest]
#[case("371000", Some("371000"))]
#[case("370000", Some("370000"))]
#[case("110100", Some("110100"))]
#[case("110000", Some("110100"))]
#[case("500000", Some("500100"))]
#[case("429004", Some("429004"))]
#[case("469001", Some("469001"))]
#[case("371002", None)]
#[case("110101", None)]
#[case("500229", None)]
#[case("371200", None)]
#[case("379900", None)]
#[case("810000", None)]
#[case("710000", None)]
fn a_destination_is_a_prefecture_or_a_province_xr_1(
    #[case] code: &str,
    #[case] destination: Option<&str>,
) {
    assert_eq!(china().destination(r(code)), destination.map(r));
}

#[test]
fn destinations_are_listed_once_xr_1() {
    let china = china();
    let names: Vec<_> = china
        .destinations()
        .map(|d| china.full_name(d.code, Locale::Zh).unwrap())
        .collect();
    let once: std::collections::BTreeSet<_> = names.iter().collect();
    assert_eq!(names.len(), once.len());
    assert_eq!(names.iter().filter(|name| *name == "北京市").count(), 1);
    assert!(
        names.iter().any(|name| name == "山东省威海市")
            && names.iter().any(|name| name == "山东省")
    );
}

#[test]
fn a_province_has_its_prefectures_and_a_prefecture_its_counties() {
    let china = china();
    let codes = |parent| {
        china
            .children(r(parent))
            .map(|region| region.code.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(codes("371000"), ["371002", "371003", "371082", "371083"]);
    assert_eq!(codes("370000").len(), 16);
    assert_eq!(codes("110000"), ["110100"]);
    assert_eq!(codes("110100").len(), 16);
    assert!(codes("420000").contains(&"429004".to_owned()));
}

#[rstest]
#[case("威海", "371000")]
#[case("山东省威海", "371000")]
#[case("weihai", "371000")]
#[case("3710", "371000")]
#[case("３７１０", "371000")]
#[case(" Shandong ", "370000")]
#[case("环翠", "371002")]
fn a_place_is_found_by_name_or_code(#[case] text: &str, #[case] first: &str) {
    let china = china();
    assert_eq!(
        china.search(text, 10).first().map(|region| region.code),
        Some(r(first))
    );
}

#[test]
fn a_search_is_short_and_knows_current_places_only() {
    let china = china();
    assert_eq!(china.search("县", 7).len(), 7);
    assert!(china.search("莱芜市", 10).is_empty());
    assert!(china.search("  ", 10).is_empty());
    assert!(china.search("%", 10).is_empty());
}

#[rstest]
#[case("371000,威海市,Weihai", RegionError::Columns(3))]
#[case("371000,,Weihai,,", RegionError::Columns(3))]
#[case("37100,威海市,Weihai,,", RegionError::Code(3))]
#[case("371000,威海市,Weihai,,\n371000,威海市,Weihai,,", RegionError::Twice { line: 4, code: r("371000") })]
fn a_bad_line_is_refused_with_its_reason(#[case] lines: &str, #[case] error: RegionError) {
    assert_eq!(
        Regions::parse([format!("{HEAD}{lines}").as_str()]).err(),
        Some(error)
    );
}

#[test]
fn a_list_can_be_replaced_by_another() {
    let text =
        format!("{HEAD}370000,山东省,Shandong,,\n371000,威海市,,1988-12,\n371100,旧市,,,2000-12");
    let regions = Regions::parse([text.as_str()]).unwrap();
    assert_eq!(regions.name(r("371000"), Locale::En), Some("威海市"));
    assert_eq!(
        regions.get(r("371000")).unwrap().listed_from.as_deref(),
        Some("1988-12")
    );
    assert_eq!(regions.find(r("371100")), RegionStanding::Abolished);
    assert_eq!(regions.find(r("110000")), RegionStanding::UnknownInProvince);
}
