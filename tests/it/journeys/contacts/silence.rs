//! Nothing comes: warned, marked once, the case goes on and can be recorded; a late answer is told and moves nothing.

use bujianmian::clock::Clock;
use bujianmian::domain::ids::AccountId;
use bujianmian::domain::roster::Shift;
use bujianmian::domain::time::Day;
use bujianmian::jobs::contacts;
use bujianmian::store::roster;
use bujianmian::store::schema::account;
use chrono::NaiveTime;
use diesel::prelude::*;
use rstest::rstest;
use serde_json::json;

use super::{
    act, answer, asked, both_sides_agree, case, listed, one, set, time_passes, told, waiting, world,
};
use crate::harness::service::Kind::{self, Postgres, Sqlite};

// XR-6: silence past the limit lets the case go on; it is recorded, and the contact stays answerable.
#[rstest]
fn silence_lets_the_case_go_on(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    let number = asked(&world, "resident1", "handler1", "370600");
    let (desk, there) = (world.user("handler1"), world.user("handler-yantai"));
    let contact = waiting(&there);
    set(&world, "2026-11-25T16:29:59+08:00");
    assert_eq!(time_passes(&world), (0, 0));
    set(&world, "2026-11-25T16:30:00+08:00");
    assert_eq!(time_passes(&world), (1, 0));
    assert_eq!(time_passes(&world), (0, 0));
    assert_eq!(
        told(&world, "handler-yantai2"),
        ["contact-last-hour", "contact-received"]
    );
    // CLK-3: the instant itself is in time.
    set(&world, "2026-11-25T17:30:00+08:00");
    assert_eq!(time_passes(&world), (0, 0));
    set(&world, "2026-11-25T17:30:00.000001+08:00");
    assert_eq!(time_passes(&world), (0, 1));
    assert_eq!(time_passes(&world), (0, 0));

    let resumed = case(&desk, &number);
    assert_eq!(resumed["state"], "in_review");
    assert_eq!(resumed["holder"], "示例 handler1");
    assert_eq!(resumed["due_at"], "2026-11-26T17:30:00+08:00");
    assert_eq!(told(&world, "supervisor-yantai"), ["contact-overdue"]);
    assert_eq!(told(&world, "handler1"), ["contact-silent"]);
    let late = &listed(&world.user("supervisor-yantai"), "state=overdue")[0];
    assert_eq!(
        [&late["id"], &late["state"]],
        [&contact["id"], &json!("overdue")]
    );

    // A late answer is recorded and told, and moves no case.
    set(&world, "2026-11-26T09:00:00+08:00");
    let before = case(&desk, &number);
    let body = json!({ "result": "done", "remark": "示例：迟复" });
    answer(&there, &contact, &body).expect(200);
    assert_eq!(case(&desk, &number)["version"], before["version"]);
    assert_eq!(one(&desk, &contact).json()["remark"], "示例：迟复");
    assert_eq!(
        told(&world, "handler1"),
        ["contact-answered", "contact-silent"]
    );
    let reason = json!({ "reason": "示例：外地没有答复" });
    let recorded = act(&desk, &number, "record", reason).expect(200).json();
    assert_eq!(
        [&recorded["state"], &recorded["decision"]],
        ["closed", "recorded"]
    );
    both_sides_agree(&world);
}

// CLK-8: several instances at once, exactly once.
#[rstest]
fn two_instances_mark_one_silence_once(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    let number = asked(&world, "resident1", "handler1", "370600");
    set(&world, "2026-11-26T10:00:00+08:00");
    let (one, another) = (world.harness.app.clone(), world.harness.another());
    let refreshed = another.clone();
    actix_web::rt::System::new()
        .block_on(async move { refreshed.office.refresh(&refreshed.db).await })
        .unwrap();
    let silenced: usize = std::thread::scope(|scope| {
        let threads = [one, another].map(|app| {
            scope.spawn(move || {
                let run =
                    actix_web::rt::System::new().block_on(async move { contacts::run(&app).await });
                run.unwrap().silenced
            })
        });
        threads.map(|thread| thread.join().unwrap()).iter().sum()
    });
    assert_eq!(silenced, 1);
    let history = world
        .user("handler1")
        .get(&format!("/api/v1/cases/{number}/events"))
        .json();
    let events = history["items"].as_array().unwrap();
    let answers: Vec<_> = events
        .iter()
        .filter(|event| event["action"] == "answer")
        .collect();
    assert_eq!(answers.len(), 1);
    assert_eq!(answers[0]["actor"]["role"], "system");
    assert_eq!(told(&world, "handler1"), ["contact-silent"]);
}

// The centre is silent first; the leg it passes on later moves nothing, nor does its silence.
#[rstest]
fn a_late_centre_still_passes_it_on(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    let number = asked(&world, "resident-nantong", "handler-nantong", "371000");
    let (desk, centre) = (world.user("handler-nantong"), world.user("centre-jiangsu"));
    let first = waiting(&centre);
    set(&world, "2026-11-26T10:00:00+08:00");
    assert_eq!(time_passes(&world), (0, 1));
    assert_eq!(
        told(&world, "centre-jiangsu"),
        ["contact-overdue", "contact-received"]
    );
    let went_on = case(&desk, &number);
    assert_eq!(went_on["state"], "in_review");
    answer(&centre, &first, &json!({ "result": "done" })).expect(200);
    let second = waiting(&world.user("handler1"));
    set(&world, "2026-11-30T10:00:00+08:00");
    assert_eq!(time_passes(&world), (0, 1));
    let cannot = json!({ "result": "cannot", "remark": "示例：查无此人" });
    answer(&world.user("handler1"), &second, &cannot).expect(200);
    let events = desk.get(&format!("/api/v1/cases/{number}/events")).json();
    let events = events["items"].as_array().unwrap().clone();
    let answers = events.iter().filter(|event| event["action"] == "answer");
    assert_eq!(answers.count(), 1);
    assert_eq!(
        told(&world, "handler-nantong"),
        ["contact-answered", "contact-silent", "contact-silent"]
    );
    both_sides_agree(&world);
}

// CLK-5: the answer comes while its handler is off duty.
#[rstest]
fn without_its_handler_the_case_waits_in_front_of_the_queue(
    #[values(Sqlite, Postgres)] kind: Kind,
) {
    let world = world(kind);
    let number = asked(&world, "resident1", "handler1", "370600");
    world.harness.write(|conn| {
        let find = |name: &'static str| account::table.filter(account::username.eq(name));
        let other: AccountId = find("handler2").select(account::id).first(conn.sql)?;
        let shift = Shift {
            id: Clock::new_id(),
            account: other,
            day: Day::from_ymd_opt(2026, 11, 25).unwrap(),
            from: NaiveTime::from_hms_opt(8, 30, 0).unwrap(),
            to: NaiveTime::from_hms_opt(12, 0, 0).unwrap(),
            phone: false,
        };
        let agency = "371000".parse().unwrap();
        roster::insert_shift(conn, agency, &shift, other, Clock::real())
    });
    set(&world, "2026-11-25T09:00:00+08:00");
    let there = world.user("handler-yantai");
    answer(&there, &waiting(&there), &json!({ "result": "done" })).expect(200);
    let waits = case(&world.user("handler2"), &number);
    assert_eq!(waits["state"], "submitted");
    let next = world
        .user("handler2")
        .post_json("/api/v1/queue/next", &json!({}));
    assert_eq!(next.expect(200).json()["receipt_no"], number.as_str());
    // Who asked is told.
    assert_eq!(told(&world, "handler1"), ["contact-answered"]);
}
