//! The settlement of an own case (SET-1): who pays what, by which clause, what was allowed of each line and why, how every amount
//! came about. Nothing is computed here, and nothing shown that the second review has not approved.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;

use super::{frame, only_applicants, receipt_no};
use crate::data::texts::text_with;
use crate::domain::actor::Sight;
use crate::domain::claim::adjusting::Reviewed;
use crate::usecases::App;
use crate::usecases::settling::reading;
use crate::web::page::{Chrome, page};
use crate::web::problem::{Answer, Failure};
use crate::web::session::SignedIn;
use crate::web::settlement::{Split, Trail};
use crate::web::urls::resident as to;

/// A line of which something else counts than was asked.
struct Changed {
    name: String,
    day: String,
    amounts: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "resident/settlement.html")]
struct SettlementPage {
    chrome: Chrome,
    receipt_no: String,
    back: String,
    payable: String,
    lead: String,
    open_again: bool,
    split: Split,
    changed: Vec<Changed>,
    pack: String,
    trail: Trail,
}

/// `GET /my/cases/{receipt_no}/settlement`.
pub async fn show(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    number: web::Path<String>,
) -> Answer {
    only_applicants(&user)?;
    let receipt_no = receipt_no(&number)?;
    let seen = reading::seen(&app, &user.actor, &receipt_no).await?;
    if user.actor.sight(&seen.case) != Sight::Own {
        return Err(Failure::not_found());
    }
    let version = seen.last().ok_or_else(Failure::not_found)?;
    let (stored, settlement) = (&version.stored, &version.stored.settlement);
    let chrome = frame(&request, "settlement-title");
    let locale = chrome.locale;
    let payable = chrome.money(&settlement.parts.payable());
    let lead = [
        ("total", chrome.money(&settlement.total_fen).into()),
        ("payable", payable.clone().into()),
        ("person", chrome.money(&settlement.parts.person).into()),
    ];
    let pack = [
        ("pool", stored.input.pool.to_string().into()),
        ("day", chrome.day(&stored.input.from).into()),
    ];
    let content = SettlementPage {
        receipt_no: receipt_no.as_str().to_owned(),
        back: to::case(receipt_no.as_str()),
        lead: text_with(locale, "settlement-lead", &lead),
        pack: text_with(locale, "settlement-pack", &pack),
        payable,
        open_again: seen.is_open_again(),
        split: Split::new(locale, "split", settlement),
        changed: changed(&chrome, &seen.ground.lines),
        trail: Trail::new(locale, settlement),
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}

fn changed(chrome: &Chrome, lines: &[Reviewed]) -> Vec<Changed> {
    let less = lines
        .iter()
        .filter(|line| line.allowed != line.asked.amount);
    less.filter_map(|line| {
        let said = line.adjusted.as_ref()?;
        let asked = chrome.money(&line.asked.amount.fen());
        let allowed = chrome.money(&line.allowed.fen());
        Some(Changed {
            name: line.asked.name.clone(),
            day: chrome.day(&line.asked.day),
            amounts: chrome.t2("settlement-allowed", ("asked", asked), ("allowed", allowed)),
            reason: said.ruling.reason.clone(),
        })
    })
    .collect()
}
