//! CAS-12: that messages were given up is told to who can act: the administrators of their pool, bundled, once an hour.

use bujianmian::clock::Clock;
use bujianmian::domain::ids::AccountId;
use bujianmian::domain::locale::Locale;
use bujianmian::domain::notice;
use bujianmian::jobs::warnings::run;
use bujianmian::store::inbox;
use chrono::TimeDelta;
use rstest::rstest;

use super::gateway::{Gateway, Manner};
use super::world::{World, post};
use crate::harness::service::Kind;

/// Of how many messages somebody was told, each time.
fn told(world: &World, account: AccountId) -> Vec<String> {
    let messages = world
        .harness
        .read(|conn| inbox::of_account(conn, account, None, 100));
    messages
        .iter()
        .rev()
        .map(|message| {
            assert_eq!(message.kind, notice::Kind::MessagesDead);
            assert_eq!(message.receipt_no, None);
            message.particulars["count"].clone()
        })
        .collect()
}

fn the_gateway_refuses_a_filing(world: &World, destination: &str) {
    let gateway = Gateway::start(Manner::Status(422));
    world.files(destination, destination);
    let posted = world.sends(&post(None, Some(gateway.sms())), Clock::real());
    assert_eq!(posted.dead, 1);
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn administrators_are_told_of_dead_messages_once_an_hour(#[case] kind: Kind) {
    let world = World::start(kind, Locale::Zh);
    let admin = world.administrator("admin");
    let now = Clock::real();
    let warn = |at| world.run(run(&world.harness.app, at)).unwrap();
    assert_eq!(warn(now), 0);
    the_gateway_refuses_a_filing(&world, "110100");
    the_gateway_refuses_a_filing(&world, "120100");
    assert_eq!(warn(now), 2);
    assert_eq!(told(&world, admin), ["2"]);
    the_gateway_refuses_a_filing(&world, "310100");
    assert_eq!(warn(now.plus(TimeDelta::minutes(59))), 0);
    assert_eq!(warn(now.plus(TimeDelta::minutes(60))), 1);
    assert_eq!(told(&world, admin), ["2", "1"]);
    assert_eq!(warn(now.plus(TimeDelta::days(1))), 0);
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn many_workers_tell_once(#[case] kind: Kind) {
    let world = World::start(kind, Locale::Zh);
    let admin = world.administrator("admin");
    let now = Clock::real();
    the_gateway_refuses_a_filing(&world, "110100");
    let all: u64 = world.run(async {
        let workers = (0..4).map(|_| {
            let app = world.harness.app.clone();
            tokio::spawn(async move { run(&app, now).await.unwrap() })
        });
        let mut all = 0;
        for worker in workers.collect::<Vec<_>>() {
            all += worker.await.unwrap();
        }
        all
    });
    assert_eq!(all, 1);
    assert_eq!(told(&world, admin), ["1"]);
}

/// Else a mail server that refuses the administrator would be told of for ever.
#[test]
fn of_a_warning_that_is_refused_nobody_is_warned() {
    let world = World::start(Kind::Sqlite, Locale::Zh);
    // The sink refuses addresses that begin with this.
    let admin = world.administrator("resident-admin");
    let now = Clock::real();
    the_gateway_refuses_a_filing(&world, "110100");
    assert_eq!(world.run(run(&world.harness.app, now)).unwrap(), 1);
    let sink = super::sink::Sink::start(super::sink::Manner::RefusesResident);
    let posted = world.sends(&post(Some(sink.mail()), None), now);
    assert_eq!(posted.dead, 1);
    let later = now.plus(TimeDelta::hours(2));
    assert_eq!(world.run(run(&world.harness.app, later)).unwrap(), 0);
    assert_eq!(told(&world, admin), ["1"]);
}
