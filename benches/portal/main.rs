//! `cargo bench --bench portal`: load on the release binary over HTTP, on SQLite and on PostgreSQL, with what the
//! database does alone on the same statements beside it. Prints Markdown tables, ratios first; ends with 1 when
//! anything went wrong. `--help` names the flags, `--quick` shows that it works, `--statements` lists what each request
//! asks of the database. Run it on a quiet machine.
//!
//! ```text
//! stage     one database: seeded by seed and people, served by service, measured size by size
//! work      what people do, over client; load: how fast and for how long
//! capture   the statements of one request, from the log of postgres
//! limit_*   those statements without the service: pgbench, loop.c
//! batches   an employer's list of thousands, and pages meanwhile
//! deadlines thousands of timers due at once, and filing meanwhile
//! report    the tables
//! ```
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a measurement that can't go on ends loudly, and prints what it found"
)]

mod batches;
mod capture;
mod client;
mod deadlines;
mod limit_postgres;
mod limit_sqlite;
mod load;
mod machine;
mod options;
mod people;
mod postgres;
mod report;
mod seed;
mod service;
mod sqlite;
mod stage;
mod terms;
mod work;

use std::process::ExitCode;

use capture::{Captured, capture};
use options::{Kind, Options};
use report::{Found, Limits};
use stage::Stage;

fn main() -> ExitCode {
    let options = Options::read();
    if let Some(cases) = options.deadlines {
        return at_once(cases, &options);
    }
    if let Some(rows) = options.batches {
        return in_bulk(rows, &options);
    }
    // The statements come from PostgreSQL's log, whichever database is measured.
    let captured =
        (options.statements || options.limit_size().is_some()).then(|| captured(&options));
    if let (true, Some(captured)) = (options.statements, &captured) {
        println!("{}", report::statements(captured));
        return ExitCode::SUCCESS;
    }
    let found: Vec<Found> = options
        .kinds()
        .into_iter()
        .map(|kind| measured(kind, &options, captured.as_ref()))
        .collect();
    println!("{}", report::report(&found, &options));
    let failed: u64 = found
        .iter()
        .flat_map(|one| &one.sizes)
        .flat_map(|size| &size.measured)
        .flat_map(|measured| &measured.outcomes)
        .map(load::Outcome::failed)
        .sum();
    if failed > 0 {
        eprintln!("{failed} operations went badly");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// Measures how deadlines fire that come all at once.
fn at_once(cases: u64, options: &Options) -> ExitCode {
    let fired: Vec<_> = options
        .kinds()
        .into_iter()
        .map(|kind| deadlines::measure(kind, cases, options))
        .collect();
    println!("{}", deadlines::HEAD);
    for one in &fired {
        println!("{}", one.line());
    }
    if fired.iter().all(deadlines::Fired::is_good) {
        ExitCode::SUCCESS
    } else {
        eprintln!("an aim was missed");
        ExitCode::FAILURE
    }
}

/// Measures how an employer's list is filed.
fn in_bulk(rows: u32, options: &Options) -> ExitCode {
    let filed: Vec<_> = options
        .kinds()
        .into_iter()
        .map(|kind| batches::measure(kind, rows, options))
        .collect();
    println!("{}", batches::HEAD);
    for one in &filed {
        println!("{}", one.line());
    }
    if filed.iter().all(batches::Filed::is_good) {
        ExitCode::SUCCESS
    } else {
        eprintln!("an aim was missed");
        ExitCode::FAILURE
    }
}

/// Captures on a small database of its own.
fn captured(options: &Options) -> Captured {
    let mut few = options.clone();
    few.residents = 100;
    let mut stage = Stage::set(Kind::Postgres, &few);
    stage.fill(2_000);
    capture(&stage)
}

fn measured(kind: Kind, options: &Options, captured: Option<&Captured>) -> Found {
    let mut stage = Stage::set(kind, options);
    let version = report::version(kind, stage.cluster.as_ref().map(postgres::Cluster::version));
    let (mut sizes, mut limits) = (vec![], None);
    for cases in &options.sizes {
        sizes.push(stage.measure(*cases, options));
        if let (true, Some(captured)) = (options.limit_size() == Some(*cases), captured) {
            limits = Some((*cases, limit(&stage, captured, options)));
        }
    }
    Found {
        kind,
        version,
        sizes,
        limits,
    }
}

fn limit(stage: &Stage, captured: &Captured, options: &Options) -> Limits {
    eprintln!("{}: the database alone", stage.kind.name());
    match &stage.cluster {
        Some(cluster) => Limits::Postgres(limit_postgres::measure(cluster, captured, options)),
        None => Limits::Sqlite(limit_sqlite::measure(stage, captured, options)),
    }
}
