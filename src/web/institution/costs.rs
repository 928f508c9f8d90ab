//! Taking a cost back (XR-6): what it was, and why. It stays and is seen as taken back.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::words::Said;
use super::{frame, patient_id};
use crate::domain::actor::Role;
use crate::domain::ids::{CostId, PatientId};
use crate::domain::patient::cost::Cost;
use crate::usecases::App;
use crate::usecases::ledger::{self, costs, reading};
use crate::web::components::{Area, ErrorSummary, SummaryList, SummaryRow};
use crate::web::csrf::Sent;
use crate::web::page::{Chrome, page, see_other};
use crate::web::problem::{Answer, Failure};
use crate::web::session::SignedIn;
use crate::web::urls::institution as to;

#[derive(Template)]
#[template(path = "institution/take_back.html")]
struct TakeBackPage {
    chrome: Chrome,
    errors: Option<ErrorSummary>,
    back: String,
    action: String,
    cost: SummaryList,
    reason: Area,
}

/// Why it is taken back.
#[derive(Debug, Deserialize)]
pub struct Typed {
    #[serde(default)]
    reason: String,
}

type Named = web::Path<(String, String)>;

/// `GET /institution/patients/{patient}/costs/{cost}/take-back`.
pub async fn ask(user: SignedIn, request: HttpRequest, app: web::Data<App>, path: Named) -> Answer {
    user.actor.require(ledger::WRITERS)?;
    let (patient, id) = named(&path)?;
    let cost = find(&app, &user, patient, id).await?;
    let said = Said::nothing();
    Ok(shown(
        &request,
        (patient, &cost),
        ("", &said),
        StatusCode::OK,
    ))
}

fn named(path: &Named) -> Result<(PatientId, CostId), Failure> {
    let cost = path.1.parse().map_err(|_| Failure::not_found())?;
    Ok((patient_id(&path.0)?, cost))
}

async fn find(app: &App, user: &SignedIn, patient: PatientId, id: CostId) -> Result<Cost, Failure> {
    let whole = reading::whole(app, &user.actor, patient).await?;
    let found = whole.costs.into_iter().find(|one| one.cost.id == id);
    found.map(|one| one.cost).ok_or_else(Failure::not_found)
}

fn shown(
    request: &HttpRequest,
    (patient, cost): (PatientId, &Cost),
    (typed, said): (&str, &Said),
    status: StatusCode,
) -> HttpResponse {
    let mut chrome = frame(request, Role::InstitutionClerk, "cost-take-back-title");
    chrome.faulty = !said.is_empty();
    let row = |key: &str, value: String| SummaryRow::new(chrome.t(key), value);
    let rows = vec![
        row("patient-field-incurred-on", chrome.day(&cost.incurred_on)),
        row(
            "patient-field-kind",
            chrome.t(&format!("cost-kind-{}", cost.kind)),
        ),
        row("patient-field-amount", chrome.money(&cost.amount.fen())),
        row("patient-field-note", cost.note.clone()),
    ];
    let content = TakeBackPage {
        errors: said.summary(chrome.locale),
        back: to::patient(patient, ""),
        action: to::take_back(patient, cost.id),
        cost: SummaryList::new(chrome.locale, rows),
        reason: Area::new(chrome.locale, "reason", chrome.t("cost-take-back-reason"))
            .rows(3)
            .max(200)
            .value(typed)
            .error(said.at("reason")),
        chrome,
    };
    page(status, &content)
}

/// `POST /institution/patients/{patient}/costs/{cost}/take-back`.
pub async fn take_back(
    request: HttpRequest,
    app: web::Data<App>,
    path: Named,
    sent: Sent<Typed>,
) -> Answer {
    let actor = &sent.user.actor;
    actor.require(ledger::WRITERS)?;
    let (patient, id) = named(&path)?;
    let reason = sent.form.reason.clone();
    let error = match costs::take_back(&app, actor, patient, id, reason).await {
        Ok(_) => return Ok(see_other(&to::patient(patient, "cost"))),
        Err(error) => error,
    };
    let status = super::acting::status_of(&error);
    let said = Said::of(&frame(&request, actor.role, "cost-take-back-title"), error)?;
    let cost = find(&app, &sent.user, patient, id).await?;
    Ok(shown(
        &request,
        (patient, &cost),
        (&sent.form.reason, &said),
        status,
    ))
}
