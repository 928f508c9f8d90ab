//! Pages of residents: my affairs, filing question by question, receipts, own cases. Nothing here decides what
//! somebody may do or what an answer must be; that is asked of the use cases.

pub(in crate::web) mod answers;
mod apply;
mod case;
mod check;
mod ending;
mod home;
mod papers;
pub(in crate::web) mod question;
mod rating;
mod reads;
mod receipt;
mod registrations;
mod remedies;
pub(in crate::web) mod steps;
mod supplement;
pub(in crate::web) mod zero_material;

pub(in crate::web) use papers::{cut, first_bytes};

use actix_web::HttpRequest;
use serde::Deserialize;

use crate::domain::actor::Role;
use crate::domain::form::FieldError;
use crate::domain::ids::CaseId;
use crate::domain::locale::Locale;
use crate::domain::receipt::ReceiptNo;
use crate::web::chrome::{Chrome, Link};
use crate::web::problem::{Failure, field_message};
use crate::web::session::{self, SignedIn};
use crate::web::table::table;
use crate::web::urls;
use crate::web::urls::resident as to;

pub(in crate::web) use papers::read as read_upload;

table! {
    "/my" => get home::mine;
    "/my/reads" => get reads::reads;
    "/registrations" => get registrations::registrations;
    "/apply/{slug}" => get apply::start, post apply::begin;
    "/apply/{slug}/at-once" => post zero_material::press;
    "/apply/draft/{id}" => get apply::resume;
    "/apply/draft/{id}/delete" => post apply::delete;
    "/apply/draft/{id}/autosave" => post question::autosave;
    "/apply/draft/{id}/papers" => get papers::page_of_draft, post papers::add_to_draft;
    "/apply/draft/{id}/papers/{paper}" => get papers::of_draft;
    "/apply/draft/{id}/papers/{paper}/remove" => post papers::remove;
    "/apply/draft/{id}/check" => get check::check;
    "/apply/draft/{id}/submit" => post check::submit;
    "/apply/draft/{id}/{field}" => get question::ask, post question::answer;
    "/my/cases/{receipt_no}" => get case::case;
    "/my/cases/{receipt_no}/receipt" => get receipt::receipt;
    "/my/cases/{receipt_no}/papers" => post papers::add_to_case;
    "/my/cases/{receipt_no}/papers/{paper}" => get papers::of_case;
    "/my/cases/{receipt_no}/supplement" => get supplement::ask, post supplement::send;
    "/my/cases/{receipt_no}/withdraw" => get ending::withdraw_page, post ending::withdraw;
    "/my/cases/{receipt_no}/rating" => post rating::rate;
    "/my/cases/{receipt_no}/object" => get ending::object_page, post ending::object;
    "/my/cases/{receipt_no}/again" => post ending::again;
}

/// A form without fields of its own.
#[derive(Debug, Deserialize)]
struct Nothing {}

/// Pages of residents are for residents.
fn only_residents(user: &SignedIn) -> Result<(), Failure> {
    Ok(user.actor.require(&[Role::Resident])?)
}

/// A case's own pages are for who acts in it, a proxy (CAS-8) and the employer that filed it (XR-9) too; whether it is
/// theirs is asked of the case.
fn only_applicants(user: &SignedIn) -> Result<(), Failure> {
    let roles = [Role::Resident, Role::Proxy, Role::EmployerAgent];
    Ok(user.actor.require(&roles)?)
}

/// The frame of a resident's page below "my affairs".
fn frame(request: &HttpRequest, title: &str) -> Chrome {
    let mut chrome = session::frame(request, title);
    let for_employer = session::role_key(Role::EmployerAgent);
    let home = match &chrome.user {
        Some(user) if user.role == for_employer => {
            Link::to(urls::employer::home(), chrome.t("employer-title"))
        }
        Some(_) | None => Link::to(to::mine(), chrome.t("mine-title")),
    };
    chrome.breadcrumbs = vec![home];
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
