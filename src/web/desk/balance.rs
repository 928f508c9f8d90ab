//! Evening out the load: the proposal is shown first, then ordered with a reason.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;

use super::frame;
use super::supervised::{Pick, Typed, outcomes, reason};
use crate::domain::actor::Role;
use crate::domain::ids::AccountId;
use crate::usecases::balancing::{self, Proposed};
use crate::usecases::{App, reassigning};
use crate::web::components::{Area, ErrorSummary};
use crate::web::csrf::Sent;
use crate::web::page::{Chrome, page};
use crate::web::problem::Answer;
use crate::web::session::SignedIn;
use crate::web::urls::oversight as to;

/// A proposed move.
struct Row {
    pick: Pick,
    to: String,
    value: String,
}

/// The proposal.
#[derive(Template)]
#[template(path = "desk/balance.html")]
struct BalancePage {
    chrome: Chrome,
    errors: Option<ErrorSummary>,
    hands: Vec<(String, usize, usize)>,
    rows: Vec<Row>,
    reason: Area,
}

/// `GET /desk/supervisor/balance`.
pub async fn propose(user: SignedIn, request: HttpRequest, app: web::Data<App>) -> Answer {
    user.actor.require(&[Role::Supervisor])?;
    show(&user, &request, &app, "", None).await
}

async fn show(
    user: &SignedIn,
    request: &HttpRequest,
    app: &App,
    typed: &str,
    fault: Option<(&str, String)>,
) -> Answer {
    let mut chrome = frame(request, user, "balance-title");
    chrome.faulty = fault.is_some();
    let proposal = balancing::proposal(app, &user.actor).await?;
    let names: BTreeMap<AccountId, String> = proposal
        .hands
        .iter()
        .map(|(account, name, ..)| (*account, name.clone()))
        .collect();
    let row = |one: &Proposed| {
        let from = to::balance();
        let pick = Pick::new(app, &chrome, &user.actor, (&one.listed, &names), &from);
        Row {
            to: names.get(&one.to).cloned().unwrap_or_default(),
            value: format!("{}.{}", pick.value, one.to),
            pick,
        }
    };
    let at_reason = fault.as_ref().filter(|(field, _)| *field == "reason");
    let content = BalancePage {
        rows: proposal.moves.iter().map(row).collect(),
        reason: reason(&chrome, typed).error(at_reason.map(|(_, words)| words.clone())),
        errors: ErrorSummary::of(
            chrome.locale,
            fault.iter().map(|(field, words)| (*field, words.as_str())),
        ),
        hands: (proposal.hands.into_iter())
            .map(|(_, name, now, then)| (name, now, then))
            .collect(),
        chrome,
    };
    let status = match fault {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(page(status, &content))
}

/// `POST /desk/supervisor/balance`: the moves that were left ticked.
pub async fn order(
    sent: Sent<Vec<(String, String)>>,
    request: HttpRequest,
    app: web::Data<App>,
) -> Answer {
    let user = sent.user;
    user.actor.require(&[Role::Supervisor])?;
    let typed = Typed::of(&sent.form);
    let chrome = frame(&request, &user, "reassign-title");
    let fault = match (typed.moves.is_empty(), typed.bad_reason(&chrome)) {
        (true, _) => Some(("", chrome.t("reassign-none"))),
        (false, Some(words)) => Some(("reason", words)),
        (false, None) => None,
    };
    if fault.is_some() {
        return show(&user, &request, &app, &typed.reason, fault).await;
    }
    let mut by_taker: BTreeMap<AccountId, Vec<(String, u32)>> = BTreeMap::new();
    for (number, version, to) in typed.moves {
        by_taker.entry(to).or_default().push((number, version));
    }
    let mut done = vec![];
    for (to, cases) in by_taker {
        done.extend(reassigning::many(&app, &user.actor, cases, to, typed.reason.clone()).await?);
    }
    Ok(outcomes(chrome, &done, to::balance()))
}
