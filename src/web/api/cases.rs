//! Cases: filed, listed, read, acted upon. Every answer about a case is the object of
//! `GET /api/v1/cases/{receipt_no}`.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::behalf::Principal;
use super::commands::{self, Asked};
use super::reading::{Body, Fields, List, Query, next};
use super::views::{CaseSummary, CaseView, EventView, MaterialView};
use super::writing::{Writer, event, material};
use crate::domain::actor::Actor;
use crate::domain::case::{Channel, State};
use crate::domain::form::Need;
use crate::domain::ids::ApprovalId;
use crate::domain::receipt::ReceiptNo;
use crate::items;
use crate::usecases::filing::{Submission, file};
use crate::usecases::handling::{self, Outcome};
use crate::usecases::listing::{self, Listing};
use crate::usecases::viewing::Full;
use crate::usecases::{App, Error, behalf, supplementing, viewing, zero_material};
use crate::web::problem::{Answer, Failure, api_locale};
use crate::web::session::SignedIn;

/// Body of a filing.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct NewCase {
    /// Slug of the item.
    #[schema(example = "cross-region-registration")]
    item: String,
    /// Answers by the names of the item's fields; other names are ignored. Empty for a patient of the ledger (XR-3).
    #[schema(value_type = Object)]
    answers: Map<String, Value>,
    /// For whom else it is filed: by a handler after a call back, by others with an authorisation in force; for a patient of
    /// the ledger by the hospital's clerk or a handler.
    #[serde(rename = "for")]
    principal: Option<super::behalf::ForBody>,
    /// Handlers: the call back.
    call_back: Option<super::behalf::CallBody>,
    /// Why it is urgent: one of the item's reasons (CAT-4).
    urgent: Option<String>,
}

/// Body of an action: the version that was seen, and what the action takes.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct ActionBody {
    /// The version of the case that was seen.
    #[schema(minimum = 1)]
    version: u32,
    /// `refuse`, `not-accept`, `return`, `release`, `hand-over`, `assign`, `reopen`, `object`, `set-urgency`: why. May be given with
    /// `withdraw`, and with `claim` of a case that is not the next one.
    reason: Option<String>,
    /// `refuse`, `not-accept`: the clause it rests on.
    clause: Option<String>,
    /// `hand-over`, `assign` (or `reassign`): account or user name of a handler of the agency.
    to: Option<String>,
    /// `request-supplement`: everything that is missing.
    missing: Option<Vec<MissingBody>>,
    /// `supplement`: fields answered anew.
    #[schema(value_type = Option<Object>)]
    answers: Option<Map<String, Value>>,
    /// `set-urgency`: `urgent`, `special`, `routine` or `deferrable`.
    urgency: Option<String>,
    /// Decisions after a missed deadline: its cause.
    breach_cause: Option<BreachBody>,
}

/// One missing thing: either `material` or `field`.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct MissingBody {
    /// A material of the item.
    material: Option<String>,
    /// A field of the item's form.
    field: Option<String>,
    /// What is wrong with it.
    reason: String,
}

/// Why a deadline was missed.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct BreachBody {
    /// A code of `GET /api/v1/breach-causes`.
    code: String,
    /// In words.
    words: String,
}

/// Files a case by a handheld app. The same key with the same body gives the first answer again, with another
/// body it is refused.
#[utoipa::path(post, path = "/api/v1/cases", tag = "cases", request_body = NewCase,
    params(("Idempotency-Key" = String, Header, description = "Chosen by the caller, one for each submission")),
    responses((status = 201, body = CaseView)))]
pub async fn create(
    request: HttpRequest,
    user: SignedIn,
    app: web::Data<App>,
    body: Body,
) -> Answer {
    let submission = submission(&request, &body)?;
    let actor = &user.actor;
    let filed = match super::behalf::principal(&app, actor, &body).await? {
        None => file(&app, actor, submission).await?,
        Some(Principal::Person(person, call)) => {
            behalf::file(&app, actor, person, call.as_ref(), submission).await?
        }
        Some(Principal::Patient(patient)) => {
            zero_material::register(&app, actor, patient, submission).await?
        }
    };
    let receipt_no = parsed(filed.receipt_no())?;
    // A handler who filed for a caller never handles it: where it stands, not what is in it (CAS-10).
    let full = viewing::of_filer(&app, actor, &receipt_no).await?;
    let view = written_case(&request, &app, &full);
    Ok(HttpResponse::Created()
        .insert_header((header::LOCATION, format!("/api/v1/cases/{receipt_no}")))
        .json(view))
}

fn submission(request: &HttpRequest, body: &Map<String, Value>) -> Result<Submission, Error> {
    let mut fields = Fields::of(body);
    let token = request
        .headers()
        .get("Idempotency-Key")
        .and_then(|value| value.to_str().ok())
        .map(str::trim)
        .unwrap_or_default()
        .to_owned();
    if token.is_empty() {
        fields.fault("Idempotency-Key", "token-malformed");
    }
    let item = fields.words("item");
    if !item.is_empty() && items::find(&item).is_none() {
        fields.fault("item", "item-unknown");
    }
    let answers = fields.object("answers");
    let urgent = fields.text("urgent", Need::Optional);
    fields.finish()?;
    Ok(Submission {
        item,
        answers,
        token,
        channel: Channel::Mobile,
        draft: None,
        behalf: None,
        urgent,
    })
}

/// A resident's own cases, for staff those of the agency; newest first.
#[utoipa::path(get, path = "/api/v1/cases", tag = "cases",
    params(("state" = Option<String>, Query, description = "Only cases in this state (staff)"),
        ("limit" = Option<u16>, Query, description = "1 to 500"), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<CaseSummary>)))]
pub async fn list(request: HttpRequest, user: SignedIn, app: web::Data<App>) -> Answer {
    let query = Query::of(&request);
    let state: Option<State> = query.chosen("state", |typed| typed.parse().ok())?;
    let (limit, after) = (query.limit()?, query.cursor()?);
    let found = listing::cases(&app, &user.actor, state, after, limit).await?;
    let last = found.items.last().map(|summary| {
        let case = &summary.listed.case;
        (case.filed_at, case.id)
    });
    let next = next(found.rest, last);
    Ok(HttpResponse::Ok().json(List {
        items: written(&request, &app, &found),
        next,
    }))
}

/// The cases of a page as objects.
pub fn written(request: &HttpRequest, app: &App, found: &Listing) -> Vec<CaseSummary> {
    let writer = Writer {
        app,
        locale: api_locale(request),
    };
    found
        .items
        .iter()
        .map(|summary| writer.summary(summary, &found.names))
        .collect()
}

/// A case with what is open to the caller. A missing case, a malformed number and somebody else's case are one
/// answer: 404.
#[utoipa::path(get, path = "/api/v1/cases/{receipt_no}", tag = "cases",
    params(("receipt_no" = String, Path)), responses((status = 200, body = CaseView)))]
pub async fn read(
    request: HttpRequest,
    user: SignedIn,
    app: web::Data<App>,
    path: web::Path<String>,
) -> Answer {
    let receipt_no = parsed(&path)?;
    answer(&request, &app, &user.actor, &receipt_no).await
}

/// The journal of a case, in order. Reasons that are talk inside the agency are left out for applicants.
#[utoipa::path(get, path = "/api/v1/cases/{receipt_no}/events", tag = "cases",
    params(("receipt_no" = String, Path)), responses((status = 200, body = List<EventView>)))]
pub async fn events(user: SignedIn, app: web::Data<App>, path: web::Path<String>) -> Answer {
    let receipt_no = parsed(&path)?;
    let full = viewing::full(&app, &user.actor, &receipt_no).await?;
    let entries = full.entries.iter().map(|entry| event(&full, entry));
    Ok(HttpResponse::Ok().json(List::whole(entries.collect())))
}

/// The uploaded papers of a case.
#[utoipa::path(get, path = "/api/v1/cases/{receipt_no}/materials", tag = "cases",
    params(("receipt_no" = String, Path)), responses((status = 200, body = List<MaterialView>)))]
pub async fn materials(user: SignedIn, app: web::Data<App>, path: web::Path<String>) -> Answer {
    let receipt_no = parsed(&path)?;
    let full = viewing::full(&app, &user.actor, &receipt_no).await?;
    let papers = full.materials.iter().map(material);
    Ok(HttpResponse::Ok().json(List::whole(papers.collect())))
}

/// Does an action to a case, as the table of CAS-1 allows it to the caller. 202 when it now waits for a second
/// person; see `pending_approvals`.
#[utoipa::path(post, path = "/api/v1/cases/{receipt_no}/actions/{action}", tag = "cases",
    request_body = ActionBody,
    params(("receipt_no" = String, Path), ("action" = String, Path, description = "A name out of `actions`")),
    responses((status = 200, body = CaseView), (status = 202, body = CaseView)))]
pub async fn act(
    request: HttpRequest,
    user: SignedIn,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    body: Body,
) -> Answer {
    let (receipt_no, action) = path.into_inner();
    let receipt_no = parsed(&receipt_no)?;
    let action = commands::action(&action).ok_or_else(Failure::not_found)?;
    let actor = &user.actor;
    let (version, asked) = commands::read(&app, actor, action, &body).await?;
    let outcome = match asked {
        Asked::Act(command) => handling::act(&app, actor, &receipt_no, version, command).await?,
        Asked::Supplement(changed) => {
            supplementing::supplement(&app, actor, &receipt_no, version, changed).await?
        }
    };
    // Who passes on a relative's case is answered where it stands, not what is in it (CAS-10).
    let full = viewing::full_or_outline(&app, actor, &receipt_no).await?;
    let view = written_case(&request, &app, &full);
    Ok(match outcome {
        Outcome::Done => HttpResponse::Ok().json(view),
        Outcome::Asked(_) => HttpResponse::Accepted().json(view),
    })
}

/// Confirms what somebody else asked for; the case moves now (CAS-1).
#[utoipa::path(post, path = "/api/v1/approvals/{id}/confirm", tag = "cases",
    params(("id" = String, Path)), responses((status = 200, body = CaseView)))]
pub async fn confirm(
    request: HttpRequest,
    user: SignedIn,
    app: web::Data<App>,
    path: web::Path<String>,
) -> Answer {
    user.actor.require(handling::JUDGES)?;
    let id: ApprovalId = path.parse().map_err(|_| Failure::not_found())?;
    let receipt_no = handling::confirm(&app, &user.actor, id).await?;
    answer(&request, &app, &user.actor, &parsed(&receipt_no)?).await
}

/// Declines what somebody else asked for; the case stays as it is.
#[utoipa::path(post, path = "/api/v1/approvals/{id}/decline", tag = "cases",
    params(("id" = String, Path)), responses((status = 200, body = CaseView)))]
pub async fn decline(
    request: HttpRequest,
    user: SignedIn,
    app: web::Data<App>,
    path: web::Path<String>,
) -> Answer {
    user.actor.require(handling::JUDGES)?;
    let id: ApprovalId = path.parse().map_err(|_| Failure::not_found())?;
    let receipt_no = handling::decline(&app, &user.actor, id).await?;
    answer(&request, &app, &user.actor, &parsed(&receipt_no)?).await
}

/// A receipt number; what is none is as good as a missing case.
///
/// # Errors
/// 404.
pub fn parsed(receipt_no: &str) -> Result<ReceiptNo, Failure> {
    receipt_no.parse().map_err(|_| Failure::not_found())
}

/// The case as 200.
///
/// # Errors
/// 404 for what the actor may not see, 403 for a relative's case at the agency (CAS-10).
pub async fn answer(
    request: &HttpRequest,
    app: &App,
    actor: &Actor,
    receipt_no: &ReceiptNo,
) -> Answer {
    answer_as(StatusCode::OK, request, app, actor, receipt_no).await
}

/// The case with a status.
///
/// # Errors
/// 404 for what the actor may not see, 403 for a relative's case at the agency (CAS-10).
pub async fn answer_as(
    status: StatusCode,
    request: &HttpRequest,
    app: &App,
    actor: &Actor,
    receipt_no: &ReceiptNo,
) -> Answer {
    let view = view(request, app, actor, receipt_no).await?;
    Ok(HttpResponse::build(status).json(view))
}

async fn view(
    request: &HttpRequest,
    app: &App,
    actor: &Actor,
    receipt_no: &ReceiptNo,
) -> Result<CaseView, Failure> {
    let full = viewing::full(app, actor, receipt_no).await?;
    Ok(written_case(request, app, &full))
}

fn written_case(request: &HttpRequest, app: &App, full: &Full) -> CaseView {
    let writer = Writer {
        app,
        locale: api_locale(request),
    };
    writer.case(full)
}
