//! Demo worlds made once and copied, because making one takes longer than most scenarios. A world belongs to a build
//! of the program and a day, for its dates are relative to the day it was made.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::UNIX_EPOCH;

use bujianmian::clock::Clock;

use crate::postgres::Database;
use crate::service::{Mode, Service, Settings, program};

/// Fills `data` with a copy of a demo world on the embedded database.
pub fn embedded(data: &Path) {
    let _lock = lock();
    let ours = folder("sqlite");
    if !ours.exists() {
        make(&ours, None);
    }
    copy(&ours, data);
}

/// A database on the shared server with a demo world, whose keys go into `data`.
pub fn shared(data: &Path) -> Database {
    let _lock = lock();
    let ours = folder("postgres");
    let name = format!("faults_world_{}", key());
    // Either may be gone without the other: the build's folder cleaned, the throw-away server made anew.
    if !ours.exists() || !Database::exists(&name) {
        let _ = std::fs::remove_dir_all(&ours);
        let unfinished = Database::shared();
        make(&ours, Some(&unfinished));
        unfinished.keep_as(&name);
    }
    copy(&ours, data);
    Database::copy_of(&name)
}

/// Lets the demo make its world in `ours` and ends it.
fn make(ours: &Path, database: Option<&Database>) {
    let unfinished = ours.with_extension("unfinished");
    let _ = std::fs::remove_dir_all(&unfinished);
    fill(&unfinished, database, program());
    std::fs::rename(&unfinished, ours).expect("it is finished");
}

/// The same without keeping it for others.
pub fn fill(data: &Path, database: Option<&Database>, binary: PathBuf) {
    std::fs::create_dir_all(data).expect("a folder");
    let settings = Settings {
        binary,
        data: data.to_owned(),
        database: database.map(|database| database.url.clone()),
        mode: Mode::Demo { at: None },
        file_limit: None,
    };
    let log = data.join("making.log");
    Service::start(settings, &log).stop();
    std::fs::remove_file(log).expect("its log is there");
}

fn copy(from: &Path, to: &Path) {
    let copied = Command::new("cp")
        .arg("-aT")
        .args([from, to])
        .status()
        .expect("cp runs");
    assert!(copied.success(), "{} is copied", from.display());
}

fn folder(database: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("faults-{database}-{}", key()))
}

/// Names the build of the program and the day.
fn key() -> String {
    let file = std::fs::metadata(program()).expect("the program is there");
    let built = file.modified().expect("a time").duration_since(UNIX_EPOCH);
    let built = built.expect("after 1970").as_millis();
    format!("{built}_{}", Clock::real().day().format("%Y%m%d"))
}

/// Held while a world is looked for or made, by one process at a time.
fn lock() -> File {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("faults.lock");
    let file = File::create(place).expect("a lock");
    file.lock().expect("it is taken");
    file
}
