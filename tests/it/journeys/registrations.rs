//! Changing and cancelling a registration that is in force, and filing what runs into one (XR-2), on the pages
//! and both databases.

use rstest::rstest;
use serde_json::{Value, json};

use super::resident::{
    REGISTRATION, TO_BEIJING, answer_all, at_home, begin, filed, handled, number, shows, submit,
};
use crate::harness::service::Kind::{self, Postgres, Sqlite};
use crate::harness::user::TestUser;
use crate::harness::world::World;

/// The next case is approved, by a second person too where it is drawn for that (CAS-3).
#[track_caller]
fn approved(world: &World) {
    let case = handled(world, "approve", json!({}));
    if case["state"] == "second_review" {
        let number = case["receipt_no"].as_str().unwrap();
        let path = format!("/api/v1/cases/{number}/actions/approve");
        let body = json!({ "version": case["version"] });
        world.user("reviewer1").post_json(&path, &body).expect(200);
    }
}

fn registrations(world: &World) -> Vec<Value> {
    let user = world.user("resident1");
    let list = user.get("/api/v1/registrations").expect(200).json();
    list["items"].as_array().unwrap().clone()
}

#[track_caller]
fn to(world: &World, destination: &str) -> Value {
    let all = registrations(world);
    let found = all.iter().find(|r| r["destination"] == destination);
    found.unwrap_or_else(|| panic!("{all:?}")).clone()
}

/// A registration in force.
#[track_caller]
fn in_force(world: &World, resident: &TestUser<'_>) -> String {
    filed(resident);
    approved(world);
    let registration = to(world, "110100");
    assert_eq!(registration["state"], "active");
    registration["id"].as_str().unwrap().to_owned()
}

/// A change to Shanghai as a draft, ready to be sent.
#[track_caller]
fn change(resident: &TestUser<'_>, id: &str) -> String {
    let draft = begin(resident, "cross-region-change");
    let answers = [
        ("registration", id),
        ("destination", "310100"),
        ("start", "2026-12-10"),
        ("end", "2026-12-31"),
        ("phone", "13800000000"),
    ];
    answer_all(resident, &draft, &answers);
    draft
}

#[rstest]
fn a_change_ends_the_old_one_the_day_before_xr_2(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let resident = at_home(&world, "resident1");
    let id = in_force(&world, &resident);
    let (first, second) = (change(&resident, &id), change(&resident, &id));
    submit(&resident, &first).expect(303);
    // While one is open there is no other.
    let refused = submit(&resident, &second).expect(409);
    shows(&refused, &["这条备案正在变更或取消"]);
    assert_eq!(to(&world, "110100")["state"], "active");
    assert_eq!(to(&world, "310100")["state"], "pending");
    approved(&world);
    let (old, new) = (to(&world, "110100"), to(&world, "310100"));
    assert_eq!(old["end"], "2026-12-09");
    assert_eq!(
        (&new["state"], &new["start"]),
        (&json!("active"), &json!("2026-12-10"))
    );
}

#[rstest]
fn a_cancelled_registration_makes_room_xr_2(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let resident = at_home(&world, "resident1");
    let id = in_force(&world, &resident);
    let draft = begin(&resident, "cross-region-cancellation");
    answer_all(
        &resident,
        &draft,
        &[("registration", &id), ("reason", "不再外出")],
    );
    submit(&resident, &draft).expect(303);
    approved(&world);
    assert_eq!(to(&world, "110100")["state"], "cancelled");
    filed(&resident);
}

#[rstest]
fn an_overlap_is_shown_with_what_it_meets_xr_2(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let resident = at_home(&world, "resident1");
    filed(&resident);
    let draft = begin(&resident, REGISTRATION);
    answer_all(&resident, &draft, &TO_BEIJING);
    let words = ["与已有的备案重复", "北京市", "/apply/cross-region-change"];
    shows(&resident.get(&format!("{draft}/check")).expect(200), &words);
    shows(&submit(&resident, &draft).expect(409), &words);
    assert_eq!(registrations(&world).len(), 1);
    // What was typed is there to be changed.
    answer_all(
        &resident,
        &draft,
        &[("end", "2026-12-30"), ("start", "2026-12-25")],
    );
    number(&submit(&resident, &draft).expect(303));
    assert_eq!(registrations(&world).len(), 2);
}
