//! Tests of the whole service through its doors. The harness starts what they need; every test has its own
//! database. Nothing here looks at the service's insides beyond its public modules.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "a test that fails may panic"
)]

mod audit;
mod backup;
mod command_line;
mod demo;
mod harness;
mod inputs;
mod jobs;
mod journeys;
mod operating;
mod pages;
mod permissions;
mod store;
