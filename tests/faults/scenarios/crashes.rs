//! Nothing broken; the service killed; PostgreSQL killed.

use rstest::rstest;

use crate::load::{Load, wait_for_changes};
use crate::postgres::{Database, Server};
use crate::report::rounds;
use crate::service::Mode;
use crate::world::{Kind, World};

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn nothing_broken(#[case] kind: Kind) {
    let world = World::start(kind);
    let load = Load::start(&world.cast(), 1);
    wait_for_changes(&world.history, u64::from(rounds(60, 3000)));
    load.stop();
    let tally = world.judge("nothing broken", 1);
    assert_eq!((tally.unknown, tally.unavailable), (0, 0));
    assert!(tally.refused > 0, "some filings overlap on purpose");
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn the_service_is_killed(#[case] kind: Kind) {
    let mut world = World::start(kind);
    let good = world.service.settings.mode.clone();
    // The first life sends all its mail in vain.
    world.service.stop();
    world.service.settings.mode = Mode::Serve {
        smtp: world.bad_post.mail().port,
    };
    world.service.begin();
    world.service.wait_until_ready();
    let load = Load::start(&world.cast(), 1);
    let rounds = rounds(3, 100);
    for round in 0..rounds {
        wait_for_changes(&world.history, 8 + u64::from(round * 7 % 20));
        world.service.kill();
        world.service.settings.mode = good.clone();
        world.service.begin();
        world.service.wait_until_ready();
    }
    wait_for_changes(&world.history, 10);
    load.stop();
    let tally = world.judge("service killed", rounds);
    assert!(tally.unknown > 0, "the kills came in mid-load");
}

#[test]
fn postgres_is_killed() {
    let mut server = Server::start();
    let database = Database::on(&server.url());
    let world = World::on(database);
    let load = Load::start(&world.cast(), 1);
    let rounds = rounds(1, 10);
    for round in 0..rounds {
        wait_for_changes(&world.history, 15 + u64::from(round * 7 % 20));
        server.kill();
        machines_are_told(&world.service.address());
        // The service itself is never touched.
        server.begin();
    }
    wait_for_changes(&world.history, 20);
    load.stop();
    let tally = world.judge("PostgreSQL killed", rounds);
    assert!(tally.unavailable > 0, "the kills came in mid-load");
}

/// While the database is away the service lives and says that it is not ready, and when to ask again.
fn machines_are_told(address: &str) {
    let get = |path: &str| reqwest::blocking::get(format!("{address}{path}")).expect("it answers");
    assert_eq!(get("/healthz").status(), 200);
    // The last of PostgreSQL's processes may live a moment longer.
    let ready = (0..1000)
        .map(|_| get("/readyz"))
        .find(|answer| answer.status() != 200)
        .expect("it notices");
    assert_eq!(ready.status(), 503);
    assert!(ready.headers().contains_key("retry-after"));
}
