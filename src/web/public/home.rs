//! The home page: what can be done without coming, by urgency class (CAT-4), announcements, ways.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;

use super::catalogue::{self, Card, search_field};
use super::{basis, frame, pool_name, pools};
use crate::domain::case::Urgency;
use crate::domain::time::Day;
use crate::usecases::App;
use crate::web::chrome::Link;
use crate::web::components::{Banner, TextField};
use crate::web::page::{Chrome, page};
use crate::web::problem::Answer;
use crate::web::resident::zero_material::offer_banner;
use crate::web::session::MaybeSignedIn;
use crate::web::urls;

/// The items of one urgency class.
struct Class {
    words: String,
    explained: String,
    cards: Vec<Card>,
}

/// A document that the service works by, as an announcement.
struct Announcement {
    title: String,
    number: String,
    issuer: String,
    date: Day,
}

/// The documents of one pool.
struct PoolNews {
    name: String,
    policy: Link,
    documents: Vec<Announcement>,
}

#[derive(Template)]
#[template(path = "public/home.html")]
struct HomePage {
    chrome: Chrome,
    offer: Option<Banner>,
    search: TextField,
    classes: Vec<Class>,
    news: Vec<PoolNews>,
}

/// `GET /`.
pub async fn home(user: MaybeSignedIn, request: HttpRequest, app: web::Data<App>) -> Answer {
    let chrome = frame(&request, "home-title");
    let content = HomePage {
        offer: offer_banner(&app, user.0.as_ref(), &chrome).await?,
        search: search_field(&chrome, ""),
        classes: classes(&chrome),
        news: news(&app, &chrome),
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}

fn classes(chrome: &Chrome) -> Vec<Class> {
    let order = [
        Urgency::Routine,
        Urgency::Urgent,
        Urgency::Special,
        Urgency::Deferrable,
    ];
    let class = |urgency: Urgency| {
        let mut cards = catalogue::online(chrome.locale);
        cards.retain(|card| card.urgency == Some(urgency));
        Class {
            words: chrome.t(&format!("urgency-{urgency}")),
            explained: chrome.t(&format!("urgency-{urgency}-explained")),
            cards,
        }
    };
    order.into_iter().map(class).collect()
}

fn news(app: &App, chrome: &Chrome) -> Vec<PoolNews> {
    let of_pool = |pool| {
        let own = app.office.policies.own(pool);
        let documents = own.into_iter().flat_map(|pack| pack.sources());
        let mut documents: Vec<_> = documents
            .filter(|source| source.date <= app.clock.now().day() && basis::is_notice(source))
            .map(|source| Announcement {
                title: source.title.clone(),
                number: source.number.clone(),
                issuer: source.issuer.clone(),
                date: source.date,
            })
            .collect();
        documents.sort_by_key(|document| std::cmp::Reverse(document.date));
        PoolNews {
            name: pool_name(app, chrome.locale, pool),
            policy: Link::to(urls::policy(pool), chrome.t("home-policy")),
            documents,
        }
    };
    pools(app).into_iter().map(of_pool).collect()
}
