//! Reading catalogues, and what something is on a day.

use rstest::rstest;

use super::*;
use crate::data::CATALOGUE_SAMPLE;

const HEADINGS: &str = "code,name_zh,name_en,sort,unit,class,own_share_bp,from,to,list\n";

fn read_lines(lines: &str) -> Result<Vec<Entry>, Vec<String>> {
    let faults = |faults: Vec<Fault>| faults.iter().map(ToString::to_string).collect();
    read(&format!("{HEADINGS}{lines}")).map_err(faults)
}

fn on(lines: &str, day: &str) -> Option<Classified> {
    let day: Day = day.parse().unwrap();
    let all = read_lines(lines).unwrap();
    let found: Vec<Entry> = all.into_iter().filter(|entry| entry.holds(day)).collect();
    classified(&found)
}

/// In the catalogue as class B from 2021, on the protocol for a time before and after.
const TABLET: &str = "X01,示范片,Sample tablet,drug,盒,B,1000,2021-01-01,,ordinary\n\
    X01,示范片,Sample tablet,drug,盒,outside,,2020-02-01,2021-06-30,protocol\n\
    X01,示范片,Sample tablet,drug,盒,outside,2000,2019-01-01,2020-12-31,third-supplementary\n";

#[rstest]
#[case("2018-12-31", None)]
#[case("2019-01-01", Some((Class::Outside, Some(2_000), false, Some(Listed::ThirdSupplementary))))]
#[case("2020-12-31", Some((Class::Outside, Some(2_000), true, Some(Listed::ThirdSupplementary))))]
#[case("2021-01-01", Some((Class::B, Some(1_000), true, None)))]
#[case("2021-07-01", Some((Class::B, Some(1_000), false, None)))]
fn something_is_what_its_lists_say_on_the_day(
    #[case] day: &str,
    #[case] expected: Option<(Class, Option<u16>, bool, Option<Listed>)>,
) {
    let found = on(TABLET, day);
    let told = found.map(|one| {
        let share = one.own_share.map(|share| share.0);
        (one.class, share, one.protocol, one.list)
    });
    assert_eq!(told, expected);
    assert!(found.is_none_or(|one| one.sort == Sort::Drug));
}

#[rstest]
#[case(
    "X 1,示范,,drug,,A,,2020-01-01,,ordinary",
    "line 2, code: 1 to 40 letters, digits, points, hyphens"
)]
#[case(
    "X1,,,drug,,A,,2020-01-01,,ordinary",
    "line 2, name_zh: words of at most 200 characters"
)]
#[case(
    "X1,示范,,pill,,A,,2020-01-01,,ordinary",
    "line 2, sort: drug, service, antigen-test or follow-up"
)]
#[case(
    "X1,示范,,drug,,C,,2020-01-01,,ordinary",
    "line 2, class: A, B or outside"
)]
#[case(
    "X1,示范,,drug,,B,,2020-01-01,,ordinary",
    "line 2, own_share_bp: class B needs an own share"
)]
#[case(
    "X1,示范,,drug,,B,10001,2020-01-01,,ordinary",
    "line 2, own_share_bp: basis points from 0 to 10000"
)]
#[case(
    "X1,示范,,drug,,B,0.1,2020-01-01,,ordinary",
    "line 2, own_share_bp: basis points from 0 to 10000"
)]
#[case(
    "X1,示范,,drug,,A,,2020-02-30,,ordinary",
    "line 2, from: a day, YYYY-MM-DD"
)]
#[case(
    "X1,示范,,drug,,A,,2020-01-02,2020-01-01,ordinary",
    "line 2, to: the last day lies before the first"
)]
#[case(
    "X1,示范,,drug,,A,,2020-01-01,,own",
    "line 2, list: ordinary, protocol, provincial-temporary or third-supplementary"
)]
#[case("X1,示范,,drug", "line 2: not as many cells as columns, or not UTF-8")]
#[case("", "the file has no entries")]
#[case(
    "X1,示范,,drug,,A,,2020-01-01,,ordinary\nX1,示范,,drug,,A,,2021-01-01,,ordinary",
    "line 3: X1 stands on its list for some of these days already"
)]
fn a_faulty_file_is_refused_with_its_line(#[case] lines: &str, #[case] fault: &str) {
    assert_eq!(read_lines(lines), Err(vec![fault.to_owned()]));
}

#[test]
fn all_faults_are_told_and_a_missing_column_before_them() {
    let faults = read_lines(
        "X 1,示范,,drug,,A,,2020-01-01,,ordinary\nX1,示范,,drug,,C,,2020-01-01,,ordinary",
    );
    assert_eq!(faults.unwrap_err().len(), 2);
    assert_eq!(
        read("code,name_zh\nX1,示范").unwrap_err().first(),
        Some(&Fault::NoColumn("name_en"))
    );
}

#[rstest]
#[case("示范退热片", "sftrp")]
#[case("维生素C片", "wsscp")]
#[case("CT 平扫", "ctps")]
#[case("", "")]
fn names_have_initials(#[case] name: &str, #[case] expected: &str) {
    assert_eq!(initials(name), expected);
}

#[rstest]
#[case("  ＳＦＴ ", "sft")]
#[case("示范\u{200b}", "示范")]
fn what_is_typed_is_searched_in_one_form(#[case] typed: &str, #[case] expected: &str) {
    assert_eq!(searched(typed), expected);
}

#[test]
fn the_sample_catalogue_is_sound_says_that_it_is_one_and_has_every_list() {
    let entries = read(CATALOGUE_SAMPLE).unwrap();
    assert!(entries.iter().all(|entry| entry.name_zh.contains("样例")));
    for list in [
        List::Ordinary,
        List::Protocol,
        List::ProvincialTemporary,
        List::ThirdSupplementary,
    ] {
        assert!(entries.iter().any(|entry| entry.list == list), "{list}");
    }
}
