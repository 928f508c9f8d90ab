//! Forms come from our own pages only. Two guards: every request that is not a GET says, where the browser tells,
//! that it comes from here ([`same_origin`]); and every form carries the token of its session ([`Sent`]). Forms
//! before sign-in carry a token that is signed from a cookie ([`PublicForm`]).

use std::future::Future;
use std::pin::Pin;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::config::{Http, is_loopback_host};
use crate::store::blind;
use crate::store::vault::random_secret;
use crate::web::problem::{Failure, is_api};
use crate::web::session::{self, SignedIn};

/// The hidden field of every form.
pub const FIELD: &str = "csrf";
/// The same for scripts, such as autosave.
const HEADER: &str = "X-CSRF-Token";

/// Middleware: refuses what another site's page sends. The API is left out: it takes no cookie for writing.
///
/// # Errors
/// Those of the services behind it.
pub async fn same_origin(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    if request.method().is_safe() || is_api(request.path()) || is_ours(request.request()) {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    Ok(request.error_response(Failure::ForeignForm))
}

/// What browsers say of where a request comes from; those that say nothing are held by the token alone.
fn is_ours(request: &HttpRequest) -> bool {
    let said = |name: header::HeaderName| {
        let value = request.headers().get(name)?;
        Some(value.to_str().unwrap_or_default().to_owned())
    };
    let site = said(header::HeaderName::from_static("sec-fetch-site"));
    if !matches!(site.as_deref(), None | Some("same-origin" | "none")) {
        return false;
    }
    match (said(header::ORIGIN), session::settings(request)) {
        (None, _) => true,
        (Some(origin), Some(http)) => is_our_origin(http, &origin, said(header::HOST).as_deref()),
        (Some(_), None) => false,
    }
}

fn is_our_origin(http: &Http, origin: &str, host: Option<&str>) -> bool {
    if origin == http.origin {
        return true;
    }
    // On loopback people also write localhost. The host is checked too, so that no foreign name that
    // leads to this machine counts.
    !http.is_secure()
        && host.is_some_and(|host| {
            is_loopback_host(host) && origin.strip_prefix("http://") == Some(host)
        })
}

/// A form of somebody who is signed in, with the right token. As extractor it is the only way to read a form's
/// body, so that the check can't be forgotten (for uploads: [`check`]).
#[derive(Debug)]
pub struct Sent<T> {
    /// Who sent it.
    pub user: SignedIn,
    /// What was filled in.
    pub form: T,
}

impl<T: DeserializeOwned + 'static> FromRequest for Sent<T> {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = body(request, payload);
        let user = SignedIn::from_request(request, &mut Payload::None);
        let request = request.clone();
        Box::pin(async move {
            let (body, user) = (body.await?, user.await?);
            let sent = token(&request, &body);
            if check(&user, &sent).is_err() {
                return Err(Failure::ExpiredForm(written(&body)));
            }
            Ok(Self {
                user,
                form: read(&body)?,
            })
        })
    }
}

/// A form without fields but its token.
#[derive(Deserialize)]
pub struct Nothing {}

/// Checks the token of a form that [`Sent`] can't read (uploads).
///
/// # Errors
/// [`Failure::ExpiredForm`] when it is not that of the session.
pub fn check(user: &SignedIn, sent: &str) -> Result<(), Failure> {
    same(sent.as_bytes(), user.session.csrf.as_bytes())
}

/// A form anybody may send, with the token that its page carried.
#[derive(Debug)]
pub struct PublicForm<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for PublicForm<T> {
    type Error = Failure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Failure>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = body(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let body = body.await?;
            let cookie = cookie_value(&request).ok_or(Failure::ExpiredForm(None))?;
            let expected = sign(&request, &cookie)?;
            same(token(&request, &body).as_bytes(), expected.as_bytes())?;
            read(&body).map(Self)
        })
    }
}

/// The token for a form anybody may send, and the cookie that goes with it.
///
/// # Errors
/// A fault when there are no random bytes.
pub fn public_token(request: &HttpRequest) -> Result<(String, Cookie<'static>), Failure> {
    let value = match cookie_value(request) {
        Some(value) => value,
        None => hex::encode(random_secret()?.as_ref()),
    };
    let secure = session::settings(request).is_some_and(Http::is_secure);
    let cookie = Cookie::build(cookie_name(secure), value.clone())
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(secure)
        .finish();
    Ok((sign(request, &value)?, cookie))
}

fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-form" } else { "form" }
}

fn cookie_value(request: &HttpRequest) -> Option<String> {
    let secure = session::settings(request).is_some_and(Http::is_secure);
    let value = request.cookie(cookie_name(secure))?.value().to_owned();
    (value.len() == 64).then_some(value)
}

fn sign(request: &HttpRequest, value: &str) -> Result<String, Failure> {
    let app = session::app(request)?;
    Ok(hex::encode(app.db.vault().blind(blind::FORM, value)))
}

fn same(sent: &[u8], expected: &[u8]) -> Result<(), Failure> {
    verify_slices_are_equal(sent, expected).map_err(|_| Failure::ExpiredForm(None))
}

#[derive(Deserialize)]
struct Token {
    #[serde(default)]
    csrf: String,
}

fn token(request: &HttpRequest, body: &str) -> String {
    match request.headers().get(HEADER) {
        Some(value) => value.to_str().unwrap_or_default().to_owned(),
        None => web::Query::<Token>::from_query(body).map_or_else(|_| String::new(), |t| t.0.csrf),
    }
}

fn body(
    request: &HttpRequest,
    payload: &mut Payload,
) -> impl Future<Output = Result<String, Failure>> + use<> {
    let is_form = request
        .content_type()
        .eq_ignore_ascii_case("application/x-www-form-urlencoded");
    let bytes = web::Bytes::from_request(request, payload);
    let most = session::settings(request).map_or(usize::MAX, |http| http.limits.form_fields);
    async move {
        let bytes = bytes.await.map_err(|error| {
            Failure::Request(error.as_response_error().status_code(), "unreadable-body")
        })?;
        if !is_form && !bytes.is_empty() {
            return Err(Failure::Request(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported-media-type",
            ));
        }
        if bytes.iter().filter(|byte| **byte == b'&').count() >= most {
            let status = StatusCode::PAYLOAD_TOO_LARGE;
            return Err(Failure::Request(status, "too-many-fields"));
        }
        String::from_utf8(bytes.to_vec()).map_err(|_| unreadable())
    }
}

fn read<T: DeserializeOwned>(body: &str) -> Result<T, Failure> {
    web::Query::<T>::from_query(body)
        .map(web::Query::into_inner)
        .map_err(|_| unreadable())
}

fn unreadable() -> Failure {
    Failure::Request(StatusCode::BAD_REQUEST, "bad-request")
}

/// What somebody wrote, so that an expired form loses nothing; never a password.
fn written(body: &str) -> Option<String> {
    let fields = web::Query::<Vec<(String, String)>>::from_query(body).ok()?;
    let kept: Vec<String> = fields
        .into_inner()
        .into_iter()
        .filter(|(name, value)| {
            name != FIELD && !name.contains("password") && !value.trim().is_empty()
        })
        .map(|(_, value)| value)
        .collect();
    (!kept.is_empty()).then(|| kept.join("\n\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::Method;
    use actix_web::test::TestRequest;
    use rstest::rstest;

    fn secure() -> Http {
        let mut http = Http::loopback(8080);
        http.origin = "https://yibao.example".to_owned();
        http
    }

    #[rstest]
    #[case(&[], true)]
    #[case(&[("Origin", "https://yibao.example")], true)]
    #[case(&[("Origin", "https://yibao.example"), ("Sec-Fetch-Site", "same-origin")], true)]
    #[case(&[("Sec-Fetch-Site", "none")], true)]
    #[case(&[("Sec-Fetch-Site", "same-site")], false)]
    #[case(&[("Sec-Fetch-Site", "cross-site")], false)]
    #[case(&[("Origin", "https://evil.example")], false)]
    #[case(&[("Origin", "http://yibao.example")], false)]
    #[case(&[("Origin", "null")], false)]
    #[case(&[("Origin", "https://yibao.example.evil.example")], false)]
    #[case(&[("Origin", "https://evil.example"), ("Host", "evil.example")], false)]
    fn only_our_own_pages_send_forms(#[case] headers: &[(&str, &str)], #[case] expected: bool) {
        let mut request = TestRequest::default()
            .method(Method::POST)
            .app_data(web::Data::new(secure()));
        for header in headers {
            request = request.insert_header(*header);
        }
        assert_eq!(is_ours(&request.to_http_request()), expected);
    }

    #[rstest]
    #[case("http://localhost:8080", "localhost:8080", true)]
    #[case("http://127.0.0.1:8080", "127.0.0.1:8080", true)]
    #[case("http://127.0.0.1:9999", "127.0.0.1:8080", false)]
    #[case("http://evil.example:8080", "evil.example:8080", false)]
    fn on_loopback_its_names_count_alike(
        #[case] origin: &str,
        #[case] host: &str,
        #[case] expected: bool,
    ) {
        assert_eq!(
            is_our_origin(&Http::loopback(8080), origin, Some(host)),
            expected
        );
    }

    #[test]
    fn what_was_written_is_kept_but_for_passwords() {
        let kept = written("csrf=x&reason=%E7%90%86%E7%94%B1&old_password=secret&empty=");
        assert_eq!(kept.as_deref(), Some("理由"));
        assert_eq!(written("csrf=x"), None);
    }
}
