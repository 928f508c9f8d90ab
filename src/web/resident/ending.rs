//! Taking an own case back, objecting to what somebody else filed, and filing again.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::case::own;
use super::{Nothing, frame, only_applicants, only_residents, receipt_no};
use crate::domain::text::cleaned;
use crate::domain::workflow::{Action, Command};
use crate::usecases::viewing::Full;
use crate::usecases::{App, drafting, handling};
use crate::web::chrome::{Chrome, Link};
use crate::web::components::{Area, ErrorSummary};
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
    only_applicants(&user)?;
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
    only_applicants(&sent.user)?;
    let number = receipt_no(&number)?;
    let reason: String = cleaned(&sent.form.reason).chars().take(500).collect();
    let command = Command::Withdraw {
        reason: Some(reason).filter(|reason| !reason.is_empty()),
    };
    handling::act(&app, &sent.user.actor, &number, sent.form.version, command).await?;
    Ok(see_other(&to::case(number.as_str())))
}

/// Before somebody objects to what was filed for them.
#[derive(Template)]
#[template(path = "resident/object.html")]
struct ObjectPage {
    chrome: Chrome,
    errors: Option<ErrorSummary>,
    receipt_no: String,
    version: u32,
    effect: String,
    reason: Area,
}

/// `GET /my/cases/{receipt_no}/object` (CAS-8).
pub async fn object_page(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    number: web::Path<String>,
) -> Answer {
    only_applicants(&user)?;
    let full = own(&app, &user, &receipt_no(&number)?).await?;
    if !full.summary.actions.contains(&Action::Object) {
        let number = &full.summary.listed.case.receipt_no;
        return Ok(see_other(&to::case(number)));
    }
    Ok(objection(&request, &full, None))
}

fn objection(request: &HttpRequest, full: &Full, fault: Option<&'static str>) -> HttpResponse {
    let case = &full.summary.listed.case;
    let mut chrome = frame(request, "object-title");
    chrome.breadcrumbs.push(Link::to(
        to::case(&case.receipt_no),
        case.receipt_no.clone(),
    ));
    chrome.faulty = fault.is_some();
    let fault = fault.map(|key| chrome.t(key));
    let effect = match case.decision {
        None => "object-ends",
        Some(_) => "object-told",
    };
    let pairs = fault.iter().map(|words| ("reason", words.as_str()));
    let content = ObjectPage {
        errors: ErrorSummary::of(chrome.locale, pairs),
        reason: Area::new(chrome.locale, "reason", chrome.t("object-reason"))
            .max(500)
            .error(fault.clone()),
        receipt_no: case.receipt_no.clone(),
        version: case.version,
        effect: chrome.t(effect),
        chrome,
    };
    let status = match fault {
        None => StatusCode::OK,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    page(status, &content)
}

/// `POST /my/cases/{receipt_no}/object`: before a decision it ends the case, after one the supervisors are told.
pub async fn object(
    request: HttpRequest,
    app: web::Data<App>,
    number: web::Path<String>,
    sent: Sent<Withdrawal>,
) -> Answer {
    only_applicants(&sent.user)?;
    let number = receipt_no(&number)?;
    let reason: String = cleaned(&sent.form.reason).chars().take(500).collect();
    if reason.is_empty() {
        let full = own(&app, &sent.user, &number).await?;
        return Ok(objection(&request, &full, Some("object-reason-needed")));
    }
    let command = Command::Object { reason };
    handling::act(&app, &sent.user.actor, &number, sent.form.version, command).await?;
    Ok(see_other(&to::case(number.as_str())))
}

/// `POST /my/cases/{receipt_no}/again`.
pub async fn again(app: web::Data<App>, number: web::Path<String>, sent: Sent<Nothing>) -> Answer {
    only_residents(&sent.user)?;
    let id = drafting::again(&app, &sent.user.actor, &receipt_no(&number)?).await?;
    Ok(see_other(&to::draft(id)))
}
