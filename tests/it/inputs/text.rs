//! Words of people that are markup, templates, wildcards or steering characters to a program: pages and messages
//! show them as text, and what can't be seen is not kept.

use bujianmian::store::schema::{account, inbox, outbox, person};
use diesel::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};

use crate::harness::service::Kind::{self, Postgres, Sqlite};
use crate::harness::user::{Reply, TestUser};
use crate::harness::world::{PASSWORD, World};

/// Breaks out of text, attribute, comment and template, if anything lets it.
const MARKUP: &str = "\"'--></textarea><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}{% raw %}${7*7}&lt;";
/// What no page may hold when [`MARKUP`] was typed.
const BROKEN_OUT: &[&str] = &["<img src=x", "<script>alert", "</textarea><img", "\"'-->"];
/// Seen by nobody, steers what stands beside it.
const INVISIBLE: &str = "\u{202e}\u{2066}\u{200b}\u{feff}\u{200f}";
/// Rare characters and the name dot, which must stay.
const RARE: &str = "𠮷䶮㛃·阿里";

/// Fails where the words have become anything but words; whether they are shown at all.
#[track_caller]
fn is_text(page: &Reply, what: &str) -> bool {
    assert!(page.status < 500, "{what}: {}", page.text);
    for broken in BROKEN_OUT {
        assert!(
            !page.text.contains(broken),
            "{what}: {broken} in {}",
            page.text
        );
    }
    for c in INVISIBLE.chars() {
        assert!(
            !page.text.contains(c),
            "{what}: U+{:04X} in {}",
            u32::from(c),
            page.text
        );
    }
    page.text.contains("onerror=alert(1)") && page.text.contains("{{7*7}}")
}

fn typed() -> String {
    format!("{RARE}{INVISIBLE}{MARKUP}")
}

fn act(user: &TestUser<'_>, number: &str, action: &str, mut body: Value) -> Value {
    let path = format!("/api/v1/cases/{number}");
    body["version"] = user.get(&path).expect(200).json()["version"].clone();
    let reply = user.post_json(&format!("{path}/actions/{action}"), &body);
    assert!(
        [200, 202].contains(&reply.status),
        "{action}: {}",
        reply.text
    );
    reply.json()
}

fn file(user: &TestUser<'_>, destination: &str) -> String {
    let body = json!({ "item": "cross-region-registration", "answers": { "kind": "referral",
        "destination": destination, "start": "2026-11-24", "end": "2026-12-24", "phone": "13800000000", "pledge": true } });
    let request = user
        .request(reqwest::Method::POST, "/api/v1/cases")
        .header("Idempotency-Key", destination);
    let reply = user.send(
        request
            .header("Content-Type", "application/json")
            .body(body.to_string()),
    );
    reply.expect(201).json()["receipt_no"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// People whose names are markup, and a case on which everybody wrote some.
fn written_on(kind: Kind) -> (World, String) {
    let world = World::start(kind);
    let name = format!("{RARE}{MARKUP}");
    world.harness.write(move |conn| {
        diesel::update(person::table)
            .set(person::name.eq(&name))
            .execute(conn.sql)?;
        diesel::update(account::table)
            .set(account::name.eq(&name))
            .execute(conn.sql)?;
        Ok(())
    });
    let (resident, handler) = (world.user("resident1"), world.user("handler1"));
    let number = file(&resident, "110100");
    act(&handler, &number, "claim", json!({ "reason": typed() }));
    act(
        &handler,
        &number,
        "hand-over",
        json!({ "to": "handler2", "reason": typed() }),
    );
    let handler = world.user("handler2");
    let missing = json!([{ "field": "phone", "reason": typed() }]);
    act(
        &handler,
        &number,
        "request-supplement",
        json!({ "missing": missing }),
    );
    (world, number)
}

#[rstest]
fn markup_in_names_and_remarks_is_shown_as_text(#[values(Sqlite, Postgres)] kind: Kind) {
    let (world, number) = written_on(kind);
    let at = |name| TestUser::sign_in(&world.harness, name, PASSWORD);
    let (resident, handler, auditor) = (at("resident1"), at("handler2"), at("auditor1"));
    let case = format!("/desk/cases/{number}");
    let reveal = [
        ("what", "id-number"),
        ("reason", &typed()),
        ("from", MARKUP),
    ];
    assert!(is_text(
        &handler.submit(&case, &format!("{case}/reveal"), &reveal),
        "reveal"
    ));
    let mut shown = 0;
    for (user, paths) in [
        (
            &resident,
            vec![
                "/my".to_owned(),
                format!("/my/cases/{number}"),
                format!("/my/cases/{number}/receipt"),
                format!("/my/cases/{number}/supplement"),
                format!("/my/cases/{number}/withdraw"),
                "/inbox".to_owned(),
                "/account".to_owned(),
                "/my/reads".to_owned(),
                "/registrations".to_owned(),
            ],
        ),
        (
            &handler,
            vec![
                "/desk".to_owned(),
                "/desk/queue".to_owned(),
                "/desk/mine".to_owned(),
                "/desk/cases".to_owned(),
                case.clone(),
                format!("{case}/actions/refuse"),
                "/account".to_owned(),
            ],
        ),
        (&auditor, vec![case.clone(), "/desk/cases".to_owned()]),
    ] {
        for path in paths {
            shown += usize::from(is_text(&user.get(&path), &path));
        }
    }
    // The name stands in the frame of every page; remarks stand where they belong.
    assert!(shown >= 16, "{shown}");
    let page = handler.get(&case).expect(200).text;
    assert!(
        page.contains(RARE) && page.matches("onerror=alert(1)").count() >= 4,
        "{page}"
    );
    // What was written to the resident is read by them without what can't be seen.
    let supplement = resident
        .get(&format!("/my/cases/{number}/supplement"))
        .expect(200)
        .text;
    assert!(supplement.contains(&format!("{RARE}&#34;")), "{supplement}");
}

#[rstest]
fn nothing_free_reaches_a_message(#[values(Sqlite, Postgres)] kind: Kind) {
    let (world, number) = written_on(kind);
    let resident = world.user("resident1");
    act(&resident, &number, "withdraw", json!({ "reason": typed() }));
    let told: Vec<(String, String)> = world.harness.read(|conn| {
        let mail = outbox::table
            .select((outbox::notice, outbox::particulars))
            .load(conn.sql)?;
        let said: Vec<(String, String)> = inbox::table
            .select((inbox::notice, inbox::particulars))
            .load(conn.sql)?;
        Ok([mail, said].concat())
    });
    assert!(told.len() >= 2, "{told:?}");
    for (notice, particulars) in &told {
        for free in ["onerror", RARE, "\u{202e}"] {
            assert!(!particulars.contains(free), "{notice}: {particulars}");
        }
    }
    for message in resident.get("/api/v1/inbox").expect(200).json()["items"]
        .as_array()
        .unwrap()
    {
        let subject = message["subject"].as_str().unwrap();
        assert!(!subject.contains(['\r', '\n', '<']), "{subject}");
    }
}

#[rstest]
#[case("/items?q=")]
#[case("/progress?receipt_no=")]
#[case("/login?next=/")]
#[case("/login?next=")]
#[case("/desk/search?number=")]
#[case("/desk/queue?state=")]
#[case("/desk/cases?state=")]
#[case("/desk?done=claim&of=")]
#[case("/desk/cases/371000-20261124-00001-0?from=/desk/")]
#[case("/account?done=")]
#[case("/inbox?after=")]
#[case("/policy/371000?on=")]
#[case("/nothing/")]
#[case("/items/")]
#[case("/demo/mail?after=")]
fn what_an_address_says_is_shown_as_text(#[case] path: &str) {
    let world = World::start(Sqlite);
    for name in ["handler1", "resident1"] {
        let user = TestUser::sign_in(&world.harness, name, PASSWORD);
        for language in ["zh-CN", "en"] {
            let encoded = bujianmian::web::urls::encode(MARKUP);
            let request = user.request(reqwest::Method::GET, &format!("{path}{encoded}"));
            let reply = user.send(request.header("Accept-Language", language));
            is_text(&reply, path);
            assert!(
                !reply.location().contains(['<', '"', '\r', '\n']),
                "{}",
                reply.location()
            );
        }
    }
}

#[test]
fn what_was_typed_comes_back_as_text() {
    let world = World::start(Sqlite);
    let resident = TestUser::sign_in(&world.harness, "resident1", PASSWORD);
    let start = "/apply/cross-region-registration";
    let draft = resident
        .submit(start, start, &[])
        .expect(303)
        .location()
        .to_owned();
    for field in ["kind", "destination", "start", "end", "phone"] {
        let page = format!("{draft}/{field}");
        let answered = resident.submit(&page, &page, &[(field, MARKUP)]);
        is_text(&answered, field);
        is_text(&resident.get(&page), field);
    }
    is_text(&resident.get(&format!("{draft}/check")), "check");
    // A form that has expired keeps what was written.
    let kept = resident
        .post(
            &format!("{draft}/phone"),
            &[("csrf", "old"), ("phone", MARKUP)],
        )
        .expect(403);
    assert!(is_text(&kept, "kept"));
    let refused = resident.try_sign_in(MARKUP, "x", MARKUP).expect(401);
    assert!(is_text(&refused, "sign-in"));
}

#[rstest]
#[case("%25")]
#[case("_")]
#[case("%25%25%25")]
#[case("%5C")]
#[case("*")]
#[case("%27%20OR%201=1%20--")]
fn wildcards_find_nothing(#[case] typed: &str) {
    let world = World::start(Sqlite);
    file(&world.user("resident1"), "110100");
    let stranger = TestUser::stranger(&world.harness);
    let all = stranger.get("/items").expect(200).text;
    let found = stranger.get(&format!("/items?q={typed}")).expect(200).text;
    let item = "href=\"/items/cross-region-registration\"";
    assert!(all.contains(item) && !found.contains(item), "{found}");
    let handler = TestUser::sign_in(&world.harness, "handler1", PASSWORD);
    let searched = handler.get(&format!("/desk/search?number={typed}"));
    assert_eq!(searched.status, 404, "{}", searched.location());
    assert_eq!(stranger.ask_token("resident%", PASSWORD).status, 401);
    assert_eq!(stranger.ask_token("resident_", PASSWORD).status, 401);
}

#[rstest]
#[case("/preferences/language/en?back=", "/%0d%0aSet-Cookie:x=y")]
#[case("/preferences/language/en?back=", "//evil.example")]
#[case("/preferences/language/en?back=", "/%5Cevil.example")]
#[case("/preferences/language/en?back=", "/%2Fevil.example")]
#[case("/preferences/print/large?back=", "https:evil.example")]
#[case("/preferences/print/large?back=", "/%09/evil.example")]
fn nobody_is_led_elsewhere(#[case] path: &str, #[case] to: &str) {
    let world = World::start(Sqlite);
    let reply = TestUser::stranger(&world.harness).get(&format!("{path}{to}"));
    assert_eq!((reply.status, reply.location()), (303, "/"));
    assert!(!format!("{:?}", reply.headers).contains("x=y"));
}

#[test]
fn the_way_back_of_a_desk_page_stays_at_the_desk() {
    let world = World::start(Sqlite);
    let number = file(&world.user("resident1"), "110100");
    let handler = TestUser::sign_in(&world.harness, "handler1", PASSWORD);
    for from in [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/desk",
        "javascript:alert(1)",
        "/desk/../../evil.example",
        "/desk@evil.example",
        "/%2Fevil.example",
    ] {
        let encoded = bujianmian::web::urls::encode(from);
        for page in [
            format!("/desk/cases/{number}?from={encoded}"),
            format!("/desk/cases/{number}/actions/claim?from={encoded}"),
        ] {
            let text = handler.get(&page).text;
            for led in [
                "href=\"//",
                "href=\"https://evil",
                "href=\"javascript",
                "href=\"/\\",
                "href=\"/%2F",
            ] {
                assert!(!text.contains(led), "{from}: {led} in {text}");
            }
        }
    }
}
