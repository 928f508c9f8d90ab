//! CLK-7, CLK-8: the ladder of a term on both databases: who is warned, who is given what nobody took, and that each
//! rung is climbed once, however many instances look. Filed on Tuesday 2026-11-24 10:00; half-time on Wednesday at
//! 09:15, last hour from 16:30, due at 17:30.

use bujianmian::domain::case::{Case, State};
use bujianmian::domain::locale::Locale;
use bujianmian::domain::receipt::ReceiptNo;
use bujianmian::domain::workflow::Action;
use bujianmian::jobs::timers::{Fired, run};
use bujianmian::store::accounts;
use bujianmian::usecases::timekeeping;
use rstest::rstest;

use super::world::{World, at};
use crate::harness::service::Kind;

const BEFORE_HALF: &str = "2026-11-25T09:14:59+08:00";
const HALF: &str = "2026-11-25T09:15:00+08:00";
const LAST: &str = "2026-11-25T16:30:00+08:00";
const DUE: &str = "2026-11-25T17:30:00+08:00";
const LATE: &str = "2026-11-25T17:30:00.000001+08:00";

fn fire(world: &World) -> usize {
    let fired = world.run(run(&world.harness.app)).unwrap();
    assert_eq!(fired.left, 0);
    fired.done
}

fn count(kinds: &[String], kind: &str) -> usize {
    kinds.iter().filter(|one| *one == kind).count()
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn a_case_climbs_from_warning_to_breach(#[case] kind: Kind) {
    let world = World::start(kind, Locale::Zh);
    let receipt_no = world.files("a", "110100");
    let (handler, supervisor) = (world.handler.account, world.supervisor.account);
    let climbs = |time: &str, fired: usize| {
        world.set(time);
        assert_eq!((fire(&world), fire(&world)), (fired, 0), "{time}");
    };
    climbs(BEFORE_HALF, 0);
    climbs(HALF, 1);
    assert_eq!(world.kinds_told(supervisor), ["half-time"]);
    climbs(LAST, 1);
    assert_eq!(world.kinds_told(supervisor), ["half-time", "last-hour"]);
    assert_eq!(world.kinds_told(handler), ["assigned"]);
    let case = world.case(&receipt_no);
    assert_eq!((case.state, case.holder), (State::InReview, Some(handler)));
    climbs(DUE, 0);
    climbs(LATE, 1);
    assert_eq!(world.kinds_told(handler), ["assigned", "breached-at-desk"]);
    // The applicant hears when to expect the answer instead: one working day later.
    let told = world.told(world.resident.account);
    let (kind, particulars) = told.last().unwrap();
    assert_eq!(kind, "breached");
    assert_eq!(particulars["expected"], "2026-11-26T17:30:00+08:00");
    assert_eq!(world.times(&receipt_no, Action::Assign), 1);
    assert_eq!(world.times(&receipt_no, Action::Breach), 1);
    world.is_as_its_journal_says(&receipt_no);
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn what_nobody_took_goes_to_the_least_load_and_never_to_a_relative(#[case] kind: Kind) {
    let world = World::start(kind, Locale::Zh);
    let filed = ["110100", "120100", "310100", "500100"].map(|place| world.files(place, place));
    // The first handler has two, the second none, the third is the applicant.
    world.takes(&world.handler);
    world.takes(&world.handler);
    let second = world.hires("handler-b", None);
    let applicant = world.hires("handler-c", world.resident.person);
    world.set(LAST);
    assert_eq!(fire(&world), 4);
    let holders: Vec<_> = filed.iter().map(|no| world.case(no).holder).collect();
    let of = |account| holders.iter().filter(|one| **one == Some(account)).count();
    assert_eq!(of(world.handler.account), 2);
    assert_eq!(of(second.account), 2);
    assert_eq!(of(applicant.account), 0);
    // Two at once are one message, which names both.
    let told = world.told(second.account);
    let [(kind, particulars)] = told.as_slice() else {
        panic!("one message, not {told:?}");
    };
    assert_eq!(kind, "assigned-many");
    assert_eq!(particulars["count"], "2");
    for receipt_no in filed
        .iter()
        .filter(|no| world.case(no).holder == Some(second.account))
    {
        assert!(particulars["receipts"].contains(receipt_no.as_str()));
    }
    for receipt_no in &filed {
        world.is_as_its_journal_says(receipt_no);
    }
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn with_nobody_on_duty_the_supervisor_hears_it(#[case] kind: Kind) {
    let world = World::start(kind, Locale::Zh);
    let receipt_no = world.files("a", "110100");
    let handler = world.handler.account;
    world
        .harness
        .write(move |conn| accounts::set_disabled(conn, handler, Some(at(HALF))));
    world.set(LAST);
    assert_eq!(fire(&world), 1);
    let told = world.told(world.supervisor.account);
    let (kind, particulars) = told.last().unwrap();
    assert_eq!(kind, "last-hour");
    assert_eq!(particulars["unassigned"], "yes");
    assert_eq!(world.state(&receipt_no), State::Submitted);
    assert_eq!(world.times(&receipt_no, Action::Assign), 0);
}

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn an_answer_brings_no_warning_again(#[case] kind: Kind) {
    let world = World::start(kind, Locale::Zh);
    let receipt_no = world.files("a", "110100");
    world.takes(&world.handler);
    world.set(HALF);
    assert_eq!(fire(&world), 1);
    world.set("2026-11-25T10:00:00+08:00");
    world.acts(&receipt_no, bujianmian::domain::workflow::Command::Accept);
    assert_eq!(fire(&world), 0);
    world.set(LAST);
    assert_eq!(fire(&world), 1);
    let told = world.kinds_told(world.handler.account);
    assert_eq!(told, ["half-time", "last-hour"]);
}

// CLK-8
#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn a_chunk_of_everything_fires_in_its_order(#[case] kind: Kind) {
    let world = World::start(kind, Locale::Zh);
    let filed = world.files_with_promise("a", "110100");
    world.set(LAST);
    let due = world
        .run(timekeeping::due(&world.harness.app, None, 100))
        .unwrap();
    let outcomes = world.run(timekeeping::fire(&world.harness.app, due.clone()));
    let outcomes = outcomes.unwrap();
    assert_eq!(outcomes.len(), due.len());
    let said: Vec<String> = outcomes.iter().map(|one| format!("{one:?}")).collect();
    assert_eq!(said, ["Over", "Fired(LastHour)"]);
    let again = world
        .run(timekeeping::fire(&world.harness.app, due))
        .unwrap();
    assert!(again.iter().all(|one| *one == timekeeping::Outcome::Gone));
    world.is_as_its_journal_says(&filed);
}

/// Two instances on one database, four workers each, the clock moved forward, back and forward again.
#[test]
fn two_instances_with_many_workers_climb_every_rung_once() {
    let world = World::start(Kind::Postgres, Locale::Zh);
    let days = (0..12).map(|n| format!("2026-12-{:02}", n * 2 + 1));
    let filed: Vec<ReceiptNo> = days.map(|day| world.files_from(&day, &day)).collect();
    let apps = [world.harness.app.clone(), world.harness.another()];
    world.run(apps[1].office.refresh(&apps[1].db)).unwrap();
    let mut total = Fired::default();
    for time in [BEFORE_HALF, HALF, BEFORE_HALF, LAST, HALF, LATE, LAST, LATE] {
        for app in &apps {
            app.clock.set(at(time));
        }
        // A worker that meets a locked case leaves it to whoever holds it; the last round is alone.
        for workers in [4, 1] {
            let fired = world.run(async {
                let work = apps.iter().flat_map(|app| vec![app.clone(); workers]);
                let work = work.map(|app| tokio::spawn(async move { run(&app).await.unwrap() }));
                let mut fired = vec![];
                for one in work.collect::<Vec<_>>() {
                    fired.push(one.await.unwrap());
                }
                fired
            });
            total.done += fired.iter().map(|one| one.done).sum::<usize>();
        }
    }
    assert_eq!(total.done, filed.len() * 3, "three rungs a case");
    let assigned: Vec<Case> = filed.iter().map(|no| world.case(no)).collect();
    assert!(
        assigned
            .iter()
            .all(|case| case.holder == Some(world.handler.account))
    );
    for receipt_no in &filed {
        assert_eq!(world.times(receipt_no, Action::Assign), 1);
        assert_eq!(world.times(receipt_no, Action::Breach), 1);
        world.is_as_its_journal_says(receipt_no);
    }
    let told = world.kinds_told(world.resident.account);
    assert_eq!(count(&told, "breached"), filed.len());
    // However they were bundled, each case was told of once.
    for kind in ["half-time", "last-hour", "breached-at-desk"] {
        let told = world.told(world.supervisor.account);
        let cases: usize = told
            .iter()
            .filter(|(told, _)| told == kind || *told == format!("{kind}-many"))
            .map(|(_, p)| p.get("count").map_or(1, |count| count.parse().unwrap()))
            .sum();
        assert_eq!(cases, filed.len(), "{kind}");
    }
}
