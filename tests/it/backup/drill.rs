//! The restore drill: people file and upload, a backup is taken while they do, it is restored elsewhere, the service
//! starts on it, and everything acknowledged before the backup began is there. With the program itself; on
//! PostgreSQL in the way the README documents, with its own tools.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::load::{Acknowledged, Resident, keep_filing};
use super::program::{Demo, Home, copy_folder, program, run, succeeded};
use crate::harness::postgres::fresh_database;

const RESIDENTS: [&str; 3] = ["resident1", "resident2", "resident3"];
/// What must have been acknowledged before the backup begins.
const BEFORE: usize = 40;
/// What must have been acknowledged while it ran or right after: the service never stood still.
const AFTER: usize = 6;

/// Runs `backup` while residents file; what was acknowledged before it began.
fn under_load(demo: &Demo, backup: impl FnOnce()) -> Vec<Acknowledged> {
    let done = Mutex::new(vec![]);
    let stop = AtomicBool::new(false);
    let count = || done.lock().unwrap().len();
    let wait_for = |wanted: usize| {
        let begun = Instant::now();
        while count() < wanted {
            assert!(begun.elapsed() < Duration::from_secs(60), "nobody files");
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    std::thread::scope(|scope| {
        for name in RESIDENTS {
            let (stop, done) = (&stop, &done);
            scope.spawn(move || keep_filing(&Resident::sign_in(&demo.base, name), stop, done));
        }
        wait_for(BEFORE);
        let before = done.lock().unwrap().clone();
        backup();
        let at_end = count();
        wait_for(at_end + AFTER);
        stop.store(true, Ordering::SeqCst);
        before
    })
}

/// Serves what was restored and looks for everything.
fn everything_is_there(restored: &Home, before: &[Acknowledged]) {
    let checked = succeeded(&run(&mut restored.check()));
    assert!(checked.contains("nothing is wrong"), "{checked}");
    let demo = Demo::serve(restored);
    for name in RESIDENTS {
        let resident = Resident::sign_in(&demo.base, name);
        let own: Vec<_> = before.iter().filter(|done| done.resident == name).collect();
        assert!(!own.is_empty(), "{name} filed nothing");
        own.into_iter().for_each(|done| resident.finds(done));
    }
    let papers = before.iter().filter(|done| done.paper.is_some()).count();
    assert!(papers >= BEFORE / 4, "{papers} papers only");
}

#[test]
fn a_backup_under_load_restores_everything_acknowledged_before_it_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home {
        data: folder.path().join("data"),
        keys: folder.path().join("data/keys.toml"),
        url: None,
    };
    let backup = folder.path().join("monday.backup");
    let demo = Demo::serve(&home);
    let mut told = String::new();
    let before = under_load(&demo, || {
        let output = run(program()
            .arg("backup")
            .arg(&backup)
            .arg("--data")
            .arg(&home.data));
        told = succeeded(&output);
    });
    assert!(told.contains("nothing is wrong"), "{told}");
    // The service goes on, and its own check finds nothing either.
    succeeded(&run(&mut home.check()));
    drop(demo);

    let restored = Home {
        data: folder.path().join("restored"),
        ..home.clone()
    };
    let output = run(program()
        .arg("restore")
        .arg(&backup)
        .arg("--data")
        .arg(&restored.data)
        .arg("--keys")
        .arg(&home.keys));
    let told = succeeded(&output);
    assert!(told.contains("nothing is wrong"), "{told}");
    everything_is_there(&restored, &before);
}

#[test]
fn a_dump_under_load_and_the_files_after_it_restore_everything_on_postgresql() {
    let folder = tempfile::tempdir().unwrap();
    let (source, target) = (fresh_database(), fresh_database());
    let home = Home {
        data: folder.path().join("data"),
        keys: folder.path().join("data/keys.toml"),
        url: Some(source.url.clone()),
    };
    let restored = Home {
        data: folder.path().join("restored"),
        url: Some(target.url.clone()),
        ..home.clone()
    };
    let dump = folder.path().join("monday.dump");
    let demo = Demo::serve(&home);
    let before = under_load(&demo, || {
        let dumped = run(Command::new(postgres("pg_dump"))
            .arg("--format=custom")
            .arg("--file")
            .arg(&dump)
            .arg(&source.url));
        succeeded(&dumped);
        copy_folder(&home.data.join("files"), &restored.data.join("files"));
    });
    drop(demo);

    let output = run(Command::new(postgres("pg_restore"))
        .args(["--exit-on-error", "--no-owner", "--dbname", &target.url])
        .arg(&dump));
    succeeded(&output);
    everything_is_there(&restored, &before);
}

/// A program of the newest PostgreSQL on this machine.
fn postgres(name: &str) -> PathBuf {
    let installed = std::fs::read_dir("/usr/lib/postgresql").ok();
    let newest = installed
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin").join(name)))
        .filter(|path| path.exists())
        .max();
    newest.unwrap_or_else(|| PathBuf::from(name))
}
