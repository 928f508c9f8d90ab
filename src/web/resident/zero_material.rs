//! Registering by one press (XR-3): who is in the patient ledger sees what is known, why nothing is asked, and one button;
//! afterwards the registration with how it stands. No question is asked here.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::{frame, only_residents};
use crate::clock::Clock;
use crate::data::texts::text_with;
use crate::domain::case::Channel;
use crate::domain::ids::CaseId;
use crate::domain::item::{Record, ServiceItem};
use crate::domain::locale::Locale;
use crate::domain::registration::{Registration, Standing};
use crate::domain::time::Day;
use crate::items;
use crate::items::cross_region_registration_covid::ITEM;
use crate::usecases::error::Conflict;
use crate::usecases::filing::{Submission, file};
use crate::usecases::zero_material::{Ground, Offer, RestsOn, offer};
use crate::usecases::{App, Error};
use crate::web::chrome::{Chrome, Link};
use crate::web::components::{Banner, BannerKind, SummaryList, SummaryRow};
use crate::web::csrf::Sent;
use crate::web::desk::answers::region_name;
use crate::web::page::{page, see_other};
use crate::web::problem::{Answer, Failure};
use crate::web::session::SignedIn;
use crate::web::urls::resident as to;
use crate::web::words;

/// One press, or what came of it.
#[derive(Template)]
#[template(path = "resident/zero_material.html")]
struct OfferPage {
    chrome: Chrome,
    known: SummaryList,
    effect: String,
    /// How the registration stands, once there is one.
    done: Option<Banner>,
    action: String,
    token: String,
}

/// The press.
#[derive(Debug, Deserialize)]
pub struct Press {
    #[serde(default)]
    token: String,
}

/// The page instead of an item's first question, for who is in the ledger; `None` for everybody else.
pub(super) async fn instead(
    user: &SignedIn,
    request: &HttpRequest,
    app: &App,
    item: &ServiceItem,
) -> Result<Option<HttpResponse>, Failure> {
    if !item.looks_at.contains(&Record::Stays) {
        return Ok(None);
    }
    let found = offer(app, &user.actor).await?;
    Ok(found.map(|offer| page(StatusCode::OK, &offer_page(request, app, &offer))))
}

fn offer_page(request: &HttpRequest, app: &App, offer: &Offer) -> OfferPage {
    let chrome = frame(request, "zero-title");
    let locale = chrome.locale;
    let today = app.clock.now().day();
    OfferPage {
        known: known(&chrome, app, offer),
        effect: text_with(
            locale,
            "zero-effect",
            &[(
                "day",
                words::day_plain(locale, offer.entry.stay.admitted_on).into(),
            )],
        ),
        done: offer.registered.as_ref().map(|one| {
            Banner::new(locale, BannerKind::Success, stands(locale, one, today))
                .line(chrome.t("zero-nothing-lost"))
                .link(Link::to(to::registrations(), chrome.t("zero-see")))
        }),
        action: to::at_once(ITEM.slug),
        token: format!("press-{}", Clock::new_id::<CaseId>()),
        chrome,
    }
}

/// What is known, and from where (CAS-9).
fn known(chrome: &Chrome, app: &App, offer: &Offer) -> SummaryList {
    let (locale, stay) = (chrome.locale, &offer.entry.stay);
    let row = |key: &str, value: String, from: &str| {
        SummaryRow::new(chrome.t(key), value).note(chrome.t(from))
    };
    let ledger = "zero-from-ledger";
    let mut rows = vec![
        row(
            "zero-hospital",
            offer.entry.institution_name.clone(),
            ledger,
        ),
        row(
            "zero-place",
            region_name(app, locale, stay.pool.as_str()),
            ledger,
        ),
        row(
            "zero-admitted",
            words::day_plain(locale, stay.admitted_on),
            ledger,
        ),
    ];
    if let Some(day) = stay.discharged_on {
        rows.push(row(
            "zero-discharged",
            words::day_plain(locale, day),
            ledger,
        ));
    }
    rows.push(row(
        "person-insured-at",
        region_name(app, locale, offer.insured_at.as_str()),
        "from-registry",
    ));
    SummaryList::new(locale, rows)
}

/// How a registration stands on a day, in one sentence.
pub(super) fn stands(locale: Locale, one: &Registration, today: Day) -> String {
    let start = words::day_plain(locale, one.start);
    let end = one.end.map(|day| words::day_plain(locale, day));
    let (key, pairs) = match (one.standing_on(today), end) {
        (Standing::Active, _) => ("zero-in-force", vec![("day", start.into())]),
        (Standing::Ended, Some(end)) => (
            "zero-ended",
            vec![("start", start.into()), ("end", end.into())],
        ),
        (Standing::Ended | Standing::Cancelled, _) => ("zero-cancelled", vec![]),
        (Standing::Pending, _) => ("zero-pending", vec![]),
        (Standing::Recorded, _) => ("zero-recorded", vec![]),
    };
    text_with(locale, key, &pairs)
}

/// How the registration of a case of special times stands, and what supports it, for the applicant.
pub(super) fn standing_lines(app: &App, locale: Locale, ground: &Ground) -> Vec<String> {
    let today = app.clock.now().day();
    let mut lines = vec![stands(locale, &ground.registration, today)];
    if let RestsOn::Closures(found) = &ground.rests_on {
        lines.push(match found.first() {
            Some(closure) => text_with(
                locale,
                "zero-support",
                &[("notice", closure.notice.as_str().into())],
            ),
            None => text_with(locale, "zero-no-support", &[]),
        });
    }
    lines
}

/// `POST /apply/{slug}/at-once`: registers without any question. Pressed again it says that it is registered.
pub async fn press(
    request: HttpRequest,
    app: web::Data<App>,
    slug: web::Path<String>,
    sent: Sent<Press>,
) -> Answer {
    only_residents(&sent.user)?;
    let item = items::find(&slug)
        .filter(|item| item.looks_at.contains(&Record::Stays))
        .ok_or_else(Failure::not_found)?;
    let submission = Submission {
        item: item.slug.to_owned(),
        answers: serde_json::Map::new(),
        token: sent.form.token.clone(),
        channel: Channel::Online,
        draft: None,
        behalf: None,
        urgent: None,
    };
    match file(&app, &sent.user.actor, submission).await {
        Ok(filed) => Ok(see_other(&to::receipt(filed.receipt_no()))),
        // Registered meanwhile, or no longer in the ledger: the first page says which.
        Err(Error::Conflict(Conflict::Overlap { .. }) | Error::Invalid(_)) => {
            match instead(&sent.user, &request, &app, item).await? {
                Some(shown) => Ok(shown),
                None => Ok(see_other(&to::apply(item.slug))),
            }
        }
        Err(error) => Err(error.into()),
    }
}

/// What the ledger offers, on top of the pages from which things are filed.
///
/// # Errors
/// The database's.
pub(in crate::web) async fn offer_banner(
    app: &App,
    user: Option<&SignedIn>,
    chrome: &Chrome,
) -> Result<Option<Banner>, Failure> {
    let Some(user) = user else {
        return Ok(None);
    };
    let found = offer(app, &user.actor).await?;
    Ok(found.filter(|one| one.registered.is_none()).map(|one| {
        let said = chrome.t1("zero-offer-text", "hospital", one.entry.institution_name);
        Banner::new(chrome.locale, BannerKind::Important, chrome.t("zero-offer"))
            .line(said)
            .link(Link::to(to::apply(ITEM.slug), chrome.t("zero-press")))
    }))
}
