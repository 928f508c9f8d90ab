//! Two instances on one PostgreSQL: one killed again and again, one frozen and thawed.

use std::sync::Arc;
use std::time::Duration;

use crate::load::{Load, wait_for_changes};
use crate::report::rounds;
use crate::service::Service;
use crate::world::{Kind, World};

fn pair() -> (World, Service, Load) {
    let world = World::start(Kind::Postgres);
    let second = world.second();
    let cast = world.cast();
    let doors = Arc::new(vec![world.service.address(), second.address()]);
    let load = Load::start(&cast.at(&doors), 1);
    (world, second, load)
}

#[test]
fn one_of_two_instances_is_killed() {
    let (world, mut second, load) = pair();
    let rounds = rounds(3, 30);
    for round in 0..rounds {
        wait_for_changes(&world.history, 8 + u64::from(round * 7 % 20));
        second.kill();
        // The other one goes on alone.
        wait_for_changes(&world.history, 5);
        second.begin();
        second.wait_until_ready();
    }
    wait_for_changes(&world.history, 10);
    load.stop();
    second.stop();
    let tally = world.judge("one of two instances killed", rounds);
    assert!(tally.unknown > 0, "the kills came in mid-load");
}

#[test]
fn one_of_two_instances_is_frozen() {
    let (world, mut second, load) = pair();
    let rounds = rounds(1, 3);
    for _ in 0..rounds {
        wait_for_changes(&world.history, 15);
        second.freeze();
        // Real time is the subject: what the frozen one holds must not hold up the other for long.
        let frozen = Duration::from_secs(u64::from(report_seconds()));
        let before = world.history.changes();
        std::thread::sleep(frozen);
        assert!(
            world.history.changes() > before,
            "the other instance goes on"
        );
        second.thaw();
        wait_for_changes(&world.history, 15);
    }
    load.stop();
    second.stop();
    world.judge("one of two instances frozen", rounds);
}

/// How long it is frozen.
fn report_seconds() -> u32 {
    rounds(6, 40)
}
