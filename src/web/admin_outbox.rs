//! Messages that were not sent, for administrators (CAS-12): which, since when, why, and trying a dead one again.
//! Never here: whom a message is for and what it says (CAS-10: administrators see no personal data).

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use crate::clock::Clock;
use crate::domain::ids::MessageId;
use crate::domain::notice::Kind;
use crate::domain::place::Pool;
use crate::store::outbox::{Figures, Standing, Unsent};
use crate::usecases::{App, posting};
use crate::web::components::{Banner, BannerKind, Pages};
use crate::web::csrf::Sent;
use crate::web::desk::places::{read_due, written_due};
use crate::web::page::{Chrome, Link, Width, page, see_other};
use crate::web::problem::{Answer, Failure};
use crate::web::session::{self, SignedIn};
use crate::web::urls;
use crate::web::words;

#[derive(Template)]
#[template(path = "admin/outbox.html")]
struct OutboxPage {
    chrome: Chrome,
    banner: Option<Banner>,
    figures: Figures,
    standing: Standing,
    rows: Vec<Unsent>,
    pages: Pages,
}

impl OutboxPage {
    fn number(&self, count: &usize) -> String {
        words::count(u64::try_from(*count).unwrap_or(u64::MAX))
    }

    fn kind(&self, row: &Unsent) -> String {
        match row.notice.parse::<Kind>() {
            Ok(kind) => self.chrome.t(&format!("admin-notice-{kind}")),
            Err(_) => row.notice.clone(),
        }
    }

    fn is_dead(&self) -> bool {
        self.standing == Standing::Dead
    }

    fn caption(&self) -> String {
        self.chrome.t(match self.standing {
            Standing::Dead => "admin-outbox-dead",
            Standing::Waiting => "admin-outbox-waiting",
        })
    }
}

/// What the list was opened with.
#[derive(Deserialize)]
pub struct Opened {
    #[serde(default)]
    state: String,
    #[serde(default)]
    after: String,
    #[serde(default)]
    done: String,
}

/// Which message is to be tried again.
#[derive(Deserialize)]
pub struct Chosen {
    pool: String,
    id: String,
}

/// `GET /admin/outbox`: figures, and dead or waiting messages.
pub async fn list(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    opened: web::Query<Opened>,
) -> Answer {
    let standing = match opened.state.as_str() {
        "waiting" => Standing::Waiting,
        _ => Standing::Dead,
    };
    let found = posting::unsent(&app, &user.actor, standing, read_due(&opened.after)).await?;
    let figures = posting::figures(&app).await?;
    let chrome = frame(&request, standing);
    let banner = (opened.done == "retried").then(|| {
        let done = chrome.t("admin-outbox-retried");
        Banner::new(chrome.locale, BannerKind::Success, done)
    });
    let content = OutboxPage {
        banner,
        figures,
        standing,
        rows: found.rows,
        pages: Pages {
            locale: chrome.locale,
            previous: None,
            next: found
                .next
                .map(|(at, id)| urls::admin_outbox(name(standing), &written_due(at, id))),
        },
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}

/// `POST /admin/outbox/retry`: a dead message is tried again from the first attempt on.
pub async fn retry(sent: Sent<Chosen>, app: web::Data<App>) -> Answer {
    sent.user.actor.require(posting::KEEPERS)?;
    let pool: Pool = sent.form.pool.parse().map_err(|_| Failure::not_found())?;
    let id: MessageId = sent.form.id.parse().map_err(|_| Failure::not_found())?;
    posting::retry(&app, &sent.user.actor, pool, id, Clock::real()).await?;
    Ok(see_other(&urls::admin_outbox_retried()))
}

fn frame(request: &HttpRequest, standing: Standing) -> Chrome {
    let mut chrome = session::frame(request, "admin-outbox");
    chrome.width = Width::Desk;
    let lists = [
        (Standing::Dead, "admin-outbox-dead"),
        (Standing::Waiting, "admin-outbox-waiting"),
    ];
    let links = lists.map(|(listed, key)| {
        let url = urls::admin_outbox(name(listed), "");
        let here = if listed == standing {
            url.clone()
        } else {
            String::new()
        };
        Link::to(url, chrome.t(key)).marked(&here)
    });
    chrome.nav.extend(links);
    chrome
}

fn name(standing: Standing) -> &'static str {
    match standing {
        Standing::Dead => "dead",
        Standing::Waiting => "waiting",
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;
    use crate::data::texts::has_text;
    use crate::domain::locale::Locale;

    #[test]
    fn every_kind_of_notice_has_a_name_in_both_languages() {
        for kind in Kind::iter() {
            for locale in Locale::ALL {
                let key = format!("admin-notice-{kind}");
                assert!(has_text(locale, &key), "{key} {}", locale.tag());
            }
        }
    }
}
