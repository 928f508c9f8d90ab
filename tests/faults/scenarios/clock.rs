//! The clock jumps: days forward, so that many deadlines pass at once, and hours back, so that time seems to repeat.

use chrono::TimeDelta;
use rstest::rstest;

use crate::load::{Load, wait_for_changes};
use crate::report::rounds;
use crate::service::Mode;
use crate::world::{Kind, World};

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn the_clock_jumps(#[case] kind: Kind) {
    let mut world = World::start(kind);
    let cast = world.cast();
    let rounds = rounds(1, 10);
    for round in 0..rounds {
        // Far enough for supplement requests to lapse; all rounds together stay below the 90 days after which
        // submission tokens are forgotten.
        let far = if round == 0 { 31 } else { 2 };
        for (part, jump) in (0..).zip([
            TimeDelta::days(5),
            TimeDelta::hours(-7),
            TimeDelta::days(far),
            TimeDelta::hours(-30),
        ]) {
            let load = Load::start(&cast, round * 4 + part);
            wait_for_changes(&world.history, 12);
            let at = world.archive().now().plus(jump).rfc3339();
            world.service.stop();
            world.service.settings.mode = Mode::Demo { at: Some(at) };
            world.service.begin();
            world.service.wait_until_ready();
            // Deadlines pass while people work.
            wait_for_changes(&world.history, 8);
            load.stop();
            world.archive().let_timers_fire();
        }
    }
    world.judge("clock jumps", rounds * 4);
}
