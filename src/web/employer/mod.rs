//! Pages of employers' agents (XR-9): the own staff, lists of many to register, what came of them. Nothing here decides
//! what somebody may do or what a row must hold; that is asked of the use cases.

mod batches;
mod home;
mod staff;
mod template;
mod upload;
mod withdraw;

use actix_web::HttpRequest;

use crate::domain::ids::BatchId;
use crate::usecases::employing::AGENTS;
use crate::web::chrome::{Chrome, Link};
use crate::web::problem::Failure;
use crate::web::session::{self, SignedIn};
use crate::web::table::table;
use crate::web::urls::employer as to;

table! {
    "/employer" => get home::home;
    "/employer/staff" => get staff::list, post staff::search;
    "/employer/staff/reveal" => post staff::reveal;
    "/employer/batches" => get batches::list;
    "/employer/batches/new" => get upload::ask, post upload::send;
    "/employer/batches/template.xlsx" => get template::empty, post template::with_staff;
    "/employer/batches/{id}" => get batches::show;
    "/employer/batches/{id}/report.csv" => get batches::report;
    "/employer/batches/{id}/tasks/{task}/results.csv" => get batches::results;
    "/employer/batches/{id}/withdraw" => get withdraw::ask, post withdraw::send;
}

/// These pages are for employers' agents.
fn only_agents(user: &SignedIn) -> Result<(), Failure> {
    Ok(user.actor.require(AGENTS)?)
}

/// The frame of a page below the employer's first one.
fn frame(request: &HttpRequest, title: &str) -> Chrome {
    let mut chrome = session::frame(request, title);
    chrome.breadcrumbs = vec![Link::to(to::home(), chrome.t("employer-title"))];
    chrome
}

/// What a path names, if it is written as one; else there is nothing.
fn batch_id(text: &str) -> Result<BatchId, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}
