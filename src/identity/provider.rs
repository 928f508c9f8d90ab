//! One platform: where people are sent, and who comes back. Blocking work runs beside the async threads.

use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::jwk::JwkSet;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::fetching::Client;
use super::keys::{Description, Found, Known};
use super::token::{self, Claims, Expected};
use crate::clock::Clock;
use crate::config::{Platform as Settings, is_safe_address};

/// The platform with what is known of it.
pub struct Platform {
    settings: Settings,
    client: Client,
    known: RwLock<Known>,
}

/// A sign-in under way: what only this browser and this service know of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Attempt {
    /// Comes back beside the answer.
    pub state: String,
    /// Comes back inside the token.
    pub nonce: String,
    /// Proves at the exchange that whoever began it goes on with it (PKCE).
    pub verifier: String,
}

/// Who the platform says it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Person {
    /// A resident, by ID number.
    Resident(String),
    /// A member of staff, by number.
    Staff(String),
    /// Neither number was told, or both: whose sign-in it is would be a guess.
    Unclear,
}

/// Why the platform was no help. The words are for the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// Out of reach, too slow, or not what it should be.
    #[error("out of reach: {0}")]
    Down(String),
    /// It refused what it was asked, with this status.
    #[error("it answered {0}")]
    Refused(u16),
    /// Its answer is not to be believed.
    #[error("not believed: {0}")]
    Untrusted(String),
}

/// What the token endpoint answers.
#[derive(Deserialize)]
struct Tokens {
    id_token: String,
    #[serde(default)]
    access_token: Option<String>,
}

impl Platform {
    /// Of these settings; asks nothing yet.
    pub fn new(settings: Settings) -> Self {
        Self {
            client: Client::new(settings.timeout),
            settings,
            known: RwLock::default(),
        }
    }

    /// How it is called, if the settings say so.
    pub fn name(&self) -> Option<&str> {
        self.settings.name.as_deref()
    }

    /// Where to send somebody who wants to sign in; they come back to `back`.
    ///
    /// # Errors
    /// [`Trouble::Down`] when the platform does not say where.
    pub async fn address(
        self: &Arc<Self>,
        attempt: &Attempt,
        back: &str,
    ) -> Result<String, Trouble> {
        let description = self.beside(|platform| platform.description()).await?;
        let challenge = URL_SAFE_NO_PAD.encode(aws_lc_rs::digest::digest(
            &aws_lc_rs::digest::SHA256,
            attempt.verifier.as_bytes(),
        ));
        let values = [
            ("response_type", "code"),
            ("client_id", &self.settings.client_id),
            ("redirect_uri", back),
            ("scope", &self.settings.scope),
            ("state", &attempt.state),
            ("nonce", &attempt.nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        let query: Vec<String> = values
            .iter()
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        let address = description.authorization_endpoint;
        let joint = if address.contains('?') { '&' } else { '?' };
        Ok(format!("{address}{joint}{}", query.join("&")))
    }

    /// Who came back with `code`.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn person(
        self: &Arc<Self>,
        attempt: Attempt,
        code: String,
        back: String,
    ) -> Result<Person, Trouble> {
        self.beside(move |platform| {
            let description = platform.description()?;
            let tokens = platform.exchange(&description, &attempt, &code, &back)?;
            let claims = platform.believed(&description, &tokens.id_token, &attempt.nonce)?;
            platform.told(&description, &claims, tokens.access_token.as_deref())
        })
        .await
    }

    async fn beside<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        let platform = Arc::clone(self);
        tokio::task::spawn_blocking(move || work(&platform))
            .await
            .map_err(|e| Trouble::Down(e.to_string()))?
    }

    fn known(&self) -> Known {
        self.known
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn note(&self, note: impl FnOnce(&mut Known)) {
        note(&mut self.known.write().unwrap_or_else(PoisonError::into_inner));
    }

    fn description(&self) -> Result<Description, Trouble> {
        let now = Clock::real();
        if let Some(description) = self.known().description(now) {
            return Ok(description);
        }
        let issuer = self.settings.issuer.trim_end_matches('/');
        let url = format!("{issuer}/.well-known/openid-configuration");
        let description: Description = self.client.get(&url, None)?;
        if description.issuer != self.settings.issuer {
            return Err(Trouble::Untrusted("it calls itself otherwise".to_owned()));
        }
        if !is_safe_address(&description.authorization_endpoint) {
            return Err(Trouble::Untrusted("it sends people without TLS".to_owned()));
        }
        self.note(|known| known.keep_description(description.clone(), now));
        Ok(description)
    }

    fn exchange(
        &self,
        description: &Description,
        attempt: &Attempt,
        code: &str,
        back: &str,
    ) -> Result<Tokens, Trouble> {
        let (id, secret) = (&self.settings.client_id, &self.settings.client_secret);
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", back),
            ("code_verifier", &attempt.verifier),
        ];
        let methods = description.token_endpoint_auth_methods_supported.as_deref();
        // The standard's default is `client_secret_basic`.
        let in_form = methods.is_some_and(|methods| {
            let has = |name| methods.iter().any(|method| method == name);
            has("client_secret_post") && !has("client_secret_basic")
        });
        let mut authorization = None;
        if in_form {
            form.extend([
                ("client_id", id.as_str()),
                ("client_secret", secret.as_str()),
            ]);
        } else {
            let pair = format!("{}:{}", encoded(id), encoded(secret));
            authorization = Some(format!("Basic {}", STANDARD.encode(pair)));
        }
        self.client
            .post(&description.token_endpoint, authorization.as_deref(), &form)
    }

    /// What the token says, if it is signed by a key of the platform for this sign-in.
    fn believed(
        &self,
        description: &Description,
        id_token: &str,
        nonce: &str,
    ) -> Result<Claims, Trouble> {
        let doubt = |doubt: token::Doubt| Trouble::Untrusted(doubt.to_string());
        let kid = token::named_key(id_token).map_err(doubt)?;
        let now = Clock::real();
        let mut found = self.known().key(kid.as_deref(), now);
        if found == Found::ReadFirst {
            let keys: JwkSet = self.client.get(&description.jwks_uri, None)?;
            self.note(|known| known.keep_keys(keys, now));
            found = self.known().key(kid.as_deref(), now);
        }
        let Found::Key(key) = found else {
            return Err(Trouble::Untrusted(
                "a key the platform does not have".to_owned(),
            ));
        };
        let expected = Expected {
            issuer: &self.settings.issuer,
            client_id: &self.settings.client_id,
            nonce,
        };
        token::verify(id_token, &key, expected, now).map_err(doubt)
    }

    /// Who it is by the token, or by what the platform tells beside it when the token has neither number.
    fn told(
        &self,
        description: &Description,
        claims: &Claims,
        access_token: Option<&str>,
    ) -> Result<Person, Trouble> {
        if let Some(person) = self.person_of(&claims.more) {
            return Ok(person);
        }
        let (Some(url), Some(token)) = (&description.userinfo_endpoint, access_token) else {
            return Ok(Person::Unclear);
        };
        let more: Map<String, Value> = self.client.get(url, Some(token))?;
        if more.get("sub").and_then(Value::as_str) != Some(&claims.sub) {
            return Err(Trouble::Untrusted("it tells of somebody else".to_owned()));
        }
        Ok(self.person_of(&more).unwrap_or(Person::Unclear))
    }

    /// The claim that is there decides; `None` when neither is.
    fn person_of(&self, claims: &Map<String, Value>) -> Option<Person> {
        let text = |name: &str| {
            let text = claims.get(name)?.as_str()?.trim();
            (!text.is_empty()).then(|| text.to_owned())
        };
        let id_number = text(&self.settings.claim_id_number);
        let staff_no = text(&self.settings.claim_staff_no);
        match (id_number, staff_no) {
            (Some(number), None) => Some(Person::Resident(number)),
            (None, Some(number)) => Some(Person::Staff(number)),
            (Some(_), Some(_)) => Some(Person::Unclear),
            (None, None) => None,
        }
    }
}

/// Everything but the unreserved characters of RFC 3986.
fn encoded(value: &str) -> String {
    value
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    fn platform() -> Platform {
        Platform::new(Settings {
            issuer: "https://id.example".to_owned(),
            client_id: "portal".to_owned(),
            client_secret: "s".to_owned().into(),
            name: None,
            scope: "openid".to_owned(),
            claim_id_number: "id_number".to_owned(),
            claim_staff_no: "staff_no".to_owned(),
            timeout: std::time::Duration::from_secs(1),
        })
    }

    #[rstest]
    #[case(json!({}), None)]
    #[case(json!({ "id_number": "", "staff_no": " " }), None)]
    #[case(json!({ "id_number": 371 }), None)]
    #[case(json!({ "id_number": " 371 " }), Some(Person::Resident("371".to_owned())))]
    #[case(json!({ "staff_no": "handler1" }), Some(Person::Staff("handler1".to_owned())))]
    #[case(json!({ "id_number": "371", "staff_no": "handler1" }), Some(Person::Unclear))]
    fn the_claim_that_is_there_decides(#[case] claims: Value, #[case] expected: Option<Person>) {
        assert_eq!(platform().person_of(claims.as_object().unwrap()), expected);
    }
}
