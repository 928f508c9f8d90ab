//! What belongs to whoever asks: their registrations, their messages, and the progress of a case for who knows its
//! number.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::reading::{Body, Fields, List, Query, next};
use super::views::RegistrationView;
use super::writing::registration;
use crate::domain::ids::MessageId;
use crate::notify::words::words;
use crate::usecases::{App, listing, progress, zero_material};
use crate::web::problem::{Answer, api_locale};
use crate::web::session::{self, SignedIn};

/// A message of the inbox (CAS-12).
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageView {
    /// Identifier.
    id: String,
    /// The case it is about.
    receipt_no: Option<String>,
    /// What kind.
    notice: &'static str,
    /// One line, in the request's language.
    subject: String,
    /// Paragraphs.
    lines: Vec<String>,
    /// When it was written.
    #[schema(format = DateTime)]
    at: String,
    /// When it was read first.
    #[schema(format = DateTime)]
    read_at: Option<String>,
}

/// Body of a look-up without login.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct LookUp {
    /// Receipt number.
    receipt_no: String,
    /// Last six characters of the ID number of the person concerned.
    last_six: String,
}

/// The own registrations, newest start first (XR-1). Officers of the agency that insures a person or where the patient
/// ledger says they are treated, and auditors of the pool, name the person; the look is logged.
#[utoipa::path(get, path = "/api/v1/registrations", tag = "own",
    params(("person" = Option<String>, Query, description = "Staff: identifier or whole ID number of the person")),
    responses((status = 200, body = List<RegistrationView>)))]
pub async fn registrations(request: HttpRequest, user: SignedIn, app: web::Data<App>) -> Answer {
    let found = match Query::of(&request).get("person") {
        Some(person) => zero_material::of_person(&app, &user.actor, person).await?,
        None => listing::registrations(&app, &user.actor).await?,
    };
    let today = app.clock.now().day();
    let written = found.iter().map(|one| registration(one, today));
    Ok(HttpResponse::Ok().json(List::whole(written.collect())))
}

/// The own messages, newest first.
#[utoipa::path(get, path = "/api/v1/inbox", tag = "own",
    params(("limit" = Option<u16>, Query, description = "1 to 500"), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<MessageView>)))]
pub async fn inbox(request: HttpRequest, user: SignedIn, app: web::Data<App>) -> Answer {
    let locale = api_locale(&request);
    let query = Query::of(&request);
    let (limit, after) = (query.limit()?, query.cursor::<MessageId>()?);
    let (found, rest) = listing::inbox(&app, &user.actor, after, limit).await?;
    let next = next(rest, found.last().map(|message| message.id));
    let items = found.into_iter().map(|message| {
        let said = words(locale, message.kind, &message.particulars);
        MessageView {
            id: message.id.to_string(),
            receipt_no: message.receipt_no,
            notice: message.kind.as_str(),
            subject: said.subject,
            lines: said.lines,
            at: message.at.rfc3339(),
            read_at: message.read_at.map(|at| at.rfc3339()),
        }
    });
    Ok(HttpResponse::Ok().json(List {
        items: items.collect(),
        next,
    }))
}

/// Where a case stands, without login (CAS-5): states only. Every failure is 404; too many are 429.
#[utoipa::path(post, path = "/api/v1/progress", tag = "own", security(()), request_body = LookUp,
    responses((status = 200, body = Object)))]
pub async fn look_up(request: HttpRequest, app: web::Data<App>, body: Body) -> Answer {
    let mut fields = Fields::of(&body);
    let receipt_no = fields.words("receipt_no");
    let last_six = fields.words("last_six");
    fields.finish()?;
    let address = session::address(&request);
    let found = progress::look_up(&app, &receipt_no, &last_six, address).await?;
    Ok(HttpResponse::Ok().json(found))
}
