//! Contacts between agencies (XR-4 to XR-6) on both databases: asked in one province and through a provincial centre, by
//! phone outside this service, answered, late, in silence, by two at once, about a case and about a patient.

mod asking;
mod ledger;
mod rights;
mod silence;

use bujianmian::clock::Clock;
use bujianmian::domain::actor::Role;
use bujianmian::domain::ids::InstitutionId;
use bujianmian::domain::time::Ts;
use bujianmian::jobs::contacts;
use bujianmian::store::accounts;
use bujianmian::store::schema::{contact, institution};
use diesel::prelude::*;
use serde_json::{Value, json};

use crate::harness::service::{Harness, Kind};
use crate::harness::user::{Reply, TestUser};
use crate::harness::world::{PASSWORD, World, insert_agency, insert_person, login};

/// Who answers elsewhere: user name, role, agency.
const ELSEWHERE: &[(&str, Role, &str)] = &[
    ("handler-yantai", Role::Handler, "370600"),
    ("handler-yantai2", Role::Handler, "370600"),
    ("reviewer-yantai", Role::Reviewer, "370600"),
    ("supervisor-yantai", Role::Supervisor, "370600"),
    ("auditor-yantai", Role::Auditor, "370600"),
    ("centre-shandong", Role::ProvincialHandler, "370000"),
    ("centre-jiangsu", Role::ProvincialHandler, "320000"),
    ("handler-nantong", Role::Handler, "320600"),
    ("supervisor-nantong", Role::Supervisor, "320600"),
];

/// The world with agencies elsewhere: 370600 in the same province, 320600 in another, both centres.
fn world(kind: Kind) -> World {
    let world = World::start(kind);
    world.harness.write(|conn| {
        let hash = bujianmian::usecases::accounts::passwords::hash(PASSWORD).expect("a hash");
        for (code, name) in [
            ("370600", "示例烟台经办机构"),
            ("370000", "示例山东省中心"),
            ("320000", "示例江苏省中心"),
            ("320600", "示例南通经办机构"),
        ] {
            insert_agency(conn, code, name)?;
        }
        for (username, role, agency) in ELSEWHERE {
            let mut login = login(username, *role, &hash);
            login.agency = Some(agency.parse().expect("an agency"));
            login.pool = login.agency.map(|agency| agency.pool());
            accounts::insert(conn, &login)?;
        }
        let hospital: InstitutionId = Clock::new_id();
        diesel::insert_into(institution::table)
            .values((
                institution::id.eq(hospital),
                institution::code.eq("H37100000001"),
                institution::name.eq("示例医院"),
                institution::kind.eq("hospital"),
                institution::level.eq(3),
                institution::pool.eq("371000"),
                institution::region.eq("371000"),
            ))
            .execute(conn.sql)?;
        let mut clerk = login("clerk1", Role::InstitutionClerk, &hash);
        (clerk.agency, clerk.institution) = (None, Some(hospital));
        accounts::insert(conn, &clerk)?;
        insert_person(conn, 60, "370600")?;
        let person = insert_person(conn, 50, "320600")?;
        let mut resident = login("resident-nantong", Role::Resident, &hash);
        (resident.pool, resident.agency, resident.person) = (None, None, Some(person));
        accounts::insert(conn, &resident)
    });
    refresh(&world.harness);
    world
}

fn refresh(harness: &Harness) {
    let app = harness.app.clone();
    actix_web::rt::System::new()
        .block_on(async move { app.office.refresh(&app.db).await })
        .expect("the agencies are read");
}

fn set(world: &World, time: &str) {
    world.harness.app.clock.set(Ts::parse(time).unwrap());
}

/// Looks at contacts as the service does; how many warnings and silences there were.
fn time_passes(world: &World) -> (usize, usize) {
    let app = world.harness.app.clone();
    let run = actix_web::rt::System::new().block_on(async move { contacts::run(&app).await });
    let done = run.unwrap();
    assert_eq!(done.left, 0);
    (done.warned, done.silenced)
}

/// Files a registration for treatment at `destination`; the receipt number.
#[track_caller]
fn filed(world: &World, resident: &str, destination: &str) -> String {
    let body = json!({ "item": "cross-region-registration", "answers": {
        "kind": "other-temporary", "destination": destination, "start": "2026-11-25",
        "phone": "13800000000", "pledge": true } });
    let resident = world.user(resident);
    let request = resident
        .request(reqwest::Method::POST, "/api/v1/cases")
        .header("Idempotency-Key", destination)
        .header("Content-Type", "application/json")
        .body(body.to_string());
    let case = resident.send(request).expect(201).json();
    case["receipt_no"].as_str().unwrap().to_owned()
}

fn case(user: &TestUser<'_>, number: &str) -> Value {
    user.get(&format!("/api/v1/cases/{number}"))
        .expect(200)
        .json()
}

fn act(user: &TestUser<'_>, number: &str, action: &str, mut body: Value) -> Reply {
    body["version"] = case(user, number)["version"].clone();
    user.post_json(&format!("/api/v1/cases/{number}/actions/{action}"), &body)
}

/// Files, takes and asks; the receipt number of the case that waits.
#[track_caller]
fn asked(world: &World, resident: &str, handler: &str, destination: &str) -> String {
    let number = filed(world, resident, destination);
    let desk = world.user(handler);
    desk.post_json("/api/v1/queue/next", &json!({})).expect(200);
    let message = json!({ "message": "示例：请核实住院情况" });
    let waiting = act(&desk, &number, "contact", message).expect(200).json();
    assert_eq!(waiting["state"], "awaiting_agency");
    assert_eq!(waiting["due_at"], Value::Null);
    number
}

fn listed(user: &TestUser<'_>, query: &str) -> Vec<Value> {
    let found = user.get(&format!("/api/v1/contacts?{query}")).expect(200);
    found.json()["items"].as_array().unwrap().clone()
}

/// The one contact that waits for somebody's answer.
#[track_caller]
fn waiting(user: &TestUser<'_>) -> Value {
    let mut all: Vec<Value> = listed(user, "state=open")
        .into_iter()
        .filter(|one| one["answerable"] == true)
        .collect();
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

fn answer(user: &TestUser<'_>, contact: &Value, body: &Value) -> Reply {
    let id = contact["id"].as_str().unwrap();
    user.post_json(&format!("/api/v1/contacts/{id}/answer"), body)
}

fn one(user: &TestUser<'_>, contact: &Value) -> Reply {
    let id = contact["id"].as_str().unwrap();
    user.get(&format!("/api/v1/contacts/{id}"))
}

/// The kinds of notices in somebody's inbox, the latest first.
fn told(world: &World, username: &str) -> Vec<String> {
    let inbox = world.user(username).get("/api/v1/inbox").expect(200).json();
    let items = inbox["items"].as_array().unwrap().iter();
    items
        .map(|item| item["notice"].as_str().unwrap().to_owned())
        .collect()
}

/// Fails where the two sides of a contact differ in what both know.
#[track_caller]
fn both_sides_agree(world: &World) {
    type Row = (
        bujianmian::domain::ids::ContactId,
        Option<bujianmian::domain::contact::Outcome>,
        Option<Ts>,
        Option<Ts>,
        i32,
    );
    let rows: Vec<Row> = world.harness.read(|conn| {
        Ok(contact::table
            .order((contact::id, contact::side))
            .select((
                contact::id,
                contact::answer,
                contact::answered_at,
                contact::breached_at,
                contact::version,
            ))
            .load(conn.sql)?)
    });
    for pair in rows.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
        assert_eq!(pair[0], pair[1]);
    }
}
