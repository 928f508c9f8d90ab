//! Pages for everybody, without signing in: catalogue and guides (CAT-1, CAT-2), progress (CAS-5), agencies,
//! policy basis, working days, statements. They show what items, policy packs and calendar say; nothing here
//! knows an item by name, and no personal data is read.

pub mod agencies;
pub mod anchors;
pub(in crate::web) mod basis;
pub mod calendar;
pub mod catalogue;
pub mod closures;
mod flow;
pub mod guide;
pub mod home;
pub mod hotline;
pub mod policy;
pub mod progress;
pub mod statements;
pub(in crate::web) mod statistics;

use std::collections::BTreeSet;

use actix_web::HttpRequest;

use crate::domain::locale::Locale;
use crate::domain::place::Pool;
use crate::domain::region::RegionCode;
use crate::store::registry::Agency;
use crate::usecases::App;
use crate::web::chrome::{Chrome, Link};
use crate::web::{session, urls};

/// The frame of a public page: for strangers the navigation of these pages.
fn frame(request: &HttpRequest, title: &str) -> Chrome {
    let mut chrome = session::frame(request, title);
    if chrome.nav.is_empty() {
        let pages = [
            (urls::home(), "home"),
            (urls::items(), "nav-items"),
            (urls::progress(), "nav-progress"),
            (urls::agencies(), "nav-agencies"),
            (urls::oversight::statistics(&[]), "statistics-title"),
            (urls::help(), "nav-help"),
        ];
        // A guide belongs to the catalogue.
        let first = request.path().split('/').nth(1).unwrap_or_default();
        let here = format!("/{first}");
        chrome.nav = pages
            .into_iter()
            .map(|(url, key)| Link::to(url, chrome.t(key)).marked(&here))
            .collect();
    }
    if request.path() != urls::home() {
        chrome.breadcrumbs = vec![Link::to(urls::home(), chrome.t("home"))];
    }
    chrome
}

/// The pools that have an agency which takes cases; provincial centres only help others.
pub(in crate::web) fn pools(app: &App) -> BTreeSet<Pool> {
    let agencies = app.office.agencies();
    let taking = agencies.values().filter(|agency| agency.kind != "centre");
    taking.map(|agency| agency.pool).collect()
}

/// Name of a pool's region; its code where the lists don't know it.
fn pool_name(app: &App, locale: Locale, pool: Pool) -> String {
    RegionCode::parse(pool.as_str())
        .and_then(|code| app.office.regions.name(code, locale))
        .map_or_else(|| pool.to_string(), str::to_owned)
}

/// The name of an agency in a language.
pub(in crate::web) fn agency_name(agency: &Agency, locale: Locale) -> &str {
    match locale {
        Locale::Zh => &agency.name_zh,
        Locale::En => &agency.name_en,
    }
}

/// Office hours in one line: `08:30–12:00, 13:30–17:30`.
fn hours(agency: &Agency) -> String {
    if agency.lunch_from == agency.lunch_to {
        return format!("{}–{}", agency.opens, agency.closes);
    }
    format!(
        "{}–{}, {}–{}",
        agency.opens, agency.lunch_from, agency.lunch_to, agency.closes
    )
}
