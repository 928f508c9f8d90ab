//! The supervisor's work on both databases: the desk, giving cases out, the register of missed deadlines, ratings and
//! their follow-ups, samples, public figures.

use std::sync::Barrier;

use bujianmian::domain::time::Ts;
use bujianmian::jobs::{follow_ups, timers};
use rstest::rstest;
use serde_json::{Value, json};

use super::resident::{at_home, shows};
use crate::harness::service::Kind::{self, Postgres, Sqlite};
use crate::harness::user::{Reply, TestUser};
use crate::harness::world::World;

/// Files the sample registration for one day; returns its receipt number.
#[track_caller]
fn file(world: &World, resident: &str, day: u8) -> String {
    let user = world.user(resident);
    let day = format!("2027-03-{day:02}");
    let body = json!({ "item": "cross-region-registration", "answers": {
        "kind": "other-temporary", "destination": "110100", "start": day, "end": day,
        "phone": "13800000000", "pledge": true,
    }});
    let request = user
        .request(reqwest::Method::POST, "/api/v1/cases")
        .header("Idempotency-Key", format!("{resident} {day}"))
        .header("Content-Type", "application/json")
        .body(body.to_string());
    let filed = user.send(request).expect(201).json();
    filed["receipt_no"].as_str().unwrap().to_owned()
}

#[track_caller]
fn act(world: &World, who: &str, number: &str, action: &str, mut body: Value) -> Value {
    let user = world.user(who);
    let case = user
        .get(&format!("/api/v1/cases/{number}"))
        .expect(200)
        .json();
    body["version"] = case["version"].clone();
    let path = format!("/api/v1/cases/{number}/actions/{action}");
    user.post_json(&path, &body).expect(200).json()
}

/// Approves a case in the queue, with a second person where it was drawn for one (CAS-3).
#[track_caller]
fn approve(world: &World, number: &str) {
    act(
        world,
        "handler1",
        number,
        "claim",
        json!({ "reason": "示例：先办" }),
    );
    let done = act(world, "handler1", number, "approve", json!({}));
    if done["state"] == "second_review" {
        act(world, "reviewer1", number, "approve", json!({}));
    }
}

fn set(world: &World, time: &str) {
    world.harness.app.clock.set(Ts::parse(time).unwrap());
}

fn time_passes(world: &World) {
    let app = world.harness.app.clone();
    actix_web::rt::System::new()
        .block_on(async move { timers::run(&app).await })
        .unwrap();
}

/// Looks for overdue follow-ups; returns how many were told of.
fn looked_for(world: &World) -> usize {
    let app = world.harness.app.clone();
    actix_web::rt::System::new()
        .block_on(async move { follow_ups::run(&app).await })
        .unwrap()
}

fn rate(user: &TestUser<'_>, number: &str, stars: u8, remark: &str) -> Reply {
    let path = format!("/api/v1/cases/{number}/rating");
    user.post_json(&path, &json!({ "stars": stars, "remark": remark }))
}

fn notices(world: &World, who: &str, kind: &str) -> usize {
    let inbox = world
        .user(who)
        .get("/api/v1/inbox?limit=500")
        .expect(200)
        .json();
    let items = inbox["items"].as_array().unwrap().clone();
    items.iter().filter(|item| item["notice"] == kind).count()
}

fn account(world: &World, username: &str) -> String {
    let staff = world
        .user("supervisor1")
        .get("/api/v1/staff")
        .expect(200)
        .json();
    let items = staff["items"].as_array().unwrap().clone();
    let found = items
        .iter()
        .find(|one| one["username"] == username)
        .unwrap();
    found["id"].as_str().unwrap().to_owned()
}

/// A case that missed its deadline and was decided with a cause, in words of the test.
#[track_caller]
fn missed(world: &World, words: &str) -> String {
    let number = file(world, "resident1", 1);
    set(world, "2026-11-25T17:30:01+08:00");
    time_passes(world);
    act(
        world,
        "supervisor1",
        &number,
        "assign",
        json!({ "to": "handler1", "reason": "示例：督办" }),
    );
    let cause = json!({ "breach_cause": { "code": "workload", "words": words } });
    let done = act(world, "handler1", &number, "approve", cause.clone());
    if done["state"] == "second_review" {
        act(world, "reviewer1", &number, "approve", cause);
    }
    number
}

// CLK-7
#[rstest]
fn the_desk_shows_what_is_open_and_leads_to_it(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let open = file(&world, "resident1", 1);
    let held = file(&world, "resident2", 2);
    let done = file(&world, "resident3", 3);
    act(
        &world,
        "handler2",
        &held,
        "claim",
        json!({ "reason": "示例：先办" }),
    );
    approve(&world, &done);
    let supervisor = at_home(&world, "supervisor1");
    let desk = supervisor.get("/desk/supervisor").expect(200);
    shows(
        &desk,
        &[
            "今日各时段办件",
            "<strong>2</strong>",
            "示例 handler2",
            "show=unclaimed",
            "10:00",
        ],
    );
    shows(
        &supervisor
            .get("/desk/supervisor/cases?show=unclaimed")
            .expect(200),
        &[&open],
    );
    let account = account(&world, "handler2");
    let of_handler = format!("/desk/supervisor/cases?show=held&handler={account}");
    let list = supervisor.get(&of_handler).expect(200);
    shows(&list, &[&held]);
    assert!(!list.text.contains(&open));
    // The next afternoon both are at risk; after the deadline they are late.
    set(&world, "2026-11-25T15:00:00+08:00");
    for (show, number) in [("due-today", &open), ("at-risk", &held), ("running", &held)] {
        let path = format!("/desk/supervisor/cases?show={show}&item=cross-region-registration");
        shows(&supervisor.get(&path).expect(200), &[number]);
    }
    assert!(
        !supervisor
            .get("/desk/supervisor/cases?show=late")
            .text
            .contains(&open)
    );
    set(&world, "2026-11-25T17:31:00+08:00");
    time_passes(&world);
    shows(
        &supervisor
            .get("/desk/supervisor/cases?show=late")
            .expect(200),
        &[&open, &held],
    );
    // An auditor reads, and gives nothing out.
    let auditor = at_home(&world, "auditor1");
    auditor.get("/desk/supervisor").expect(200);
    let list = auditor.get("/desk/supervisor/cases?show=late").expect(200);
    assert!(list.text.contains(&open) && !list.text.contains("type=\"checkbox\""));
    at_home(&world, "handler1")
        .get("/desk/supervisor")
        .expect(403);
}

// CLK-7, CAS-2
#[rstest]
fn many_cases_change_hands_each_with_its_outcome(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let (first, second) = (file(&world, "resident1", 1), file(&world, "resident2", 2));
    // handler3 is a relative of resident3.
    let relative = file(&world, "resident3", 3);
    let supervisor = at_home(&world, "supervisor1");
    let (to, page) = (
        account(&world, "handler3"),
        "/desk/supervisor/cases?show=unclaimed",
    );
    let picked: Vec<String> = [&first, &second, &relative]
        .iter()
        .map(|n| format!("{n}.1"))
        .collect();
    let order = |reason: &str, to: &str| {
        let mut fields = vec![("back", page), ("to", to), ("reason", reason)];
        fields.extend(picked.iter().map(|value| ("case", value.as_str())));
        let token = supervisor
            .get(page)
            .expect(200)
            .form_token("/desk/supervisor/cases");
        fields.push(("csrf", token.as_str()));
        supervisor.post("/desk/supervisor/cases", &fields)
    };
    // handler3 can't get the relative's; the list is empty but for that one afterwards.
    shows(&order("", &to).expect(422), &["请填写", &first]);
    let done = order("示例：调整分工", &to).expect(200);
    shows(&done, &["共 3 件，已改派 2 件"]);
    for number in [&first, &second] {
        let case = world
            .user("supervisor1")
            .get(&format!("/api/v1/cases/{number}"))
            .expect(200)
            .json();
        assert_eq!(case["state"], "in_review");
    }
    // Pressed twice: every version has gone on.
    shows(
        &order("示例：调整分工", &to).expect(200),
        &["已改派 0 件", "办件已有变动"],
    );
}

#[rstest]
fn the_load_is_evened_out_after_a_look(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    for day in 1..=4 {
        let number = file(&world, "resident1", day);
        act(
            &world,
            "handler1",
            &number,
            "claim",
            json!({ "reason": "示例：先办" }),
        );
    }
    let supervisor = at_home(&world, "supervisor1");
    let address = "/desk/supervisor/balance";
    let page = supervisor.get(address).expect(200);
    let values: Vec<String> = page
        .text
        .split("name=\"move\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect();
    assert_eq!(values.len(), 2, "{}", page.text);
    let mut fields: Vec<(&str, &str)> = values
        .iter()
        .map(|value| ("move", value.as_str()))
        .collect();
    fields.push(("reason", "示例：均衡工作量"));
    shows(
        &supervisor.submit(address, address, &fields).expect(200),
        &["共 2 件，已改派 2 件"],
    );
    shows(&supervisor.get(address).expect(200), &["无需改派"]);
}

// CLK-7
#[rstest]
fn a_missed_deadline_stands_in_the_register(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let number = missed(&world, "=HYPERLINK(\"x\") 当日申请过多");
    let supervisor = at_home(&world, "supervisor1");
    let page = supervisor.get("/desk/breaches").expect(200);
    shows(&page, &[&number, "办件量超出", "当日申请过多", "无人领取"]);
    for (filter, there) in [
        ("from=2026-11-25&to=2026-11-25", true),
        ("from=2026-11-26", false),
        ("cause=workload&item=cross-region-registration", true),
        ("cause=none", false),
        ("cause=stated", true),
        ("cause=staffing", false),
        ("item=cross-region-change", false),
    ] {
        let page = supervisor
            .get(&format!("/desk/breaches?{filter}"))
            .expect(200);
        assert_eq!(page.text.contains(&number), there, "{filter}");
        let api = world
            .user("supervisor1")
            .get(&format!("/api/v1/breaches?{filter}"));
        let found = api.expect(200).json()["items"].as_array().unwrap().len();
        assert_eq!(found, usize::from(there), "{filter}");
    }
    let file = supervisor.get("/desk/breaches.csv").expect(200);
    assert!(file.header("content-type").starts_with("text/csv"));
    shows(&file, &[&number, "\"'=HYPERLINK(\"\"x\"\") 当日申请过多\""]);
    let found = world
        .user("auditor1")
        .get("/api/v1/breaches")
        .expect(200)
        .json();
    assert_eq!(found["items"][0]["breach_cause"]["code"], "workload");
    assert_eq!(found["items"][0]["due_at"], "2026-11-25T17:30:00+08:00");
    world.user("handler1").get("/api/v1/breaches").expect(403);
    world.user("resident1").get("/api/v1/breaches").expect(403);
    let bad = world
        .user("supervisor1")
        .get("/api/v1/breaches?from=yesterday")
        .expect(422)
        .json();
    assert_eq!(bad["errors"][0]["field"], "from");
}

// CAS-11
#[rstest]
fn a_rating_is_given_once_and_a_bad_one_followed_up(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let number = file(&world, "resident1", 1);
    let (app, page) = (world.user("resident1"), format!("/my/cases/{number}"));
    let early = rate(&app, &number, 5, "").expect(409).json();
    assert_eq!(early["code"], "wrong-state");
    approve(&world, &number);
    let resident = at_home(&world, "resident1");
    shows(&resident.get(&page).expect(200), &["您对这次办理满意吗"]);
    let form = format!("{page}/rating");
    shows(
        &resident.submit(&page, &form, &[("remark", "")]).expect(422),
        &["govuk-error-summary"],
    );
    rate(&app, &number, 6, "").expect(422);
    rate(&world.user("resident2"), &number, 1, "").expect(404);
    rate(&world.user("supervisor1"), &number, 1, "").expect(403);
    rate(&app, &number, 1, "=等了很久").expect(201);
    let again = rate(&app, &number, 5, "").expect(409).json();
    assert_eq!(again["code"], "already-rated");
    assert_eq!(notices(&world, "supervisor1", "bad-rating"), 1);
    shows(
        &resident.get(&page).expect(200),
        &["您的评价：1 星", "=等了很久"],
    );

    // One working day of its own; told once when it is over.
    let supervisor = at_home(&world, "supervisor1");
    let tasks = "/desk/follow-ups";
    shows(
        &supervisor.get(tasks).expect(200),
        &[&number, "=等了很久", "2026年11月25日 17:30"],
    );
    assert_eq!(looked_for(&world), 0);
    set(&world, "2026-11-25T17:30:01+08:00");
    assert_eq!((looked_for(&world), looked_for(&world)), (1, 0));
    assert_eq!(notices(&world, "supervisor2", "follow-up-overdue"), 1);
    shows(&supervisor.get(tasks).expect(200), &["已逾期"]);

    let close = format!("{tasks}/{number}/close");
    shows(
        &supervisor
            .submit(tasks, &close, &[("words", " ")])
            .expect(422),
        &["请填写"],
    );
    supervisor
        .submit(tasks, &close, &[("words", "已致电说明")])
        .expect(303);
    assert_eq!(notices(&world, "resident1", "followed-up"), 1);
    shows(
        &supervisor.get("/desk/follow-ups?show=closed").expect(200),
        &["已致电说明"],
    );
    let seen = resident.get(&page).expect(200);
    assert!(
        seen.text.contains("回访处理") && !seen.text.contains("已致电说明"),
        "{}",
        seen.text
    );
}

// CAS-11
#[rstest]
fn of_two_ratings_at_once_one_counts(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let number = file(&world, "resident1", 1);
    approve(&world, &number);
    let token = world.user("resident1").token().to_owned();
    let barrier = Barrier::new(2);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    let user = TestUser::holding(&world.harness, &token);
                    barrier.wait();
                    rate(&user, &number, 2, "").status
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert!(
        statuses.contains(&201) && statuses.contains(&409),
        "{statuses:?}"
    );
    assert_eq!(notices(&world, "supervisor1", "bad-rating"), 1);
}

#[rstest]
fn a_sample_is_drawn_again_by_its_seed(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    for day in 1..=6 {
        let number = file(&world, "resident1", day);
        approve(&world, &number);
    }
    let supervisor = at_home(&world, "supervisor1");
    let drawn = |seed: &str| {
        let fields = [
            ("from", "2026-11-24"),
            ("to", "2026-11-24"),
            ("wanted", "3"),
            ("seed", seed),
        ];
        let reply = supervisor
            .submit("/desk/samples", "/desk/samples", &fields)
            .expect(303);
        let page = supervisor.get(reply.location()).expect(200);
        let cases: Vec<String> = page
            .text
            .split("name=\"case\" value=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap().to_owned())
            .collect();
        (reply.location().to_owned(), cases)
    };
    let ((address, first), (_, second)) = (drawn("7"), drawn("7"));
    assert_eq!(first, second);
    assert_eq!(first.len(), 3);
    let sample = address.rsplit('=').next().unwrap().to_owned();
    let look = |finding: &str, words: &str| {
        let fields = [
            ("sample", sample.as_str()),
            ("case", first[0].as_str()),
            ("finding", finding),
            ("words", words),
        ];
        supervisor.submit(&address, "/desk/samples/look", &fields)
    };
    look("wrong", "").expect(422);
    look("wrong", "示例：材料与登记不符").expect(303);
    look("fine", "").expect(409);
    shows(
        &supervisor.get(&address).expect(200),
        &["示例：材料与登记不符", "种子 7"],
    );
    let nothing = [
        ("from", "2025-01-01"),
        ("to", "2025-01-31"),
        ("wanted", "3"),
    ];
    let empty = supervisor
        .submit("/desk/samples", "/desk/samples", &nothing)
        .expect(422);
    shows(&empty, &["没有办结的办件"]);
    at_home(&world, "handler1").get("/desk/samples").expect(403);
}

// CLK-9
#[rstest]
#[case::few(Sqlite, 4)]
#[case::few_on_postgres(Postgres, 4)]
#[case::enough(Sqlite, 5)]
#[case::enough_on_postgres(Postgres, 5)]
fn public_figures_tell_nothing_of_few_cases(#[case] kind: Kind, #[case] number: u8) {
    let world = World::start(kind);
    for day in 1..=number {
        let number = file(&world, "resident1", day);
        approve(&world, &number);
    }
    let stranger = TestUser::stranger(&world.harness);
    let path = "/api/v1/statistics/turnaround?item=cross-region-registration&pool=371000";
    let path = format!("{path}&from=2026-11-01&to=2026-11-30");
    let told = stranger.get(&path).expect(200).json();
    let cell = &told["items"][0];
    let (page, file) = (
        stranger.get("/statistics").expect(200),
        stranger.get("/statistics.csv"),
    );
    if number < 5 {
        assert_eq!(
            cell["cases"],
            json!({ "count": null, "at_least": 1, "at_most": 4 })
        );
        assert!(cell["median_minutes"].is_null() && cell["in_time"].is_null());
        shows(&page, &["&#60;5"]);
        assert!(
            !at_home(&world, "resident2")
                .get("/items/cross-region-registration")
                .text
                .contains("预计用时")
        );
    } else {
        assert_eq!(cell["cases"]["count"], 5);
        assert_eq!(
            (&cell["in_time"], &cell["median_minutes"]),
            (&json!(1.0), &json!(0))
        );
        shows(&page, &["100.0%", "chart-turnaround"]);
        shows(
            &stranger.get("/items/cross-region-registration").expect(200),
            &["预计用时"],
        );
    }
    shows(&file.expect(200), &["2026-11-30"]);
    stranger
        .get("/api/v1/statistics/turnaround?from=2026-11-01&to=2024-11-01")
        .expect(422);
    stranger
        .get("/api/v1/statistics/turnaround?pool=999900")
        .expect(422);
    assert_eq!(
        stranger.get("/statistics?from=2020-01&to=2026-11").status,
        422
    );
}
