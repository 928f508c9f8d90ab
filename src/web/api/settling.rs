//! Claims and their settlements for programs: what counts of the lines, adjusting and correcting them, what is stored, what would
//! come of them. The same use cases as the pages; nothing is computed here.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::cases::{answer, parsed};
use super::reading::{Body, Fields, List, Query};
use super::views::CaseView;
use crate::domain::claim::Class;
use crate::domain::claim::adjusting::{Reviewed, Said};
use crate::domain::form::{FieldError, read_day};
use crate::domain::money::Fen;
use crate::domain::place::Pool;
use crate::domain::policy::value::BasisPoints;
use crate::domain::settlement::Settlement;
use crate::domain::time::Day;
use crate::usecases::settling::reading::{self, Version, WhatIf};
use crate::usecases::settling::reviewing;
use crate::usecases::{App, Error};
use crate::web::problem::{Answer, Failure};
use crate::web::session::SignedIn;

/// A line of a claim with what counts of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct LineView {
    /// Its number, from 1.
    number: u32,
    /// Day of the service.
    #[schema(value_type = String, format = Date)]
    day: Day,
    /// What it was.
    name: String,
    /// Code of the catalogue.
    code: Option<String>,
    /// What was asked for, fen.
    asked_fen: i64,
    /// What is allowed of it, fen.
    allowed_fen: i64,
    /// `A`, `B` or `outside`; null until somebody says it.
    #[schema(value_type = Option<String>)]
    class: Option<Class>,
    /// What the person bears of class B, basis points.
    #[schema(value_type = Option<u16>)]
    own_share_bp: Option<BasisPoints>,
    /// Whether it belongs to the protocol of COVID treatment.
    protocol: bool,
    /// Why something else counts than was asked.
    reason: Option<String>,
}

/// A settlement as it is stored.
#[derive(Debug, Serialize, ToSchema)]
pub struct SettlementView {
    /// Its number in the case, from 1.
    number: u32,
    /// When it was computed.
    #[schema(value_type = String, format = DateTime)]
    computed_at: crate::domain::time::Ts,
    /// By whose pack.
    #[schema(value_type = String)]
    policy_pool: Pool,
    /// The pack of this day.
    #[schema(value_type = String, format = Date)]
    policy_on: Day,
    /// Whether the second review approved it.
    approved: bool,
    /// Whether that was taken back again.
    reversed: bool,
    /// What is paid out, fen.
    payable_fen: i64,
    /// Total, parts, shares and the trail with rule, clause, formula and amount of every step.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    settlement: Settlement,
}

/// Body of an adjustment: the version that was seen, and what is said; what is left out stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct AdjustBody {
    /// The version of the case that was seen.
    #[schema(minimum = 1)]
    version: u32,
    /// What is allowed of it, fen.
    allowed_fen: Option<i64>,
    /// `A`, `B` or `outside`.
    class: Option<String>,
    /// What the person bears of class B, basis points.
    own_share_bp: Option<u16>,
    /// Whether it belongs to the protocol of COVID treatment.
    protocol: Option<bool>,
    /// Why; the applicant reads it.
    reason: String,
}

/// Body of a correction from the papers.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct AmendBody {
    /// The version of the case that was seen.
    #[schema(minimum = 1)]
    version: u32,
    /// Fields of the item's form that are said anew.
    #[schema(value_type = Object)]
    answers: Map<String, Value>,
    /// Why.
    reason: String,
}

type Path = web::Path<String>;

/// The lines of a claim with what counts of them.
#[utoipa::path(get, path = "/api/v1/cases/{receipt_no}/lines", tag = "claims",
    params(("receipt_no" = String, Path)), responses((status = 200, body = List<LineView>)))]
pub async fn lines(user: SignedIn, app: web::Data<App>, path: Path) -> Answer {
    let seen = reading::seen(&app, &user.actor, &parsed(&path)?).await?;
    let lines = seen.ground.lines.iter().map(line).collect();
    Ok(HttpResponse::Ok().json(List::whole(lines)))
}

fn line(of: &Reviewed) -> LineView {
    LineView {
        number: of.asked.number,
        day: of.asked.day,
        name: of.asked.name.clone(),
        code: of.asked.code.clone(),
        asked_fen: of.asked.amount.fen(),
        allowed_fen: of.allowed.fen(),
        class: of.class,
        own_share_bp: of.own_share,
        protocol: of.protocol,
        reason: of.adjusted.as_ref().map(|one| one.ruling.reason.clone()),
    }
}

/// Allows another amount for a line, or says its class (RB-6): who holds the claim, in the first review.
#[utoipa::path(post, path = "/api/v1/cases/{receipt_no}/lines/{line}/adjust", tag = "claims",
    request_body = AdjustBody, params(("receipt_no" = String, Path), ("line" = u32, Path)),
    responses((status = 200, body = CaseView)))]
pub async fn adjust(
    request: HttpRequest,
    user: SignedIn,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    body: Body,
) -> Answer {
    let receipt_no = parsed(&path.0)?;
    let number = path.1.parse().map_err(|_| Failure::not_found())?;
    let mut fields = Fields::of(&body);
    let version = fields.number("version");
    let said = Said {
        line: number,
        allowed: whole(&mut fields, "allowed_fen").map(Fen::new),
        class: class(&mut fields),
        own_share: share(&mut fields),
        protocol: flag(&mut fields, "protocol"),
        reason: fields.words("reason"),
    };
    fields.finish()?;
    reviewing::adjust(&app, &user.actor, &receipt_no, version, said).await?;
    answer(&request, &app, &user.actor, &receipt_no).await
}

fn whole(fields: &mut Fields<'_>, name: &str) -> Option<i64> {
    let raw = fields.raw(name)?;
    let read = raw.as_i64();
    if read.is_none() {
        fields.fault(name, "wrong-type");
    }
    read
}

fn flag(fields: &mut Fields<'_>, name: &str) -> Option<bool> {
    let raw = fields.raw(name)?;
    let read = raw.as_bool();
    if read.is_none() {
        fields.fault(name, "wrong-type");
    }
    read
}

fn class(fields: &mut Fields<'_>) -> Option<Class> {
    let raw = fields.raw("class")?;
    let read = raw.as_str().and_then(|text| text.parse().ok());
    if read.is_none() {
        fields.fault("class", "choice-unknown");
    }
    read
}

fn share(fields: &mut Fields<'_>) -> Option<BasisPoints> {
    let typed = whole(fields, "own_share_bp")?;
    let read = u16::try_from(typed).ok().map(BasisPoints);
    let read = read.filter(|share| *share <= BasisPoints::WHOLE);
    if read.is_none() {
        fields.fault("own_share_bp", "share-malformed");
    }
    read
}

/// Takes in or corrects what the papers say (RB-3): who holds the claim, in the first review.
#[utoipa::path(post, path = "/api/v1/cases/{receipt_no}/amend", tag = "claims", request_body = AmendBody,
    params(("receipt_no" = String, Path)), responses((status = 200, body = CaseView)))]
pub async fn amend(
    request: HttpRequest,
    user: SignedIn,
    app: web::Data<App>,
    path: Path,
    body: Body,
) -> Answer {
    let receipt_no = parsed(&path)?;
    let mut fields = Fields::of(&body);
    let version = fields.number("version");
    let said = (fields.object("answers"), fields.words("reason"));
    fields.finish()?;
    reviewing::amend(&app, &user.actor, &receipt_no, version, said).await?;
    answer(&request, &app, &user.actor, &receipt_no).await
}

/// The settlements of a claim, the first one first: at the agency all of them, otherwise those that were approved.
#[utoipa::path(get, path = "/api/v1/cases/{receipt_no}/settlement", tag = "claims",
    params(("receipt_no" = String, Path)), responses((status = 200, body = List<SettlementView>)))]
pub async fn versions(user: SignedIn, app: web::Data<App>, path: Path) -> Answer {
    let seen = reading::seen(&app, &user.actor, &parsed(&path)?).await?;
    let items = seen.versions.into_iter().map(version).collect();
    Ok(HttpResponse::Ok().json(List::whole(items)))
}

fn version(of: Version) -> SettlementView {
    let stored = of.stored;
    SettlementView {
        number: stored.number,
        computed_at: stored.computed_at,
        policy_pool: stored.input.pool,
        policy_on: stored.input.from,
        approved: of.approved,
        reversed: of.reversed,
        payable_fen: stored.settlement.parts.payable(),
        settlement: stored.settlement,
    }
}

/// What would come of a claim now, or by another pool's pack (`pool`) or another day's (`on`); what is stored stays as it is.
#[utoipa::path(get, path = "/api/v1/cases/{receipt_no}/settlement/what-if", tag = "claims",
    params(("receipt_no" = String, Path),
        ("pool" = Option<String>, Query, description = "By the pack of this pool"),
        ("on" = Option<String>, Query, description = "As if the treatment had begun on this day")),
    responses((status = 200, body = Object)))]
pub async fn what_if(
    request: HttpRequest,
    user: SignedIn,
    app: web::Data<App>,
    path: Path,
) -> Answer {
    let receipt_no = parsed(&path)?;
    let asked = asked(&Query::of(&request))?;
    let computed = reading::what_if(&app, &user.actor, &receipt_no, asked).await?;
    Ok(HttpResponse::Ok().json(computed))
}

fn asked(query: &Query) -> Result<WhatIf, Error> {
    let mut faults = vec![];
    let pool = query.get("pool").map(str::parse::<Pool>);
    if let Some(Err(_)) = pool {
        faults.push(FieldError::new("pool", "choice-unknown"));
    }
    let on = query.get("on").map(read_day);
    if on == Some(None) {
        faults.push(FieldError::new("on", "day-impossible"));
    }
    match faults.is_empty() {
        true => Ok(WhatIf {
            pool: pool.and_then(Result::ok),
            from: on.flatten(),
        }),
        false => Err(Error::Invalid(faults)),
    }
}
