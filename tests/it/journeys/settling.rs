//! Claims through review and settlement (RB-6, SET-1, SET-7), from filing to the approval: what the papers say, what is allowed,
//! what comes of it, who sees it. Over HTTP, on both databases; the parcel's arrival is set behind the doors.

use bujianmian::domain::actor::Role;
use bujianmian::domain::event::{Event, replay};
use bujianmian::domain::place::Pool;
use bujianmian::domain::receipt::ReceiptNo;
use bujianmian::domain::workflow::standard::REIMBURSING;
use bujianmian::domain::workflow::{Command, Context, Performer, apply};
use bujianmian::store::schema::{account, coverage};
use bujianmian::store::{accounts, cases, journal, sessions};
use bujianmian::usecases::accounts::passwords;
use diesel::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};

use super::zero_material::file;
use crate::harness::service::Kind::{self, Postgres, Sqlite};
use crate::harness::user::{Reply, TestUser};
use crate::harness::world::{PASSWORD, World, insert_agency, insert_person, login};

mod rooms;

/// Pool whose aid has a yearly limit (SET-6).
pub const AIDING: &str = "611000";

/// The world with a mailroom, and with the agency of [`AIDING`]: `aided1` with a minimum living allowance, and staff.
pub fn world(kind: Kind) -> World {
    let world = World::start(kind);
    let hash = passwords::hash(PASSWORD).unwrap();
    world.harness.write(move |conn| {
        accounts::insert(conn, &login("mailroom1", Role::MailroomClerk, &hash))?;
        insert_agency(conn, AIDING, "示例救助市经办机构")?;
        let person = insert_person(conn, 71, AIDING)?;
        diesel::update(coverage::table.filter(coverage::person_id.eq(person)))
            .set(coverage::category.eq("minimum-allowance"))
            .execute(conn.sql)?;
        let mut aided = login("aided1", Role::Resident, &hash);
        (aided.pool, aided.agency, aided.person) = (None, None, Some(person));
        accounts::insert(conn, &aided)?;
        for (name, role) in [
            ("handler-aid", Role::Handler),
            ("reviewer-aid", Role::Reviewer),
            ("reviewer-aid2", Role::Reviewer),
            ("supervisor-aid", Role::Supervisor),
            ("supervisor-aid2", Role::Supervisor),
            ("mailroom-aid", Role::MailroomClerk),
        ] {
            let mut staff = login(name, role, &hash);
            staff.pool = Some(AIDING.parse().unwrap());
            staff.agency = Some(AIDING.parse().unwrap());
            accounts::insert(conn, &staff)?;
        }
        Ok(())
    });
    let app = world.harness.app.clone();
    actix_web::rt::System::new()
        .block_on(async move { app.office.refresh(&app.db).await })
        .unwrap();
    world
}

/// A stay in a level-three hospital of the own pool, its papers by post.
pub fn stay(region: &str, invoice: &str, fen: i64, lines: Value) -> Value {
    json!({ "item": "reimbursement", "answers": {
        "care": "inpatient", "institution_name": "示例医院", "institution_level": "3",
        "institution_region": region, "from": "2026-11-02", "to": "2026-11-12",
        "diagnoses": "I10", "covid": "none",
        "invoices": [{ "number": invoice, "issued_on": "2026-11-12", "total": fen }],
        "sending": "post", "lines": lines,
        "account_holder": "示例", "bank": "示例银行", "account_kind": "card",
        "account": "4111111111111111", "phone": "13800000000", "pledge": true,
    }})
}

pub fn line(class: &str, fen: i64) -> Value {
    json!({ "day": "2026-11-03", "name": "示例药品", "class": class, "amount": fen })
}

/// Somebody files a claim.
#[track_caller]
pub fn claimed(world: &World, who: &str, body: &Value) -> String {
    let key = body["answers"]["invoices"][0]["number"].as_str().unwrap();
    let case = file(world, who, key, body).expect(201).json();
    assert_eq!(case["state"], "awaiting_parcel", "{case}");
    case["receipt_no"].as_str().unwrap().to_owned()
}

/// The parcel of a claim is registered by the mailroom.
pub fn parcel_arrives(world: &World, clerk: &str, number: &str) {
    let (clerk, number) = (clerk.to_owned(), number.to_owned());
    let app = world.harness.app.clone();
    world.harness.write(move |conn| {
        let id = account::table
            .filter(account::username.eq(&clerk))
            .select(account::id)
            .first(conn.sql)?;
        let now = app.clock.now();
        let actor = sessions::actor(conn, id, now.day())?.unwrap();
        let pool: Pool = actor.pool.unwrap();
        let listed = cases::by_receipt(conn, pool, &number)?.unwrap();
        let calendar = app.calendar();
        let hours = app.office.hours(listed.case.agency);
        let context = Context::of_service(now, &calendar, hours, None);
        let command = Command::RegisterParcel { delivered_at: now };
        let who = Performer::Person(&actor);
        let step = apply(REIMBURSING, &listed.case, who, &command, &context).unwrap();
        cases::advance(conn, &listed, &step.case, now)?;
        journal::append(conn, pool, listed.case.id, &step.event, &step.words)
    });
}

pub fn read(world: &World, who: &str, number: &str) -> Value {
    let path = format!("/api/v1/cases/{number}");
    world.user(who).get(&path).expect(200).json()
}

/// An action on a case as it stands now.
pub fn act(world: &World, who: &str, number: &str, action: &str, more: Value) -> Reply {
    post(world, who, number, &format!("actions/{action}"), more)
}

pub fn post(world: &World, who: &str, number: &str, what: &str, more: Value) -> Reply {
    let mut body = more;
    body["version"] = read(world, who, number)["version"].clone();
    let path = format!("/api/v1/cases/{number}/{what}");
    world.user(who).post_json(&path, &body)
}

/// The next case of the queue is taken.
#[track_caller]
pub fn taken(world: &World, handler: &str) -> String {
    let held = world
        .user(handler)
        .post_json("/api/v1/queue/next", &json!({}))
        .expect(200)
        .json();
    held["receipt_no"].as_str().unwrap().to_owned()
}

pub fn settlements(world: &World, who: &str, number: &str) -> Vec<Value> {
    let path = format!("/api/v1/cases/{number}/settlement");
    let list = world.user(who).get(&path).expect(200).json();
    list["items"].as_array().unwrap().clone()
}

/// The journal tells of the case that is stored.
#[track_caller]
pub fn replays(world: &World, number: &str) {
    let number = number.to_owned();
    let (told, stored) = world.harness.read(move |conn| {
        let pool = number.parse::<ReceiptNo>().unwrap().pool().unwrap();
        let listed = cases::by_receipt(conn, pool, &number)?.unwrap();
        let entries = journal::read(conn, pool, listed.case.id)?;
        let events: Vec<Event> = entries.into_iter().map(|entry| entry.event).collect();
        Ok((replay(&events).unwrap(), listed.case))
    });
    assert_eq!(told, stored);
}

fn faults(reply: &Reply) -> Vec<String> {
    let errors = reply.json()["errors"].as_array().unwrap().clone();
    let told = errors.iter().map(|error| {
        let field = error["field"].as_str().unwrap();
        format!("{field} {}", error["code"].as_str().unwrap())
    });
    told.collect()
}

// RB-6: asked → adjusted → approved, by two people; every step of the money is explained.
#[rstest]
fn a_claim_is_reviewed_line_by_line_and_settled(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    let body = stay("371002", "3700000001", 1_000_000, Value::Null);
    let number = claimed(&world, "resident1", &body);
    parcel_arrives(&world, "mailroom1", &number);
    assert_eq!(taken(&world, "handler1"), number);

    // Without lines nothing is settled.
    let early = act(&world, "handler1", &number, "approve", json!({})).expect(422);
    assert_eq!(faults(&early), ["lines lines-missing"]);
    // RB-3: the papers say what was paid for.
    let lines = json!([
        { "day": "2026-11-03", "name": "示例药品", "amount": 600_000 },
        { "day": "2026-11-04", "name": "示例检查", "class": "B", "own_share": "10", "amount": 400_000 },
    ]);
    let papers = json!({ "answers": { "lines": lines }, "reason": "按邮寄材料录入" });
    post(&world, "handler2", &number, "amend", papers.clone()).expect(409);
    post(&world, "handler1", &number, "amend", papers).expect(200);
    let unclassed = act(&world, "handler1", &number, "approve", json!({})).expect(422);
    assert_eq!(faults(&unclassed), ["lines.1.class class-missing"]);

    let said = json!({ "allowed_fen": 500_000, "class": "A", "reason": "超出限定支付数量" });
    post(&world, "reviewer1", &number, "lines/1/adjust", said.clone()).expect(403);
    post(&world, "handler1", &number, "lines/9/adjust", said.clone()).expect(404);
    let beyond = json!({ "allowed_fen": 600_001, "class": "A", "reason": "x" });
    let beyond = post(&world, "handler1", &number, "lines/1/adjust", beyond).expect(422);
    assert_eq!(faults(&beyond), ["allowed allowed-beyond"]);
    post(&world, "handler1", &number, "lines/1/adjust", said).expect(200);

    // (5000.00 + 4000.00 × 90 % − 700.00) × 65 % = 5135.00.
    let what_if = format!("/api/v1/cases/{number}/settlement/what-if");
    let now = world.user("handler1").get(&what_if).expect(200).json();
    assert_eq!(now["parts"]["basic"], 513_500);
    assert_eq!(now["total_fen"], 900_000);
    let elsewhere = format!("{what_if}?pool=611000&on=2022-09-01");
    world.user("handler1").get(&elsewhere).expect(200);
    world.user("resident1").get(&what_if).expect(404);

    let proposed = act(&world, "handler1", &number, "approve", json!({}))
        .expect(200)
        .json();
    assert_eq!(proposed["state"], "second_review");
    // Until the second review it is the agency's alone.
    assert!(settlements(&world, "resident1", &number).is_empty());
    let own = format!("/my/cases/{number}/settlement");
    let resident = TestUser::sign_in(&world.harness, "resident1", PASSWORD);
    resident.get(&own).expect(404);
    act(&world, "handler1", &number, "approve", json!({})).expect(403);
    let approved = act(&world, "reviewer1", &number, "approve", json!({}))
        .expect(200)
        .json();
    assert_eq!(
        (&approved["state"], &approved["stage"]),
        (&json!("fulfilling"), &json!("payment"))
    );

    let stored = settlements(&world, "resident1", &number);
    assert_eq!(stored.len(), 1);
    assert_eq!(stored[0]["payable_fen"], 513_500);
    assert_eq!(stored[0]["approved"], true);
    let page = resident.get(&own).expect(200);
    for words in ["5,135.00 元", "<svg", "超出限定支付数量", "SET-2"] {
        assert!(page.text.contains(words), "no {words} in {}", page.text);
    }
    assert!(
        resident
            .get(&format!("/my/cases/{number}"))
            .expect(200)
            .text
            .contains(&own)
    );
    let lines = format!("/api/v1/cases/{number}/lines");
    let lines = world.user("resident1").get(&lines).expect(200).json();
    let first = &lines["items"][0];
    assert_eq!(
        (&first["asked_fen"], &first["allowed_fen"]),
        (&json!(600_000), &json!(500_000))
    );
    world
        .user("resident2")
        .get(&format!("/api/v1/cases/{number}/settlement"))
        .expect(404);
    replays(&world, &number);
}

// The same on the desk's page, without scripts.
#[rstest]
fn a_handler_adjusts_and_corrects_on_the_page(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    let lines =
        json!([line("A", 200_000), { "day": "2026-11-04", "name": "示例检查", "amount": 100_000 }]);
    let body = stay("371002", "3700000002", 300_000, lines);
    let number = claimed(&world, "resident1", &body);
    parcel_arrives(&world, "mailroom1", &number);
    taken(&world, "handler1");
    let handler = TestUser::sign_in(&world.harness, "handler1", PASSWORD);
    let case = handler.get(&format!("/desk/cases/{number}")).expect(200);
    let page = format!("/desk/cases/{number}/claim");
    assert!(case.text.contains(&page), "{}", case.text);
    let shown = handler.get(&page).expect(200);
    assert!(shown.text.contains("第 2 行尚未认定类别"), "{}", shown.text);

    let version = read(&world, "handler1", &number)["version"].to_string();
    let form = format!("{page}/lines/2");
    let second = format!("{page}?line=2");
    let typed = |allowed: &'static str, class: &'static str| {
        [
            ("version", version.as_str()),
            ("allowed", allowed),
            ("class", class),
            ("own_share", ""),
            ("protocol", "no"),
            ("reason", "按目录认定"),
        ]
        .map(|(name, value)| (name, value.to_owned()))
    };
    let sent = |allowed, class| {
        let all = typed(allowed, class);
        let fields: Vec<(&str, &str)> = all
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        handler.submit(&second, &form, &fields)
    };
    let wrong = sent("1,000", "B").expect(422);
    assert!(wrong.text.contains("govuk-error-summary"), "{}", wrong.text);
    let shareless = sent("900.50", "B").expect(422);
    assert!(shareless.text.contains("900.50"), "{}", shareless.text);
    sent("900.50", "A").expect(303);
    // The version has moved on: nothing is lost and nothing saved.
    let stale = sent("800.00", "A").expect(409);
    assert!(stale.text.contains("800.00"), "{}", stale.text);

    let version = read(&world, "handler1", &number)["version"].to_string();
    let correct = format!("{page}/correct");
    let papers = |lines: &str| {
        let fields = [
            ("version", version.as_str()),
            ("invoices", "3700000002\t2026-11-12\t3000.00"),
            ("lines", lines),
            ("reason", "按清单更正"),
        ];
        handler.submit(&page, &correct, &fields)
    };
    let uneven = papers("2026-11-03,示例药品,,A,,,2000.00").expect(422);
    assert!(
        uneven.text.contains("2026-11-03,示例药品"),
        "{}",
        uneven.text
    );
    papers("2026-11-03,示例药品,,A,,,1999.50\n2026-11-04,示例检查,,A,,,1000.50").expect(303);
    // What was said of another line says nothing of the corrected one.
    let lines = format!("/api/v1/cases/{number}/lines");
    let lines = world.user("handler1").get(&lines).expect(200).json();
    assert_eq!(lines["items"][1]["allowed_fen"], 100_050);
    assert_eq!(lines["items"][1]["reason"], Value::Null);
    let shown = handler
        .get(&format!("{page}?pool=611000&on=2026-10-01"))
        .expect(200);
    for words in ["应支付", "elsewhere-caption", "preview-caption"] {
        assert!(shown.text.contains(words), "no {words}");
    }
    replays(&world, &number);
}
