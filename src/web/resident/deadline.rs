//! Until when costs can be claimed (RB-4), told before any work is spent on a claim: in the guide, before the first question and at
//! the questions that it depends on.

use chrono::{Datelike, Days};

use crate::domain::claim::deadline::last_day;
use crate::domain::form::Field;
use crate::domain::item::ServiceItem;
use crate::domain::place::Pool;
use crate::domain::time::Day;
use crate::items::reimbursement;
use crate::usecases::App;
use crate::usecases::drafting::Opened;
use crate::web::chrome::Chrome;
use crate::web::public::basis;

/// The questions whose answers the last day depends on, and the first one.
const TOLD_AT: &[&str] = &["care", "from", "to"];

/// The last days for costs of this year and the last one, in a pool; nothing for items that claim no costs.
pub fn lines(chrome: &Chrome, app: &App, item: &ServiceItem, pool: Option<Pool>) -> Vec<String> {
    if item.slug != reimbursement::ITEM.slug {
        return vec![];
    }
    let today = app.clock.now().day();
    let policy = match pool {
        Some(pool) => app.office.policies.on(pool, today),
        None => app.office.policies.default_on(today),
    };
    let new_year = Day::from_ymd_opt(today.year(), 1, 1).unwrap_or(today);
    let before = new_year - Days::new(1);
    [before, today]
        .into_iter()
        .map(|costs_of| {
            let last = last_day(&policy, costs_of);
            let key = match last.day < today {
                true => "claim-was-until",
                false => "claim-until",
            };
            let year = costs_of.year().to_string();
            let words = chrome.t2(key, ("year", year), ("day", chrome.day(&last.day)));
            format!(
                "{words} ({})",
                basis::of_value(chrome.locale, last.basis).words
            )
        })
        .collect()
}

/// The same at a question of a draft that it matters to.
pub fn told(chrome: &Chrome, app: &App, opened: &Opened, field: &Field) -> Vec<String> {
    match TOLD_AT.contains(&field.name) {
        true => lines(chrome, app, opened.item, Some(opened.draft.pool)),
        false => vec![],
    }
}
