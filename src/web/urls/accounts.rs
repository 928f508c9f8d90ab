//! Addresses of signing in, of the own second factor and sessions, and of what administrators do with logins.

use super::encode;

/// Where one other session is ended (POST).
pub fn end_session() -> String {
    "/account/end-session".to_owned()
}

/// The second factor of the own login.
pub fn second_factor() -> String {
    "/account/second-factor".to_owned()
}

/// Where setting it up begins (POST).
pub fn second_factor_begin() -> String {
    "/account/second-factor/begin".to_owned()
}

/// Where its first code is sent.
pub fn second_factor_confirm() -> String {
    "/account/second-factor/confirm".to_owned()
}

/// Where new recovery codes are ordered (POST).
pub fn second_factor_codes() -> String {
    "/account/second-factor/recovery-codes".to_owned()
}

/// Where the code is asked for after the password; it leads on to `next` (a local address).
pub fn code(next: &str) -> String {
    match next {
        "" => "/login/code".to_owned(),
        next => format!("/login/code?next={}", encode(next)),
    }
}

/// The way to the identity platform and back to `next` (a local address).
pub fn platform(next: &str) -> String {
    match next {
        "" => "/login/platform".to_owned(),
        next => format!("/login/platform?next={}", encode(next)),
    }
}

/// Where the identity platform answers to.
pub fn platform_callback() -> String {
    "/login/platform/callback".to_owned()
}

/// Logins of the administrator's pool: those that hold `part`, from after `after` on.
pub fn admin_list(part: &str, after: &str) -> String {
    let query: Vec<String> = [("q", part), ("after", after)]
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", encode(value)))
        .collect();
    match query.as_slice() {
        [] => "/admin/accounts".to_owned(),
        query => format!("/admin/accounts?{}", query.join("&")),
    }
}

/// One of them.
pub fn admin_one(username: &str) -> String {
    format!("/admin/accounts/{}", encode(username))
}

/// The same, saying what was done: `opened`, `closed` or `reset`.
pub fn admin_done(username: &str, what: &str) -> String {
    format!("{}?done={}", admin_one(username), encode(what))
}

/// Where it is closed or opened (POST).
pub fn admin_access(username: &str) -> String {
    format!("{}/access", admin_one(username))
}

/// Where its second factor is taken away (POST).
pub fn admin_reset(username: &str) -> String {
    format!("{}/reset-second-factor", admin_one(username))
}
