//! Pages of appointments at a counter (RB-2): for who books, and for the agency's desk. What can be booked and what may
//! follow is asked of the use cases.

mod choosing;
mod one;
mod own;
mod plan;
mod sheet;

use crate::store::appointments::Appointment;
use crate::usecases::{App, appointing};
use crate::web::chrome::Chrome;
use crate::web::public::agency_name;
use crate::web::session::role_key;
use crate::web::table::table;
use crate::web::{urls, words};

table! {
    // Residents and who may act for them
    "/appointments" => get own::list;
    "/appointments/new" => get choosing::choose, post choosing::book;
    "/appointments/{id}" => get one::show;
    "/appointments/{id}/calendar.ics" => get one::calendar;
    "/appointments/{id}/cancel" => post one::cancel;
    "/appointments/{id}/move" => get choosing::choose_another, post choosing::move_to;
    // The desk
    "/desk/appointments" => get sheet::show;
    "/desk/appointments/{id}/mark" => post sheet::mark;
    "/desk/counters" => get plan::show, post plan::add_counter;
    "/desk/counters/openings" => post plan::add_opening;
    "/desk/counters/openings/remove" => post plan::remove_opening;
    "/desk/counters/closed-days" => post plan::close_day;
    "/desk/counters/closed-days/open" => post plan::open_day;
}

/// Keys of the visiting rules, in their order.
const RULES: &[&str] = &[
    "visiting-on-time",
    "visiting-identity",
    "visiting-alone",
    "visiting-health",
    "visiting-distance",
];

/// The visiting rules of the office (MON-3).
pub(in crate::web) fn visiting_rules(chrome: &Chrome) -> Vec<String> {
    RULES.iter().map(|key| chrome.t(key)).collect()
}

/// Of an item that is done at counters, how one comes there (MON-3).
pub(in crate::web) struct AtCounter {
    /// Where a time is booked, for whom booking is meant and for visitors.
    pub book: Option<String>,
    /// The visiting rules.
    pub rules: Vec<String>,
}

impl AtCounter {
    /// Of an item; nothing of those that are not done there.
    pub(in crate::web) fn of(chrome: &Chrome, slug: &str) -> Option<Self> {
        let is_done_there = appointing::counter_items().any(|item| item == slug);
        let mut bookers = appointing::BOOKERS.iter().map(|role| role_key(*role));
        let books = match &chrome.user {
            None => true,
            Some(user) => bookers.any(|key| key == user.role),
        };
        is_done_there.then(|| Self {
            book: books.then(|| urls::appointments::choose(slug, "", "")),
            rules: visiting_rules(chrome),
        })
    }
}

/// Day and time of a booking in words.
fn when(chrome: &Chrome, one: &Appointment) -> String {
    let (from, to) = (words::time(one.starts_at), words::time(one.ends_at));
    format!("{} {from}–{to}", chrome.day(&one.starts_at.day()))
}

/// A counter as on its sign.
fn counter(chrome: &Chrome, number: i32, name: &str) -> String {
    format!(
        "{} {name}",
        chrome.t1("appointment-counter", "number", number)
    )
}

/// The agency at which it is.
fn agency(chrome: &Chrome, app: &App, one: &Appointment) -> String {
    let agencies = app.office.agencies();
    let found = agencies.get(&one.agency);
    found
        .map(|agency| agency_name(agency, chrome.locale).to_owned())
        .unwrap_or_default()
}
