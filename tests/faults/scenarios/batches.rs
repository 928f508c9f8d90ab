//! A list of an employer is filed while the services that file it are killed (XR-9): two instances on PostgreSQL, one on
//! SQLite. Afterwards each row has one result, each good person one case.

use std::time::Duration;

use bujianmian::domain::batch::State;
use rstest::rstest;

use crate::checks::of_lists;
use crate::lists::List;
use crate::report::rounds;
use crate::world::{Kind, World};

#[rstest]
#[case::sqlite(Kind::Sqlite)]
#[case::postgres(Kind::Postgres)]
fn a_list_is_filed_while_services_are_killed(#[case] kind: Kind) {
    let mut world = World::start(kind);
    let mut second = (kind == Kind::Postgres).then(|| world.second());
    let rows = rounds(3_000, 50_000);
    let list = List::hand_in(&world, rows);
    let kills = rounds(4, 40);
    let mut midway = 0;
    for kill in 0..kills {
        let state = list.wait_for(rows / (kills + 2) * (kill + 1));
        // Not always at the beginning of a transaction.
        std::thread::sleep(Duration::from_millis(u64::from(kill * 67 % 200)));
        if state == State::Running {
            midway += 1;
        }
        let killed = match &mut second {
            Some(second) if kill % 2 == 1 => second,
            Some(_) | None => &mut world.service,
        };
        killed.kill();
        killed.begin();
        killed.wait_until_ready();
    }
    list.wait_for(rows + 1);
    let faults = list.faults();
    if let Some(mut second) = second {
        second.stop();
    }
    assert!(
        midway * 2 > kills,
        "the kills came in the middle of the list"
    );
    assert_eq!(faults, Vec::<String>::new());
    let (_, findings) = world.found_by("a list while killed", kills, |ledger, _, _, _| {
        of_lists(ledger)
    });
    assert_eq!(findings, []);
}
