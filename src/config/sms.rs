//! The gateway that short messages are handed to.

use std::path::PathBuf;
use std::time::Duration;

use zeroize::Zeroizing;

use super::read::{Variables, bad};
use super::{ConfigError, is_loopback_host};

/// Letters of the shared secret at least.
const SHORTEST_SECRET: usize = 16;

/// The SMS gateway (`BUJIANMIAN_SMS_URL`); without one, short messages are kept and never sent.
#[derive(Clone)]
pub struct Sms {
    /// Its address (`BUJIANMIAN_SMS_URL`): `https`, or `http` on this machine.
    pub url: String,
    /// What requests are signed with (`BUJIANMIAN_SMS_SECRET`, at least 16 characters).
    pub secret: Zeroizing<String>,
    /// Authorities beside the system's (`BUJIANMIAN_CA_FILE`).
    pub ca: Option<PathBuf>,
    /// How long one request may take in all (20 s).
    pub timeout: Duration,
}

impl std::fmt::Debug for Sms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sms({})", origin(&self.url))
    }
}

/// Reads the settings; `None` without a gateway.
pub(super) fn read(from: &Variables, ca: Option<&PathBuf>) -> Result<Option<Sms>, ConfigError> {
    // A path or a query may hold a key.
    let url = from.masked("BUJIANMIAN_SMS_URL", |url| origin(url).to_owned());
    let secret = from.secret("BUJIANMIAN_SMS_SECRET");
    let (url, secret) = match (url, secret) {
        (None, None) => return Ok(None),
        (Some(url), Some(secret)) => (url.trim().to_owned(), Zeroizing::new(secret)),
        (Some(_), None) => {
            return Err(bad("BUJIANMIAN_SMS_SECRET", "needed with an SMS gateway"));
        }
        (None, Some(_)) => return Err(bad("BUJIANMIAN_SMS_URL", "needed with a secret for SMS")),
    };
    let host = match url.split_once("://") {
        Some(("https", rest)) => Some(rest),
        Some(("http", rest)) => Some(rest)
            .filter(|rest| is_loopback_host(rest.split(['/', '?']).next().unwrap_or_default())),
        Some(_) | None => None,
    };
    if !host.is_some_and(|host| !host.is_empty() && !host.starts_with('/') && !host.contains('@')) {
        return Err(bad(
            "BUJIANMIAN_SMS_URL",
            "https://… is needed; http only on this machine, and no user or password in it",
        ));
    }
    if secret.chars().count() < SHORTEST_SECRET {
        return Err(bad(
            "BUJIANMIAN_SMS_SECRET",
            "16 characters are needed at least",
        ));
    }
    Ok(Some(Sms {
        url,
        secret,
        ca: ca.cloned(),
        timeout: Duration::from_secs(20),
    }))
}

/// An address without what stands behind its host.
fn origin(url: &str) -> &str {
    let after = url.find("://").map_or(0, |at| at.saturating_add(3));
    let end = url
        .get(after..)
        .and_then(|rest| rest.find(['/', '?', '#']))
        .map_or(url.len(), |at| at.saturating_add(after));
    url.get(..end).unwrap_or_default()
}
