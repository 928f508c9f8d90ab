//! The desk in a browser without scripts: taking, deciding, asking, passing on, and what it refuses; on both
//! databases.

use bujianmian::store::reads;
use rstest::rstest;
use serde_json::json;

use crate::harness::service::Kind::{self, Postgres, Sqlite};
use crate::harness::user::{Reply, TestUser};
use crate::harness::world::{PASSWORD, World};

/// Files the sample registration and returns its receipt number.
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
    reply.expect(201).json()["receipt_no"]
        .as_str()
        .unwrap()
        .to_owned()
}

fn at_the_desk<'w>(world: &'w World, username: &str) -> TestUser<'w> {
    TestUser::sign_in(&world.harness, username, PASSWORD)
}

fn page(number: &str) -> String {
    format!("/desk/cases/{number}")
}

fn action(number: &str, action: &str) -> String {
    format!("/desk/cases/{number}/actions/{action}")
}

/// Takes the next case and returns the page it leads to.
#[track_caller]
fn take_next(handler: &TestUser<'_>) -> String {
    let reply = handler.submit("/desk", "/desk/next", &[]).expect(303);
    reply.location().to_owned()
}

fn state(world: &World, resident: &str, number: &str) -> String {
    let case = world.user(resident).get(&format!("/api/v1/cases/{number}"));
    case.expect(200).json()["state"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[track_caller]
fn shows(reply: &Reply, words: &[&str]) {
    for word in words {
        assert!(reply.text.contains(word), "no {word} in {}", reply.text);
    }
}

/// Approves the case on its page with one press.
#[track_caller]
fn approve(handler: &TestUser<'_>, number: &str, version: &str) -> Reply {
    handler.submit(
        &page(number),
        &action(number, "approve"),
        &[("version", version), ("from", "/desk")],
    )
}

#[rstest]
fn a_handler_takes_the_next_case_and_approves_it(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let number = file(&world, "resident1");
    let handler = at_the_desk(&world, "handler1");
    shows(&handler.get("/desk").expect(200), &["取下一件（1）"]);
    shows(
        &handler.get("/desk/queue").expect(200),
        &[&number, "北京市", "还剩"],
    );

    let case = take_next(&handler);
    assert!(case.starts_with(&page(&number)), "{case}");
    let shown = handler.get(&case).expect(200);
    shows(
        &shown,
        &[
            "138****0000",
            "2026年11月25日 17:30",
            "data-key=\"a\"",
            "***********",
        ],
    );
    assert!(!shown.text.contains("13800000000"));

    let done = approve(&handler, &number, "2").expect(303);
    assert!(done.location().starts_with("/desk?done=approve"));
    let home = handler.get(done.location()).expect(200);
    // Some cases are drawn for second review by their number (CAS-3).
    match state(&world, "resident1", &number).as_str() {
        "closed" => shows(&home, &["已批准并办结", &number]),
        "second_review" => shows(&home, &["已送复核", &number]),
        other => panic!("{other}"),
    }
    let empty = handler.submit("/desk", "/desk/next", &[]).expect(303);
    assert_eq!(empty.location(), "/desk?next=nothing");
    shows(
        &handler.get(empty.location()).expect(200),
        &["没有等待办理"],
    );
    // A link can't make up a notice.
    let forged = format!("/desk?done=refuse&of={number}");
    assert!(!handler.get(&forged).text.contains("已决定不予批准"));
}

// CLK-7
#[rstest]
fn a_case_out_of_order_needs_a_reason(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    file(&world, "resident1");
    let second = file(&world, "resident2");
    let handler = at_the_desk(&world, "handler1");
    let form = action(&second, "claim");
    let refused = handler
        .submit(&form, &form, &[("version", "1"), ("reason", "")])
        .expect(422);
    shows(&refused, &["不是队列的第一件", "govuk-error-summary"]);
    let taken = handler
        .submit(&form, &form, &[("version", "1"), ("reason", "申请人来电")])
        .expect(303);
    let shown = handler.get(taken.location()).expect(200);
    shows(&shown, &["现由您办理", "申请人来电"]);
}

// CLK-1, CLK-3: the deadline is shown with its clause and counted day by day, to both sides.
#[rstest]
fn a_deadline_shows_its_clause_and_its_days(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let number = file(&world, "resident1");
    let at_desk = at_the_desk(&world, "handler1")
        .get(&page(&number))
        .expect(200);
    let resident = super::resident::at_home(&world, "resident1");
    let at_home = resident.get(&format!("/my/cases/{number}")).expect(200);
    for shown in [at_desk, at_home] {
        shows(
            &shown,
            &["时限：1 个工作日（规则 CLK-1；", "2026年11月25日"],
        );
    }
}

// CLK-6
#[rstest]
fn a_supplement_request_names_everything_at_once(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let number = file(&world, "resident1");
    let handler = at_the_desk(&world, "handler1");
    take_next(&handler);
    let form = action(&number, "request-supplement");
    let nothing = handler
        .submit(&form, &form, &[("version", "2")])
        .expect(422);
    shows(&nothing, &["至少勾选一项"]);
    let fields = [
        ("version", "2"),
        ("missing", "field-end"),
        ("reason-field-end", "结束日期有误"),
        ("missing", "field-phone"),
        ("canned-field-phone", "号码是空号"),
    ];
    let asked = handler.submit(&form, &form, &fields).expect(303);
    shows(
        &handler.get(asked.location()).expect(200),
        &["已发出补正通知"],
    );
    assert_eq!(state(&world, "resident1", &number), "supplement_requested");
    let shown = handler.get(&page(&number)).expect(200);
    shows(
        &shown,
        &["结束日期有误", "号码是空号", "等待申请人补正材料"],
    );
    assert!(!shown.text.contains("data-key=\"s\""));
}

// CAS-3
#[rstest]
fn a_refusal_is_decided_by_a_second_person(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let number = file(&world, "resident1");
    let handler = at_the_desk(&world, "handler1");
    take_next(&handler);
    let form = action(&number, "refuse");
    let clause = "苏医保发〔2020〕3号 二(二)3";
    let fields = [
        ("version", "2"),
        ("reason", "不符合条件"),
        ("clause", clause),
    ];
    handler.submit(&form, &form, &fields).expect(303);
    assert_eq!(state(&world, "resident1", &number), "second_review");

    let reviewer = at_the_desk(&world, "reviewer1");
    shows(&reviewer.get("/desk/reviews").expect(200), &[&number]);
    shows(
        &reviewer.get(&page(&number)).expect(200),
        &["初审意见", "不符合条件", clause],
    );
    // What the first review wrote is there to be changed.
    shows(&reviewer.get(&form).expect(200), &["不符合条件</textarea>"]);
    let fields = [
        ("version", "3"),
        ("reason", "不符合条件"),
        ("clause", clause),
    ];
    let done = reviewer.submit(&form, &form, &fields).expect(303);
    shows(
        &reviewer.get(done.location()).expect(200),
        &["已决定不予批准"],
    );
    assert_eq!(state(&world, "resident1", &number), "refused");

    // Opening it again takes two supervisors (CAS-1).
    let (asks, confirms) = (
        at_the_desk(&world, "supervisor1"),
        at_the_desk(&world, "supervisor2"),
    );
    let reopen = action(&number, "reopen");
    let fields = [("version", "4"), ("reason", "发现新情况")];
    asks.submit(&reopen, &reopen, &fields).expect(303);
    assert_eq!(state(&world, "resident1", &number), "refused");
    shows(
        &asks.get("/desk/approvals").expect(200),
        &["发现新情况", "另一名业务主管"],
    );
    let waiting = confirms.get("/desk/approvals").expect(200);
    let (_, rest) = waiting
        .text
        .split_once("action=\"/desk/approvals/")
        .unwrap();
    let address = format!("/desk/approvals/{}", rest.split('"').next().unwrap());
    confirms
        .submit("/desk/approvals", &address, &[])
        .expect(303);
    assert_eq!(state(&world, "resident1", &number), "in_review");
}

#[rstest]
fn a_case_is_handed_over_and_assigned(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let number = file(&world, "resident1");
    let (first, second) = (
        at_the_desk(&world, "handler1"),
        at_the_desk(&world, "handler2"),
    );
    take_next(&first);
    let form = action(&number, "hand-over");
    let shown = first.get(&form).expect(200);
    let (_, rest) = shown.text.split_once("(handler2)</option>").map_or_else(
        || panic!("{}", shown.text),
        |(before, after)| (after, before),
    );
    let (_, value) = rest.rsplit_once("value=\"").unwrap();
    let to = value.split('"').next().unwrap();
    let fields = [("version", "2"), ("to", to), ("reason", "休假")];
    first.submit(&form, &form, &fields).expect(303);
    shows(&second.get("/desk/mine").expect(200), &[&number]);
    assert!(!first.get("/desk/mine").text.contains(&number));
    shows(
        &second.get(&page(&number)).expect(200),
        &["休假", "data-key=\"a\""],
    );
}

// CAS-2
#[rstest]
fn a_stale_form_keeps_the_text_and_says_what_changed(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let number = file(&world, "resident1");
    let handler = at_the_desk(&world, "handler1");
    take_next(&handler);
    handler
        .submit(
            &page(&number),
            &action(&number, "accept"),
            &[("version", "2")],
        )
        .expect(303);
    let form = action(&number, "release");
    let fields = [("version", "2"), ("reason", "我写了很久的原因")];
    let stale = handler.submit(&form, &form, &fields).expect(409);
    shows(
        &stale,
        &[
            "办件已有新的变化",
            "受理",
            "我写了很久的原因</textarea>",
            "name=\"version\" value=\"3\"",
        ],
    );
    let fields = [("version", "3"), ("reason", "我写了很久的原因")];
    handler.submit(&form, &form, &fields).expect(303);
    // Now it is nobody's: the words are still given back.
    let gone = handler.post(
        &form,
        &[
            ("csrf", &handler.get("/desk").form_token("/desk/next")),
            ("version", "3"),
            ("reason", "再写一次"),
        ],
    );
    shows(&gone.expect(409), &["现在不能再做这项操作", "再写一次"]);
}

// CAS-10
#[rstest]
fn others_see_and_do_no_more_than_is_theirs(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let number = file(&world, "resident1");
    let held = file(&world, "resident3");
    let elsewhere = at_the_desk(&world, "handler-elsewhere");
    elsewhere.get(&page(&number)).expect(404);
    elsewhere.get(&action(&number, "claim")).expect(404);
    assert!(!elsewhere.get("/desk/queue").text.contains(&number));

    let auditor = at_the_desk(&world, "auditor1");
    let shown = auditor.get(&page(&number)).expect(200);
    assert!(!shown.text.contains("/actions/"), "{}", shown.text);
    auditor.get(&action(&number, "claim")).expect(303);
    auditor.get("/desk/queue").expect(403);

    let admin = at_the_desk(&world, "admin1");
    admin.get("/desk").expect(403);
    admin.get(&page(&number)).expect(403);
    shows(&admin.get("/workplace").expect(200), &["不能查看个人信息"]);
    at_the_desk(&world, "resident1").get("/desk").expect(403);

    // handler3 is a relative of resident3.
    let relative = at_the_desk(&world, "handler3");
    let shown = relative.get(&page(&held)).expect(200);
    shows(&shown, &["您本人或亲属的办件"]);
    assert!(!shown.text.contains("示例居民3") && !shown.text.contains("/actions/claim"));
    let mine = take_next(&relative);
    assert!(mine.starts_with(&page(&number)), "{mine}");
    let reveal = format!("{}/reveal", page(&held));
    let token = relative.get("/desk").form_token("/desk/next");
    let fields = [
        ("csrf", token.as_str()),
        ("what", "id-number"),
        ("reason", "看看"),
    ];
    relative.post(&reveal, &fields).expect(403);
}

// CAS-13
#[rstest]
fn a_full_number_is_shown_for_a_reason_and_leaves_a_trace(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let number = file(&world, "resident1");
    let handler = at_the_desk(&world, "handler1");
    let reveal = format!("{}/reveal", page(&number));
    let person = world.harness.read(|conn| {
        let pool = "371000".parse().unwrap();
        let found = bujianmian::store::cases::by_receipt(conn, pool, &number)?;
        Ok(found.unwrap().case.person)
    });
    let fields = [("what", "phone"), ("reason", " ")];
    let refused = handler.submit(&page(&number), &reveal, &fields).expect(422);
    shows(&refused, &["请写明查看原因"]);
    assert!(!refused.text.contains("13800000000"));
    assert!(
        world
            .harness
            .read(|conn| reads::of_person(conn, person, None, 10))
            .is_empty()
    );

    let fields = [("what", "phone"), ("reason", "电话核实行程")];
    let shown = handler.submit(&page(&number), &reveal, &fields).expect(200);
    shows(&shown, &["13800000000", "本次查看已记录"]);
    let seen = world
        .harness
        .read(|conn| reads::of_person(conn, person, None, 10));
    assert_eq!(seen.len(), 1);
    assert_eq!(
        (seen[0].what.as_str(), seen[0].reason.as_str()),
        ("phone", "电话核实行程")
    );
    assert!(!handler.get(&page(&number)).text.contains("13800000000"));
}

#[rstest]
fn a_case_is_found_by_its_number(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let number = file(&world, "resident1");
    let handler = at_the_desk(&world, "handler1");
    let found = handler.get(&format!("/desk/search?number={}", number.replace('-', "")));
    assert!(found.expect(303).location().starts_with(&page(&number)));
    shows(
        &handler.get("/desk/search?number=1%3Cb%3E").expect(404),
        &["1&#60;b&#62;"],
    );
    let none = handler.get("/desk/cases?state=closed").expect(200);
    shows(&none, &["没有符合条件的办件"]);
}
