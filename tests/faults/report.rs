//! The report: a line for each scenario, on the terminal and in `faults.md` of the build's temporary folder.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use crate::history::Tally;

const HEAD: &str = "| scenario | database | rounds | requests | acknowledged | refused | told to come back | unknown | lost | double | other |\n|---|---|---|---|---|---|---|---|---|---|---|\n";

/// A line.
pub struct Row<'a> {
    /// What was broken.
    pub scenario: &'a str,
    /// On which database.
    pub database: &'a str,
    /// How often.
    pub rounds: u32,
    /// How the requests ended.
    pub tally: Tally,
    /// Acknowledged and not there.
    pub lost: usize,
    /// Done twice or by two.
    pub double: usize,
    /// Other broken promises.
    pub other: usize,
}

/// Writes a line.
pub fn write(row: &Row<'_>) {
    let tally = row.tally;
    let line = format!(
        "| {} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
        row.scenario,
        row.database,
        row.rounds,
        tally.requests,
        tally.acknowledged,
        tally.refused,
        tally.unavailable,
        tally.unknown,
        row.lost,
        row.double,
        row.other
    );
    print!("{HEAD}{line}");
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("faults.md");
    let is_new = !place.exists();
    let mut file = File::options()
        .create(true)
        .append(true)
        .open(place)
        .expect("the report can be written");
    let text = if is_new {
        HEAD.to_owned() + &line
    } else {
        line
    };
    file.write_all(text.as_bytes())
        .expect("the report is written");
}

/// Rounds of a scenario: short in the test run, long with `BUJIANMIAN_FAULTS=long`.
pub fn rounds(short: u32, long: u32) -> u32 {
    match std::env::var("BUJIANMIAN_FAULTS").as_deref() {
        Ok("long") => long,
        _ => short,
    }
}
