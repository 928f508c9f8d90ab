//! The patient ledger as the agency of the place of treatment reads it (IN-4): nothing can be changed here, and who opens
//! an entry leaves a trace.

use actix_web::{HttpRequest, web};

use super::{READERS, frame};
use crate::usecases::App;
use crate::usecases::ledger::reading;
use crate::web::csrf::Sent;
use crate::web::institution::list::{self, Audience, Opened, Wanted};
use crate::web::institution::{patient, patient_id};
use crate::web::problem::Answer;
use crate::web::session::SignedIn;

/// `GET /desk/patients`.
pub async fn list(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    opened: web::Query<Opened>,
) -> Answer {
    user.actor.require(READERS)?;
    let chrome = frame(&request, &user, "patients-title");
    list::of(&user, &app, chrome, &opened, Audience::Desk).await
}

/// `POST /desk/patients/search`.
pub async fn search(request: HttpRequest, app: web::Data<App>, sent: Sent<Wanted>) -> Answer {
    sent.user.actor.require(READERS)?;
    let chrome = frame(&request, &sent.user, "patients-title");
    list::found(&app, chrome, &sent, Audience::Desk).await
}

/// `GET /desk/patients/{patient}`.
pub async fn show(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
) -> Answer {
    user.actor.require(READERS)?;
    let whole = reading::whole(&app, &user.actor, patient_id(&id)?).await?;
    let chrome = frame(&request, &user, "patient-title");
    Ok(patient::for_desk(chrome, &app, &whole))
}
