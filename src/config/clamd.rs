//! The scanner for malware in uploads.

use std::path::PathBuf;

use super::ConfigError;
use super::read::{Variables, bad};

/// Where a `clamd` listens (`BUJIANMIAN_CLAMD`): `host:port`, or the path of its socket on this machine. Without one nothing is
/// looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clamd {
    /// Host and port.
    Tcp(String),
    /// A socket.
    Unix(PathBuf),
}

/// Reads the setting; `None` without a scanner.
pub(super) fn read(from: &Variables) -> Result<Option<Clamd>, ConfigError> {
    const NAME: &str = "BUJIANMIAN_CLAMD";
    let Some(place) = from.text(NAME) else {
        return Ok(None);
    };
    if place.starts_with('/') {
        return Ok(Some(Clamd::Unix(place.into())));
    }
    let port = place.rsplit_once(':').filter(|(host, _)| !host.is_empty());
    match port.and_then(|(_, port)| port.parse::<u16>().ok()) {
        Some(port) if port > 0 => Ok(Some(Clamd::Tcp(place))),
        Some(_) | None => Err(bad(NAME, "host:port or the path of a socket is needed")),
    }
}
