//! Parcels as a table: those with which something is left to do, all, or those of one number; on paper and as a file.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use super::{frame, words};
use crate::domain::ids::ParcelId;
use crate::domain::parcel::tracking;
use crate::store::parcels::Filter;
use crate::usecases::App;
use crate::usecases::listing::Rest;
use crate::usecases::mailing::reading::{self, EXPORTED, Entry, Page};
use crate::usecases::mailing::{CLERKS, READERS};
use crate::web::components::{Opt, Pages, Select, Tag, TextField};
use crate::web::csv;
use crate::web::page::{Chrome, page};
use crate::web::problem::Answer;
use crate::web::session::SignedIn;
use crate::web::urls::mailroom as to;
use crate::web::words::moment_short;

/// Parcels of a page.
const SHOWN: u16 = 50;

/// What the list was opened with.
#[derive(Debug, Default, Deserialize)]
pub struct Opened {
    #[serde(default)]
    which: String,
    #[serde(default)]
    tracking: String,
    #[serde(default)]
    after: String,
}

impl Opened {
    /// A number that is none finds nothing.
    fn filter(&self) -> Filter {
        match (self.tracking.trim(), self.which.as_str()) {
            ("", "open") => Filter::Open,
            ("", _) => Filter::All,
            (number, _) => Filter::Tracking(tracking(number).unwrap_or_default()),
        }
    }

    fn filters(&self) -> [(&str, &str); 2] {
        [("which", &self.which), ("tracking", &self.tracking)]
    }
}

/// A parcel in a row.
pub struct Row {
    /// Its page.
    pub url: String,
    /// Courier and number.
    pub label: String,
    /// Day of the postmark.
    pub posted: String,
    /// When it was delivered.
    pub delivered: String,
    /// When it was registered.
    pub registered: String,
    /// Who sent it.
    pub sender: String,
    /// Receipt numbers of its cases.
    pub cases: Vec<String>,
    /// Sheets of originals that are here still.
    pub originals: String,
    /// Whether something is left to do.
    pub standing: Tag,
}

/// Parcels in rows.
pub fn rows(chrome: &Chrome, entries: &[Entry]) -> Vec<Row> {
    entries.iter().map(|entry| row(chrome, entry)).collect()
}

fn row(chrome: &Chrome, entry: &Entry) -> Row {
    let parcel = &entry.parcel;
    Row {
        url: to::parcel(parcel.id, ""),
        label: words::label(chrome, &parcel.label),
        posted: parcel
            .posted_on
            .map_or_else(|| chrome.t("parcel-postmark-none"), |day| day.to_string()),
        delivered: moment_short(parcel.delivered_at),
        registered: moment_short(parcel.registered_at),
        sender: parcel.sender.clone(),
        cases: entry.cases.clone(),
        originals: entry.originals_here.to_string(),
        standing: words::standing(chrome, parcel),
    }
}

#[derive(Template)]
#[template(path = "mailroom/list.html")]
struct ListPage {
    chrome: Chrome,
    action: String,
    which: Select,
    number: TextField,
    rows: Vec<Row>,
    file: String,
    register: Option<String>,
    pages: Pages,
}

/// `GET /mailroom/parcels`.
pub async fn list(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    opened: web::Query<Opened>,
) -> Answer {
    user.actor.require(READERS)?;
    let chrome = frame(&request, &user, "parcels-title");
    let after: Option<ParcelId> = opened.after.parse().ok();
    let found = reading::page(&app, &user.actor, opened.filter(), after, SHOWN).await?;
    let last = found.entries.last().filter(|_| found.rest == Rest::More);
    let next = last.map(|last| {
        let place = last.parcel.id.to_string();
        to::parcels(&[opened.filters().as_slice(), &[("after", &place)]].concat())
    });
    let options = ["open", "all"].map(|which| {
        Opt::new(which, chrome.t(&format!("parcels-{which}"))).chosen_if(
            match opened.which.as_str() {
                "open" => "open",
                _ => "all",
            },
        )
    });
    let content = ListPage {
        action: to::parcels(&[]),
        which: Select::flat(
            chrome.locale,
            "which",
            chrome.t("parcels-which"),
            options.to_vec(),
        ),
        number: TextField::new(chrome.locale, "tracking", chrome.t("parcel-tracking"))
            .optional()
            .value(&opened.tracking),
        rows: rows(&chrome, &found.entries),
        file: to::parcels_file(&opened.filters()),
        register: CLERKS.contains(&user.actor.role).then(|| to::register(&[])),
        pages: Pages {
            locale: chrome.locale,
            previous: None,
            next,
        },
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}

/// `GET /mailroom/parcels.csv`: the first of what fits; the last line says when there are more.
pub async fn file(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    opened: web::Query<Opened>,
) -> Answer {
    user.actor.require(READERS)?;
    let chrome = frame(&request, &user, "parcels-title");
    let found = reading::page(&app, &user.actor, opened.filter(), None, EXPORTED).await?;
    let head = [
        "parcel-courier",
        "parcel-tracking",
        "parcel-posted",
        "parcel-delivered",
        "parcel-registered",
        "parcel-sender",
        "parcel-cases",
        "parcel-originals-here",
        "parcel-standing",
    ]
    .map(|key| chrome.t(key));
    csv::answer("parcels", &head, lines(&chrome, &found).into_iter())
}

fn lines(chrome: &Chrome, found: &Page) -> Vec<Vec<String>> {
    let line = |entry: &Entry| {
        let (row, parcel) = (row(chrome, entry), &entry.parcel);
        let standing = match parcel.closed_at {
            Some(_) => "parcel-done",
            None => "parcel-open",
        };
        vec![
            words::courier(chrome, parcel.label.courier),
            parcel.label.tracking.clone(),
            row.posted,
            row.delivered,
            row.registered,
            row.sender,
            row.cases.join(" "),
            row.originals,
            chrome.t(standing),
        ]
    };
    let mut lines: Vec<Vec<String>> = found.entries.iter().map(line).collect();
    if found.rest == Rest::More {
        lines.push(vec![chrome.t1("breaches-cut", "most", EXPORTED)]);
    }
    lines
}
