//! My registrations (XR-1): where, what kind, which days, how they stand, and what can be asked for.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;

use super::answers::Reader;
use super::{frame, only_residents};
use crate::data::texts::text_with;
use crate::domain::ids::RegistrationId;
use crate::domain::reduction::Reduction;
use crate::domain::registration::{Registration, Standing};
use crate::domain::time::Day;
use crate::domain::zero_material::KIND;
use crate::items::cross_region_registration_stranded::KIND as STRANDED;
use crate::items::{cross_region_cancellation, cross_region_change, cross_region_registration};
use crate::usecases::{App, zero_material};
use crate::web::chrome::{Chrome, Link};
use crate::web::components::{Empty, Tag, TagColour};
use crate::web::page::page;
use crate::web::problem::Answer;
use crate::web::session::SignedIn;
use crate::web::urls::resident as to;
use crate::web::words;

/// A registration in the list.
struct Mine {
    place: String,
    kind: String,
    days: String,
    standing: Tag,
    claimed: bool,
    /// What it means for its time (XR-3, XR-6, XR-7, XR-8).
    means: Vec<String>,
    /// There when it can be changed or cancelled.
    free: Option<RegistrationId>,
}

#[derive(Template)]
#[template(path = "resident/registrations.html")]
struct RegistrationsPage {
    chrome: Chrome,
    registrations: Vec<Mine>,
    none: Empty,
    file: String,
    change: &'static str,
    cancellation: &'static str,
}

/// `GET /registrations`.
pub async fn registrations(user: SignedIn, request: HttpRequest, app: web::Data<App>) -> Answer {
    only_residents(&user)?;
    let chrome = frame(&request, "registrations-title");
    let found = zero_material::own(&app, &user.actor).await?;
    let reader = Reader {
        locale: chrome.locale,
        slug: cross_region_registration::ITEM.slug,
        regions: &app.office.regions,
        registrations: &[],
    };
    let today = app.clock.now().day();
    let file = to::apply(cross_region_registration::ITEM.slug);
    let content = RegistrationsPage {
        registrations: found
            .iter()
            .map(|(one, reduction)| Mine {
                means: means(&chrome, one, *reduction),
                ..mine(&chrome, &reader, one, today)
            })
            .collect(),
        none: Empty {
            text: chrome.t("registrations-none"),
            link: Some(Link::to(file.clone(), chrome.t("registrations-file"))),
        },
        file,
        change: cross_region_change::ITEM.slug,
        cancellation: cross_region_cancellation::ITEM.slug,
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}

fn mine(chrome: &Chrome, reader: &Reader<'_>, of: &Registration, today: Day) -> Mine {
    let standing = of.standing_on(today);
    let colour = match standing {
        Standing::Pending => TagColour::Blue,
        Standing::Active => TagColour::Green,
        Standing::Ended | Standing::Cancelled => TagColour::Grey,
        Standing::Recorded => TagColour::Purple,
    };
    let in_force = standing == Standing::Active;
    Mine {
        place: reader.region(&of.destination),
        kind: chrome.t(&format!(
            "choice-{}-kind-{}",
            cross_region_registration::ITEM.slug,
            of.kind
        )),
        days: days(chrome, of),
        standing: Tag::new(chrome.t(&format!("registration-is-{standing}")), colour),
        claimed: in_force && of.claimed_by.is_some(),
        means: vec![],
        free: (in_force && of.is_free()).then_some(of.id),
    }
}

/// What a registration of special times means, and one that could not be completed; ordinary ones speak for themselves.
fn means(chrome: &Chrome, of: &Registration, reduction: Reduction) -> Vec<String> {
    let key = match (of.standing, of.kind.as_str()) {
        (Standing::Cancelled, _) => return vec![],
        (Standing::Recorded, _) => "registration-recorded-means",
        (Standing::Pending | Standing::Active | Standing::Ended, covid) if covid == KIND => {
            "registration-follows"
        }
        (Standing::Active | Standing::Ended, stranded) if stranded == STRANDED => {
            "registration-direct"
        }
        (Standing::Pending | Standing::Active | Standing::Ended, _) => return vec![],
    };
    let mut settled = chrome.t(&format!("reduction-{}", reduction.as_str()));
    if let Some(basis) = reduction.basis() {
        let pairs = [
            ("source", basis.source.into()),
            ("clause", basis.clause.into()),
        ];
        settled.push_str(&text_with(chrome.locale, "reduction-basis", &pairs));
    }
    vec![chrome.t(key), settled]
}

/// From when to when.
fn days(chrome: &Chrome, of: &Registration) -> String {
    let start = words::day_plain(chrome.locale, of.start);
    match of.end {
        Some(end) => {
            let end = words::day_plain(chrome.locale, end);
            let pairs = [("start", start.into()), ("end", end.into())];
            text_with(chrome.locale, "registration-days", &pairs)
        }
        None if of.kind == KIND => chrome.t1("registration-days-discharge", "start", start),
        None => chrome.t1("registration-days-open", "start", start),
    }
}
