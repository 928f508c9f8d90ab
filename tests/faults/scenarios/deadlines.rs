//! Deadlines pass while people work and services are killed: two instances on PostgreSQL, one on SQLite. The demo's
//! clock is moved from rung to rung, and sometimes back, by its row in the database; timers come due by the dozen,
//! and whoever fires them is killed in the middle of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use bujianmian::domain::time::Ts;
use bujianmian::domain::workflow::Action;
use chrono::{NaiveTime, TimeDelta};
use rstest::rstest;

use crate::load::{Load, wait_for_changes};
use crate::report::rounds;
use crate::service::{Mode, Service};
use crate::world::{Kind, World};

/// Hours and minutes at which terms of one working day are past half-time, in their last hour, and over.
const RUNGS: [(u32, u32); 3] = [(14, 0), (16, 40), (17, 31)];

/// How long until it is so late again.
fn until(now: Ts, (hour, minute): (u32, u32)) -> TimeDelta {
    let time = NaiveTime::from_hms_opt(hour, minute, 0).expect("a time of day");
    let today = Ts::from_beijing(now.day(), time);
    match today > now {
        true => today.since(now),
        false => today.plus(TimeDelta::days(1)).since(now),
    }
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn deadlines_pass_while_services_are_killed(#[case] kind: Kind) {
    let mut world = World::start(kind);
    world.service.stop();
    world.service.settings.mode = Mode::Demo { at: None };
    world.service.begin();
    world.service.wait_until_ready();
    let mut second = (kind == Kind::Postgres).then(|| world.second());
    let doors = [Some(&world.service), second.as_ref()];
    let doors = doors.into_iter().flatten().map(Service::address);
    let cast = world.cast().at(&Arc::new(doors.collect()));
    let load = Load::start(&cast, 1);
    let rounds = rounds(3, 20);
    for round in 0..rounds {
        wait_for_changes(&world.history, 6);
        let archive = world.archive();
        archive.let_timers_fire();
        // Every fourth goes back, so that time seems to repeat.
        archive.move_clock(match round % 4 {
            3 => TimeDelta::hours(-5),
            rung => until(archive.now(), RUNGS[usize::try_from(rung).unwrap_or(0)]),
        });
        wait_for_changes(&world.history, 2 + u64::from(round * 5 % 11));
        let killed = match &mut second {
            Some(second) if round % 2 == 1 => second,
            Some(_) | None => &mut world.service,
        };
        killed.kill();
        killed.begin();
        killed.wait_until_ready();
    }
    // Whatever is still open passes its deadline.
    world.archive().let_timers_fire();
    world.archive().move_clock(TimeDelta::hours(50));
    wait_for_changes(&world.history, 10);
    load.stop();
    world.archive().let_timers_fire();
    if let Some(mut second) = second {
        second.stop();
    }
    tell(&world);
    world.judge("deadlines while killed", rounds);
}

/// Prints what was counted: rungs by kind and outcome, and what they left in journal and register.
fn tell(world: &World) {
    let ledger = world.archive().ledger();
    let mut fired: BTreeMap<&str, usize> = BTreeMap::new();
    for timer in ledger.timers.iter().filter(|one| one.fired_at.is_some()) {
        *fired.entry(timer.kind.as_str()).or_default() += 1;
    }
    let of_timers = |action| {
        let events = ledger.cases.values().flat_map(|kept| &kept.events);
        events
            .filter(|event| event.action == action && event.actor.is_none())
            .count()
    };
    let (assigned, breached) = (of_timers(Action::Assign), of_timers(Action::Breach));
    println!(
        "{} cases; timers fired: {fired:?}; assigned {assigned}, breached {breached}, in the register {}",
        ledger.cases.len(),
        ledger.breaches.len(),
    );
    assert!(breached > 0, "deadlines passed");
}
