//! A whole list of patients (IN-4): template, upload, what was entered and what came back, row by row, on the page and as
//! a file. The same list again changes nothing, so nothing is lost by sending it once more.

use actix_multipart::Multipart;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use futures_util::TryStreamExt;

use super::frame;
use super::words::Said;
use crate::data::texts::has_text;
use crate::domain::actor::Role;
use crate::domain::form::FieldError;
use crate::usecases::ledger::importing::{MOST_ROWS, Report, RowFault};
use crate::usecases::ledger::list_file::{self, COLUMNS, LIMITS};
use crate::usecases::{App, Error, ledger};
use crate::web::components::{ErrorSummary, FileField};
use crate::web::csrf;
use crate::web::csv;
use crate::web::page::{Chrome, page};
use crate::web::problem::{Answer, Failure, field_message};
use crate::web::resident::{cut, first_bytes};
use crate::web::session::SignedIn;

/// Parts of a form at most.
const MOST_PARTS: usize = 6;
/// Bytes of a report that comes back to be written as a file.
const REPORT_LIMIT: usize = 1024 * 1024;
/// Bytes of the form's token.
const TOKEN_LIMIT: usize = 200;

#[derive(Template)]
#[template(path = "institution/import.html")]
struct ImportPage {
    chrome: Chrome,
    errors: Option<ErrorSummary>,
    columns: String,
    most: String,
    file: FileField,
}

/// A row that came back.
struct Row {
    row: u32,
    column: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "institution/imported.html")]
struct ImportedPage {
    chrome: Chrome,
    counts: Vec<(String, usize)>,
    rows: Vec<Row>,
    report: String,
}

/// `GET /institution/patients/import`.
pub async fn form(user: SignedIn, request: HttpRequest) -> Answer {
    user.actor.require(ledger::WRITERS)?;
    Ok(shown(&request, &Said::nothing(), StatusCode::OK))
}

fn shown(request: &HttpRequest, said: &Said, status: StatusCode) -> HttpResponse {
    let mut chrome = frame(request, Role::InstitutionClerk, "patients-import-title");
    chrome.faulty = !said.is_empty();
    let columns: Vec<&str> = COLUMNS.iter().map(|column| column.zh).collect();
    let content = ImportPage {
        errors: said.summary(chrome.locale),
        columns: columns.join("、"),
        most: MOST_ROWS.to_string(),
        file: FileField::new(chrome.locale, "file", chrome.t("patients-import-file"))
            .accept(".xlsx,.csv")
            .hint(chrome.t1(
                "patients-import-file-hint",
                "megabytes",
                LIMITS.bytes / (1024 * 1024),
            ))
            .error(said.at("file")),
        chrome,
    };
    page(status, &content)
}

/// The one part of a form beside its token.
async fn part(
    user: &SignedIn,
    mut body: Multipart,
    wanted: &str,
    most: usize,
) -> Result<Vec<u8>, Failure> {
    let (mut token, mut found, mut count) = (String::new(), vec![], 0);
    while let Some(mut part) = body.try_next().await.map_err(cut)? {
        count += 1;
        if count > MOST_PARTS {
            return Err(Failure::Request(StatusCode::PAYLOAD_TOO_LARGE, "too-large"));
        }
        let name = part.name().unwrap_or_default().to_owned();
        if name == wanted {
            // The token stands before it: nothing large is read for strangers.
            csrf::check(user, &token)?;
            found = first_bytes(&mut part, most).await?;
            continue;
        }
        let bytes = first_bytes(&mut part, TOKEN_LIMIT).await?;
        if name == csrf::FIELD {
            token = String::from_utf8(bytes)
                .map_err(|_| Failure::Request(StatusCode::BAD_REQUEST, "bad-request"))?;
        }
    }
    csrf::check(user, &token)?;
    Ok(found)
}

/// `POST /institution/patients/import`.
pub async fn import(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    body: Multipart,
) -> Answer {
    user.actor.require(ledger::WRITERS)?;
    // One byte more than allowed is enough to know that it is too large.
    let bytes = part(&user, body, "file", LIMITS.bytes + 1).await?;
    match list_file::import_file(&app, &user.actor, bytes).await {
        Ok(report) => Ok(imported(&request, &report)),
        Err(error @ Error::Invalid(_)) => {
            let chrome = frame(&request, user.actor.role, "patients-import-title");
            let said = Said::of(&chrome, error)?;
            Ok(shown(&request, &said, StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(error) => Err(error.into()),
    }
}

fn imported(request: &HttpRequest, report: &Report) -> HttpResponse {
    let chrome = frame(request, Role::InstitutionClerk, "patients-imported-title");
    let counts = [
        ("new", report.new),
        ("changed", report.changed),
        ("same", report.same),
        ("refused", report.refused),
    ];
    let content = ImportedPage {
        counts: counts
            .map(|(name, count)| (chrome.t(&format!("patients-imported-{name}")), count))
            .to_vec(),
        rows: report
            .faults
            .iter()
            .map(|fault| in_words(&chrome, fault))
            .collect(),
        report: written(&report.faults),
        chrome,
    };
    page(StatusCode::OK, &content)
}

fn in_words(chrome: &Chrome, fault: &RowFault) -> Row {
    let field = fault.fault.field.replace('_', "-");
    Row {
        row: fault.row,
        column: match field.as_str() {
            "" => chrome.t("patients-import-row"),
            field => chrome.t(&format!("patient-field-{field}")),
        },
        reason: field_message(chrome.locale, &fault.fault),
    }
}

/// Row, column and reason of each fault: nothing of a person stands there.
fn written(faults: &[RowFault]) -> String {
    faults
        .iter()
        .map(|one| format!("{} {} {}\n", one.row, one.fault.field, one.fault.code))
        .collect()
}

/// Reads it back; what was never written by [`written`] is left out.
fn read(text: &str) -> Vec<RowFault> {
    text.lines()
        .filter_map(|line| {
            let mut parts = line.splitn(3, ' ');
            let (row, field, code) = (parts.next()?, parts.next()?, parts.next()?);
            let column = field.is_empty() || COLUMNS.iter().any(|column| column.name == field);
            let known = has_text(crate::domain::locale::Locale::Zh, &format!("error-{code}"));
            (column && known).then(|| RowFault {
                row: row.parse().unwrap_or_default(),
                fault: FieldError::new(field, code),
            })
        })
        .collect()
}

/// `POST /institution/patients/import/report`: what came back, as a file.
pub async fn report(user: SignedIn, request: HttpRequest, body: Multipart) -> Answer {
    user.actor.require(ledger::WRITERS)?;
    let bytes = part(&user, body, "report", REPORT_LIMIT).await?;
    let chrome = frame(&request, user.actor.role, "patients-imported-title");
    let head = [
        "patients-import-row",
        "patients-import-column",
        "patients-import-reason",
    ]
    .map(|key| chrome.t(key));
    let faults = read(&String::from_utf8_lossy(&bytes));
    let rows = faults.iter().map(|fault| {
        let row = in_words(&chrome, fault);
        vec![row.row.to_string(), row.column, row.reason]
    });
    csv::answer("ledger-report", &head, rows)
}

/// `GET /institution/patients/template.xlsx`.
pub async fn template(user: SignedIn, request: HttpRequest, app: web::Data<App>) -> Answer {
    user.actor.require(ledger::WRITERS)?;
    let chrome = frame(&request, user.actor.role, "patients-import-title");
    let sheets = ["patients-template-list", "patients-template-help"].map(|key| chrome.t(key));
    let help = (1..=6).map(|line| chrome.t(&format!("patients-template-help-{line}")));
    let bytes = list_file::template(&app, sheets, help.collect())?;
    Ok(HttpResponse::Ok()
        .content_type("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        .insert_header((
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"patient-ledger.xlsx\"",
        ))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(bytes))
}
