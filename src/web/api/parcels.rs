//! Parcels of a mailroom (RB-1): registered, checked, originals sent back; parcels announced for an own case, and its cover sheet. The
//! same use cases as the pages.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::cases::parsed;
use super::reading::{Body, Fields, List, Query, next};
use crate::config::Http;
use crate::domain::form::{FieldError, Need};
use crate::domain::ids::ParcelId;
use crate::domain::parcel::{Label, Raw, tracking};
use crate::domain::time::Ts;
use crate::store::parcels::{Filter, Parcel, Registered, Returned};
use crate::usecases::mailing::announcing::{self, Mail};
use crate::usecases::mailing::checking::{self, Checklist};
use crate::usecases::mailing::reading::{self, Whole};
use crate::usecases::mailing::{CLERKS, READERS, registering, returning};
use crate::usecases::{App, Error};
use crate::web::problem::{Answer, Failure};
use crate::web::session::SignedIn;

/// A parcel.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParcelView {
    /// Identifier.
    id: String,
    /// Name of the courier.
    courier: &'static str,
    /// Tracking number.
    tracking: String,
    /// Day of the postmark.
    posted_on: Option<String>,
    /// When it was delivered, which starts the clock.
    delivered_at: String,
    /// When it was registered.
    registered_at: String,
    /// Who sent it.
    sender: String,
    /// What one without a form holds.
    contents: String,
    /// Sheets of originals that are here still.
    originals_here: i32,
    /// Whether something is left to do.
    open: bool,
    /// Its cases.
    cases: Vec<ParcelCaseView>,
    /// What went back.
    returns: Vec<ReturnView>,
}

/// A case of a parcel.
#[derive(Debug, Serialize, ToSchema)]
pub struct ParcelCaseView {
    /// Receipt number.
    receipt_no: String,
    /// What was found of its materials, by name: `original`, `copy`, `missing`, `unreadable`; of lists always empty.
    #[schema(value_type = Object)]
    found: Value,
}

/// Originals that went back.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnView {
    /// Name of the courier.
    courier: &'static str,
    /// Tracking number.
    tracking: String,
    /// How many sheets.
    sheets: i32,
    /// When.
    sent_on: String,
}

/// Body of `POST /api/v1/parcels`.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct NewParcel {
    /// `ems`, `sf`, `jd`, `zto`, `yto`, `sto`, `yunda`, `fax` or `other`.
    courier: String,
    /// Tracking number.
    tracking: String,
    /// Day of the postmark, where it can be read.
    posted_on: Option<String>,
    /// When it was delivered.
    delivered_at: String,
    /// Who sent it.
    sender: String,
    /// Receipt numbers.
    cases: Option<Vec<String>>,
    /// Of one without a form: the ID number on the papers.
    id_number: Option<String>,
    /// Of one without a form: what it holds.
    contents: Option<String>,
}

/// Body of `POST /api/v1/parcels/{id}/checklist`.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct ParcelChecklist {
    /// Receipt number.
    case: String,
    /// What was found, by material.
    #[schema(value_type = Object)]
    found: Value,
    /// Sheets of originals in the parcel that are to go back.
    originals: Option<u32>,
}

/// Body of `POST /api/v1/parcels/{id}/returns`.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct NewReturn {
    /// Name of the courier.
    courier: String,
    /// Tracking number.
    tracking: String,
    /// How many sheets.
    sheets: u32,
    /// When; today unless it is said.
    sent_on: Option<String>,
}

/// Body of `POST /api/v1/cases/{receipt_no}/mailings`.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct NewMailing {
    /// Name of the courier.
    courier: String,
    /// Tracking number.
    tracking: String,
}

/// The mail of an own case.
#[derive(Debug, Serialize, ToSchema)]
pub struct MailView {
    /// Parcels that were announced and are not here: courier and tracking number.
    on_the_way: Vec<(&'static str, String)>,
    /// Parcels that are here.
    arrived: Vec<ParcelView>,
}

fn returned(one: &Returned) -> ReturnView {
    ReturnView {
        courier: one.label.courier.as_str(),
        tracking: one.label.tracking.clone(),
        sheets: one.sheets,
        sent_on: one.sent_on.to_string(),
    }
}

fn outline(parcel: &Parcel, originals_here: i32) -> ParcelView {
    ParcelView {
        id: parcel.id.to_string(),
        courier: parcel.label.courier.as_str(),
        tracking: parcel.label.tracking.clone(),
        posted_on: parcel.posted_on.map(|day| day.to_string()),
        delivered_at: parcel.delivered_at.rfc3339(),
        registered_at: parcel.registered_at.rfc3339(),
        sender: parcel.sender.clone(),
        contents: parcel.contents.clone(),
        originals_here,
        open: parcel.closed_at.is_none(),
        cases: vec![],
        returns: vec![],
    }
}

fn view(whole: &Whole) -> ParcelView {
    let cases = whole.parts.iter().map(|part| ParcelCaseView {
        receipt_no: part.receipt_no.clone(),
        found: serde_json::json!(part.found),
    });
    ParcelView {
        cases: cases.collect(),
        returns: whole.returns.iter().map(returned).collect(),
        ..outline(&whole.parcel, whole.originals_here())
    }
}

/// The agency's parcels in the order in which they were registered; mailroom clerks, handlers, supervisors.
#[utoipa::path(get, path = "/api/v1/parcels", tag = "mail",
    params(("which" = Option<String>, Query, description = "`open`: only those with which something is left to do"),
        ("tracking" = Option<String>, Query), ("limit" = Option<u16>, Query, description = "1 to 500"),
        ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<ParcelView>)))]
pub async fn list(request: HttpRequest, user: SignedIn, app: web::Data<App>) -> Answer {
    user.actor.require(READERS)?;
    let query = Query::of(&request);
    let filter = match (query.get("tracking"), query.get("which")) {
        (Some(number), _) => Filter::Tracking(tracking(number).unwrap_or_default()),
        (None, Some("open")) => Filter::Open,
        (None, _) => Filter::All,
    };
    let (limit, after) = (query.limit()?, query.cursor()?);
    let page = reading::page(&app, &user.actor, filter, after, limit).await?;
    let last = page.entries.last().map(|entry| entry.parcel.id);
    let items = page.entries.iter().map(|entry| {
        let cases = entry.cases.iter().map(|number| ParcelCaseView {
            receipt_no: number.clone(),
            found: serde_json::json!({}),
        });
        ParcelView {
            cases: cases.collect(),
            ..outline(&entry.parcel, entry.originals_here)
        }
    });
    Ok(HttpResponse::Ok().json(List {
        items: items.collect(),
        next: next(page.rest, last),
    }))
}

/// Registers a parcel: 201. The same courier and tracking number again is the first parcel: 200. A case that waits for it goes on.
#[utoipa::path(post, path = "/api/v1/parcels", tag = "mail", request_body = NewParcel,
    responses((status = 201, body = ParcelView), (status = 200, body = ParcelView)))]
pub async fn register(user: SignedIn, app: web::Data<App>, body: Body) -> Answer {
    user.actor.require(CLERKS)?;
    let mut fields = Fields::of(&body);
    let delivered_at = fields.words("delivered_at");
    let delivered_at = Ts::parse(&delivered_at);
    if delivered_at.is_none() && fields.errors.is_empty() {
        fields.fault("delivered_at", "moment-malformed");
    }
    let raw = Raw {
        courier: fields.words("courier"),
        tracking: fields.words("tracking"),
        posted_on: fields.day("posted_on", Need::Optional),
        delivered_at,
        sender: fields.words("sender"),
        cases: texts(&mut fields, "cases"),
        id_number: fields.text("id_number", Need::Optional).unwrap_or_default(),
        contents: fields.text("contents", Need::Optional).unwrap_or_default(),
    };
    fields.finish()?;
    let (registered, id) = registering::register(&app, &user.actor, &raw).await?;
    let whole = reading::whole(&app, &user.actor, id).await?;
    Ok(match registered {
        Registered::Now => HttpResponse::Created().json(view(&whole)),
        Registered::Before => HttpResponse::Ok().json(view(&whole)),
    })
}

fn texts(fields: &mut Fields<'_>, name: &str) -> Vec<String> {
    match fields.raw(name) {
        None => vec![],
        Some(Value::Array(values)) if values.iter().all(Value::is_string) => {
            let texts = values.iter().filter_map(Value::as_str);
            texts.map(str::to_owned).collect()
        }
        Some(_) => {
            fields.fault(name, "wrong-type");
            vec![]
        }
    }
}

fn parcel_id(id: &str) -> Result<ParcelId, Failure> {
    id.parse().map_err(|_| Failure::not_found())
}

/// One parcel.
#[utoipa::path(get, path = "/api/v1/parcels/{id}", tag = "mail", params(("id" = String, Path)),
    responses((status = 200, body = ParcelView)))]
pub async fn read(user: SignedIn, app: web::Data<App>, id: web::Path<String>) -> Answer {
    user.actor.require(READERS)?;
    let whole = reading::whole(&app, &user.actor, parcel_id(&id)?).await?;
    Ok(HttpResponse::Ok().json(view(&whole)))
}

/// Writes down what was found of a case's materials.
#[utoipa::path(post, path = "/api/v1/parcels/{id}/checklist", tag = "mail", request_body = ParcelChecklist,
    params(("id" = String, Path)), responses((status = 200, body = ParcelView)))]
pub async fn check(
    user: SignedIn,
    app: web::Data<App>,
    id: web::Path<String>,
    body: Body,
) -> Answer {
    user.actor.require(CLERKS)?;
    let id = parcel_id(&id)?;
    let mut fields = Fields::of(&body);
    let case = fields.words("case");
    let mut found = vec![];
    for (material, value) in fields.object("found") {
        match value.as_str().and_then(|text| text.parse().ok()) {
            Some(one) => found.push((material, one)),
            None => fields.fault("found", "choice-unknown"),
        }
    }
    let originals = sheets(&mut fields, "originals", Need::Optional);
    fields.finish()?;
    let case = case.parse().map_err(|_| {
        let error = FieldError::new("case", "receipt-malformed").with("number", &case);
        Error::Invalid(vec![error])
    })?;
    let list = Checklist {
        case,
        found,
        originals,
    };
    checking::check(&app, &user.actor, id, list).await?;
    let whole = reading::whole(&app, &user.actor, id).await?;
    Ok(HttpResponse::Ok().json(view(&whole)))
}

fn sheets(fields: &mut Fields<'_>, name: &str, need: Need) -> i32 {
    match (fields.raw(name), need) {
        (None, Need::Optional) => 0,
        (_, _) => i32::try_from(fields.number(name)).unwrap_or(i32::MAX),
    }
}

/// Writes down originals that went back.
#[utoipa::path(post, path = "/api/v1/parcels/{id}/returns", tag = "mail", request_body = NewReturn,
    params(("id" = String, Path)), responses((status = 200, body = ParcelView)))]
pub async fn send_back(
    user: SignedIn,
    app: web::Data<App>,
    id: web::Path<String>,
    body: Body,
) -> Answer {
    user.actor.require(CLERKS)?;
    let id = parcel_id(&id)?;
    let mut fields = Fields::of(&body);
    let raw = returning::Raw {
        courier: fields.words("courier"),
        tracking: fields.words("tracking"),
        sheets: sheets(&mut fields, "sheets", Need::Always),
        sent_on: fields.day("sent_on", Need::Optional),
    };
    fields.finish()?;
    returning::send_back(&app, &user.actor, id, raw).await?;
    let whole = reading::whole(&app, &user.actor, id).await?;
    Ok(HttpResponse::Ok().json(view(&whole)))
}

fn mail_view(mail: &Mail) -> MailView {
    let pair = |label: &Label| (label.courier.as_str(), label.tracking.clone());
    let arrived = mail.arrived.iter().map(|one| {
        let gone: i32 = one.returns.iter().map(|back| back.sheets).sum();
        ParcelView {
            // Several people may have sent one parcel: what is not of this case is not told.
            contents: String::new(),
            cases: vec![ParcelCaseView {
                receipt_no: mail.listed.case.receipt_no.clone(),
                found: serde_json::json!(one.found),
            }],
            returns: one.returns.iter().map(returned).collect(),
            ..outline(&one.parcel, one.parcel.originals - gone)
        }
    });
    MailView {
        on_the_way: mail.on_the_way.iter().map(|one| pair(&one.label)).collect(),
        arrived: arrived.collect(),
    }
}

/// The mail of an own case.
#[utoipa::path(get, path = "/api/v1/cases/{receipt_no}/mailings", tag = "mail",
    params(("receipt_no" = String, Path)), responses((status = 200, body = MailView)))]
pub async fn mail(user: SignedIn, app: web::Data<App>, number: web::Path<String>) -> Answer {
    let mail = announcing::mail(&app, &user.actor, &parsed(&number)?).await?;
    Ok(HttpResponse::Ok().json(mail_view(&mail)))
}

/// Announces a parcel for an own case; the same one twice is one.
#[utoipa::path(post, path = "/api/v1/cases/{receipt_no}/mailings", tag = "mail", request_body = NewMailing,
    params(("receipt_no" = String, Path)), responses((status = 200, body = MailView)))]
pub async fn announce(
    user: SignedIn,
    app: web::Data<App>,
    number: web::Path<String>,
    body: Body,
) -> Answer {
    let number = parsed(&number)?;
    let mut fields = Fields::of(&body);
    let (courier, tracking) = (fields.words("courier"), fields.words("tracking"));
    fields.finish()?;
    announcing::announce(&app, &user.actor, &number, (&courier, &tracking)).await?;
    let mail = announcing::mail(&app, &user.actor, &number).await?;
    Ok(HttpResponse::Ok().json(mail_view(&mail)))
}

/// The cover sheet of an own case.
#[utoipa::path(get, path = "/api/v1/cases/{receipt_no}/cover-sheet.pdf", tag = "mail",
    params(("receipt_no" = String, Path)),
    responses((status = 200, description = "The file", content_type = "application/pdf")))]
pub async fn cover_sheet(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    http: web::Data<Http>,
    number: web::Path<String>,
) -> Answer {
    let number = parsed(&number)?;
    crate::web::resident::cover_sheet(&user, &request, (&app, &http), &number).await
}
