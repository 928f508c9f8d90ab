//! Mail as people see it (CAS-12): what the demo kept, and what administrators see of messages that were not sent.

use bujianmian::clock::Clock;
use bujianmian::jobs::outbox::{Post, run};
use bujianmian::store::schema::{account, outbox};
use bujianmian::usecases::app::DemoInfo;
use bujianmian::web::urls;
use diesel::prelude::*;
use rstest::rstest;
use serde_json::json;

use super::words;
use crate::harness::service::{Harness, Kind, Settings};
use crate::harness::user::TestUser;
use crate::harness::world::{PASSWORD, World, id_number};

const PHONE: &str = "13800000000";
const ADDRESS: &str = "canary@mail.example";

fn demo(kind: Kind) -> World {
    let demo = DemoInfo {
        accounts: vec![],
        password: PASSWORD.to_owned(),
    };
    let settings = Settings {
        demo: Some(demo),
        ..Settings::default()
    };
    World::with(kind, settings)
}

/// `resident1`, who has an address of mail, files a registration; returns its number.
fn resident_files(world: &World, destination: &str) -> String {
    world.harness.write(|conn| {
        let sealed = conn.vault.seal_text(ADDRESS)?;
        diesel::update(account::table.filter(account::username.eq("resident1")))
            .set(account::email.eq(sealed))
            .execute(conn.sql)?;
        Ok(())
    });
    let resident = world.user("resident1");
    let body = json!({ "item": "cross-region-registration", "answers": {
        "kind": "other-temporary", "destination": destination, "start": "2026-11-24", "end": "2026-12-24",
        "phone": PHONE, "pledge": true,
    }});
    let request = resident
        .request(reqwest::Method::POST, "/api/v1/cases")
        .header("Idempotency-Key", destination)
        .header("Content-Type", "application/json")
        .body(body.to_string());
    let case = resident.send(request).expect(201).json();
    case["receipt_no"].as_str().unwrap().to_owned()
}

fn the_worker_keeps_what_waits(world: &World) {
    let post = Post {
        mail: None,
        sms: None,
        origin: world.harness.base.clone(),
        link: urls::of_notice,
    };
    let app = world.harness.app.clone();
    let posted = actix_web::rt::System::new()
        .block_on(async move { run(&app, &post, Clock::real()).await })
        .unwrap();
    assert_eq!(posted.kept, 1);
}

fn the_server_refused_it_for_good(harness: &Harness) {
    harness.write(|conn| {
        diesel::update(outbox::table)
            .set((
                outbox::state.eq("dead"),
                outbox::attempts.eq(12),
                outbox::last_error.eq("the server answered 550"),
            ))
            .execute(conn.sql)?;
        Ok(())
    });
}

fn shows_nobody(page: &str) {
    let id = id_number(1);
    for hidden in [PHONE, ADDRESS, id.as_str(), id.last_six()] {
        assert!(!page.contains(hidden), "{hidden} in {page}");
    }
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn a_filings_mail_is_seen_in_the_demo(#[case] kind: Kind) {
    let world = demo(kind);
    let visitor = TestUser::stranger(&world.harness);
    let empty = visitor.get("/demo/mail").expect(200).text;
    assert!(words(&empty).contains("还没有消息"), "{empty}");
    let number = resident_files(&world, "110100");
    the_worker_keeps_what_waits(&world);
    let list = visitor.get("/demo/mail").expect(200).text;
    let shown = words(&list);
    for expected in [&number, "c***@mail.example", "中文", "2026-11-24 10:00"] {
        assert!(shown.contains(expected), "{expected} in {shown}");
    }
    shows_nobody(&list);
    let (_, link) = list.split_once("href=\"/demo/mail/").unwrap();
    let path = format!("/demo/mail/{}", link.split('"').next().unwrap());
    let letter = visitor.get(&path).expect(200).text;
    let progress = urls::progress_of(&number);
    assert!(letter.contains(&format!("href=\"{progress}\"")), "{letter}");
    assert_eq!(words(&letter).matches("办理时限").count(), 3, "{letter}");
    shows_nobody(&letter);
}

#[test]
fn the_latest_mail_comes_first_and_older_ones_on_the_next_page() {
    let world = demo(Kind::Sqlite);
    let mut numbers: Vec<String> = vec![];
    for destination in ["110100", "310100"] {
        numbers.push(resident_files(&world, destination));
        the_worker_keeps_what_waits(&world);
    }
    let visitor = TestUser::stranger(&world.harness);
    let list = visitor.get("/demo/mail").expect(200).text;
    let [first, second] = [1, 0].map(|n: usize| list.find(&numbers[n]).unwrap());
    assert!(first < second, "{list}");
    let (at, id) = world.harness.read(|conn| {
        let row: (
            Option<bujianmian::domain::time::Ts>,
            bujianmian::domain::ids::MessageId,
        ) = outbox::table
            .order(outbox::id.desc())
            .select((outbox::sent_at, outbox::id))
            .first(conn.sql)?;
        Ok(row)
    });
    let place = format!("{}.{id}", at.unwrap().micros());
    let rest = visitor.get(&urls::demo_mail(&place)).expect(200).text;
    assert!(rest.contains(&numbers[0]) && !rest.contains(&numbers[1]));
}

#[test]
fn outside_of_the_demo_nobody_sees_mail() {
    let world = World::start(Kind::Sqlite);
    resident_files(&world, "110100");
    the_worker_keeps_what_waits(&world);
    let (pool, id) = world.harness.read(|conn| {
        let row: (
            bujianmian::domain::place::Pool,
            bujianmian::domain::ids::MessageId,
        ) = outbox::table
            .select((outbox::pool, outbox::id))
            .first(conn.sql)?;
        Ok(row)
    });
    let admin = TestUser::sign_in(&world.harness, "admin1", PASSWORD);
    let page = admin.get("/demo/mail").expect(404).text;
    admin.get(&urls::demo_letter(pool, id)).expect(404);
    assert!(!page.contains("href=\"/demo/mail\""), "{page}");
}

#[test]
fn only_an_administrator_sees_messages_that_were_not_sent() {
    let world = World::start(Kind::Sqlite);
    for username in ["resident1", "handler1", "supervisor1", "auditor1"] {
        let user = TestUser::sign_in(&world.harness, username, PASSWORD);
        user.get("/admin/outbox").expect(403);
    }
    let stranger = TestUser::stranger(&world.harness);
    stranger.get("/admin/outbox").expect(303);
    let admin = TestUser::sign_in(&world.harness, "admin1", PASSWORD);
    let page = admin.get("/admin/outbox").expect(200).text;
    assert!(words(&page).contains("没有放弃发送的消息"), "{page}");
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn an_administrator_has_a_dead_message_tried_again(#[case] kind: Kind) {
    let world = World::start(kind);
    let number = resident_files(&world, "110100");
    the_server_refused_it_for_good(&world.harness);
    let admin = TestUser::sign_in(&world.harness, "admin1", PASSWORD);
    let dead = admin.get("/admin/outbox").expect(200).text;
    assert!(words(&dead).contains("the server answered 550"), "{dead}");
    assert!(!dead.contains(&number), "{dead}");
    shows_nobody(&dead);
    let (_, rest) = dead.split_once("name=\"id\" value=\"").unwrap();
    let id = rest.split('"').next().unwrap();
    let chosen = [("pool", "371000"), ("id", id)];
    let action = "/admin/outbox/retry";
    admin.post(action, &chosen).expect(403);
    let elsewhere = [("pool", "320600"), ("id", id)];
    admin
        .submit("/admin/outbox", action, &elsewhere)
        .expect(404);
    let done = admin.submit("/admin/outbox", action, &chosen).expect(303);
    let waiting = admin.get(done.location()).expect(200).text;
    assert!(
        waiting.contains(id) && words(&waiting).contains("已重新排队"),
        "{waiting}"
    );
    shows_nobody(&waiting);
    the_worker_keeps_what_waits(&world);
}
