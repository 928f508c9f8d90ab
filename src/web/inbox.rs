//! The messages of whoever is signed in (CAS-12). Nothing is marked as read by opening the page; a button does it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use super::components::{Empty, Pages, Tag, TagColour};
use super::csrf::Sent;
use super::page::{Chrome, Link, page, see_other};
use super::problem::{Answer, Failure};
use super::session::{self, SignedIn};
use super::urls;
use crate::domain::actor::Role;
use crate::domain::ids::MessageId;
use crate::domain::notice::{Kind, Readers};
use crate::notify::words::words;
use crate::store::inbox::Message;
use crate::usecases::listing::{self, Rest};
use crate::usecases::{App, marking};

/// Messages on a page.
const SHOWN: u16 = 20;

/// A message in words.
struct Said {
    at: String,
    subject: String,
    lines: Vec<String>,
    unread: Option<Tag>,
    case: Option<Link>,
}

/// The inbox.
#[derive(Template)]
#[template(path = "accounts/inbox.html")]
struct InboxPage {
    chrome: Chrome,
    messages: Vec<Said>,
    /// The newest message of the page, when one of them is unread.
    last: Option<MessageId>,
    none: Empty,
    pages: Pages,
}

/// Where a page begins.
#[derive(Debug, Deserialize)]
pub struct From {
    after: Option<MessageId>,
}

/// `GET /inbox`.
pub async fn inbox(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    from: web::Query<From>,
) -> Answer {
    let mut chrome = session::frame(&request, "nav-inbox");
    chrome.breadcrumbs = vec![Link::to(urls::home(), chrome.t("home"))];
    let (found, rest) = listing::inbox(&app, &user.actor, from.after, SHOWN).await?;
    let next = match rest {
        Rest::More => found.last().map(|last| urls::inbox_after(last.id)),
        Rest::Nothing => None,
    };
    let any_unread = found.iter().any(|message| message.read_at.is_none());
    let role = user.actor.role;
    let content = InboxPage {
        last: found.first().map(|first| first.id).filter(|_| any_unread),
        messages: found.iter().map(|one| said(&chrome, role, one)).collect(),
        none: Empty {
            text: chrome.t("inbox-empty"),
            link: None,
        },
        pages: Pages {
            locale: chrome.locale,
            previous: from.after.map(|_| urls::inbox()),
            next,
        },
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}

fn said(chrome: &Chrome, role: Role, message: &Message) -> Said {
    let words = words(chrome.locale, message.kind, &message.particulars);
    let unread = message
        .read_at
        .is_none()
        .then(|| Tag::new(chrome.t("inbox-unread"), TagColour::Yellow));
    let case = match (message.kind.readers(), message.receipt_no.as_deref()) {
        (Readers::Administration, _) if role == Role::Administrator => Some(Link::to(
            urls::admin_outbox("", "", ""),
            chrome.t("inbox-to-outbox"),
        )),
        _ if matches!(message.kind, Kind::BatchDone | Kind::BatchDecided) => Some(Link::to(
            urls::employer::batches(""),
            chrome.t("employer-do-history"),
        )),
        (_, Some(number)) => {
            let text = chrome.t1("inbox-to-case", "receipt", number);
            case_of(role, number).map(|url| Link::to(url, text))
        }
        (_, None) if message.kind.is_of_contact() => Some(Link::to(
            urls::contacts::list("", ""),
            chrome.t("contacts-title"),
        )),
        (_, None) => None,
    };
    Said {
        at: chrome.moment(&message.at),
        subject: words.subject,
        lines: words.lines,
        unread,
        case,
    }
}

/// Where a case is read by who got a message about it; some roles have no page of cases.
fn case_of(role: Role, receipt_no: &str) -> Option<String> {
    match role {
        Role::Resident | Role::EmployerAgent => Some(urls::resident::case(receipt_no)),
        Role::Handler | Role::Reviewer | Role::Supervisor | Role::Auditor => {
            Some(urls::desk::case(receipt_no, ""))
        }
        Role::Proxy
        | Role::InstitutionClerk
        | Role::InstitutionDoctor
        | Role::Pharmacist
        | Role::MailroomClerk
        | Role::FinanceOfficer
        | Role::TaxLiaison
        | Role::ProvincialHandler
        | Role::Administrator => None,
    }
}

/// The newest message that was on the page.
#[derive(Debug, Deserialize)]
pub struct Read {
    last: String,
}

/// `POST /inbox/read`.
pub async fn mark_read(app: web::Data<App>, sent: Sent<Read>) -> Answer {
    let last = sent.form.last.parse().map_err(|_| Failure::not_found())?;
    marking::read_up_to(&app, &sent.user.actor, last).await?;
    Ok(see_other(&urls::inbox()))
}
