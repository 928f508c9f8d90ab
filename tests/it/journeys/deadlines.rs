//! The deadline of a case on both databases: when it is, that a missed one is told, and what then is needed to
//! decide. Business time is set by the test.

use bujianmian::domain::time::Ts;
use bujianmian::jobs::timers;
use rstest::rstest;
use serde_json::{Value, json};

use super::resident::{at_home, case_of, filed};
use crate::harness::service::Kind::{self, Postgres, Sqlite};
use crate::harness::user::{Reply, TestUser};
use crate::harness::world::World;

fn set(world: &World, time: &str) {
    world.harness.app.clock.set(Ts::parse(time).unwrap());
}

/// Does what time does; returns how many timers did something.
fn time_passes(world: &World) -> usize {
    let app = world.harness.app.clone();
    let run = actix_web::rt::System::new().block_on(async move { timers::run(&app).await });
    run.unwrap().done
}

fn act(user: &TestUser<'_>, case: &Value, action: &str, mut body: Value) -> Reply {
    body["version"] = case["version"].clone();
    let number = case["receipt_no"].as_str().unwrap();
    user.post_json(&format!("/api/v1/cases/{number}/actions/{action}"), &body)
}

// CLK-3
#[rstest]
fn the_due_time_is_the_close_of_the_next_working_day(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let resident = world.user("resident1");
    for (number, (filed, due)) in [
        ("2020-01-23T10:00:00", "2020-02-03T17:30:00+08:00"),
        ("2020-01-18T10:00:00", "2020-01-19T17:30:00+08:00"),
        ("2022-09-30T10:00:00", "2022-10-08T17:30:00+08:00"),
        ("2026-02-13T10:00:00", "2026-02-14T17:30:00+08:00"),
        ("2026-02-13T23:59:59", "2026-02-14T17:30:00+08:00"),
    ]
    .into_iter()
    .enumerate()
    {
        set(&world, &format!("{filed}+08:00"));
        let day = format!("2027-0{}-01", number + 1);
        let body = json!({ "item": "cross-region-registration", "answers": {
            "kind": "other-temporary", "destination": "110100", "start": day, "end": day,
            "phone": "13800000000", "pledge": true,
        }});
        let request = resident
            .request(reqwest::Method::POST, "/api/v1/cases")
            .header("Idempotency-Key", filed)
            .header("Content-Type", "application/json")
            .body(body.to_string());
        let case = resident.send(request).expect(201).json();
        assert_eq!(case["due_at"], due, "{filed}");
    }
}

// CLK-7
#[rstest]
fn a_missed_deadline_is_told_and_explained(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let resident = at_home(&world, "resident1");
    let number = filed(&resident);
    set(&world, "2026-11-25T17:30:00+08:00");
    assert_eq!(time_passes(&world), 0);
    set(&world, "2026-11-25T17:30:00.000001+08:00");
    assert_eq!(time_passes(&world), 1);
    assert_eq!(time_passes(&world), 0);
    let inbox = world
        .user("resident1")
        .get("/api/v1/inbox")
        .expect(200)
        .json();
    assert_eq!(inbox["items"][0]["notice"], "breached");
    let page = resident.get(&format!("/my/cases/{number}")).expect(200);
    assert!(page.text.contains("已报主管督办"), "{}", page.text);

    // The case is the supervisor's to give out.
    let (handler, supervisor) = (world.user("handler1"), world.user("supervisor1"));
    let late = case_of(&world, "supervisor1", &number);
    assert!(late["breached_at"].is_string(), "{late}");
    act(&handler, &late, "claim", json!({ "reason": "x" })).expect(409);
    let to = json!({ "to": "handler1", "reason": "超时督办" });
    let given = act(&supervisor, &late, "assign", to).expect(200).json();
    assert_eq!(given["state"], "in_review");
    let bare = act(&handler, &given, "approve", json!({}))
        .expect(422)
        .json();
    assert_eq!(bare["errors"][0]["field"], "breach_cause");
    let cause = json!({ "breach_cause": { "code": "workload", "words": "当日申请过多" } });
    let done = act(&handler, &given, "approve", cause).expect(200).json();
    // Some cases are drawn for second review by their number (CAS-3).
    let done = match done["state"].as_str() {
        Some("second_review") => {
            let cause = json!({ "breach_cause": { "code": "workload", "words": "同上" } });
            act(&world.user("reviewer1"), &done, "approve", cause)
                .expect(200)
                .json()
        }
        _ => done,
    };
    assert_eq!(
        (&done["state"], &done["decision"]),
        (&json!("closed"), &json!("approved"))
    );
    let own = case_of(&world, "resident1", &number);
    assert!(!own.to_string().contains("当日申请过多"), "{own}");
}
