//! Filings of employers for many at once (XR-9): their state, the report of what came back, what is done to all cases of
//! one, the own staff. Rights are asked before a body is read.

use actix_multipart::Multipart;
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::commands::{breach, grounds};
use super::reading::{Body, Fields, List, Query, next};
use crate::data::texts::text;
use crate::domain::batch::{Batch, Task, TaskResult};
use crate::domain::form::Need;
use crate::domain::ids::{BatchId, PersonId, TaskId};
use crate::domain::locale::Locale;
use crate::domain::time::Ts;
use crate::domain::workflow::Command;
use crate::store::batch_tasks::Which;
use crate::usecases::batch_tasks::{self, DECIDERS, Decision, WITHDRAWERS};
use crate::usecases::batches::{self, Upload};
use crate::usecases::employing::{self, AGENTS, READERS};
use crate::usecases::listing::Rest;
use crate::usecases::{App, Error};
use crate::web::batch_report::{self, Names};
use crate::web::problem::{Answer, Failure, api_locale};
use crate::web::session::SignedIn;
use crate::web::sheet_upload;

/// Tasks of a batch that are shown.
const TASKS: u16 = 20;

/// A batch.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchView {
    /// Identifier.
    id: String,
    /// Slug of the item.
    item: String,
    /// Name of the file.
    file_name: String,
    /// `running` while rows are being filed, then `done`.
    state: &'static str,
    /// Rows of the file.
    rows: u32,
    /// Rows that became cases.
    filed: u32,
    /// Rows that came back.
    rejected: u32,
    /// Rows that repeat what was filed before.
    duplicates: u32,
    /// When it was uploaded.
    #[schema(format = DateTime)]
    created_at: String,
    /// When the last row had its result.
    #[schema(format = DateTime)]
    finished_at: Option<String>,
    /// What was done last to all its cases; only where one batch is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    task: Option<TaskView>,
}

/// Something done to all cases of a batch.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaskView {
    /// Identifier.
    id: String,
    /// `withdraw`, `approve` or `refuse`.
    kind: &'static str,
    /// `running`, then `done`.
    state: &'static str,
    /// Cases to which it was done.
    done: u32,
    /// Cases to which it could not be done.
    failed: u32,
    /// When it was asked for.
    #[schema(format = DateTime)]
    asked_at: String,
    /// When the last case was looked at.
    #[schema(format = DateTime)]
    finished_at: Option<String>,
}

/// What came of one case.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaskResultView {
    /// Number of the row in the spreadsheet.
    row: u32,
    /// The case.
    receipt_no: String,
    /// `done`, `second-review` (done, and waits for a second person), or why not: `over`, `waits`, `held`, `relative`,
    /// `cause-wanted`, `hands-full`, `moved`, `refused`.
    result: &'static str,
    /// In the request's language.
    message: String,
}

/// Somebody the employer pays contributions for.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffMemberView {
    /// Name.
    name: String,
    /// ID number in full; reading it is logged.
    id_number: String,
    /// `employee` or `resident`.
    scheme: String,
    /// First day of the coverage.
    #[schema(format = Date)]
    since: String,
}

/// Body of a withdrawal.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct WithdrawalBody {
    /// Why, if told.
    reason: Option<String>,
}

/// Body of a decision.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct DecisionBody {
    /// `approve` or `refuse`.
    action: String,
    /// `refuse`: why. With `approve` why the cases are taken together.
    reason: Option<String>,
    /// `refuse`: the clause it rests on.
    clause: Option<String>,
    /// When deadlines were missed: the cause, once for all; a code of `GET /api/v1/breach-causes` and words.
    #[schema(value_type = Option<Object>)]
    breach_cause: Option<Value>,
}

/// The own batches, newest first.
#[utoipa::path(get, path = "/api/v1/batches", tag = "employer",
    params(("limit" = Option<u16>, Query, description = "1 to 500"), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<BatchView>)))]
pub async fn list(request: HttpRequest, user: SignedIn, app: web::Data<App>) -> Answer {
    user.actor.require(AGENTS)?;
    let query = Query::of(&request);
    let after = query.cursor::<(Ts, BatchId)>()?;
    let (found, rest) = employing::batches(&app, &user.actor, after, query.limit()?).await?;
    let next = next(rest, found.last().map(|last| (last.created_at, last.id)));
    let items = found.iter().map(|batch| view(batch, None)).collect();
    Ok(HttpResponse::Ok().json(List { items, next }))
}

/// Uploads a list of people to register, as XLSX or CSV with the columns `id_number, destination, start, end, phone` (or
/// their Chinese headings), at most 10 MB and 50,000 rows; its rows are filed one by one under the uploader's pledge.
/// Rows of a file that was uploaded before are counted as duplicates. A list with the columns `name, id_number,
/// destination` alone is one under pledge: its people are registered from today on, and a full list completes their days
/// and phone numbers while they are undecided.
#[utoipa::path(post, path = "/api/v1/batches", tag = "employer",
    request_body(content = Object, content_type = "multipart/form-data", description = "`item` and `file`"),
    responses((status = 202, body = BatchView)))]
pub async fn create(user: SignedIn, app: web::Data<App>, body: Multipart) -> Answer {
    user.actor.require(AGENTS)?;
    let sheet = sheet_upload::read(body, |_| Ok(())).await?;
    let upload = Upload {
        item: sheet.field("item").to_owned(),
        file_name: sheet.file_name,
        bytes: sheet.bytes,
    };
    let batch = batches::accept(&app, &user.actor, upload).await?;
    accepted(&app, &user, batch.id).await
}

/// How far a batch is.
#[utoipa::path(get, path = "/api/v1/batches/{id}", tag = "employer",
    params(("id" = String, Path)), responses((status = 200, body = BatchView)))]
pub async fn read(user: SignedIn, app: web::Data<App>, path: web::Path<String>) -> Answer {
    user.actor.require(READERS)?;
    let id = batch_id(&path)?;
    Ok(HttpResponse::Ok().json(written(&app, &user, id).await?))
}

/// The rows that came back, or repeat what was filed before: row, column, code, reason.
#[utoipa::path(get, path = "/api/v1/batches/{id}/report.csv", tag = "employer",
    params(("id" = String, Path)),
    responses((status = 200, description = "The table", content_type = "text/csv")))]
pub async fn report(
    request: HttpRequest,
    user: SignedIn,
    app: web::Data<App>,
    path: web::Path<String>,
) -> Answer {
    user.actor.require(READERS)?;
    let id = batch_id(&path)?;
    let names = (api_locale(&request), Names::Programs);
    batch_report::send(&app, &user.actor, id, names).await
}

/// What was done to all cases of a batch, newest first.
#[utoipa::path(get, path = "/api/v1/batches/{id}/tasks", tag = "employer",
    params(("id" = String, Path)), responses((status = 200, body = List<TaskView>)))]
pub async fn tasks(user: SignedIn, app: web::Data<App>, path: web::Path<String>) -> Answer {
    user.actor.require(READERS)?;
    let found = batch_tasks::of_batch(&app, &user.actor, batch_id(&path)?, TASKS).await?;
    Ok(HttpResponse::Ok().json(List::whole(found.iter().map(task_view).collect())))
}

/// What came of each case in one of them, in the order of the rows.
#[utoipa::path(get, path = "/api/v1/batches/{id}/tasks/{task}", tag = "employer",
    params(("id" = String, Path), ("task" = String, Path),
        ("limit" = Option<u16>, Query, description = "1 to 500"), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<TaskResultView>)))]
pub async fn results(
    request: HttpRequest,
    user: SignedIn,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
) -> Answer {
    user.actor.require(READERS)?;
    let id = batch_id(&path.0)?;
    let task: TaskId = path.1.parse().map_err(|_| Failure::not_found())?;
    let query = Query::of(&request);
    let (limit, after) = (query.limit()?, query.cursor::<u32>()?.unwrap_or_default());
    let page = (Which::All, after, limit);
    let mut found = batch_tasks::results(&app, &user.actor, id, task, page).await?;
    let rest = match found.len() > usize::from(limit) {
        true => Rest::More,
        false => Rest::Nothing,
    };
    found.truncate(usize::from(limit));
    let next = next(rest, found.last().map(|last| last.number));
    let locale = api_locale(&request);
    let items = found.iter().map(|one| result_view(locale, one)).collect();
    Ok(HttpResponse::Ok().json(List { items, next }))
}

/// Takes back every case of the batch that is not decided yet (CAS-7).
#[utoipa::path(post, path = "/api/v1/batches/{id}/withdraw", tag = "employer",
    params(("id" = String, Path)), request_body = WithdrawalBody,
    responses((status = 202, body = BatchView)))]
pub async fn withdraw(
    user: SignedIn,
    app: web::Data<App>,
    path: web::Path<String>,
    body: Body,
) -> Answer {
    user.actor.require(WITHDRAWERS)?;
    let id = batch_id(&path)?;
    let mut fields = Fields::of(&body);
    let reason = fields.text("reason", Need::Optional);
    fields.finish()?;
    batch_tasks::withdraw(&app, &user.actor, id, reason).await?;
    accepted(&app, &user, id).await
}

/// Decides every case of the batch that waits for a handler, each by the same rules as alone.
#[utoipa::path(post, path = "/api/v1/batches/{id}/decide", tag = "desk",
    params(("id" = String, Path)), request_body = DecisionBody,
    responses((status = 202, body = BatchView)))]
pub async fn decide(
    user: SignedIn,
    app: web::Data<App>,
    path: web::Path<String>,
    body: Body,
) -> Answer {
    user.actor.require(DECIDERS)?;
    let id = batch_id(&path)?;
    batch_tasks::decide(&app, &user.actor, id, decision(&body)?).await?;
    accepted(&app, &user, id).await
}

fn decision(body: &Map<String, Value>) -> Result<Decision, Error> {
    let mut fields = Fields::of(body);
    let usual = text(Locale::Zh, "batches-why-taken");
    let decision = match fields.words("action").as_str() {
        "approve" => Decision {
            why_taken: fields.text("reason", Need::Optional).unwrap_or(usual),
            command: Command::Approve {
                breach: breach(&mut fields),
            },
        },
        "refuse" => Decision {
            why_taken: usual,
            command: Command::Refuse {
                grounds: grounds(&mut fields),
                breach: breach(&mut fields),
            },
        },
        other => {
            if !other.is_empty() {
                fields.fault("action", "choice-unknown");
            }
            Decision {
                why_taken: usual,
                command: Command::Approve { breach: None },
            }
        }
    };
    fields.finish()?;
    Ok(decision)
}

/// The own staff by the registry with full ID numbers; every read is logged (CAS-13).
#[utoipa::path(get, path = "/api/v1/employer/staff", tag = "employer",
    params(("limit" = Option<u16>, Query, description = "1 to 500"), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<StaffMemberView>)))]
pub async fn staff(request: HttpRequest, user: SignedIn, app: web::Data<App>) -> Answer {
    user.actor.require(AGENTS)?;
    let query = Query::of(&request);
    let after = query.cursor::<PersonId>()?;
    let (found, rest) = employing::staff_in_full(&app, &user.actor, after, query.limit()?).await?;
    let next = next(rest, found.last().map(|last| last.person));
    let items = found.into_iter().map(|member| StaffMemberView {
        name: member.name,
        id_number: member.id_number,
        scheme: member.scheme,
        since: member.since.to_string(),
    });
    Ok(HttpResponse::Ok().json(List {
        items: items.collect(),
        next,
    }))
}

async fn accepted(app: &App, user: &SignedIn, id: BatchId) -> Answer {
    Ok(HttpResponse::Accepted()
        .insert_header((header::LOCATION, format!("/api/v1/batches/{id}")))
        .json(written(app, user, id).await?))
}

async fn written(app: &App, user: &SignedIn, id: BatchId) -> Result<BatchView, Error> {
    let batch = employing::alone(app, &user.actor, id).await?;
    let tasks = batch_tasks::of_batch(app, &user.actor, id, 1).await?;
    Ok(view(&batch, tasks.first()))
}

fn view(batch: &Batch, task: Option<&Task>) -> BatchView {
    BatchView {
        id: batch.id.to_string(),
        item: batch.item.clone(),
        file_name: batch.file_name.clone(),
        state: batch.state.as_str(),
        rows: batch.total,
        filed: batch.counts.filed,
        rejected: batch.counts.rejected,
        duplicates: batch.counts.duplicates,
        created_at: batch.created_at.rfc3339(),
        finished_at: batch.finished_at.map(Ts::rfc3339),
        task: task.map(task_view),
    }
}

fn task_view(task: &Task) -> TaskView {
    TaskView {
        id: task.id.to_string(),
        kind: task.kind.as_str(),
        state: match task.finished_at {
            Some(_) => "done",
            None => "running",
        },
        done: task.done,
        failed: task.failed,
        asked_at: task.asked_at.rfc3339(),
        finished_at: task.finished_at.map(Ts::rfc3339),
    }
}

fn result_view(locale: Locale, one: &TaskResult) -> TaskResultView {
    TaskResultView {
        row: one.number,
        receipt_no: one.receipt_no.clone(),
        result: one.outcome.as_str(),
        message: text(locale, &format!("batch-result-{}", one.outcome)),
    }
}

fn batch_id(text: &str) -> Result<BatchId, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}
