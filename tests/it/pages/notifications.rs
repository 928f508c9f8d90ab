//! How people are told (CAS-12): what they switch, what they can't, what a case shows of it, how many messages are
//! unread, and what administrators do about those that were given up.

use bujianmian::clock::Clock;
use bujianmian::domain::ids::PersonId;
use bujianmian::domain::locale::Locale;
use bujianmian::domain::notice::Channel;
use bujianmian::store::schema::{account, outbox, person};
use diesel::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};

use super::words;
use crate::harness::service::Kind;
use crate::harness::user::TestUser;
use crate::harness::world::{PASSWORD, World};

const PHONE: &str = "13800001234";
const ADDRESS: &str = "canary@mail.example";
const PAGE: &str = "/account/notifications";
const API: &str = "/api/v1/me/notifications";

/// `resident1` has a phone and an address of mail in the registry.
fn reachable(kind: Kind) -> World {
    let world = World::start(kind);
    world.harness.write(|conn| {
        let id: Option<PersonId> = account::table
            .filter(account::username.eq("resident1"))
            .select(account::person_id)
            .first(conn.sql)?;
        diesel::update(person::table.find(id.unwrap()))
            .set((
                person::phone.eq(conn.vault.seal_text(PHONE)?),
                person::email.eq(conn.vault.seal_text(ADDRESS)?),
            ))
            .execute(conn.sql)?;
        Ok(())
    });
    world
}

fn files(world: &World) -> String {
    let resident = world.user("resident1");
    let body = json!({ "item": "cross-region-registration", "answers": {
        "kind": "other-temporary", "destination": "110100", "start": "2026-11-24", "end": "2026-12-24",
        "phone": PHONE, "pledge": true,
    }});
    let request = resident
        .request(reqwest::Method::POST, "/api/v1/cases")
        .header("Idempotency-Key", "one")
        .header("Content-Type", "application/json")
        .body(body.to_string());
    let case = resident.send(request).expect(201).json();
    case["receipt_no"].as_str().unwrap().to_owned()
}

fn put(user: &TestUser<'_>, body: &Value) -> crate::harness::user::Reply {
    let request = user
        .request(reqwest::Method::PUT, API)
        .header("Content-Type", "application/json")
        .body(body.to_string());
    user.send(request)
}

fn switch(matter: &str, channel: &str, on: bool) -> Value {
    json!({ "switches": [{ "matter": matter, "channel": channel, "on": on }] })
}

/// Whether a matter is on by a channel.
fn is_on(view: &Value, matter: &str, channel: &str) -> bool {
    let found = view["matters"].as_array().unwrap().iter();
    let found: Vec<_> = found
        .filter(|one| one["matter"] == matter && one["channel"] == channel)
        .collect();
    assert_eq!(found.len(), 1, "{matter} {channel} in {view}");
    found[0]["on"].as_bool().unwrap()
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn a_resident_switches_off_reminders_by_sms(#[case] kind: Kind) {
    let world = reachable(kind);
    let resident = TestUser::sign_in(&world.harness, "resident1", PASSWORD);
    let page = resident.get(PAGE).expect(200).text;
    let shown = words(&page);
    for expected in [
        "138****1234",
        "c***@mail.example",
        "08:00–22:00",
        "办理决定",
        "不能关闭",
    ] {
        assert!(shown.contains(expected), "{expected} in {shown}");
    }
    assert!(!page.contains(PHONE) && !page.contains(ADDRESS), "{page}");
    assert!(
        !page.contains("name=\"matter-decision\"") && !page.contains("matter-work"),
        "{page}"
    );
    let chosen = [("matter-reminder", "email"), ("locale", "en")];
    let saved = resident.submit(PAGE, PAGE, &chosen).expect(303);
    let page = resident.get(saved.location()).expect(200).text;
    assert!(words(&page).contains("通知设置已保存"), "{page}");
    let view = world.user("resident1").get(API).expect(200).json();
    assert!(!is_on(&view, "reminder", "sms") && is_on(&view, "reminder", "email"));
    assert!(!is_on(&view, "progress", "email"), "it was not ticked");
    assert!(is_on(&view, "decision", "sms"));
    assert_eq!(view["locale"], "en");
    let all = [
        ("matter-reminder", "sms"),
        ("matter-reminder", "email"),
        ("matter-progress", "email"),
        ("locale", "zh-CN"),
    ];
    resident.submit(PAGE, PAGE, &all).expect(303);
    let view = world.user("resident1").get(API).expect(200).json();
    assert!(is_on(&view, "reminder", "sms") && is_on(&view, "progress", "email"));
}

#[rstest]
#[case::lawful(switch("decision", "sms", false), "not-switchable")]
#[case::never_by_sms(switch("progress", "sms", true), "not-switchable")]
#[case::staffs(switch("work", "email", false), "not-switchable")]
#[case::unknown(switch("weather", "sms", true), "unknown-matter")]
#[case::by_pigeon(switch("reminder", "pigeon", true), "unknown-matter")]
#[case::no_list(json!({ "switches": "all" }), "wrong-type")]
#[case::half_a_switch(json!({ "switches": [{ "matter": "reminder" }] }), "unknown-matter")]
#[case::tongue(json!({ "locale": "la" }), "choice-unknown")]
fn what_cant_be_switched_is_refused_and_named(#[case] body: Value, #[case] code: &str) {
    let world = World::start(Kind::Sqlite);
    let resident = world.user("resident1");
    let before = resident.get(API).expect(200).json();
    let both = json!({ "switches": [
        { "matter": "reminder", "channel": "sms", "on": false },
    ]});
    let refused = put(&resident, &body).expect(422).json();
    assert_eq!(refused["errors"][0]["code"], code, "{refused}");
    assert_eq!(resident.get(API).expect(200).json(), before);
    let after = put(&resident, &both).expect(200).json();
    assert!(!is_on(&after, "reminder", "sms"));
}

#[test]
fn all_or_nothing_of_a_body_is_switched() {
    let world = World::start(Kind::Sqlite);
    let resident = world.user("resident1");
    let body = json!({ "switches": [
        { "matter": "reminder", "channel": "sms", "on": false },
        { "matter": "decision", "channel": "sms", "on": false },
    ]});
    put(&resident, &body).expect(422);
    assert!(is_on(
        &resident.get(API).expect(200).json(),
        "reminder",
        "sms"
    ));
}

#[rstest]
#[case("handler1", &["work"])]
#[case("supervisor1", &["work"])]
#[case("admin1", &["operation"])]
#[case("auditor1", &[])]
fn staff_choose_about_their_work_only(#[case] username: &str, #[case] expected: &[&str]) {
    let world = World::start(Kind::Sqlite);
    let view = world.user(username).get(API).expect(200).json();
    let matters = view["matters"].as_array().unwrap();
    let names: Vec<_> = matters
        .iter()
        .map(|m| m["matter"].as_str().unwrap())
        .collect();
    assert_eq!(names, expected);
    assert!(matters.iter().all(|m| m["channel"] == "email"));
    let browser = TestUser::sign_in(&world.harness, username, PASSWORD);
    let page = browser.get(PAGE).expect(200).text;
    assert!(!words(&page).contains("手机号码"), "{page}");
    assert_eq!(
        words(&page).contains("没有可以选择的方式"),
        expected.is_empty()
    );
}

fn settle(world: &World, channel: Channel, state: &'static str, error: Option<&'static str>) {
    let sent = (state == "sent").then(Clock::real);
    world.harness.write(move |conn| {
        diesel::update(outbox::table.filter(outbox::channel.eq(channel)))
            .set((
                outbox::state.eq(state),
                outbox::last_error.eq(error),
                outbox::sent_at.eq(sent),
            ))
            .execute(conn.sql)?;
        Ok(())
    });
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn the_case_shows_what_was_told_and_what_became_of_it(#[case] kind: Kind) {
    let world = reachable(kind);
    let number = files(&world);
    let resident = TestUser::sign_in(&world.harness, "resident1", PASSWORD);
    let handler = TestUser::sign_in(&world.harness, "handler1", PASSWORD);
    let (own, desk) = (
        format!("/my/cases/{number}"),
        format!("/desk/cases/{number}"),
    );
    let seen = |expected: &[&str]| {
        for page in [resident.get(&own), handler.get(&desk)] {
            let page = page.expect(200).text;
            let shown = words(&page);
            for words in expected {
                assert!(shown.contains(words), "{words} in {shown}");
            }
            let (_, told) = page.split_once("已告知的情况").unwrap();
            let (told, _) = told.split_once("</table>").unwrap();
            assert!(!told.contains(PHONE) && !told.contains(ADDRESS), "{told}");
        }
    };
    seen(&[
        "收到申请",
        "站内消息",
        "138****1234",
        "c***@mail.example",
        "等待发送",
    ]);
    settle(&world, Channel::Email, "dead", Some("smtp-550"));
    settle(&world, Channel::Sms, "waiting", Some("http-500"));
    seen(&[
        "已放弃发送：邮箱不存在或者拒收（550）",
        "未成功，稍后再发：短信网关答复500",
    ]);
    settle(&world, Channel::Email, "sent", Some("kept"));
    settle(&world, Channel::Sms, "sent", None);
    seen(&["未接入发送服务，未实际发送", "已发送（"]);
    let english = handler.get("/preferences/language/en").status;
    assert_eq!(english, 303);
    let page = handler.get(&desk).expect(200).text;
    assert!(words(&page).contains("What was told"), "{page}");
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn the_navigation_counts_what_is_unread(#[case] kind: Kind) {
    let world = reachable(kind);
    let number = files(&world);
    let resident = TestUser::sign_in(&world.harness, "resident1", PASSWORD);
    let handler = TestUser::sign_in(&world.harness, "handler1", PASSWORD);
    let page = resident.get("/my").expect(200).text;
    assert!(page.contains("消息（1条未读）"), "{page}");
    assert!(handler.get("/desk").expect(200).text.contains(">消息</a>"));
    let inbox = resident.get("/inbox").expect(200);
    let (_, rest) = inbox.text.split_once("name=\"last\" value=\"").unwrap();
    let last = rest.split('"').next().unwrap().to_owned();
    assert!(inbox.text.contains(&format!("/my/cases/{number}")));
    resident
        .submit("/inbox", "/inbox/read", &[("last", last.as_str())])
        .expect(303);
    let page = resident.get("/my").expect(200).text;
    assert!(page.contains(">消息</a>"), "{page}");
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn an_administrator_retries_all_of_one_reason(#[case] kind: Kind) {
    let world = reachable(kind);
    files(&world);
    settle(&world, Channel::Email, "dead", Some("smtp-535"));
    settle(&world, Channel::Sms, "dead", Some("http-422"));
    let admin = TestUser::sign_in(&world.harness, "admin1", PASSWORD);
    let all = words(&admin.get("/admin/outbox").expect(200).text);
    assert!(
        all.contains("邮件服务器答复535") && all.contains("号码被短信网关拒绝（422）"),
        "{all}"
    );
    let one = words(&admin.get("/admin/outbox?channel=sms").expect(200).text);
    assert!(
        !one.contains("邮件服务器答复535") && one.contains("（422）"),
        "{one}"
    );
    let action = "/admin/outbox/retry-all";
    let chosen = [("channel", "email"), ("reason", "smtp-535")];
    admin.post(action, &chosen).expect(403);
    let done = admin.submit("/admin/outbox", action, &chosen).expect(303);
    let page = words(&admin.get(done.location()).expect(200).text);
    assert!(page.contains("已有1条消息重新排队"), "{page}");
    let states = world.harness.read(|conn| {
        let rows: Vec<(Channel, String)> = outbox::table
            .order(outbox::channel)
            .select((outbox::channel, outbox::state))
            .load(conn.sql)?;
        Ok(rows)
    });
    let expected = [
        (Channel::Email, "waiting".to_owned()),
        (Channel::Sms, "dead".to_owned()),
    ];
    assert_eq!(states, expected);
    // Nothing is left of that reason.
    admin
        .submit(
            "/admin/outbox",
            action,
            &[("channel", "sms"), ("reason", "smtp-535")],
        )
        .expect(303);
}

#[test]
fn an_account_s_own_address_comes_before_the_registrys() {
    let world = reachable(Kind::Sqlite);
    let resident = world.user("resident1");
    let view = resident.get(API).expect(200).json();
    assert_eq!(
        view["email"],
        json!({ "masked": "c***@mail.example", "from": "registry" })
    );
    assert_eq!(
        view["sms"],
        json!({ "masked": "138****1234", "from": "registry" })
    );
    world.harness.write(|conn| {
        let own = conn.vault.seal_text("own@mail.example")?;
        diesel::update(account::table.filter(account::username.eq("resident1")))
            .set(account::email.eq(own))
            .execute(conn.sql)?;
        Ok(())
    });
    let view = resident.get(API).expect(200).json();
    assert_eq!(
        view["email"],
        json!({ "masked": "o***@mail.example", "from": "account" })
    );
    assert_eq!(view["locale"], Locale::Zh.tag());
}
