//! What is noted of every request: measures, one line in the log, a number by which it is found, and the headers
//! that every answer has. Never noted: the address with its query, the client's network address, a header or a
//! body, because they may hold names and numbers.

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{ConnectionType, Method, StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpResponse, ResponseError};
use futures_util::FutureExt;
use tracing_actix_web::RootSpanBuilder;

use crate::clock::Stopwatch;
use crate::config::Http;
use crate::data::texts::text;
use crate::domain::locale::Locale;
use crate::web::{problem, session, status};

/// What the log calls the line of a request.
const ACCESS: &str = "bujianmian::access";
/// A proxy's number for a request is at most this long.
const LONGEST_ID: usize = 64;
/// Requests being answered now, by all servers of the process.
static IN_FLIGHT: AtomicU32 = AtomicU32::new(0);

/// Requests being answered now.
pub fn in_flight() -> u32 {
    IN_FLIGHT.load(Ordering::SeqCst)
}

/// Counts itself while it lives, also when the client goes away.
struct Flight;

impl Flight {
    fn begin() -> Self {
        let now = IN_FLIGHT.fetch_add(1, Ordering::SeqCst).saturating_add(1);
        metrics::gauge!("bujianmian_http_requests_in_flight").set(f64::from(now));
        Self
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        let now = IN_FLIGHT.fetch_sub(1, Ordering::SeqCst).saturating_sub(1);
        metrics::gauge!("bujianmian_http_requests_in_flight").set(f64::from(now));
    }
}

/// Middleware: counts and times by route pattern, writes the request's line, and puts on every answer what all
/// have.
///
/// # Errors
/// Those of services that could not even answer.
pub async fn observe(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let watch = Stopwatch::start();
    let _flight = Flight::begin();
    let method = known_method(request.method());
    let request_id = session::request_id(request.request()).unwrap_or_default();
    let answered = AssertUnwindSafe(next.call(request)).catch_unwind().await;
    let Ok(response) = answered else {
        let status = StatusCode::INTERNAL_SERVER_ERROR.as_u16();
        tracing::error!(target: ACCESS, status, "answered after a panic");
        metrics::counter!("bujianmian_http_requests_total", "method" => method, "route" => "panicked", "status" => "500")
            .increment(1);
        return Err(Panicked { request_id }.into());
    };
    let mut response = response?.map_into_boxed_body();
    let route = response
        .request()
        .match_pattern()
        .unwrap_or_else(|| "unmatched".to_owned());
    let status = response.status();
    let taken = watch.elapsed();
    note_line(status, &route, taken);
    metrics::histogram!("bujianmian_http_request_seconds", "method" => method, "route" => route.clone())
        .record(taken.as_secs_f64());
    metrics::counter!("bujianmian_http_requests_total", "method" => method, "route" => route, "status" => status.as_u16().to_string())
        .increment(1);
    put_common_headers(&mut response);
    Ok(response)
}

/// The answer when the program itself broke: the least words, because whatever makes pages may be what broke.
#[derive(Debug)]
struct Panicked {
    request_id: String,
}

impl fmt::Display for Panicked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = Locale::ALL.map(|locale| text(locale, "problem-fault"));
        write!(f, "{} ({})", words.join(" · "), self.request_id)
    }
}

impl ResponseError for Panicked {
    fn error_response(&self) -> HttpResponse {
        HttpResponse::InternalServerError()
            .content_type("text/plain; charset=utf-8")
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .insert_header(("x-request-id", self.request_id.as_str()))
            .body(self.to_string())
    }
}

/// Methods are free words; only those that mean something become a label.
fn known_method(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

/// Method, route and number stand in the span around it. Machines that watch ask every few seconds: their line is
/// there for whoever looks closely.
fn note_line(status: StatusCode, route: &str, taken: Duration) {
    let status = status.as_u16();
    let milliseconds = u64::try_from(taken.as_millis()).unwrap_or(u64::MAX);
    if status::is_for_machines(route) {
        tracing::debug!(target: ACCESS, status, milliseconds, "answered");
    } else {
        tracing::info!(target: ACCESS, status, milliseconds, "answered");
    }
}

fn put_common_headers(response: &mut ServiceResponse<BoxBody>) {
    let request = response.request();
    let id = session::request_id(request).and_then(|id| header::HeaderValue::from_str(&id).ok());
    let secure = session::settings(request).is_some_and(Http::is_secure);
    let is_api = problem::is_api(request.path());
    if response.status() == StatusCode::REQUEST_TIMEOUT {
        // The rest of the body may still come; nobody waits for it.
        let head = response.response_mut().head_mut();
        head.set_connection_type(ConnectionType::Close);
    }
    let headers = response.headers_mut();
    if let Some(id) = id {
        headers.insert(header::HeaderName::from_static("x-request-id"), id);
    }
    if secure {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            header::HeaderValue::from_static("max-age=31536000"),
        );
    }
    let mut unless_there = |name: header::HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, header::HeaderValue::from_static(value));
        }
    };
    unless_there(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    unless_there(header::REFERRER_POLICY, "same-origin");
    unless_there(
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'",
    );
    if is_api {
        unless_there(header::CACHE_CONTROL, "no-store");
    }
}

/// The number that a trusted proxy gave a request.
pub(super) struct GivenId(pub(super) String);

/// What surrounds every line that a request causes: method, route pattern and number.
pub struct Spans;

impl RootSpanBuilder for Spans {
    fn on_request_start(request: &ServiceRequest) -> tracing::Span {
        if let Some(id) = given_id(request) {
            request.extensions_mut().insert(GivenId(id));
        }
        let id = session::request_id(request.request()).unwrap_or_default();
        let route = request
            .match_pattern()
            .unwrap_or_else(|| "unmatched".to_owned());
        // Of the highest level, so that faults have it whatever else is logged.
        tracing::error_span!(
            "request",
            method = known_method(request.method()),
            route = %route,
            request_id = %id,
        )
    }

    fn on_request_end<B: MessageBody>(
        _: tracing::Span,
        _: &Result<ServiceResponse<B>, actix_web::Error>,
    ) {
    }
}

/// A trusted proxy's `X-Request-Id`, if it is a plain word.
fn given_id(request: &ServiceRequest) -> Option<String> {
    if !session::is_from_trusted_proxy(request.request()) {
        return None;
    }
    let id = request.headers().get("X-Request-Id")?.to_str().ok()?;
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    (!id.is_empty() && id.len() <= LONGEST_ID && id.chars().all(plain)).then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::App;
    use actix_web::test::{TestRequest, call_and_read_body, init_service, try_call_service};
    use tracing_actix_web::TracingLogger;

    async fn broken() -> HttpResponse {
        panic!("the message of a panic is for nobody")
    }

    async fn whole() -> HttpResponse {
        HttpResponse::Ok().finish()
    }

    crate::web::table::table! {
        "/broken" => get broken;
        "/whole" => get whole;
    }

    #[actix_web::test]
    async fn a_panic_is_an_answer_with_a_number_and_the_next_request_is_served() {
        let service = init_service(
            App::new()
                .configure(routes)
                .wrap(actix_web::middleware::from_fn(observe))
                .wrap(TracingLogger::<Spans>::new()),
        )
        .await;
        let request = TestRequest::get().uri(ROUTES[0].1).to_request();
        let error = try_call_service(&service, request).await.unwrap_err();
        let answer = error.error_response();
        assert_eq!(answer.status(), 500);
        let id = answer.headers().get("x-request-id").unwrap();
        assert!(id.len() > 20);
        let body = actix_web::body::to_bytes(answer.into_body()).await.unwrap();
        let words = String::from_utf8(body.to_vec()).unwrap();
        assert!(
            words.contains("系统出现故障") && !words.contains("nobody"),
            "{words}"
        );
        let request = TestRequest::get().uri("/whole").to_request();
        assert!(call_and_read_body(&service, request).await.is_empty());
        assert_eq!(in_flight(), 0);
    }
}
