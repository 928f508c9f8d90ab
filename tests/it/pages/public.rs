//! Catalogue, guides and what stands around them (CAT-1, CAT-2, CAT-4, CLK-2).

use bujianmian::data::texts::text;
use bujianmian::domain::locale::Locale;
use bujianmian::items;
use rstest::rstest;

use super::{with_agencies, words};
use crate::harness::service::{Harness, Kind, Settings};
use crate::harness::user::TestUser;

fn service() -> Harness {
    with_agencies(Kind::Sqlite, Settings::default())
}

fn reader(harness: &Harness, locale: Locale) -> TestUser<'_> {
    let reader = TestUser::stranger(harness);
    reader
        .get(&format!("/preferences/language/{}?back=/", locale.tag()))
        .expect(303);
    reader
}

#[test]
fn the_catalogue_lists_every_item_in_both_languages_online_ones_first_cat_1_cat_2() {
    let harness = service();
    for locale in Locale::ALL {
        let page = reader(&harness, locale).get("/items").expect(200).text;
        let at = |slug: &str| {
            let link = format!(
                "href=\"/items/{slug}\">{}<",
                text(locale, &format!("item-{slug}"))
            );
            page.find(&link)
                .unwrap_or_else(|| panic!("{link} in {page}"))
        };
        let online: Vec<_> = items::ALL.iter().map(|item| at(item.slug)).collect();
        let offline: Vec<_> = items::offline::ALL
            .iter()
            .map(|item| at(item.slug))
            .collect();
        assert!(online.iter().max() < offline.iter().min());
    }
}

#[rstest]
#[case("缓缴", "contribution-deferral", "enrolment")]
#[case("deferral", "contribution-deferral", "enrolment")]
#[case("CONTRIBUTION-deferral", "contribution-deferral", "enrolment")]
fn a_resident_finds_an_item_by_either_language_or_slug(
    #[case] question: &str,
    #[case] found: &str,
    #[case] other: &str,
) {
    let harness = service();
    let page = TestUser::stranger(&harness)
        .get(&format!(
            "/items?q={}",
            bujianmian::web::urls::encode(question)
        ))
        .expect(200)
        .text;
    assert!(page.contains(&format!("/items/{found}\"")), "{page}");
    assert!(!page.contains(&format!("/items/{other}\"")));
}

#[test]
fn what_is_searched_for_is_shown_as_text() {
    let harness = service();
    let page = TestUser::stranger(&harness)
        .get("/items?q=%3Cscript%3E%22x%27")
        .expect(200)
        .text;
    assert!(!page.contains("<script>\"x"), "{page}");
}

#[rstest]
#[case(Locale::Zh)]
#[case(Locale::En)]
fn the_guide_of_registration_says_everything_cat_1(#[case] locale: Locale) {
    let harness = service();
    let page = reader(&harness, locale)
        .get("/items/cross-region-registration?pool=371000")
        .expect(200)
        .text;
    let words = words(&page);
    // What is asked has its own test: every field has words.
    let (before, rest) = words
        .split_once(&text(locale, "guide-materials"))
        .expect("the guide names materials");
    let (_, after) = rest
        .split_once(&text(locale, "guide-basis"))
        .expect("the guide names its basis");
    insta::assert_snapshot!(
        format!("guide_{}", locale.tag()),
        format!("{before}…\n{after}")
    );
}

#[test]
fn every_item_has_a_guide_and_nothing_else_has() {
    let harness = service();
    let reader = TestUser::stranger(&harness);
    let slugs = items::ALL.iter().map(|item| item.slug);
    for slug in slugs.chain(items::offline::ALL.iter().map(|item| item.slug)) {
        let page = reader.get(&format!("/items/{slug}")).expect(200).text;
        assert!(
            page.contains("12393") && page.contains("0513-0000003"),
            "{slug}"
        );
        let other = reader
            .get(&format!("/items/{slug}?pool=371000"))
            .expect(200);
        assert!(other.text.contains("0631-0000002"), "{slug}");
    }
    reader.get("/items/no-such-item").expect(404);
}

#[rstest]
#[case("/")]
#[case("/agencies")]
#[case("/working-days/2026")]
#[case("/anchors")]
#[case("/help")]
#[case("/accessibility")]
#[case("/privacy")]
#[case("/progress")]
fn every_page_is_there_in_both_languages_without_a_missing_word(#[case] path: &str) {
    let harness = service();
    for locale in Locale::ALL {
        let page = reader(&harness, locale).get(path).expect(200).text;
        let words = words(&page);
        let key = words.split_whitespace().find(|word| {
            // An option of the command line is no key.
            word.contains('-')
                && !word.starts_with("--")
                && word.chars().all(|c| c.is_ascii_lowercase() || c == '-')
                && !["cross-region", "on-behalf", "sign-in"].contains(word)
        });
        assert_eq!(key, None, "{path} {words}");
    }
}

#[test]
fn the_calendar_names_its_notice_and_says_when_there_is_none_clk_2() {
    let harness = service();
    let reader = reader(&harness, Locale::Zh);
    let known = words(&reader.get("/working-days/2020").expect(200).text);
    assert!(known.contains("全年共 249 个工作日"), "{known}");
    let unknown = words(&reader.get("/working-days/2035").expect(200).text);
    assert!(unknown.contains("暂定"), "{unknown}");
    reader.get("/working-days/1066").expect(404);
}
