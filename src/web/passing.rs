//! What a browser keeps for a short while during sign-in, before there is a session: each in a cookie that scripts
//! can't read. None of it opens anything by itself.

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};

use crate::config::Http;
use crate::web::session::settings;

/// Something that a browser keeps for a short while during sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passing {
    /// The token of a sign-in between password and code.
    Code,
    /// The ticket of a sign-in at the identity platform.
    Platform,
}

impl Passing {
    fn name(self, http: &Http) -> &'static str {
        match (self, http.is_secure()) {
            (Self::Code, true) => "__Host-code",
            (Self::Code, false) => "code",
            (Self::Platform, true) => "__Host-platform",
            (Self::Platform, false) => "platform",
        }
    }

    /// What the browser kept; empty when it kept nothing.
    pub fn kept(self, request: &HttpRequest) -> String {
        settings(request)
            .and_then(|http| request.cookie(self.name(http)))
            .map_or_else(String::new, |cookie| cookie.value().to_owned())
    }

    /// The cookie that keeps it, for ten minutes at most.
    pub fn cookie(self, http: &Http, value: String) -> Cookie<'static> {
        Cookie::build(self.name(http), value)
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(http.is_secure())
            .max_age(Duration::minutes(10))
            .finish()
    }

    /// The cookie that takes it away again.
    pub fn no_cookie(self, http: &Http) -> Cookie<'static> {
        let mut cookie = self.cookie(http, String::new());
        cookie.set_max_age(Duration::ZERO);
        cookie
    }
}
