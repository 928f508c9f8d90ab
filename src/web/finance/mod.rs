//! The finance desk (RB-6, SET-8): orders, batches, results of the bank, who bears the subsidy. Officers see what they pay and
//! nothing else of a case; accounts are masked but in the file for the bank. What may be done is the use cases' to say.
//!
//! [`orders`] what waits, [`order`] one of them, [`batches`] and [`batch`] what goes to the bank, [`shares`] who bears the
//! subsidy, [`share_cases`] in which cases, [`booking`] claims and grants.

pub mod batch;
pub mod batches;
pub mod booking;
pub mod order;
pub mod orders;
pub mod share_cases;
pub mod shares;

use actix_web::HttpRequest;

use crate::domain::form::FieldError;
use crate::domain::payment::State;
use crate::web::components::{Tag, TagColour};
use crate::web::page::{Chrome, Link, Width};
use crate::web::problem::{Failure, field_message};
use crate::web::session;
use crate::web::table::table;
use crate::web::urls::finance as to;

table! {
    "/finance" => get orders::waiting;
    "/finance/recoveries" => get orders::recoveries;
    "/finance/batches" => get batches::list, post batches::make;
    "/finance/batches/{batch}" => get batch::show;
    "/finance/batches/{batch}/file.csv" => get batch::file;
    "/finance/batches/{batch}/sent" => post batch::sent;
    "/finance/batches/{batch}/results" => post batch::results;
    "/finance/orders/{order}" => get order::show;
    "/finance/orders/{order}/returned" => post order::returned;
    "/finance/orders/{order}/recovered" => post order::recovered;
    "/finance/shares" => get shares::sums;
    "/finance/shares/cases" => get share_cases::cases;
    "/finance/shares.csv" => get share_cases::file;
    "/finance/claims" => post booking::claim;
    "/finance/claims/{claim}/paid" => post booking::paid;
    "/finance/grants" => post booking::grant;
}

/// The frame of a page of the desk: wide, with its own navigation.
fn frame(request: &HttpRequest, title: &str) -> Chrome {
    let mut chrome = session::frame(request, title);
    chrome.width = Width::Desk;
    let here = request.path();
    let links = [
        (to::home(""), "finance-nav-orders"),
        (to::batches(""), "finance-nav-batches"),
        (to::recoveries(""), "finance-nav-recoveries"),
        (to::shares(&[]), "finance-nav-shares"),
    ];
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

/// Where an order stands, as a mark.
fn state_tag(chrome: &Chrome, state: State) -> Tag {
    let colour = match state {
        State::Ordered => TagColour::Yellow,
        State::Batched => TagColour::Blue,
        State::Paid | State::Recovered => TagColour::Green,
        State::Failed | State::Returned => TagColour::Red,
        State::Cancelled => TagColour::Grey,
        State::ToRecover => TagColour::Orange,
    };
    Tag::new(chrome.t(&format!("payment-state-{state}")), colour)
}

/// What an address names; a malformed one names nothing.
fn named<T: std::str::FromStr>(text: &str) -> Result<T, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}

/// Faults in words, by field.
fn in_words(chrome: &Chrome, errors: &[FieldError]) -> Vec<(String, String)> {
    errors
        .iter()
        .map(|error| (error.field.clone(), field_message(chrome.locale, error)))
        .collect()
}

/// What is wrong with a field.
fn fault(said: &[(String, String)], name: &str) -> Option<String> {
    let found = said.iter().find(|(field, _)| field == name);
    found.map(|(_, words)| words.clone())
}
