//! Registering COVID patients without papers (XR-3), recording what can't be completed (XR-6), registrations as officers
//! see them. Over HTTP, on both databases; the ledger's entries are made by its use cases.

use bujianmian::clock::Clock;
use bujianmian::domain::actor::{Actor, Role};
use bujianmian::domain::ids::{AccountId, InstitutionId, PatientId};
use bujianmian::domain::patient::entry::Raw;
use bujianmian::domain::patient::{Patient, Status};
use bujianmian::domain::time::Day;
use bujianmian::store::accounts;
use bujianmian::store::schema::{account, institution};
use bujianmian::store::{patients, sessions};
use bujianmian::usecases::accounts::passwords;
use bujianmian::usecases::{Error, ledger};
use diesel::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};

use crate::harness::service::Kind::{self, Postgres, Sqlite};
use crate::harness::user::Reply;
use crate::harness::world::{PASSWORD, World, id_number, insert_agency, login};

mod office;

pub const ITEM: &str = "cross-region-registration-covid";

/// The world with a hospital, its clerk, and the agency in another prefecture of the province.
pub fn world(kind: Kind) -> World {
    let world = World::start(kind);
    let hash = passwords::hash(PASSWORD).unwrap();
    world.harness.write(move |conn| {
        insert_agency(conn, "370600", "示例邻市经办机构")?;
        let hospital: InstitutionId = Clock::new_id();
        diesel::insert_into(institution::table)
            .values((
                institution::id.eq(hospital),
                institution::code.eq("H37060000001"),
                institution::name.eq("示例邻市医院"),
                institution::kind.eq("hospital"),
                institution::level.eq(3),
                institution::pool.eq("370600"),
                institution::region.eq("370600"),
            ))
            .execute(conn.sql)?;
        for (name, role) in [
            ("clerk-there", Role::InstitutionClerk),
            ("handler-there", Role::Handler),
        ] {
            let mut there = login(name, role, &hash);
            there.pool = Some("370600".parse().unwrap());
            there.agency = (role == Role::Handler).then(|| "370600".parse().unwrap());
            there.institution = (role == Role::InstitutionClerk).then_some(hospital);
            accounts::insert(conn, &there)?;
        }
        let mut other = login("clerk-here", Role::InstitutionClerk, &hash);
        other.agency = None;
        let here: InstitutionId = Clock::new_id();
        diesel::insert_into(institution::table)
            .values((
                institution::id.eq(here),
                institution::code.eq("H37100000001"),
                institution::name.eq("示例本市医院"),
                institution::kind.eq("hospital"),
                institution::level.eq(2),
                institution::pool.eq("371000"),
                institution::region.eq("371000"),
            ))
            .execute(conn.sql)?;
        other.institution = Some(here);
        accounts::insert(conn, &other)
    });
    let app = world.harness.app.clone();
    actix_web::rt::System::new()
        .block_on(async move { app.office.refresh(&app.db).await })
        .unwrap();
    world
}

fn actor(world: &World, username: &str) -> Actor {
    let day = world.harness.app.clock.now().day();
    let username = username.to_owned();
    world.harness.read(move |conn| {
        let id: AccountId = account::table
            .filter(account::username.eq(&username))
            .select(account::id)
            .first(conn.sql)?;
        Ok(sessions::actor(conn, id, day)?.unwrap())
    })
}

fn run<T>(work: impl Future<Output = Result<T, Error>>) -> T {
    actix_web::rt::System::new().block_on(work).unwrap()
}

/// `resident<number>` is in the hospital of `clerk`.
pub fn enter(
    world: &World,
    clerk: &str,
    number: u16,
    status: &str,
    from: &str,
    to: &str,
) -> Patient {
    let (app, clerk) = (world.harness.app.clone(), actor(world, clerk));
    let raw = Raw {
        name: format!("示例居民{number}"),
        id_number: id_number(number).as_str().to_owned(),
        status: status.to_owned(),
        admitted_on: from.to_owned(),
        discharged_on: to.to_owned(),
        ..Raw::default()
    };
    run(async move { ledger::enter(&app, &clerk, &raw).await })
        .1
        .patient
}

fn now_of(world: &World, patient: &Patient) -> Patient {
    let (pool, id) = (patient.pool, patient.id);
    world
        .harness
        .read(move |conn| Ok(patients::find(conn, pool, id)?.unwrap().patient))
}

fn set_status(world: &World, patient: &Patient, to: Status, why: &str) {
    let why = why.to_owned();
    let (app, clerk) = (world.harness.app.clone(), actor(world, "clerk-there"));
    let now = now_of(world, patient);
    run(
        async move { ledger::changing::set_status(&app, &clerk, (now.id, now.version), to, why).await },
    );
}

fn discharge(world: &World, patient: &Patient, on: &str) {
    let (app, clerk) = (world.harness.app.clone(), actor(world, "clerk-there"));
    let now = now_of(world, patient);
    let on: Day = on.parse().unwrap();
    run(async move {
        ledger::changing::discharge(&app, &clerk, (now.id, now.version), &on.to_string()).await
    });
}

pub fn file(world: &World, who: &str, key: &str, body: &Value) -> Reply {
    let user = world.user(who);
    user.send(
        user.request(reqwest::Method::POST, "/api/v1/cases")
            .header("Idempotency-Key", key)
            .header("Content-Type", "application/json")
            .body(body.to_string()),
    )
}

fn press(world: &World, who: &str, key: &str) -> Reply {
    file(world, who, key, &json!({ "item": ITEM, "answers": {} }))
}

pub fn registrations(world: &World, who: &str, query: &str) -> Vec<Value> {
    let list = world
        .user(who)
        .get(&format!("/api/v1/registrations{query}"));
    list.expect(200).json()["items"].as_array().unwrap().clone()
}

fn stands(world: &World) -> (String, String, Option<String>) {
    let all = registrations(world, "resident1", "");
    let one = all
        .iter()
        .find(|one| one["kind"] == "covid")
        .unwrap_or_else(|| panic!("{all:?}"));
    (
        one["state"].as_str().unwrap().to_owned(),
        one["start"].as_str().unwrap().to_owned(),
        one["end"].as_str().map(str::to_owned),
    )
}

fn stood(state: &str, start: &str, end: Option<&str>) -> (String, String, Option<String>) {
    (state.to_owned(), start.to_owned(), end.map(str::to_owned))
}

pub fn notices(world: &World, who: &str) -> Vec<String> {
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

// XR-3: in force on filing, from the admission; closed by the discharge entry, which the person is told.
#[rstest]
fn one_press_and_the_ledger_does_the_rest(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    let patient = enter(&world, "clerk-there", 1, "suspected", "2026-11-20", "");
    let filed = press(&world, "resident1", "a").expect(201).json();
    assert_eq!(filed["state"], "submitted");
    assert_eq!(filed["urgency"], "special");
    assert_eq!(filed["basis"]["ledger"]["admitted_on"], "2026-11-20");
    assert_eq!(filed["due_at"], "2026-11-25T17:30:00+08:00");
    assert_eq!(stands(&world), stood("active", "2026-11-20", None));
    assert_eq!(now_of(&world, &patient).progress.as_str(), "registered");

    // The same again is the same case; another press is told that it is registered.
    let again = press(&world, "resident1", "a").expect(201).json();
    assert_eq!(again["receipt_no"], filed["receipt_no"]);
    assert_eq!(
        press(&world, "resident1", "b").expect(409).json()["code"],
        "overlap"
    );

    set_status(&world, &patient, Status::Confirmed, "");
    assert_eq!(stands(&world), stood("active", "2026-11-20", None));
    discharge(&world, &patient, "2026-11-23");
    assert_eq!(
        stands(&world),
        stood("ended", "2026-11-20", Some("2026-11-23"))
    );
    assert!(notices(&world, "resident1").contains(&"registration-ended".to_owned()));
    assert_eq!(
        press(&world, "resident1", "c").expect(409).json()["code"],
        "overlap"
    );
}

#[rstest]
fn an_exclusion_ends_it_and_a_confirmation_opens_it_again(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    let patient = enter(&world, "clerk-there", 1, "suspected", "2026-11-20", "");
    press(&world, "resident1", "a").expect(201);
    set_status(&world, &patient, Status::Excluded, "");
    assert_eq!(
        stands(&world),
        stood("ended", "2026-11-20", Some("2026-11-24"))
    );
    set_status(&world, &patient, Status::Confirmed, "示例：复检阳性");
    assert_eq!(stands(&world), stood("active", "2026-11-20", None));
}

// XR-3: who is in no ledger states it under pledge, and is found in it later.
#[rstest]
fn what_was_pledged_is_found_in_the_ledger_later(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    fault(press(&world, "resident1", "a"), "status", "required");
    let stated = json!({ "item": ITEM, "answers": { "destination": "370600", "status": "confirmed",
        "admitted_on": "2026-11-22", "pledge": true } });
    let filed = file(&world, "resident1", "b", &stated).expect(201).json();
    assert_eq!(filed["basis"], json!({ "pledge": true }));
    assert_eq!(stands(&world), stood("active", "2026-11-22", None));

    let patient = enter(&world, "clerk-there", 1, "confirmed", "2026-11-21", "");
    assert_eq!(stands(&world), stood("active", "2026-11-21", None));
    assert_eq!(now_of(&world, &patient).progress.as_str(), "registered");
    let path = format!("/api/v1/cases/{}", filed["receipt_no"].as_str().unwrap());
    let seen = world.user("handler1").get(&path).expect(200).json();
    assert_eq!(seen["basis"]["ledger"]["patient"], patient.id.to_string());
    discharge(&world, &patient, "2026-11-24");
    assert_eq!(stands(&world).0, "ended");
}

#[rstest]
fn who_is_treated_at_home_needs_none(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    enter(&world, "clerk-here", 1, "confirmed", "2026-11-20", "");
    fault(
        press(&world, "resident1", "a"),
        "destination",
        "treated-at-home",
    );
}

fn press_for(world: &World, who: &str, key: &str, whom: Value) -> Reply {
    file(
        world,
        who,
        key,
        &json!({ "item": ITEM, "answers": {}, "for": whom }),
    )
}

// XR-3: the hospital's clerk and the handlers of both places, without a call back; the person is told.
#[rstest]
#[case("clerk-there", "on-behalf")]
#[case("handler-there", "phone")]
#[case("handler1", "phone")]
fn others_register_by_the_ledger(
    #[case] who: &str,
    #[case] channel: &str,
    #[values(Sqlite, Postgres)] kind: Kind,
) {
    let world = world(kind);
    let number = json!({ "id_number": id_number(1).as_str() });
    let before = press_for(&world, who, "a", number.clone())
        .expect(422)
        .json();
    assert_ne!(before["errors"], json!([]));
    let patient = enter(&world, "clerk-there", 1, "confirmed", "2026-11-20", "");
    let filed = press_for(&world, who, "b", number).expect(201).json();
    assert_eq!(filed["channel"], channel);
    assert_eq!(filed["agency"], "371000");
    assert_eq!(stands(&world), stood("active", "2026-11-20", None));
    assert_eq!(notices(&world, "resident1"), ["filed-for-you"]);
    let again = press_for(
        &world,
        who,
        "c",
        json!({ "patient": patient.id.to_string() }),
    );
    assert_eq!(again.expect(409).json()["code"], "overlap");
    // Who files never handles (CAS-10).
    world
        .user("handler2")
        .post_json("/api/v1/queue/next", &json!({}))
        .expect(200);
}

#[rstest]
#[case("clerk-here")]
#[case("handler-elsewhere")]
fn nobody_else_registers_by_it(#[case] who: &str, #[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    let patient = enter(&world, "clerk-there", 1, "confirmed", "2026-11-20", "");
    let whom = json!({ "patient": patient.id.to_string() });
    fault(press_for(&world, who, "a", whom), "for", "not-in-ledger");
    let missing: PatientId = Clock::new_id();
    let whom = json!({ "patient": missing.to_string() });
    fault(press_for(&world, who, "b", whom), "for", "not-in-ledger");
    let whom = json!({ "patient": patient.id.to_string() });
    press_for(&world, "reviewer1", "c", whom).expect(403);
}

// XR-5: whom no pool of this system insures, the agencies ask the place of insurance for.
#[rstest]
fn who_is_insured_outside_is_asked_for(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    let (app, clerk) = (world.harness.app.clone(), actor(&world, "clerk-there"));
    let raw = Raw {
        name: "示例外地患者".to_owned(),
        id_number: id_number(777).as_str().to_owned(),
        status: "confirmed".to_owned(),
        admitted_on: "2026-11-20".to_owned(),
        place_of_insurance: "110100".to_owned(),
        ..Raw::default()
    };
    run(async move { ledger::enter(&app, &clerk, &raw).await });
    let whom = json!({ "id_number": id_number(777).as_str() });
    fault(
        press_for(&world, "clerk-there", "a", whom),
        "for",
        "insured-outside",
    );
}

#[rstest]
fn a_relative_presses_for_them(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    enter(&world, "clerk-there", 1, "confirmed", "2026-11-20", "");
    let body = json!({ "id_number": id_number(2).as_str(), "name": "示例居民2" });
    let granted = world
        .user("resident1")
        .post_json("/api/v1/authorisations", &body);
    let id = granted.expect(201).json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let accept = format!("/api/v1/authorisations/{id}/accept");
    world
        .user("resident2")
        .post_json(&accept, &json!({}))
        .expect(200);
    let whom = json!({ "id_number": id_number(1).as_str() });
    let filed = press_for(&world, "resident2", "a", whom).expect(201).json();
    assert_eq!(filed["channel"], "on-behalf");
    assert_eq!(stands(&world), stood("active", "2026-11-20", None));
}
