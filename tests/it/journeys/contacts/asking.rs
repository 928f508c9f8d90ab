//! A case whose handler asks: the journeys from question to answer.

use rstest::rstest;
use serde_json::{Value, json};

use super::{act, answer, asked, both_sides_agree, case, listed, one, told, waiting, world};
use crate::harness::service::Kind::{self, Postgres, Sqlite};

// XR-4: in one province from agency to agency.
#[rstest]
fn in_one_province_the_agency_of_treatment_is_asked_itself(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    let number = asked(&world, "resident1", "handler1", "370600");
    let (desk, there) = (world.user("handler1"), world.user("handler-yantai"));
    let sent = &listed(&desk, "state=open&side=sent")[0];
    assert_eq!(
        [&sent["sender"], &sent["receiver"], &sent["target"]],
        ["371000", "370600", "370600"]
    );
    assert_eq!(sent["receipt_no"], number.as_str());
    assert_eq!(sent["answerable"], false);

    // The other side sees who and what, and not the case.
    let received = waiting(&there);
    assert_eq!(received["id"], sent["id"]);
    assert_eq!(received["purpose"], "confirm");
    assert_eq!(received["message"], "示例：请核实住院情况");
    assert_eq!(received["name"], "示例居民1");
    assert_eq!(received["receipt_no"], Value::Null);
    assert_eq!(received["due_at"], "2026-11-25T17:30:00+08:00");
    assert!(received["id_number"].as_str().unwrap().contains("***"));
    let hidden = there.get(&format!("/api/v1/cases/{number}"));
    assert_eq!(hidden.status, 404);
    assert_eq!(told(&world, "handler-yantai"), ["contact-received"]);

    super::set(&world, "2026-11-25T09:00:00+08:00");
    let done = answer(
        &there,
        &received,
        &json!({ "result": "done", "remark": "示例：在院" }),
    );
    assert_eq!(done.expect(200).json()["state"], "answered");
    let resumed = case(&desk, &number);
    assert_eq!(resumed["state"], "in_review");
    assert_eq!(resumed["holder"], "示例 handler1");
    // CLK-5: the full term starts anew.
    assert_eq!(resumed["due_at"], "2026-11-26T17:30:00+08:00");
    let seen = one(&desk, &received).expect(200).json();
    assert_eq!([&seen["answer"], &seen["remark"]], ["done", "示例：在院"]);
    assert_eq!(told(&world, "handler1"), ["contact-answered"]);
    assert_eq!(
        told(&world, "resident1"),
        ["other-agency-answered", "other-agency-asked", "received"]
    );
    both_sides_agree(&world);

    // CLK-5: one restart for each agency that is asked.
    let again = act(&desk, &number, "contact", json!({ "message": "示例" }));
    assert_eq!(again.expect(422).json()["rule"], "CLK-5");
}

// XR-4, XR-5: into another province by way of the own provincial centre; each sees its own side.
#[rstest]
fn another_province_is_asked_through_the_provincial_centre(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    let number = asked(&world, "resident-nantong", "handler-nantong", "371000");
    let desk = world.user("handler-nantong");
    let centre = world.user("centre-jiangsu");
    let there = world.user("handler1");
    let first = waiting(&centre);
    assert_eq!([&first["sender"], &first["receiver"]], ["320600", "320000"]);
    assert!(listed(&there, "state=all").is_empty());
    assert!(listed(&world.user("centre-shandong"), "state=all").is_empty());

    super::set(&world, "2026-11-24T15:00:00+08:00");
    let passed = json!({ "result": "done", "remark": "示例：已转送" });
    answer(&centre, &first, &passed).expect(200);
    // It still waits: nobody there has answered.
    assert_eq!(case(&desk, &number)["state"], "awaiting_agency");
    let second = waiting(&there);
    assert_eq!(
        [&second["sender"], &second["receiver"]],
        ["320000", "371000"]
    );
    assert_eq!(second["thread"], first["id"]);
    assert_eq!(
        [&second["leg"], &second["message"]],
        [&json!(2), &first["message"]]
    );
    assert_eq!(one(&there, &first).status, 404);
    assert_eq!(one(&desk, &second).status, 404);
    let seen = one(&desk, &first).expect(200).json();
    assert_eq!(seen["final_answer"]["receiver"], "371000");
    assert_eq!(seen["final_answer"]["answer"], Value::Null);

    let done = json!({ "result": "done", "remark": "示例：在院" });
    answer(&there, &second, &done).expect(200);
    assert_eq!(case(&desk, &number)["state"], "in_review");
    let seen = one(&desk, &first).expect(200).json();
    assert_eq!(seen["final_answer"]["remark"], "示例：在院");
    both_sides_agree(&world);
}

// What the centre can't pass on goes back to the sender.
#[rstest]
fn a_centre_that_cannot_pass_it_on_sends_it_back(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    let number = asked(&world, "resident-nantong", "handler-nantong", "371000");
    let (desk, centre) = (world.user("handler-nantong"), world.user("centre-jiangsu"));
    let first = waiting(&centre);
    let why = answer(&centre, &first, &json!({ "result": "cannot" }));
    assert_eq!(why.expect(422).json()["errors"][0]["field"], "remark");
    let cannot = json!({ "result": "cannot", "remark": "示例：地址不明" });
    answer(&centre, &first, &cannot).expect(200);
    assert_eq!(case(&desk, &number)["state"], "in_review");
    assert!(listed(&world.user("handler1"), "state=all").is_empty());
}

// An agency outside this service is reached by phone, and the answer is written down: who, number, when.
#[rstest]
fn an_agency_outside_is_reached_by_phone(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    let number = asked(&world, "resident1", "handler1", "110100");
    let centre = world.user("centre-shandong");
    answer(&centre, &waiting(&centre), &json!({ "result": "done" })).expect(200);
    let outside = waiting(&centre);
    assert_eq!(
        [
            &outside["reached_by"],
            &outside["side"],
            &outside["receiver"]
        ],
        ["outside", "sent", "110100"]
    );
    let refused = answer(&centre, &outside, &json!({ "result": "done" }));
    let faults = refused.expect(422).json()["errors"].clone();
    assert_eq!(
        [&faults[0]["field"], &faults[1]["field"]],
        ["who", "number"]
    );
    let body = json!({ "result": "done", "remark": "示例：已登记", "who": "示例张三",
        "number": "010-12345678", "at": "2026-11-24T11:00:00+08:00" });
    let early = answer(&centre, &outside, &body);
    assert_eq!(early.expect(422).json()["errors"][0]["field"], "at");
    super::set(&world, "2026-11-24T14:00:00+08:00");
    let written = answer(&centre, &outside, &body).expect(200).json();
    assert_eq!(written["voucher"]["who"], "示例张三");
    assert_eq!(case(&world.user("handler1"), &number)["state"], "in_review");
    both_sides_agree(&world);
}

// CAS-7: what ended meanwhile needs no answer, and the other side sees it.
#[rstest]
fn a_case_that_is_withdrawn_needs_no_answer(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    let number = asked(&world, "resident1", "handler1", "370600");
    let there = world.user("handler-yantai");
    let contact = waiting(&there);
    act(&world.user("resident1"), &number, "withdraw", json!({})).expect(200);
    let late = answer(&there, &contact, &json!({ "result": "done" }));
    assert_eq!(late.expect(409).json()["code"], "contact-answered");
    assert_eq!(one(&there, &contact).json()["state"], "closed");
    assert!(listed(&there, "state=open").is_empty());
    super::set(&world, "2026-11-27T09:00:00+08:00");
    assert_eq!(super::time_passes(&world), (0, 0));
    both_sides_agree(&world);
}

#[rstest]
fn of_two_answers_one_wins(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    let number = asked(&world, "resident1", "handler1", "370600");
    let contact = waiting(&world.user("handler-yantai"));
    let users = ["handler-yantai", "handler-yantai2", "supervisor-yantai"];
    let users = users.map(|name| world.user(name));
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let threads = users.each_ref().map(|user| {
            let contact = &contact;
            scope.spawn(move || answer(user, contact, &json!({ "result": "done" })).status)
        });
        threads.map(|thread| thread.join().unwrap()).to_vec()
    });
    let count = |status| statuses.iter().filter(|one| **one == status).count();
    assert_eq!((count(200), count(409)), (1, 2), "{statuses:?}");
    let history = world
        .user("handler1")
        .get(&format!("/api/v1/cases/{number}/events"))
        .json();
    let events = history["items"].as_array().unwrap();
    let answers = events.iter().filter(|event| event["action"] == "answer");
    assert_eq!(answers.count(), 1);
    both_sides_agree(&world);
}
