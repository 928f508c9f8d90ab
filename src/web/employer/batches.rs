//! What an employer uploaded: the history, and one batch with its progress, the rows that came back and its cases. It is
//! all read anew at each look: a batch goes on whether somebody looks or not.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use super::{batch_id, frame, only_agents};
use crate::domain::batch::{Batch, State};
use crate::domain::ids::{BatchId, TaskId};
use crate::domain::time::Ts;
use crate::usecases::App;
use crate::usecases::employing::{self, Seen};
use crate::usecases::listing::Rest;
use crate::web::batch_parts::{Addresses, CaseRow, Parts, Progress, Returned, TaskLine, state};
use crate::web::batch_report::{self, Names};
use crate::web::chrome::{Chrome, Link};
use crate::web::components::{Empty, Pages, Tag};
use crate::web::page::page;
use crate::web::problem::{Answer, Failure};
use crate::web::session::SignedIn;
use crate::web::urls::{employer as to, resident};

/// Batches of a page of the history.
const HISTORY: u16 = 20;

/// A batch of the history.
pub struct BatchRow {
    pub(super) url: String,
    pub(super) file_name: String,
    pub(super) uploaded: String,
    pub(super) state: Tag,
    pub(super) line: String,
}

#[derive(Template)]
#[template(path = "employer/history.html")]
struct HistoryPage {
    chrome: Chrome,
    rows: Vec<BatchRow>,
    none: Empty,
    pages: Pages,
}

#[derive(Template)]
#[template(path = "employer/batch.html")]
struct BatchPage {
    chrome: Chrome,
    here: String,
    facts: String,
    state: Tag,
    /// Whether the page is to look again by itself.
    goes_on: bool,
    progress: Progress,
    returned: Vec<Returned>,
    returned_in_all: u32,
    report: String,
    tasks: Vec<TaskLine>,
    cases: Vec<CaseRow>,
    pages: Pages,
    withdraw: Option<String>,
    to_upload: String,
}

/// Where a page begins.
#[derive(Debug, Default, Deserialize)]
pub struct From {
    #[serde(default)]
    after: String,
}

/// `GET /employer/batches`.
pub async fn list(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    from: web::Query<From>,
) -> Answer {
    only_agents(&user)?;
    let chrome = frame(&request, "employer-do-history");
    let after = place(&from.after);
    let (found, rest) = employing::batches(&app, &user.actor, after, HISTORY).await?;
    let next = match rest {
        Rest::More => found.last().map(|last| to::batches(&written(last))),
        Rest::Nothing => None,
    };
    let content = HistoryPage {
        rows: rows(&chrome, &found),
        none: Empty {
            text: chrome.t("employer-none-yet"),
            link: Some(Link::to(to::upload(), chrome.t("employer-do-upload"))),
        },
        pages: Pages {
            locale: chrome.locale,
            previous: after.map(|_| to::batches("")),
            next,
        },
        chrome,
    };
    Ok(page(StatusCode::OK, &content))
}

/// A place in the history: microseconds and identifier.
fn place(text: &str) -> Option<(Ts, BatchId)> {
    let (micros, id) = text.split_once('.')?;
    Some((Ts::from_micros(micros.parse().ok()?)?, id.parse().ok()?))
}

fn written(batch: &Batch) -> String {
    format!("{}.{}", batch.created_at.micros(), batch.id)
}

/// Batches in words.
pub fn rows(chrome: &Chrome, found: &[Batch]) -> Vec<BatchRow> {
    let row = |batch: &Batch| BatchRow {
        url: to::batch(batch.id, ""),
        file_name: batch.file_name.clone(),
        uploaded: chrome.moment(&batch.created_at),
        state: state(chrome.locale, batch),
        line: line(chrome, batch),
    };
    found.iter().map(row).collect()
}

fn line(chrome: &Chrome, batch: &Batch) -> String {
    let values = [
        ("rows", batch.total.into()),
        ("filed", batch.counts.filed.into()),
        ("rejected", batch.counts.rejected.into()),
        ("duplicates", batch.counts.duplicates.into()),
    ];
    crate::data::texts::text_with(chrome.locale, "batches-line", &values)
}

/// `GET /employer/batches/{id}`.
pub async fn show(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<String>,
    from: web::Query<From>,
) -> Answer {
    only_agents(&user)?;
    let id = batch_id(&path)?;
    let seen = employing::batch(&app, &user.actor, id).await?;
    let after = from.after.parse().unwrap_or_default();
    let mut chrome = frame(&request, "batches-title");
    chrome
        .breadcrumbs
        .push(Link::to(to::batches(""), chrome.t("employer-do-history")));
    chrome.title.clone_from(&seen.batch.file_name);
    let addresses: Addresses<'_> = (to::own_results, &resident::case);
    let locale = chrome.locale;
    let parts = Parts::read(&app, &user.actor, locale, (&seen, after), addresses).await?;
    let mut content = content(chrome, &seen, parts, after);
    content.here = to::batch(id, &from.after);
    Ok(page(StatusCode::OK, &content))
}

fn content(chrome: Chrome, seen: &Seen, parts: Parts, after: u32) -> BatchPage {
    let (locale, batch) = (chrome.locale, &seen.batch);
    let id = batch.id;
    let is_at_work = parts.is_at_work();
    BatchPage {
        here: String::new(),
        facts: chrome.t2(
            "batches-facts",
            ("uploaded", chrome.moment(&batch.created_at)),
            ("item", chrome.t(&format!("item-{}", batch.item))),
        ),
        state: state(locale, batch),
        goes_on: batch.state == State::Running || is_at_work,
        progress: Progress::of_batch(locale, batch),
        returned: parts.returned,
        returned_in_all: batch.counts.rejected + batch.counts.duplicates,
        report: to::report(id),
        cases: parts.cases,
        pages: Pages {
            locale,
            previous: (after > 0).then(|| to::batch(id, "")),
            next: parts.next.map(|row| to::batch(id, &row.to_string())),
        },
        withdraw: (!is_at_work && can_withdraw(seen)).then(|| to::withdraw(id)),
        to_upload: to::upload(),
        tasks: parts.tasks,
        chrome,
    }
}

fn can_withdraw(seen: &Seen) -> bool {
    seen.batch.state == State::Done && seen.undecided > 0
}

/// `GET /employer/batches/{id}/report.csv`.
pub async fn report(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<String>,
) -> Answer {
    only_agents(&user)?;
    let locale = frame(&request, "batches-title").locale;
    let id = batch_id(&path)?;
    batch_report::send(&app, &user.actor, id, (locale, Names::People)).await
}

/// `GET /employer/batches/{id}/tasks/{task}/results.csv`.
pub async fn results(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
) -> Answer {
    only_agents(&user)?;
    let locale = frame(&request, "batches-title").locale;
    let id = batch_id(&path.0)?;
    let task: TaskId = path.1.parse().map_err(|_| Failure::not_found())?;
    batch_report::results(&app, &user.actor, (id, task), locale).await
}
