//! The account of an own claim, put right after the bank could not pay (RB-6): the same case, no new one.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde_json::Map;

use super::answers::Reader;
use super::case::own;
use super::question::Asked;
use super::{frame, in_words, only_applicants, receipt_no, steps};
use crate::domain::case::Case;
use crate::domain::form::FieldError;
use crate::domain::receipt::ReceiptNo;
use crate::items::reimbursement;
use crate::usecases::paying::correcting;
use crate::usecases::{App, Error};
use crate::web::chrome::{Chrome, Link};
use crate::web::components::ErrorSummary;
use crate::web::components::forms::Field as Control;
use crate::web::csrf::Sent;
use crate::web::page::{page, see_other};
use crate::web::problem::Answer;
use crate::web::session::SignedIn;
use crate::web::urls::resident as to;

type Typed = Vec<(String, String)>;

/// The account to be put right.
#[derive(Template)]
#[template(path = "resident/account.html")]
struct AccountPage {
    chrome: Chrome,
    errors: Option<ErrorSummary>,
    receipt_no: String,
    version: u32,
    /// What the bank says.
    reason: String,
    questions: Vec<Control>,
}

/// `GET /my/cases/{receipt_no}/account`.
pub async fn ask(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    number: web::Path<String>,
) -> Answer {
    only_applicants(&user)?;
    again(&user, &request, &app, &receipt_no(&number)?, (&[], &[])).await
}

async fn again(
    user: &SignedIn,
    request: &HttpRequest,
    app: &App,
    number: &ReceiptNo,
    (errors, typed): (&[FieldError], &[(String, String)]),
) -> Answer {
    let full = own(app, user, number).await?;
    match correcting::said(app, &user.actor, number).await? {
        None => Ok(see_other(&to::case(number.as_str()))),
        Some(reason) => {
            let case = &full.summary.listed.case;
            Ok(show(request, app, (case, reason), errors, typed))
        }
    }
}

fn show(
    request: &HttpRequest,
    app: &App,
    (case, reason): (&Case, String),
    errors: &[FieldError],
    typed: &[(String, String)],
) -> HttpResponse {
    let mut chrome = frame(request, "account-correct-title");
    chrome.breadcrumbs.push(Link::to(
        to::case(&case.receipt_no),
        case.receipt_no.clone(),
    ));
    chrome.faulty = !errors.is_empty();
    let said = in_words(chrome.locale, errors);
    let pairs = said
        .iter()
        .map(|(name, words)| (name.as_str(), words.as_str()));
    let content = AccountPage {
        errors: ErrorSummary::of(chrome.locale, pairs),
        receipt_no: case.receipt_no.clone(),
        version: case.version,
        reason,
        questions: questions(&chrome, app, &said, typed),
        chrome,
    };
    let status = match errors {
        [] => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    page(status, &content)
}

fn questions(
    chrome: &Chrome,
    app: &App,
    said: &[(String, String)],
    typed: &[(String, String)],
) -> Vec<Control> {
    let slug = reimbursement::ITEM.slug;
    let reader = Reader {
        locale: chrome.locale,
        slug,
        regions: &app.office.regions,
        registrations: &[],
    };
    let of = |pairs: &[(String, String)], name: &str| {
        let found = pairs.iter().find(|(field, _)| field == name);
        found.map(|(_, value)| value.clone())
    };
    reimbursement::account_fields()
        .map(|field| {
            let given = of(typed, field.name).unwrap_or_default();
            let asked = Asked {
                locale: chrome.locale,
                slug,
                name: field.name,
                label: steps::short_label(chrome.locale, slug, field.name),
                error: of(said, field.name),
                given: &given,
                heading: false,
            };
            asked.control(field, &reader)
        })
        .collect()
}

/// `POST /my/cases/{receipt_no}/account`.
pub async fn send(
    request: HttpRequest,
    app: web::Data<App>,
    number: web::Path<String>,
    sent: Sent<Typed>,
) -> Answer {
    only_applicants(&sent.user)?;
    let number = receipt_no(&number)?;
    let typed = &sent.form;
    let version = typed.iter().find(|(name, _)| name == "version");
    let version = version
        .and_then(|(_, version)| version.parse().ok())
        .unwrap_or_default();
    let fields: Map<_, _> = typed
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().into()))
        .collect();
    match correcting::correct(&app, &sent.user.actor, &number, version, &fields).await {
        Ok(()) => Ok(see_other(&to::case(number.as_str()))),
        Err(Error::Invalid(errors)) => {
            again(&sent.user, &request, &app, &number, (&errors, typed)).await
        }
        Err(error) => Err(error.into()),
    }
}
