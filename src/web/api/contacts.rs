//! Contacts between agencies (XR-4, XR-5): each agency's own side, with the answer it gives or writes down.

use actix_multipart::Multipart;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use utoipa::ToSchema;

use super::contact_views::{ContactView, Writer};
use super::papers::{attachment, parts};
use super::reading::{Body, Fields, List, Query, next};
use crate::domain::contact::{Outcome, READERS, SPEAKERS};
use crate::domain::form::Need;
use crate::domain::ids::{ContactFileId, ContactId, PatientId};
use crate::domain::time::Ts;
use crate::store::contacts::Waiting;
use crate::usecases::contacting::{self, Asked, Reply, files};
use crate::usecases::{App, Error};
use crate::web::problem::{Answer, Failure};
use crate::web::session::SignedIn;

/// The own side's contacts: what waits by due time, the rest the latest first.
#[utoipa::path(get, path = "/api/v1/contacts", tag = "desk",
    params(("state" = Option<String>, Query, description = "`open` (not answered, late ones too), `overdue`, `answered` or `all`"),
        ("side" = Option<String>, Query, description = "`sent` or `received`"),
        ("limit" = Option<u16>, Query, description = "1 to 500"), ("cursor" = Option<String>, Query, description = "`next` of the page before")),
    responses((status = 200, body = List<ContactView>)))]
pub async fn list(request: HttpRequest, user: SignedIn, app: web::Data<App>) -> Answer {
    user.actor.require(READERS)?;
    let (query, now) = (Query::of(&request), app.clock.now());
    let asked = Asked {
        waiting: waiting(&query, now)?,
        side: query.chosen("side", |typed| typed.parse().ok())?,
        answered_here: false,
    };
    let after = query.cursor()?;
    let (found, rest) = contacting::page(&app, &user.actor, asked, after, query.limit()?).await?;
    let next = next(rest, found.last().map(|one| contacting::place(&asked, one)));
    let writer = Writer::new(&request, &app, &user);
    let items = found.iter().map(|one| writer.view(one)).collect();
    Ok(HttpResponse::Ok().json(List { items, next }))
}

fn waiting(query: &Query, now: Ts) -> Result<Waiting, Error> {
    let chosen = query.chosen("state", |typed| match typed {
        "all" => Some(Waiting::Either),
        "open" => Some(Waiting::Yes),
        "overdue" => Some(Waiting::TooLong(now)),
        "answered" => Some(Waiting::No),
        _ => None,
    });
    Ok(chosen?.unwrap_or(Waiting::Either))
}

/// One contact.
#[utoipa::path(get, path = "/api/v1/contacts/{id}", tag = "desk",
    params(("id" = String, Path)), responses((status = 200, body = ContactView)))]
pub async fn read(
    request: HttpRequest,
    user: SignedIn,
    app: web::Data<App>,
    path: web::Path<String>,
) -> Answer {
    user.actor.require(READERS)?;
    answered_with(StatusCode::OK, &request, &app, &user, parsed(&path)?).await
}

/// Body of an answer.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct AnswerBody {
    /// `done` or `cannot`.
    result: String,
    /// In words; needed for `cannot`.
    remark: Option<String>,
    /// Of an agency outside this service: who answered.
    who: Option<String>,
    /// The phone number, or the number of the letter.
    number: Option<String>,
    /// When; now if it is left out.
    #[schema(format = DateTime)]
    at: Option<String>,
}

/// Answers a contact, or writes down what an agency outside this service said. 409 once it is answered.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/answer", tag = "desk", request_body = AnswerBody,
    params(("id" = String, Path)), responses((status = 200, body = ContactView)))]
pub async fn answer(
    request: HttpRequest,
    user: SignedIn,
    app: web::Data<App>,
    path: web::Path<String>,
    body: Body,
) -> Answer {
    user.actor.require(SPEAKERS)?;
    let id = parsed(&path)?;
    // Whether it is theirs is said before what is wrong with the answer.
    contacting::open(&app, &user.actor, id).await?;
    let mut fields = Fields::of(&body);
    let result = fields.words("result");
    let outcome = match result.as_str() {
        "done" => Outcome::Done,
        "cannot" => Outcome::Cannot,
        other => {
            if !other.is_empty() {
                fields.fault("result", "choice-unknown");
            }
            Outcome::Cannot
        }
    };
    let at = fields.text("at", Need::Optional);
    let read_at = at.as_deref().map(Ts::parse);
    if read_at == Some(None) {
        fields.fault("at", "moment-malformed");
    }
    let reply = Reply {
        outcome,
        remark: fields.words_if_any("remark"),
        who: fields.text("who", Need::Optional),
        number: fields.text("number", Need::Optional),
        at: read_at.flatten(),
    };
    fields.finish()?;
    contacting::answer(&app, &user.actor, id, reply).await?;
    answered_with(StatusCode::OK, &request, &app, &user, id).await
}

/// Adds a file to a contact that waits: multipart with a part `file`.
#[utoipa::path(post, path = "/api/v1/contacts/{id}/files", tag = "desk", params(("id" = String, Path)),
    request_body(content = Object, content_type = "multipart/form-data"),
    responses((status = 201, body = ContactView)))]
pub async fn add_file(
    request: HttpRequest,
    user: SignedIn,
    app: web::Data<App>,
    path: web::Path<String>,
    body: Multipart,
) -> Answer {
    user.actor.require(SPEAKERS)?;
    let id = parsed(&path)?;
    contacting::open(&app, &user.actor, id).await?;
    let upload = parts(&app, body).await?;
    files::add(&app, &user.actor, id, (upload.file_name, upload.bytes)).await?;
    answered_with(StatusCode::CREATED, &request, &app, &user, id).await
}

/// A file of a contact as attachment, never shown in place.
#[utoipa::path(get, path = "/api/v1/contacts/{id}/files/{file}", tag = "desk",
    params(("id" = String, Path), ("file" = String, Path)),
    responses((status = 200, description = "The file", content_type = "application/octet-stream")))]
pub async fn download(
    user: SignedIn,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
) -> Answer {
    user.actor.require(READERS)?;
    let (id, file) = path.into_inner();
    let file: ContactFileId = file.parse().map_err(|_| Failure::not_found())?;
    let found = files::download(&app, &user.actor, parsed(&id)?, file).await?;
    Ok(attachment(found))
}

/// Body of asking again.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct AskBody {
    /// What is asked; the usual words without.
    message: Option<String>,
}

/// The treating agency asks the place of insurance of a patient of the ledger again, or for the first time. 409 while an
/// earlier message waits.
#[utoipa::path(post, path = "/api/v1/patients/{id}/contact", tag = "desk", request_body = AskBody,
    params(("id" = String, Path)), responses((status = 201, body = ContactView)))]
pub async fn ask(
    request: HttpRequest,
    user: SignedIn,
    app: web::Data<App>,
    path: web::Path<String>,
    body: Body,
) -> Answer {
    user.actor.require(contacting::ASKERS)?;
    let patient: PatientId = path.parse().map_err(|_| Failure::not_found())?;
    contacting::check(&app, &user.actor, patient).await?;
    let mut fields = Fields::of(&body);
    let message = fields.words_if_any("message");
    fields.finish()?;
    let id = contacting::ask_again(&app, &user.actor, patient, &message).await?;
    answered_with(StatusCode::CREATED, &request, &app, &user, id).await
}

fn parsed(text: &str) -> Result<ContactId, Failure> {
    text.parse().map_err(|_| Failure::not_found())
}

async fn answered_with(
    status: StatusCode,
    request: &HttpRequest,
    app: &App,
    user: &SignedIn,
    id: ContactId,
) -> Answer {
    let opened = contacting::open(app, &user.actor, id).await?;
    let view = Writer::new(request, app, user).opened(&opened);
    Ok(HttpResponse::build(status).json(view))
}
