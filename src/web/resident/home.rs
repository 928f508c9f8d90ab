//! My affairs: what is open and who has it now, what was begun, what can be filed.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;

use super::apply::{Begun, begun};
use super::only_residents;
use super::zero_material::offer_banner;
use crate::domain::case::{Case, State};
use crate::items;
use crate::store::cases;
use crate::usecases::{App, drafting};
use crate::web::chrome::Chrome;
use crate::web::components::{Banner, Empty, Tag};
use crate::web::page::page;
use crate::web::problem::Answer;
use crate::web::session::{self, SignedIn};
use crate::web::urls::resident as to;

/// Cases on the page; older ones are found by their receipt number.
const SHOWN: i64 = 30;

/// A case in the list.
struct Mine {
    url: String,
    item: String,
    receipt_no: String,
    state: Tag,
    line: String,
}

/// An item that can be filed.
struct Filable {
    url: String,
    name: String,
    summary: String,
}

#[derive(Template)]
#[template(path = "resident/home.html")]
struct HomePage {
    chrome: Chrome,
    offer: Option<Banner>,
    open: Vec<Mine>,
    over: Vec<Mine>,
    drafts: Vec<Begun>,
    items: Vec<Filable>,
    none_open: Empty,
}

/// `GET /my`.
pub async fn mine(user: SignedIn, request: HttpRequest, app: web::Data<App>) -> Answer {
    only_residents(&user)?;
    let chrome = session::frame(&request, "mine-title");
    let person = user.actor.person;
    let listed = app
        .db
        .read(move |conn| cases::of_person(conn, person, None, &[], None, SHOWN))
        .await?;
    let (over, open): (Vec<_>, Vec<_>) =
        (listed.iter().map(|listed| &listed.case)).partition(|case| case.state.is_final());
    let items = items::ALL
        .iter()
        .filter(|item| item.audience.contains(&user.actor.role))
        .map(|item| Filable {
            url: to::apply(item.slug),
            name: chrome.t(&format!("item-{}", item.slug)),
            summary: chrome.t(&format!("item-{}-summary", item.slug)),
        });
    let content = HomePage {
        offer: offer_banner(&app, Some(&user), &chrome).await?,
        open: open.into_iter().map(|case| of(&chrome, case)).collect(),
        over: over.into_iter().map(|case| of(&chrome, case)).collect(),
        drafts: begun(&chrome, drafting::list(&app, &user.actor).await?, None),
        items: items.collect(),
        none_open: Empty {
            text: chrome.t("mine-none-open"),
            link: None,
        },
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}

fn of(chrome: &Chrome, case: &Case) -> Mine {
    let line = match (case.state, case.due(), case.closed_at) {
        (State::SupplementRequested, ..) => chrome.t("with-you"),
        (_, Some(due), _) => chrome.t1("due-by", "moment", chrome.moment(&due)),
        (_, None, Some(closed)) => chrome.t1("mine-ended", "moment", chrome.moment(&closed)),
        (_, None, None) => chrome.t1("mine-filed", "moment", chrome.moment(&case.filed_at)),
    };
    Mine {
        url: match case.state {
            State::SupplementRequested => to::supplement(&case.receipt_no),
            _ => to::case(&case.receipt_no),
        },
        item: chrome.t(&format!("item-{}", case.item)),
        receipt_no: case.receipt_no.clone(),
        state: Tag::state(chrome.locale, case.state),
        line,
    }
}
