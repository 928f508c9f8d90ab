//! A patient of the ledger who is insured elsewhere: the place of treatment asks the place of insurance (XR-4, XR-5).

use bujianmian::clock::Clock;
use bujianmian::domain::ids::{AccountId, InstitutionId, PatientId};
use bujianmian::domain::time::Day;
use bujianmian::store::schema::{account, institution, patient, patient_change};
use bujianmian::store::{Conn, StoreError, blind};
use diesel::prelude::*;
use rstest::rstest;
use serde_json::json;

use super::{answer, both_sides_agree, listed, set, time_passes, told, waiting, world};
use crate::harness::service::Kind::{self, Postgres, Sqlite};
use crate::harness::world::{World, id_number};

/// An entry of 371000's ledger, of somebody whom the registry does not know.
fn entry(world: &World, insured_at: &'static str) -> PatientId {
    let id: PatientId = Clock::new_id();
    let hospital: InstitutionId = Clock::new_id();
    world
        .harness
        .write(move |conn| insert(conn, id, hospital, insured_at));
    id
}

fn insert(
    conn: &mut Conn<'_>,
    id: PatientId,
    hospital: InstitutionId,
    insured_at: &str,
) -> Result<(), StoreError> {
    let day = Day::from_ymd_opt(2026, 11, 20).unwrap();
    let number = id_number(70);
    diesel::insert_into(institution::table)
        .values((
            institution::id.eq(hospital),
            institution::code.eq("H37100000001"),
            institution::name.eq("示例医院"),
            institution::kind.eq("hospital"),
            institution::level.eq(3),
            institution::pool.eq("371000"),
            institution::region.eq("371000"),
        ))
        .execute(conn.sql)?;
    let by: AccountId = account::table
        .filter(account::username.eq("handler1"))
        .select(account::id)
        .first(conn.sql)?;
    diesel::insert_into(patient::table)
        .values((
            patient::pool.eq("371000"),
            patient::id.eq(id),
            patient::agency.eq("371000"),
            patient::institution_id.eq(hospital),
            patient::name.eq("示例患者"),
            patient::id_number.eq(conn.vault.seal_text(number.as_str())?),
            patient::id_hash.eq(conn.vault.blind(blind::ID_NUMBER, number.as_str())),
            patient::sex.eq("male"),
            patient::age.eq(56),
            patient::status.eq("confirmed"),
            patient::admitted_on.eq(day),
            patient::insured_at.eq(insured_at),
            patient::registration.eq("open"),
            patient::version.eq(1),
            patient::entered_by.eq(by),
            patient::entered_at.eq(Clock::real()),
        ))
        .execute(conn.sql)?;
    Ok(())
}

fn progress(world: &World, id: PatientId) -> (String, usize) {
    world.harness.read(|conn| {
        let now = patient::table
            .filter(patient::id.eq(id))
            .select(patient::registration)
            .first(conn.sql)?;
        let changes: Vec<String> = patient_change::table
            .filter(patient_change::patient_id.eq(id))
            .select(patient_change::kind)
            .load(conn.sql)?;
        Ok((now, changes.len()))
    })
}

#[rstest]
fn the_place_of_treatment_asks_for_the_registration(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    let id = entry(&world, "370600");
    let (desk, there) = (world.user("handler1"), world.user("handler-yantai"));
    let path = format!("/api/v1/patients/{id}/contact");
    assert_eq!(
        world
            .user("handler-elsewhere")
            .post_json(&path, &json!({}))
            .status,
        404
    );
    assert_eq!(there.post_json(&path, &json!({})).status, 404);
    assert_eq!(
        world.user("resident1").post_json(&path, &json!({})).status,
        403
    );
    let sent = desk.post_json(&path, &json!({})).expect(201).json();
    assert_eq!(
        [&sent["purpose"], &sent["receiver"]],
        ["register", "370600"]
    );
    assert_eq!(progress(&world, id), ("asked".to_owned(), 1));
    let again = desk.post_json(&path, &json!({}));
    assert_eq!(again.expect(409).json()["code"], "contact-waits");
    let received = waiting(&there);
    assert_eq!(received["name"], "示例患者");
    assert!(
        received["message"]
            .as_str()
            .unwrap()
            .contains("异地就医备案")
    );
    answer(&there, &received, &json!({ "result": "done" })).expect(200);
    assert_eq!(progress(&world, id), ("registered".to_owned(), 2));
    assert_eq!(told(&world, "handler2"), ["contact-answered"]);
    both_sides_agree(&world);
}

// XR-6: silence and what can't be done are recorded; a late answer still registers.
#[rstest]
fn silence_is_recorded_and_a_late_answer_registers(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    let id = entry(&world, "320600");
    let desk = world.user("handler1");
    let path = format!("/api/v1/patients/{id}/contact");
    desk.post_json(&path, &json!({ "message": "示例：请尽快" }))
        .expect(201);
    let centre = world.user("centre-shandong");
    answer(&centre, &waiting(&centre), &json!({ "result": "done" })).expect(200);
    assert_eq!(progress(&world, id).0, "asked");
    let there = world.user("handler-nantong");
    let received = waiting(&there);
    assert_eq!(received["message"], "示例：请尽快");
    set(&world, "2026-11-26T10:00:00+08:00");
    assert_eq!(time_passes(&world), (0, 1));
    assert_eq!(progress(&world, id).0, "recorded");
    assert_eq!(told(&world, "handler1"), ["contact-silent"]);
    answer(&there, &received, &json!({ "result": "done" })).expect(200);
    assert_eq!(progress(&world, id).0, "registered");
    assert!(listed(&there, "state=open").is_empty());
    both_sides_agree(&world);
}

#[rstest]
fn who_is_insured_here_needs_nobody(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    let id = entry(&world, "371000");
    let path = format!("/api/v1/patients/{id}/contact");
    let refused = world.user("handler1").post_json(&path, &json!({}));
    assert_eq!(
        refused.expect(422).json()["errors"][0]["code"],
        "contact-nobody"
    );
}
