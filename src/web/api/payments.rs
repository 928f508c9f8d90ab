//! Payments (RB-6): orders that wait, batches, results of the bank, the account put right by the applicant. The same use
//! cases as the pages.

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;

use super::cases::{answer, parsed};
use super::payment_views::{
    BankResults, NewPaymentBatch, OrderView, PaymentBatchView, PaymentReason, ResultsView,
    RightAccount, batch_view, order_view, results_view,
};
use super::reading::{Body, Fields, List, Query, next};
use super::views::CaseView;
use crate::domain::form::{FieldError, Need};
use crate::domain::ids::{PaymentBatchId, PaymentOrderId};
use crate::domain::money::Fen;
use crate::domain::payment::result::Raw;
use crate::domain::payment::{MOST_ORDERS, file};
use crate::domain::time::Ts;
use crate::store::payments::Waiting;
use crate::usecases::paying::results::{self, LIMITS, Sent};
use crate::usecases::paying::{self, batching, correcting, reading};
use crate::usecases::{App, Error};
use crate::web::finance::batch::sent_file;
use crate::web::problem::{Answer, Failure, api_locale};
use crate::web::session::SignedIn;

/// Orders that wait for a batch, the oldest first; with `state=to-recover` what is to be had back.
#[utoipa::path(get, path = "/api/v1/payments", tag = "finance",
    params(("state" = Option<String>, Query), ("limit" = Option<u16>, Query, description = "1 to 500"),
        ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<OrderView>)))]
pub async fn waiting(request: HttpRequest, user: SignedIn, app: web::Data<App>) -> Answer {
    user.actor.require(paying::OFFICERS)?;
    let query = Query::of(&request);
    let which = match query.get("state") {
        None | Some("ordered") => Waiting::ForBatch,
        Some("to-recover") => Waiting::ForRecovery,
        Some(_) => return Err(invalid("state", "choice-required")),
    };
    let after = query.cursor::<(Ts, PaymentOrderId)>()?;
    let (found, rest) = reading::waiting(&app, &user.actor, which, after, query.limit()?).await?;
    let next = next(
        rest,
        found
            .last()
            .map(|last| (last.order.ordered_at, last.order.id)),
    );
    let items = found.iter().map(order_view).collect();
    Ok(HttpResponse::Ok().json(List { items, next }))
}

/// One order.
#[utoipa::path(get, path = "/api/v1/payments/{id}", tag = "finance",
    params(("id" = String, Path)), responses((status = 200, body = OrderView)))]
pub async fn order(user: SignedIn, app: web::Data<App>, id: web::Path<String>) -> Answer {
    user.actor.require(paying::OFFICERS)?;
    written(&app, &user, named(&id)?).await
}

/// Notes that the money came back after it was paid.
#[utoipa::path(post, path = "/api/v1/payments/{id}/returned", tag = "finance", request_body = PaymentReason,
    params(("id" = String, Path)), responses((status = 200, body = OrderView)))]
pub async fn returned(
    user: SignedIn,
    app: web::Data<App>,
    id: web::Path<String>,
    body: Body,
) -> Answer {
    user.actor.require(paying::OFFICERS)?;
    let id = named(&id)?;
    let reason = reason(&body)?;
    results::came_back(&app, &user.actor, id, &reason).await?;
    written(&app, &user, id).await
}

/// Notes that what was paid too much was had back.
#[utoipa::path(post, path = "/api/v1/payments/{id}/recovered", tag = "finance", request_body = PaymentReason,
    params(("id" = String, Path)), responses((status = 200, body = OrderView)))]
pub async fn recovered(
    user: SignedIn,
    app: web::Data<App>,
    id: web::Path<String>,
    body: Body,
) -> Answer {
    user.actor.require(paying::OFFICERS)?;
    let id = named(&id)?;
    let reason = reason(&body)?;
    results::recovered(&app, &user.actor, id, &reason).await?;
    written(&app, &user, id).await
}

async fn written(app: &App, user: &SignedIn, id: PaymentOrderId) -> Answer {
    let traced = reading::order(app, &user.actor, id).await?;
    Ok(HttpResponse::Ok().json(order_view(&traced.listed)))
}

/// Batches, the newest first.
#[utoipa::path(get, path = "/api/v1/payment-batches", tag = "finance",
    params(("limit" = Option<u16>, Query, description = "1 to 500"), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<PaymentBatchView>)))]
pub async fn batches(request: HttpRequest, user: SignedIn, app: web::Data<App>) -> Answer {
    user.actor.require(paying::OFFICERS)?;
    let query = Query::of(&request);
    let before = query.cursor::<u32>()?;
    let (found, rest) = reading::batches(&app, &user.actor, before, query.limit()?).await?;
    let next = next(rest, found.last().map(|last| last.number));
    let items = found.iter().map(|batch| batch_view(batch, None)).collect();
    Ok(HttpResponse::Ok().json(List { items, next }))
}

/// Makes a batch of the oldest orders that wait.
#[utoipa::path(post, path = "/api/v1/payment-batches", tag = "finance", request_body = NewPaymentBatch,
    responses((status = 201, body = PaymentBatchView)))]
pub async fn make(user: SignedIn, app: web::Data<App>, body: Body) -> Answer {
    user.actor.require(paying::OFFICERS)?;
    let mut fields = Fields::of(&body);
    let most = match fields.raw("most") {
        None => MOST_ORDERS,
        Some(_) => fields.number("most"),
    };
    fields.finish()?;
    let batch = batching::make(&app, &user.actor, most).await?;
    let full = reading::batch(&app, &user.actor, batch.id).await?;
    Ok(HttpResponse::Created().json(batch_view(&full.batch, Some(&full.orders))))
}

/// A batch with its orders.
#[utoipa::path(get, path = "/api/v1/payment-batches/{id}", tag = "finance",
    params(("id" = String, Path)), responses((status = 200, body = PaymentBatchView)))]
pub async fn batch(user: SignedIn, app: web::Data<App>, id: web::Path<String>) -> Answer {
    user.actor.require(paying::OFFICERS)?;
    let full = reading::batch(&app, &user.actor, named(&id)?).await?;
    Ok(HttpResponse::Ok().json(batch_view(&full.batch, Some(&full.orders))))
}

/// The file of a batch for the bank; reading it is logged.
#[utoipa::path(get, path = "/api/v1/payment-batches/{id}/file.csv", tag = "finance",
    params(("id" = String, Path)),
    responses((status = 200, description = "The file", content_type = "text/csv")))]
pub async fn file(user: SignedIn, app: web::Data<App>, id: web::Path<String>) -> Answer {
    user.actor.require(paying::OFFICERS)?;
    let (batch, text) = batching::file(&app, &user.actor, named(&id)?).await?;
    Ok(sent_file(&file::name(&batch), text))
}

/// Notes that the file of a batch went to the bank.
#[utoipa::path(post, path = "/api/v1/payment-batches/{id}/sent", tag = "finance",
    params(("id" = String, Path)), responses((status = 200, body = PaymentBatchView)))]
pub async fn sent(user: SignedIn, app: web::Data<App>, id: web::Path<String>) -> Answer {
    user.actor.require(paying::OFFICERS)?;
    let batch = batching::send(&app, &user.actor, named(&id)?).await?;
    Ok(HttpResponse::Ok().json(batch_view(&batch, None)))
}

/// Takes in what the bank says of the orders of a batch. The same results again change nothing; a row that can't be is told
/// and keeps no other from being taken in.
#[utoipa::path(post, path = "/api/v1/payment-batches/{id}/results", tag = "finance", request_body = BankResults,
    params(("id" = String, Path)), responses((status = 200, body = ResultsView)))]
pub async fn take_in(
    request: HttpRequest,
    user: SignedIn,
    app: web::Data<App>,
    id: web::Path<String>,
    body: Body,
) -> Answer {
    user.actor.require(paying::OFFICERS)?;
    let id: PaymentBatchId = named(&id)?;
    let rows = match body.get("rows") {
        Some(Value::Array(rows)) if rows.len() <= LIMITS.rows => rows,
        _ => return Err(invalid("rows", "wrong-type")),
    };
    let rows = (1_u32..).zip(rows).map(|(number, row)| Sent {
        number,
        columns: raw(row),
    });
    let report = results::take_in(&app, &user.actor, id, rows.collect()).await?;
    Ok(HttpResponse::Ok().json(results_view(api_locale(&request), report)))
}

/// A row of a body as one of a file.
fn raw(row: &Value) -> Result<Raw, Vec<FieldError>> {
    let Some(row) = row.as_object() else {
        return Err(vec![FieldError::new("", "wrong-type")]);
    };
    let mut fields = Fields::of(row);
    let amount = fields.raw("fen").and_then(Value::as_i64);
    if amount.is_none() {
        fields.fault("amount", "required");
    }
    let raw = Raw {
        order: fields.words("order"),
        amount: amount.map_or_else(String::new, |fen| file::yuan(Fen::new(fen))),
        result: fields.words("result"),
        reason: fields.text("reason", Need::Optional).unwrap_or_default(),
        day: fields.day("day", Need::Optional),
    };
    match fields.errors.is_empty() {
        true => Ok(raw),
        false => Err(fields.errors),
    }
}

/// Puts the account of an own claim right after the bank could not pay.
#[utoipa::path(post, path = "/api/v1/cases/{receipt_no}/account", tag = "cases", request_body = RightAccount,
    params(("receipt_no" = String, Path)), responses((status = 200, body = CaseView)))]
pub async fn correct(
    request: HttpRequest,
    user: SignedIn,
    app: web::Data<App>,
    path: web::Path<String>,
    body: Body,
) -> Answer {
    let receipt_no = parsed(&path)?;
    let mut fields = Fields::of(&body);
    let version = fields.number("version");
    fields.finish()?;
    correcting::correct(&app, &user.actor, &receipt_no, version, &body).await?;
    answer(&request, &app, &user.actor, &receipt_no).await
}

fn reason(body: &Body) -> Result<String, Failure> {
    let mut fields = Fields::of(body);
    let reason = fields.words("reason");
    fields.finish()?;
    Ok(reason)
}

fn named<T: std::str::FromStr>(text: &str) -> Result<T, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}

fn invalid(field: &str, code: &str) -> Failure {
    Error::Invalid(vec![FieldError::new(field, code)]).into()
}
