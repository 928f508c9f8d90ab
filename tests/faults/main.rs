//! The fault harness: the real program under load while something breaks, and the promises of the service checked
//! from outside, over what the clients were told and what the database holds.
//!
//! Short form: `cargo nextest run --profile ci --test faults`. Long form: `BUJIANMIAN_FAULTS=long`, best on the release program
//! named in `BUJIANMIAN_FAULTS_BINARY`; the report is `faults.md` in the build's `tmp` folder.
//! `BUJIANMIAN_FAULTS_NAIVE` names a program with the feature `naive-claim`, on which the checks must find something.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that fails may panic, and the report is printed"
)]

mod checks;
mod disk;
mod history;
mod ledger;
mod lists;
mod load;
mod person;
mod postgres;
mod proxy;
mod report;
mod scenarios;
mod service;
#[allow(
    dead_code,
    reason = "shared with the tests of jobs, which need all of it"
)]
#[path = "../it/jobs/sink.rs"]
mod sink;
mod template;
mod world;
