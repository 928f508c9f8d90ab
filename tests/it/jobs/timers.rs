//! CLK-7, CLK-8, CAS-1: what time does to a case happens once, never early, whatever the clock and other
//! instances do. Filed on Tuesday 2026-11-24 10:00, due on Wednesday at 17:30.

use bujianmian::domain::case::State;
use bujianmian::domain::locale::Locale;
use bujianmian::domain::time::Ts;
use bujianmian::domain::workflow::Action;
use bujianmian::jobs::timers::{Fired, run};
use rstest::rstest;

use super::world::{World, at};
use crate::harness::service::Kind;

const DUE: &str = "2026-11-25T17:30:00+08:00";

fn fire(world: &World) -> Fired {
    world.run(run(&world.harness.app)).unwrap()
}

fn done(count: usize) -> Fired {
    passed(count, 0)
}

/// Timers that did something, and those that had nothing to do any more.
fn passed(done: usize, over: usize) -> Fired {
    Fired {
        done,
        over,
        left: 0,
    }
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn a_breach_fires_at_the_first_instant_after_the_deadline_and_once(#[case] kind: Kind) {
    let world = World::start(kind, Locale::Zh);
    let receipt_no = world.files("a", "110100");
    assert_eq!(world.case(&receipt_no).due(), Some(at(DUE)));
    let holder = world.takes(&world.handler);
    assert_eq!(holder, receipt_no);
    world.set(DUE);
    // Half-time was passed by: the last hour says more.
    assert_eq!(fire(&world), passed(1, 1));
    assert_eq!(fire(&world), Fired::default());
    let first_after = Ts::from_micros(at(DUE).micros() + 1).unwrap();
    world.harness.app.clock.set(first_after);
    assert_eq!(fire(&world), done(1));
    assert_eq!(fire(&world), Fired::default());
    let case = world.case(&receipt_no);
    assert_eq!(
        (case.breached_at, case.escalated),
        (Some(first_after), true)
    );
    assert_eq!(world.times(&receipt_no, Action::Breach), 1);
    world.is_as_its_journal_says(&receipt_no);
    assert_eq!(
        world.kinds_told(world.resident.account),
        ["received", "breached"]
    );
    for person in [&world.handler, &world.supervisor] {
        assert_eq!(
            world.kinds_told(person.account),
            ["last-hour", "breached-at-desk"]
        );
    }
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn many_workers_fire_each_timer_once(#[case] kind: Kind) {
    let world = World::start(kind, Locale::Zh);
    let destinations = ["110100", "120100", "310100", "500100"];
    let filed: Vec<_> = destinations
        .iter()
        .map(|destination| world.files(destination, destination))
        .collect();
    world.set("2026-11-26T09:00:00+08:00");
    let total = world.run(async {
        let workers = (0..4).map(|_| {
            let app = world.harness.app.clone();
            tokio::spawn(async move { run(&app).await.unwrap().done })
        });
        let mut total = 0;
        for worker in workers.collect::<Vec<_>>() {
            total += worker.await.unwrap();
        }
        total
    });
    // A worker that met a locked case left it to whoever held it.
    assert_eq!(total + fire(&world).done, 4);
    for receipt_no in &filed {
        assert_eq!(world.times(receipt_no, Action::Breach), 1);
    }
    let told = world.notices().iter().filter(|n| *n == "breached").count();
    assert_eq!(told, 4);
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn a_clock_that_jumps_fires_nothing_twice(#[case] kind: Kind) {
    let world = World::start(kind, Locale::Zh);
    let receipt_no = world.files("a", "110100");
    // A machine that slept over half-time, last hour and deadline: only the breach is left, and it is the
    // supervisor's to give the case out.
    world.set("2026-12-20T03:00:00+08:00");
    assert_eq!(fire(&world), passed(1, 2));
    assert_eq!(world.times(&receipt_no, Action::Assign), 0);
    assert_eq!(
        world.kinds_told(world.supervisor.account),
        ["breached-at-desk"]
    );
    for time in [
        "2026-11-24T08:00:00+08:00",
        DUE,
        "2027-01-01T00:00:00+08:00",
    ] {
        world.set(time);
        assert_eq!(fire(&world), Fired::default(), "{time}");
    }
    assert_eq!(world.times(&receipt_no, Action::Breach), 1);
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn a_paused_case_never_breaches_and_a_restarted_clock_has_its_own_timers(#[case] kind: Kind) {
    let world = World::start(kind, Locale::Zh);
    let receipt_no = world.files("a", "110100");
    world.handler_takes_and_asks_for_more(&receipt_no);
    world.set("2026-11-30T10:00:00+08:00");
    assert_eq!(fire(&world), Fired::default());
    world.resident_supplements(&receipt_no);
    let due = world.case(&receipt_no).due().unwrap();
    assert!(due > at("2026-11-30T10:00:00+08:00"));
    world.harness.app.clock.set(due);
    assert_eq!(fire(&world), passed(1, 1));
    world
        .harness
        .app
        .clock
        .set(Ts::from_micros(due.micros() + 1).unwrap());
    assert_eq!(fire(&world), done(1));
    assert_eq!(world.times(&receipt_no, Action::Breach), 1);
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn what_is_never_supplemented_is_reminded_of_and_lapses(#[case] kind: Kind) {
    let world = World::start(kind, Locale::En);
    let receipt_no = world.files("a", "110100");
    world.handler_takes_and_asks_for_more(&receipt_no);
    // Thirty days from 24 November: 24 December is the last one.
    world.set("2026-12-24T23:59:59+08:00");
    assert_eq!(fire(&world), done(1));
    assert_eq!(world.state(&receipt_no), State::SupplementRequested);
    world.set("2026-12-25T00:00:00+08:00");
    assert_eq!(fire(&world), done(1));
    assert_eq!(fire(&world), Fired::default());
    assert_eq!(world.state(&receipt_no), State::Lapsed);
    let told = [
        "received",
        "supplement-requested",
        "lapse-reminder",
        "lapsed",
    ];
    assert_eq!(world.kinds_told(world.resident.account), told);
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn a_promised_material_is_reminded_of_though_the_case_is_closed(#[case] kind: Kind) {
    let world = World::start(kind, Locale::Zh);
    let receipt_no = world.files_with_promise("a", "110100");
    world.handler_takes_and_approves(&receipt_no);
    let reminders = |world: &World| {
        let told = world.notices();
        told.iter().filter(|n| *n == "obligation-reminder").count()
    };
    world.set("2027-03-01T00:00:00+08:00");
    let fired = fire(&world);
    assert!(fired.done > 0);
    assert_eq!(reminders(&world), fired.done);
    assert_eq!(fire(&world), Fired::default());
}
