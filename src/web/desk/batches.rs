//! Batches of employers at the desk (XR-9): which wait, one with its cases, and the form that decides them at once. What
//! is decided of each case is the engine's to judge, one by one.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use super::batch_decision::{Form, Typed, form};
use super::{READERS, frame};
use crate::domain::batch::State;
use crate::domain::form::FieldError;
use crate::domain::ids::{BatchId, TaskId};
use crate::usecases::batch_tasks::{self, DECIDERS};
use crate::usecases::employing::{self, Seen};
use crate::usecases::{App, Error};
use crate::web::batch_parts::{
    Addresses, CaseRow, Parts, Progress, Returned, TaskLine, counted, state,
};
use crate::web::batch_report::{self, Names};
use crate::web::components::{Banner, BannerKind, ErrorSummary, Pages, Tag};
use crate::web::csrf::Sent;
use crate::web::page::{Chrome, Link, page, see_other};
use crate::web::problem::{Answer, Failure, field_message};
use crate::web::session::SignedIn;
use crate::web::urls::{desk as to_desk, employer as to};

/// Batches of the list.
const SHOWN: u16 = 50;
/// Batches that the hint looks at.
const HINTED: u16 = 20;

/// A batch of the list.
struct Row {
    url: String,
    employer: String,
    file_name: String,
    uploaded: String,
    state: Tag,
    filed: u32,
    waiting: String,
    late: bool,
}

#[derive(Template)]
#[template(path = "desk/batches.html")]
struct ListPage {
    chrome: Chrome,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "desk/batch.html")]
struct BatchPage {
    chrome: Chrome,
    errors: Option<ErrorSummary>,
    here: String,
    employer: String,
    facts: String,
    state: Tag,
    goes_on: bool,
    progress: Progress,
    waiting: String,
    form: Option<Form>,
    returned: Vec<Returned>,
    returned_in_all: u32,
    report: String,
    tasks: Vec<TaskLine>,
    cases: Vec<CaseRow>,
    pages: Pages,
}

/// `GET /desk/batches`: those of which cases may wait.
pub async fn list(user: SignedIn, request: HttpRequest, app: web::Data<App>) -> Answer {
    let found = employing::unsettled(&app, &user.actor, SHOWN).await?;
    let chrome = frame(&request, &user, "batches-nav");
    let row = |seen: &Seen| Row {
        url: to::desk_batch(seen.batch.id, ""),
        employer: seen.employer.clone(),
        file_name: seen.batch.file_name.clone(),
        uploaded: chrome.moment(&seen.batch.created_at),
        state: state(chrome.locale, &seen.batch),
        filed: seen.batch.counts.filed,
        waiting: counted(chrome.locale, seen.waiting),
        late: seen.any_late,
    };
    let rows = found.iter().map(row).collect();
    Ok(page(StatusCode::OK, &ListPage { chrome, rows }))
}

/// That batches wait, for the page of the queue.
///
/// # Errors
/// The database's.
pub async fn hint(app: &App, user: &SignedIn, chrome: &Chrome) -> Result<Option<Banner>, Failure> {
    let waiting = employing::waiting(app, &user.actor, HINTED).await?;
    Ok((waiting > 0).then(|| {
        let words = chrome.t1("batches-hint", "count", waiting);
        Banner::new(chrome.locale, BannerKind::Important, words)
            .link(Link::to(to::desk_batches(), chrome.t("batches-nav")))
    }))
}

/// Where a page begins.
#[derive(Debug, Default, Deserialize)]
pub struct From {
    #[serde(default)]
    after: String,
}

/// `GET /desk/batches/{id}`.
pub async fn show(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<String>,
    from: web::Query<From>,
) -> Answer {
    user.actor.require(READERS)?;
    let after = from.after.parse().unwrap_or_default();
    let id = batch_id(&path)?;
    render(&user, &request, &app, (id, after), &Typed::default(), &[]).await
}

/// `POST /desk/batches/{id}/decide`.
pub async fn decide(
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<String>,
    sent: Sent<Typed>,
) -> Answer {
    sent.user.actor.require(DECIDERS)?;
    let id = batch_id(&path)?;
    let seen = employing::batch(&app, &sent.user.actor, id).await?;
    let outcome = match sent.form.decision(seen.any_late) {
        Ok(decision) => batch_tasks::decide(&app, &sent.user.actor, id, decision).await,
        Err(errors) => Err(Error::Invalid(errors)),
    };
    match outcome {
        Ok(_) => Ok(see_other(&to::desk_batch(id, ""))),
        Err(Error::Invalid(errors)) => {
            render(&sent.user, &request, &app, (id, 0), &sent.form, &errors).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn render(
    user: &SignedIn,
    request: &HttpRequest,
    app: &App,
    (id, after): (BatchId, u32),
    typed: &Typed,
    errors: &[FieldError],
) -> Answer {
    let seen = employing::batch(app, &user.actor, id).await?;
    let mut chrome = frame(request, user, "batches-title");
    chrome.here = to::desk_batch(id, "");
    chrome.faulty = !errors.is_empty();
    let locale = chrome.locale;
    let said: Vec<(String, String)> = errors
        .iter()
        .map(|error| (error.field.clone(), field_message(locale, error)))
        .collect();
    let case = |number: &str| to_desk::case(number, &to::desk_batch(id, ""));
    let addresses: Addresses<'_> = (to::results, &case);
    let parts = Parts::read(app, &user.actor, locale, (&seen, after), addresses).await?;
    let runs = parts.is_at_work() || seen.batch.state == State::Running;
    let decides = user.actor.require(DECIDERS).is_ok() && !runs && seen.waiting > 0;
    let mut content = content(chrome, &seen, parts, after);
    content.goes_on = runs;
    content.errors = ErrorSummary::of(locale, said.iter().map(|(f, w)| (f.as_str(), w.as_str())));
    content.form = decides.then(|| form(&content.chrome, &seen, typed, &said));
    let status = match errors {
        [] => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(page(status, &content))
}

fn content(chrome: Chrome, seen: &Seen, parts: Parts, after: u32) -> BatchPage {
    let (locale, batch) = (chrome.locale, &seen.batch);
    let id = batch.id;
    BatchPage {
        errors: None,
        form: None,
        goes_on: false,
        here: chrome.here.clone(),
        employer: seen.employer.clone(),
        facts: format!("{} {}", batch.file_name, chrome.moment(&batch.created_at)),
        state: state(locale, batch),
        progress: Progress::of_batch(locale, batch),
        waiting: chrome.t1("batches-waiting", "count", counted(locale, seen.waiting)),
        returned: parts.returned,
        returned_in_all: batch.counts.rejected + batch.counts.duplicates,
        report: to::desk_report(id),
        cases: parts.cases,
        pages: Pages {
            locale,
            previous: (after > 0).then(|| to::desk_batch(id, "")),
            next: parts.next.map(|row| to::desk_batch(id, &row.to_string())),
        },
        tasks: parts.tasks,
        chrome,
    }
}

/// `GET /desk/batches/{id}/report.csv`.
pub async fn report(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<String>,
) -> Answer {
    user.actor.require(READERS)?;
    let locale = frame(&request, &user, "batches-title").locale;
    let id = batch_id(&path)?;
    batch_report::send(&app, &user.actor, id, (locale, Names::People)).await
}

/// `GET /desk/batches/{id}/tasks/{task}/results.csv`.
pub async fn results(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
) -> Answer {
    user.actor.require(READERS)?;
    let locale = frame(&request, &user, "batches-title").locale;
    let task: TaskId = path.1.parse().map_err(|_| Failure::not_found())?;
    let id = batch_id(&path.0)?;
    batch_report::results(&app, &user.actor, (id, task), locale).await
}

fn batch_id(text: &str) -> Result<BatchId, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}
