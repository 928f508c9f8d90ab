//! Uploading a list (XR-9): what it must look like, the file, the pledge under which its rows are filed. The upload is
//! read part by part and given up as soon as it is too large; what is wrong with the file as a whole is told here.

use actix_multipart::Multipart;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{frame, only_agents};
use crate::data::texts::has_text;
use crate::domain::form::FieldError;
use crate::usecases::batches::{self, ITEM};
use crate::usecases::{App, Error};
use crate::web::chrome::Chrome;
use crate::web::components::{Checks, ErrorSummary, FileField};
use crate::web::csrf;
use crate::web::page::{page, see_other};
use crate::web::problem::{Answer, field_message};
use crate::web::session::SignedIn;
use crate::web::sheet_upload::{Sheet, read};
use crate::web::urls::employer as to;

/// Lines of instructions at most.
const LINES: u8 = 20;
/// The kinds of files that are offered to choose from.
const ACCEPTED: &str =
    ".xlsx,.csv,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

#[derive(Template)]
#[template(path = "employer/upload.html")]
struct UploadPage {
    chrome: Chrome,
    errors: Option<ErrorSummary>,
    instructions: Vec<String>,
    file: FileField,
    pledge: Checks,
}

/// `GET /employer/batches/new`.
pub async fn ask(user: SignedIn, request: HttpRequest) -> Answer {
    only_agents(&user)?;
    Ok(show(&request, "", &[]))
}

/// `POST /employer/batches/new`.
pub async fn send(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    body: Multipart,
) -> Answer {
    only_agents(&user)?;
    let sheet = read(body, |before| csrf::check(&user, before.field(csrf::FIELD))).await?;
    let pledged = sheet.field("pledge").to_owned();
    if pledged != "yes" {
        let error = FieldError::new("pledge", "required");
        return Ok(show(&request, &pledged, &[error]));
    }
    match batches::accept(&app, &user.actor, upload(sheet)).await {
        Ok(batch) => Ok(see_other(&to::batch(batch.id, ""))),
        Err(Error::Invalid(errors)) => Ok(show(&request, &pledged, &errors)),
        Err(error) => Err(error.into()),
    }
}

fn upload(sheet: Sheet) -> batches::Upload {
    batches::Upload {
        item: ITEM.slug.to_owned(),
        file_name: sheet.file_name,
        bytes: sheet.bytes,
    }
}

fn show(request: &HttpRequest, pledged: &str, errors: &[FieldError]) -> HttpResponse {
    let mut chrome = frame(request, "employer-do-upload");
    chrome.faulty = !errors.is_empty();
    let locale = chrome.locale;
    let said: Vec<(String, String)> = errors
        .iter()
        .map(|error| (error.field.clone(), field_message(locale, error)))
        .collect();
    let fault = |name: &str| {
        let found = said.iter().find(|(field, _)| field == name);
        found.map(|(_, words)| words.clone())
    };
    let instructions = (1..=LINES)
        .map(|number| format!("batches-instruction-{number}"))
        .take_while(|key| has_text(locale, key))
        .map(|key| chrome.t(&key));
    let content = UploadPage {
        errors: ErrorSummary::of(locale, said.iter().map(|(f, w)| (f.as_str(), w.as_str()))),
        instructions: instructions.collect(),
        file: FileField::new(locale, "file", chrome.t("batches-file"))
            .accept(ACCEPTED)
            .hint(chrome.t("batches-file-hint"))
            .error(fault("file")),
        pledge: Checks::pledge(
            locale,
            "pledge",
            chrome.t("batches-pledge-title"),
            chrome.t("batches-pledge"),
            pledged,
        )
        .error(fault("pledge")),
        chrome,
    };
    let status = match errors {
        [] => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    page(status, &content)
}
