//! One order: to whom, how much, what was done to it; that its money came back, or that what was paid too much was had back.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use super::{fault, frame, in_words, named, state_tag};
use crate::domain::claim::masked_account;
use crate::domain::form::FieldError;
use crate::domain::ids::PaymentOrderId;
use crate::domain::payment::{Order, State};
use crate::usecases::paying::reading::{self, Traced};
use crate::usecases::paying::{self, results};
use crate::usecases::{App, Error};
use crate::web::components::{Area, Entry, ErrorSummary, SummaryList, SummaryRow, Tag, Timeline};
use crate::web::csrf::Sent;
use crate::web::page::{Chrome, Link, page, see_other};
use crate::web::problem::Answer;
use crate::web::session::SignedIn;
use crate::web::urls::finance as to;
use crate::web::words;

/// What can be entered by hand.
struct Form {
    title: String,
    lead: String,
    action: String,
    reason: Area,
}

#[derive(Template)]
#[template(path = "finance/order.html")]
struct OrderPage {
    chrome: Chrome,
    errors: Option<ErrorSummary>,
    state: Tag,
    facts: SummaryList,
    history: Timeline,
    form: Option<Form>,
}

/// `GET /finance/orders/{order}`.
pub async fn show(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<String>,
) -> Answer {
    user.actor.require(paying::OFFICERS)?;
    again(&user, &request, &app, named(&path)?, &[]).await
}

async fn again(
    user: &SignedIn,
    request: &HttpRequest,
    app: &App,
    id: PaymentOrderId,
    errors: &[FieldError],
) -> Answer {
    let traced = reading::order(app, &user.actor, id).await?;
    let mut chrome = frame(request, "finance-order-title");
    let order = &traced.listed.order;
    chrome.breadcrumbs = vec![match order.batch {
        Some(batch) => Link::to(to::batch(batch), chrome.t("finance-batch-title")),
        None => Link::to(to::home(""), chrome.t("finance-orders-title")),
    }];
    chrome.faulty = !errors.is_empty();
    let said = in_words(&chrome, errors);
    let pairs = said.iter().map(|(f, w)| (f.as_str(), w.as_str()));
    let content = OrderPage {
        errors: ErrorSummary::of(chrome.locale, pairs),
        state: state_tag(&chrome, order.state),
        facts: facts(&chrome, &traced),
        history: history(&chrome, &traced),
        form: form(&chrome, order, fault(&said, "reason")),
        chrome,
    };
    let status = match errors {
        [] => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(page(status, &content))
}

fn facts(chrome: &Chrome, traced: &Traced) -> SummaryList {
    let order = &traced.listed.order;
    let kind = chrome.t(&format!(
        "choice-reimbursement-account_kind-{}",
        order.account.kind
    ));
    let account = masked_account(&order.account.number);
    let mut rows = vec![
        ("finance-col-receipt", traced.listed.receipt_no.clone()),
        ("finance-col-order", order.id.to_string()),
        (
            "finance-col-amount",
            words::money(chrome.locale, order.amount.fen()),
        ),
        ("finance-col-settlement", order.settlement.to_string()),
        ("finance-col-attempt", order.attempt.to_string()),
        ("finance-col-holder", order.account.holder.clone()),
        ("finance-col-bank", order.account.bank.clone()),
        ("finance-col-account", format!("{kind} {account}")),
    ];
    if let Some(day) = order.paid_on {
        rows.push(("finance-col-paid-on", words::day(chrome.locale, day)));
    }
    let rows = rows
        .into_iter()
        .map(|(key, value)| SummaryRow::new(chrome.t(key), value));
    SummaryList::new(chrome.locale, rows.collect())
}

fn history(chrome: &Chrome, traced: &Traced) -> Timeline {
    let entries = traced.events.iter().map(|event| Entry {
        what: chrome.t(&format!("payment-state-{}", event.state)),
        at: event.at,
        who: match event.by {
            Some(by) => traced.names.get(&by).cloned().unwrap_or_default(),
            None => chrome.t("finance-by-service"),
        },
        lines: event.reason.clone().into_iter().collect(),
    });
    Timeline::new(chrome.locale, entries.collect())
}

fn form(chrome: &Chrome, order: &Order, error: Option<String>) -> Option<Form> {
    let (what, action) = match order.state {
        State::Paid => ("returned", to::order_returned(order.id)),
        State::ToRecover => ("recovered", to::order_recovered(order.id)),
        State::Ordered
        | State::Batched
        | State::Failed
        | State::Returned
        | State::Cancelled
        | State::Recovered => return None,
    };
    Some(Form {
        title: chrome.t(&format!("finance-{what}-title")),
        lead: chrome.t(&format!("finance-{what}-lead")),
        action,
        reason: Area::new(chrome.locale, "reason", chrome.t("finance-reason"))
            .max(200)
            .error(error),
    })
}

/// What is sent with it.
#[derive(Debug, Deserialize)]
pub struct Typed {
    #[serde(default)]
    reason: String,
}

/// `POST /finance/orders/{order}/returned`.
pub async fn returned(
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<String>,
    sent: Sent<Typed>,
) -> Answer {
    sent.user.actor.require(paying::OFFICERS)?;
    let id = named(&path)?;
    let outcome = results::came_back(&app, &sent.user.actor, id, &sent.form.reason).await;
    settled(&request, &app, &sent, id, outcome).await
}

/// `POST /finance/orders/{order}/recovered`.
pub async fn recovered(
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<String>,
    sent: Sent<Typed>,
) -> Answer {
    sent.user.actor.require(paying::OFFICERS)?;
    let id = named(&path)?;
    let outcome = results::recovered(&app, &sent.user.actor, id, &sent.form.reason).await;
    settled(&request, &app, &sent, id, outcome).await
}

async fn settled(
    request: &HttpRequest,
    app: &App,
    sent: &Sent<Typed>,
    id: PaymentOrderId,
    outcome: Result<Order, Error>,
) -> Answer {
    match outcome {
        Ok(order) => Ok(see_other(&to::order(order.id))),
        Err(Error::Invalid(errors)) => again(&sent.user, request, app, id, &errors).await,
        Err(error) => Err(error.into()),
    }
}
