//! The room of a year (SET-7): two claims at once, room that is given back.

use std::sync::Barrier;

use bujianmian::domain::settlement::Used;
use bujianmian::store::accumulators::{Year, used};
use bujianmian::store::schema::{account, accumulator_entry, settlement};
use bujianmian::store::{Conn, StoreError};
use diesel::prelude::*;
use rstest::rstest;
use serde_json::json;

use super::{
    AIDING, act, claimed, line, parcel_arrives, read, replays, settlements, stay, taken, world,
};
use crate::harness::service::Kind::{self, Postgres, Sqlite};
use crate::harness::world::World;

/// What `aided1` used of 2026, and what the entries sum to.
fn room(world: &World) -> (Used, i64) {
    world.harness.read(|conn| {
        let person = account::table
            .filter(account::username.eq("aided1"))
            .select(account::person_id)
            .first::<Option<_>>(conn.sql)?
            .unwrap();
        let year = Year {
            pool: AIDING.parse().unwrap(),
            person,
            year: 2026,
        };
        let entries: Vec<(i32, i64)> = accumulator_entry::table
            .filter(accumulator_entry::person_id.eq(person))
            .select((accumulator_entry::sign, accumulator_entry::aid))
            .load(conn.sql)?;
        let sum = entries.iter().map(|(sign, aid)| i64::from(*sign) * aid);
        Ok((used(conn, year)?, sum.sum()))
    })
}

/// Whether something stored may be written over.
fn may_change<Q>(world: &World, change: Q) -> bool
where
    Q: Fn(&mut Conn<'_>) -> QueryResult<usize> + Send + 'static,
{
    let tried = world
        .harness
        .app
        .db
        .write_blocking(move |conn| Ok::<_, StoreError>(change(conn)?));
    tried.is_ok()
}

/// A claim of `aided1` that waits for its second review.
fn reviewed(world: &World, invoice: &str, fen: i64) -> String {
    let body = stay("611002", invoice, fen, json!([line("A", fen)]));
    let number = claimed(world, "aided1", &body);
    parcel_arrives(world, "mailroom-aid", &number);
    assert_eq!(taken(world, "handler-aid"), number);
    let case = act(world, "handler-aid", &number, "approve", json!({}));
    assert_eq!(case.expect(200).json()["state"], "second_review");
    number
}

// SET-6, SET-7: 70 % aid up to 30,000 yuan a year; both claims alone would fit, together they would not.
#[rstest]
fn two_claims_at_once_never_use_the_same_room(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    let claims = [
        reviewed(&world, "6110000001", 20_000_000),
        reviewed(&world, "6110000002", 20_000_000),
    ];
    let alone: i64 = settlements(&world, "handler-aid", &claims[0])[0]["parts"]["aid"]
        .as_i64()
        .unwrap();
    assert!(alone < 3_000_000 && 2 * alone > 3_000_000, "{alone}");
    let start = Barrier::new(2);
    let users = ["reviewer-aid", "reviewer-aid2"].map(|name| world.user(name));
    let replies = std::thread::scope(|scope| {
        let tries: Vec<_> = users
            .iter()
            .zip(&claims)
            .map(|(user, number)| {
                let body = json!({ "version": read(&world, "handler-aid", number)["version"] });
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    user.post_json(&format!("/api/v1/cases/{number}/actions/approve"), &body)
                })
            })
            .collect();
        let replies = tries.into_iter().map(|one| one.join().unwrap());
        replies.collect::<Vec<_>>()
    });
    let (used, entered) = room(&world);
    assert_eq!((used.aid_fen, entered), (alone, alone));
    let (won, lost) = match (replies[0].status, replies[1].status) {
        (200, 409) => (&claims[0], &claims[1]),
        (409, 200) => (&claims[1], &claims[0]),
        _ => panic!("{replies:?}"),
    };
    assert_eq!(read(&world, "handler-aid", won)["stage"], "payment");

    // What was computed again is there, and back with who reviewed first.
    let told = replies
        .iter()
        .find(|reply| reply.status == 409)
        .unwrap()
        .json();
    assert_eq!(told["code"], "recomputed");
    assert_eq!(told["state"], "in_review");
    assert!(
        told["detail"].as_str().unwrap().contains("重新计算"),
        "{told}"
    );
    let back = read(&world, "handler-aid", lost);
    assert_eq!(back["version"], told["version"]);
    assert_eq!(back["holder"], "示例 handler-aid");
    let versions = settlements(&world, "handler-aid", lost);
    assert_eq!(versions.len(), 2);
    assert_eq!(versions[1]["payable_fen"], told["after_fen"]);
    assert_eq!(versions[1]["parts"]["aid"], 3_000_000 - alone);

    act(&world, "handler-aid", lost, "approve", json!({})).expect(200);
    act(&world, "reviewer-aid", lost, "approve", json!({})).expect(200);
    let (used, entered) = room(&world);
    assert_eq!((used.aid_fen, entered), (3_000_000, 3_000_000));
    assert_eq!(used.admissions, 2);
    for number in &claims {
        replays(&world, number);
    }
    // SET-1: what is stored stays as it is.
    let now = world.harness.app.clock.now();
    assert!(!may_change(&world, move |conn| {
        diesel::update(settlement::table)
            .set(settlement::computed_at.eq(now))
            .execute(conn.sql)
    }));
    assert!(!may_change(&world, |conn| {
        diesel::delete(accumulator_entry::table).execute(conn.sql)
    }));
}

// A claim of which nothing is paid closes at once; opened again it gives its room back.
#[rstest]
fn what_is_opened_again_gives_its_room_back(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = world(kind);
    let fen = 1_000;
    let body = stay("611002", "6110000003", fen, json!([line("outside", fen)]));
    let number = claimed(&world, "aided1", &body);
    parcel_arrives(&world, "mailroom-aid", &number);
    taken(&world, "handler-aid");
    act(&world, "handler-aid", &number, "approve", json!({})).expect(200);
    let closed = act(&world, "reviewer-aid", &number, "approve", json!({}));
    let closed = closed.expect(200).json();
    assert_eq!(
        (&closed["state"], &closed["decision"]),
        (&json!("closed"), &json!("approved"))
    );
    assert_eq!(room(&world).0.admissions, 1);

    let asked = act(
        &world,
        "supervisor-aid",
        &number,
        "reopen",
        json!({ "reason": "金额有误" }),
    );
    let asked = asked.expect(202).json();
    assert_eq!(room(&world).0.admissions, 1);
    let id = asked["pending_approvals"][0]["id"].as_str().unwrap();
    let path = format!("/api/v1/approvals/{id}/confirm");
    world
        .user("supervisor-aid2")
        .post_json(&path, &json!({}))
        .expect(200);
    assert_eq!(room(&world), (Used::default(), 0));
    let versions = settlements(&world, "aided1", &number);
    assert_eq!(
        (&versions[0]["approved"], &versions[0]["reversed"]),
        (&json!(true), &json!(true))
    );
    replays(&world, &number);
}
