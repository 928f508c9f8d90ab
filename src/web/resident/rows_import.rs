//! Bringing the hospital's list into a question's lines (RB-5): the empty list, the upload, and what can't be read of it, by the
//! file's own rows. A list takes the place of the lines that are there, or changes nothing.

use actix_multipart::Multipart;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::question::field;
use super::{draft_id, frame, only_residents};
use crate::data::texts::text;
use crate::domain::form::{Field, FieldError};
use crate::usecases::drafting::{self, Opened, list_file, rows};
use crate::usecases::{App, Error};
use crate::web::chrome::Chrome;
use crate::web::components::{ErrorSummary, FileField};
use crate::web::csrf;
use crate::web::page::{page, see_other};
use crate::web::problem::{Answer, Failure, field_message};
use crate::web::row_table::within;
use crate::web::session::SignedIn;
use crate::web::sheet_upload;
use crate::web::urls::resident as to;

/// Faults named on the page.
const NAMED: usize = 30;

#[derive(Template)]
#[template(path = "resident/rows_import.html")]
struct ImportPage {
    chrome: Chrome,
    errors: Option<ErrorSummary>,
    back: String,
    action: String,
    template: String,
    lead: String,
    replaced: Option<String>,
    file: FileField,
}

/// The draft and the question, if lists are taken there.
async fn found(
    app: &App,
    user: &SignedIn,
    path: &(String, String),
) -> Result<(Opened, &'static Field), Failure> {
    let opened = drafting::open(app, &user.actor, draft_id(&path.0)?).await?;
    let field = field(&opened, &path.1)?;
    match list_file::headings(field).and(rows::columns(field)) {
        Some(_) => Ok((opened, field)),
        None => Err(Failure::not_found()),
    }
}

/// `GET /apply/draft/{id}/{field}/list`.
pub async fn form(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
) -> Answer {
    only_residents(&user)?;
    let (opened, field) = found(&app, &user, &path).await?;
    Ok(show(&request, &opened, field, &[]))
}

/// `POST /apply/draft/{id}/{field}/list`.
pub async fn import(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    body: Multipart,
) -> Answer {
    only_residents(&user)?;
    let sheet =
        sheet_upload::read(body, |sheet| csrf::check(&user, sheet.field(csrf::FIELD))).await?;
    let (opened, field) = found(&app, &user, &path).await?;
    let id = opened.draft.id;
    match list_file::import(&app, &user.actor, id, field, sheet.bytes).await {
        Ok(()) => Ok(see_other(&to::question(id, field.name))),
        Err(Error::Invalid(errors)) => Ok(show(&request, &opened, field, &errors)),
        Err(error) => Err(error.into()),
    }
}

/// `GET /apply/draft/{id}/{field}/list.xlsx`.
pub async fn template(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
) -> Answer {
    only_residents(&user)?;
    let (opened, field) = found(&app, &user, &path).await?;
    let chrome = frame(&request, "rows-import-title");
    let name = chrome.t(&format!("field-{}-{}", opened.item.slug, field.name));
    let sheets = [name, chrome.t("rows-template-help")];
    let help = (1..=3).map(|line| chrome.t(&format!("rows-template-help-{line}")));
    let bytes = list_file::template(&app, field, sheets, help.collect())?;
    Ok(HttpResponse::Ok()
        .content_type("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}.xlsx\"", field.name),
        ))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(bytes))
}

fn show(
    request: &HttpRequest,
    opened: &Opened,
    field: &'static Field,
    errors: &[FieldError],
) -> HttpResponse {
    let (id, slug) = (opened.draft.id, opened.item.slug);
    let mut chrome = frame(request, "rows-import-title");
    chrome.faulty = !errors.is_empty();
    let said: Vec<String> = errors
        .iter()
        .take(NAMED)
        .map(|error| in_words(&chrome, slug, field, error))
        .collect();
    let headings = list_file::headings(field).unwrap_or_default();
    let (columns, most) = rows::columns(field).unwrap_or((&[], 0));
    let asked = headings
        .iter()
        .filter(|one| columns.iter().any(|column| column.name == one.name));
    let asked: Vec<&str> = asked.map(|one| one.zh).collect();
    let there = opened.draft.answers.rows(field.name).len();
    let content = ImportPage {
        errors: ErrorSummary::of(
            chrome.locale,
            said.iter().map(|words| ("file", words.as_str())),
        ),
        back: to::question(id, field.name),
        action: to::rows_import(id, field.name),
        template: to::rows_template(id, field.name),
        lead: chrome.t2(
            "rows-import-lead",
            ("columns", asked.join("、")),
            ("most", most.to_string()),
        ),
        replaced: (there > 0).then(|| chrome.t1("rows-import-replaces", "count", there)),
        file: FileField::new(chrome.locale, "file", chrome.t("rows-import-file"))
            .accept(".xlsx,.csv")
            .hint(chrome.t1(
                "rows-import-file-hint",
                "megabytes",
                list_file::LARGEST / (1024 * 1024),
            ))
            .error(said.first().cloned()),
        chrome,
    };
    let status = match errors.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    page(status, &content)
}

/// A fault with its row and column (`lines.3.amount`) in words.
fn in_words(chrome: &Chrome, slug: &str, field: &Field, error: &FieldError) -> String {
    let fault = field_message(chrome.locale, error);
    let mut parts = error.field.splitn(3, '.');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(_), Some(row), Some(column)) => {
            let key = format!("field-{}-{column}", within(slug, field.name));
            let column = match column {
                "" => String::new(),
                _ => text(chrome.locale, &key),
            };
            let fault = format!("{column} {fault}");
            chrome.t2("rows-fault", ("number", row.to_owned()), ("fault", fault))
        }
        _ => fault,
    }
}
