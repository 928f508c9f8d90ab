//! What is done to all cases of a batch at once (XR-9): the employer takes them back, a handler decides them, each case
//! by the rules of any other. On both databases.

use std::collections::BTreeMap;

use bujianmian::domain::batch::Batch;
use bujianmian::domain::time::Ts;
use bujianmian::jobs::batch_tasks;
use bujianmian::store::cases;
use bujianmian::usecases::batch_tasks::{Progress, go_on, running};
use rstest::rstest;
use serde_json::{Value, json};

use super::batches::world::{Firm, staff};
use crate::harness::service::Kind::{self, Postgres, Sqlite};
use crate::harness::user::{Reply, TestUser};

fn filed(firm: &Firm, count: u16) -> Batch {
    let lines: Vec<String> = (1..=count)
        .map(|number| format!("{},北京市,2026-12-01,,", staff(number).as_str()))
        .collect();
    let batch = firm.list(&lines);
    firm.work();
    batch
}

fn done(firm: &Firm) -> usize {
    firm.wait(batch_tasks::run(firm.app())).unwrap()
}

fn decide(user: &TestUser<'_>, batch: &Batch, body: &Value) -> Reply {
    user.post_json(&format!("/api/v1/batches/{}/decide", batch.id), body)
}

fn withdraw(user: &TestUser<'_>, batch: &Batch) -> Reply {
    user.post_json(
        &format!("/api/v1/batches/{}/withdraw", batch.id),
        &json!({}),
    )
}

/// The last task as its reader sees it, and its results by row.
fn last(user: &TestUser<'_>, batch: &Batch) -> (Value, BTreeMap<u64, String>) {
    let path = format!("/api/v1/batches/{}/tasks", batch.id);
    let task = user.get(&path).expect(200).json()["items"][0].clone();
    let results = format!("{path}/{}?limit=500", task["id"].as_str().unwrap());
    let found = user.get(&results).expect(200).json();
    assert_eq!(found["next"], Value::Null);
    let rows = found["items"].as_array().unwrap().iter();
    let rows = rows.map(|one| {
        let result = one["result"].as_str().unwrap().to_owned();
        (one["row"].as_u64().unwrap(), result)
    });
    (task, rows.collect())
}

/// State and version of the case of each row.
fn states(firm: &Firm, batch: &Batch) -> BTreeMap<u64, (String, String)> {
    let (_, rows) = firm.results(batch);
    let rows = rows.iter().filter_map(|row| {
        let (id, receipt_no) = row.case.clone()?;
        let found = firm
            .world
            .harness
            .read(|conn| cases::by_id(conn, batch.pool, id));
        let state = found.unwrap().case.state.to_string();
        Some((u64::from(row.number), (receipt_no, state)))
    });
    rows.collect()
}

fn claim(user: &TestUser<'_>, receipt_no: &str) {
    let path = format!("/api/v1/cases/{receipt_no}/actions/claim");
    let body = json!({ "version": 1, "reason": "示例：先办" });
    user.post_json(&path, &body).expect(200);
}

#[rstest]
fn a_handler_decides_all_at_once_with_a_result_for_each_xr_9(
    #[values(Sqlite, Postgres)] kind: Kind,
) {
    let firm = Firm::start(kind, 60);
    let batch = filed(&firm, 60);
    let (one, two) = (firm.world.user("handler1"), firm.world.user("handler2"));
    let before = states(&firm, &batch);
    claim(&two, &before[&2].0);
    claim(&one, &before[&3].0);
    decide(&one, &batch, &json!({ "action": "approve" })).expect(202);
    // One thing at a time.
    let again = decide(&one, &batch, &json!({ "action": "approve" })).expect(409);
    assert_eq!(again.json()["code"], "batch-busy");
    assert_eq!(done(&firm), 60);
    let (task, results) = last(&one, &batch);
    let after = states(&firm, &batch);
    assert_eq!((results.len(), results[&2].as_str()), (60, "held"));
    assert_eq!(after[&2].1, "in_review");
    let sampled = results
        .values()
        .filter(|one| *one == "second-review")
        .count();
    // CAS-3: what falls into the sample waits for a second person, the rest is decided.
    for (row, result) in results.iter().filter(|(row, _)| **row != 2) {
        let state = match result.as_str() {
            "done" => "closed",
            "second-review" => "second_review",
            other => panic!("row {row}: {other}"),
        };
        assert_eq!(after[row].1, state, "row {row}");
    }
    assert_eq!(
        (&task["state"], &task["done"]),
        (&json!("done"), &json!(59))
    );
    assert_eq!(task["failed"], 1);
    // CLK-7: each was taken out of its order with a reason.
    let events = one.get(&format!("/api/v1/cases/{}/events", after[&9].0));
    let events = events.expect(200).json();
    let taken = &events["items"].as_array().unwrap()[1];
    assert_eq!(taken["action"], "claim");
    assert_eq!(taken["reason"], "参保单位批量申报，整批办理");
    // The agent is told of the list as a whole, not sixty times.
    let inbox = firm
        .world
        .user("agent1")
        .get("/api/v1/inbox?limit=500")
        .expect(200)
        .json();
    let kinds: Vec<&str> = inbox["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["notice"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["batch-decided", "batch-done"]);
    assert!(sampled < 20, "{sampled}");
    let nothing = decide(&two, &batch, &json!({ "action": "approve" }));
    nothing.expect(202);
    done(&firm);
    let (_, results) = last(&two, &batch);
    assert_eq!(
        results[&3],
        if after[&3].1 == "closed" {
            "over"
        } else {
            "waits"
        }
    );
    assert!(["done", "second-review"].contains(&results[&2].as_str()));
    let nothing = decide(&two, &batch, &json!({ "action": "approve" })).expect(409);
    assert_eq!(nothing.json()["code"], "batch-settled");
}

#[rstest]
fn the_employer_takes_all_back_until_decided_cas_7(#[values(Sqlite, Postgres)] kind: Kind) {
    let firm = Firm::start(kind, 5);
    let batch = filed(&firm, 5);
    let handler = firm.world.user("handler1");
    let before = states(&firm, &batch);
    claim(&handler, &before[&4].0);
    let approve = format!("/api/v1/cases/{}/actions/approve", before[&4].0);
    handler
        .post_json(&approve, &json!({ "version": 2 }))
        .expect(200);
    let decided = states(&firm, &batch)[&4].1.clone();
    // A colleague goes on with what another filed.
    let colleague = firm.world.user("agent2");
    withdraw(&colleague, &batch).expect(202);
    done(&firm);
    let (task, results) = last(&colleague, &batch);
    let after = states(&firm, &batch);
    for row in [2, 3, 5, 6] {
        assert_eq!(
            (results[&row].as_str(), after[&row].1.as_str()),
            ("done", "withdrawn")
        );
    }
    match decided.as_str() {
        "closed" => {
            assert_eq!(
                (results[&4].as_str(), after[&4].1.as_str()),
                ("over", "closed")
            );
            assert_eq!((&task["done"], &task["failed"]), (&json!(4), &json!(1)));
            let nothing = withdraw(&colleague, &batch).expect(409);
            assert_eq!(nothing.json()["code"], "batch-settled");
        }
        _ => assert_eq!(after[&4].1, "withdrawn"),
    }
}

#[rstest]
fn a_refusal_needs_reason_and_clause_and_goes_to_a_second_person_cas_3_cas_6(
    #[values(Sqlite, Postgres)] kind: Kind,
) {
    let firm = Firm::start(kind, 3);
    let batch = filed(&firm, 3);
    let handler = firm.world.user("handler1");
    let bare = decide(&handler, &batch, &json!({ "action": "refuse" })).expect(422);
    let fields: Vec<_> = bare.json()["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["field"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(fields, ["reason", "clause"]);
    let body =
        json!({ "action": "refuse", "reason": "示例：不在受理范围", "clause": "示例第一条" });
    decide(&handler, &batch, &body).expect(202);
    done(&firm);
    let (_, results) = last(&handler, &batch);
    assert!(
        results.values().all(|one| one == "second-review"),
        "{results:?}"
    );
    assert!(
        states(&firm, &batch)
            .values()
            .all(|(_, state)| state == "second_review")
    );
}

#[rstest]
fn late_ones_want_their_cause_once_for_all_clk_7(#[values(Sqlite, Postgres)] kind: Kind) {
    let firm = Firm::start(kind, 3);
    let batch = filed(&firm, 3);
    let late = Ts::parse("2026-11-26T09:00:00+08:00").unwrap();
    firm.app().clock.set(late);
    let handler = firm.world.user("handler1");
    decide(&handler, &batch, &json!({ "action": "approve" })).expect(202);
    done(&firm);
    let (_, results) = last(&handler, &batch);
    assert!(
        results.values().all(|one| one == "cause-wanted"),
        "{results:?}"
    );
    // Nothing of it stayed: the cases lie in the queue as before.
    assert!(
        states(&firm, &batch)
            .values()
            .all(|(_, state)| state == "submitted")
    );
    let cause = json!({ "code": "workload", "words": "示例：申请集中" });
    decide(
        &handler,
        &batch,
        &json!({ "action": "approve", "breach_cause": cause }),
    )
    .expect(202);
    done(&firm);
    let (task, _) = last(&handler, &batch);
    assert_eq!((&task["done"], &task["failed"]), (&json!(3), &json!(0)));
}

#[rstest]
fn another_instance_goes_on_where_one_ended(#[values(Sqlite, Postgres)] kind: Kind) {
    let firm = Firm::start(kind, 70);
    let batch = filed(&firm, 70);
    let agent = firm.world.user("agent1");
    withdraw(&agent, &batch).expect(202);
    let (pool, task) = firm.wait(running(firm.app())).unwrap()[0];
    // The first instance does one chunk and is gone.
    let first = firm.wait(go_on(firm.app(), pool, task)).unwrap();
    assert_eq!(first, Progress::On(50));
    let path = format!("/api/v1/batches/{}", batch.id);
    let seen = agent.get(&path).expect(200).json();
    assert_eq!(
        (&seen["task"]["state"], &seen["task"]["done"]),
        (&json!("running"), &json!(50))
    );
    let other = firm.world.harness.another();
    assert_eq!(firm.wait(batch_tasks::run(&other)).unwrap(), 20);
    assert_eq!(firm.wait(batch_tasks::run(&other)).unwrap(), 0);
    let (task, results) = last(&agent, &batch);
    assert_eq!((results.len(), &task["done"]), (70, &json!(70)));
    assert!(
        states(&firm, &batch)
            .values()
            .all(|(_, state)| state == "withdrawn")
    );
}

#[test]
fn a_batch_is_there_for_its_employer_and_its_agency_only_cas_10() {
    let firm = Firm::start(Sqlite, 2);
    let batch = filed(&firm, 2);
    let path = format!("/api/v1/batches/{}", batch.id);
    for who in [
        "agent1",
        "agent2",
        "handler1",
        "reviewer1",
        "supervisor1",
        "auditor1",
    ] {
        firm.world.user(who).get(&path).expect(200);
    }
    for who in ["agent9", "handler-elsewhere"] {
        firm.world.user(who).get(&path).expect(404);
    }
    let (other, elsewhere) = (
        firm.world.user("agent9"),
        firm.world.user("handler-elsewhere"),
    );
    withdraw(&other, &batch).expect(404);
    decide(&elsewhere, &batch, &json!({ "action": "approve" })).expect(404);
    for who in ["handler1", "resident1", "auditor1"] {
        withdraw(&firm.world.user(who), &batch).expect(403);
    }
    for who in ["agent1", "reviewer1", "supervisor1"] {
        decide(
            &firm.world.user(who),
            &batch,
            &json!({ "action": "approve" }),
        )
        .expect(403);
    }
    firm.world.user("resident1").get(&path).expect(403);
}
