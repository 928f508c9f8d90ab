//! The catalogue (CAT-1, CAT-2): every item that can be filed here, then those that can't yet, with the other
//! ways. Searching looks at names, summaries and slugs of both languages.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use super::frame;
use crate::data::texts::text;
use crate::domain::case::{Channel, Urgency};
use crate::domain::id_number::normalised;
use crate::domain::locale::Locale;
use crate::items;
use crate::usecases::App;
use crate::web::components::{Banner, InputKind, Tag, TagColour, TextField};
use crate::web::page::{Chrome, page};
use crate::web::problem::Answer;
use crate::web::resident::zero_material::offer_banner;
use crate::web::session::MaybeSignedIn;
use crate::web::urls;

/// One item as lists show it.
pub(super) struct Card {
    pub(super) slug: &'static str,
    pub(super) url: String,
    pub(super) name: String,
    pub(super) summary: String,
    pub(super) ways: String,
    pub(super) urgency: Option<Urgency>,
}

/// All items that can be filed here, in the catalogue's order.
pub(super) fn online(locale: Locale) -> Vec<Card> {
    let card = |item: &&'static crate::domain::item::ServiceItem| {
        card(locale, item.slug, item.channels, Some(item.urgency))
    };
    items::ALL.iter().map(card).collect()
}

/// All items that can't be filed here yet.
pub(super) fn offline(locale: Locale) -> Vec<Card> {
    let card = |item: &items::offline::OfflineItem| card(locale, item.slug, item.ways, None);
    items::offline::ALL.iter().map(card).collect()
}

fn card(
    locale: Locale,
    slug: &'static str,
    channels: &[Channel],
    urgency: Option<Urgency>,
) -> Card {
    Card {
        slug,
        url: urls::item(slug),
        name: text(locale, &format!("item-{slug}")),
        summary: text(locale, &format!("item-{slug}-summary")),
        ways: channel_words(locale, channels),
        urgency,
    }
}

/// Channels in one line.
pub(super) fn channel_words(locale: Locale, channels: &[Channel]) -> String {
    let words: Vec<String> = channels
        .iter()
        .map(|channel| text(locale, &format!("channel-{channel}")))
        .collect();
    words.join(match locale {
        Locale::Zh => "、",
        Locale::En => ", ",
    })
}

/// Whether every word of the question stands in a name, a summary or the slug, in either language.
fn matches(slug: &str, question: &str) -> bool {
    let all: String = Locale::ALL
        .into_iter()
        .flat_map(|locale| {
            [
                text(locale, &format!("item-{slug}")),
                text(locale, &format!("item-{slug}-summary")),
            ]
        })
        .chain([slug.to_owned()])
        .collect::<Vec<_>>()
        .join("\n")
        .to_lowercase();
    question
        .to_lowercase()
        .split_whitespace()
        .all(|word| all.contains(word))
}

/// What is looked for.
#[derive(Deserialize)]
pub struct Search {
    #[serde(default)]
    q: String,
}

#[derive(Template)]
#[template(path = "public/catalogue.html")]
struct CataloguePage {
    chrome: Chrome,
    offer: Option<Banner>,
    search: TextField,
    question: String,
    online: Vec<Card>,
    offline: Vec<Card>,
}

impl CataloguePage {
    fn tag(&self, urgency: &Urgency) -> Tag {
        Tag::new(
            self.chrome.t(&format!("urgency-{urgency}")),
            TagColour::Blue,
        )
    }

    fn found(&self) -> String {
        let count = self.online.len() + self.offline.len();
        self.chrome.t2(
            "catalogue-found",
            ("count", count),
            ("question", self.question.as_str()),
        )
    }
}

/// `GET /items`.
pub async fn catalogue(
    user: MaybeSignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    query: web::Query<Search>,
) -> Answer {
    let chrome = frame(&request, "catalogue-title");
    let locale = chrome.locale;
    let question: String = normalised(&query.q).chars().take(60).collect();
    let wanted = |cards: Vec<Card>| -> Vec<Card> {
        cards
            .into_iter()
            .filter(|card| matches(card.slug, &question))
            .collect()
    };
    let content = CataloguePage {
        offer: offer_banner(&app, user.0.as_ref(), &chrome).await?,
        search: search_field(&chrome, &question),
        online: wanted(online(locale)),
        offline: wanted(offline(locale)),
        question,
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}

/// The field in which items are looked for.
pub(super) fn search_field(chrome: &Chrome, question: &str) -> TextField {
    TextField::new(chrome.locale, "q", chrome.t("catalogue-search"))
        .kind(InputKind::Text)
        .hint(chrome.t("catalogue-search-hint"))
        .value(question)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("异地就医", true)]
    #[case("CROSS-region", true)]
    #[case("cross-region-registration", true)]
    #[case("register treatment", true)]
    #[case("", true)]
    #[case("deferral", false)]
    fn an_item_is_found_by_either_language_and_its_slug(
        #[case] question: &str,
        #[case] found: bool,
    ) {
        assert_eq!(matches("cross-region-registration", question), found);
    }
}
