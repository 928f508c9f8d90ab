//! Duty roster, leave and hotline (CAT-3, CLK-5, CLK-7) over HTTP, on both databases.

use bujianmian::domain::time::Ts;
use bujianmian::jobs;
use rstest::rstest;
use serde_json::{Value, json};

use crate::harness::service::Kind::{self, Postgres, Sqlite};
use crate::harness::user::{Reply, TestUser};
use crate::harness::world::{PASSWORD, World};

fn at_the_desk<'w>(world: &'w World, username: &str) -> TestUser<'w> {
    TestUser::sign_in(&world.harness, username, PASSWORD)
}

fn clock(world: &World, time: &str) {
    world.harness.app.clock.set(Ts::parse(time).unwrap());
}

/// Lets the leave begin whose day has come; answers how many cases were handed over.
fn begin_leaves(world: &World) -> usize {
    let app = world.harness.app.clone();
    actix_web::rt::System::new()
        .block_on(async move { jobs::leave::run(&app).await })
        .unwrap()
}

#[track_caller]
fn shift(user: &TestUser<'_>, handler: &str, day: &str, from: &str, to: &str) -> Reply {
    user.submit(
        "/desk/roster",
        "/desk/roster/add",
        &[
            ("week", "2026-11-23"),
            ("day", day),
            ("handler", handler),
            ("from", from),
            ("to", to),
            ("phone", "yes"),
        ],
    )
}

#[track_caller]
fn leave(user: &TestUser<'_>, handler: &str, days: (&str, &str), stand_in: &str) -> Reply {
    user.submit(
        "/desk/leave",
        "/desk/leave",
        &[
            ("handler", handler),
            ("from", days.0),
            ("to", days.1),
            ("stand_in", stand_in),
        ],
    )
}

fn file(world: &World, resident: &str) -> String {
    let user = world.user(resident);
    let body = json!({ "item": "cross-region-registration", "answers": {
        "kind": "other-temporary", "destination": "110100", "start": "2026-11-24",
        "end": "2026-12-24", "phone": "13800000000", "pledge": true,
    }});
    let reply = user.send(
        user.request(reqwest::Method::POST, "/api/v1/cases")
            .header("Idempotency-Key", resident)
            .header("Content-Type", "application/json")
            .body(body.to_string()),
    );
    let number = reply.expect(201).json()["receipt_no"].clone();
    number.as_str().unwrap().to_owned()
}

fn case(world: &World, staff: &str, number: &str) -> Value {
    let reply = world.user(staff).get(&format!("/api/v1/cases/{number}"));
    reply.expect(200).json()
}

#[track_caller]
fn act(world: &World, who: &str, number: &str, action: &str, body: &Value) -> Reply {
    let path = format!("/api/v1/cases/{number}/actions/{action}");
    world.user(who).post_json(&path, body)
}

// CAT-3
#[rstest]
fn the_supervisor_makes_a_week_and_the_hotline_shows_it(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    clock(&world, "2026-11-24T09:00:00+08:00");
    let supervisor = at_the_desk(&world, "supervisor1");
    shift(&supervisor, "handler1", "2026-11-24", "08:30", "12:00").expect(303);
    shift(&supervisor, "handler2", "2026-11-24", "13:30", "17:30").expect(303);
    let twice = shift(&supervisor, "handler1", "2026-11-24", "11:00", "13:00").expect(422);
    assert!(twice.text.contains("在这一时间已有值班"), "{}", twice.text);
    let backwards = shift(&supervisor, "handler1", "2026-11-24", "13:00", "12:00").expect(422);
    assert!(backwards.text.contains("结束时间应晚于开始时间"));
    shift(
        &supervisor,
        "handler-elsewhere",
        "2026-11-24",
        "08:30",
        "12:00",
    )
    .expect(422);

    let stranger = TestUser::stranger(&world.harness);
    let page = stranger.get("/hotline").expect(200);
    assert!(page.text.contains("正在服务") && page.text.contains("示同志"));
    // No more of a handler than a sign on the counter.
    assert!(!page.text.contains("handler1") && !page.text.contains("示例 handler"));
    let lines = stranger.get("/api/v1/hotline").expect(200).json();
    let city = &lines["items"][0];
    assert_eq!(city["agency"], "371000");
    assert_eq!(city["open"], true);
    assert_eq!(city["now"][0]["to"], "2026-11-24T12:00:00+08:00");
    assert_eq!(city["next"]["from"], "2026-11-24T13:30:00+08:00");

    clock(&world, "2026-11-27T17:31:00+08:00");
    let lines = stranger.get("/api/v1/hotline").expect(200).json();
    assert_eq!(lines["items"][0]["open"], false);
    assert_eq!(lines["items"][0]["opens_at"], "2026-11-30T08:30:00+08:00");
    let copied = supervisor.submit(
        "/desk/roster?week=2026-11-30",
        "/desk/roster/copy",
        &[("week", "2026-11-30")],
    );
    copied.expect(303);
    let next = supervisor.get("/desk/roster?week=2026-11-30").expect(200);
    assert!(
        next.text.contains("08:30–12:00 示例 handler1"),
        "{}",
        next.text
    );
    at_the_desk(&world, "handler1")
        .get("/desk/roster")
        .expect(200);
}

// Bad input: leave that overlaps, a stand-in on leave.
#[rstest]
fn leave_needs_somebody_who_is_there(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    clock(&world, "2026-11-24T09:00:00+08:00");
    let supervisor = at_the_desk(&world, "supervisor1");
    leave(
        &supervisor,
        "handler1",
        ("2026-11-26", "2026-11-27"),
        "handler2",
    )
    .expect(303);
    let said = |reply: Reply, words: &str| {
        let reply = reply.expect(422);
        assert!(reply.text.contains(words), "no {words} in {}", reply.text);
    };
    let days = ("2026-11-27", "2026-11-30");
    said(
        leave(&supervisor, "handler1", days, "handler3"),
        "在这段时间已有请假",
    );
    said(
        leave(&supervisor, "handler3", days, "handler1"),
        "代岗人员在这段时间也请假",
    );
    said(
        leave(&supervisor, "handler2", days, "handler3"),
        "为他人代岗",
    );
    said(
        leave(&supervisor, "handler3", days, "handler3"),
        "不能由本人代岗",
    );
    said(
        leave(
            &supervisor,
            "handler3",
            ("2026-11-30", "2026-11-27"),
            "handler2",
        ),
        "最后一天不能早于第一天",
    );
    said(
        leave(&supervisor, "handler3", days, "handler-elsewhere"),
        "",
    );
    // A handler asks for the own only, and it counts when granted.
    let handler = at_the_desk(&world, "handler3");
    let others = ("2026-12-01", "2026-12-02");
    leave(&handler, "handler2", others, "handler1").expect(403);
    leave(&handler, "handler3", others, "handler1").expect(303);
    let page = supervisor.get("/desk/leave").expect(200);
    assert!(page.text.contains("待主管同意"));
}

// CLK-7: what is held goes to the stand-in at the start of the leave, once. CLK-5: supplements too.
#[rstest]
fn the_stand_in_takes_over_what_somebody_on_leave_holds(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    clock(&world, "2026-11-24T09:00:00+08:00");
    let held = file(&world, "resident1");
    let asked = file(&world, "resident2");
    for _ in [&held, &asked] {
        let next = world.user("handler1");
        next.post_json("/api/v1/queue/next", &json!({})).expect(200);
    }
    let missing = json!({ "version": 2, "missing": [{ "field": "end", "reason": "有误" }] });
    act(&world, "handler1", &asked, "request-supplement", &missing).expect(200);
    let supervisor = at_the_desk(&world, "supervisor1");
    leave(
        &supervisor,
        "handler1",
        ("2026-11-25", "2026-11-26"),
        "handler2",
    )
    .expect(303);
    assert_eq!(begin_leaves(&world), 0);

    clock(&world, "2026-11-25T08:30:00+08:00");
    assert_eq!(begin_leaves(&world), 1);
    assert_eq!(begin_leaves(&world), 0);
    let taken = case(&world, "handler2", &held);
    assert_eq!(taken["holder"], "示例 handler2");
    let events = world
        .user("handler2")
        .get(&format!("/api/v1/cases/{held}/events"))
        .json();
    let last = events["items"].as_array().unwrap().last().unwrap();
    assert_eq!(last["action"], "assign");
    let inbox = world.user("handler2").get("/api/v1/inbox").json();
    assert_eq!(inbox["items"][0]["notice"], "assigned");

    act(
        &world,
        "resident2",
        &asked,
        "supplement",
        &json!({ "version": 3 }),
    )
    .expect(200);
    let back = case(&world, "handler2", &asked);
    assert_eq!(back["state"], "in_review");
    assert_eq!(back["holder"], "示例 handler2");
}

// CLK-5: without a stand-in who is there, a supplement goes to the front of the queue.
#[rstest]
fn a_supplement_for_somebody_off_duty_goes_to_the_front(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    clock(&world, "2026-11-24T09:00:00+08:00");
    let number = file(&world, "resident1");
    world
        .user("handler1")
        .post_json("/api/v1/queue/next", &json!({}))
        .expect(200);
    let missing = json!({ "version": 2, "missing": [{ "field": "end", "reason": "有误" }] });
    act(&world, "handler1", &number, "request-supplement", &missing).expect(200);
    let supervisor = at_the_desk(&world, "supervisor1");
    shift(&supervisor, "handler2", "2026-11-24", "08:30", "17:30").expect(303);
    act(
        &world,
        "resident1",
        &number,
        "supplement",
        &json!({ "version": 3 }),
    )
    .expect(200);
    assert_eq!(case(&world, "handler2", &number)["state"], "submitted");
}
