//! The employer's first page: what goes on, what was uploaded last, what can be done.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;

use super::batches::{BatchRow, rows};
use super::only_agents;
use crate::usecases::{App, employing};
use crate::web::page::{Chrome, Link, page};
use crate::web::problem::Answer;
use crate::web::session::{self, SignedIn};
use crate::web::urls::{self, employer as to};

/// Batches shown here.
const SHOWN: u16 = 5;

#[derive(Template)]
#[template(path = "employer/home.html")]
struct HomePage {
    chrome: Chrome,
    latest: Vec<BatchRow>,
    steps: Vec<(Link, String)>,
}

/// `GET /employer`.
pub async fn home(user: SignedIn, request: HttpRequest, app: web::Data<App>) -> Answer {
    only_agents(&user)?;
    let mut chrome = session::frame(&request, "employer-title");
    chrome.breadcrumbs = vec![Link::to(urls::home(), chrome.t("home"))];
    let (latest, _) = employing::batches(&app, &user.actor, None, SHOWN).await?;
    let step = |url: String, key: &str| {
        let link = Link::to(url, chrome.t(key));
        (link, chrome.t(&format!("{key}-hint")))
    };
    let content = HomePage {
        latest: rows(&chrome, &latest),
        steps: vec![
            step(to::upload(), "employer-do-upload"),
            step(to::staff(""), "employer-do-staff"),
            step(to::batches(""), "employer-do-history"),
        ],
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}
