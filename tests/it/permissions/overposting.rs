//! What a request brings beside what is asked for (state, holder, role, amount, pool, person): ignored in forms and
//! JSON alike.

use bujianmian::domain::actor::Role;
use bujianmian::domain::case::State;
use bujianmian::store::schema::account;
use diesel::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};

use super::scene::{Body, Scene, Whose};
use crate::harness::service::Kind;

/// Everything that is the service's to say.
const EXTRA: &[(&str, &str)] = &[
    ("state", "approved"),
    ("role", "administrator"),
    ("pool", "320600"),
    ("agency", "320600"),
    ("holder", "01900000-0000-7000-8000-000000000000"),
    ("person", "01900000-0000-7000-8000-000000000000"),
    ("account", "01900000-0000-7000-8000-000000000000"),
    ("filed_by", "01900000-0000-7000-8000-000000000000"),
    ("amount", "99999"),
    ("urgency", "urgent"),
    ("due_at", "2099-01-01T00:00:00+08:00"),
    ("decision", "approved"),
    ("sampled", "false"),
];

fn with_extra(mut body: Value) -> Value {
    for (name, value) in EXTRA {
        body[*name] = json!(value);
    }
    body
}

fn form(csrf: &str, own: &[(&'static str, &str)]) -> Body {
    let all = own
        .iter()
        .chain(EXTRA)
        .map(|(name, value)| (*name, (*value).to_owned()));
    Body::Form(
        std::iter::once(("csrf", csrf.to_owned()))
            .chain(all)
            .collect(),
    )
}

#[rstest]
fn a_filing_says_nothing_of_what_is_the_services_to_say(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let scene = Scene::start(kind);
    let resident = scene.visitor(Role::Resident);
    let answers = with_extra(
        json!({ "kind": "other-temporary", "destination": "310100", "start": "2027-01-01",
        "end": "2027-01-31", "phone": "13800000000", "pledge": true }),
    );
    let body = with_extra(json!({ "item": "cross-region-registration", "answers": answers }));
    let by_api = scene
        .send(&resident, ("post", "/api/v1/cases"), Body::Json(body))
        .expect(201)
        .json();
    let begin = form(&resident.csrf, &[("kind", "other-temporary")]);
    let begun = scene
        .send(
            &resident,
            ("post", "/apply/cross-region-registration"),
            begin,
        )
        .expect(303);
    let draft = begun.location().to_owned();
    for (field, value) in [
        ("destination", "320100"),
        ("start", "2027-01-01"),
        ("end", "2027-01-31"),
        ("phone", "13800000000"),
    ] {
        let answer = form(&resident.csrf, &[(field, value)]);
        scene
            .send(&resident, ("post", &format!("{draft}/{field}")), answer)
            .expect(303);
    }
    scene
        .send(
            &resident,
            ("post", &format!("{draft}/autosave")),
            form(&resident.csrf, &[]),
        )
        .expect(204);
    let submitted = scene.send(
        &resident,
        ("post", &format!("{draft}/submit")),
        form(&resident.csrf, &[("pledge", "yes")]),
    );
    let by_page = submitted
        .expect(303)
        .location()
        .split('/')
        .nth(3)
        .unwrap()
        .to_owned();
    let own = scene.case(&scene.things[&Whose::Own].receipt_no);
    for number in [by_api["receipt_no"].as_str().unwrap(), &by_page] {
        let case = scene.case(number);
        assert_eq!(
            (case.state, case.holder, case.decision),
            (State::Submitted, None, None)
        );
        assert_eq!(
            (case.person, case.filed_by, case.agency),
            (own.person, own.filed_by, own.agency)
        );
        assert_eq!(
            (case.pool, case.urgency, case.version),
            (own.pool, own.urgency, 1)
        );
        assert!(case.due().unwrap().rfc3339().starts_with("2026-11-25"));
    }
    assert_eq!(by_api["answers"]["state"], Value::Null);
    assert_eq!(by_api["answers"].as_object().unwrap().len(), 6);
}

#[rstest]
fn an_action_does_what_it_is_and_nothing_beside(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let scene = Scene::start(kind);
    let handler = scene.visitor(Role::Handler);
    let before = scene.case(&scene.things[&Whose::Another].receipt_no);
    let path = format!("/api/v1/cases/{}/actions/claim", before.receipt_no);
    let body = with_extra(json!({ "version": before.version, "reason": "示例：先办" }));
    scene
        .send(&handler, ("post", &path), Body::Json(body))
        .expect(200);
    let after = scene.case(&before.receipt_no);
    assert_eq!(
        (after.state, after.holder),
        (State::InReview, Some(scene.account("handler")))
    );
    assert_eq!(
        (after.pool, after.person, after.agency),
        (before.pool, before.person, before.agency)
    );
    assert_eq!(
        (after.filed_by, after.urgency, after.decision),
        (before.filed_by, before.urgency, None)
    );
    let page = format!("/desk/cases/{}/actions/release", before.receipt_no);
    let version = after.version.to_string();
    let body = form(
        &handler.csrf,
        &[("version", &version), ("reason", "示例：放回")],
    );
    scene.send(&handler, ("post", &page), body).expect(303);
    let released = scene.case(&before.receipt_no);
    assert_eq!(
        (released.state, released.holder, released.decision),
        (State::Submitted, None, None)
    );
}

#[rstest]
fn an_account_gives_itself_no_role(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let scene = Scene::start(kind);
    type Rights = Vec<(String, Role, Option<bujianmian::domain::place::Pool>)>;
    let rights = || -> Rights {
        scene.harness.read(|conn| {
            Ok(account::table
                .order(account::username)
                .select((account::username, account::role, account::pool))
                .load(conn.sql)?)
        })
    };
    let before = rights();
    for role in [Role::Resident, Role::Handler, Role::EmployerAgent] {
        let visitor = scene.visitor(role);
        let language = form(&visitor.csrf, &[("locale", "en")]);
        scene
            .send(&visitor, ("post", "/account/language"), language)
            .expect(303);
        let body = with_extra(
            json!({ "username": role.as_str(), "password": crate::harness::world::PASSWORD }),
        );
        let token = scene
            .send(&visitor, ("post", "/api/v1/token"), Body::Json(body))
            .expect(200)
            .json();
        let mut signed_in = visitor.clone();
        signed_in.token = token["access_token"].as_str().unwrap().to_owned();
        let me = scene
            .send(
                &signed_in,
                ("get", "/api/v1/me?role=administrator"),
                Body::Nothing,
            )
            .expect(200)
            .json();
        assert_eq!(me["role"], role.as_str());
        scene
            .send(&signed_in, ("get", "/admin/outbox"), Body::Nothing)
            .expect(403);
    }
    assert_eq!(rights(), before);
}
