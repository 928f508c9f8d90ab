//! The patient ledger (IN-4): entering, course, costs kept apart (XR-6). ID numbers are masked in every answer.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::reading::{Body, Fields, List, Query, next};
use crate::domain::form::{FieldError, Need};
use crate::domain::ids::PatientId;
use crate::domain::money::Fen;
use crate::domain::patient::cost::{self, Cost, RawCost};
use crate::domain::patient::entry::{Raw, read_status};
use crate::store::patients::costs::Booked;
use crate::store::patients::{Entered, Filter};
use crate::usecases::ledger::{self, Outcome, changing, costs, reading};
use crate::usecases::{App, Error};
use crate::web::problem::{Answer, Failure};
use crate::web::session::SignedIn;

/// Body of an entry. Sex, age, scheme and place may be left out where ID number or registry give them.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct NewPatient {
    /// Name.
    name: String,
    /// Whole ID number.
    id_number: String,
    /// `female` or `male`.
    sex: Option<String>,
    /// Whole years on the day of admission.
    age: Option<u16>,
    /// `suspected`, `confirmed` or `excluded`.
    status: String,
    /// First day of the stay.
    #[schema(format = Date)]
    admitted_on: String,
    /// Last day of it, once it is over.
    #[schema(format = Date)]
    discharged_on: Option<String>,
    /// `employee` or `resident`.
    scheme: Option<String>,
    /// Code of a prefecture, county or province.
    place_of_insurance: Option<String>,
}

/// An entry of the ledger.
#[derive(Debug, Serialize, ToSchema)]
pub struct PatientView {
    /// Identifier.
    id: String,
    /// Name.
    name: String,
    /// ID number, masked.
    id_number: String,
    /// `female` or `male`.
    sex: &'static str,
    /// Whole years on the day of admission.
    age: u16,
    /// `suspected`, `confirmed` or `excluded`.
    status: &'static str,
    /// First day of the stay.
    #[schema(format = Date)]
    admitted_on: String,
    /// Last day of it; null while it lasts.
    #[schema(format = Date)]
    discharged_on: Option<String>,
    /// `employee` or `resident`, where it is known.
    scheme: Option<&'static str>,
    /// Code of the prefecture; of a province where no more is known.
    place_of_insurance: String,
    /// Name of the institution.
    institution: String,
    /// How far the registration is: `not-needed`, `open`, `asked`, `registered` or `recorded`.
    registration: &'static str,
    /// Every change takes the version it saw.
    version: u32,
    /// When they were entered.
    #[schema(format = DateTime)]
    entered_at: String,
    /// Whether the registry knows them.
    in_registry: bool,
}

/// Body of another condition.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct StatusBody {
    /// The version that was seen.
    version: u32,
    /// `suspected`, `confirmed` or `excluded`.
    status: String,
    /// Needed where it corrects what was said before.
    reason: Option<String>,
}

/// Body of a discharge.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct DischargeBody {
    /// The version that was seen.
    version: u32,
    /// Last day of the stay.
    #[schema(format = Date)]
    discharged_on: String,
}

/// Body of a cost, or of what takes one back.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct NewCost {
    /// When it arose, within the stay.
    #[schema(format = Date)]
    incurred_on: Option<String>,
    /// `drug`, `treatment`, `examination`, `bed` or `other`.
    kind: Option<String>,
    /// Fen, more than zero.
    amount: Option<i64>,
    /// In a few words.
    note: Option<String>,
    /// The cost that is taken back; nothing else but the reason is wanted then.
    reverses: Option<String>,
    /// Why it is taken back.
    reason: Option<String>,
}

/// A cost kept apart (XR-6).
#[derive(Debug, Serialize, ToSchema)]
pub struct CostView {
    /// Identifier.
    id: String,
    /// When it arose.
    #[schema(format = Date)]
    incurred_on: String,
    /// What for.
    kind: &'static str,
    /// Fen; negative when it takes another back.
    amount: i64,
    /// The cost that it takes back.
    reverses: Option<String>,
    /// In a few words.
    note: String,
    /// When it was entered.
    #[schema(format = DateTime)]
    entered_at: String,
}

/// The costs of a patient.
#[derive(Debug, Serialize, ToSchema)]
pub struct CostList {
    /// By day.
    items: Vec<CostView>,
    /// Always null: the list is whole.
    next: Option<String>,
    /// What they come to, in fen.
    sum: i64,
}

fn view(entered: &Entered, institution: &str) -> PatientView {
    let patient = &entered.patient;
    PatientView {
        id: patient.id.to_string(),
        name: patient.name.clone(),
        id_number: entered.id_number.masked(),
        sex: patient.sex.as_str(),
        age: patient.age,
        status: patient.status.as_str(),
        admitted_on: patient.admitted_on.to_string(),
        discharged_on: patient.discharged_on.map(|day| day.to_string()),
        scheme: patient.scheme.map(|scheme| scheme.as_str()),
        place_of_insurance: patient.insured_at.clone(),
        institution: institution.to_owned(),
        registration: patient.progress.as_str(),
        version: patient.version,
        entered_at: entered.at.rfc3339(),
        in_registry: patient.person.is_some(),
    }
}

fn cost_view(booked: &Booked) -> CostView {
    let cost = &booked.cost;
    CostView {
        id: cost.id.to_string(),
        incurred_on: cost.incurred_on.to_string(),
        kind: cost.kind.as_str(),
        amount: cost.amount.fen(),
        reverses: cost.reverses.map(|id| id.to_string()),
        note: cost.note.clone(),
        entered_at: booked.at.rfc3339(),
    }
}

/// Enters a patient of the caller's institution: 201. The same ID number with the same day of admission is the same entry:
/// 200, with what is new in it.
#[utoipa::path(post, path = "/api/v1/patients", tag = "ledger", request_body = NewPatient,
    responses((status = 201, body = PatientView), (status = 200, body = PatientView)))]
pub async fn enter(user: SignedIn, app: web::Data<App>, body: Body) -> Answer {
    user.actor.require(ledger::WRITERS)?;
    let raw = raw(&body)?;
    let (outcome, entered) = ledger::enter(&app, &user.actor, &raw).await?;
    let view = written(&app, &user, &entered).await?;
    let place = format!("/api/v1/patients/{}", view.id);
    Ok(match outcome {
        Outcome::New => HttpResponse::Created()
            .insert_header((header::LOCATION, place))
            .json(view),
        Outcome::Changed | Outcome::Same => HttpResponse::Ok().json(view),
    })
}

/// An entry of the caller's own institution.
async fn written(app: &App, user: &SignedIn, entered: &Entered) -> Result<PatientView, Error> {
    let institution = reading::own_institution(app, &user.actor).await?;
    Ok(view(entered, &institution))
}

/// The same as the answer to a change.
async fn changed(app: &App, user: &SignedIn, entered: &Entered) -> Answer {
    Ok(HttpResponse::Ok().json(written(app, user, entered).await?))
}

fn raw(body: &Map<String, Value>) -> Result<Raw, Error> {
    let mut fields = Fields::of(body);
    let age = match fields.raw("age") {
        Some(Value::Number(number)) => number.to_string(),
        _ => fields.words_if_any("age"),
    };
    let raw = Raw {
        name: fields.words_if_any("name"),
        id_number: fields.words_if_any("id_number"),
        sex: fields.words_if_any("sex"),
        age,
        status: fields.words_if_any("status"),
        admitted_on: fields.words_if_any("admitted_on"),
        discharged_on: fields.words_if_any("discharged_on"),
        scheme: fields.words_if_any("scheme"),
        place_of_insurance: fields.words_if_any("place_of_insurance"),
    };
    fields.finish()?;
    Ok(raw)
}

/// The ledger that the caller may see, the latest admission first: an institution's, an agency's, a pool's for auditors.
#[utoipa::path(get, path = "/api/v1/patients", tag = "ledger",
    params(("status" = Option<String>, Query, description = "Only with this condition"),
        ("presence" = Option<String>, Query, description = "`here` or `discharged`"),
        ("limit" = Option<u16>, Query, description = "1 to 500"), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<PatientView>)))]
pub async fn list(request: HttpRequest, user: SignedIn, app: web::Data<App>) -> Answer {
    user.actor.require(ledger::READERS)?;
    let query = Query::of(&request);
    let filter = Filter {
        status: query.chosen("status", |typed| read_status(typed).ok())?,
        presence: query.chosen("presence", |typed| typed.parse().ok())?,
        id_number: None,
    };
    let (limit, after) = (query.limit()?, query.cursor()?);
    let page = reading::page(&app, &user.actor, filter, after, limit).await?;
    let last = page.entries.last().map(|one| &one.patient);
    let next = next(page.rest, last.map(|last| (last.admitted_on, last.id)));
    let items = page.entries.iter().map(|entered| {
        let institution = page.institutions.get(&entered.patient.institution);
        view(entered, institution.map_or("", String::as_str))
    });
    Ok(HttpResponse::Ok().json(List {
        items: items.collect(),
        next,
    }))
}

/// One entry. Whoever is not of the institution leaves a trace.
#[utoipa::path(get, path = "/api/v1/patients/{id}", tag = "ledger",
    params(("id" = String, Path)), responses((status = 200, body = PatientView)))]
pub async fn read(user: SignedIn, app: web::Data<App>, id: web::Path<String>) -> Answer {
    user.actor.require(ledger::READERS)?;
    let whole = reading::whole(&app, &user.actor, patient(&id)?).await?;
    Ok(HttpResponse::Ok().json(view(&whole.entered, &whole.institution.1)))
}

/// An identifier; a malformed one names nobody.
fn patient(id: &str) -> Result<PatientId, Failure> {
    id.parse().map_err(|_| Failure::not_found())
}

/// Another condition.
#[utoipa::path(post, path = "/api/v1/patients/{id}/status", tag = "ledger", request_body = StatusBody,
    params(("id" = String, Path)), responses((status = 200, body = PatientView)))]
pub async fn set_status(
    user: SignedIn,
    app: web::Data<App>,
    id: web::Path<String>,
    body: Body,
) -> Answer {
    user.actor.require(ledger::WRITERS)?;
    let id = patient(&id)?;
    let mut fields = Fields::of(&body);
    let version = fields.number("version");
    let status = read_status(&fields.words_if_any("status"));
    let reason = fields.words_if_any("reason");
    if let Err(code) = status {
        fields.fault("status", code);
    }
    fields.finish()?;
    let status = status.map_err(|_| Failure::not_found())?;
    let entered = changing::set_status(&app, &user.actor, (id, version), status, reason).await?;
    changed(&app, &user, &entered).await
}

/// The end of the stay.
#[utoipa::path(post, path = "/api/v1/patients/{id}/discharge", tag = "ledger", request_body = DischargeBody,
    params(("id" = String, Path)), responses((status = 200, body = PatientView)))]
pub async fn discharge(
    user: SignedIn,
    app: web::Data<App>,
    id: web::Path<String>,
    body: Body,
) -> Answer {
    user.actor.require(ledger::WRITERS)?;
    let id = patient(&id)?;
    let mut fields = Fields::of(&body);
    let version = fields.number("version");
    let on = fields.words_if_any("discharged_on");
    fields.finish()?;
    let entered = changing::discharge(&app, &user.actor, (id, version), &on).await?;
    changed(&app, &user, &entered).await
}

/// The costs of a patient, kept apart (XR-6).
#[utoipa::path(get, path = "/api/v1/patients/{id}/costs", tag = "ledger",
    params(("id" = String, Path)), responses((status = 200, body = CostList)))]
pub async fn costs(user: SignedIn, app: web::Data<App>, id: web::Path<String>) -> Answer {
    user.actor.require(ledger::READERS)?;
    let whole = reading::whole(&app, &user.actor, patient(&id)?).await?;
    let all: Vec<Cost> = whole.costs.iter().map(|one| one.cost.clone()).collect();
    Ok(HttpResponse::Ok().json(CostList {
        items: whole.costs.iter().map(cost_view).collect(),
        next: None,
        sum: cost::sum(&all).map(Fen::fen).unwrap_or(i64::MAX),
    }))
}

/// Enters a cost, or takes one back.
#[utoipa::path(post, path = "/api/v1/patients/{id}/costs", tag = "ledger", request_body = NewCost,
    params(("id" = String, Path)), responses((status = 201, body = CostView)))]
pub async fn add_cost(
    user: SignedIn,
    app: web::Data<App>,
    id: web::Path<String>,
    body: Body,
) -> Answer {
    user.actor.require(ledger::WRITERS)?;
    let id = patient(&id)?;
    let mut fields = Fields::of(&body);
    let reverses = fields.text("reverses", Need::Optional);
    let reason = fields.words_if_any("reason");
    let amount = amount(&fields);
    let raw = RawCost {
        incurred_on: fields.words_if_any("incurred_on"),
        kind: fields.words_if_any("kind"),
        note: fields.words_if_any("note"),
    };
    fields.finish()?;
    let booked = match reverses {
        None => costs::add(&app, &user.actor, id, raw, amount).await?,
        Some(wrong) => {
            let wrong = wrong.parse().map_err(|_| Failure::not_found())?;
            costs::take_back(&app, &user.actor, id, wrong, reason).await?
        }
    };
    Ok(HttpResponse::Created().json(cost_view(&booked)))
}

/// Whole fen; what is wrong is taken back, not entered as less than nothing.
fn amount(fields: &Fields<'_>) -> Result<Fen, FieldError> {
    let fault = |code| FieldError::new("amount", code);
    let value = fields.raw("amount").ok_or_else(|| fault("required"))?;
    match value.as_i64() {
        Some(fen) if fen < 0 => Err(fault("money-negative")),
        Some(fen) => Ok(Fen::new(fen)),
        None => Err(fault("wrong-type")),
    }
}
