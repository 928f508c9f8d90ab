//! What a clerk does to an entry from its page: another condition, the discharge, a cost. What is refused is shown on the
//! same page with what was typed.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use serde::Deserialize;

use super::words::Said;
use super::{frame, patient, patient_id};
use crate::domain::form::FieldError;
use crate::domain::ids::PatientId;
use crate::domain::money::Fen;
use crate::domain::patient::cost::RawCost;
use crate::domain::patient::entry::read_status;
use crate::usecases::ledger::{self, changing, costs, reading};
use crate::usecases::{App, Error};
use crate::web::csrf::Sent;
use crate::web::page::see_other;
use crate::web::problem::Answer;
use crate::web::urls::institution as to;

/// What is typed there; each form has its part.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Typed {
    #[serde(default)]
    version: u32,
    #[serde(default)]
    pub(super) status: String,
    #[serde(default)]
    pub(super) reason: String,
    #[serde(default)]
    pub(super) discharged_on: String,
    #[serde(default)]
    pub(super) incurred_on: String,
    #[serde(default)]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) amount: String,
    #[serde(default)]
    pub(super) note: String,
}

/// The status of a page that comes back with what was wrong.
pub(super) fn status_of(error: &Error) -> StatusCode {
    match error {
        Error::Conflict(_) => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// `POST /institution/patients/{patient}/status`.
pub async fn status(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
    sent: Sent<Typed>,
) -> Answer {
    sent.user.actor.require(ledger::WRITERS)?;
    let id = patient_id(&id)?;
    let (typed, seen) = (&sent.form, (id, sent.form.version));
    let outcome = match read_status(&typed.status) {
        Ok(status) => {
            changing::set_status(&app, &sent.user.actor, seen, status, typed.reason.clone()).await
        }
        Err(code) => Err(Error::Invalid(vec![FieldError::new("status", code)])),
    };
    answer(&request, &app, id, &sent, outcome.map(|_| "status")).await
}

/// `POST /institution/patients/{patient}/discharge`.
pub async fn discharge(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
    sent: Sent<Typed>,
) -> Answer {
    sent.user.actor.require(ledger::WRITERS)?;
    let id = patient_id(&id)?;
    let (typed, seen) = (&sent.form, (id, sent.form.version));
    let outcome = changing::discharge(&app, &sent.user.actor, seen, &typed.discharged_on).await;
    answer(&request, &app, id, &sent, outcome.map(|_| "discharged")).await
}

/// `POST /institution/patients/{patient}/costs`.
pub async fn cost(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
    sent: Sent<Typed>,
) -> Answer {
    sent.user.actor.require(ledger::WRITERS)?;
    let id = patient_id(&id)?;
    let typed = &sent.form;
    let raw = RawCost {
        incurred_on: typed.incurred_on.clone(),
        kind: typed.kind.clone(),
        note: typed.note.clone(),
    };
    let amount = Fen::parse(&typed.amount)
        .map_err(|reason| FieldError::new("amount", &format!("money-{}", reason.code())));
    let outcome = costs::add(&app, &sent.user.actor, id, raw, amount).await;
    answer(&request, &app, id, &sent, outcome.map(|_| "cost")).await
}

async fn answer(
    request: &HttpRequest,
    app: &App,
    id: PatientId,
    sent: &Sent<Typed>,
    outcome: Result<&'static str, Error>,
) -> Answer {
    let error = match outcome {
        Ok(done) => return Ok(see_other(&to::patient(id, done))),
        Err(error) => error,
    };
    let actor = &sent.user.actor;
    let status = status_of(&error);
    let said = Said::of(&frame(request, actor.role, "patient-title"), error)?;
    let whole = reading::whole(app, actor, id).await?;
    Ok(patient::again(
        request,
        app,
        &whole,
        (&sent.form, said),
        status,
    ))
}
