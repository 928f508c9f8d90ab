//! The catalogue of drugs and services as administrators see it: which import counts, and what stands in it on all days. It is
//! put in by the command line (`import catalogue`), never here.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use crate::store::catalogue::{Numbered, Version};
use crate::usecases::listing::Rest;
use crate::usecases::{App, catalogue};
use crate::web::components::{Pages, TextField};
use crate::web::page::{Chrome, Link, Width, page};
use crate::web::problem::Answer;
use crate::web::session::{self, SignedIn};
use crate::web::urls;

/// Entries on a page.
const PAGE: u16 = 50;

#[derive(Template)]
#[template(path = "admin/catalogue.html")]
struct CataloguePage {
    chrome: Chrome,
    version: Option<Version>,
    search: TextField,
    searched: bool,
    rows: Vec<Numbered>,
    pages: Pages,
}

impl CataloguePage {
    fn class(&self, row: &Numbered) -> String {
        let class = self.chrome.t(&format!("drugs-class-{}", row.entry.class));
        match row.entry.own_share {
            Some(share) => {
                let share = share.to_string();
                format!(
                    "{class} {}",
                    self.chrome.t1("drugs-own-share", "share", share.as_str())
                )
            }
            None => class,
        }
    }

    fn list(&self, row: &Numbered) -> String {
        self.chrome.t(&format!("drugs-list-{}", row.entry.list))
    }

    fn sort(&self, row: &Numbered) -> String {
        self.chrome.t(&format!("drugs-sort-{}", row.entry.sort))
    }
}

/// What the list was opened with.
#[derive(Deserialize)]
pub struct Opened {
    #[serde(default)]
    q: String,
    #[serde(default)]
    after: Option<i32>,
}

/// `GET /admin/catalogue`.
pub async fn list(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    opened: web::Query<Opened>,
) -> Answer {
    let version = catalogue::version(&app, &user.actor).await?;
    let (rows, rest) = catalogue::search(&app, &opened.q, None, opened.after, PAGE).await?;
    let mut chrome = session::frame(&request, "admin-catalogue");
    chrome.width = Width::Desk;
    chrome.breadcrumbs = vec![Link::to(urls::home(), chrome.t("home"))];
    let last = rows.last().filter(|_| rest == Rest::More);
    let content = CataloguePage {
        version,
        search: TextField::new(chrome.locale, "q", chrome.t("drugs-search"))
            .value(opened.q.as_str()),
        searched: !opened.q.trim().is_empty(),
        pages: Pages {
            locale: chrome.locale,
            previous: None,
            next: last.map(|row| urls::admin_catalogue(&opened.q, Some(row.number))),
        },
        rows,
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}
