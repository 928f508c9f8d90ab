//! The deadline of a case on both databases: when it is, that a missed one is told, and what then is needed to
//! decide. Business time is set by the test.

use bujianmian::domain::time::Ts;
use bujianmian::jobs::timers;
use bujianmian::store::schema::{breach, breach_cause};
use bujianmian::store::{Conn, StoreError, accounts, sessions};
use bujianmian::usecases::{Error, reassigning};
use diesel::prelude::*;
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

/// The kinds of notices in somebody's inbox, the latest first.
fn told(world: &World, username: &str) -> Vec<String> {
    let inbox = world.user(username).get("/api/v1/inbox").expect(200).json();
    let items = inbox["items"].as_array().unwrap().iter();
    items
        .map(|item| item["notice"].as_str().unwrap().to_owned())
        .collect()
}

// CLK-7: warning, assignment, breach, supervisor, cause.
#[rstest]
fn a_case_that_nobody_took_climbs_the_ladder(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let resident = at_home(&world, "resident1");
    let number = filed(&resident);
    let marked = |word: &str| {
        let desk = at_home(&world, "handler2");
        for page in ["/desk/queue".to_owned(), format!("/desk/cases/{number}")] {
            let page = desk.get(&page).expect(200);
            assert!(page.text.contains(word), "{word}: {}", page.text);
        }
    };
    set(&world, "2026-11-25T09:15:00+08:00");
    assert_eq!(time_passes(&world), 1);
    assert_eq!(told(&world, "supervisor1"), ["half-time"]);
    marked("时限过半");
    set(&world, "2026-11-25T16:30:00+08:00");
    marked("不足一个工作小时");
    assert_eq!(time_passes(&world), 1);
    assert_eq!(told(&world, "supervisor2"), ["last-hour", "half-time"]);
    let given = case_of(&world, "handler1", &number);
    assert_eq!(given["state"], "in_review");
    // All have nothing to do: any of them may have got it.
    let handlers = ["handler1", "handler2", "handler3"];
    let mut asked = handlers
        .into_iter()
        .filter(|name| told(&world, name) == ["assigned"]);
    let (holder, nobody_else) = (asked.next().expect("one is told"), asked.next());
    assert_eq!(nobody_else, None);
    let other = if holder == "handler2" {
        "handler1"
    } else {
        "handler2"
    };
    set(&world, "2026-11-25T17:30:00.000001+08:00");
    assert_eq!(time_passes(&world), 1);
    assert_eq!(time_passes(&world), 0);
    assert_eq!(told(&world, "resident1"), ["breached", "received"]);
    assert_eq!(told(&world, holder), ["breached-at-desk", "assigned"]);
    let inbox = resident.get("/inbox").expect(200);
    let expected = "预计办结时间：2026年11月26日 17:30（星期四）";
    assert!(inbox.text.contains(expected), "{}", inbox.text);

    // It is the supervisor's to give out, even if the one who holds it is asked.
    let (handler, supervisor) = (world.user(other), world.user("supervisor1"));
    let late = case_of(&world, "supervisor1", &number);
    act(&world.user(holder), &late, "approve", json!({})).expect(409);
    let to = json!({ "to": other, "reason": "超时督办" });
    act(&handler, &late, "reassign", to.clone()).expect(403);
    let given = act(&supervisor, &late, "reassign", to.clone())
        .expect(200)
        .json();
    act(&supervisor, &late, "reassign", to).expect(409);
    assert_eq!(told(&world, other), ["assigned"]);
    let bare = act(
        &handler,
        &given,
        "refuse",
        json!({ "reason": "测试", "clause": "二(二)3" }),
    );
    assert_eq!(
        bare.expect(422).json()["errors"][0]["field"],
        "breach_cause"
    );
    assert_eq!(causes(&world), [None]);
    decided(&world, &handler, &given);
    assert_eq!(causes(&world), [Some("workload".to_owned())]);
}

/// Approves with a cause, in second review too where the case was drawn for it (CAS-3).
fn decided(world: &World, handler: &TestUser<'_>, given: &Value) {
    let cause = || json!({ "breach_cause": { "code": "workload", "words": "当日申请过多" } });
    let done = act(handler, given, "approve", cause()).expect(200).json();
    if done["state"] == "second_review" {
        let reviewer = world.user("reviewer1");
        let bare = act(&reviewer, &done, "approve", json!({})).expect(422);
        assert_eq!(bare.json()["errors"][0]["field"], "breach_cause");
        act(&reviewer, &done, "approve", cause()).expect(200);
    }
}

/// The register of missed deadlines: the cause of each, as far as one was stated.
fn causes(world: &World) -> Vec<Option<String>> {
    world.harness.read(|conn| {
        Ok(breach::table
            .left_join(
                breach_cause::table.on(breach_cause::pool
                    .eq(breach::pool)
                    .and(breach_cause::case_id.eq(breach::case_id))
                    .and(breach_cause::term.eq(breach::term))),
            )
            .select(breach_cause::cause.nullable())
            .load(conn.sql)?)
    })
}

// CLK-7: many at once, each with its own outcome.
#[rstest]
fn a_supervisor_gives_out_many_cases_at_once(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let numbers = ["resident1", "resident2"].map(|name| filed(&at_home(&world, name)));
    let app = world.harness.app.clone();
    let (supervisor, to) = world.harness.read(|conn| {
        let day = app.clock.now().day();
        let id = |conn: &mut Conn<'_>, name: &str| {
            Ok::<_, StoreError>(accounts::credentials(conn, name, "")?.unwrap().account)
        };
        let supervisor = id(conn, "supervisor1")?;
        let supervisor = sessions::actor(conn, supervisor, day)?.unwrap();
        Ok((supervisor, id(conn, "handler2")?))
    });
    let give = |cases: Vec<(String, u32)>, reason: &str| {
        let (app, actor, reason) = (app.clone(), supervisor.clone(), reason.to_owned());
        actix_web::rt::System::new()
            .block_on(async move { reassigning::many(&app, &actor, cases, to, reason).await })
    };
    let both = |version| numbers.clone().map(|number| (number, version)).to_vec();
    assert!(matches!(give(both(1), " "), Err(Error::Invalid(_))));
    assert!(matches!(give(vec![], "均衡"), Err(Error::Invalid(_))));
    let mut asked = both(1);
    asked[1].1 = 7;
    asked.push(("nonsense".to_owned(), 1));
    let outcomes = give(asked, "均衡工作量").unwrap();
    assert!(outcomes[0].1.is_ok());
    assert!(matches!(outcomes[1].1, Err(Error::Conflict(_))));
    assert!(matches!(outcomes[2].1, Err(Error::NotFound)));
    assert_eq!(
        case_of(&world, "handler2", &numbers[0])["state"],
        "in_review"
    );
    assert_eq!(
        case_of(&world, "handler2", &numbers[1])["state"],
        "submitted"
    );
}

// CLK-7
#[rstest]
fn a_missed_deadline_is_told_and_explained(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let resident = at_home(&world, "resident1");
    let number = filed(&resident);
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
