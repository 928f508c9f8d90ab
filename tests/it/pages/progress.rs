//! Looking up progress without signing in (CAS-5).

use bujianmian::config::SignInLimits;
use rstest::rstest;
use serde_json::json;

use super::{with_agencies, words};
use crate::harness::service::{Harness, Kind, Settings};
use crate::harness::user::{Reply, TestUser};
use crate::harness::world::{World, id_number};

fn look_up(user: &TestUser<'_>, receipt_no: &str, last_six: &str) -> Reply {
    let token = user.get("/progress").form_token("/progress");
    user.post(
        "/progress",
        &[
            ("csrf", &token),
            ("receipt_no", receipt_no),
            ("last_six", last_six),
        ],
    )
}

fn limited(kind: Kind) -> Harness {
    let settings = Settings {
        limits: Some(SignInLimits::default()),
        ..Settings::default()
    };
    with_agencies(kind, settings)
}

#[test]
fn the_qr_code_of_a_receipt_fills_in_its_number() {
    let harness = with_agencies(Kind::Sqlite, Settings::default());
    let page = TestUser::stranger(&harness)
        .get("/progress?receipt_no=371000-20261122-00042-7")
        .expect(200)
        .text;
    assert!(page.contains("value=\"371000-20261122-00042-7\""), "{page}");
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn whatever_is_wrong_the_answer_is_the_same(#[case] kind: Kind) {
    let harness = with_agencies(kind, Settings::default());
    let stranger = TestUser::stranger(&harness);
    let unknown = look_up(&stranger, "371000-20261122-00042-6", "31002X").expect(422);
    let malformed = look_up(&stranger, "nonsense", "31002X").expect(422);
    let digits = look_up(&stranger, "nonsense", "").expect(422);
    assert!(unknown.text.contains("没有查到"));
    assert_eq!(words(&unknown.text), words(&malformed.text));
    assert_eq!(words(&unknown.text), words(&digits.text));
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn after_ten_failures_an_address_waits(#[case] kind: Kind) {
    let harness = limited(kind);
    let stranger = TestUser::stranger(&harness);
    for number in 0..10 {
        look_up(&stranger, &format!("wrong {number}"), "31002X").expect(422);
    }
    let eleventh = look_up(&stranger, "another", "31002X").expect(429);
    assert!(eleventh.text.contains("60 分钟"), "{}", eleventh.text);
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn whoever_knows_both_numbers_sees_states_and_nothing_else(#[case] kind: Kind) {
    let world = World::start(kind);
    let resident = world.user("resident1");
    let body = json!({ "item": "cross-region-registration", "answers": {
        "kind": "other-temporary", "destination": "110100", "start": "2026-11-24", "end": "2026-12-24",
        "phone": "13800000000", "pledge": true,
    }});
    let request = resident
        .request(reqwest::Method::POST, "/api/v1/cases")
        .header("Idempotency-Key", "one")
        .header("Content-Type", "application/json")
        .body(body.to_string());
    let case = resident.send(request).expect(201).json();
    let number = case["receipt_no"].as_str().unwrap();
    let stranger = TestUser::stranger(&world.harness);
    let id = id_number(1);
    let wide: String = id
        .last_six()
        .to_lowercase()
        .chars()
        .map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap())
        .collect();
    let typed = number.replace('-', " ");
    let found = words(&look_up(&stranger, &typed, &wide).expect(200).text);
    for shown in [
        number,
        "已提交",
        "正在等待经办机构办理",
        "2026年11月25日 17:30",
    ] {
        assert!(found.contains(shown), "{shown} in {found}");
    }
    for hidden in ["13800000000", "北京", id.last_six()] {
        assert!(!found.contains(hidden), "{hidden} in {found}");
    }
    let wrong = look_up(&stranger, number, "000000").expect(422);
    let unknown = look_up(&stranger, "371000-20261122-99999-0", "000000").expect(422);
    assert_eq!(words(&wrong.text), words(&unknown.text));
}
