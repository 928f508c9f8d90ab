//! Filing for somebody else (CAS-8): by phone, for a relative, by a community worker; objection; urgency (CAT-4).
//! Over HTTP, on both databases.

use bujianmian::domain::time::Ts;
use rstest::rstest;
use serde_json::{Value, json};

use crate::harness::service::Kind::{self, Postgres, Sqlite};
use crate::harness::user::{Reply, TestUser};
use crate::harness::world::{PASSWORD, World, id_number};

fn clock(world: &World, time: &str) {
    world.harness.app.clock.set(Ts::parse(time).unwrap());
}

fn answers() -> Value {
    json!({ "kind": "other-temporary", "destination": "110100", "start": "2026-11-24",
        "end": "2026-12-24", "phone": "13800000000", "pledge": true })
}

/// Files for `resident<number>`; `more` are further fields of the body.
fn file_for(world: &World, who: &str, number: u16, key: &str, more: Value) -> Reply {
    let user = world.user(who);
    let mut body = json!({ "item": "cross-region-registration", "answers": answers(),
        "for": { "id_number": id_number(number).as_str() } });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    user.send(
        user.request(reqwest::Method::POST, "/api/v1/cases")
            .header("Idempotency-Key", key)
            .header("Content-Type", "application/json")
            .body(body.to_string()),
    )
}

fn called() -> Value {
    json!({ "call_back": { "number": "13800000001", "result": "confirmed" } })
}

fn number(reply: Reply) -> String {
    let filed = reply.expect(201).json();
    filed["receipt_no"].as_str().unwrap().to_owned()
}

#[track_caller]
fn act(world: &World, who: &str, number: &str, action: &str, body: &Value) -> Reply {
    let path = format!("/api/v1/cases/{number}/actions/{action}");
    world.user(who).post_json(&path, body)
}

fn notices(world: &World, who: &str) -> Vec<String> {
    let inbox = world.user(who).get("/api/v1/inbox").expect(200).json();
    let items = inbox["items"].as_array().unwrap();
    items
        .iter()
        .map(|one| one["notice"].as_str().unwrap().to_owned())
        .collect()
}

#[track_caller]
fn fault(reply: Reply, field: &str, code: &str) {
    let problem = reply.expect(422).json();
    let found = problem["errors"].as_array().unwrap();
    assert!(
        found
            .iter()
            .any(|one| one["field"] == field && one["code"] == code),
        "{problem}"
    );
}

/// `resident1` authorises `resident2`, who accepts; answers its identifier.
fn entrusted(world: &World, to: &str) -> String {
    let body = json!({ "id_number": id_number(2).as_str(), "name": "示例居民2", "to": to });
    let granted = world
        .user("resident1")
        .post_json("/api/v1/authorisations", &body)
        .expect(201)
        .json();
    assert_eq!(granted["state"], "offered");
    let id = granted["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/authorisations/{id}/accept");
    let accepted = world.user("resident2").post_json(&path, &json!({}));
    assert_eq!(accepted.expect(200).json()["state"], "valid");
    id
}

#[rstest]
fn a_handler_files_for_a_caller_and_never_handles_it(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    fault(
        file_for(&world, "handler1", 1, "a", json!({})),
        "call_back",
        "required",
    );
    let denied = json!({ "call_back": { "number": "13800000001", "result": "not-reached" } });
    fault(
        file_for(&world, "handler1", 1, "a", denied),
        "call_back.result",
        "call-back-needed",
    );
    let later = json!({ "call_back": { "number": "138", "result": "confirmed",
        "at": "2030-01-01T00:00:00+08:00" } });
    let faults = file_for(&world, "handler1", 1, "a", later);
    fault(faults, "call_back.at", "call-back-later");
    fault(
        file_for(&world, "handler1", 77, "a", called()),
        "for",
        "person-unknown",
    );
    fault(
        file_for(&world, "handler-elsewhere", 1, "a", called()),
        "for",
        "insured-elsewhere",
    );
    let filed = file_for(&world, "handler1", 1, "b", called())
        .expect(201)
        .json();
    assert_eq!(filed["channel"], "phone");
    // Where it stands, not what is in it (CAS-10).
    assert_eq!(filed["person"]["name"], "");
    let number = filed["receipt_no"].as_str().unwrap();
    let again = file_for(&world, "handler1", 1, "b", called()).expect(201);
    assert_eq!(again.json()["receipt_no"], number);
    assert_eq!(notices(&world, "resident1"), ["filed-for-you"]);

    let next = |who: &str| world.user(who).post_json("/api/v1/queue/next", &json!({}));
    next("handler1").expect(204);
    let claim = json!({ "version": 1, "reason": "示例" });
    act(&world, "handler1", number, "claim", &claim).expect(403);
    assert_eq!(next("handler2").expect(200).json()["receipt_no"], number);
}

#[rstest]
fn the_receipt_is_read_out_from_the_desk(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    clock(&world, "2026-11-24T10:00:00+08:00");
    let handler = TestUser::sign_in(&world.harness, "handler1", PASSWORD);
    let first = [
        ("item", "cross-region-registration"),
        ("name", "示例居民1"),
        ("last_six", id_number(1).last_six()),
        ("number", "13800000001"),
        ("result", "confirmed"),
        ("at", "09:50"),
    ]
    .map(|(name, value)| (name, value.to_owned()));
    let first: Vec<(&str, &str)> = first.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let unreached: Vec<_> = first
        .iter()
        .map(|(n, v)| (*n, if *n == "result" { "denied" } else { *v }))
        .collect();
    let refused = handler
        .submit("/desk/file", "/desk/file", &unreached)
        .expect(422);
    assert!(refused.text.contains("未经回拨"), "{}", refused.text);
    let form = handler
        .submit("/desk/file", "/desk/file", &first)
        .expect(200);
    assert!(form.text.contains("示例居民1") && !form.text.contains(id_number(1).as_str()));
    let hidden = |name: &str| {
        let (_, rest) = form
            .text
            .split_once(&format!("name=\"{name}\" value=\""))
            .unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let (person, token, csrf) = (hidden("person"), hidden("token"), hidden("csrf"));
    let mut second = vec![
        ("csrf", csrf.as_str()),
        ("item", "cross-region-registration"),
        ("person", &person),
        ("token", &token),
        ("number", "13800000001"),
        ("result", "confirmed"),
        ("at", "09:50"),
        ("kind", "other-temporary"),
        ("start", "2026-11-24"),
        ("phone", "13800000001"),
    ];
    let short = handler.post("/desk/file/submit", &second).expect(422);
    assert!(short.text.contains("govuk-error-summary"));
    second.push(("destination", "110100"));
    second.push(("pledge", "yes"));
    let done = handler.post("/desk/file/submit", &second).expect(303);
    let receipt = handler.get(done.location()).expect(200);
    assert!(
        receipt.text.contains("3710 00 2026 1124"),
        "{}",
        receipt.text
    );
    // Somebody else's receipt is not there.
    let other = TestUser::sign_in(&world.harness, "handler2", PASSWORD);
    other.get(done.location()).expect(404);
}

#[rstest]
fn a_relative_files_with_an_authorisation_and_no_longer(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    clock(&world, "2026-11-24T10:00:00+08:00");
    fault(
        file_for(&world, "resident2", 1, "a", json!({})),
        "for",
        "not-entrusted",
    );
    let id = entrusted(&world, "2026-12-01");
    let twice = json!({ "id_number": id_number(2).as_str(), "name": "示例居民2" });
    let overlap = world
        .user("resident1")
        .post_json("/api/v1/authorisations", &twice);
    assert_eq!(overlap.expect(409).json()["code"], "authorisation-overlap");
    let case = number(file_for(&world, "resident2", 1, "b", json!({})));
    assert_eq!(notices(&world, "resident1"), ["filed-for-you"]);
    assert_eq!(notices(&world, "resident2"), ["received"]);
    let path = format!("/api/v1/cases/{case}");
    let seen = world.user("resident2").get(&path).expect(200).json();
    assert_eq!(seen["channel"], "on-behalf");
    assert_eq!(seen["actions"], json!(["withdraw"]));
    let listed = world.user("resident2").get("/api/v1/cases").json();
    assert_eq!(listed["items"][0]["receipt_no"], case.as_str());
    world.user("resident3").get(&path).expect(404);

    let revoke = format!("/api/v1/authorisations/{id}/revoke");
    world
        .user("resident3")
        .post_json(&revoke, &json!({}))
        .expect(404);
    world
        .user("resident1")
        .post_json(&revoke, &json!({}))
        .expect(200);
    let again = world.user("resident1").post_json(&revoke, &json!({}));
    assert_eq!(again.expect(409).json()["code"], "authorisation-over");
    fault(
        file_for(&world, "resident2", 1, "c", json!({})),
        "for",
        "not-entrusted",
    );
    // Until it is over who filed reads it, and does nothing.
    let seen = world.user("resident2").get(&path).expect(200).json();
    assert_eq!(seen["actions"], json!([]));
    act(
        &world,
        "resident2",
        &case,
        "withdraw",
        &json!({ "version": 1 }),
    )
    .expect(403);
    act(
        &world,
        "resident1",
        &case,
        "withdraw",
        &json!({ "version": 1 }),
    )
    .expect(200);
    world.user("resident2").get(&path).expect(404);
}

// Bad input: a proxy past its term.
#[rstest]
fn past_its_term_an_authorisation_is_none(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    clock(&world, "2026-11-24T10:00:00+08:00");
    let grant = |to: &str, from: &str| {
        let body = json!({ "id_number": id_number(2).as_str(), "name": "示例居民2",
            "from": from, "to": to });
        world
            .user("resident1")
            .post_json("/api/v1/authorisations", &body)
    };
    fault(
        grant("2026-11-23", "2026-01-01"),
        "to",
        "authorisation-past",
    );
    fault(
        grant("2027-11-24", "2026-11-24"),
        "to",
        "authorisation-too-long",
    );
    fault(
        grant("2026-11-24", "2026-11-25"),
        "to",
        "authorisation-backwards",
    );
    let wrong = json!({ "id_number": id_number(2).as_str(), "name": "示例居民9" });
    let named = world
        .user("resident1")
        .post_json("/api/v1/authorisations", &wrong);
    fault(named, "id_number", "person-unknown");
    entrusted(&world, "2026-11-25");
    clock(&world, "2026-11-26T00:00:00+08:00");
    fault(
        file_for(&world, "resident2", 1, "a", json!({})),
        "for",
        "not-entrusted",
    );
    let offered = grant("2026-11-27", "2026-11-26").expect(201).json();
    clock(&world, "2026-11-28T00:00:00+08:00");
    let path = format!(
        "/api/v1/authorisations/{}/accept",
        offered["id"].as_str().unwrap()
    );
    let late = world.user("resident2").post_json(&path, &json!({}));
    assert_eq!(late.expect(409).json()["code"], "authorisation-over");
}

#[rstest]
fn a_community_worker_files_by_a_paper(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    clock(&world, "2026-11-24T10:00:00+08:00");
    let record = |signed: &str| {
        let body = json!({ "id_number": id_number(3).as_str(), "name": "示例居民3",
            "items": ["cross-region-registration"], "signed_on": signed, "kept": "示例柜 1 号" });
        world
            .user("community1")
            .post_json("/api/v1/authorisations", &body)
    };
    fault(
        record("2026-11-25"),
        "signed_on",
        "authorisation-signed-later",
    );
    assert_eq!(record("2026-11-20").expect(201).json()["state"], "valid");
    assert_eq!(
        record("2026-11-20").expect(409).json()["code"],
        "authorisation-overlap"
    );
    let case = number(file_for(&world, "community1", 3, "a", json!({})));
    assert_eq!(notices(&world, "resident3"), ["filed-for-you"]);
    let desk = TestUser::sign_in(&world.harness, "handler1", PASSWORD);
    let page = desk.get(&format!("/desk/cases/{case}")).expect(200);
    assert!(page.text.contains("社区代办"), "{}", page.text);
}

// CAS-8: before a decision the person's word ends the case; after one the supervisors are told.
#[rstest]
fn the_person_concerned_objects(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let first = number(file_for(&world, "handler1", 1, "a", called()));
    let body = json!({ "version": 1, "reason": "我没有同意" });
    act(&world, "resident2", &first, "object", &body).expect(404);
    act(&world, "handler2", &first, "object", &body).expect(403);
    let ended = act(&world, "resident1", &first, "object", &body)
        .expect(200)
        .json();
    assert_eq!(ended["state"], "withdrawn");
    assert!(notices(&world, "handler1").contains(&"objected".to_owned()));

    let second = number(file_for(&world, "handler1", 2, "b", called()));
    world
        .user("handler2")
        .post_json("/api/v1/queue/next", &json!({}))
        .expect(200);
    let grounds = json!({ "version": 2, "reason": "示例", "clause": "示例" });
    act(&world, "handler2", &second, "refuse", &grounds).expect(200);
    let confirmed = json!({ "version": 3, "reason": "示例", "clause": "示例" });
    act(&world, "reviewer1", &second, "refuse", &confirmed).expect(200);
    let page = TestUser::sign_in(&world.harness, "resident2", PASSWORD);
    let path = format!("/my/cases/{second}/object");
    let empty = page.submit(&path, &path, &[("version", "4"), ("reason", " ")]);
    assert!(empty.expect(422).text.contains("请填写提出异议的理由"));
    page.submit(&path, &path, &[("version", "4"), ("reason", "没有委托")])
        .expect(303);
    let told = notices(&world, "supervisor1");
    assert!(told.contains(&"objected-at-desk".to_owned()), "{told:?}");
    let case = world
        .user("resident2")
        .get(&format!("/api/v1/cases/{second}"))
        .json();
    assert_eq!(case["state"], "refused");
    // The own filing is nobody's to object to.
    let own = world.user("resident3");
    let filed = own.send(
        own.request(reqwest::Method::POST, "/api/v1/cases")
            .header("Idempotency-Key", "own")
            .header("Content-Type", "application/json")
            .body(json!({ "item": "cross-region-registration", "answers": answers() }).to_string()),
    );
    let third = number(filed);
    act(&world, "resident3", &third, "object", &body).expect(403);
}

// CAT-4: four working hours, never later than the ordinary limit; the front of the queue.
#[rstest]
fn an_urgent_case_is_due_and_served_first(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    clock(&world, "2026-11-24T09:00:00+08:00");
    let routine = number(file_for(&world, "handler1", 1, "a", called()));
    let mut urgent = called();
    urgent["urgent"] = json!("nothing");
    fault(
        file_for(&world, "handler1", 2, "b", urgent.clone()),
        "urgent",
        "choice-unknown",
    );
    urgent["urgent"] = json!("in-hospital");
    let filed = file_for(&world, "handler1", 2, "b", urgent)
        .expect(201)
        .json();
    assert_eq!(filed["urgency"], "urgent");
    assert_eq!(filed["due_at"], "2026-11-24T14:30:00+08:00");
    let first = world
        .user("handler2")
        .post_json("/api/v1/queue/next", &json!({}));
    assert_eq!(first.expect(200).json()["receipt_no"], filed["receipt_no"]);

    clock(&world, "2026-11-24T10:00:00+08:00");
    let set = |version: u32, class: &str| {
        let body = json!({ "version": version, "urgency": class, "reason": "示例：今天出院" });
        act(&world, "supervisor1", &routine, "set-urgency", &body)
            .expect(200)
            .json()
    };
    let hastened = set(1, "urgent");
    assert_eq!(hastened["due_at"], "2026-11-24T15:30:00+08:00");
    assert_eq!(hastened["state"], "submitted");
    // Back again moves no deadline.
    let back = set(2, "deferrable");
    assert_eq!(back["urgency"], "deferrable");
    assert_eq!(back["due_at"], "2026-11-24T15:30:00+08:00");
    let body = json!({ "version": 3, "urgency": "at-once", "reason": "示例" });
    act(&world, "supervisor1", &routine, "set-urgency", &body).expect(422);
    act(
        &world,
        "reviewer1",
        &routine,
        "set-urgency",
        &json!({ "version": 3, "urgency": "urgent", "reason": "示例" }),
    )
    .expect(403);
}
