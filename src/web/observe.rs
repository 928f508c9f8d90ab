//! What is noted of every request: measures, one line in the log, a number by which it is found, and the headers
//! that every answer has. Never noted: the address with its query, the client's network address, a header or a
//! body, because they may hold names and numbers.

use std::sync::atomic::{AtomicU32, Ordering};

use actix_web::HttpMessage;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{ConnectionType, Method, StatusCode, header};
use actix_web::middleware::Next;
use tracing_actix_web::RootSpanBuilder;

use crate::clock::Stopwatch;
use crate::config::Http;
use crate::web::{problem, session};

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
    let mut response = next.call(request).await?.map_into_boxed_body();
    let route = response
        .request()
        .match_pattern()
        .unwrap_or_else(|| "unmatched".to_owned());
    let status = response.status();
    let taken = watch.elapsed();
    note_line(&response, method, &route, taken);
    metrics::histogram!("bujianmian_http_request_seconds", "method" => method, "route" => route.clone())
        .record(taken.as_secs_f64());
    metrics::counter!("bujianmian_http_requests_total", "method" => method, "route" => route, "status" => status.as_u16().to_string())
        .increment(1);
    put_common_headers(&mut response);
    Ok(response)
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

/// Machines that watch ask every few seconds: their line is there for whoever looks closely.
fn note_line(
    response: &ServiceResponse<BoxBody>,
    method: &str,
    route: &str,
    taken: std::time::Duration,
) {
    let request_id = session::request_id(response.request()).unwrap_or_default();
    let status = response.status().as_u16();
    let milliseconds = u64::try_from(taken.as_millis()).unwrap_or(u64::MAX);
    if matches!(route, "/healthz" | "/readyz" | "/metrics") {
        tracing::debug!(target: ACCESS, parent: None, method, route, status, milliseconds, request_id, "answered");
    } else {
        tracing::info!(target: ACCESS, parent: None, method, route, status, milliseconds, request_id, "answered");
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
        tracing::info_span!(
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
