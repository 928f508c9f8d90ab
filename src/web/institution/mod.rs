//! Where clerks and doctors of an institution work: the patient ledger (IN-4), dense tables and short forms. What may be
//! done to an entry is the use cases' to say.
//!
//! [`home`] first page, [`list`] the ledger, [`entering`] a new entry and corrections, [`patient`] one entry, [`acting`]
//! what is done to it, [`costs`] taking a cost back, [`importing`] whole lists.

pub mod acting;
pub mod costs;
pub mod entering;
pub mod home;
pub mod importing;
pub mod list;
pub mod patient;
pub mod words;

use actix_web::HttpRequest;

use crate::domain::actor::Role;
use crate::domain::ids::PatientId;
use crate::web::page::{Chrome, Link, Width};
use crate::web::problem::Failure;
use crate::web::session;
use crate::web::table::table;
use crate::web::urls::institution as to;

table! {
    "/institution" => get home::home;
    "/institution/patients" => get list::list;
    "/institution/patients/search" => post list::search;
    "/institution/patients/new" => get entering::form, post entering::enter;
    "/institution/patients/import" => get importing::form, post importing::import;
    "/institution/patients/import/report" => post importing::report;
    "/institution/patients/template.xlsx" => get importing::template;
    "/institution/patients/{patient}" => get patient::show;
    "/institution/patients/{patient}/status" => post acting::status;
    "/institution/patients/{patient}/discharge" => post acting::discharge;
    "/institution/patients/{patient}/costs" => post acting::cost;
    "/institution/patients/{patient}/costs/{cost}/take-back" => get costs::ask, post costs::take_back;
    "/institution/patients/{patient}/correct" => get entering::correction, post entering::correct;
}

/// Who works there.
pub(super) const STAFF: &[Role] = &[Role::InstitutionClerk, Role::InstitutionDoctor];

/// The frame of an institution's page: wide, with its own navigation.
fn frame(request: &HttpRequest, role: Role, title: &str) -> Chrome {
    let mut chrome = session::frame(request, title);
    chrome.width = Width::Desk;
    let here = request.path();
    let mut links = vec![
        (to::home(), "institution-nav-home"),
        (to::patients(&[]), "institution-nav-patients"),
    ];
    if role == Role::InstitutionClerk {
        links.push((to::new(), "institution-nav-new"));
        links.push((to::import(), "institution-nav-import"));
    }
    chrome.nav = links
        .into_iter()
        .map(|(url, key)| Link::to(url, chrome.t(key)).marked(here))
        .chain([
            session::to_inbox(&chrome, here),
            Link::to(crate::web::urls::account(), chrome.t("nav-account")).marked(here),
        ])
        .collect();
    chrome
}

/// An identifier of an address; a malformed one names nobody.
pub(super) fn patient_id(text: &str) -> Result<PatientId, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}
