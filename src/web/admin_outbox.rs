//! Messages that were not sent, for administrators (CAS-12): which, since when, why, and trying a dead one again.
//! Never here: whom a message is for and what it says (CAS-10: administrators see no personal data).

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;
use strum::IntoEnumIterator;

use crate::clock::Clock;
use crate::domain::ids::MessageId;
use crate::domain::notice::{Channel, Kind};
use crate::domain::place::Pool;
use crate::store::outbox::{Figures, Standing, Unsent};
use crate::usecases::{App, posting};
use crate::web::components::{Banner, BannerKind, Pages};
use crate::web::csrf::Sent;
use crate::web::delivery;
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
    channels: Vec<Link>,
    reasons: Vec<Reason>,
    rows: Vec<Unsent>,
    pages: Pages,
}

/// Why messages of a channel were given up; they can be tried again together.
struct Reason {
    channel: Channel,
    code: String,
}

impl OutboxPage {
    fn number(&self, count: usize) -> String {
        words::count(u64::try_from(count).unwrap_or(u64::MAX))
    }

    fn channel(&self, channel: &Channel) -> String {
        delivery::channel(self.chrome.locale, *channel)
    }

    fn cause(&self, code: &str) -> String {
        delivery::cause(self.chrome.locale, code)
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
    channel: String,
    #[serde(default)]
    after: String,
    #[serde(default)]
    done: String,
    #[serde(default)]
    count: Option<u32>,
}

/// Which message is to be tried again.
#[derive(Deserialize)]
pub struct Chosen {
    pool: String,
    id: String,
}

/// Which messages are to be tried again together.
#[derive(Deserialize)]
pub struct ChosenReason {
    channel: String,
    reason: String,
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
    let channel: Option<Channel> = opened.channel.parse().ok();
    let after = read_due(&opened.after);
    let found = posting::unsent(&app, &user.actor, standing, channel, after).await?;
    let reasons = posting::reasons(&app, &user.actor).await?;
    let figures = posting::figures(&app).await?;
    let only = channel.map_or("", Channel::as_str);
    let chrome = frame(&request, standing, only);
    let reasons = reasons
        .into_iter()
        .filter(|(of, _)| standing == Standing::Dead && channel.is_none_or(|only| only == *of));
    let content = OutboxPage {
        banner: banner(&chrome, &opened),
        figures,
        standing,
        channels: channels(&chrome, standing, only),
        reasons: reasons
            .map(|(channel, code)| Reason { channel, code })
            .collect(),
        rows: found.rows,
        pages: Pages {
            locale: chrome.locale,
            previous: None,
            next: found
                .next
                .map(|(at, id)| urls::admin_outbox(name(standing), only, &written_due(at, id))),
        },
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}

fn banner(chrome: &Chrome, opened: &Opened) -> Option<Banner> {
    let words = match (opened.count, opened.done.as_str()) {
        (Some(count), _) => chrome.t1("outbox-retried-all", "count", count),
        (None, "retried") => chrome.t("admin-outbox-retried"),
        (None, _) => return None,
    };
    Some(Banner::new(chrome.locale, BannerKind::Success, words))
}

/// All channels, and each alone; the present one leads nowhere.
fn channels(chrome: &Chrome, standing: Standing, only: &str) -> Vec<Link> {
    let all = Link::to(
        urls::admin_outbox(name(standing), "", ""),
        chrome.t("outbox-filter-all"),
    );
    let each = Channel::iter().map(|channel| {
        let url = urls::admin_outbox(name(standing), channel.as_str(), "");
        Link::to(url, delivery::channel(chrome.locale, channel))
    });
    let here = urls::admin_outbox(name(standing), only, "");
    std::iter::once(all)
        .chain(each)
        .map(|link| link.marked(&here))
        .collect()
}

/// `POST /admin/outbox/retry`: a dead message is tried again from the first attempt on.
pub async fn retry(sent: Sent<Chosen>, app: web::Data<App>) -> Answer {
    sent.user.actor.require(posting::KEEPERS)?;
    let pool: Pool = sent.form.pool.parse().map_err(|_| Failure::not_found())?;
    let id: MessageId = sent.form.id.parse().map_err(|_| Failure::not_found())?;
    posting::retry(&app, &sent.user.actor, pool, id, Clock::real()).await?;
    Ok(see_other(&urls::admin_outbox_retried()))
}

/// `POST /admin/outbox/retry-all`: all dead messages of one channel and reason are tried again.
pub async fn retry_all(sent: Sent<ChosenReason>, app: web::Data<App>) -> Answer {
    let user = &sent.user;
    user.actor.require(posting::KEEPERS)?;
    let channel: Channel = sent
        .form
        .channel
        .parse()
        .map_err(|_| Failure::not_found())?;
    let reason = sent.form.reason;
    let count = posting::retry_all(&app, &user.actor, channel, reason, Clock::real()).await?;
    Ok(see_other(&urls::admin_outbox_retried_all(count)))
}

fn frame(request: &HttpRequest, standing: Standing, only: &str) -> Chrome {
    let mut chrome = session::frame(request, "admin-outbox");
    chrome.width = Width::Desk;
    let lists = [
        (Standing::Dead, "admin-outbox-dead"),
        (Standing::Waiting, "admin-outbox-waiting"),
    ];
    let links = lists.map(|(listed, key)| {
        let url = urls::admin_outbox(name(listed), only, "");
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
