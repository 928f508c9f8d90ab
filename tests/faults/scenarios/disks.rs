//! Full and read-only: writes are told to come back, reads go on, and when there is room again the same process goes on
//! writing.

use crate::disk::{Immutable, SmallDisk, lift_file_limit};
use crate::history::{Outcome, Tally};
use crate::load::{Cast, Load, wait_for_changes, wait_for_refusals};
use crate::report::rounds;
use crate::world::{Kind, World};
use serde_json::json;

use super::wires::{files, upload};

/// Requests that must have been told to come back before there is room again.
const TURNED_AWAY: u64 = 25;

/// While nothing can be written: who reads is served.
fn reads_go_on(cast: &Cast) {
    for person in [&cast.residents[0], &cast.handlers[0]] {
        for _ in 0..5 {
            assert!(
                person.read("/api/v1/cases").is_some(),
                "{} can read",
                person.name
            );
        }
    }
}

/// Lets people work, breaks, sees what happens, mends, lets them go on.
fn play(
    world: World,
    name: &str,
    mut break_it: impl FnMut(&World),
    mut mend: impl FnMut(&World),
) -> Tally {
    let cast = world.cast();
    let rounds = rounds(1, 10);
    let load = Load::start(&cast, 1);
    for _ in 0..rounds {
        wait_for_changes(&world.history, 15);
        break_it(&world);
        wait_for_refusals(&world.history, TURNED_AWAY);
        reads_go_on(&cast);
        mend(&world);
        wait_for_changes(&world.history, 15);
    }
    load.stop();
    world.judge(name, rounds)
}

#[test]
fn the_disk_of_sqlite_is_full() {
    let Some(disk) = SmallDisk::mount(48) else {
        println!("no disk can be mounted: a limit on the size of files stands in");
        files_of_sqlite_are_limited();
        return;
    };
    let data = disk.folder("data");
    let world = World::in_folder(&data);
    let cast = world.cast();
    let mut promise = crate::load::filing(cast.from, 4000);
    promise["answers"]["kind"] = json!("referral");
    let Outcome::Done(case) = cast.residents[0].file("with-a-promise", &promise) else {
        panic!("the case is filed");
    };
    let (archive, kept) = (world.archive(), files(&world));
    play(
        world,
        "disk full",
        |world| {
            disk.fill();
            let papers = archive.papers();
            let outcome = cast.residents[0].upload(&case.receipt_no, upload());
            assert!(
                matches!(outcome, Outcome::Unavailable { status: 503, .. }),
                "{outcome:?}"
            );
            assert_eq!((archive.papers(), files(world)), (papers, kept));
        },
        |_| disk.free(),
    );
}

/// A file can't grow beyond its limit, which is an error like a full disk, if not the same one.
fn files_of_sqlite_are_limited() {
    let mut world = World::start(Kind::Sqlite);
    world.service.stop();
    let size = |name: &str| std::fs::metadata(world.data(name)).map_or(0, |file| file.len());
    let now = size("bujianmian.db").max(size("bujianmian.db-wal"));
    world.service.settings.file_limit = Some(now + 512 * 1024);
    world.service.begin();
    world.service.wait_until_ready();
    play(
        world,
        "files limited",
        |_| {},
        |world| lift_file_limit(world.service.pid()),
    );
}

#[test]
fn the_disk_of_postgres_is_full() {
    let Some(disk) = SmallDisk::mount(64) else {
        println!("not run: no disk can be mounted");
        return;
    };
    let mut world = World::start(Kind::Postgres);
    world.service.stop();
    world.move_database(&disk.folder("tables"));
    world.service.begin();
    world.service.wait_until_ready();
    play(world, "disk full", |_| disk.fill(), |_| disk.free());
}

#[test]
fn the_files_of_sqlite_are_read_only() {
    let world = World::start(Kind::Sqlite);
    let held = std::cell::RefCell::new(None);
    let names = ["bujianmian.db", "bujianmian.db-wal"];
    let probe = world.data("probe");
    std::fs::write(&probe, "").expect("a file");
    if Immutable::make(vec![probe]).is_none() {
        println!("not run: files can't be made immutable here");
        return;
    }
    play(
        world,
        "files read-only",
        |world| {
            let files = names.map(|name| world.data(name)).to_vec();
            *held.borrow_mut() = Immutable::make(files);
        },
        |_| drop(held.borrow_mut().take()),
    );
}

#[test]
fn postgres_is_read_only() {
    // As after a failover to a standby: connections end, and what comes after may only read.
    let world = World::start(Kind::Postgres);
    let change = |world: &World, setting: &str| {
        world.database.as_ref().expect("PostgreSQL").administer(&[
            setting,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '$DATABASE'",
        ]);
    };
    play(
        world,
        "database read-only",
        |world| {
            change(
                world,
                "ALTER DATABASE $DATABASE SET default_transaction_read_only = on",
            );
        },
        |world| {
            change(
                world,
                "ALTER DATABASE $DATABASE RESET default_transaction_read_only",
            );
        },
    );
}
