//! The register of missed deadlines (CLK-7): filtered, page by page, on paper and as a file.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use chrono::{Days, NaiveTime};
use serde::Deserialize;
use strum::IntoEnumIterator;

use super::frame;
use super::places::{read_due, written_due};
use super::rows::item_name;
use crate::domain::case::BreachCause;
use crate::domain::ids::AccountId;
use crate::domain::time::{Day, Ts};
use crate::items;
use crate::store::register::{Filter, Stated};
use crate::usecases::App;
use crate::usecases::listing::{self, Rest};
use crate::usecases::registering::{self, Page, Told};
use crate::web::components::{InputKind, Opt, Pages, Select, TextField};
use crate::web::csv;
use crate::web::page::{Chrome, page};
use crate::web::problem::{Answer, Failure};
use crate::web::session::SignedIn;
use crate::web::urls::{desk as to_desk, oversight as to};
use crate::web::words;

/// Entries of a page.
const SHOWN: u16 = 50;

/// What the register was opened with.
#[derive(Debug, Default, Deserialize)]
pub struct Opened {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    item: String,
    #[serde(default)]
    handler: String,
    #[serde(default)]
    cause: String,
    #[serde(default)]
    after: String,
}

impl Opened {
    fn filter(&self) -> Filter {
        Filter {
            from: self.from.parse().ok().map(midnight),
            until: self
                .to
                .parse()
                .ok()
                .map(|day: Day| midnight(day + Days::new(1))),
            item: items::find(&self.item).map(|item| item.slug),
            holder: self.handler.parse().ok(),
            stated: stated(&self.cause),
        }
    }

    fn filters(&self) -> [(&str, &str); 5] {
        [
            ("from", &self.from),
            ("to", &self.to),
            ("item", &self.item),
            ("handler", &self.handler),
            ("cause", &self.cause),
        ]
    }
}

/// The beginning of a Beijing day.
pub(in crate::web) fn midnight(day: Day) -> Ts {
    Ts::from_beijing(day, NaiveTime::MIN)
}

/// `stated`, `none`, or a cause.
pub(in crate::web) fn stated(text: &str) -> Option<Stated> {
    match text {
        "stated" => Some(Stated::Some),
        "none" => Some(Stated::None),
        cause => cause.parse().ok().map(Stated::Cause),
    }
}

struct Row {
    url: String,
    receipt_no: String,
    item: String,
    due: String,
    at: String,
    holder: String,
    cause: String,
    words: String,
    state: String,
    agency: String,
}

/// The register.
#[derive(Template)]
#[template(path = "desk/register.html")]
struct RegisterPage {
    chrome: Chrome,
    rows: Vec<Row>,
    selects: Vec<Select>,
    days: Vec<TextField>,
    file: String,
    pages: Pages,
}

/// `GET /desk/breaches`.
pub async fn list(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    opened: web::Query<Opened>,
) -> Answer {
    user.actor.require(registering::READERS)?;
    let chrome = frame(&request, &user, "breaches-title");
    let after = read_due(&opened.after);
    let found = registering::page(&app, &user.actor, opened.filter(), after, SHOWN).await?;
    let last = found.entries.last().filter(|_| found.rest == Rest::More);
    let next = last.map(|told| {
        let place = written_due(told.entry.at, told.entry.case);
        to::breaches(&[opened.filters().as_slice(), &[("after", &place)]].concat())
    });
    let here = to::breaches(&opened.filters());
    let content = RegisterPage {
        rows: found
            .entries
            .iter()
            .map(|told| row(&app, &chrome, told, &found.names, &here))
            .collect(),
        selects: selects(&app, &user, &chrome, &opened).await?,
        days: [("from", &opened.from), ("to", &opened.to)]
            .into_iter()
            .map(|(name, value)| {
                TextField::new(chrome.locale, name, chrome.t(&format!("period-{name}")))
                    .kind(InputKind::Date)
                    .hint("")
                    .value(value)
            })
            .collect(),
        file: to::breaches_file(&opened.filters()),
        pages: Pages {
            locale: chrome.locale,
            previous: None,
            next,
        },
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}

fn row(
    app: &App,
    chrome: &Chrome,
    told: &Told,
    names: &BTreeMap<AccountId, String>,
    here: &str,
) -> Row {
    let entry = &told.entry;
    let agencies = app.office.agencies();
    let agency = agencies
        .get(&entry.agency)
        .map(|agency| match chrome.locale {
            crate::domain::locale::Locale::Zh => agency.name_zh.clone(),
            crate::domain::locale::Locale::En => agency.name_en.clone(),
        });
    Row {
        url: to_desk::case(&entry.receipt_no, here),
        receipt_no: entry.receipt_no.clone(),
        item: item_name(chrome.locale, &entry.item),
        due: words::moment_short(entry.due),
        at: words::moment_short(entry.at),
        holder: (entry.holder)
            .and_then(|holder| names.get(&holder).cloned())
            .unwrap_or_else(|| chrome.t("breaches-nobody")),
        cause: match entry.cause {
            Some(cause) => chrome.t(&format!("breach-cause-{cause}")),
            None => chrome.t("breaches-not-stated"),
        },
        words: told.words.clone().unwrap_or_default(),
        state: chrome.t(&format!("state-{}", entry.state)),
        agency: agency.unwrap_or_default(),
    }
}

async fn selects(
    app: &App,
    user: &SignedIn,
    chrome: &Chrome,
    opened: &Opened,
) -> Result<Vec<Select>, Failure> {
    let all = |chosen: &str| {
        let any = Opt::new("", chrome.t("desk-filter-all"));
        vec![any.chosen_if(chosen)]
    };
    let select = |name: &str, key: &str, options: Vec<Opt>| {
        Select::flat(chrome.locale, name, chrome.t(key), options)
    };
    let items = items::ALL.iter().map(|item| {
        Opt::new(item.slug, item_name(chrome.locale, item.slug)).chosen_if(&opened.item)
    });
    let causes = BreachCause::iter().map(|cause| {
        Opt::new(cause.as_str(), chrome.t(&format!("breach-cause-{cause}")))
            .chosen_if(&opened.cause)
    });
    let stated = ["stated", "none"].map(|one| {
        Opt::new(one, chrome.t(&format!("breaches-cause-{one}"))).chosen_if(&opened.cause)
    });
    let mut found = vec![
        select(
            "item",
            "desk-filter-item",
            all(&opened.item).into_iter().chain(items).collect(),
        ),
        select(
            "cause",
            "desk-breach-cause",
            all(&opened.cause)
                .into_iter()
                .chain(stated)
                .chain(causes)
                .collect(),
        ),
    ];
    // An auditor reads the whole pool's.
    if user.actor.role.works_the_desk() {
        let (colleagues, _) = listing::handlers(app, &user.actor, None, 100).await?;
        let handlers = colleagues
            .into_iter()
            .map(|one| Opt::new(one.account.to_string(), one.name).chosen_if(&opened.handler));
        let options = all(&opened.handler).into_iter().chain(handlers).collect();
        found.push(select("handler", "oversight-handler", options));
    }
    Ok(found)
}

/// `GET /desk/breaches.csv`: everything that fits the filters, 10,000 entries at most; the last line says when there
/// are more.
pub async fn file(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    opened: web::Query<Opened>,
) -> Answer {
    user.actor.require(registering::READERS)?;
    let chrome = frame(&request, &user, "breaches-title");
    let found = registering::export(&app, &user.actor, opened.filter()).await?;
    let head = [
        "desk-col-receipt",
        "breaches-agency",
        "desk-col-item",
        "breaches-due",
        "breaches-at",
        "breaches-holder",
        "desk-breach-cause",
        "breaches-words",
        "desk-col-state",
    ]
    .map(|key| chrome.t(key));
    csv::answer("breaches", &head, lines(&app, &chrome, &found).into_iter())
}

fn lines(app: &App, chrome: &Chrome, found: &Page) -> Vec<Vec<String>> {
    let mut lines: Vec<Vec<String>> = found
        .entries
        .iter()
        .map(|told| {
            let row = row(app, chrome, told, &found.names, "");
            vec![
                row.receipt_no,
                row.agency,
                row.item,
                row.due,
                row.at,
                row.holder,
                row.cause,
                row.words,
                row.state,
            ]
        })
        .collect();
    if found.rest == Rest::More {
        let most = words::count(u64::from(registering::EXPORTED));
        lines.push(vec![chrome.t1("breaches-cut", "most", most)]);
    }
    lines
}
