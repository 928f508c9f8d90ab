//! Papers of cases: sent as multipart, fetched as attachments. What a file may be is the use case's to say.

use actix_multipart::{Field, Multipart};
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::StreamExt;

use super::cases::{answer_as, parsed};
use super::views::CaseView;
use crate::domain::form::FieldError;
use crate::domain::ids::MaterialId;
use crate::usecases::papers::{self, Target, Upload};
use crate::usecases::{App, Error};
use crate::web::problem::{Answer, Failure};
use crate::web::session::SignedIn;

/// Parts of a body at most.
const MOST_PARTS: usize = 8;
/// Bytes of a part that is no file.
const LONGEST_TEXT: usize = 1_000;

/// Adds a paper to the own case: while a supplement is asked for, or to keep a promise (CAS-4). Parts:
/// `material`, `file`, and for health data `consent` (CAS-13).
#[utoipa::path(post, path = "/api/v1/cases/{receipt_no}/materials", tag = "cases",
    params(("receipt_no" = String, Path)),
    request_body(content = Object, content_type = "multipart/form-data"),
    responses((status = 201, body = CaseView)))]
pub async fn upload(
    request: HttpRequest,
    user: SignedIn,
    app: web::Data<App>,
    path: web::Path<String>,
    body: Multipart,
) -> Answer {
    let receipt_no = parsed(&path)?;
    let upload = read(&app, body).await?;
    papers::upload(&app, &user.actor, Target::Case(receipt_no.clone()), upload).await?;
    answer_as(
        StatusCode::CREATED,
        &request,
        &app,
        &user.actor,
        &receipt_no,
    )
    .await
}

/// A paper as attachment, never shown in place.
#[utoipa::path(get, path = "/api/v1/cases/{receipt_no}/materials/{id}", tag = "cases",
    params(("receipt_no" = String, Path), ("id" = String, Path)),
    responses((status = 200, description = "The file", content_type = "application/octet-stream")))]
pub async fn download(
    user: SignedIn,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
) -> Answer {
    let (receipt_no, id) = path.into_inner();
    let receipt_no = parsed(&receipt_no)?;
    let id: MaterialId = id.parse().map_err(|_| Failure::not_found())?;
    let file = papers::download(&app, &user.actor, &receipt_no, id).await?;
    Ok(attachment(file))
}

/// A file that is saved, never shown in place.
pub(super) fn attachment(file: papers::Download) -> HttpResponse {
    let name = crate::web::urls::encode(&file.file_name);
    HttpResponse::Ok()
        .content_type(file.content_type)
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename*=UTF-8''{name}"),
        ))
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "sandbox; default-src 'none'",
        ))
        .body(file.bytes)
}

async fn read(app: &App, body: Multipart) -> Result<Upload, Failure> {
    let upload = parts(app, body).await?;
    if upload.material.is_empty() {
        let missing = FieldError::new("material", "required");
        return Err(Error::Invalid(vec![missing]).into());
    }
    Ok(upload)
}

/// The parts of an upload, whatever it is added to.
///
/// # Errors
/// What is too large or unreadable.
pub(super) async fn parts(app: &App, mut body: Multipart) -> Result<Upload, Failure> {
    let mut upload = Upload {
        material: String::new(),
        file_name: String::new(),
        bytes: vec![],
        consent: None,
    };
    let mut parts = 0;
    while let Some(part) = body.next().await {
        let mut part = part.map_err(|_| unreadable())?;
        parts += 1;
        if parts > MOST_PARTS {
            return Err(Failure::Request(StatusCode::PAYLOAD_TOO_LARGE, "too-large"));
        }
        match part.name().unwrap_or_default().to_owned().as_str() {
            "material" => upload.material = text(&mut part).await?,
            "consent" => upload.consent = Some(text(&mut part).await?),
            "file" => {
                let named = part.content_disposition().and_then(|d| d.get_filename());
                upload.file_name = named.unwrap_or_default().to_owned();
                upload.bytes = bytes(&mut part, app.files.limits.bytes).await?;
            }
            _ => {
                bytes(&mut part, LONGEST_TEXT).await?;
            }
        }
    }
    Ok(upload)
}

async fn text(part: &mut Field) -> Result<String, Failure> {
    String::from_utf8(bytes(part, LONGEST_TEXT).await?).map_err(|_| unreadable())
}

async fn bytes(part: &mut Field, most: usize) -> Result<Vec<u8>, Failure> {
    let mut read = vec![];
    while let Some(chunk) = part.next().await {
        let chunk = chunk.map_err(|_| unreadable())?;
        if read.len() + chunk.len() > most {
            return Err(Failure::Request(StatusCode::PAYLOAD_TOO_LARGE, "too-large"));
        }
        read.extend_from_slice(&chunk);
    }
    Ok(read)
}

fn unreadable() -> Failure {
    Failure::Request(StatusCode::BAD_REQUEST, "unreadable-body")
}
