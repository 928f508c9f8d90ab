//! A resident's pages in a browser without scripts: filing question by question, faults, other people's things,
//! the supplement, the withdrawal; on both databases.

use std::sync::Barrier;

use bujianmian::domain::case::Channel;
use bujianmian::domain::ids::CaseId;
use bujianmian::store::sessions;
use bujianmian::usecases::Error;
use bujianmian::usecases::filing::{self, Submission};
use rstest::rstest;
use serde_json::{Map, Value, json};

use crate::harness::service::Kind::{self, Postgres, Sqlite};
use crate::harness::user::{Reply, TestUser};
use crate::harness::world::{PASSWORD, World};

pub const REGISTRATION: &str = "cross-region-registration";

pub fn at_home<'w>(world: &'w World, username: &str) -> TestUser<'w> {
    TestUser::sign_in(&world.harness, username, PASSWORD)
}

/// Begins a draft; returns its address.
#[track_caller]
pub fn begin(user: &TestUser<'_>, slug: &str) -> String {
    let start = format!("/apply/{slug}");
    let begun = user.submit(&start, &start, &[]).expect(303);
    begun.location().to_owned()
}

/// Answers one question on its page.
#[track_caller]
pub fn answer(user: &TestUser<'_>, draft: &str, field: &str, value: &str) -> Reply {
    let page = format!("{draft}/{field}");
    user.submit(&page, &page, &[(field, value)])
}

/// Answers all questions, each leading to the next page.
#[track_caller]
pub fn answer_all(user: &TestUser<'_>, draft: &str, answers: &[(&str, &str)]) {
    for (field, value) in answers {
        answer(user, draft, field, value).expect(303);
    }
}

/// The last step.
#[track_caller]
pub fn submit(user: &TestUser<'_>, draft: &str) -> Reply {
    let check = format!("{draft}/check");
    user.submit(&check, &format!("{draft}/submit"), &[("pledge", "yes")])
}

/// The receipt number in the address of a receipt.
#[track_caller]
pub fn number(receipt: &Reply) -> String {
    let rest = receipt.location().strip_prefix("/my/cases/").unwrap();
    rest.strip_suffix("/receipt").unwrap().to_owned()
}

/// A registration for Beijing, filed on the pages.
#[track_caller]
pub fn filed(user: &TestUser<'_>) -> String {
    let draft = begin(user, REGISTRATION);
    answer_all(user, &draft, &TO_BEIJING);
    number(&submit(user, &draft).expect(303))
}

pub const TO_BEIJING: [(&str, &str); 5] = [
    ("kind", "other-temporary"),
    ("destination", "110100"),
    ("start", "2026-11-24"),
    ("end", "2026-12-24"),
    ("phone", "13800000000"),
];

pub fn case_of(world: &World, username: &str, number: &str) -> Value {
    let path = format!("/api/v1/cases/{number}");
    world.user(username).get(&path).expect(200).json()
}

/// The handler takes the next case and does something to it.
#[track_caller]
pub fn handled(world: &World, action: &str, more: Value) -> Value {
    let handler = world.user("handler1");
    let held = handler.post_json("/api/v1/queue/next", &json!({}));
    let held = held.expect(200).json();
    let mut body = more;
    body["version"] = held["version"].clone();
    let number = held["receipt_no"].as_str().unwrap();
    let path = format!("/api/v1/cases/{number}/actions/{action}");
    handler.post_json(&path, &body).expect(200).json()
}

#[track_caller]
pub fn shows(reply: &Reply, words: &[&str]) {
    for word in words {
        assert!(reply.text.contains(word), "no {word} in {}", reply.text);
    }
}

#[rstest]
fn a_registration_is_filed_question_by_question(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let resident = at_home(&world, "resident1");
    let draft = begin(&resident, REGISTRATION);
    let mut page = resident.get(&draft).expect(303).location().to_owned();
    for (field, value) in TO_BEIJING {
        assert_eq!(page, format!("{draft}/{field}"));
        let next = answer(&resident, &draft, field, value).expect(303);
        page = next.location().to_owned();
    }
    assert_eq!(page, format!("{draft}/check"));
    shows(
        &resident.get(&page).expect(200),
        &["北京市", "13800000000", "来自参保登记", "尚未提交"],
    );
    let filed = submit(&resident, &draft).expect(303);
    let receipt = resident.get(filed.location()).expect(200);
    // CLK-3
    shows(&receipt, &[&number(&filed), "2026年11月25日 17:30", "<svg"]);
    let case = case_of(&world, "resident1", &number(&filed));
    assert_eq!(
        (&case["state"], &case["channel"]),
        (&json!("submitted"), &json!("online"))
    );
    shows(&resident.get("/my").expect(200), &[&number(&filed)]);
}

#[rstest]
fn a_fault_stands_at_its_field_and_the_text_is_kept(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let resident = at_home(&world, "resident1");
    let draft = begin(&resident, REGISTRATION);
    for (field, typed, words) in [
        ("kind", "", "请选择一项"),
        ("kind", "holiday", "不在可选范围内"),
        ("destination", "x", "请填写六位地区代码"),
        ("start", "2026-02-30", "没有这一天"),
        ("end", "明天<b>", "没有这一天"),
        ("phone", "138", "请填写 11 位手机号码"),
    ] {
        let refused = answer(&resident, &draft, field, typed).expect(422);
        shows(&refused, &["govuk-error-summary", words]);
        if ["start", "end", "phone"].contains(&field) {
            let kept = format!(
                "value=\"{}\"",
                typed.replace('<', "&#60;").replace('>', "&#62;")
            );
            shows(&refused, &[&kept]);
        }
    }
    answer_all(&resident, &draft, &TO_BEIJING);
    // Rules between fields are asked once all are there.
    let end = format!("{draft}/end?from=check");
    let early = resident
        .submit(&end, &end, &[("end", "2026-11-01")])
        .expect(422);
    shows(
        &early,
        &["结束日期不能早于开始日期", "value=\"2026-11-01\""],
    );
    let back = resident
        .submit(&end, &end, &[("end", "2026-12-01")])
        .expect(303);
    assert_eq!(back.location(), format!("{draft}/check"));
    let home = answer(&resident, &draft, "destination", "371000").expect(422);
    shows(&home, &["参保地不需要备案"]);
    answer(&resident, &draft, "destination", "110100").expect(303);
    let unpledged = resident.submit(&format!("{draft}/check"), &format!("{draft}/submit"), &[]);
    shows(&unpledged.expect(422), &["govuk-error-summary", "北京市"]);
    let cases = world
        .user("resident1")
        .get("/api/v1/cases")
        .expect(200)
        .json();
    assert_eq!(cases["items"], json!([]));
    submit(&resident, &draft).expect(303);
}

// CAS-2
#[rstest]
fn a_draft_sent_from_many_tabs_is_one_case(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let resident = at_home(&world, "resident1");
    let draft = begin(&resident, REGISTRATION);
    answer_all(&resident, &draft, &TO_BEIJING);
    let action = format!("{draft}/submit");
    let csrf = resident.get(&format!("{draft}/check")).form_token(&action);
    let fields = [("csrf", csrf.as_str()), ("pledge", "yes")];
    let together = Barrier::new(3);
    let mut receipts: Vec<String> = std::thread::scope(|scope| {
        let tabs: Vec<_> = (0..3)
            .map(|_| {
                scope.spawn(|| {
                    together.wait();
                    number(&resident.post(&action, &fields).expect(303))
                })
            })
            .collect();
        tabs.into_iter().map(|tab| tab.join().unwrap()).collect()
    });
    receipts.push(number(&resident.post(&action, &fields).expect(303)));
    receipts.dedup();
    assert_eq!(receipts.len(), 1, "{receipts:?}");
    let cases = world
        .user("resident1")
        .get("/api/v1/cases")
        .expect(200)
        .json();
    assert_eq!(cases["items"].as_array().unwrap().len(), 1);
}

/// What a page says, without what names the thing asked for or the request.
fn said(reply: &Reply, name: &str) -> String {
    let (_, main) = reply.text.split_once("<main").expect("a main part");
    let (main, _) = main.split_once("</main>").expect("its end");
    main.replace(name, "NAME")
        .replace(reply.header("x-request-id"), "ID")
}

#[rstest]
fn what_is_somebody_elses_is_as_good_as_missing(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let (owner, other) = (at_home(&world, "resident1"), at_home(&world, "resident2"));
    let number = filed(&owner);
    let draft = begin(&owner, REGISTRATION);
    let id = draft.rsplit('/').next().unwrap().to_owned();
    let missing: CaseId = bujianmian::clock::Clock::new_id();
    let missing = missing.to_string();
    for tail in ["", "/kind", "/papers", "/check"] {
        let theirs = other.get(&format!("/apply/draft/{id}{tail}")).expect(404);
        let none = other
            .get(&format!("/apply/draft/{missing}{tail}"))
            .expect(404);
        assert_eq!(said(&theirs, &id), said(&none, &missing), "{tail}");
    }
    for tail in ["", "/receipt", "/supplement", "/withdraw", "/papers/x"] {
        let theirs = other.get(&format!("/my/cases/{number}{tail}")).expect(404);
        let none = other.get(&format!("/my/cases/nonsense{tail}")).expect(404);
        assert_eq!(said(&theirs, &number), said(&none, "nonsense"), "{tail}");
    }
    let csrf = other.get("/apply/cross-region-registration");
    let csrf = csrf.form_token("/apply/cross-region-registration");
    for tail in ["kind", "submit", "delete", "autosave"] {
        let fields = [
            ("csrf", csrf.as_str()),
            ("kind", "referral"),
            ("pledge", "yes"),
        ];
        other.post(&format!("{draft}/{tail}"), &fields).expect(404);
    }
    owner.get(&format!("{draft}/kind")).expect(200);
}

#[rstest]
fn a_filing_takes_no_draft_of_somebody_else_along(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let owner = at_home(&world, "resident1");
    let draft: CaseId = begin(&owner, REGISTRATION)
        .rsplit('/')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let thief = world.harness.read(|conn| {
        let found = bujianmian::store::accounts::credentials(conn, "resident2", "")?.unwrap();
        let today = "2026-11-24".parse().unwrap();
        Ok(sessions::actor(conn, found.account, today)?.unwrap())
    });
    let answers: Map<String, Value> = TO_BEIJING
        .iter()
        .map(|(name, value)| ((*name).to_owned(), Value::from(*value)))
        .chain([("pledge".to_owned(), Value::from(true))])
        .collect();
    let submission = Submission {
        item: REGISTRATION.to_owned(),
        answers,
        token: "theirs".to_owned(),
        channel: Channel::Online,
        draft: Some(draft),
        behalf: None,
        urgent: None,
    };
    let app = world.harness.app.clone();
    let refused = actix_web::rt::System::new()
        .block_on(async move { filing::file(&app, &thief, submission).await });
    assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
}

// CAS-7
#[rstest]
fn an_application_is_taken_back_and_filed_again(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let resident = at_home(&world, "resident1");
    let number = filed(&resident);
    let page = format!("/my/cases/{number}/withdraw");
    let fields = [("version", "1"), ("reason", "行程取消")];
    let done = resident.submit(&page, &page, &fields).expect(303);
    shows(&resident.get(done.location()).expect(200), &["已撤回"]);
    assert_eq!(case_of(&world, "resident1", &number)["state"], "withdrawn");
    // Nothing is left to take back.
    assert_eq!(
        resident.get(&page).expect(303).location(),
        format!("/my/cases/{number}")
    );
    let case = format!("/my/cases/{number}");
    let again = resident
        .submit(&case, &format!("{case}/again"), &[])
        .expect(303);
    let receipt = submit(&resident, again.location()).expect(303);
    assert_ne!(self::number(&receipt), number);
}

// CLK-5, CLK-6
#[rstest]
fn a_supplement_is_asked_for_and_answered(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let resident = at_home(&world, "resident1");
    let number = filed(&resident);
    let missing = json!({ "missing": [{ "field": "end", "reason": "结束日期有误" }] });
    let asked = handled(&world, "request-supplement", missing);
    let page = format!("/my/cases/{number}/supplement");
    shows(
        &resident.get(&format!("/my/cases/{number}")),
        &["等待您补正材料", &page],
    );
    shows(
        &resident.get(&page).expect(200),
        &["结束日期有误", "2026-12-24"],
    );
    let version = asked["version"].to_string();
    let bad = [("version", version.as_str()), ("end", "2026-02-30")];
    let refused = resident.submit(&page, &page, &bad).expect(422);
    shows(&refused, &["没有这一天", "value=\"2026-02-30\""]);
    // What was not asked for is not changed.
    let good = [
        ("version", version.as_str()),
        ("end", "2026-12-20"),
        ("phone", "13900000000"),
    ];
    resident.submit(&page, &page, &good).expect(303);
    let case = case_of(&world, "resident1", &number);
    assert_eq!(case["state"], "in_review");
    assert_eq!(case["answers"]["end"], "2026-12-20");
    assert_eq!(case["answers"]["phone"], "13800000000");
}
