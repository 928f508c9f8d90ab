//! The receipt that is read out to a caller (CAS-5, CAS-8).

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use crate::domain::actor::Role;
use crate::usecases::{App, behalf};
use crate::web::chrome::Chrome;
use crate::web::components::{SummaryList, SummaryRow};
use crate::web::page::{page, see_other};
use crate::web::problem::{Answer, Failure};
use crate::web::session::{self, SignedIn};
use crate::web::urls;

/// The receipt to read out.
#[derive(Template)]
#[template(path = "behalf/receipt.html")]
struct ReceiptPage {
    chrome: Chrome,
    receipt_no: String,
    groups: Vec<String>,
    facts: SummaryList,
}

/// Which case; nothing leads back to the form.
#[derive(Debug, Default, Deserialize)]
pub struct Of {
    #[serde(default)]
    of: String,
}

/// `GET /desk/filed?of=`: number in groups, and what to tell the caller (CAS-5, CAS-8).
pub async fn receipt(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    of: web::Query<Of>,
) -> Answer {
    user.actor.require(&[Role::Handler])?;
    if of.of.is_empty() {
        return Ok(see_other(&urls::desk::file()));
    }
    let number = of.of.parse().map_err(|_| Failure::not_found())?;
    let listed = behalf::filed(&app, &user.actor, &number).await?;
    let chrome = session::frame(&request, "behalf-receipt-title");
    let case = &listed.case;
    let mut rows = vec![
        SummaryRow::new(chrome.t("person-name"), &listed.person_name),
        SummaryRow::new(
            chrome.t("receipt-item"),
            chrome.t(&format!("item-{}", case.item)),
        ),
    ];
    if let Some(due) = case.due() {
        rows.push(SummaryRow::new(
            chrome.t("receipt-due"),
            chrome.moment(&due),
        ));
    }
    let content = ReceiptPage {
        groups: groups(&case.receipt_no),
        receipt_no: case.receipt_no.clone(),
        facts: SummaryList::new(chrome.locale, rows),
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}

/// Digits in groups of four, as they are read out; dashes end a group.
fn groups(receipt_no: &str) -> Vec<String> {
    receipt_no
        .split('-')
        .flat_map(|part| {
            let digits: Vec<char> = part.chars().collect();
            let groups: Vec<String> = digits.chunks(4).map(|four| four.iter().collect()).collect();
            groups
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_number_is_read_out_in_groups() {
        assert_eq!(
            super::groups("371000-20261124-000017-X"),
            ["3710", "00", "2026", "1124", "0000", "17", "X"]
        );
    }
}
