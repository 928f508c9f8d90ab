//! How a reader wants pages: language and size of print, kept in two cookies that say nothing about
//! the person. The cookies win over `Accept-Language`; without both it is Chinese in normal print.

use std::convert::Infallible;
use std::future::{Ready, ready};

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use serde::Deserialize;

use crate::config::Http;
use crate::domain::locale::Locale;
use crate::web::{session, urls};

const LANGUAGE_COOKIE: &str = "lang";
const PRINT_COOKIE: &str = "print";
const KEPT_DAYS: i64 = 365;

/// Size of print (CAS-8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Print {
    /// The usual size.
    #[default]
    Normal,
    /// 137.5 %, with targets of 60 px.
    Large,
}

impl Print {
    /// As it stands in the cookie, the address and the class of the page.
    pub fn name(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Large => "large",
        }
    }

    /// The other size.
    pub fn other(self) -> Self {
        match self {
            Self::Normal => Self::Large,
            Self::Large => Self::Normal,
        }
    }
}

/// What a reader prefers. An extractor that never fails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    /// Language of pages and messages.
    pub locale: Locale,
    /// Size of print.
    pub print: Print,
}

impl Preferences {
    /// Reads the cookies, then `Accept-Language`.
    pub fn of(request: &HttpRequest) -> Self {
        let cookie = |name| request.cookie(name).map(|cookie| cookie.value().to_owned());
        let accepted = || {
            request
                .headers()
                .get(header::ACCEPT_LANGUAGE)?
                .to_str()
                .ok()
                .and_then(accepted_locale)
        };
        Self {
            locale: cookie(LANGUAGE_COOKIE)
                .and_then(|tag| Locale::from_tag(&tag))
                .or_else(accepted)
                .unwrap_or_default(),
            print: match cookie(PRINT_COOKIE).as_deref() {
                Some("large") => Print::Large,
                _ => Print::Normal,
            },
        }
    }
}

impl FromRequest for Preferences {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}

/// The language an `Accept-Language` header likes best among ours, by its weights; of two with the
/// same weight the one named first.
pub fn accepted_locale(header: &str) -> Option<Locale> {
    let mut best: Option<(f32, Locale)> = None;
    for part in header.split(',') {
        let (tag, parameter) = part.split_once(';').unwrap_or((part, ""));
        let weight = match parameter.trim().strip_prefix("q=") {
            Some(weight) => weight.parse().unwrap_or(0.0),
            None => 1.0,
        };
        if let Some(locale) = Locale::from_tag(tag.trim())
            && weight > 0.0
            && best.is_none_or(|(highest, _)| weight > highest)
        {
            best = Some((weight, locale));
        }
    }
    best.map(|(_, locale)| locale)
}

/// Where a switch leads back to.
#[derive(Deserialize)]
pub struct Back {
    #[serde(default)]
    back: String,
}

/// `GET /preferences/language/{tag}`: keeps the language and leads back. An unknown tag changes nothing.
pub async fn set_language(
    request: HttpRequest,
    tag: web::Path<String>,
    query: web::Query<Back>,
) -> HttpResponse {
    let chosen = Locale::from_tag(&tag).map(|locale| (LANGUAGE_COOKIE, locale.tag()));
    keep_and_lead_back(&request, chosen, &query.back)
}

/// `GET /preferences/print/{normal|large}`: keeps the size of print and leads back (CAS-8).
pub async fn set_print(
    request: HttpRequest,
    size: web::Path<Print>,
    query: web::Query<Back>,
) -> HttpResponse {
    keep_and_lead_back(&request, Some((PRINT_COOKIE, size.name())), &query.back)
}

fn keep_and_lead_back(
    request: &HttpRequest,
    chosen: Option<(&'static str, &'static str)>,
    back: &str,
) -> HttpResponse {
    let mut response = HttpResponse::SeeOther();
    response.insert_header((header::LOCATION, urls::local_or_home(back)));
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    if let Some((name, value)) = chosen {
        let secure = session::settings(request).is_some_and(Http::is_secure);
        response.cookie(kept(name, value, secure));
    }
    response.finish()
}

/// The cookie that keeps a language, for the page on which the account's language is set.
pub fn language_cookie(locale: Locale, secure: bool) -> Cookie<'static> {
    kept(LANGUAGE_COOKIE, locale.tag(), secure)
}

fn kept(name: &'static str, value: &'static str, secure: bool) -> Cookie<'static> {
    Cookie::build(name, value)
        .path("/")
        .max_age(Duration::days(KEPT_DAYS))
        .same_site(SameSite::Lax)
        .http_only(true)
        .secure(secure)
        .finish()
}

#[cfg(test)]
mod tests {
    use actix_web::App;
    use actix_web::test::{TestRequest, call_service, init_service};
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("en-US,en;q=0.9,zh;q=0.8", Some(Locale::En))]
    #[case("zh-Hans-CN, en;q=0.5", Some(Locale::Zh))]
    #[case("fr, zh;q=0.2, en;q=0.7", Some(Locale::En))]
    #[case("en;q=0, zh;q=0.1", Some(Locale::Zh))]
    #[case("de", None)]
    #[case(";;,q=", None)]
    fn the_browser_s_languages_are_weighed(#[case] header: &str, #[case] expected: Option<Locale>) {
        assert_eq!(accepted_locale(header), expected);
    }

    #[test]
    fn a_kept_choice_wins_over_the_browser() {
        let request = TestRequest::default()
            .insert_header(("Accept-Language", "zh-CN"))
            .cookie(Cookie::new("lang", "en"))
            .cookie(Cookie::new("print", "large"))
            .to_http_request();
        assert_eq!(
            Preferences::of(&request),
            Preferences {
                locale: Locale::En,
                print: Print::Large
            }
        );
    }

    #[test]
    fn a_stranger_reads_chinese_in_normal_print() {
        let request = TestRequest::default().to_http_request();
        assert_eq!(Preferences::of(&request), Preferences::default());
    }

    #[rstest]
    #[case(
        "/preferences/language/en?back=%2Fguide%3Fa%3D1",
        303,
        "/guide?a=1",
        Some("lang=en")
    )]
    #[case(
        "/preferences/language/en?back=%2F%2Felsewhere.example",
        303,
        "/",
        Some("lang=en")
    )]
    #[case("/preferences/language/xx?back=%2Fguide", 303, "/guide", None)]
    #[case(
        "/preferences/print/large?back=%2Fguide",
        303,
        "/guide",
        Some("print=large")
    )]
    #[case("/preferences/print/normal", 303, "/", Some("print=normal"))]
    #[actix_web::test]
    async fn a_switch_keeps_the_choice_and_leads_back(
        #[case] url: &str,
        #[case] status: u16,
        #[case] back: &str,
        #[case] cookie: Option<&str>,
    ) {
        let app = init_service(App::new().configure(crate::web::routes)).await;
        let response = call_service(&app, TestRequest::get().uri(url).to_request()).await;
        assert_eq!(response.status().as_u16(), status);
        assert_eq!(response.headers().get("location").unwrap(), back);
        let kept = response
            .headers()
            .get("set-cookie")
            .map(|value| value.to_str().unwrap().to_owned());
        match cookie {
            Some(start) => assert!(kept.unwrap().starts_with(start)),
            None => assert_eq!(kept, None),
        }
    }
}
