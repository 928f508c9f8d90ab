//! The receipt of an own case: number, exact due time and how it was computed, what happens next, whom to ask.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;

use super::case::{computed, own};
use super::zero_material::standing_lines;
use super::{frame, only_applicants, receipt_no};
use crate::config::Http;
use crate::documents::qr;
use crate::usecases::App;
use crate::web::chrome::Chrome;
use crate::web::components::{Panel, SummaryList, SummaryRow};
use crate::web::page::page;
use crate::web::problem::Answer;
use crate::web::session::SignedIn;
use crate::web::urls;

/// The receipt.
#[derive(Template)]
#[template(path = "resident/receipt.html")]
struct ReceiptPage {
    chrome: Chrome,
    panel: Panel,
    receipt_no: String,
    facts: SummaryList,
    computed: Vec<String>,
    qr: Option<String>,
    phone: String,
}

/// `GET /my/cases/{receipt_no}/receipt`.
pub async fn receipt(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    http: web::Data<Http>,
    number: web::Path<String>,
) -> Answer {
    only_applicants(&user)?;
    let number = receipt_no(&number)?;
    let full = own(&app, &user, &number).await?;
    let case = &full.summary.listed.case;
    let chrome = frame(&request, "receipt-title");
    let mut rows = vec![
        SummaryRow::new(
            chrome.t("receipt-item"),
            chrome.t(&format!("item-{}", case.item)),
        ),
        SummaryRow::new(chrome.t("receipt-filed"), chrome.moment(&case.filed_at)),
    ];
    if let Some(due) = case.due() {
        rows.push(SummaryRow::new(
            chrome.t("receipt-due"),
            chrome.moment(&due),
        ));
    }
    if let Some(ground) = &full.ground {
        let lines = standing_lines(&app, chrome.locale, ground);
        rows.push(SummaryRow {
            lines,
            ..SummaryRow::new(chrome.t("ground-registration"), "")
        });
    }
    let agencies = app.office.agencies();
    let agency = agencies.get(&case.agency);
    let progress = format!("{}{}", http.origin, urls::progress_of(number.as_str()));
    let content = ReceiptPage {
        panel: Panel {
            heading: chrome.t("receipt-heading"),
            label: chrome.t("receipt-number"),
            value: case.receipt_no.clone(),
        },
        receipt_no: case.receipt_no.clone(),
        facts: SummaryList::new(chrome.locale, rows),
        computed: computed(&chrome, &app, &full),
        qr: qr::svg(&progress),
        phone: agency
            .map(|agency| agency.phone.clone())
            .unwrap_or_default(),
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}
