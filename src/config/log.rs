//! What is logged, and how. Lines never hold names, numbers or addresses with a query, whatever is set here.

use super::ConfigError;
use super::read::Variables;

/// What is logged, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// Shape of a line (`BUJIANMIAN_LOG`, `auto`, `text` or `json`).
    pub format: LogFormat,
    /// What is logged (`RUST_LOG`, `info`): a level, or levels by module.
    pub filter: String,
}

/// Shape of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people on a terminal, for programs elsewhere.
    Auto,
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Reads the settings.
pub(super) fn read(from: &Variables) -> Result<Log, ConfigError> {
    Ok(Log {
        format: from.word(
            "BUJIANMIAN_LOG",
            &[
                ("auto", LogFormat::Auto),
                ("text", LogFormat::Text),
                ("json", LogFormat::Json),
            ],
        )?,
        filter: from.parsed("RUST_LOG", "info".to_owned())?,
    })
}
