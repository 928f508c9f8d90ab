//! The shares behind a figure with their cases (SET-8), page by page and as a file.

use std::rc::Rc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;

use super::frame;
use super::shares::{Opened, payer_words};
use crate::domain::fiscal::Booked;
use crate::store::fiscal::listing::Place;
use crate::usecases::listing::Rest;
use crate::usecases::paying::sharing;
use crate::usecases::{App, paying};
use crate::web::components::Pages;
use crate::web::csv;
use crate::web::page::{Chrome, Link, page};
use crate::web::problem::Answer;
use crate::web::session::SignedIn;
use crate::web::urls::finance as to;
use crate::web::words;

/// Shares of a page, and of a piece of the file.
const SHOWN: u16 = 100;

struct Row {
    receipt_no: String,
    settlement: u32,
    on: String,
    payer: String,
    amount: String,
    advanced_by: String,
}

#[derive(Template)]
#[template(path = "finance/share_cases.html")]
struct CasesPage {
    chrome: Chrome,
    rows: Vec<Row>,
    pages: Pages,
    file: String,
}

/// `GET /finance/shares/cases`.
pub async fn cases(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    opened: web::Query<Opened>,
) -> Answer {
    user.actor.require(paying::OFFICERS)?;
    let mut chrome = frame(&request, "fiscal-cases-title");
    chrome.breadcrumbs = vec![Link::to(to::shares(&[]), chrome.t("finance-shares-title"))];
    let which = opened.which(app.clock.now().day());
    let after = read_place(&opened.after);
    let (found, rest) = sharing::shares(&app, &user.actor, which, after, SHOWN).await?;
    let last = found.last().filter(|_| rest == Rest::More);
    let next = last.map(|last| {
        let place = written_place(last);
        to::share_cases(&[opened.filters().as_slice(), &[("after", &place)]].concat())
    });
    let content = CasesPage {
        rows: found.iter().map(|share| row(&chrome, share)).collect(),
        pages: Pages {
            locale: chrome.locale,
            previous: None,
            next,
        },
        file: to::shares_file(&opened.filters()),
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}

fn row(chrome: &Chrome, share: &Booked) -> Row {
    Row {
        receipt_no: share.receipt_no.clone(),
        settlement: share.settlement,
        on: share.on.to_string(),
        payer: payer_words(chrome, share.payer),
        amount: words::amount(share.amount.fen()),
        advanced_by: chrome.t(&format!("fiscal-advanced-by-{}", share.advanced_by)),
    }
}

/// A place in the list, as an address carries it.
fn written_place(share: &Booked) -> String {
    format!(
        "{}.{}.{}.{}",
        share.on, share.case, share.settlement, share.payer
    )
}

fn read_place(text: &str) -> Option<Place> {
    let mut parts = text.splitn(4, '.');
    Some((
        parts.next()?.parse().ok()?,
        parts.next()?.parse().ok()?,
        parts.next()?.parse().ok()?,
        parts.next()?.parse().ok()?,
    ))
}

/// `GET /finance/shares.csv`: everything behind a figure, piece by piece.
pub async fn file(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    opened: web::Query<Opened>,
) -> Answer {
    user.actor.require(paying::OFFICERS)?;
    let chrome = frame(&request, "fiscal-cases-title");
    let which = opened.which(app.clock.now().day());
    // What can't be is said before the file begins.
    sharing::shares(&app, &user.actor, which, None, 1).await?;
    let head = [
        "finance-col-receipt",
        "finance-col-settlement",
        "fiscal-booked-on",
        "fiscal-payer",
        "fiscal-amount",
        "fiscal-advanced-by",
    ]
    .map(|key| chrome.t(key));
    let chrome = Rc::new(chrome);
    let read = move |after: Option<Place>| {
        let (app, actor, chrome) = (app.clone(), user.actor.clone(), Rc::clone(&chrome));
        async move {
            let (found, rest) = sharing::shares(&app, &actor, which, after, SHOWN).await?;
            let next = found.last().filter(|_| rest == Rest::More);
            let next = next
                .and_then(|last| read_place(&written_place(last)))
                .map(Some);
            Ok((
                found.iter().map(|share| cells(&chrome, share)).collect(),
                next,
            ))
        }
    };
    Ok(csv::streamed("fiscal-shares", &head, None, read))
}

fn cells(chrome: &Chrome, share: &Booked) -> Vec<String> {
    let row = row(chrome, share);
    vec![
        row.receipt_no,
        row.settlement.to_string(),
        row.on,
        row.payer,
        row.amount.replace(',', ""),
        row.advanced_by,
    ]
}
