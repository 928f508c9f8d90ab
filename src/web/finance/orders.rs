//! Orders that wait for a batch, and what is to be had back, the oldest first.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use super::{frame, state_tag};
use crate::domain::claim::masked_account;
use crate::domain::payment::MOST_ORDERS;
use crate::store::payments::{Listed, Waiting};
use crate::usecases::App;
use crate::usecases::listing::Rest;
use crate::usecases::paying::{self, reading};
use crate::web::components::{InputKind, Pages, Tag, TagColour, TextField};
use crate::web::desk::places::{read_due, written_due};
use crate::web::page::{Chrome, page};
use crate::web::problem::Answer;
use crate::web::session::SignedIn;
use crate::web::urls::finance as to;
use crate::web::words;

/// Orders of a page.
const SHOWN: u16 = 50;

/// An order in a list.
pub(super) struct Row {
    pub(super) url: String,
    pub(super) receipt_no: String,
    pub(super) holder: String,
    pub(super) account: String,
    pub(super) amount: String,
    pub(super) since: String,
    pub(super) state: Tag,
    pub(super) late: Option<Tag>,
    pub(super) failure: String,
}

#[derive(Template)]
#[template(path = "finance/orders.html")]
struct OrdersPage {
    chrome: Chrome,
    lead: String,
    rows: Vec<Row>,
    pages: Pages,
    /// The form of a batch, where there is one to make.
    most: Option<TextField>,
}

/// Where a list goes on.
#[derive(Debug, Default, Deserialize)]
pub struct Opened {
    #[serde(default)]
    after: String,
}

/// `GET /finance`.
pub async fn waiting(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    opened: web::Query<Opened>,
) -> Answer {
    list(&user, &request, &app, (Waiting::ForBatch, &opened.after)).await
}

/// `GET /finance/recoveries`.
pub async fn recoveries(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    opened: web::Query<Opened>,
) -> Answer {
    list(&user, &request, &app, (Waiting::ForRecovery, &opened.after)).await
}

async fn list(
    user: &SignedIn,
    request: &HttpRequest,
    app: &App,
    (which, after): (Waiting, &str),
) -> Answer {
    user.actor.require(paying::OFFICERS)?;
    let (title, lead) = match which {
        Waiting::ForBatch => ("finance-orders-title", "finance-orders-lead"),
        Waiting::ForRecovery => ("finance-recoveries-title", "finance-recoveries-lead"),
    };
    let chrome = frame(request, title);
    let (found, rest) = reading::waiting(app, &user.actor, which, read_due(after), SHOWN).await?;
    let last = found.last().filter(|_| rest == Rest::More);
    let next = last.map(|last| {
        let place = written_due(last.order.ordered_at, last.order.id);
        match which {
            Waiting::ForBatch => to::home(&place),
            Waiting::ForRecovery => to::recoveries(&place),
        }
    });
    let most = TextField::new(chrome.locale, "most", chrome.t("finance-most"))
        .kind(InputKind::Short)
        .hint(chrome.t1("finance-most-hint", "most", MOST_ORDERS))
        .value(MOST_ORDERS.to_string());
    let content = OrdersPage {
        lead: chrome.t1(lead, "days", reading::PATIENCE),
        rows: found.iter().map(|one| row(&chrome, app, one)).collect(),
        pages: Pages {
            locale: chrome.locale,
            previous: None,
            next,
        },
        most: (which == Waiting::ForBatch && !found.is_empty()).then_some(most),
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}

/// An order in words.
pub(super) fn row(chrome: &Chrome, app: &App, one: &Listed) -> Row {
    let order = &one.order;
    let late = order.state.is_live() && reading::waits_long(app, order.ordered_at.day());
    Row {
        url: to::order(order.id),
        receipt_no: one.receipt_no.clone(),
        holder: order.account.holder.clone(),
        account: masked_account(&order.account.number),
        amount: words::amount(order.amount.fen()),
        since: words::moment_short(order.ordered_at),
        state: state_tag(chrome, order.state),
        late: late.then(|| Tag::new(chrome.t("finance-late"), TagColour::Orange)),
        failure: order.failure.clone().unwrap_or_default(),
    }
}
