//! Registering who is stranded (XR-8): the short form, a closure as support and none as a flag, in force once approved.
//! Over HTTP, on both databases.

use bujianmian::clock::Clock;
use bujianmian::domain::ids::{AccountId, ClosureId};
use bujianmian::domain::time::Day;
use bujianmian::store::schema::{account, closure};
use diesel::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};

use super::zero_material::{file, registrations};
use crate::harness::service::Kind::{self, Postgres, Sqlite};
use crate::harness::user::TestUser;
use crate::harness::world::{PASSWORD, World};

const ITEM: &str = "cross-region-registration-stranded";
const NOTICE: &str = "示例通告〔2026〕1号";

fn closed(world: &World, area: &'static str, kind: &'static str) {
    let first: Day = "2026-11-15".parse().unwrap();
    world.harness.write(move |conn| {
        let by: AccountId = account::table
            .filter(account::username.eq("admin1"))
            .select(account::id)
            .first(conn.sql)?;
        diesel::insert_into(closure::table)
            .values((
                closure::pool.eq("371000"),
                closure::id.eq(Clock::new_id::<ClosureId>()),
                closure::kind.eq(kind),
                closure::area.eq(area),
                closure::from_day.eq(first),
                closure::notice.eq(NOTICE),
                closure::entered_by.eq(by),
                closure::entered_at.eq(Clock::real()),
                closure::version.eq(1),
            ))
            .execute(conn.sql)?;
        Ok(())
    });
}

fn stranded() -> Value {
    json!({ "item": ITEM, "answers": { "destination": "320600", "since": "2026-11-20", "reason": "closure",
        "phone": "13800000000", "pledge": true } })
}

/// The desk's page of the next case.
fn at_desk(world: &World) -> (Value, String) {
    let next = world
        .user("handler1")
        .post_json("/api/v1/queue/next", &json!({}));
    let case = next.expect(200).json();
    let desk = TestUser::sign_in(&world.harness, "handler1", PASSWORD);
    let path = format!("/desk/cases/{}", case["receipt_no"].as_str().unwrap());
    (case, desk.get(&path).expect(200).text)
}

fn own_page(world: &World, case: &Value) -> String {
    let resident = TestUser::sign_in(&world.harness, "resident1", PASSWORD);
    let path = format!("/my/cases/{}", case["receipt_no"].as_str().unwrap());
    resident.get(&path).expect(200).text
}

// XR-8: without a closure it is a flag, not a refusal.
#[rstest]
#[case::none(None, false)]
#[case::of_the_place(Some(("320600", "closure")), true)]
#[case::of_a_county_in_it(Some(("320602", "closure")), true)]
#[case::elsewhere(Some(("370600", "closure")), false)]
#[case::an_epidemic_closes_no_area(Some(("320600", "epidemic")), false)]
fn a_closure_is_support_and_none_a_flag(
    #[case] recorded: Option<(&'static str, &'static str)>,
    #[case] supported: bool,
    #[values(Sqlite, Postgres)] kind: Kind,
) {
    let world = World::start(kind);
    if let Some((area, kind)) = recorded {
        closed(&world, area, kind);
    }
    let filed = file(&world, "resident1", "a", &stranded())
        .expect(201)
        .json();
    assert_eq!(filed["urgency"], "special");
    assert_eq!(filed["due_at"], "2026-11-25T17:30:00+08:00");
    assert_eq!(filed.get("basis"), None);
    let (case, page) = at_desk(&world);
    assert_eq!(page.contains(NOTICE), supported, "{page}");
    assert_eq!(
        page.contains("不能作为不予批准的理由"),
        !supported,
        "{page}"
    );
    let own = own_page(&world, &case);
    assert_eq!(own.contains(NOTICE), supported, "{own}");
    assert_eq!(own.contains("这不影响您的申请"), !supported, "{own}");
}

#[rstest]
fn it_is_in_force_once_approved(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    file(&world, "resident1", "a", &stranded()).expect(201);
    assert_eq!(
        registrations(&world, "resident1", "")[0]["state"],
        "pending"
    );
    let (case, _) = at_desk(&world);
    let number = case["receipt_no"].as_str().unwrap();
    let approve = |who: &str, version: &Value| {
        let path = format!("/api/v1/cases/{number}/actions/approve");
        world
            .user(who)
            .post_json(&path, &json!({ "version": version }))
            .expect(200)
            .json()
    };
    let case = approve("handler1", &case["version"]);
    if case["state"] == "second_review" {
        approve("reviewer1", &case["version"]);
    }
    let one = &registrations(&world, "resident1", "")[0];
    assert_eq!(one["kind"], "stranded");
    assert_eq!(one["state"], "active");
    assert_eq!(one["start"], "2026-11-20");
    assert_eq!(one["end"], "2027-05-19");
    let resident = TestUser::sign_in(&world.harness, "resident1", PASSWORD);
    let page = resident.get("/registrations").expect(200).text;
    assert!(page.contains("费用直接结算"), "{page}");
    // XR-2
    let again = file(&world, "resident1", "b", &stranded());
    assert_eq!(again.expect(409).json()["code"], "overlap");
}

#[rstest]
fn its_form_is_short_and_told_at_once(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind);
    let empty = file(
        &world,
        "resident1",
        "a",
        &json!({ "item": ITEM, "answers": {} }),
    );
    let problem = empty.expect(422).json();
    let fields: Vec<_> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["field"].as_str().unwrap())
        .collect();
    assert_eq!(
        fields,
        ["destination", "since", "reason", "phone", "pledge"]
    );
}
