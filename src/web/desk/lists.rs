//! The lists of the desk. Filters and places stand in the address, so that a list can be kept, sent and gone back to.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;
use strum::IntoEnumIterator;

use super::notices::{Done, NextButton};
use super::places::{read_due, read_place, written_due, written_place};
use super::rows::{CaseTable, item_name};
use super::{READERS, frame};
use crate::domain::actor::Role;
use crate::domain::case::{State, Urgency};
use crate::domain::ids::AccountId;
use crate::domain::receipt::ReceiptNo;
use crate::items;
use crate::store::cases::Listed;
use crate::usecases::desk::{self, COUNTED};
use crate::usecases::listing::{self, DeskList, Listing, Rest};
use crate::usecases::{App, Error, viewing};
use crate::web::components::{Banner, BannerKind, Opt, Pages, Select};
use crate::web::page::{Chrome, page, see_other};
use crate::web::problem::{Answer, Failure};
use crate::web::session::{self, SignedIn};
use crate::web::urls;

/// A list.
#[derive(Template)]
#[template(path = "desk/list.html")]
struct ListPage {
    chrome: Chrome,
    banners: Vec<Banner>,
    next: Option<NextButton>,
    /// Where the filters lead; none where a list has none.
    filter_url: Option<String>,
    filters: Vec<Select>,
    table: CaseTable,
    paused: Option<CaseTable>,
    empty: String,
    pages: Pages,
}

/// What a list was opened with.
#[derive(Debug, Default, Deserialize)]
pub struct Opened {
    #[serde(default)]
    item: String,
    #[serde(default)]
    urgency: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    after: String,
    #[serde(flatten)]
    done: Done,
}

/// `GET /desk/queue`: what waits for a handler, most urgent first (CLK-7).
pub async fn queue(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    opened: web::Query<Opened>,
) -> Answer {
    user.actor
        .require(&[Role::Handler, Role::Reviewer, Role::Supervisor])?;
    let chrome = frame(&request, &user, "desk-queue");
    let item = items::find(&opened.item).map(|item| item.slug);
    let urgency: Option<Urgency> = opened.urgency.parse().ok();
    let found = desk::queue(&app, &user.actor, item, urgency, read_place(&opened.after)).await?;
    let (item, urgency) = (
        item.unwrap_or_default(),
        urgency.map(Urgency::as_str).unwrap_or_default(),
    );
    let shown = Shown {
        title: "desk-queue",
        empty: "desk-queue-empty",
        here: urls::desk::queue(item, urgency, &opened.after),
        next: found
            .next
            .map(|place| urls::desk::queue(item, urgency, &written_place(place))),
        filter_url: Some(urls::desk::queue("", "", "")),
        filters: vec![item_filter(&chrome, item), urgency_filter(&chrome, urgency)],
    };
    let found = (found.rows.as_slice(), &BTreeMap::new(), &found.facts);
    let table = CaseTable::of(&app, &chrome, &user.actor, shown.title, &shown.here, found);
    respond(&app, &user, chrome, &opened.done, shown, table).await
}

/// `GET /desk/mine`: what the reader holds.
pub async fn mine(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    opened: web::Query<Opened>,
) -> Answer {
    let list = DeskList::Held(read_due(&opened.after));
    let titles = ("desk-mine", "desk-mine-empty");
    due_list(
        &user,
        &request,
        &app,
        &opened,
        list,
        titles,
        urls::desk::mine,
    )
    .await
}

/// `GET /desk/reviews`: what waits for a second person (CAS-3).
pub async fn reviews(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    opened: web::Query<Opened>,
) -> Answer {
    user.actor.require(&[Role::Reviewer, Role::Supervisor])?;
    let list = DeskList::SecondReview(read_due(&opened.after));
    let titles = ("desk-reviews", "desk-reviews-empty");
    due_list(
        &user,
        &request,
        &app,
        &opened,
        list,
        titles,
        urls::desk::reviews,
    )
    .await
}

/// `GET /desk/escalated`: the supervisor's list (CLK-7).
pub async fn escalated(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    opened: web::Query<Opened>,
) -> Answer {
    user.actor.require(&[Role::Supervisor])?;
    let list = DeskList::Escalated(read_due(&opened.after));
    let titles = ("desk-escalated", "desk-escalated-empty");
    due_list(
        &user,
        &request,
        &app,
        &opened,
        list,
        titles,
        urls::desk::escalated,
    )
    .await
}

async fn due_list(
    user: &SignedIn,
    request: &HttpRequest,
    app: &App,
    opened: &Opened,
    list: DeskList,
    (title, empty): (&'static str, &'static str),
    url: fn(&str) -> String,
) -> Answer {
    let chrome = frame(request, user, title);
    let listing = listing::desk(app, &user.actor, list, COUNTED).await?;
    let next = last(&listing)
        .and_then(|listed| Some(url(&written_due(listed.case.due()?, listed.case.id))));
    let (rows, names) = rows_of(listing);
    let shown = Shown {
        title,
        empty,
        here: url(&opened.after),
        next,
        filter_url: None,
        filters: vec![],
    };
    let found = (rows.as_slice(), &names);
    let table = CaseTable::new(app, &chrome, &user.actor, title, &shown.here, found).await?;
    respond(app, user, chrome, &opened.done, shown, table).await
}

/// `GET /desk/cases`: all cases of the agency, newest first.
pub async fn cases(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    opened: web::Query<Opened>,
) -> Answer {
    user.actor.require(READERS)?;
    let chrome = frame(&request, &user, "desk-cases");
    let state: Option<State> = opened.state.parse().ok();
    let after = read_due(&opened.after);
    let listing = listing::cases(&app, &user.actor, state, after, COUNTED).await?;
    let state = state.map(State::as_str).unwrap_or_default();
    let next = last(&listing)
        .map(|listed| urls::desk::cases(state, &written_due(listed.case.filed_at, listed.case.id)));
    let (rows, names) = rows_of(listing);
    let shown = Shown {
        title: "desk-cases",
        empty: "desk-cases-empty",
        here: urls::desk::cases(state, &opened.after),
        next,
        filter_url: Some(urls::desk::cases("", "")),
        filters: vec![state_filter(&chrome, state)],
    };
    let found = (rows.as_slice(), &names);
    let table = CaseTable::new(&app, &chrome, &user.actor, shown.title, &shown.here, found).await?;
    respond(&app, &user, chrome, &opened.done, shown, table).await
}

/// What was typed into the search.
#[derive(Debug, Deserialize)]
pub struct Typed {
    #[serde(default)]
    number: String,
}

/// `GET /desk/search`: opens the case of a receipt number; the list of all cases says when there is none.
pub async fn search(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    typed: web::Query<Typed>,
) -> Answer {
    user.actor.require(READERS)?;
    let found = match typed.number.parse::<ReceiptNo>() {
        Ok(receipt_no) => viewing::full_or_outline(&app, &user.actor, &receipt_no)
            .await
            .map(|found| Some(found.summary.listed.case.receipt_no)),
        Err(_) => Ok(None),
    };
    match found {
        Ok(Some(receipt_no)) => {
            let from = urls::desk::cases("", "");
            Ok(see_other(&urls::desk::case(&receipt_no, &from)))
        }
        Ok(None) | Err(Error::NotFound) => not_found(&user, &request, &app, &typed.number).await,
        Err(Error::NotTheirs) => {
            session::note_not_theirs(&request);
            not_found(&user, &request, &app, &typed.number).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn not_found(user: &SignedIn, request: &HttpRequest, app: &App, typed: &str) -> Answer {
    let mut chrome = frame(request, user, "desk-cases");
    chrome.here = urls::desk::cases("", "");
    let typed: String = typed.chars().take(40).collect();
    let words = chrome.t1("desk-search-nothing", "number", typed);
    let banner = Banner::new(chrome.locale, BannerKind::Important, words);
    let listing = listing::cases(app, &user.actor, None, None, COUNTED).await?;
    let (rows, names) = rows_of(listing);
    let here = urls::desk::cases("", "");
    let content = ListPage {
        banners: vec![banner],
        next: None,
        filter_url: Some(here.clone()),
        filters: vec![state_filter(&chrome, "")],
        table: CaseTable::new(
            app,
            &chrome,
            &user.actor,
            "desk-cases",
            &here,
            (&rows, &names),
        )
        .await?,
        empty: chrome.t("desk-cases-empty"),
        paused: None,
        pages: Pages {
            locale: chrome.locale,
            previous: None,
            next: None,
        },
        chrome,
    };
    Ok(page(StatusCode::NOT_FOUND, &content))
}

/// How a list is shown.
struct Shown {
    title: &'static str,
    empty: &'static str,
    here: String,
    next: Option<String>,
    filter_url: Option<String>,
    filters: Vec<Select>,
}

async fn respond(
    app: &App,
    user: &SignedIn,
    chrome: Chrome,
    done: &Done,
    shown: Shown,
    table: CaseTable,
) -> Answer {
    let banner = done.banner(app, user, &chrome).await?;
    let paused = match shown.title {
        "desk-mine" => paused(app, user, &chrome, &shown.here).await?,
        _ => None,
    };
    let batches = match shown.title {
        "desk-queue" => super::batches::hint(app, user, &chrome).await?,
        _ => None,
    };
    let content = ListPage {
        banners: banner.into_iter().chain(batches).collect(),
        next: (user.actor.role == Role::Handler).then(|| NextButton::new(&chrome, None)),
        filter_url: shown.filter_url,
        filters: shown.filters,
        empty: chrome.t(shown.empty),
        paused,
        pages: Pages {
            locale: chrome.locale,
            previous: None,
            next: shown.next,
        },
        table,
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}

/// What the reader holds and somebody outside was asked for (CLK-5); none when there is nothing.
pub(super) async fn paused(
    app: &App,
    user: &SignedIn,
    chrome: &Chrome,
    from: &str,
) -> Result<Option<CaseTable>, Failure> {
    let listing = listing::desk(app, &user.actor, DeskList::Paused, COUNTED).await?;
    let (rows, names) = rows_of(listing);
    let found = (rows.as_slice(), &names);
    let table = CaseTable::new(app, chrome, &user.actor, "desk-paused", from, found).await?;
    Ok((!table.is_empty()).then_some(table))
}

fn last(listing: &Listing) -> Option<&Listed> {
    match listing.rest {
        Rest::More => listing.items.last().map(|item| &item.listed),
        Rest::Nothing => None,
    }
}

fn rows_of(listing: Listing) -> (Vec<Listed>, BTreeMap<AccountId, String>) {
    let rows = listing.items.into_iter().map(|item| item.listed).collect();
    (rows, listing.names)
}

fn item_filter(chrome: &Chrome, chosen: &str) -> Select {
    let options = items::ALL
        .iter()
        .map(|item| Opt::new(item.slug, item_name(chrome.locale, item.slug)).chosen_if(chosen))
        .collect();
    filter(chrome, "item", "desk-filter-item", options)
}

fn urgency_filter(chrome: &Chrome, chosen: &str) -> Select {
    let options = Urgency::iter()
        .map(|urgency| {
            let words = chrome.t(&format!("urgency-short-{}", urgency.as_str()));
            Opt::new(urgency.as_str(), words).chosen_if(chosen)
        })
        .collect();
    filter(chrome, "urgency", "desk-filter-urgency", options)
}

fn state_filter(chrome: &Chrome, chosen: &str) -> Select {
    let options = State::iter()
        .filter(|state| *state != State::Draft)
        .map(|state| {
            let words = chrome.t(&format!("state-{}", state.as_str()));
            Opt::new(state.as_str(), words).chosen_if(chosen)
        })
        .collect();
    filter(chrome, "state", "desk-filter-state", options)
}

fn filter(chrome: &Chrome, name: &str, label: &str, options: Vec<Opt>) -> Select {
    let mut all = vec![Opt::new("all", chrome.t("desk-filter-all"))];
    if options.iter().all(|option| !option.chosen) {
        all = all
            .into_iter()
            .map(|option| option.chosen_if("all"))
            .collect();
    }
    all.extend(options);
    Select::flat(chrome.locale, name, chrome.t(label), all)
}
