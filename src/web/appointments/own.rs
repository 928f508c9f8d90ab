//! What somebody has booked for themselves and others.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;

use super::{agency, when};
use crate::domain::appointment::State;
use crate::store::appointments::Appointment;
use crate::usecases::{App, appointing};
use crate::web::chrome::{Chrome, Link};
use crate::web::components::{Empty, Tag, TagColour};
use crate::web::page::page;
use crate::web::problem::Answer;
use crate::web::session::{self, SignedIn};
use crate::web::urls::{self, appointments as to};

/// A booking in the list.
struct Mine {
    url: String,
    when: String,
    state: Tag,
    lines: Vec<String>,
}

#[derive(Template)]
#[template(path = "appointments/own.html")]
struct OwnPage {
    chrome: Chrome,
    open: Vec<Mine>,
    over: Vec<Mine>,
    none: Empty,
}

/// `GET /appointments`.
pub async fn list(user: SignedIn, request: HttpRequest, app: web::Data<App>) -> Answer {
    let all = appointing::own(&app, &user.actor).await?;
    let mut chrome = session::frame(&request, "appointments-title");
    chrome.breadcrumbs = vec![Link::to(urls::home(), chrome.t("home"))];
    let (open, mut over): (Vec<_>, Vec<_>) = all
        .into_iter()
        .partition(|(one, _)| matches!(one.state, State::Booked | State::Waiting));
    over.reverse();
    let mine = |(one, name): (Appointment, String)| Mine {
        url: to::one(one.id),
        when: when(&chrome, &one),
        state: tag(&chrome, one.state),
        lines: vec![
            name,
            chrome.t(&format!("item-{}", one.item)),
            agency(&chrome, &app, &one),
        ],
    };
    let content = OwnPage {
        open: open.into_iter().map(mine).collect(),
        over: over.into_iter().map(mine).collect(),
        none: Empty {
            text: chrome.t("appointments-none"),
            link: None,
        },
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}

/// Where a booking stands.
pub(super) fn tag(chrome: &Chrome, state: State) -> Tag {
    let colour = match state {
        State::Booked => TagColour::Green,
        State::Waiting => TagColour::Yellow,
        State::NoShow => TagColour::Red,
        State::Attended => TagColour::Blue,
        State::Moved | State::Cancelled => TagColour::Grey,
    };
    Tag::new(chrome.t(&format!("appointment-state-{state}")), colour)
}
