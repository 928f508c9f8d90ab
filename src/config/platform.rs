//! The identity platform at which people may sign in (OpenID Connect, CAS-14). Its secret is never shown.

use std::time::Duration;

use zeroize::Zeroizing;

use super::read::{Variables, bad};
use super::{ConfigError, is_loopback_host};

/// The identity platform (`BUJIANMIAN_OIDC_ISSUER`).
#[derive(Clone)]
pub struct Platform {
    /// Its address, exactly as it names itself (`BUJIANMIAN_OIDC_ISSUER`); `https`, on this machine `http` too.
    pub issuer: String,
    /// Under which name this service is known there (`BUJIANMIAN_OIDC_CLIENT_ID`).
    pub client_id: String,
    /// What it proves that with (`BUJIANMIAN_OIDC_CLIENT_SECRET`).
    pub client_secret: Zeroizing<String>,
    /// How the platform is called on the sign-in page (`BUJIANMIAN_OIDC_NAME`); without it, "identity platform" in
    /// the reader's language.
    pub name: Option<String>,
    /// What is asked for (`BUJIANMIAN_OIDC_SCOPE`, `openid profile`).
    pub scope: String,
    /// Under which name it tells the ID number of a resident (`BUJIANMIAN_OIDC_CLAIM_ID_NUMBER`, `id_number`).
    pub claim_id_number: String,
    /// Under which name it tells the number of a member of staff (`BUJIANMIAN_OIDC_CLAIM_STAFF_NO`, `staff_no`).
    pub claim_staff_no: String,
    /// How long it may take for one answer (8 s).
    pub timeout: Duration,
}

impl std::fmt::Debug for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Platform({}, {})", self.issuer, self.client_id)
    }
}

/// Whether an address of the platform may be used: `https`, or `http` on this machine; never with a user in it.
pub fn is_safe_address(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if host.is_empty() || host.contains('@') {
        return false;
    }
    match scheme {
        "https" => true,
        "http" => is_loopback_host(host),
        _ => false,
    }
}

/// Reads the settings; `None` without a platform.
pub(super) fn read(from: &Variables) -> Result<Option<Platform>, ConfigError> {
    const ISSUER: &str = "BUJIANMIAN_OIDC_ISSUER";
    const STAFF_NO: &str = "BUJIANMIAN_OIDC_CLAIM_STAFF_NO";
    let issuer = from.text(ISSUER);
    let client_id = from.text("BUJIANMIAN_OIDC_CLIENT_ID");
    let client_secret = from.secret("BUJIANMIAN_OIDC_CLIENT_SECRET");
    let name = from.text("BUJIANMIAN_OIDC_NAME");
    let scope = from.parsed("BUJIANMIAN_OIDC_SCOPE", "openid profile".to_owned())?;
    let claim_id_number = from.parsed("BUJIANMIAN_OIDC_CLAIM_ID_NUMBER", "id_number".to_owned())?;
    let claim_staff_no = from.parsed(STAFF_NO, "staff_no".to_owned())?;
    let Some(issuer) = issuer else {
        return match client_id.is_some() || client_secret.is_some() {
            true => Err(bad(ISSUER, "needed with an identity platform")),
            false => Ok(None),
        };
    };
    if !is_safe_address(&issuer) {
        return Err(bad(ISSUER, "https is needed, or http on this machine"));
    }
    if claim_id_number == claim_staff_no {
        return Err(bad(STAFF_NO, "one claim can't tell both numbers"));
    }
    let needed = |name, value: Option<String>| {
        value.ok_or_else(|| bad(name, "needed with an identity platform"))
    };
    Ok(Some(Platform {
        issuer,
        client_id: needed("BUJIANMIAN_OIDC_CLIENT_ID", client_id)?,
        client_secret: needed("BUJIANMIAN_OIDC_CLIENT_SECRET", client_secret)?.into(),
        name,
        scope,
        claim_id_number,
        claim_staff_no,
        timeout: Duration::from_secs(8),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("https://id.example", true)]
    #[case("https://id.example/realms/one", true)]
    #[case("http://127.0.0.1:9000/", true)]
    #[case("http://localhost:9000", true)]
    #[case("http://id.example", false)]
    #[case("http://localhost.example", false)]
    #[case("http://127.0.0.1@id.example/", false)]
    #[case("http://127.0.0.1:80@id.example/", false)]
    #[case("https://id.example@evil.example/", false)]
    #[case("ftp://127.0.0.1/", false)]
    #[case("https://", false)]
    fn in_clear_only_on_this_machine(#[case] url: &str, #[case] expected: bool) {
        assert_eq!(is_safe_address(url), expected);
    }
}
