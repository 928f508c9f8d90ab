//! Nothing but the race for cases; and the proof that the checks can fail: a program whose claim is broken on purpose.

use std::path::PathBuf;

use crate::checks::Kind as Broken;
use crate::load::{Load, wait_for_changes};
use crate::report::rounds;
use crate::world::{Kind, World};

/// Clients of each handler; each takes a case and gives it back.
const CLIENTS: u64 = 4;

fn race(world: &World) {
    let load = Load::start_claims(&world.cast(), CLIENTS);
    wait_for_changes(&world.history, u64::from(rounds(100, 2000)));
    load.stop();
}

#[test]
fn many_claim_at_once() {
    let world = World::start(Kind::Postgres);
    race(&world);
    let tally = world.judge("many claim at once", 1);
    assert!(tally.acknowledged > 100);
}

#[test]
fn a_naive_claim_is_caught() {
    let Some(binary) = std::env::var_os("BUJIANMIAN_FAULTS_NAIVE").map(PathBuf::from) else {
        println!("not run: BUJIANMIAN_FAULTS_NAIVE names no program with the feature naive-claim");
        return;
    };
    let world = World::served_by(Kind::Postgres, binary);
    race(&world);
    let (_, findings) = world.findings("naive claim (must be caught)", 1);
    let double = findings.iter().filter(|f| f.kind == Broken::Double).count();
    println!("{double} cases given to two people, caught");
    assert!(double > 0, "the checks missed the broken claim");
}
