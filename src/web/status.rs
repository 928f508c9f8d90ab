//! For machines that watch the service: alive, ready, measured. No personal data, no version, no settings.

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use serde_json::json;

use crate::config::Http;
use crate::store::migrations;
use crate::telemetry::Telemetry;
use crate::usecases::App;
use crate::web::problem::{Answer, Failure};

/// Whether a path is one of these, which are free of limits.
pub fn is_for_machines(path: &str) -> bool {
    matches!(path, "/healthz" | "/readyz" | "/metrics")
}

/// The table of the server for machines that watch.
pub mod watched {
    use super::super::table::table;

    table! {
        "/healthz" => get super::alive;
        "/readyz" => get super::ready;
        "/metrics" => get super::all_metrics;
    }
}

/// `GET /healthz`: the process answers.
pub async fn alive() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(json!({ "status": "ok" }))
}

/// `GET /readyz`: the database answers and its schema is this program's. Tells of years without an arrangement
/// of working days (CLK-2), which is no reason to stop serving.
pub async fn ready(app: web::Data<App>) -> HttpResponse {
    let db = app.db.clone();
    let current = web::block(move || migrations::are_current(&db)).await;
    let (migrations, is_ready) = match current {
        Ok(Ok(true)) => ("current", true),
        Ok(Ok(false)) => ("pending", false),
        Ok(Err(_)) | Err(_) => ("unknown", false),
    };
    let missing = app.calendar().missing_years(app.clock.now().day());
    let mut answer = match is_ready {
        true => HttpResponse::Ok(),
        false => HttpResponse::ServiceUnavailable(),
    };
    if !is_ready {
        answer.insert_header((header::RETRY_AFTER, "5"));
    }
    answer
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(json!({
            "status": if is_ready { "ready" } else { "not ready" },
            "database": app.db.kind(),
            "migrations": migrations,
            "calendar_years_missing": missing,
        }))
}

/// `GET /metrics` beside the pages: only where those are for this machine alone and no address of its own is set
/// for machines that watch. A proxy that serves everybody would hand it to everybody.
pub async fn metrics(http: web::Data<Http>, telemetry: web::Data<Telemetry>) -> Answer {
    if http.is_secure() || http.metrics_bind.is_some() {
        return Err(Failure::not_found());
    }
    Ok(all_metrics(telemetry).await)
}

/// `GET /metrics` at its own address: Prometheus text.
pub async fn all_metrics(telemetry: web::Data<Telemetry>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(telemetry.render())
}
