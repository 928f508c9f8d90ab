//! The desk: where handlers, reviewers and supervisors work, and auditors read (CAS-10). Pages show what the use
//! cases give them and offer what the table allows; whether something may be done is asked of the domain alone.
//!
//! [`home`] first page and taking the next case, [`lists`] queue and other lists, [`case`] one case on one screen,
//! [`actions`] the forms of what can be done, [`forms`] reading them, [`approvals`] requests for a second person,
//! [`landing`] where roles without a desk arrive.

pub mod actions;
pub mod answers;
pub mod approvals;
pub mod balance;
mod batch_decision;
pub mod batches;
pub mod case;
mod fields;
pub mod follow_ups;
pub mod forms;
mod ground;
pub mod history;
pub mod home;
pub mod landing;
pub mod leave;
pub mod ledger;
pub mod lists;
pub mod notices;
mod parts;
pub(in crate::web) mod places;
pub mod register;
pub mod roster;
pub mod rows;
pub mod samples;
pub mod supervised;
pub mod supervisor;

use actix_web::HttpRequest;

use crate::domain::actor::Role;
use crate::web::page::{Chrome, Link, Width};
use crate::web::session::{self, SignedIn};
use crate::web::table::table;
use crate::web::urls;

/// Who may open the desk at all.
pub(super) const READERS: &[Role] = &[
    Role::Handler,
    Role::Reviewer,
    Role::Supervisor,
    Role::Auditor,
];

table! {
    "/desk" => get home::home;
    "/desk/next" => post home::next;
    "/desk/queue" => get lists::queue;
    "/desk/mine" => get lists::mine;
    "/desk/reviews" => get lists::reviews;
    "/desk/escalated" => get lists::escalated;
    "/desk/cases" => get lists::cases;
    "/desk/search" => get lists::search;
    "/desk/approvals" => get approvals::list;
    "/desk/approvals/{id}/confirm" => post approvals::confirm;
    "/desk/approvals/{id}/decline" => post approvals::decline;
    "/desk/roster" => get roster::show;
    "/desk/roster/add" => post roster::add;
    "/desk/roster/remove" => post roster::remove;
    "/desk/roster/copy" => post roster::copy;
    "/desk/leave" => get leave::show, post leave::ask;
    "/desk/leave/grant" => post leave::grant;
    "/desk/leave/cancel" => post leave::cancel;
    "/desk/cases/{receipt_no}" => get case::show;
    "/desk/cases/{receipt_no}/reveal" => post case::reveal;
    "/desk/cases/{receipt_no}/actions/{action}" => get actions::ask, post actions::act;
    "/desk/supervisor" => get supervisor::overview;
    "/desk/supervisor/cases" => get supervised::list, post supervised::reassign;
    "/desk/supervisor/balance" => get balance::propose, post balance::order;
    "/desk/breaches" => get register::list;
    "/desk/breaches.csv" => get register::file;
    "/desk/follow-ups" => get follow_ups::list;
    "/desk/follow-ups/{receipt_no}/close" => post follow_ups::close;
    "/desk/samples" => get samples::list, post samples::draw;
    "/desk/samples/look" => post samples::look;
    "/desk/patients" => get ledger::list;
    "/desk/patients/search" => post ledger::search;
    "/desk/patients/{patient}" => get ledger::show;
    "/desk/batches" => get batches::list;
    "/desk/batches/{id}" => get batches::show;
    "/desk/batches/{id}/decide" => post batches::decide;
    "/desk/batches/{id}/report.csv" => get batches::report;
    "/desk/batches/{id}/tasks/{task}/results.csv" => get batches::results;
    "/workplace" => get landing::show;
}

/// The frame of a desk's page: wide, with the lists that are the role's business.
pub(super) fn frame(request: &HttpRequest, user: &SignedIn, title: &str) -> Chrome {
    let mut chrome = session::frame(request, title);
    chrome.width = Width::Desk;
    chrome.nav = navigation(&chrome, user.actor.role, request.path());
    chrome
}

fn navigation(chrome: &Chrome, role: Role, here: &str) -> Vec<Link> {
    let mut links = vec![(urls::desk::desk(), "desk-nav-home")];
    if role.works_the_desk() {
        links.push((urls::desk::queue("", "", ""), "desk-nav-queue"));
        links.push((urls::employer::desk_batches(), "batches-nav"));
    }
    if role == Role::Handler {
        links.push((urls::desk::mine(""), "desk-nav-mine"));
        links.push((urls::desk::file(), "desk-nav-file"));
    }
    if matches!(role, Role::Reviewer | Role::Supervisor) {
        links.push((urls::desk::reviews(""), "desk-nav-reviews"));
    }
    if role == Role::Supervisor {
        links.push((urls::desk::escalated(""), "desk-nav-escalated"));
        links.push((urls::desk::approvals(), "desk-nav-approvals"));
    }
    if matches!(role, Role::Supervisor | Role::Auditor) {
        links.push((urls::oversight::supervisor(), "oversight-title"));
        links.push((urls::oversight::breaches(&[]), "breaches-title"));
    }
    links.push((urls::contacts::list("", ""), "contacts-nav"));
    links.push((urls::desk::cases("", ""), "desk-nav-cases"));
    links.push((urls::institution::desk_patients(&[]), "desk-nav-patients"));
    if role.works_the_desk() {
        links.push((urls::desk::roster(""), "desk-nav-roster"));
    }
    links
        .into_iter()
        .map(|(url, key)| Link::to(url, chrome.t(key)).marked(here))
        .chain([session::to_inbox(chrome, here)])
        .collect()
}
