//! Who bears the subsidy (SET-8): shares with their cases, sums of a period, claims to treasuries, further grants. The same
//! use cases as the pages.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::reading::{Body, Fields, List, Query, next};
use crate::domain::fiscal::{Booked, Grant, Payer, TreasuryClaim};
use crate::domain::form::{FieldError, Need, read_day};
use crate::domain::ids::TreasuryClaimId;
use crate::domain::money::Fen;
use crate::domain::time::Day;
use crate::store::fiscal::listing::{Place, Which};
use crate::store::fiscal::{Period, Sum};
use crate::usecases::paying::{self, sharing};
use crate::usecases::{App, Error};
use crate::web::problem::{Answer, Failure};
use crate::web::session::SignedIn;

/// A share of a settlement.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShareView {
    /// The case.
    receipt_no: String,
    /// Number of the settlement.
    settlement: u32,
    /// `centre`, `province`, `city`, `county` or `unallocated`.
    payer: &'static str,
    /// How much; negative where a correction takes back.
    fen: i64,
    /// Whose treasury advances it: `city` or `county`; the payer owes it to that one.
    advanced_by: &'static str,
    /// On which day.
    #[schema(format = Date)]
    on: String,
    /// The claim it was asked for in.
    claim: Option<String>,
}

/// What the shares of a period come to.
#[derive(Debug, Serialize, ToSchema)]
pub struct SumView {
    /// Who bears it.
    payer: &'static str,
    /// Whose treasury advances it.
    advanced_by: &'static str,
    /// All of the period.
    fen: i64,
    /// Of it in no claim.
    unclaimed_fen: i64,
}

/// A claim to a treasury.
#[derive(Debug, Serialize, ToSchema)]
pub struct TreasuryClaimView {
    /// Identifier.
    id: String,
    /// Whose treasury.
    payer: &'static str,
    /// First day.
    #[schema(format = Date)]
    from: String,
    /// Last day.
    #[schema(format = Date)]
    to: String,
    /// How much.
    fen: i64,
    /// When it was made.
    #[schema(format = DateTime)]
    made_at: String,
    /// When the treasury paid.
    #[schema(format = Date)]
    paid_on: Option<String>,
}

/// A further grant.
#[derive(Debug, Serialize, ToSchema)]
pub struct GrantView {
    /// Identifier.
    id: String,
    /// Whose.
    payer: &'static str,
    /// How much.
    fen: i64,
    /// On which day.
    #[schema(format = Date)]
    on: String,
    /// By which document.
    document: String,
}

/// Body of `POST /api/v1/treasury-claims`.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct NewTreasuryClaim {
    /// `centre`, `province`, `city` or `county`.
    payer: String,
    /// First day.
    from: String,
    /// Last day.
    to: String,
}

/// Body of `POST /api/v1/treasury-claims/{id}/paid`.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct PaidClaim {
    /// On which day.
    on: String,
}

/// Body of `POST /api/v1/fiscal-grants`.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct NewGrant {
    /// `centre`, `province`, `city` or `county`.
    payer: String,
    /// How much.
    fen: i64,
    /// On which day.
    on: String,
    /// By which document.
    document: String,
}

/// Shares of a period by day, of one payer or of all; or those of a claim.
#[utoipa::path(get, path = "/api/v1/fiscal-shares", tag = "finance",
    params(("from" = Option<String>, Query), ("to" = Option<String>, Query), ("payer" = Option<String>, Query),
        ("claim" = Option<String>, Query), ("limit" = Option<u16>, Query, description = "1 to 500"),
        ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<ShareView>)))]
pub async fn shares(request: HttpRequest, user: SignedIn, app: web::Data<App>) -> Answer {
    user.actor.require(paying::OFFICERS)?;
    let query = Query::of(&request);
    let which = match query.get("claim") {
        Some(claim) => Which::Claim(named(claim)?),
        None => {
            let payer = query.get("payer").map(payer).transpose()?;
            Which::Period(period(&query)?, payer)
        }
    };
    let after = query.cursor::<Place>()?;
    let (found, rest) = sharing::shares(&app, &user.actor, which, after, query.limit()?).await?;
    let place = |last: &Booked| -> Option<Place> {
        let settlement = i32::try_from(last.settlement).ok()?;
        Some((last.on, last.case, settlement, last.payer))
    };
    let next = next(rest, found.last().and_then(place));
    let items = found.iter().map(share_view).collect();
    Ok(HttpResponse::Ok().json(List { items, next }))
}

/// What the shares of a period come to, by payer.
#[utoipa::path(get, path = "/api/v1/fiscal-shares/sums", tag = "finance",
    params(("from" = String, Query), ("to" = String, Query)),
    responses((status = 200, body = List<SumView>)))]
pub async fn sums(request: HttpRequest, user: SignedIn, app: web::Data<App>) -> Answer {
    user.actor.require(paying::OFFICERS)?;
    let period = period(&Query::of(&request))?;
    let account = sharing::of_period(&app, &user.actor, period).await?;
    let items = account.sums.iter().map(sum_view).collect();
    Ok(HttpResponse::Ok().json(List::whole(items)))
}

/// Claims to treasuries, the latest first, 200 at most.
#[utoipa::path(get, path = "/api/v1/treasury-claims", tag = "finance",
    responses((status = 200, body = List<TreasuryClaimView>)))]
pub async fn claims(user: SignedIn, app: web::Data<App>) -> Answer {
    user.actor.require(paying::OFFICERS)?;
    let today = app.clock.now().day();
    let account = sharing::of_period(&app, &user.actor, (today, today)).await?;
    let items = account.claims.iter().map(claim_view).collect();
    Ok(HttpResponse::Ok().json(List::whole(items)))
}

/// Claims what a payer owes of a period and was not claimed before.
#[utoipa::path(post, path = "/api/v1/treasury-claims", tag = "finance", request_body = NewTreasuryClaim,
    responses((status = 201, body = TreasuryClaimView)))]
pub async fn claim(user: SignedIn, app: web::Data<App>, body: Body) -> Answer {
    user.actor.require(paying::OFFICERS)?;
    let mut fields = Fields::of(&body);
    let words = fields.words("payer");
    let days = (
        fields.day("from", Need::Always),
        fields.day("to", Need::Always),
    );
    fields.finish()?;
    let (Some(from), Some(to)) = days else {
        return Err(invalid("from", "required"));
    };
    let claim = sharing::claim(&app, &user.actor, payer(&words)?, (from, to)).await?;
    Ok(HttpResponse::Created().json(claim_view(&claim)))
}

/// Notes the day on which a treasury paid a claim.
#[utoipa::path(post, path = "/api/v1/treasury-claims/{id}/paid", tag = "finance", request_body = PaidClaim,
    params(("id" = String, Path)), responses((status = 200, body = TreasuryClaimView)))]
pub async fn paid(
    user: SignedIn,
    app: web::Data<App>,
    id: web::Path<String>,
    body: Body,
) -> Answer {
    user.actor.require(paying::OFFICERS)?;
    let id: TreasuryClaimId = named(&id)?;
    let mut fields = Fields::of(&body);
    let on = fields.day("on", Need::Always);
    fields.finish()?;
    let claim = sharing::paid(&app, &user.actor, id, on).await?;
    Ok(HttpResponse::Ok().json(claim_view(&claim)))
}

/// Further grants of a period, by day.
#[utoipa::path(get, path = "/api/v1/fiscal-grants", tag = "finance",
    params(("from" = String, Query), ("to" = String, Query)),
    responses((status = 200, body = List<GrantView>)))]
pub async fn grants(request: HttpRequest, user: SignedIn, app: web::Data<App>) -> Answer {
    user.actor.require(paying::OFFICERS)?;
    let period = period(&Query::of(&request))?;
    let account = sharing::of_period(&app, &user.actor, period).await?;
    let items = account.grants.iter().map(grant_view).collect();
    Ok(HttpResponse::Ok().json(List::whole(items)))
}

/// Books a further grant.
#[utoipa::path(post, path = "/api/v1/fiscal-grants", tag = "finance", request_body = NewGrant,
    responses((status = 201, body = GrantView)))]
pub async fn grant(user: SignedIn, app: web::Data<App>, body: Body) -> Answer {
    user.actor.require(paying::OFFICERS)?;
    let mut fields = Fields::of(&body);
    let typed = sharing::Typed {
        payer: fields.words("payer").parse().ok(),
        amount: fields
            .raw("fen")
            .and_then(serde_json::Value::as_i64)
            .map(Fen::new),
        on: fields.day("on", Need::Optional),
        document: fields.text("document", Need::Optional).unwrap_or_default(),
    };
    fields.finish()?;
    let grant = sharing::grant(&app, &user.actor, &typed).await?;
    Ok(HttpResponse::Created().json(grant_view(&grant)))
}

fn period(query: &Query) -> Result<Period, Failure> {
    let day = |name: &str| -> Result<Day, Failure> {
        match query.get(name) {
            None => Err(invalid(name, "required")),
            Some(typed) => read_day(typed).ok_or_else(|| invalid(name, "day-impossible")),
        }
    };
    Ok((day("from")?, day("to")?))
}

fn payer(text: &str) -> Result<Payer, Failure> {
    text.parse()
        .map_err(|_| invalid("payer", "choice-required"))
}

fn named<T: std::str::FromStr>(text: &str) -> Result<T, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}

fn invalid(field: &str, code: &str) -> Failure {
    Error::Invalid(vec![FieldError::new(field, code)]).into()
}

fn share_view(share: &Booked) -> ShareView {
    ShareView {
        receipt_no: share.receipt_no.clone(),
        settlement: share.settlement,
        payer: share.payer.as_str(),
        fen: share.amount.fen(),
        advanced_by: share.advanced_by.as_str(),
        on: share.on.to_string(),
        claim: share.claim.map(|claim| claim.to_string()),
    }
}

fn sum_view(sum: &Sum) -> SumView {
    SumView {
        payer: sum.payer.as_str(),
        advanced_by: sum.advanced_by.as_str(),
        fen: sum.amount.fen(),
        unclaimed_fen: sum.unclaimed.fen(),
    }
}

fn claim_view(claim: &TreasuryClaim) -> TreasuryClaimView {
    TreasuryClaimView {
        id: claim.id.to_string(),
        payer: claim.payer.as_str(),
        from: claim.from.to_string(),
        to: claim.to.to_string(),
        fen: claim.amount.fen(),
        made_at: claim.at.rfc3339(),
        paid_on: claim.paid_on.map(|day| day.to_string()),
    }
}

fn grant_view(grant: &Grant) -> GrantView {
    GrantView {
        id: grant.id.to_string(),
        payer: grant.payer.as_str(),
        fen: grant.amount.fen(),
        on: grant.on.to_string(),
        document: grant.document.clone(),
    }
}
