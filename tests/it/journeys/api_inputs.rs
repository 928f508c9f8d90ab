//! What the API makes of bad requests, and how it describes itself.

use bujianmian::web::api::ROUTES;
use rstest::rstest;
use serde_json::{Value, json};

use crate::harness::service::Kind;
use crate::harness::user::{Reply, TestUser};
use crate::harness::world::World;

fn raw(user: &TestUser<'_>, content_type: &str, body: impl Into<reqwest::blocking::Body>) -> Reply {
    user.send(
        user.request(reqwest::Method::POST, "/api/v1/cases")
            .header("Idempotency-Key", "key")
            .header("Content-Type", content_type)
            .body(body),
    )
}

#[test]
fn bodies_that_cannot_be_read_are_the_callers_fault() {
    let world = World::start(Kind::Sqlite);
    let resident = world.user("resident1");
    let json_type = "application/json";
    for (content_type, body, status) in [
        (json_type, "{".to_owned(), 400),
        (json_type, "[]".to_owned(), 400),
        (json_type, "{\"item\":\"\\ud800\"}".to_owned(), 400),
        ("text/plain", "{}".to_owned(), 415),
        (
            json_type,
            format!("{{\"item\":\"{}\"}}", "x".repeat(300_000)),
            413,
        ),
        (json_type, "{\"item\":\"a\\u0000b\"}".to_owned(), 422),
        (
            json_type,
            "{\"item\":\"no-such\",\"answers\":{}}".to_owned(),
            422,
        ),
        (
            json_type,
            "{\"item\":\"cross-region-registration\",\"answers\":[]}".to_owned(),
            422,
        ),
    ] {
        let reply = raw(&resident, content_type, body.clone()).expect(status);
        assert_eq!(
            reply.header("content-type"),
            "application/problem+json",
            "{body:.40}"
        );
        assert_eq!(reply.json()["status"], status);
    }
    let invalid: &[u8] = b"{\"item\":\"\xc0\x80\"}";
    raw(&resident, json_type, invalid).expect(400);
    let without_key = resident.post_json(
        "/api/v1/cases",
        &json!({ "item": "cross-region-registration", "answers": {} }),
    );
    assert_eq!(
        without_key.expect(422).json()["errors"][0]["field"],
        "Idempotency-Key"
    );
}

#[test]
fn every_fault_of_the_answers_is_told_in_the_callers_language() {
    let world = World::start(Kind::Sqlite);
    let resident = world.user("resident1");
    let body = json!({ "item": "cross-region-registration", "answers": {
        "kind": "holiday", "destination": "999999", "start": "2026-02-30", "phone": "1", "pledge": false } });
    for language in ["zh-CN", "en"] {
        let reply = resident.send(
            resident
                .request(reqwest::Method::POST, "/api/v1/cases")
                .header("Idempotency-Key", "key")
                .header("Content-Type", "application/json")
                .header("Accept-Language", language)
                .body(body.to_string()),
        );
        let errors = reply.expect(422).json()["errors"]
            .as_array()
            .unwrap()
            .clone();
        let fields: Vec<_> = errors
            .iter()
            .map(|e| e["field"].as_str().unwrap())
            .collect();
        assert_eq!(fields, ["kind", "start", "phone", "pledge"]);
        for error in &errors {
            let message = error["message"].as_str().unwrap();
            assert!(!message.starts_with("error-"), "no words for {error}");
            assert_eq!(message.is_ascii(), language == "en", "{message}");
        }
    }
}

#[rstest]
#[case("/api/v1/cases?limit=501", "limit")]
#[case("/api/v1/cases?limit=0", "limit")]
#[case("/api/v1/cases?cursor=%00%FF", "cursor")]
#[case("/api/v1/queue?cursor=bm9uc2Vuc2U", "cursor")]
#[case("/api/v1/queue?list=all", "list")]
#[case("/api/v1/cases?state=lost", "state")]
fn a_malformed_query_is_422_at_its_name(#[case] path: &str, #[case] field: &str) {
    let world = World::start(Kind::Sqlite);
    let reply = world.user("handler1").get(path).expect(422);
    assert_eq!(reply.json()["errors"][0]["field"], field);
}

#[test]
fn unknown_routes_methods_and_roles_are_told_apart() {
    let world = World::start(Kind::Sqlite);
    let resident = world.user("resident1");
    resident.get("/api/v1/nothing").expect(404).json();
    let reply = resident.get("/api/v1/queue/next").expect(405);
    assert_eq!(reply.header("allow"), "POST");
    assert_eq!(reply.json()["code"], "method-not-allowed");
    for path in ["/api/v1/queue", "/api/v1/staff"] {
        resident.get(path).expect(403);
    }
    resident
        .post_json("/api/v1/queue/next", &json!({}))
        .expect(403);
    let stranger = TestUser::stranger(&world.harness);
    for path in [
        "/api/v1/cases",
        "/api/v1/queue",
        "/api/v1/registrations",
        "/api/v1/cases/x",
    ] {
        stranger.get(path).expect(401);
    }
    let fly = resident.post_json("/api/v1/cases/x/actions/fly", &json!({ "version": 1 }));
    fly.expect(404);
}

#[test]
fn the_catalogue_lists_what_is_not_online_too_and_guides_carry_a_schema() {
    let world = World::start(Kind::Sqlite);
    let stranger = TestUser::stranger(&world.harness);
    let items = stranger.get("/api/v1/items").expect(200).json();
    let online = items["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|i| i["online"] == true)
        .count();
    assert_eq!(online, 5);
    assert!(items["items"].as_array().unwrap().len() > 5);
    let guide = stranger
        .get("/api/v1/items/cross-region-registration")
        .expect(200)
        .json();
    let required = guide["form"]["required"].as_array().unwrap();
    assert_eq!(required.len(), 5);
    assert_eq!(guide["limits"]["first_answer"], 1);
    assert_eq!(guide["materials"][0]["deferrable"], true);
    stranger.get("/api/v1/items/nothing").expect(404);
}

#[test]
fn every_route_stands_in_the_description() {
    let world = World::start(Kind::Sqlite);
    let stranger = TestUser::stranger(&world.harness);
    let document: Value = stranger.get("/api/v1/openapi.json").expect(200).json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1."));
    for (method, path) in ROUTES {
        let operation = &document["paths"][path][method];
        assert!(operation.is_object(), "{method} {path} is not described");
        assert!(
            operation["responses"]["default"].is_object(),
            "{method} {path}"
        );
    }
    let described: usize = document["paths"]
        .as_object()
        .unwrap()
        .values()
        .map(|p| {
            p.as_object()
                .unwrap()
                .keys()
                .filter(|k| ["get", "post", "put"].contains(&k.as_str()))
                .count()
        })
        .sum();
    assert_eq!(described, ROUTES.len());
    // Every reference leads somewhere.
    let text = document.to_string();
    for part in text.split("\"#/components/schemas/").skip(1) {
        let name = part.split('"').next().unwrap();
        assert!(
            document["components"]["schemas"][name].is_object(),
            "{name}"
        );
    }
}
