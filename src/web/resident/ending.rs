//! Taking an own case back, and filing it again.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use super::case::own;
use super::{Nothing, frame, only_residents, receipt_no};
use crate::domain::text::cleaned;
use crate::domain::workflow::{Action, Command};
use crate::usecases::{App, drafting, handling};
use crate::web::chrome::{Chrome, Link};
use crate::web::components::Area;
use crate::web::csrf::Sent;
use crate::web::page::{page, see_other};
use crate::web::problem::Answer;
use crate::web::session::SignedIn;
use crate::web::urls::resident as to;

/// Before a case is taken back.
#[derive(Template)]
#[template(path = "resident/withdraw.html")]
struct WithdrawPage {
    chrome: Chrome,
    receipt_no: String,
    version: u32,
    reason: Area,
}

/// `GET /my/cases/{receipt_no}/withdraw`.
pub async fn withdraw_page(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    number: web::Path<String>,
) -> Answer {
    only_residents(&user)?;
    let full = own(&app, &user, &receipt_no(&number)?).await?;
    let case = &full.summary.listed.case;
    if !full.summary.actions.contains(&Action::Withdraw) {
        return Ok(see_other(&to::case(&case.receipt_no)));
    }
    let mut chrome = frame(&request, "withdraw-title");
    chrome.breadcrumbs.push(Link::to(
        to::case(&case.receipt_no),
        case.receipt_no.clone(),
    ));
    let content = WithdrawPage {
        reason: Area::new(chrome.locale, "reason", chrome.t("withdraw-reason"))
            .max(500)
            .optional(),
        receipt_no: case.receipt_no.clone(),
        version: case.version,
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}

/// What is sent there.
#[derive(Debug, Deserialize)]
pub struct Withdrawal {
    version: u32,
    #[serde(default)]
    reason: String,
}

/// `POST /my/cases/{receipt_no}/withdraw`: until the decision (CAS-7).
pub async fn withdraw(
    app: web::Data<App>,
    number: web::Path<String>,
    sent: Sent<Withdrawal>,
) -> Answer {
    only_residents(&sent.user)?;
    let number = receipt_no(&number)?;
    let reason: String = cleaned(&sent.form.reason).chars().take(500).collect();
    let command = Command::Withdraw {
        reason: Some(reason).filter(|reason| !reason.is_empty()),
    };
    handling::act(&app, &sent.user.actor, &number, sent.form.version, command).await?;
    Ok(see_other(&to::case(number.as_str())))
}

/// `POST /my/cases/{receipt_no}/again`.
pub async fn again(app: web::Data<App>, number: web::Path<String>, sent: Sent<Nothing>) -> Answer {
    only_residents(&sent.user)?;
    let id = drafting::again(&app, &sent.user.actor, &receipt_no(&number)?).await?;
    Ok(see_other(&to::draft(id)))
}
