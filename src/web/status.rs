//! For machines that watch the service: alive, ready, measured. No personal data, no version, no settings.

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::json;

use crate::store::migrations;
use crate::usecases::App;

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
    let missing = app.calendar.missing_years(app.clock.now().day());
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

/// `GET /metrics`: Prometheus text.
pub async fn metrics(handle: web::Data<PrometheusHandle>) -> HttpResponse {
    handle.run_upkeep();
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(handle.render())
}
