//! Pages of residents: my affairs, filing question by question, receipts, own cases. Nothing here decides what
//! somebody may do or what an answer must be; that is asked of the use cases.

mod answers;
mod apply;
mod case;
mod check;
mod ending;
mod home;
mod papers;
mod question;
mod reads;
mod receipt;
mod registrations;
mod remedies;
mod steps;
mod supplement;

use actix_web::HttpRequest;
use actix_web::web::{ServiceConfig, get, post};
use serde::Deserialize;

use crate::domain::actor::Role;
use crate::domain::form::FieldError;
use crate::domain::ids::CaseId;
use crate::domain::locale::Locale;
use crate::domain::receipt::ReceiptNo;
use crate::web::chrome::{Chrome, Link};
use crate::web::problem::{Failure, field_message};
use crate::web::session::{self, SignedIn};
use crate::web::urls::resident as to;

/// The routes of residents.
pub fn routes(config: &mut ServiceConfig) {
    config
        .route("/my", get().to(home::mine))
        .route("/my/reads", get().to(reads::reads))
        .route("/registrations", get().to(registrations::registrations))
        .route("/apply/{slug}", get().to(apply::start))
        .route("/apply/{slug}", post().to(apply::begin))
        .route("/apply/draft/{id}", get().to(apply::resume))
        .route("/apply/draft/{id}/delete", post().to(apply::delete))
        .route("/apply/draft/{id}/autosave", post().to(question::autosave))
        .route("/apply/draft/{id}/papers", get().to(papers::page_of_draft))
        .route("/apply/draft/{id}/papers", post().to(papers::add_to_draft))
        .route(
            "/apply/draft/{id}/papers/{paper}",
            get().to(papers::of_draft),
        )
        .route(
            "/apply/draft/{id}/papers/{paper}/remove",
            post().to(papers::remove),
        )
        .route("/apply/draft/{id}/check", get().to(check::check))
        .route("/apply/draft/{id}/submit", post().to(check::submit))
        .route("/apply/draft/{id}/{field}", get().to(question::ask))
        .route("/apply/draft/{id}/{field}", post().to(question::answer))
        .route("/my/cases/{receipt_no}", get().to(case::case))
        .route("/my/cases/{receipt_no}/receipt", get().to(receipt::receipt))
        .route(
            "/my/cases/{receipt_no}/papers",
            post().to(papers::add_to_case),
        )
        .route(
            "/my/cases/{receipt_no}/papers/{paper}",
            get().to(papers::of_case),
        )
        .route(
            "/my/cases/{receipt_no}/supplement",
            get().to(supplement::ask),
        )
        .route(
            "/my/cases/{receipt_no}/supplement",
            post().to(supplement::send),
        )
        .route(
            "/my/cases/{receipt_no}/withdraw",
            get().to(ending::withdraw_page),
        )
        .route(
            "/my/cases/{receipt_no}/withdraw",
            post().to(ending::withdraw),
        )
        .route("/my/cases/{receipt_no}/again", post().to(ending::again));
}

/// A form without fields of its own.
#[derive(Debug, Deserialize)]
struct Nothing {}

/// Pages of residents are for residents.
fn only_residents(user: &SignedIn) -> Result<(), Failure> {
    Ok(user.actor.require(&[Role::Resident])?)
}

/// The frame of a resident's page below "my affairs".
fn frame(request: &HttpRequest, title: &str) -> Chrome {
    let mut chrome = session::frame(request, title);
    chrome.breadcrumbs = vec![Link::to(to::mine(), chrome.t("mine-title"))];
    chrome
}

/// What a path names, if it is written as one; else there is nothing.
fn draft_id(text: &str) -> Result<CaseId, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}

fn receipt_no(text: &str) -> Result<ReceiptNo, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}

/// Faults in words, by field.
fn in_words(locale: Locale, errors: &[FieldError]) -> Vec<(String, String)> {
    errors
        .iter()
        .map(|error| (error.field.clone(), field_message(locale, error)))
        .collect()
}
