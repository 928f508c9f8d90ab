//! The clock of a case as applicant and staff read it (CLK-3, CLK-5), and the demo's clock that an administrator turns.

use bujianmian::domain::time::Ts;
use bujianmian::usecases::app::DemoInfo;
use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use super::resident::{at_home, filed};
use crate::harness::service::Kind::{self, Postgres, Sqlite};
use crate::harness::service::Settings;
use crate::harness::user::{Reply, TestUser};
use crate::harness::world::World;

fn clock(user: &TestUser<'_>, number: &str) -> Value {
    let request = user
        .request(Method::GET, &format!("/api/v1/cases/{number}/clock"))
        .header("Accept-Language", "en");
    user.send(request).expect(200).json()
}

fn set(world: &World, time: &str) {
    world.harness.app.clock.set(Ts::parse(time).unwrap());
}

// CLK-3, CLK-5
#[rstest]
fn a_case_tells_how_its_clock_ran(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let resident = world.user("resident1");
    set(&world, "2026-11-20T10:00:00+08:00");
    let number = filed(&at_home(&world, "resident1"));
    let running = clock(&resident, &number);
    assert_eq!(running["state"], "running");
    assert_eq!(running["due_at"], "2026-11-23T17:30:00+08:00");
    assert_eq!(
        running["computed"],
        json!([
            "2026-11-20 filed, not counted",
            "2026-11-21 weekend, not counted",
            "2026-11-22 weekend, not counted",
            "2026-11-23 working day, counted",
            "2026-11-23 17:30 due",
        ])
    );
    let handler = world.user("handler1");
    let case = handler
        .post_json("/api/v1/queue/next", &json!({}))
        .expect(200)
        .json();
    set(&world, "2026-11-23T09:00:00+08:00");
    let ask =
        json!({ "version": case["version"], "missing": [{ "field": "phone", "reason": "空号" }] });
    handler
        .post_json(
            &format!("/api/v1/cases/{number}/actions/request-supplement"),
            &ask,
        )
        .expect(200);
    let paused = clock(&resident, &number);
    assert_eq!(
        (&paused["state"], &paused["due_at"]),
        (&json!("paused"), &Value::Null)
    );
    assert_eq!(paused["line"][1]["reason"], "supplement");
    assert_eq!(paused["line"][0]["to"], "2026-11-23T09:00:00+08:00");
    // Staff are named to staff only.
    let page = at_home(&world, "resident1")
        .get(&format!("/my/cases/{number}"))
        .expect(200);
    assert!(page.text.contains("暂停：等待申请人补正"), "{}", page.text);
    assert!(!page.text.contains("示例 handler1"), "{}", page.text);
    let desk = at_home(&world, "handler1")
        .get(&format!("/desk/cases/{number}"))
        .expect(200);
    assert!(desk.text.contains("提出人：示例 handler1"), "{}", desk.text);
}

fn turn(user: &TestUser<'_>, at: &str) -> Reply {
    user.post_json("/api/v1/demo/clock", &json!({ "at": at }))
}

fn demo() -> Settings {
    Settings {
        demo: Some(DemoInfo {
            accounts: vec![],
            password: String::new(),
        }),
        ..Settings::default()
    }
}

// CLK-8
#[rstest]
fn the_demos_clock_is_turned_forward_and_back_and_does_nothing_twice(
    #[values(Sqlite, Postgres)] kind: Kind,
) {
    let world = World::with(kind, demo());
    let admin = world.user("admin1");
    let number = filed(&at_home(&world, "resident1"));
    let turned = turn(&admin, "2026-12-20T09:00:00+08:00").expect(200).json();
    assert_eq!(turned["now"], "2026-12-20T09:00:00+08:00");
    assert!(turned["fired"].as_u64().unwrap() > 0, "{turned}");
    let missed = clock(&world.user("resident1"), &number);
    assert_eq!(missed["breached"], true);
    for at in ["2026-11-01T09:00:00+08:00", "2026-12-21T09:00:00+08:00"] {
        let again = turn(&admin, at).expect(200).json();
        assert_eq!(again["fired"], 0, "{again}");
    }
    for bad in ["tomorrow", "", "9999-01-01T00:00:00Z"] {
        let refused = turn(&admin, bad).expect(422).json();
        assert_eq!(refused["errors"][0]["field"], "at", "{refused}");
    }
    turn(&world.user("supervisor1"), "2026-12-20T09:00:00+08:00").expect(403);
}

#[rstest]
fn an_agencys_clock_is_never_turned(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    turn(&world.user("admin1"), "2026-12-20T09:00:00+08:00").expect(404);
}
