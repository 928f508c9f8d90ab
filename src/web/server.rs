//! Puts the HTTP server together: what surrounds every request, limits, and the end without cutting anybody off.
//! No route is named here; the table is [`crate::web::configure`].

use std::net::TcpListener;
use std::sync::OnceLock;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Server, ServiceRequest, ServiceResponse};
use actix_web::error::JsonPayloadError;
use actix_web::http::{StatusCode, header};
use actix_web::middleware::{Compress, Next, from_fn};
use actix_web::{App as Web, HttpServer, web};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_actix_web::{RootSpanBuilder, TracingLogger};

use crate::clock::Stopwatch;
use crate::config::Http;
use crate::usecases::App;
use crate::web::problem::{self, Failure};
use crate::web::{configure, csrf, session};

/// Bytes of a form at most; uploads have their own limit.
const FORM_LIMIT: usize = 64 * 1024;
/// Bytes of a JSON body at most.
const JSON_LIMIT: usize = 256 * 1024;
/// Seconds that running requests get when the service stops.
const GRACE_SECONDS: u64 = 10;
/// Seconds within which a request's head must be there.
const HEAD_SECONDS: u64 = 10;

/// Who ends the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoppedBy {
    /// SIGINT and SIGTERM.
    Signals,
    /// The caller, by the server's handle.
    Handle,
}

/// Listens where the settings say and serves until a signal comes; requests that run then are finished.
///
/// # Errors
/// When the address is taken.
pub async fn run(app: App, http: Http) -> std::io::Result<()> {
    let listener = TcpListener::bind(http.bind)?;
    build(app, http, listener, StoppedBy::Signals)?.await
}

/// The server on a listener that is there already.
///
/// # Errors
/// When the listener can't be used.
pub fn build(
    app: App,
    http: Http,
    listener: TcpListener,
    stopped_by: StoppedBy,
) -> std::io::Result<Server> {
    let (app, http) = (web::Data::new(app), web::Data::new(http));
    let metrics = web::Data::new(recorder()?);
    let server = HttpServer::new(move || {
        Web::new()
            .app_data(app.clone())
            .app_data(http.clone())
            .app_data(metrics.clone())
            .app_data(web::PayloadConfig::new(FORM_LIMIT))
            .app_data(json())
            .configure(configure)
            .wrap(from_fn(csrf::same_origin))
            .wrap(from_fn(plain_bodies))
            .wrap(from_fn(problem::render))
            .wrap(Compress::default())
            .wrap(from_fn(observe))
            .wrap(TracingLogger::<Spans>::new())
    })
    .listen(listener)?
    .client_request_timeout(std::time::Duration::from_secs(HEAD_SECONDS))
    .shutdown_timeout(GRACE_SECONDS);
    Ok(match stopped_by {
        StoppedBy::Signals => server.run(),
        StoppedBy::Handle => server.disable_signals().run(),
    })
}

/// One recorder a process, whatever number of servers it runs.
fn recorder() -> std::io::Result<PrometheusHandle> {
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    RECORDER
        .get_or_init(|| PrometheusBuilder::new().install_recorder().ok())
        .clone()
        .ok_or_else(|| std::io::Error::other("metrics can't be recorded"))
}

fn json() -> web::JsonConfig {
    web::JsonConfig::default()
        .limit(JSON_LIMIT)
        .error_handler(|error, _| {
            let (status, code) = match &error {
                JsonPayloadError::Overflow { .. }
                | JsonPayloadError::OverflowKnownLength { .. } => {
                    (StatusCode::PAYLOAD_TOO_LARGE, "too-large")
                }
                JsonPayloadError::ContentType => {
                    (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type")
                }
                _ => (StatusCode::BAD_REQUEST, "bad-json"),
            };
            Failure::Request(status, code).into()
        })
}

/// Middleware: a packed body can unpack to any size, so none is taken.
async fn plain_bodies(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let packed = request
        .headers()
        .get(header::CONTENT_ENCODING)
        .is_some_and(|value| value != "identity");
    if packed {
        let refusal = Failure::Request(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported-encoding");
        return Ok(request.error_response(refusal));
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

/// Middleware: counts and times by route pattern, and puts on every answer what all have.
async fn observe(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let watch = Stopwatch::start();
    let method = request.method().to_string();
    let mut response = next.call(request).await?.map_into_boxed_body();
    let route = response
        .request()
        .match_pattern()
        .unwrap_or_else(|| "unmatched".to_owned());
    let status = response.status().as_u16().to_string();
    metrics::histogram!("bujianmian_http_request_seconds", "method" => method.clone(), "route" => route.clone())
        .record(watch.elapsed().as_secs_f64());
    metrics::counter!("bujianmian_http_requests_total", "method" => method, "route" => route, "status" => status)
        .increment(1);
    put_common_headers(&mut response);
    Ok(response)
}

fn put_common_headers(response: &mut ServiceResponse<BoxBody>) {
    let request = response.request();
    let id = session::request_id(request).and_then(|id| header::HeaderValue::from_str(&id).ok());
    let secure = session::settings(request).is_some_and(Http::is_secure);
    let is_api = problem::is_api(request.path());
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

/// What the log says of a request: method, route pattern, status, id. Never the address with its query, the
/// client's network address, a header or an error's insides: they may hold names and numbers.
struct Spans;

impl RootSpanBuilder for Spans {
    fn on_request_start(request: &ServiceRequest) -> tracing::Span {
        let id = session::request_id(request.request()).unwrap_or_default();
        let route = request
            .match_pattern()
            .unwrap_or_else(|| "unmatched".to_owned());
        tracing::info_span!(
            "request",
            method = %request.method(),
            route = %route,
            status = tracing::field::Empty,
            request_id = %id,
        )
    }

    fn on_request_end<B: MessageBody>(
        span: tracing::Span,
        outcome: &Result<ServiceResponse<B>, actix_web::Error>,
    ) {
        let status = match outcome {
            Ok(response) => response.status(),
            Err(error) => error.as_response_error().status_code(),
        };
        span.record("status", status.as_u16());
        span.in_scope(|| tracing::debug!("answered"));
    }
}
