//! Batches of orders, the newest first, and making one.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use super::frame;
use crate::domain::payment::file::name;
use crate::domain::payment::{Batch, BatchState, MOST_ORDERS};
use crate::usecases::App;
use crate::usecases::listing::Rest;
use crate::usecases::paying::{self, batching, reading};
use crate::web::components::{Pages, Tag, TagColour};
use crate::web::csrf::Sent;
use crate::web::page::{Chrome, page, see_other};
use crate::web::problem::Answer;
use crate::web::session::SignedIn;
use crate::web::urls::finance as to;
use crate::web::words;

/// Batches of a page.
const SHOWN: u16 = 50;

struct Row {
    url: String,
    name: String,
    made: String,
    count: String,
    waiting: String,
    sum: String,
    state: Tag,
}

#[derive(Template)]
#[template(path = "finance/batches.html")]
struct BatchesPage {
    chrome: Chrome,
    rows: Vec<Row>,
    pages: Pages,
}

/// Where the list goes on.
#[derive(Debug, Default, Deserialize)]
pub struct Opened {
    #[serde(default)]
    before: String,
}

/// `GET /finance/batches`.
pub async fn list(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    opened: web::Query<Opened>,
) -> Answer {
    user.actor.require(paying::OFFICERS)?;
    let chrome = frame(&request, "finance-batches-title");
    let before = opened.before.parse().ok();
    let (found, rest) = reading::batches(&app, &user.actor, before, SHOWN).await?;
    let last = found.last().filter(|_| rest == Rest::More);
    let content = BatchesPage {
        rows: found.iter().map(|batch| row(&chrome, batch)).collect(),
        pages: Pages {
            locale: chrome.locale,
            previous: None,
            next: last.map(|last| to::batches(&last.number.to_string())),
        },
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}

fn row(chrome: &Chrome, batch: &Batch) -> Row {
    Row {
        url: to::batch(batch.id),
        name: name(batch),
        made: words::moment_short(batch.made_at),
        count: words::count(batch.count.into()),
        waiting: words::count(batch.waiting.into()),
        sum: words::amount(batch.sum.fen()),
        state: tag(chrome, batch.state),
    }
}

/// Where a batch stands, as a mark.
pub(super) fn tag(chrome: &Chrome, state: BatchState) -> Tag {
    let colour = match state {
        BatchState::Open => TagColour::Yellow,
        BatchState::Sent => TagColour::Blue,
        BatchState::Done => TagColour::Green,
    };
    Tag::new(chrome.t(&format!("payment-batch-{state}")), colour)
}

/// How many orders are to go into a batch.
#[derive(Debug, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    most: String,
}

/// `POST /finance/batches`.
pub async fn make(app: web::Data<App>, sent: Sent<Wanted>) -> Answer {
    sent.user.actor.require(paying::OFFICERS)?;
    // What is no number is as good as all.
    let most = sent.form.most.trim().parse().unwrap_or(MOST_ORDERS);
    let batch = batching::make(&app, &sent.user.actor, most).await?;
    Ok(see_other(&to::batch_done(batch.id, "made")))
}
