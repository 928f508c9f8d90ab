//! Short messages over the HTTP gateway of the agency's operator (CAS-12). One request a message:
//!
//! ```text
//! POST <BUJIANMIAN_SMS_URL>
//! Content-Type: application/json
//! X-Bujianmian-Timestamp: 1795932000            seconds since 1970 of this attempt
//! X-Bujianmian-Signature: v1=<hex>              HMAC-SHA256 over timestamp, "." and the body as it stands
//!
//! {"id":"0193…","to":"13800000000","text":"…","sent_at":"2026-11-28T10:00:00+08:00"}
//! ```
//!
//! `id` is that of the message: copies carry the same, so that the gateway can drop them. `sent_at` is this attempt's.
//! Taken is a message only when the answer is 2xx with `{"id": the same, "accepted": true}`. 400 and 422 refuse the
//! number for good; everything else is tried again: 429, other statuses, redirects (never followed), no answer in time,
//! nonsense. Names, ID numbers and diagnoses are in no message, links neither.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::hmac;
use rustls::crypto::aws_lc_rs::default_provider;
use serde::{Deserialize, Serialize};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, TlsProvider, parse_pem};
use ureq::{Agent, Error};
use zeroize::Zeroizing;

use super::failure::{Failure, timed_out};
use crate::config::Sms;
use crate::domain::ids::MessageId;
use crate::domain::time::Ts;

/// Carries the seconds since 1970 of the attempt.
pub const TIMESTAMP: &str = "X-Bujianmian-Timestamp";
/// Carries the signature.
pub const SIGNATURE: &str = "X-Bujianmian-Signature";
/// How long the gateway may take to take the connection.
const CONNECT: Duration = Duration::from_secs(5);
/// Bytes of an answer that are read.
const LONGEST_ANSWER: u64 = 4_096;

/// One short message.
#[derive(Clone)]
pub struct Short {
    /// Its row in the outbox.
    pub id: MessageId,
    /// The mobile number, in full.
    pub to: String,
    /// What it says.
    pub text: String,
    /// When it is handed over, on the machine's clock.
    pub sent_at: Ts,
}

#[derive(Serialize)]
struct Wire<'a> {
    id: String,
    to: &'a str,
    text: &'a str,
    sent_at: String,
}

#[derive(Deserialize)]
struct Verdict {
    id: String,
    accepted: bool,
}

/// Hands messages to the gateway. Blocks; it is called on threads that may.
#[derive(Clone)]
pub struct Gateway {
    agent: Agent,
    url: String,
    secret: Zeroizing<String>,
}

impl Gateway {
    /// A gateway by these settings; no connection is opened.
    ///
    /// # Errors
    /// [`Failure::Settings`] when the file of the authorities can't be read.
    pub fn new(sms: &Sms) -> Result<Self, Failure> {
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .unversioned_rustls_crypto_provider(Arc::new(default_provider()))
            .root_certs(RootCerts::new_with_certs(&roots(sms.ca.as_deref())?))
            .build();
        let config = Agent::config_builder()
            .tls_config(tls)
            .timeout_connect(Some(CONNECT.min(sms.timeout)))
            .timeout_global(Some(sms.timeout))
            .max_redirects(0)
            .http_status_as_error(false)
            // Where it goes is said by the settings alone.
            .proxy(None)
            .user_agent("bujianmian")
            .build();
        Ok(Self {
            agent: config.into(),
            url: sms.url.clone(),
            secret: sms.secret.clone(),
        })
    }

    /// Hands a message over.
    ///
    /// # Errors
    /// [`Failure`]; what it says about trying again holds.
    pub fn send(&self, short: &Short) -> Result<(), Failure> {
        let id = short.id.to_string();
        let body = serde_json::to_vec(&Wire {
            id: id.clone(),
            to: &short.to,
            text: &short.text,
            sent_at: short.sent_at.rfc3339(),
        })
        .map_err(|_| Failure::Message)?;
        let timestamp = (short.sent_at.micros() / 1_000_000).to_string();
        let mut answer = self
            .agent
            .post(&self.url)
            .header("Content-Type", "application/json")
            .header(SIGNATURE, signature(&self.secret, &timestamp, &body))
            .header(TIMESTAMP, &timestamp)
            .send(&body)
            .map_err(|error| cause(&error))?;
        let status = answer.status();
        if !status.is_success() {
            return Err(Failure::Http(status.as_u16()));
        }
        let said = answer
            .body_mut()
            .with_config()
            .limit(LONGEST_ANSWER)
            .read_to_vec()
            .map_err(|error| cause(&error))?;
        match serde_json::from_slice::<Verdict>(&said) {
            Ok(verdict) if verdict.id != id => Err(Failure::NotUnderstood),
            Ok(verdict) if verdict.accepted => Ok(()),
            Ok(_) => Err(Failure::NotTaken),
            Err(_) => Err(Failure::NotUnderstood),
        }
    }
}

/// The value of the signature's header: `v1=` and the HMAC-SHA256 in hexadecimal digits.
pub fn signature(secret: &str, timestamp: &str, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let mut context = hmac::Context::with_key(&key);
    context.update(timestamp.as_bytes());
    context.update(b".");
    context.update(body);
    format!("v1={}", hex::encode(context.sign()))
}

/// The authorities of the system and of the agency's own file.
fn roots(ca: Option<&Path>) -> Result<Vec<Certificate<'static>>, Failure> {
    let mut roots: Vec<_> = rustls_native_certs::load_native_certs()
        .certs
        .iter()
        .map(|der| Certificate::from_der(der).to_owned())
        .collect();
    if let Some(file) = ca {
        let pem = std::fs::read(file).map_err(|_| Failure::Settings)?;
        for item in parse_pem(&pem) {
            if let PemItem::Certificate(certificate) = item.map_err(|_| Failure::Settings)? {
                roots.push(certificate);
            }
        }
    }
    Ok(roots)
}

fn cause(error: &Error) -> Failure {
    match error {
        Error::StatusCode(status) => Failure::Http(*status),
        Error::Timeout(_) => Failure::TimedOut,
        Error::Io(error) if timed_out(error) => Failure::TimedOut,
        Error::Tls(_) | Error::Rustls(_) | Error::Pem(_) => Failure::NotSecured,
        Error::Io(error) if is_tls(error) => Failure::NotSecured,
        Error::Io(_) | Error::HostNotFound | Error::ConnectionFailed => Failure::NotReached,
        Error::BadUri(_) => Failure::Settings,
        // Protocol errors, bodies that are too long, and what later releases may add.
        _ => Failure::NotUnderstood,
    }
}

fn is_tls(error: &std::io::Error) -> bool {
    error
        .get_ref()
        .is_some_and(|inner| inner.is::<rustls::Error>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_the_documented_form() {
        // openssl dgst -sha256 -hmac secret over `1795932000.{"id":"1"}`.
        assert_eq!(
            signature("secret", "1795932000", br#"{"id":"1"}"#),
            "v1=35db201b10805e7e3a06e6fd60b1bd77000793ff4c6a7d14cb75b7a522c05208"
        );
    }
}
