//! A patient of the ledger who is insured elsewhere: the place of treatment asks the place of insurance by itself (XR-4,
//! XR-5).

use rstest::rstest;
use serde_json::{Value, json};

use super::super::resident::at_home;
use super::{answer, both_sides_agree, listed, one, set, time_passes, told, waiting, world};
use crate::harness::service::Kind::{self, Postgres, Sqlite};
use crate::harness::world::{World, id_number};

/// Enters a patient; the registry knows those with a number below 70 only.
#[track_caller]
fn entered(world: &World, number: u16, insured_at: &str) -> String {
    let body = json!({
        "name": format!("示例居民{number}"), "id_number": id_number(number).as_str(),
        "status": "confirmed", "admitted_on": "2026-11-20", "place_of_insurance": insured_at,
    });
    let entry = world.user("clerk1").post_json("/api/v1/patients", &body);
    entry.expect(201).json()["id"].as_str().unwrap().to_owned()
}

fn progress(world: &World, id: &str) -> Value {
    let entry = world.user("clerk1").get(&format!("/api/v1/patients/{id}"));
    entry.expect(200).json()["registration"].clone()
}

// IN-4, XR-4: the entry itself asks.
#[rstest]
fn the_place_of_treatment_asks_for_the_registration(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    let id = entered(&world, 70, "370600");
    assert_eq!(progress(&world, &id), "asked");
    let (desk, there) = (world.user("handler1"), world.user("handler-yantai"));
    let sent = &listed(&desk, "side=sent")[0];
    assert_eq!(
        [&sent["purpose"], &sent["receiver"]],
        ["register", "370600"]
    );
    let path = format!("/api/v1/patients/{id}/contact");
    for (stranger, status) in [
        ("handler-elsewhere", 404),
        ("handler-yantai", 404),
        ("resident1", 403),
        ("clerk1", 403),
    ] {
        let refused = world.user(stranger).post_json(&path, &json!({}));
        assert_eq!(refused.status, status, "{stranger}");
    }
    let again = desk.post_json(&path, &json!({}));
    assert_eq!(again.expect(409).json()["code"], "contact-waits");
    let received = waiting(&there);
    assert_eq!(received["name"], "示例居民70");
    assert!(
        received["message"]
            .as_str()
            .unwrap()
            .contains("异地就医备案")
    );
    let cannot = json!({ "result": "cannot", "remark": "示例：系统维护" });
    answer(&there, &received, &cannot).expect(200);
    assert_eq!(progress(&world, &id), "recorded");
    assert_eq!(told(&world, "handler2"), ["contact-answered"]);
    // It may be asked once more.
    desk.post_json(&path, &json!({ "message": "示例：请再核" }))
        .expect(201);
    assert_eq!(progress(&world, &id), "asked");
    let once_more = waiting(&there);
    assert_eq!(once_more["message"], "示例：请再核");
    answer(&there, &once_more, &json!({ "result": "done" })).expect(200);
    assert_eq!(progress(&world, &id), "registered");
    both_sides_agree(&world);
}

// XR-3: the agency asked registers by one press, which answers the contact.
#[rstest]
fn a_registration_in_force_answers_it(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    let id = entered(&world, 60, "370600");
    let there = world.user("handler-yantai");
    let received = waiting(&there);
    let page = format!("/contacts/{}", received["id"].as_str().unwrap());
    let desk = at_home(&world, "handler-yantai");
    let press = format!("/desk/patients/{id}/register");
    desk.submit(&page, &press, &[]).expect(303);
    let answered = one(&there, &received).expect(200).json();
    assert_eq!(
        [&answered["state"], &answered["answer"]],
        ["answered", "done"]
    );
    assert!(answered["remark"].as_str().unwrap().starts_with("370600"));
    assert_eq!(progress(&world, &id), "registered");
    both_sides_agree(&world);
}

// XR-6: silence and what can't be done are recorded; a late answer still registers.
#[rstest]
fn silence_is_recorded_and_a_late_answer_registers(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    let id = entered(&world, 71, "320600");
    let centre = world.user("centre-shandong");
    answer(&centre, &waiting(&centre), &json!({ "result": "done" })).expect(200);
    assert_eq!(progress(&world, &id), "asked");
    let there = world.user("handler-nantong");
    let received = waiting(&there);
    set(&world, "2026-11-26T10:00:00+08:00");
    assert_eq!(time_passes(&world), (0, 1));
    assert_eq!(progress(&world, &id), "recorded");
    assert_eq!(told(&world, "handler1"), ["contact-silent"]);
    answer(&there, &received, &json!({ "result": "done" })).expect(200);
    assert_eq!(progress(&world, &id), "registered");
    assert!(listed(&there, "state=open").is_empty());
    both_sides_agree(&world);
}

#[rstest]
fn who_is_insured_here_needs_nobody(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    let id = entered(&world, 72, "371000");
    assert_eq!(progress(&world, &id), "not-needed");
    assert!(listed(&world.user("handler1"), "state=all").is_empty());
    let path = format!("/api/v1/patients/{id}/contact");
    let refused = world.user("handler1").post_json(&path, &json!({}));
    assert_eq!(
        refused.expect(422).json()["errors"][0]["code"],
        "contact-nobody"
    );
}

// Who turns out to have something else needs no registration: the agency that was asked sees that no answer is needed.
#[rstest]
fn an_exclusion_ends_the_question(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    let id = entered(&world, 73, "370600");
    let there = world.user("handler-yantai");
    let received = waiting(&there);
    let body = json!({ "version": 2, "status": "excluded", "reason": "示例：排除" });
    let path = format!("/api/v1/patients/{id}/status");
    world.user("clerk1").post_json(&path, &body).expect(200);
    assert_eq!(one(&there, &received).expect(200).json()["state"], "closed");
    assert!(listed(&there, "state=open").is_empty());
    let late = answer(&there, &received, &json!({ "result": "done" }));
    assert_eq!(late.expect(409).json()["code"], "contact-answered");
    both_sides_agree(&world);
}
