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
use crate::harness::user::{Reply, TestUser};
use crate::harness::world::{PASSWORD, World, id_number, insert_agency, login};

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
    world
        .user("reviewer1")
        .post_json("/api/v1/cases", &json!({}))
        .expect(403);
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

fn taken(world: &World) -> Value {
    world
        .user("handler1")
        .post_json("/api/v1/queue/next", &json!({}))
        .expect(200)
        .json()
}

fn act(world: &World, case: &Value, action: &str, body: Value) -> Reply {
    let path = format!(
        "/api/v1/cases/{}/actions/{action}",
        case["receipt_no"].as_str().unwrap()
    );
    let mut body = body;
    body["version"] = case["version"].clone();
    world.user("handler1").post_json(&path, &body)
}

// XR-6: what can't be completed is recorded; the person is told, the entry knows it, and it counts as decided.
#[rstest]
fn what_cannot_be_completed_is_recorded(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    let patient = enter(&world, "clerk-there", 1, "confirmed", "2026-11-20", "");
    press(&world, "resident1", "a").expect(201);
    let case = taken(&world);
    act(&world, &case, "record", json!({})).expect(422);
    let reason = json!({ "reason": "示例：救治地无法核实" });
    let recorded = act(&world, &case, "record", reason).expect(200).json();
    assert_eq!(recorded["state"], "closed");
    assert_eq!(recorded["decision"], "recorded");
    assert_eq!(stands(&world).0, "recorded");
    assert_eq!(now_of(&world, &patient).progress.as_str(), "recorded");
    assert!(notices(&world, "resident1").contains(&"recorded".to_owned()));
    // The discharge leaves it as it is.
    discharge(&world, &patient, "2026-11-24");
    assert_eq!(stands(&world).0, "recorded");
    let page = TestUser::sign_in(&world.harness, "resident1", PASSWORD)
        .get("/registrations")
        .expect(200);
    assert!(page.text.contains("已记录在案"), "{}", page.text);
}

#[rstest]
fn an_approval_leaves_it_and_a_withdrawal_takes_it_back(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    let patient = enter(&world, "clerk-there", 1, "confirmed", "2026-11-20", "");
    let filed = press(&world, "resident1", "a").expect(201).json();
    let path = format!(
        "/api/v1/cases/{}/actions/withdraw",
        filed["receipt_no"].as_str().unwrap()
    );
    world
        .user("resident1")
        .post_json(&path, &json!({ "version": 1 }))
        .expect(200);
    assert_eq!(stands(&world).0, "cancelled");
    assert_eq!(now_of(&world, &patient).progress.as_str(), "open");
    press(&world, "resident1", "b").expect(201);
    let case = taken(&world);
    act(&world, &case, "approve", json!({})).expect(200);
    let all = registrations(&world, "resident1", "");
    let states: Vec<_> = all
        .iter()
        .map(|one| one["state"].as_str().unwrap())
        .collect();
    assert!(
        states.contains(&"active") && states.contains(&"cancelled"),
        "{states:?}"
    );
}

// XR-3: it follows the ledger, nobody changes or cancels it.
#[rstest]
fn it_is_neither_changed_nor_cancelled(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    enter(&world, "clerk-there", 1, "confirmed", "2026-11-20", "");
    press(&world, "resident1", "a").expect(201);
    let id = registrations(&world, "resident1", "")[0]["id"].clone();
    let body = json!({ "item": "cross-region-cancellation",
        "answers": { "registration": id, "reason": "示例" } });
    let refused = file(&world, "resident1", "b", &body);
    fault(refused, "registration", "registration-follows-ledger");
}

// XR-1: registrations of others, for who handles or treats them; each look is logged.
#[rstest]
fn officers_look_at_registrations(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    enter(&world, "clerk-there", 1, "confirmed", "2026-11-20", "");
    press(&world, "resident1", "a").expect(201);
    let by_number = format!("?person={}", id_number(1).as_str());
    for who in [
        "handler1",
        "reviewer1",
        "supervisor1",
        "auditor1",
        "handler-there",
    ] {
        assert_eq!(registrations(&world, who, &by_number).len(), 1, "{who}");
    }
    let refused = [
        "handler-elsewhere",
        "clerk-there",
        "admin1",
        "resident2",
        "community1",
    ];
    for who in refused {
        world
            .user(who)
            .get(&format!("/api/v1/registrations{by_number}"))
            .expect(404);
    }
    for nobody in [
        "nonsense",
        "110101199003070000",
        "01890000-0000-7000-8000-000000000000",
    ] {
        let path = format!("/api/v1/registrations?person={nobody}");
        world.user("handler1").get(&path).expect(404);
    }
    let reads = TestUser::sign_in(&world.harness, "resident1", PASSWORD)
        .get("/my/reads")
        .expect(200);
    assert!(reads.text.contains("异地就医备案记录"), "{}", reads.text);
}

#[rstest]
fn the_pages_of_one_press(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    let resident = TestUser::sign_in(&world.harness, "resident1", PASSWORD);
    let path = format!("/apply/{ITEM}");
    // In no ledger: the ordinary questions.
    assert!(resident.get(&path).expect(200).text.contains("开始填写"));
    enter(&world, "clerk-there", 1, "confirmed", "2026-11-20", "");
    for page in ["/my", "/", "/items"] {
        assert!(
            resident.get(page).expect(200).text.contains("一键办理"),
            "{page}"
        );
    }
    let offered = resident.get(&path).expect(200);
    for words in ["示例邻市医院", "2026年11月20日", "二(二)1", "立即备案"] {
        assert!(offered.text.contains(words), "{words}: {}", offered.text);
    }
    let action = format!("{path}/at-once");
    let token = offered
        .text
        .split("name=\"token\" value=\"")
        .nth(1)
        .unwrap();
    let token = token.split('"').next().unwrap().to_owned();
    let pressed = resident
        .submit(&path, &action, &[("token", &token)])
        .expect(303);
    let receipt = pressed.location().to_owned();
    assert!(receipt.ends_with("/receipt"), "{receipt}");
    let shown = resident.get(&receipt).expect(200);
    assert!(
        shown.text.contains("备案自 2026年11月20日起已经生效"),
        "{}",
        shown.text
    );
    let csrf = resident.get("/account").expect(200).form_token("/logout");
    let again = resident
        .post(&action, &[("csrf", &csrf), ("token", &token)])
        .expect(303);
    assert_eq!(again.location(), receipt);
    assert!(
        resident
            .get(&path)
            .expect(200)
            .text
            .contains("不用再次申请")
    );
    assert!(!resident.get("/my").expect(200).text.contains("一键办理"));
    let mine = resident.get("/registrations").expect(200);
    assert!(mine.text.contains("都不降低报销比例"), "{}", mine.text);
    assert!(!mine.text.contains("cross-region-change"), "{}", mine.text);

    let case = taken(&world);
    let desk = TestUser::sign_in(&world.harness, "handler1", PASSWORD);
    let page = desk
        .get(&format!(
            "/desk/cases/{}",
            case["receipt_no"].as_str().unwrap()
        ))
        .expect(200);
    for words in ["备案依据", "示例邻市医院", "医院台账"] {
        assert!(page.text.contains(words), "{words}: {}", page.text);
    }
    let reads = resident.get("/my/reads").expect(200);
    assert!(reads.text.contains("医院台账中的登记"), "{}", reads.text);
}
