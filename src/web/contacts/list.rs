//! The lists of contacts: to answer first by due time, what was sent and waits, what is done.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use super::words::state_tag;
use super::{agency_name, frame};
use crate::domain::contact::{Contact, READERS, Side, State};
use crate::domain::ladder::{WorkingTime, rungs};
use crate::domain::locale::Locale;
use crate::domain::time::Ts;
use crate::store::contacts::Waiting;
use crate::usecases::App;
use crate::usecases::contacting::{self, Asked};
use crate::usecases::listing::Rest;
use crate::web::components::{Pages, Tag};
use crate::web::desk::places::{read_due, written_due};
use crate::web::page::{Chrome, Link, page};
use crate::web::problem::Answer;
use crate::web::session::SignedIn;
use crate::web::urls::contacts as to;

/// Contacts of a page.
const SHOWN: u16 = 50;

/// A contact as a list shows it.
struct Row {
    url: String,
    purpose: String,
    person: String,
    from: String,
    to: String,
    state: Tag,
    mark: Option<String>,
    due: String,
    sent: String,
}

#[derive(Template)]
#[template(path = "contacts/list.html")]
struct ListPage {
    chrome: Chrome,
    tabs: Vec<Link>,
    caption: String,
    rows: Vec<Row>,
    empty: String,
    pages: Pages,
}

/// What the list was opened with.
#[derive(Debug, Default, Deserialize)]
pub struct Opened {
    #[serde(default)]
    show: String,
    #[serde(default)]
    after: String,
}

/// `GET /contacts`.
pub async fn show(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    opened: web::Query<Opened>,
) -> Answer {
    user.actor.require(READERS)?;
    let now = app.clock.now();
    let (show, caption, asked) = question(&opened.show, now);
    let chrome = frame(&request, &user, "contacts-title");
    let found = contacting::page(&app, &user.actor, asked, read_due(&opened.after), SHOWN).await?;
    let (contacts, rest) = found;
    let next = contacts.last().filter(|_| rest == Rest::More).map(|last| {
        let (at, id) = contacting::place(&asked, last);
        to::list(show, &written_due(at, id))
    });
    let tab = |name: &str, key: &str| {
        Link::to(to::list(name, ""), chrome.t(key)).marked(&to::list(show, ""))
    };
    let content = ListPage {
        tabs: vec![
            tab("", "contacts-to-answer"),
            tab("sent", "contacts-sent"),
            tab("overdue", "contacts-overdue"),
            tab("done", "contacts-done"),
        ],
        caption: chrome.t(caption),
        empty: chrome.t(&format!("{caption}-none")),
        rows: contacts
            .iter()
            .map(|one| row(&app, &chrome, &user, one, now))
            .collect(),
        pages: Pages {
            locale: chrome.locale,
            previous: None,
            next,
        },
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}

/// Name in the address, words and question of a list.
fn question(show: &str, now: Ts) -> (&'static str, &'static str, Asked) {
    let asked = |waiting, side, answered_here| Asked {
        waiting,
        side,
        answered_here,
    };
    match show {
        "sent" => (
            "sent",
            "contacts-sent",
            asked(Waiting::Yes, Some(Side::Sent), false),
        ),
        "overdue" => (
            "overdue",
            "contacts-overdue",
            asked(Waiting::TooLong(now), None, false),
        ),
        "done" => ("done", "contacts-done", asked(Waiting::No, None, false)),
        _ => ("", "contacts-to-answer", asked(Waiting::Yes, None, true)),
    }
}

fn row(app: &App, chrome: &Chrome, user: &SignedIn, one: &Contact, now: Ts) -> Row {
    let locale = chrome.locale;
    // CAS-10: the own or a relative's is a colleague's.
    let person = match one.is_partial(&user.actor) {
        true => String::new(),
        false => one.matter.subject.name.clone(),
    };
    Row {
        url: to::one(&one.id.to_string()),
        purpose: chrome.t(&format!("contact-purpose-{}", one.matter.purpose)),
        person,
        from: agency_name(app, locale, one.sender),
        to: agency_name(app, locale, one.receiver),
        state: state_tag(locale, one.state(now)),
        mark: mark(app, locale, one, now),
        due: chrome.moment(&one.term.due),
        sent: chrome.moment(&one.sent_at),
    }
}

/// How near it is to its end, in words (CLK-7).
fn mark(app: &App, locale: Locale, one: &Contact, now: Ts) -> Option<String> {
    let calendar = app.calendar();
    let time = WorkingTime {
        calendar: &calendar,
        hours: app.office.hours(one.receiver),
    };
    let rungs = rungs(time, &one.term);
    let key = match one.state(now) {
        State::Answered | State::Closed | State::Overdue => return None,
        State::Open if now >= rungs.last_hour => "contact-mark-last-hour",
        State::Open if now >= rungs.half_time => "contact-mark-half-time",
        State::Open => return None,
    };
    Some(crate::data::texts::text(locale, key))
}
