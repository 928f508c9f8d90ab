//! What an employer uploaded: the history, and one batch with its progress, the rows that came back and its cases. It is
//! all read anew at each look: a batch goes on whether somebody looks or not.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use super::{batch_id, frame, only_agents};
use crate::domain::batch::{Batch, RowResult, State, Task, TaskResult};
use crate::domain::ids::{BatchId, TaskId};
use crate::domain::time::Ts;
use crate::store::batch_tasks::Which;
use crate::store::cases::Listed;
use crate::usecases::employing::{self, Seen};
use crate::usecases::listing::Rest;
use crate::usecases::{App, batch_tasks};
use crate::web::batch_parts::{CaseRow, Progress, Returned, TaskLine, state};
use crate::web::batch_report::{self, Names};
use crate::web::chrome::{Chrome, Link};
use crate::web::components::{Empty, Pages, Tag};
use crate::web::page::page;
use crate::web::problem::{Answer, Failure};
use crate::web::session::SignedIn;
use crate::web::urls::{employer as to, resident};

/// Batches of a page of the history.
const HISTORY: u16 = 20;
/// Rows that came back and are shown; the report has them all.
const SHOWN: u16 = 50;
/// Cases of a page.
const CASES: u16 = 50;
/// Tasks that are shown.
const TASKS: u16 = 5;

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
    let found = Found {
        cases: employing::cases(&app, &user.actor, id, after, CASES).await?,
        returned: employing::returned(&app, &user.actor, id, 0, SHOWN)
            .await?
            .0,
        tasks: tasks(&app, &user, &chrome, &seen).await?,
    };
    let mut content = content(chrome, &seen, found, after);
    content.here = to::batch(id, &from.after);
    Ok(page(StatusCode::OK, &content))
}

/// What was found of a batch beside itself.
struct Found {
    cases: (Vec<(u32, Listed)>, Rest),
    returned: Vec<RowResult>,
    tasks: Vec<TaskLine>,
}

fn content(chrome: Chrome, seen: &Seen, found: Found, after: u32) -> BatchPage {
    let (locale, batch) = (chrome.locale, &seen.batch);
    let id = batch.id;
    let (cases, rest) = found.cases;
    let next = match rest {
        Rest::More => cases
            .last()
            .map(|(number, _)| to::batch(id, &number.to_string())),
        Rest::Nothing => None,
    };
    let case =
        |row: &(u32, Listed)| CaseRow::of(locale, row, resident::case(&row.1.case.receipt_no));
    BatchPage {
        here: String::new(),
        facts: chrome.t2(
            "batches-facts",
            ("uploaded", chrome.moment(&batch.created_at)),
            ("item", chrome.t(&format!("item-{}", batch.item))),
        ),
        state: state(locale, batch),
        goes_on: batch.state == State::Running || found.tasks.iter().any(|task| task.runs),
        progress: Progress::of_batch(locale, batch),
        returned: found
            .returned
            .iter()
            .map(|row| Returned::of(locale, row))
            .collect(),
        returned_in_all: batch.counts.rejected + batch.counts.duplicates,
        report: to::report(id),
        cases: cases.iter().map(case).collect(),
        pages: Pages {
            locale,
            previous: (after > 0).then(|| to::batch(id, "")),
            next,
        },
        withdraw: can_withdraw(seen, &found.tasks).then(|| to::withdraw(id)),
        to_upload: to::upload(),
        tasks: found.tasks,
        chrome,
    }
}

fn can_withdraw(seen: &Seen, tasks: &[TaskLine]) -> bool {
    seen.batch.state == State::Done && seen.undecided > 0 && !tasks.iter().any(|task| task.runs)
}

async fn tasks(
    app: &App,
    user: &SignedIn,
    chrome: &Chrome,
    seen: &Seen,
) -> Result<Vec<TaskLine>, Failure> {
    let id = seen.batch.id;
    let mut lines = vec![];
    for task in batch_tasks::of_batch(app, &user.actor, id, TASKS).await? {
        let left = (Which::Left, 0, SHOWN);
        let left = batch_tasks::results(app, &user.actor, id, task.id, left).await?;
        lines.push(task_line(chrome, seen, &task, &left));
    }
    Ok(lines)
}

fn task_line(chrome: &Chrome, seen: &Seen, task: &Task, left: &[TaskResult]) -> TaskLine {
    let addresses = (to::own_results(seen.batch.id, task.id), resident::case);
    TaskLine::of(
        chrome.locale,
        task,
        seen.batch.counts.filed,
        left,
        addresses,
    )
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
