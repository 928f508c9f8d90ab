//! Nobody is paid twice, whatever is retried, raced or settled anew (RB-6).

use rstest::rstest;
use serde_json::{Value, json};

use super::world::{Desk, failed, insured, paid, text};
use crate::harness::service::Kind::{self, Postgres, Sqlite};

/// What happens when several do something at once.
fn at_once<T: Send>(times: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    std::thread::scope(|scope| {
        let work = &work;
        let sent: Vec<_> = (0..times).map(|n| scope.spawn(move || work(n))).collect();
        sent.into_iter().map(|one| one.join().unwrap()).collect()
    })
}

#[rstest]
fn two_officers_make_batches_at_once_and_no_order_is_in_both(
    #[values(Sqlite, Postgres)] kind: Kind,
) {
    let desk = Desk::start(kind);
    for number in 0..6 {
        let resident = ["resident1", "resident2"][number % 2];
        desk.approved(resident, &format!("FP1{number:03}"), &insured(100));
    }
    let officers = [desk.user("finance1"), desk.user("finance2")];
    let replies = at_once(4, |n| {
        officers[n % 2].post_json("/api/v1/payment-batches", &json!({ "most": 4 }))
    });
    let mut orders: Vec<String> = vec![];
    for reply in &replies {
        match reply.status {
            201 => {
                let batch = reply.json();
                let of_batch = batch["orders"].as_array().unwrap();
                orders.extend(of_batch.iter().map(|one| text(&one["id"]).to_owned()));
            }
            409 => assert_eq!(reply.json()["code"], "nothing-to-pay"),
            other => panic!("{other} {}", reply.text),
        }
    }
    let count = orders.len();
    orders.sort();
    orders.dedup();
    assert_eq!((count, orders.len()), (6, 6));
}

#[rstest]
fn one_result_taken_in_by_two_at_once_pays_once(#[values(Sqlite, Postgres)] kind: Kind) {
    let desk = Desk::start(kind);
    let receipts = [
        desk.approved("resident1", "FP2001", &insured(100)),
        desk.approved("resident2", "FP2002", &insured(200)),
    ];
    let batch = desk.sent_batch();
    let orders = batch["orders"].as_array().unwrap();
    let rows: Vec<Value> = orders.iter().map(paid).collect();
    let turned: Vec<Value> = rows.iter().rev().cloned().collect();
    let counts = at_once(4, |n| {
        let officer = ["finance1", "finance2"][n % 2];
        let rows = if n < 2 { &rows } else { &turned };
        desk.counted(officer, &batch, rows)
    });
    let sum = |at: usize| counts.iter().map(|count| count[at]).sum::<u64>();
    assert_eq!((sum(0), sum(1), sum(2), sum(3)), (2, 0, 6, 0));
    for receipt_no in &receipts {
        assert_eq!(desk.payments(receipt_no), 1);
    }
    let path = format!("/api/v1/payment-batches/{}", text(&batch["id"]));
    let after = desk.user("finance1").get(&path).expect(200).json();
    assert_eq!(
        (&after["state"], &after["waiting"]),
        (&json!("done"), &json!(0))
    );
}

#[rstest]
fn rows_that_cannot_be_say_why_and_keep_no_other_back(#[values(Sqlite, Postgres)] kind: Kind) {
    let desk = Desk::start(kind);
    desk.approved("resident1", "FP3001", &insured(100));
    let first = desk.sent_batch();
    desk.approved("resident2", "FP3002", &insured(200));
    let second = desk.sent_batch();
    let (one, two) = (first["orders"][0].clone(), second["orders"][0].clone());
    let mut more = paid(&one);
    more["fen"] = json!(101);
    let mut nobody = paid(&one);
    nobody["order"] = json!("01900000-0000-7000-8000-000000000000");
    let mut nonsense = paid(&one);
    nonsense["order"] = json!("12");
    let mut silent = failed(&one);
    silent["reason"] = Value::Null;
    let rows = [
        nonsense,
        nobody,
        paid(&two),
        more,
        silent,
        paid(&one),
        failed(&one),
    ];
    let report = desk.results("finance1", &first, &rows).expect(200).json();
    let refused: Vec<(u64, &str, &str)> = report["refused"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let row = one["row"].as_u64().unwrap();
            (row, text(&one["field"]), text(&one["code"]))
        })
        .collect();
    assert_eq!(
        refused,
        [
            (1, "order", "payment-order-malformed"),
            (2, "order", "payment-order-unknown"),
            (3, "order", "payment-order-other-batch"),
            (4, "amount", "payment-amount-differs"),
            (5, "reason", "required"),
            (7, "result", "payment-result-contradicts"),
        ]
    );
    assert_eq!(report["paid"], 1);
}

#[rstest]
fn results_wait_until_the_file_went_to_the_bank(#[values(Sqlite, Postgres)] kind: Kind) {
    let desk = Desk::start(kind);
    let receipt_no = desk.approved("resident1", "FP4001", &insured(100));
    let officer = desk.user("finance1");
    let batch = officer.post_json("/api/v1/payment-batches", &json!({}));
    let batch = batch.expect(201).json();
    let early = desk.results("finance1", &batch, &[paid(&batch["orders"][0])]);
    assert_eq!(early.expect(409).json()["code"], "payment-batch-open");
    // What is in a batch can't be called back; nothing is paid beside it.
    assert!(desk.reopened(&receipt_no).is_err());
    assert!(desk.settle(&receipt_no, 2, &insured(100)).is_err());
    let elsewhere = desk.user("finance-elsewhere");
    let path = format!("/api/v1/payment-batches/{}", text(&batch["id"]));
    elsewhere.get(&path).expect(404);
    elsewhere.get(&format!("{path}/file.csv")).expect(404);
    assert_eq!(
        elsewhere.get("/api/v1/payments").expect(200).json()["items"],
        json!([])
    );
}

#[rstest]
fn nobody_pays_themselves(#[values(Sqlite, Postgres)] kind: Kind) {
    let desk = Desk::start(kind);
    let receipt_no = desk.approved("resident3", "FP5001", &insured(100));
    let own = desk.user("finance-own");
    let made = own.post_json("/api/v1/payment-batches", &json!({}));
    assert_eq!(made.expect(409).json()["code"], "nothing-to-pay");
    let batch = desk.sent_batch();
    let rows = [paid(&batch["orders"][0])];
    let report = desk
        .results("finance-own", &batch, &rows)
        .expect(200)
        .json();
    assert_eq!(report["refused"][0]["code"], "payment-own-case");
    assert_eq!(desk.payments(&receipt_no), 0);
    assert_eq!(desk.counted("finance1", &batch, &rows), [1, 0, 0, 0]);
}

#[rstest]
fn what_was_paid_before_counts_when_a_case_is_settled_anew(#[values(Sqlite, Postgres)] kind: Kind) {
    let desk = Desk::start(kind);
    let receipt_no = desk.approved("resident1", "FP6001", &insured(10_000));
    let batch = desk.sent_batch();
    desk.counted("finance1", &batch, &[paid(&batch["orders"][0])]);
    let waiting = |state: &str| {
        let path = format!("/api/v1/payments?state={state}");
        let list = desk.user("finance1").get(&path).expect(200).json();
        let items = list["items"].as_array().unwrap().clone();
        items
            .iter()
            .map(|one| one["fen"].as_i64().unwrap())
            .collect::<Vec<_>>()
    };
    // More: the difference alone. Opened again before it went to a batch: called back.
    desk.settle(&receipt_no, 2, &insured(12_500)).unwrap();
    assert_eq!(waiting("ordered"), [2_500]);
    desk.reopened(&receipt_no).unwrap();
    assert_eq!(waiting("ordered"), Vec::<i64>::new());
    // Less: to be had back, counted anew each time.
    desk.settle(&receipt_no, 3, &insured(9_000)).unwrap();
    assert_eq!(waiting("to-recover"), [1_000]);
    desk.settle(&receipt_no, 4, &insured(9_500)).unwrap();
    assert_eq!(waiting("to-recover"), [500]);
    let list = desk
        .user("finance1")
        .get("/api/v1/payments?state=to-recover");
    let id = text(&list.json()["items"][0]["id"]).to_owned();
    let path = format!("/api/v1/payments/{id}/recovered");
    let body = json!({ "reason": "本人已退回" });
    let done = desk.user("finance1").post_json(&path, &body).expect(200);
    assert_eq!(done.json()["state"], "recovered");
    desk.user("finance1").post_json(&path, &body).expect(409);
    // The same again: nothing.
    desk.settle(&receipt_no, 5, &insured(9_500)).unwrap();
    assert_eq!(
        (waiting("ordered"), waiting("to-recover")),
        (vec![], vec![])
    );
}
