//! What is logged, and how. Lines never hold names, numbers or addresses with a query, whatever is set here.

use super::ConfigError;
use super::read::Variables;

/// What is logged, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// Shape of a line (`BUJIANMIAN_LOG`, `auto`, `text` or `json`).
    pub format: LogFormat,
    /// What is logged (`RUST_LOG`, `info,actix_server=warn`): a level, or levels by module.
    pub filter: String,
}

/// Everything that matters; the HTTP library tells of its threads at each start and end.
const USUAL: &str = "info,actix_server=warn";

impl Log {
    /// Without the lines of requests, unless the settings ask for something of their own.
    pub fn quiet(&mut self) {
        if self.filter == USUAL {
            self.filter.push_str(",bujianmian::access=warn");
        }
    }
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
        filter: from.parsed("RUST_LOG", USUAL.to_owned())?,
    })
}
