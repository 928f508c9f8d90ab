//! Closures of areas and times of an epidemic (XR-8, DEF-6) over HTTP, on both databases.

use bujianmian::domain::time::Ts;
use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use crate::harness::service::Kind::{self, Postgres, Sqlite};
use crate::harness::user::{Reply, TestUser};
use crate::harness::world::{PASSWORD, World};

const ENTRY: &str = "/admin/closures";

fn opened(kind: Kind) -> World {
    let world = World::start(kind);
    let now = Ts::parse("2022-10-10T10:00:00+08:00").unwrap();
    world.harness.app.clock.set(now);
    world
}

fn closure(area: &str, from: &str, to: Option<&str>) -> Value {
    json!({ "kind": "closure", "area": area, "from": from, "to": to, "notice": "示范通告第1号" })
}

#[track_caller]
fn enter(world: &World, body: &Value) -> Reply {
    world.user("admin1").post_json("/api/v1/closures", body)
}

fn listed(world: &World) -> Vec<Value> {
    let reply = TestUser::stranger(&world.harness).get("/api/v1/closures");
    reply.expect(200).json()["items"]
        .as_array()
        .unwrap()
        .clone()
}

#[rstest]
fn an_administrator_enters_ends_and_everybody_reads(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = opened(kind);
    let admin = TestUser::sign_in(&world.harness, "admin1", PASSWORD);
    let form = [
        ("kind", "closure"),
        ("area", "山东省威海市环翠区"),
        ("from", "2022-10-01"),
        ("to", ""),
        ("notice", "示范通告第1号"),
    ];
    admin.submit(ENTRY, ENTRY, &form).expect(303);

    let page = TestUser::stranger(&world.harness)
        .get("/closures")
        .expect(200);
    assert!(page.text.contains("山东省威海市环翠区"), "{}", page.text);
    assert!(page.text.contains("示范通告第1号") && page.text.contains("正在实行"));

    let entered = listed(&world)[0].clone();
    assert_eq!(entered["area"], "371002");
    let id = entered["id"].as_str().unwrap();
    let end = [
        ("id", id),
        ("version", "1"),
        ("to", "2022-10-22"),
        ("notice", "示范通告第2号"),
    ];
    admin.submit(ENTRY, "/admin/closures/end", &end).expect(303);
    let ended = listed(&world)[0].clone();
    assert_eq!(
        (&ended["to"], &ended["phase"], &ended["version"]),
        (&json!("2022-10-22"), &json!("lasting"), &json!(2))
    );
    // DEF-6: the day given is the last closed one.
    let day_after = Ts::parse("2022-10-23T00:00:00+08:00").unwrap();
    world.harness.app.clock.set(day_after);
    assert_eq!(listed(&world)[0]["phase"], "over");
}

#[rstest]
fn what_was_wrong_is_withdrawn_and_kept(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = opened(kind);
    let entered = enter(&world, &closure("371002", "2022-10-01", None))
        .expect(201)
        .json();
    let path = format!(
        "/api/v1/closures/{}/withdraw",
        entered["id"].as_str().unwrap()
    );
    let body = json!({ "version": 1, "reason": "示范：区域有误" });
    world.user("admin1").post_json(&path, &body).expect(200);

    assert_eq!(listed(&world), Vec::<Value>::new());
    let page = TestUser::sign_in(&world.harness, "admin1", PASSWORD)
        .get(ENTRY)
        .expect(200);
    assert!(page.text.contains("示范：区域有误"));
    // Withdrawn once, and no longer to be ended.
    let again = world
        .user("admin1")
        .post_json(&path, &body)
        .expect(409)
        .json();
    assert_eq!(again["code"], "closure-changed");
    // The area is free again.
    enter(&world, &closure("371002", "2022-10-01", None)).expect(201);
}

#[rstest]
#[case::same_days("2022-10-01", Some("2022-10-05"), 409)]
#[case::last_day("2022-09-01", Some("2022-10-01"), 409)]
#[case::day_before("2022-09-01", Some("2022-09-30"), 201)]
#[case::day_after("2022-10-23", None, 201)]
fn an_area_is_closed_once_a_day(#[case] from: &str, #[case] to: Option<&str>, #[case] status: u16) {
    let world = opened(Sqlite);
    enter(&world, &closure("371002", "2022-10-01", Some("2022-10-22"))).expect(201);
    enter(&world, &closure("371002", from, to)).expect(status);
    enter(&world, &closure("371082", from, to)).expect(201);
}

#[test]
fn faults_stand_at_their_fields() {
    let world = opened(Sqlite);
    let reply = enter(
        &world,
        &json!({ "kind": "closure", "area": "鼓楼区", "from": "2022-10-02", "to": "2022-10-01", "notice": "示范" }),
    );
    let problem = reply.expect(422).json();
    let found: Vec<_> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (e["field"].as_str().unwrap(), e["code"].as_str().unwrap()))
        .collect();
    assert_eq!(
        found,
        [("area", "region-ambiguous"), ("to", "end-before-start")]
    );

    let admin = TestUser::sign_in(&world.harness, "admin1", PASSWORD);
    let page = admin.submit(
        ENTRY,
        ENTRY,
        &[("kind", "epidemic"), ("from", "2022-10-40"), ("notice", "")],
    );
    let page = page.expect(422);
    assert!(page.text.contains("href=\"#f-from\""), "{}", page.text);
}

#[rstest]
#[case::two_at_once("2022-10-01")]
fn two_administrators_enter_one_area_once(
    #[case] from: &str,
    #[values(Sqlite, Postgres)] kind: Kind,
) {
    let world = opened(kind);
    let body = closure("371002", from, None);
    let replies: Vec<u16> = std::thread::scope(|scope| {
        let sent: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    let admin = world.user("admin1");
                    let request = admin
                        .request(Method::POST, "/api/v1/closures")
                        .header("Content-Type", "application/json")
                        .body(body.to_string());
                    admin.send(request).status
                })
            })
            .collect();
        sent.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let mut sorted = replies;
    sorted.sort_unstable();
    assert_eq!(sorted, [201, 409]);
}
