//! Contacts between agencies (XR-4, XR-5) as their desks and the provincial centre see them: each its own side. What may be
//! seen and answered is asked of the use cases.
//!
//! [`list`] what is to answer, what was sent, what is done; [`one`] a contact with its answer; [`panel`] the contacts of a
//! case on the case's page; [`words`] how agencies and states are called.

mod form;
pub mod list;
pub mod one;
pub mod panel;
mod words;

use actix_web::HttpRequest;

use crate::domain::actor::Role;
use crate::domain::ids::ContactId;
use crate::web::chrome::{Chrome, Width};
use crate::web::desk;
use crate::web::problem::Failure;
use crate::web::session::{self, SignedIn};
use crate::web::table::table;

pub use words::{agency_name, masked, message_words};

table! {
    "/contacts" => get list::show;
    "/contacts/{id}" => get one::show;
    "/contacts/{id}/answer" => post one::answer;
    "/contacts/{id}/reveal" => post one::reveal;
    "/contacts/{id}/files" => post one::add_file;
}

/// The frame of these pages: at an agency the desk's, at the provincial centre its own.
fn frame(request: &HttpRequest, user: &SignedIn, title: &str) -> Chrome {
    match user.actor.role {
        Role::ProvincialHandler => {
            let mut chrome = session::frame(request, title);
            chrome.width = Width::Desk;
            chrome
        }
        _ => desk::frame(request, user, title),
    }
}

/// The identifier in an address.
///
/// # Errors
/// As for a contact that is not there.
fn read_id(text: &str) -> Result<ContactId, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}
