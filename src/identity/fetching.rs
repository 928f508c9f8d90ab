//! One request to the platform and its JSON: over TLS, with limits of time and size, without redirects and without the
//! environment's proxies. Blocks. Nothing here knows what is asked.

use std::sync::Arc;
use std::time::Duration;

use serde::de::DeserializeOwned;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::{Agent, Body};

use super::Trouble;
use crate::config::is_safe_address;

/// Time to reach the platform.
const CONNECT: Duration = Duration::from_secs(3);
/// Bytes of an answer at most.
const LARGEST: u64 = 256 * 1024;

/// The client.
#[derive(Clone, Debug)]
pub(super) struct Client(Agent);

impl Client {
    /// With the certificates that this machine trusts, and the time that a whole request may take.
    pub(super) fn new(timeout: Duration) -> Self {
        let roots = rustls_native_certs::load_native_certs().certs;
        let roots: Vec<Certificate<'static>> = roots
            .iter()
            .map(|der| Certificate::from_der(der).to_owned())
            .collect();
        let tls = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(Arc::new(
                rustls::crypto::aws_lc_rs::default_provider(),
            ))
            .root_certs(RootCerts::from(roots))
            .build();
        Self(
            Agent::config_builder()
                .tls_config(tls)
                .proxy(None)
                .max_redirects(0)
                .max_redirects_will_error(false)
                .http_status_as_error(false)
                .timeout_connect(Some(CONNECT.min(timeout)))
                .timeout_global(Some(timeout))
                .user_agent("bujianmian")
                .build()
                .new_agent(),
        )
    }

    /// Gets JSON, with a bearer token if there is one.
    pub(super) fn get<T: DeserializeOwned>(
        &self,
        url: &str,
        bearer: Option<&str>,
    ) -> Result<T, Trouble> {
        let request = self.0.get(safe(url)?).header("Accept", "application/json");
        let request = match bearer {
            Some(token) => request.header("Authorization", format!("Bearer {token}")),
            None => request,
        };
        read(request.call())
    }

    /// Sends a form and gets JSON.
    pub(super) fn post<T: DeserializeOwned>(
        &self,
        url: &str,
        authorization: Option<&str>,
        form: &[(&str, &str)],
    ) -> Result<T, Trouble> {
        let request = self.0.post(safe(url)?).header("Accept", "application/json");
        let request = match authorization {
            Some(value) => request.header("Authorization", value),
            None => request,
        };
        read(request.send_form(form.iter().copied()))
    }
}

fn safe(url: &str) -> Result<&str, Trouble> {
    match is_safe_address(url) {
        true => Ok(url),
        false => Err(Trouble::Down("an address without TLS".to_owned())),
    }
}

fn read<T: DeserializeOwned>(
    answer: Result<ureq::http::Response<Body>, ureq::Error>,
) -> Result<T, Trouble> {
    let mut answer = answer.map_err(|e| Trouble::Down(e.to_string()))?;
    let status = answer.status();
    let body = answer
        .body_mut()
        .with_config()
        .limit(LARGEST)
        .read_to_vec()
        .map_err(|e| Trouble::Down(e.to_string()))?;
    if status.is_client_error() {
        return Err(Trouble::Refused(status.as_u16()));
    }
    if !status.is_success() {
        return Err(Trouble::Down(format!("status {status}")));
    }
    // What came is not put into words: it may hold a token.
    serde_json::from_slice(&body)
        .map_err(|_| Trouble::Down("an answer that is no such JSON".to_owned()))
}
