//! The clock: of a case, and in the demo the service's own.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::reading::{Body, Fields};
use crate::domain::case::ClockState;
use crate::domain::clockline::What;
use crate::domain::receipt::ReceiptNo;
use crate::domain::time::Ts;
use crate::usecases::demo::clock::{may_turn, turn};
use crate::usecases::{App, viewing};
use crate::web::clockline::{computed, stretches};
use crate::web::problem::{Answer, Failure, api_locale};
use crate::web::session::SignedIn;

/// What the clock of a case does and did (CLK-3, CLK-5).
#[derive(Debug, Serialize, ToSchema)]
pub struct ClockView {
    /// `running`, `paused`, `stopped`.
    state: &'static str,
    /// The last instant in time; null while the clock stands.
    #[schema(format = DateTime)]
    due_at: Option<String>,
    /// The due time touches a year without an arrangement of working days (CLK-2).
    provisional: bool,
    /// The present term was missed (CLK-7).
    breached: bool,
    /// Step by step how the due time was computed, in the request's language.
    computed: Vec<String>,
    /// Runs and pauses in order.
    line: Vec<StretchView>,
}

/// A run or pause of the clock.
#[derive(Debug, Serialize, ToSchema)]
pub struct StretchView {
    /// `running` or `paused`.
    state: &'static str,
    /// From when.
    #[schema(format = DateTime)]
    from: String,
    /// To when; null for the present one.
    #[schema(format = DateTime)]
    to: Option<String>,
    /// The action that began it.
    begun_by: &'static str,
    /// Running: until when.
    #[schema(format = DateTime)]
    due_at: Option<String>,
    /// Running: when it was marked as missed.
    #[schema(format = DateTime)]
    missed_at: Option<String>,
    /// Paused: for whom.
    reason: Option<&'static str>,
}

/// The clock of a case.
#[utoipa::path(get, path = "/api/v1/cases/{receipt_no}/clock", tag = "cases",
    params(("receipt_no" = String, Path)), responses((status = 200, body = ClockView)))]
pub async fn read(
    request: HttpRequest,
    user: SignedIn,
    app: web::Data<App>,
    path: web::Path<String>,
) -> Answer {
    let receipt_no: ReceiptNo = path.parse().map_err(|_| Failure::not_found())?;
    let full = viewing::full(&app, &user.actor, &receipt_no).await?;
    let case = &full.summary.listed.case;
    let (state, provisional) = match case.clock {
        ClockState::Running { term } => ("running", term.provisional),
        ClockState::Paused { .. } => ("paused", false),
        ClockState::Stopped { .. } => ("stopped", false),
    };
    let line = stretches(&full).into_iter().map(|stretch| {
        let (state, due, missed, reason) = match stretch.what {
            What::Running { term, missed } => ("running", Some(term.due), missed, None),
            What::Paused { reason, .. } => ("paused", None, None, Some(reason.as_str())),
        };
        StretchView {
            state,
            from: stretch.from.rfc3339(),
            to: stretch.to.map(Ts::rfc3339),
            begun_by: stretch.begun_by.as_str(),
            due_at: due.map(Ts::rfc3339),
            missed_at: missed.map(Ts::rfc3339),
            reason,
        }
    });
    Ok(HttpResponse::Ok().json(ClockView {
        state,
        due_at: case.due().map(Ts::rfc3339),
        provisional,
        breached: case.missed(),
        computed: computed(api_locale(&request), &full),
        line: line.collect(),
    }))
}

/// Body of turning the demo's clock.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct NewTime {
    /// The new business time, RFC 3339.
    #[schema(format = DateTime)]
    at: String,
}

/// The demo's clock after it was turned.
#[derive(Debug, Serialize, ToSchema)]
pub struct Turned {
    /// Business time now.
    #[schema(format = DateTime)]
    now: String,
    /// Timers that did something.
    fired: usize,
}

/// Turns the demo's clock, forward or back, and does what is due by then; 404 where there is no demo.
#[utoipa::path(post, path = "/api/v1/demo/clock", tag = "demo", request_body = NewTime,
    responses((status = 200, body = Turned)))]
pub async fn set(user: SignedIn, app: web::Data<App>, body: Body) -> Answer {
    may_turn(&app, &user.actor)?;
    let mut fields = Fields::of(&body);
    let at = fields.words("at");
    let at = match Ts::parse(&at) {
        Some(at) => at,
        None => {
            if !at.is_empty() {
                fields.fault("at", "moment-malformed");
            }
            app.clock.now()
        }
    };
    fields.finish()?;
    let fired = turn(&app, &user.actor, at).await?;
    Ok(HttpResponse::Ok().json(Turned {
        now: app.clock.now().rfc3339(),
        fired,
    }))
}
