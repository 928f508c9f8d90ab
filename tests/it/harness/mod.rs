//! What tests stand on: databases, a running service, people who use it. No test of the service lives here, only
//! of the harness itself.

pub mod postgres;
pub mod program;
pub mod provider;
pub mod service;
pub mod socket;
pub mod user;
pub mod world;

use std::io::Write;

/// Tells a figure of a run to whoever reads its output.
pub fn say(line: &str) {
    writeln!(std::io::stdout(), "{line}").expect("output is taken");
}
