//! Requests of one supervisor or handler that another person confirms or declines (CAS-1).

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;

use super::frame;
use super::history::missing_words;
use crate::data::texts::text_with;
use crate::domain::actor::Role;
use crate::domain::ids::{AccountId, ApprovalId};
use crate::domain::locale::Locale;
use crate::domain::workflow::Command;
use crate::store::approvals::Asked;
use crate::usecases::desk;
use crate::usecases::{App, handling};
use crate::web::csrf::{Nothing, Sent};
use crate::web::page::{Chrome, page, see_other};
use crate::web::problem::{Answer, Failure};
use crate::web::session::SignedIn;
use crate::web::urls;
use crate::web::words;

/// What waits.
#[derive(Template)]
#[template(path = "desk/approvals.html")]
struct ApprovalsPage {
    chrome: Chrome,
    requests: Vec<RequestCard>,
}

/// One request.
#[derive(Clone, Debug)]
pub struct RequestCard {
    /// What is asked for.
    pub what: String,
    /// By whom and when.
    pub who: String,
    /// Why and with what.
    pub lines: Vec<String>,
    /// The case's number and address.
    pub receipt_no: String,
    /// Where its page is.
    pub url: String,
    /// Where the reader confirms and declines; none for who asked and for who may not.
    pub answer: Option<(String, String)>,
    /// Why there are no buttons.
    pub why_not: Option<String>,
}

impl RequestCard {
    /// A request as a reader sees it.
    pub fn new(
        locale: Locale,
        slug: &str,
        receipt_no: &str,
        asked: &Asked,
        name: &str,
        reader: (&Role, AccountId),
    ) -> Self {
        let text = |key: &str| crate::data::texts::text(locale, key);
        let action = asked.command.action();
        let own = asked.asked_by == reader.1;
        let may = *reader.0 == Role::Supervisor && !own;
        let id = asked.id.to_string();
        Self {
            what: text(&format!("action-{action}")),
            who: text_with(
                locale,
                "desk-asked-by",
                &[
                    ("name", name.into()),
                    ("when", words::moment(locale, asked.asked_at).into()),
                ],
            ),
            lines: lines(locale, slug, &asked.command),
            receipt_no: receipt_no.to_owned(),
            url: urls::desk::case(receipt_no, &urls::desk::approvals()),
            answer: may.then(|| (urls::desk::confirm(&id), urls::desk::decline(&id))),
            why_not: (!may).then(|| {
                text(if own {
                    "desk-asked-by-you"
                } else {
                    "desk-asked-of-supervisor"
                })
            }),
        }
    }
}

fn lines(locale: Locale, slug: &str, command: &Command) -> Vec<String> {
    let said = command.words();
    let line = |key: &str, value: String| text_with(locale, key, &[("text", value.into())]);
    let reason = said.reason.map(|reason| line("desk-line-reason", reason));
    let missing = said
        .missing
        .iter()
        .map(|missing| line("desk-line-missing", missing_words(locale, slug, missing)));
    reason.into_iter().chain(missing).collect()
}

/// `GET /desk/approvals`.
pub async fn list(user: SignedIn, request: HttpRequest, app: web::Data<App>) -> Answer {
    let chrome = frame(&request, &user, "desk-approvals");
    let (found, names) = desk::requests(&app, &user.actor).await?;
    let requests = found
        .iter()
        .map(|request| {
            let case = &request.listed.case;
            let name = names
                .get(&request.asked.asked_by)
                .map_or("", String::as_str);
            RequestCard::new(
                chrome.locale,
                &case.item,
                &case.receipt_no,
                &request.asked,
                name,
                (&user.actor.role, user.actor.account),
            )
        })
        .collect();
    Ok(page(StatusCode::OK, &ApprovalsPage { chrome, requests }))
}

/// `POST /desk/approvals/{id}/confirm`: the step is done.
pub async fn confirm(sent: Sent<Nothing>, id: web::Path<String>, app: web::Data<App>) -> Answer {
    sent.user.actor.require(handling::JUDGES)?;
    let receipt_no = handling::confirm(&app, &sent.user.actor, read_id(&id)?).await?;
    Ok(see_other(&urls::desk::case(
        &receipt_no,
        &urls::desk::approvals(),
    )))
}

/// `POST /desk/approvals/{id}/decline`: nothing moves.
pub async fn decline(sent: Sent<Nothing>, id: web::Path<String>, app: web::Data<App>) -> Answer {
    sent.user.actor.require(handling::JUDGES)?;
    handling::decline(&app, &sent.user.actor, read_id(&id)?).await?;
    Ok(see_other(&urls::desk::approvals()))
}

fn read_id(text: &str) -> Result<ApprovalId, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}
