//! One batch: its file for the bank, that it was sent, what the bank says of it, how far it is.

use actix_multipart::Multipart;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::orders::{Row, row};
use super::{batches, fault, frame, in_words, named};
use crate::domain::form::FieldError;
use crate::domain::ids::{AccountId, PaymentBatchId};
use crate::domain::payment::BatchState;
use crate::domain::payment::file::name;
use crate::usecases::paying::reading::{self, Full};
use crate::usecases::paying::results::{self, Report};
use crate::usecases::paying::{self, batching};
use crate::usecases::{App, Error};
use crate::web::components::{
    Banner, BannerKind, ErrorSummary, FileField, SummaryList, SummaryRow, Tag,
};
use crate::web::csrf::{self, Nothing, Sent};
use crate::web::page::{Chrome, Link, page, see_other};
use crate::web::problem::{Answer, field_message};
use crate::web::session::SignedIn;
use crate::web::sheet_upload;
use crate::web::urls::finance as to;
use crate::web::words;

/// A row of the bank's file that came back.
struct Refused {
    row: u32,
    column: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "finance/batch.html")]
struct BatchPage {
    chrome: Chrome,
    errors: Option<ErrorSummary>,
    banner: Option<Banner>,
    id: PaymentBatchId,
    state: Tag,
    facts: SummaryList,
    rows: Vec<Row>,
    refused: Vec<Refused>,
    can_send: bool,
    upload: Option<FileField>,
}

/// What was done before the page is shown again.
#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

/// What is to be said on the page.
#[derive(Default)]
struct Said {
    done: Option<&'static str>,
    report: Option<Report>,
    errors: Vec<FieldError>,
}

/// `GET /finance/batches/{batch}`.
pub async fn show(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<String>,
    query: web::Query<Done>,
) -> Answer {
    user.actor.require(paying::OFFICERS)?;
    let done = match query.done.as_str() {
        "made" => Some("finance-done-made"),
        "sent" => Some("finance-done-sent"),
        _ => None,
    };
    let said = Said {
        done,
        ..Said::default()
    };
    again(&user, &request, &app, named(&path)?, said).await
}

async fn again(
    user: &SignedIn,
    request: &HttpRequest,
    app: &App,
    id: PaymentBatchId,
    said: Said,
) -> Answer {
    let full = reading::batch(app, &user.actor, id).await?;
    let mut chrome = frame(request, "finance-batch-title");
    chrome.breadcrumbs = vec![Link::to(to::batches(""), chrome.t("finance-batches-title"))];
    chrome.faulty = !said.errors.is_empty();
    let faults = in_words(&chrome, &said.errors);
    let pairs = faults.iter().map(|(f, w)| (f.as_str(), w.as_str()));
    let upload = FileField::new(chrome.locale, "file", chrome.t("finance-results-file"))
        .accept(".csv,.xlsx")
        .hint(chrome.t("finance-results-hint"))
        .error(fault(&faults, "file"));
    let status = match said.errors.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let content = BatchPage {
        errors: ErrorSummary::of(chrome.locale, pairs),
        banner: banner(&chrome, &said),
        id,
        state: batches::tag(&chrome, full.batch.state),
        facts: facts(&chrome, &full),
        rows: full
            .orders
            .iter()
            .map(|one| row(&chrome, app, one))
            .collect(),
        refused: refused(&chrome, said.report.as_ref()),
        can_send: full.batch.state == BatchState::Open,
        upload: (full.batch.state != BatchState::Open).then_some(upload),
        chrome,
    };
    Ok(page(status, &content))
}

fn banner(chrome: &Chrome, said: &Said) -> Option<Banner> {
    let success = |words| Banner::new(chrome.locale, BannerKind::Success, words);
    let Some(report) = &said.report else {
        return said.done.map(|key| success(chrome.t(key)));
    };
    let line = |key: &str, count: usize| chrome.t1(key, "count", count);
    Some(
        success(chrome.t("finance-results-taken"))
            .line(line("finance-results-paid", report.paid))
            .line(line("finance-results-failed", report.failed))
            .line(line("finance-results-same", report.same))
            .line(line("finance-results-refused", report.faults.len())),
    )
}

fn refused(chrome: &Chrome, report: Option<&Report>) -> Vec<Refused> {
    let faults = report.into_iter().flat_map(|report| &report.faults);
    faults
        .map(|one| Refused {
            row: one.row,
            column: match one.fault.field.as_str() {
                "" => chrome.t("finance-results-row"),
                field => chrome.t(&format!("payment-field-{field}")),
            },
            reason: field_message(chrome.locale, &one.fault),
        })
        .collect()
}

fn facts(chrome: &Chrome, full: &Full) -> SummaryList {
    let batch = &full.batch;
    let who = |id: AccountId| full.names.get(&id).cloned().unwrap_or_default();
    let mut rows = vec![
        ("finance-col-batch", name(batch)),
        ("finance-col-count", words::count(batch.count.into())),
        ("finance-col-waiting", words::count(batch.waiting.into())),
        (
            "finance-col-sum",
            words::money(chrome.locale, batch.sum.fen()),
        ),
        ("finance-sha256", hex::encode(&batch.sha256)),
        (
            "finance-col-made",
            format!(
                "{} · {}",
                words::moment_short(batch.made_at),
                who(batch.made_by)
            ),
        ),
    ];
    if let Some((by, at)) = batch.sent {
        let sent = format!("{} · {}", words::moment_short(at), who(by));
        rows.push(("finance-col-sent", sent));
    }
    if let Some(at) = batch.done_at {
        rows.push(("finance-col-done", words::moment_short(at)));
    }
    let rows = rows
        .into_iter()
        .map(|(key, value)| SummaryRow::new(chrome.t(key), value));
    SummaryList::new(chrome.locale, rows.collect())
}

/// `GET /finance/batches/{batch}/file.csv`.
pub async fn file(user: SignedIn, app: web::Data<App>, path: web::Path<String>) -> Answer {
    user.actor.require(paying::OFFICERS)?;
    let (batch, text) = batching::file(&app, &user.actor, named(&path)?).await?;
    Ok(sent_file(&name(&batch), text))
}

/// The file of a batch as an answer.
pub(in crate::web) fn sent_file(name: &str, text: String) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"payment-{name}.csv\""),
        ))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(text)
}

/// `POST /finance/batches/{batch}/sent`.
pub async fn sent(app: web::Data<App>, path: web::Path<String>, form: Sent<Nothing>) -> Answer {
    form.user.actor.require(paying::OFFICERS)?;
    let batch = batching::send(&app, &form.user.actor, named(&path)?).await?;
    Ok(see_other(&to::batch_done(batch.id, "sent")))
}

/// `POST /finance/batches/{batch}/results`: the bank's file.
pub async fn results(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<String>,
    body: Multipart,
) -> Answer {
    user.actor.require(paying::OFFICERS)?;
    let check = |before: &sheet_upload::Sheet| csrf::check(&user, before.field(csrf::FIELD));
    let sheet = sheet_upload::read(body, check).await?;
    let id = named(&path)?;
    let said = match results::take_in_file(&app, &user.actor, id, sheet.bytes).await {
        Ok(report) => Said {
            report: Some(report),
            ..Said::default()
        },
        Err(Error::Invalid(errors)) => Said {
            errors,
            ..Said::default()
        },
        Err(error) => return Err(error.into()),
    };
    again(&user, &request, &app, id, said).await
}
