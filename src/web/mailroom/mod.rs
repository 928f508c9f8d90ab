//! The mailroom (RB-1): scan, register, check against the list, photograph, send originals back. Handlers of the agency read
//! parcels and take in those without a form. Of a case nothing but its number and item is shown.
//!
//! [`home`] the first page and its scanner, [`register`] the form, [`list`] lists on screen, paper and as a file, [`parcel`] one
//! parcel, [`acting`] what is done to it, [`files`] photographs and papers.

pub mod acting;
pub mod files;
pub mod home;
pub mod list;
pub mod parcel;
pub mod register;
pub mod words;

use actix_web::HttpRequest;

use crate::domain::actor::Role;
use crate::domain::ids::ParcelId;
use crate::web::behalf::parcel as taking_in;
use crate::web::page::{Chrome, Link, Width};
use crate::web::problem::Failure;
use crate::web::session::{self, SignedIn};
use crate::web::table::table;
use crate::web::urls::{desk, mailroom as to};

table! {
    // Mailroom clerks
    "/mailroom" => get home::home;
    "/mailroom/scan" => post home::scan;
    "/mailroom/register" => get register::form, post register::register;
    "/mailroom/parcels/{parcel}/cases" => post acting::add_case;
    "/mailroom/parcels/{parcel}/checklist" => post acting::check;
    "/mailroom/parcels/{parcel}/returns" => post acting::send_back;
    "/mailroom/parcels/{parcel}/photos" => post files::add_photo;
    "/mailroom/parcels/{parcel}/papers" => post files::add_paper;
    // Whoever reads the agency's parcels
    "/mailroom/parcels" => get list::list;
    "/mailroom/parcels.csv" => get list::file;
    "/mailroom/parcels/{parcel}" => get parcel::show;
    "/mailroom/parcels/{parcel}/photos/{photo}" => get files::photo;
    // Handlers
    "/mailroom/parcels/{parcel}/take-in" => get taking_in::ask, post taking_in::open;
    "/mailroom/parcels/{parcel}/take-in/submit" => post taking_in::submit;
}

/// The frame of a page of parcels: wide, with the navigation of the mailroom; a handler keeps the desk's.
fn frame(request: &HttpRequest, user: &SignedIn, title: &str) -> Chrome {
    let mut chrome = session::frame(request, title);
    chrome.width = Width::Desk;
    let here = request.path();
    let links = match user.actor.role {
        Role::MailroomClerk => vec![
            (to::home(), "mailroom-nav-home"),
            (to::register(&[]), "mailroom-nav-register"),
            (to::parcels(&[("which", "open")]), "mailroom-nav-open"),
            (to::parcels(&[]), "mailroom-nav-all"),
        ],
        _ => vec![
            (desk::desk(), "nav-desk"),
            (to::parcels(&[("which", "open")]), "mailroom-nav-open"),
        ],
    };
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

/// An identifier of an address; a malformed one names no parcel.
pub(super) fn parcel_id(text: &str) -> Result<ParcelId, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}
