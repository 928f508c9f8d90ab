//! The desk's first page: the button for the next case, what the reader holds, what waits for them.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use super::lists::paused;
use super::notices::{Done, NextButton, count};
use super::rows::CaseTable;
use super::{READERS, frame};
use crate::domain::actor::Role;
use crate::domain::workflow::Guard;
use crate::store::cases::Listed;
use crate::usecases::desk::{self, COUNTED};
use crate::usecases::listing::{self, DeskList};
use crate::usecases::{App, Error, handling};
use crate::web::components::{Banner, BannerKind};
use crate::web::csrf::{Nothing, Sent};
use crate::web::page::{Chrome, Link, page, see_other};
use crate::web::problem::Answer;
use crate::web::session::SignedIn;
use crate::web::urls;

/// The first page.
#[derive(Template)]
#[template(path = "desk/home.html")]
struct HomePage {
    chrome: Chrome,
    banners: Vec<Banner>,
    next: Option<NextButton>,
    figures: Vec<Figure>,
    table: Option<CaseTable>,
    paused: Option<CaseTable>,
    empty: String,
}

/// A count that leads to its list.
struct Figure {
    link: Link,
    count: String,
}

/// What the page was opened with.
#[derive(Debug, Deserialize)]
pub struct Opened {
    #[serde(flatten)]
    done: Done,
    /// Why no next case was given: `nothing` waits, or the reader holds as many as allowed: `full`.
    #[serde(default)]
    next: String,
}

/// `GET /desk`.
pub async fn home(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    opened: web::Query<Opened>,
) -> Answer {
    user.actor.require(READERS)?;
    if user.actor.role == Role::Auditor {
        return Ok(see_other(&urls::desk::cases("", "")));
    }
    let chrome = frame(&request, &user, "desk-title");
    let waiting = desk::waiting(&app, &user.actor).await?;
    let mut banners: Vec<Banner> = opened
        .done
        .banner(&app, &user, &chrome)
        .await?
        .into_iter()
        .collect();
    banners.extend(refused_next(&chrome, &opened.next));
    let (list, caption, empty) = own_list(user.actor.role);
    let listing = listing::desk(&app, &user.actor, list, COUNTED).await?;
    let listed: Vec<Listed> = listing.items.into_iter().map(|item| item.listed).collect();
    let names: BTreeMap<_, _> = listing.names;
    let home = urls::desk::desk();
    let table = CaseTable::new(
        &app,
        &chrome,
        &user.actor,
        caption,
        &home,
        (&listed, &names),
    )
    .await?;
    let paused = match user.actor.role {
        Role::Handler => paused(&app, &user, &chrome, &home).await?,
        _ => None,
    };
    let content = HomePage {
        paused,
        banners,
        next: (user.actor.role == Role::Handler)
            .then(|| NextButton::new(&chrome, Some(waiting.queue))),
        figures: figures(&chrome, user.actor.role, &waiting),
        empty: chrome.t(empty),
        table: (!table.is_empty()).then_some(table),
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}

/// The list through which a role works, with its title and what is said when it is empty.
fn own_list(role: Role) -> (DeskList, &'static str, &'static str) {
    match role {
        Role::Reviewer => (
            DeskList::SecondReview(None),
            "desk-reviews",
            "desk-reviews-empty",
        ),
        Role::Supervisor => (
            DeskList::Escalated(None),
            "desk-escalated",
            "desk-escalated-empty",
        ),
        _ => (DeskList::Held(None), "desk-mine", "desk-mine-empty"),
    }
}

fn refused_next(chrome: &Chrome, why: &str) -> Option<Banner> {
    let key = match why {
        "nothing" => "desk-queue-empty",
        "full" => "desk-hands-full",
        _ => return None,
    };
    Some(Banner::new(
        chrome.locale,
        BannerKind::Important,
        chrome.t(key),
    ))
}

fn figures(chrome: &Chrome, role: Role, waiting: &desk::Waiting) -> Vec<Figure> {
    let figure = |key: &str, url: String, number| Figure {
        link: Link::to(url, chrome.t(key)),
        count: count(number),
    };
    let queue = figure(
        "desk-nav-queue",
        urls::desk::queue("", "", ""),
        waiting.queue,
    );
    let reviews = figure("desk-nav-reviews", urls::desk::reviews(""), waiting.reviews);
    match role {
        Role::Handler => vec![queue],
        Role::Reviewer => vec![reviews],
        _ => vec![
            figure(
                "desk-nav-escalated",
                urls::desk::escalated(""),
                waiting.escalated,
            ),
            figure(
                "desk-nav-approvals",
                urls::desk::approvals(),
                waiting.approvals,
            ),
            reviews,
            queue,
        ],
    }
}

/// `POST /desk/next`: takes the most urgent case (CLK-7) and opens it.
pub async fn next(sent: Sent<Nothing>, app: web::Data<App>) -> Answer {
    let home = urls::desk::desk();
    match handling::next(&app, &sent.user.actor).await {
        Ok(Some(receipt_no)) => Ok(see_other(&urls::desk::case(&receipt_no, &home))),
        Ok(None) => Ok(see_other(&urls::desk::no_next("nothing"))),
        Err(Error::Rule(Guard::HoldLimit)) => Ok(see_other(&urls::desk::no_next("full"))),
        Err(error) => Err(error.into()),
    }
}
