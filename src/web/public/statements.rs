//! Help, accessibility and privacy: short statements about what the service does.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use askama::Template;

use super::frame;
use crate::data::texts::has_text;
use crate::web::page::{Chrome, Link, page};
use crate::web::problem::Answer;
use crate::web::session::MaybeSignedIn;
use crate::web::urls;

/// A heading and its paragraph.
struct Part {
    heading: String,
    text: String,
}

#[derive(Template)]
#[template(path = "public/statement.html")]
struct StatementPage {
    chrome: Chrome,
    lead: String,
    parts: Vec<Part>,
    also: Option<Link>,
}

/// `GET /help`.
pub async fn help(_: MaybeSignedIn, request: HttpRequest) -> Answer {
    statement(&request, "help", None)
}

/// `GET /accessibility`.
pub async fn accessibility(_: MaybeSignedIn, request: HttpRequest) -> Answer {
    statement(&request, "accessibility", None)
}

/// `GET /privacy`.
pub async fn privacy(_: MaybeSignedIn, request: HttpRequest) -> Answer {
    statement(
        &request,
        "privacy",
        Some(("anchors-title", urls::anchors())),
    )
}

/// The texts `<name>-title`, `<name>-lead` and `<name>-1`, `<name>-1-text` and so on, as many as there are.
fn statement(request: &HttpRequest, name: &str, also: Option<(&str, String)>) -> Answer {
    let chrome = frame(request, &format!("{name}-title"));
    let parts = (1..)
        .map(|number| format!("{name}-{number}"))
        .take_while(|key| has_text(chrome.locale, key))
        .map(|key| Part {
            heading: chrome.t(&key),
            text: chrome.t(&format!("{key}-text")),
        })
        .collect();
    let content = StatementPage {
        lead: chrome.t(&format!("{name}-lead")),
        parts,
        also: also.map(|(key, url)| Link::to(url, chrome.t(key))),
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}
