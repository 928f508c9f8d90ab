//! The mail server that messages are handed to.

use std::path::PathBuf;
use std::time::Duration;

use zeroize::Zeroizing;

use super::read::{Variables, bad};
use super::{ConfigError, is_loopback_host};

/// The mail server (`BUJIANMIAN_SMTP_HOST`); without one, messages are kept and never sent.
#[derive(Clone)]
pub struct Mail {
    /// Its name or address (`BUJIANMIAN_SMTP_HOST`).
    pub host: String,
    /// Its port (`BUJIANMIAN_SMTP_PORT`; 587, with `tls` 465, with `none` 25).
    pub port: u16,
    /// How the connection is secured (`BUJIANMIAN_SMTP_TLS`: `starttls`, `tls` or `none`; `starttls`).
    pub tls: MailTls,
    /// Whom to sign in as (`BUJIANMIAN_SMTP_USER`, `BUJIANMIAN_SMTP_PASSWORD`).
    pub login: Option<(String, Zeroizing<String>)>,
    /// Sender of all messages (`BUJIANMIAN_MAIL_FROM`), an address or a name with one.
    pub from: String,
    /// Authorities beside the system's (`BUJIANMIAN_CA_FILE`).
    pub ca: Option<PathBuf>,
    /// How long the server may take for one answer (20 s).
    pub timeout: Duration,
}

/// How a connection to a mail server is secured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailTls {
    /// Begun in clear, then secured or given up.
    StartTls,
    /// Secured from the first byte.
    Wrapped,
    /// Not at all; on this machine only.
    None,
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mail({}:{}, {:?})", self.host, self.port, self.tls)
    }
}

/// Reads the settings; `None` without a mail server.
pub(super) fn read(from: &Variables, ca: Option<&PathBuf>) -> Result<Option<Mail>, ConfigError> {
    let host = from.text("BUJIANMIAN_SMTP_HOST");
    let (tls, port) = from.word(
        "BUJIANMIAN_SMTP_TLS",
        &[
            ("starttls", (MailTls::StartTls, 587)),
            ("tls", (MailTls::Wrapped, 465)),
            ("none", (MailTls::None, 25)),
        ],
    )?;
    let port = from.number("BUJIANMIAN_SMTP_PORT", port, 1..=u16::MAX)?;
    let sender = from.text("BUJIANMIAN_MAIL_FROM");
    let user = from.text("BUJIANMIAN_SMTP_USER");
    let login = match (user, from.secret("BUJIANMIAN_SMTP_PASSWORD")) {
        (None, None) => None,
        (Some(user), Some(password)) => Some((user, Zeroizing::new(password))),
        (Some(_), None) | (None, Some(_)) => {
            return Err(bad(
                "BUJIANMIAN_SMTP_PASSWORD",
                "user and password are needed together",
            ));
        }
    };
    let Some(host) = host else {
        return match login.is_some() || sender.is_some() {
            true => Err(bad(
                "BUJIANMIAN_SMTP_HOST",
                "needed with a sender or a login for mail",
            )),
            false => Ok(None),
        };
    };
    if tls == MailTls::None && !is_loopback_host(&host) {
        return Err(bad(
            "BUJIANMIAN_SMTP_TLS",
            "passwords and messages leave this machine over a secured connection only",
        ));
    }
    Ok(Some(Mail {
        port,
        from: sender.ok_or_else(|| bad("BUJIANMIAN_MAIL_FROM", "needed with a mail server"))?,
        ca: ca.cloned(),
        timeout: Duration::from_secs(20),
        host,
        tls,
        login,
    }))
}
