//! The platform's description and keys as they were read last. Both are read again after an hour; an unknown key id
//! makes the keys be read at once, but not more often than once in half a minute, so that made-up tokens cost nothing.
//! Times are of the real clock and parameters. Nothing here verifies anything.

use chrono::TimeDelta;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use serde::Deserialize;

use crate::domain::time::Ts;

/// How long what was read is believed.
const FRESH: TimeDelta = TimeDelta::hours(1);
/// Unknown key ids make the keys be read no more often than this.
const PATIENCE: TimeDelta = TimeDelta::seconds(30);

/// What the platform says of itself (`/.well-known/openid-configuration`).
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Description {
    /// Its name, which must be the configured one.
    pub issuer: String,
    /// Where people are sent.
    pub authorization_endpoint: String,
    /// Where codes are exchanged.
    pub token_endpoint: String,
    /// Where its keys are.
    pub jwks_uri: String,
    /// Where more is told about whoever signed in.
    #[serde(default)]
    pub userinfo_endpoint: Option<String>,
    /// How services prove who they are at the token endpoint.
    #[serde(default)]
    pub token_endpoint_auth_methods_supported: Option<Vec<String>>,
}

/// Something with the time it was read at.
#[derive(Clone, Debug)]
struct Read<T> {
    value: T,
    at: Ts,
}

/// Both, as far as they are known.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    description: Option<Read<Description>>,
    keys: Option<Read<JwkSet>>,
}

/// What to do for a key.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Found {
    /// It is this.
    Key(Box<Jwk>),
    /// Read the keys, then look again.
    ReadFirst,
    /// There is none; the keys were read just now.
    Nowhere,
}

impl Known {
    /// The description, while it is fresh.
    pub(super) fn description(&self, now: Ts) -> Option<Description> {
        self.description
            .as_ref()
            .filter(|read| now.since(read.at) < FRESH)
            .map(|read| read.value.clone())
    }

    /// Keeps a description.
    pub(super) fn keep_description(&mut self, value: Description, at: Ts) {
        self.description = Some(Read { value, at });
    }

    /// Keeps keys.
    pub(super) fn keep_keys(&mut self, value: JwkSet, at: Ts) {
        self.keys = Some(Read { value, at });
    }

    /// The key that a token names; a token without a name is of the only key.
    pub(super) fn key(&self, kid: Option<&str>, now: Ts) -> Found {
        let Some(read) = &self.keys else {
            return Found::ReadFirst;
        };
        let age = now.since(read.at);
        let named = match (kid, read.value.keys.as_slice()) {
            (Some(kid), _) => read.value.find(kid),
            (None, [only]) => Some(only),
            (None, _) => None,
        };
        match named {
            Some(key) if age < FRESH => Found::Key(Box::new(key.clone())),
            Some(_) => Found::ReadFirst,
            None if age < PATIENCE => Found::Nowhere,
            None => Found::ReadFirst,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    fn at(seconds: i64) -> Ts {
        let noon = Ts::parse("2026-11-24T12:00:00+08:00").unwrap();
        noon.plus(TimeDelta::seconds(seconds))
    }

    fn keys(kids: &[&str]) -> JwkSet {
        let keys: Vec<_> = kids
            .iter()
            .map(|kid| json!({ "kty": "RSA", "kid": kid, "n": "AQAB", "e": "AQAB" }))
            .collect();
        serde_json::from_value(json!({ "keys": keys })).unwrap()
    }

    #[rstest]
    #[case(&["a", "b"], Some("a"), 10, "key")]
    #[case(&["a", "b"], Some("a"), 3_599, "key")]
    #[case(&["a", "b"], Some("a"), 3_600, "read")]
    #[case(&["a", "b"], Some("c"), 29, "nowhere")]
    #[case(&["a", "b"], Some("c"), 30, "read")]
    #[case(&["a", "b"], None, 10, "nowhere")]
    #[case(&["a"], None, 10, "key")]
    #[case(&[], None, 10, "nowhere")]
    fn keys_are_read_again_but_not_for_every_made_up_name(
        #[case] there: &[&str],
        #[case] kid: Option<&str>,
        #[case] age: i64,
        #[case] expected: &str,
    ) {
        let mut known = Known::default();
        assert_eq!(known.key(kid, at(0)), Found::ReadFirst);
        known.keep_keys(keys(there), at(0));
        let found = match known.key(kid, at(age)) {
            Found::Key(_) => "key",
            Found::ReadFirst => "read",
            Found::Nowhere => "nowhere",
        };
        assert_eq!(found, expected);
    }
}
