//! The rest of a registration without papers: decided, recorded (XR-6), looked at by officers, and its pages.

use bujianmian::domain::time::Ts;
use rstest::rstest;
use serde_json::{Value, json};

use super::{
    ITEM, discharge, enter, fault, file, notices, now_of, press, registrations, stands, world,
};
use crate::harness::service::Kind::{self, Postgres, Sqlite};
use crate::harness::user::{Reply, TestUser};
use crate::harness::world::{PASSWORD, World, id_number};

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
            resident
                .get(page)
                .expect(200)
                .text
                .contains("您可以一键办理"),
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
    assert!(
        !resident
            .get("/my")
            .expect(200)
            .text
            .contains("您可以一键办理")
    );
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

// XR-6 on the desk's pages; CLK-7: after a missed deadline with its cause.
#[rstest]
fn recording_on_the_desk_and_after_a_missed_deadline(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    enter(&world, "clerk-there", 1, "confirmed", "2026-11-20", "");
    press(&world, "resident1", "a").expect(201);
    let case = taken(&world);
    let late = Ts::parse("2026-11-26T10:00:00+08:00").unwrap();
    world.harness.app.clock.set(late);
    let reason = json!({ "reason": "示例：救治地无法核实" });
    let bare = act(&world, &case, "record", reason).expect(422).json();
    assert_eq!(bare["errors"][0]["field"], "breach_cause");

    world
        .harness
        .app
        .clock
        .set(Ts::parse("2026-11-24T11:00:00+08:00").unwrap());
    let desk = TestUser::sign_in(&world.harness, "handler1", PASSWORD);
    let number = case["receipt_no"].as_str().unwrap();
    let form = format!("/desk/cases/{number}/actions/record");
    let version = case["version"].to_string();
    let fields = [
        ("version", version.as_str()),
        ("reason", "示例：救治地无法核实"),
    ];
    desk.submit(&form, &form, &fields).expect(303);
    assert_eq!(stands(&world).0, "recorded");
    let own = TestUser::sign_in(&world.harness, "resident1", PASSWORD);
    let page = own.get(&format!("/my/cases/{number}")).expect(200);
    assert!(page.text.contains("已记录在案"), "{}", page.text);
}

// XR-3: from the pages of the entry, by the hospital's clerk and by handlers.
#[rstest]
#[case("clerk-there", "institution")]
#[case("handler-there", "desk")]
fn the_entry_offers_the_press(
    #[case] who: &str,
    #[case] place: &str,
    #[values(Sqlite, Postgres)] kind: Kind,
) {
    let world = world(kind);
    let patient = enter(&world, "clerk-there", 1, "confirmed", "2026-11-20", "");
    let user = TestUser::sign_in(&world.harness, who, PASSWORD);
    let entry = format!("/{place}/patients/{}", patient.id);
    let action = format!("{entry}/register");
    let csrf = user.get(&entry).expect(200).form_token(&action);
    let fields = [("csrf", csrf.as_str())];
    user.post(&action, &fields).expect(303);
    assert_eq!(
        stands(&world),
        ("active".to_owned(), "2026-11-20".to_owned(), None)
    );
    let shown = user.get(&entry).expect(200);
    assert!(!shown.text.contains(&action), "{}", shown.text);
    let again = user.post(&action, &fields).expect(409);
    assert!(again.text.contains("没有任何损失"), "{}", again.text);
}
