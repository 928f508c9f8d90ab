//! The institution's first page: how many are there, for whom something waits, where to go on.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;

use super::{STAFF, frame};
use crate::domain::actor::Role;
use crate::usecases::App;
use crate::usecases::ledger::reading::{self, COUNTED};
use crate::web::page::{Chrome, Link, page};
use crate::web::problem::Answer;
use crate::web::session::SignedIn;
use crate::web::urls::institution as to;

/// A count that leads to its list.
struct Figure {
    link: Link,
    count: String,
}

#[derive(Template)]
#[template(path = "institution/home.html")]
struct HomePage {
    chrome: Chrome,
    institution: String,
    figures: Vec<Figure>,
    links: Vec<Link>,
}

/// `GET /institution`.
pub async fn home(user: SignedIn, request: HttpRequest, app: web::Data<App>) -> Answer {
    user.actor.require(STAFF)?;
    let role = user.actor.role;
    let chrome = frame(&request, role, "institution-title");
    let (here, waiting) = reading::in_hospital(&app, &user.actor).await?;
    let count = |count: usize| match i64::try_from(count) {
        Ok(count) if count < COUNTED => count.to_string(),
        Ok(_) | Err(_) => chrome.t1("institution-or-more", "count", COUNTED),
    };
    let presence = [("presence", "here")];
    let figures = vec![
        Figure {
            link: Link::to(to::patients(&presence), chrome.t("institution-here")),
            count: count(here),
        },
        Figure {
            link: Link::to(to::patients(&presence), chrome.t("institution-waiting")),
            count: count(waiting),
        },
    ];
    let mut links = vec![];
    if role == Role::InstitutionClerk {
        links.push(Link::to(to::new(), chrome.t("institution-nav-new")));
        links.push(Link::to(to::import(), chrome.t("institution-nav-import")));
    }
    links.push(Link::to(
        to::patients(&[]),
        chrome.t("institution-nav-patients"),
    ));
    let content = HomePage {
        institution: reading::own_institution(&app, &user.actor).await?,
        figures,
        links,
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}
