//! Registering a patient of the ledger by one press (XR-3), from the pages of their entry: the hospital's clerk, and
//! handlers of the place of treatment or of insurance. Nothing is asked and nobody is called back.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use crate::clock::Clock;
use crate::domain::actor::Role;
use crate::domain::case::Channel;
use crate::domain::ids::{CaseId, PatientId};
use crate::items::cross_region_registration_covid::ITEM;
use crate::usecases::error::Conflict;
use crate::usecases::filing::{Filed, Submission};
use crate::usecases::{App, Error, zero_material};
use crate::web::chrome::Chrome;
use crate::web::csrf::Sent;
use crate::web::institution::patient_id;
use crate::web::page::{page, see_other};
use crate::web::problem::{Answer, Failure, field_message};
use crate::web::session;
use crate::web::table::table;
use crate::web::urls;

table! {
    "/institution/patients/{patient}/register" => post register_by_clerk;
    "/desk/patients/{patient}/register" => post register_by_handler;
}

/// A form without fields of its own.
#[derive(Debug, Deserialize)]
pub struct Nothing {}

/// Why there is nothing to register.
#[derive(Template)]
#[template(path = "institution/registered.html")]
struct RefusedPage {
    chrome: Chrome,
    lines: Vec<String>,
    back: String,
}

/// `POST /institution/patients/{id}/register`.
pub async fn register_by_clerk(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
    sent: Sent<Nothing>,
) -> Answer {
    sent.user.actor.require(&[Role::InstitutionClerk])?;
    let patient = patient_id(&id)?;
    match register(&app, &sent, patient).await {
        Ok(_) => Ok(see_other(&urls::institution::patient(
            patient,
            "registered",
        ))),
        Err(error) => refused(&request, error, urls::institution::patient(patient, "")),
    }
}

/// `POST /desk/patients/{id}/register`: on to the receipt, to be read out.
pub async fn register_by_handler(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
    sent: Sent<Nothing>,
) -> Answer {
    sent.user.actor.require(&[Role::Handler])?;
    match register(&app, &sent, patient_id(&id)?).await {
        Ok(filed) => Ok(see_other(&urls::desk::filed(filed.receipt_no()))),
        Err(error) => refused(&request, error, urls::desk::desk()),
    }
}

async fn register(app: &App, sent: &Sent<Nothing>, patient: PatientId) -> Result<Filed, Error> {
    let submission = Submission {
        item: ITEM.slug.to_owned(),
        answers: serde_json::Map::new(),
        // A second press is told that the stay is registered (XR-2).
        token: format!("press-{}", Clock::new_id::<CaseId>()),
        channel: Channel::OnBehalf,
        draft: None,
        behalf: None,
        urgent: None,
    };
    zero_material::register(app, &sent.user.actor, patient, submission).await
}

fn refused(request: &HttpRequest, error: Error, back: String) -> Answer {
    let chrome = session::frame(request, "zero-register-refused");
    let (status, lines) = match error {
        Error::Conflict(Conflict::Overlap { .. }) => (
            StatusCode::CONFLICT,
            vec![chrome.t("zero-register-already")],
        ),
        Error::Invalid(errors) => {
            let said = errors
                .iter()
                .map(|error| field_message(chrome.locale, error));
            (StatusCode::UNPROCESSABLE_ENTITY, said.collect())
        }
        other => return Err(Failure::from(other)),
    };
    let content = RefusedPage {
        chrome,
        lines,
        back,
    };
    Ok(page(status, &content))
}
