//! What the demo would have sent (CAS-12): it has no mail server and no SMS gateway, so every message is kept and shown here, to
//! whoever tries the demo. Outside of the demo these pages do not exist.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use crate::domain::ids::MessageId;
use crate::domain::locale::Locale;
use crate::domain::notice::Channel;
use crate::domain::place::Pool;
use crate::domain::time::Ts;
use crate::notify::letter::Letter;
use crate::store::outbox::Kept;
use crate::usecases::{App, posting};
use crate::web::components::Pages;
use crate::web::delivery;
use crate::web::desk::places::{read_due, written_due};
use crate::web::page::{Chrome, Link, page};
use crate::web::problem::{Answer, Failure};
use crate::web::session::{self, MaybeSignedIn};
use crate::web::urls;

/// The list.
#[derive(Template)]
#[template(path = "demo/mail.html")]
struct MailPage {
    chrome: Chrome,
    rows: Vec<Row>,
    pages: Pages,
}

struct Row {
    url: String,
    /// By which channel it would have gone.
    channel: String,
    subject: String,
    /// Language of the subject.
    locale: Locale,
    to: String,
    at: Ts,
}

/// One letter.
#[derive(Template)]
#[template(path = "demo/letter.html")]
struct LetterPage {
    chrome: Chrome,
    letter: Letter,
    paragraphs: Vec<Paragraph>,
    to: String,
    at: Ts,
}

/// One short message.
#[derive(Template)]
#[template(path = "demo/short.html")]
struct ShortPage {
    chrome: Chrome,
    /// Its language.
    locale: Locale,
    text: String,
    to: String,
    at: Ts,
}

/// A message as it would have gone.
enum Said {
    Letter(Letter),
    Short(String),
}

/// A paragraph of the letter's HTML version; it may end with a link.
struct Paragraph {
    words: String,
    link: Option<Link>,
}

/// What the list was opened with.
#[derive(Deserialize)]
pub struct Opened {
    #[serde(default)]
    after: String,
}

/// `GET /demo/mail`: the latest first.
pub async fn list(
    _: MaybeSignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    opened: web::Query<Opened>,
) -> Answer {
    let found = posting::kept(&app, read_due(&opened.after)).await?;
    let chrome = session::frame(&request, "demo-mail-title");
    let origin = &session::http(&request)?.origin;
    let content = MailPage {
        rows: found
            .rows
            .iter()
            .filter_map(|kept| Row::of(&app, origin, chrome.locale, kept))
            .collect(),
        pages: Pages {
            locale: chrome.locale,
            previous: None,
            next: found
                .next
                .map(|(at, id)| urls::demo_mail(&written_due(at, id))),
        },
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}

/// `GET /demo/mail/{pool}/{id}`: the letter as text and as HTML, or the SMS.
pub async fn show(
    _: MaybeSignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
) -> Answer {
    let (pool, id) = path.into_inner();
    let pool: Pool = pool.parse().map_err(|_| Failure::not_found())?;
    let id: MessageId = id.parse().map_err(|_| Failure::not_found())?;
    let kept = posting::kept_one(&app, pool, id).await?;
    let origin = &session::http(&request)?.origin;
    let (said, to) = written(&app, origin, &kept).ok_or_else(Failure::not_found)?;
    let title = match &said {
        Said::Letter(letter) => letter.subject.as_str(),
        Said::Short(_) => "channel-sms",
    };
    let mut chrome = session::frame(&request, title);
    chrome.breadcrumbs = vec![
        Link::to(urls::home(), chrome.t("home")),
        Link::to(urls::demo_mail(""), chrome.t("demo-mail-title")),
    ];
    let at = kept.created_at;
    Ok(match said {
        Said::Letter(letter) => page(
            StatusCode::OK,
            &LetterPage {
                paragraphs: paragraphs(origin, &letter.text),
                letter,
                to,
                at,
                chrome,
            },
        ),
        Said::Short(text) => page(
            StatusCode::OK,
            &ShortPage {
                locale: kept.content.map_or(Locale::Zh, |content| content.locale),
                text,
                to,
                at,
                chrome,
            },
        ),
    })
}

impl Row {
    fn of(app: &App, origin: &str, locale: Locale, kept: &Kept) -> Option<Self> {
        let (said, to) = written(app, origin, kept)?;
        Some(Self {
            url: urls::demo_letter(kept.pool, kept.id),
            channel: delivery::channel(locale, kept.channel),
            subject: match said {
                Said::Letter(letter) => letter.subject,
                Said::Short(text) => text,
            },
            locale: kept.content.as_ref()?.locale,
            to,
            at: kept.created_at,
        })
    }
}

/// The message and its masked address; nothing for a row that can't be read.
fn written(app: &App, origin: &str, kept: &Kept) -> Option<(Said, String)> {
    let content = kept.content.as_ref()?;
    let said = match kept.channel {
        Channel::Email => Said::Letter(posting::letter_of(
            app,
            kept.pool,
            kept.created_at,
            content,
            |kind, receipt_no| format!("{origin}{}", urls::of_notice(kind, receipt_no)),
        )),
        Channel::Sms => Said::Short(posting::short_of(content)),
    };
    Some((said, delivery::masked(kept.channel, &content.address)))
}

/// The lines of a letter's text as its HTML version has them. Links to this service stay links, without the origin.
fn paragraphs(origin: &str, text: &str) -> Vec<Paragraph> {
    text.lines()
        .filter(|line| !line.is_empty())
        .map(|line| match line.rsplit_once(origin) {
            Some((words, path)) if path.starts_with('/') => Paragraph {
                words: words.to_owned(),
                link: Some(Link::to(path.to_owned(), format!("{origin}{path}"))),
            },
            Some(_) | None => Paragraph {
                words: line.to_owned(),
                link: None,
            },
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_of_the_letter_leads_to_this_service() {
        let found = paragraphs(
            "http://127.0.0.1:1",
            "Hello\n\nSee http://127.0.0.1:1/p?q=7\n",
        );
        let shown: Vec<(&str, Option<&str>)> = found
            .iter()
            .map(|p| (p.words.as_str(), p.link.as_ref().map(|l| l.url.as_str())))
            .collect();
        assert_eq!(shown, [("Hello", None), ("See ", Some("/p?q=7"))]);
    }
}
