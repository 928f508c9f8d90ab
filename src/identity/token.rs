//! What of an ID token is believed: signed with RS256 or ES256 by the key it names, issued by the configured platform,
//! for this service, for this sign-in, and not over. Pure: key, time and what is expected are parameters.

use chrono::TimeDelta;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::domain::time::Ts;

/// By how much the platform's clock may differ.
const SKEW: TimeDelta = TimeDelta::seconds(60);

/// What a token must say.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expected<'a> {
    /// Who issued it.
    pub issuer: &'a str,
    /// For whom it is.
    pub client_id: &'a str,
    /// Of which sign-in.
    pub nonce: &'a str,
}

/// Why a token is not believed. For the log only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Doubt {
    #[error("an algorithm that is not allowed")]
    Algorithm,
    #[error("a key that can't be used")]
    Key,
    #[error("a signature that does not fit, or no token")]
    Signature,
    #[error("of another issuer")]
    Issuer,
    #[error("for somebody else")]
    Audience,
    #[error("of another sign-in")]
    Nonce,
    #[error("over, or not begun")]
    Time,
}

/// The claims that are looked at, and the rest.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Claims {
    iss: String,
    /// Who it is, at the platform.
    pub sub: String,
    aud: Audience,
    #[serde(default)]
    azp: Option<String>,
    exp: i64,
    iat: i64,
    #[serde(default)]
    nbf: Option<i64>,
    #[serde(default)]
    nonce: Option<String>,
    /// Everything else.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// The key a token names, if its algorithm is one of ours.
pub(super) fn named_key(token: &str) -> Result<Option<String>, Doubt> {
    let header = jsonwebtoken::decode_header(token).map_err(|_| Doubt::Signature)?;
    allowed(&header)?;
    Ok(header.kid)
}

fn allowed(header: &Header) -> Result<Algorithm, Doubt> {
    match header.alg {
        Algorithm::RS256 | Algorithm::ES256 => Ok(header.alg),
        _ => Err(Doubt::Algorithm),
    }
}

/// What the token says, if it is believed.
pub(super) fn verify(
    token: &str,
    key: &Jwk,
    expected: Expected<'_>,
    now: Ts,
) -> Result<Claims, Doubt> {
    let header = jsonwebtoken::decode_header(token).map_err(|_| Doubt::Signature)?;
    let algorithm = allowed(&header)?;
    let key = DecodingKey::from_jwk(key).map_err(|_| Doubt::Key)?;
    let mut rules = Validation::new(algorithm);
    // Looked at below, with one clock and one answer for each.
    rules.validate_exp = false;
    rules.validate_aud = false;
    rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    let claims = jsonwebtoken::decode::<Claims>(token, &key, &rules)
        .map_err(|_| Doubt::Signature)?
        .claims;
    believe(&claims, expected, now)?;
    Ok(claims)
}

fn believe(claims: &Claims, expected: Expected<'_>, now: Ts) -> Result<(), Doubt> {
    if claims.iss != expected.issuer {
        return Err(Doubt::Issuer);
    }
    let ours = |name: &String| name == expected.client_id;
    let (is_for_us, alone) = match &claims.aud {
        Audience::One(name) => (ours(name), true),
        Audience::Several(names) => (names.iter().any(ours), names.len() == 1),
    };
    let asked_by_us = claims.azp.as_ref().map_or(alone, ours);
    if !is_for_us || !asked_by_us {
        return Err(Doubt::Audience);
    }
    if claims.nonce.as_deref() != Some(expected.nonce) {
        return Err(Doubt::Nonce);
    }
    let seconds = |at: Ts| at.utc().timestamp();
    let (early, late) = (seconds(now.plus(-SKEW)), seconds(now.plus(SKEW)));
    let begun = claims.iat <= late && claims.nbf.is_none_or(|nbf| nbf <= late);
    if claims.exp <= early || !begun {
        return Err(Doubt::Time);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    const EXPECTED: Expected<'_> = Expected {
        issuer: "https://id.example",
        client_id: "portal",
        nonce: "n",
    };

    fn now() -> Ts {
        Ts::parse("2026-11-24T12:00:00+08:00").unwrap()
    }

    fn claims(changes: &Value) -> Claims {
        let seconds = now().utc().timestamp();
        let mut all = json!({
            "iss": "https://id.example", "sub": "1", "aud": "portal", "nonce": "n",
            "iat": seconds, "exp": seconds + 300,
        });
        for (name, value) in changes.as_object().unwrap() {
            // Numbers are seconds from now.
            all[name] = match value.as_i64() {
                Some(from_now) => json!(seconds + from_now),
                None => value.clone(),
            };
        }
        serde_json::from_value(all).unwrap()
    }

    #[rstest]
    #[case(json!({}), Ok(()))]
    #[case(json!({ "aud": ["portal"] }), Ok(()))]
    #[case(json!({ "aud": ["portal", "other"], "azp": "portal" }), Ok(()))]
    #[case(json!({ "aud": ["portal", "other"] }), Err(Doubt::Audience))]
    #[case(json!({ "aud": ["portal", "other"], "azp": "other" }), Err(Doubt::Audience))]
    #[case(json!({ "azp": "other" }), Err(Doubt::Audience))]
    #[case(json!({ "aud": "other" }), Err(Doubt::Audience))]
    #[case(json!({ "aud": [] }), Err(Doubt::Audience))]
    #[case(json!({ "iss": "https://id.example/" }), Err(Doubt::Issuer))]
    #[case(json!({ "nonce": "m" }), Err(Doubt::Nonce))]
    #[case(json!({ "nonce": null }), Err(Doubt::Nonce))]
    #[case(json!({ "exp": -59 }), Ok(()))]
    #[case(json!({ "exp": -60 }), Err(Doubt::Time))]
    #[case(json!({ "iat": 60 }), Ok(()))]
    #[case(json!({ "iat": 61 }), Err(Doubt::Time))]
    #[case(json!({ "nbf": 60 }), Ok(()))]
    #[case(json!({ "nbf": 61 }), Err(Doubt::Time))]
    fn a_token_is_believed_for_one_sign_in_at_its_time(
        #[case] changes: Value,
        #[case] expected: Result<(), Doubt>,
    ) {
        assert_eq!(believe(&claims(&changes), EXPECTED, now()), expected);
    }

    #[rstest]
    #[case("", Doubt::Signature)]
    #[case("a.b.c", Doubt::Signature)]
    // {"alg":"none"} and {"alg":"HS256"}
    #[case("eyJhbGciOiJub25lIn0.e30.", Doubt::Signature)]
    #[case("eyJhbGciOiJIUzI1NiJ9.e30.AA", Doubt::Algorithm)]
    fn only_two_algorithms_are_allowed(#[case] token: &str, #[case] expected: Doubt) {
        assert_eq!(named_key(token), Err(expected));
    }
}
