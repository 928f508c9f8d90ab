//! Payments and fiscal shares (RB-6, SET-8) over HTTP, on both databases: nobody is ever paid twice.

mod sharing;
mod twice;
mod world;

use bujianmian::domain::case::State;
use rstest::rstest;
use serde_json::json;

use crate::harness::service::Kind::{self, Postgres, Sqlite};
use crate::harness::user::TestUser;
use crate::harness::world::PASSWORD;
use world::{Desk, failed, insured, paid, text};

#[rstest]
fn an_order_goes_to_the_bank_and_the_case_ends_when_it_is_paid(
    #[values(Sqlite, Postgres)] kind: Kind,
) {
    let desk = Desk::start(kind);
    let receipt_no = desk.approved("resident1", "FP0001", &insured(15_008));
    let officer = TestUser::sign_in(&desk.world.harness, "finance1", PASSWORD);
    let page = officer.get("/finance").expect(200);
    assert!(page.text.contains(&receipt_no) && page.text.contains("150.08"));
    assert!(page.text.contains("**** 0000") && !page.text.contains("6222020000000000000"));

    let made = officer.submit("/finance", "/finance/batches", &[("most", "500")]);
    let place = made.expect(303).location().to_owned();
    let batch = place.split('?').next().unwrap().to_owned();
    let file = officer.get(&format!("{batch}/file.csv")).expect(200);
    let lines: Vec<&str> = file.text.lines().collect();
    assert!(
        lines[0].starts_with("\u{feff}付款批次,371000-000001,"),
        "{}",
        lines[0]
    );
    assert!(
        lines[0].ends_with(",笔数,1,合计金额,150.08"),
        "{}",
        lines[0]
    );
    let cells: Vec<&str> = lines[2].split(',').collect();
    assert_eq!(&cells[4..7], ["银行卡", "6222020000000000000", "150.08"]);
    let order = cells[1];

    // CAS-13: who fetched the accounts is written down for the payee.
    let reads = TestUser::sign_in(&desk.world.harness, "resident1", PASSWORD).get("/my/reads");
    assert!(reads.expect(200).text.contains("银行账户"));

    officer
        .submit(&batch, &format!("{batch}/sent"), &[])
        .expect(303);
    let results = format!("支付单号,金额,结果,原因,日期\n{order},150.08,成功,,2026-11-24\n");
    let taken = desk.upload(&officer, &batch, &results).expect(200);
    assert!(
        taken.text.contains("成功：1") && taken.text.contains("已完结"),
        "{}",
        taken.text
    );
    assert_eq!(desk.case(&receipt_no).state, State::Closed);
    let told = desk.user("resident1").get("/api/v1/inbox").expect(200);
    assert!(told.text.contains("paid"), "{}", told.text);

    let again = desk.upload(&officer, &batch, &results).expect(200);
    assert!(again.text.contains("此前已知：1") && again.text.contains("成功：0"));
    assert_eq!(desk.payments(&receipt_no), 1);
    let order = officer.get(&format!("/finance/orders/{order}")).expect(200);
    assert!(
        order.text.contains("待付") && order.text.contains("付款中") && order.text.contains("已付")
    );
}

#[rstest]
fn a_wrong_account_is_put_right_on_the_same_case(#[values(Sqlite, Postgres)] kind: Kind) {
    let desk = Desk::start(kind);
    let receipt_no = desk.approved("resident1", "FP0002", &insured(200_000));
    let batch = desk.sent_batch();
    let order = batch["orders"][0].clone();
    assert_eq!(
        desk.counted("finance1", &batch, &[failed(&order)]),
        [0, 1, 0, 0]
    );
    let case = desk.case(&receipt_no);
    assert_eq!(case.stage.as_deref(), Some("account-correction"));

    let resident = TestUser::sign_in(&desk.world.harness, "resident1", PASSWORD);
    let place = format!("/my/cases/{receipt_no}/account");
    assert!(
        resident
            .get(&format!("/my/cases/{receipt_no}"))
            .text
            .contains(&place)
    );
    let page = resident.get(&place).expect(200);
    assert!(page.text.contains("户名不符"), "{}", page.text);
    let version = case.version.to_string();
    let typed = |number: &'static str| {
        vec![
            ("version", version.as_str()),
            ("account_holder", "示例居民1"),
            ("bank", "示例银行"),
            ("account_kind", "card"),
            ("account", number),
        ]
    };
    let refused = resident.submit(&place, &place, &typed("6222020000000000004"));
    assert!(refused.expect(422).text.contains("f-account"));
    resident
        .submit(&place, &place, &typed("4111111111111111"))
        .expect(303);
    assert_eq!(desk.case(&receipt_no).stage.as_deref(), Some("payment"));

    let second = desk.sent_batch();
    let again = second["orders"][0].clone();
    assert_eq!(
        (&again["attempt"], &again["fen"], text(&again["account"])),
        (&json!(2), &json!(200_000), "**** 1111")
    );
    // What the bank says of the first order is over.
    assert_eq!(
        desk.counted("finance1", &batch, &[paid(&order)]),
        [0, 0, 0, 1]
    );
    assert_eq!(
        desk.counted("finance1", &second, &[paid(&again)]),
        [1, 0, 0, 0]
    );
    assert_eq!(desk.case(&receipt_no).state, State::Closed);
}

#[rstest]
fn the_account_is_the_applicants_to_put_right(#[values(Sqlite, Postgres)] kind: Kind) {
    let desk = Desk::start(kind);
    let receipt_no = desk.approved("resident1", "FP0003", &insured(100));
    let path = format!("/api/v1/cases/{receipt_no}/account");
    let body = |version: u32| {
        json!({ "version": version, "account_holder": "示例居民1", "bank": "示例银行",
            "account_kind": "passbook", "account": "12345678" })
    };
    let version = desk.case(&receipt_no).version;
    // Nothing failed yet.
    let early = desk.user("resident1").post_json(&path, &body(version));
    assert_eq!(early.expect(409).json()["code"], "wrong-state");
    let batch = desk.sent_batch();
    desk.counted("finance1", &batch, &[failed(&batch["orders"][0])]);
    let version = desk.case(&receipt_no).version;
    desk.user("resident2")
        .post_json(&path, &body(version))
        .expect(404);
    desk.user("handler1")
        .post_json(&path, &body(version))
        .expect(403);
    let stale = desk.user("resident1").post_json(&path, &body(version - 1));
    assert_eq!(stale.expect(409).json()["code"], "stale-version");
    let right = desk
        .user("resident1")
        .post_json(&path, &body(version))
        .expect(200);
    assert_eq!(right.json()["stage"], "payment");
}

#[rstest]
fn money_that_comes_back_is_paid_again_to_the_right_account(
    #[values(Sqlite, Postgres)] kind: Kind,
) {
    let desk = Desk::start(kind);
    let receipt_no = desk.approved("resident1", "FP0004", &insured(30_000));
    let batch = desk.sent_batch();
    let order = batch["orders"][0].clone();
    desk.counted("finance1", &batch, &[paid(&order)]);
    let returned = format!("/api/v1/payments/{}/returned", text(&order["id"]));
    let officer = desk.user("finance1");
    officer
        .post_json(&returned, &json!({ "reason": " " }))
        .expect(422);
    let body = json!({ "reason": "账户已销户" });
    let view = officer.post_json(&returned, &body).expect(200).json();
    assert_eq!(view["state"], "returned");
    officer.post_json(&returned, &body).expect(409);
    let case = desk.case(&receipt_no);
    assert_eq!(
        (case.state, case.stage.as_deref()),
        (State::Fulfilling, Some("account-correction"))
    );
    // The same results again change nothing.
    assert_eq!(
        desk.counted("finance2", &batch, &[paid(&order)]),
        [0, 0, 1, 0]
    );
    let right = json!({ "version": case.version, "account_holder": "示例居民1", "bank": "示例银行",
        "account_kind": "passbook", "account": "12345678" });
    let path = format!("/api/v1/cases/{receipt_no}/account");
    desk.user("resident1").post_json(&path, &right).expect(200);
    let second = desk.sent_batch();
    assert_eq!(second["fen"], 30_000);
    desk.counted("finance1", &second, &[paid(&second["orders"][0])]);
    assert_eq!(desk.case(&receipt_no).state, State::Closed);
}
