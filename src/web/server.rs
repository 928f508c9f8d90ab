//! Puts the HTTP servers together: what surrounds every request, limits, and the end without cutting anybody off.
//! No page's route is named here; the table is [`crate::web::configure`].

use std::any::Any;
use std::net::{SocketAddr, TcpListener};

use actix_web::dev::Server;
use actix_web::error::JsonPayloadError;
use actix_web::http::StatusCode;
use actix_web::middleware::{Compress, from_fn};
use actix_web::rt::net::TcpStream;
use actix_web::{App as Web, HttpServer, web};
use socket2::{Domain, Protocol, SockRef, Socket, Type};
use tracing_actix_web::TracingLogger;

use crate::config::{Http, HttpLimits};
use crate::telemetry::Telemetry;
use crate::usecases::App;
use crate::web::limits::Budgets;
use crate::web::observe::{Spans, observe};
use crate::web::problem::{self, Failure};
use crate::web::{configure, csrf, limits, status};

/// Who ends the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoppedBy {
    /// SIGINT and SIGTERM.
    Signals,
    /// The caller, by the server's handle.
    Handle,
}

/// Listens on an address. Others may wait to be accepted, `backlog` of them at most.
///
/// # Errors
/// When the address is taken or not this machine's.
pub fn listen(address: SocketAddr, backlog: u32) -> std::io::Result<TcpListener> {
    let named = |e: std::io::Error| std::io::Error::new(e.kind(), format!("{address}: {e}"));
    let socket = Socket::new(
        Domain::for_address(address),
        Type::STREAM,
        Some(Protocol::TCP),
    )?;
    // A port whose last connections are just ending is free.
    socket.set_reuse_address(true)?;
    socket.bind(&address.into()).map_err(named)?;
    let backlog = i32::try_from(backlog).unwrap_or(i32::MAX);
    socket.listen(backlog).map_err(named)?;
    Ok(socket.into())
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
    let limits = http.limits;
    let budgets = web::Data::new(Budgets::of(&http));
    let (app, http) = (web::Data::new(app), web::Data::new(http));
    let telemetry = web::Data::new(Telemetry::install()?);
    let server = HttpServer::new(move || {
        Web::new()
            .app_data(app.clone())
            .app_data(http.clone())
            .app_data(telemetry.clone())
            .app_data(budgets.clone())
            .app_data(web::PayloadConfig::new(limits.form_bytes))
            .app_data(json(limits.json_bytes))
            .configure(configure)
            .wrap(from_fn(csrf::same_origin))
            .wrap(from_fn(limits::steady))
            .wrap(from_fn(limits::rated))
            .wrap(from_fn(limits::fitting))
            .wrap(from_fn(problem::render))
            .wrap(Compress::default())
            .wrap(from_fn(observe))
            .wrap(TracingLogger::<Spans>::new())
    })
    .workers(limits.workers)
    .max_connections(limits.worker_connections)
    .keep_alive(limits.keep_alive)
    .client_request_timeout(limits.head)
    .on_connect(move |connection, _| cut_off_when_unread(connection, limits))
    .listen(listener)?
    // A little longer than the service waits, which then knows what was cut off.
    .shutdown_timeout(limits.grace.as_secs().saturating_add(5));
    Ok(match stopped_by {
        StoppedBy::Signals => server.run(),
        StoppedBy::Handle => server.disable_signals().run(),
    })
}

/// The server for machines that watch: `/metrics`, `/healthz`, `/readyz` and nothing else.
///
/// # Errors
/// When the listener can't be used.
pub fn watched(app: App, listener: TcpListener) -> std::io::Result<Server> {
    let app = web::Data::new(app);
    let telemetry = web::Data::new(Telemetry::install()?);
    let limits = HttpLimits::default();
    Ok(HttpServer::new(move || {
        Web::new()
            .app_data(app.clone())
            .app_data(telemetry.clone())
            .configure(status::watched::routes)
    })
    .workers(1)
    .shutdown_timeout(1)
    .client_request_timeout(limits.head)
    .listen(listener)?
    .disable_signals()
    .run())
}

/// A peer that takes nothing of an answer for so long is gone or means no good.
fn cut_off_when_unread(connection: &dyn Any, limits: HttpLimits) {
    if let Some(stream) = connection.downcast_ref::<TcpStream>() {
        let set = SockRef::from(stream).set_tcp_user_timeout(Some(limits.unread));
        if let Err(error) = set {
            tracing::debug!(%error, "a connection has no limit for unread answers");
        }
    }
}

fn json(limit: usize) -> web::JsonConfig {
    web::JsonConfig::default()
        .limit(limit)
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
