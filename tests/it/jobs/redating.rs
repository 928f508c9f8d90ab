//! CLK-2: an arrangement of holidays that is imported while cases are open moves their deadlines and timers with an
//! event each, once, whoever looks and however often; what was missed stays missed. No arrangement of 2027 comes with
//! the program, so that terms which touch that year are provisional.

use bujianmian::domain::locale::Locale;
use bujianmian::domain::timer;
use bujianmian::domain::workflow::Action;
use bujianmian::jobs::timers::run;
use bujianmian::store::schema::timer as rows;
use bujianmian::usecases::redating::{Redated, look, redate};
use bujianmian::usecases::reference::import_calendar;
use diesel::prelude::*;
use rstest::rstest;

use super::world::{World, at};
use crate::harness::service::Kind::{self, Postgres, Sqlite};

/// New Year's Day 2027, a Friday, is off, and the Sunday after it is worked.
const ARRANGEMENT: &str = "# year: 2027\n# notice: 示例〔2026〕1号\n# issued: 2026-12-20\n\
    date,kind,name_zh,name_en\n\
    2027-01-01,holiday,元旦,New Year's Day\n\
    2027-01-03,workday,元旦,New Year's Day\n";

fn import(world: &World) {
    import_calendar(
        &world.harness.app.db,
        ARRANGEMENT.to_owned(),
        "a sample".to_owned(),
    )
    .unwrap();
}

fn looked(world: &World) -> Redated {
    world.run(look(&world.harness.app)).unwrap()
}

fn moved(count: usize) -> Redated {
    Redated {
        moved: count,
        left: 0,
    }
}

/// When the breach of the only case fires.
fn breach_at(world: &World) -> Vec<bujianmian::domain::time::Ts> {
    world.harness.read(|c| {
        Ok(rows::table
            .filter(rows::kind.eq(timer::Kind::Breach))
            .filter(rows::fired_at.is_null())
            .select(rows::fire_at)
            .load(c.sql)?)
    })
}

#[rstest]
fn an_imported_arrangement_moves_open_deadlines_and_their_timers_once(
    #[values(Sqlite, Postgres)] kind: Kind,
) {
    let world = World::start(kind, Locale::Zh);
    assert_eq!(looked(&world), moved(0));
    world.set("2026-12-31T10:00:00+08:00");
    let receipt_no = world.files("a", "110100");
    assert_eq!(
        world.case(&receipt_no).due(),
        Some(at("2027-01-01T17:30:00+08:00"))
    );
    import(&world);
    assert_eq!(looked(&world), moved(1));
    let case = world.case(&receipt_no);
    assert_eq!(case.due(), Some(at("2027-01-03T17:30:00+08:00")));
    assert_eq!(breach_at(&world), [at("2027-01-03T17:30:00.000001+08:00")]);
    assert_eq!(looked(&world), moved(0));
    assert_eq!(
        world.run(redate(&world.harness.app)).unwrap(),
        moved(0),
        "a term that is counted rightly is left alone"
    );
    assert_eq!(world.times(&receipt_no, Action::Redate), 1);
    assert_eq!(world.notices(), ["received", "redated"]);
    // The deadline of yesterday's calendar is none.
    world.set("2027-01-01T18:00:00+08:00");
    world.run(run(&world.harness.app)).unwrap();
    assert_eq!(world.times(&receipt_no, Action::Breach), 0);
    world.set("2027-01-03T17:30:00.000001+08:00");
    world.run(run(&world.harness.app)).unwrap();
    assert_eq!(world.times(&receipt_no, Action::Breach), 1);
}

#[rstest]
fn a_deadline_that_only_becomes_certain_is_no_news(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind, Locale::Zh);
    world.set("2027-01-04T10:00:00+08:00");
    let receipt_no = world.files("a", "110100");
    import(&world);
    assert_eq!(looked(&world), moved(1));
    assert_eq!(world.times(&receipt_no, Action::Redate), 1);
    assert_eq!(world.notices(), ["received"]);
}

#[rstest]
fn what_was_missed_stays_missed(#[values(Sqlite, Postgres)] kind: Kind) {
    let world = World::start(kind, Locale::Zh);
    world.set("2026-12-31T10:00:00+08:00");
    let receipt_no = world.files("a", "110100");
    world.set("2027-01-01T18:00:00+08:00");
    world.run(run(&world.harness.app)).unwrap();
    import(&world);
    assert_eq!(looked(&world), moved(0));
    let case = world.case(&receipt_no);
    assert!(case.missed() && case.breached_at.is_some());
}

#[rstest]
fn a_case_filed_by_the_calendar_of_a_moment_ago_is_looked_at_too(
    #[values(Sqlite, Postgres)] kind: Kind,
) {
    let world = World::start(kind, Locale::Zh);
    assert_eq!(looked(&world), moved(0));
    world.set("2026-12-31T10:00:00+08:00");
    // Another process imports; this one has not heard of it when the case is filed.
    import(&world);
    let receipt_no = world.files("a", "110100");
    assert_eq!(
        world.case(&receipt_no).due(),
        Some(at("2027-01-01T17:30:00+08:00"))
    );
    assert_eq!(looked(&world), moved(1));
    assert_eq!(
        world.case(&receipt_no).due(),
        Some(at("2027-01-03T17:30:00+08:00"))
    );
}
