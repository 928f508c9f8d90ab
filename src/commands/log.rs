//! Where the log goes and what its lines look like: standard error, text for people or one JSON object a line. What
//! is said in them is decided where it is said.

use std::error::Error;
use std::io::{self, IsTerminal};

use bujianmian::config::{Log, LogFormat};
use bujianmian::telemetry;
use tracing_subscriber::EnvFilter;

/// Starts logging; panics are logged from here on too.
///
/// # Errors
/// When the filter of the settings can't be understood.
pub fn start(log: &Log) -> Result<(), Box<dyn Error>> {
    let filter = EnvFilter::try_new(&log.filter).map_err(|e| format!("RUST_LOG: {e}"))?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr);
    let json = match log.format {
        LogFormat::Json => true,
        LogFormat::Text => false,
        LogFormat::Auto => !io::stderr().is_terminal(),
    };
    if json {
        lines
            .json()
            .flatten_event(true)
            .with_span_list(false)
            .init();
    } else {
        lines.with_ansi(io::stderr().is_terminal()).init();
    }
    telemetry::note_panics();
    Ok(())
}
