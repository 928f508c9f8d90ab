//! What is done to a parcel: a case added, its materials checked, originals sent back. Faults come back on the parcel's page.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, web};

use super::parcel::{Typed, again};
use super::parcel_id;
use crate::domain::form::{FieldError, read_day};
use crate::domain::ids::ParcelId;
use crate::domain::parcel::Found;
use crate::usecases::mailing::checking::{self, Checklist};
use crate::usecases::mailing::returning::{self, Raw};
use crate::usecases::mailing::{CLERKS, registering};
use crate::usecases::{App, Error};
use crate::web::csrf::Sent;
use crate::web::page::see_other;
use crate::web::problem::Answer;
use crate::web::session::SignedIn;
use crate::web::urls::mailroom as to;

/// `POST /mailroom/parcels/{parcel}/cases`.
pub async fn add_case(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
    sent: Sent<Typed>,
) -> Answer {
    sent.user.actor.require(CLERKS)?;
    let id = parcel_id(&id)?;
    let outcome = registering::add_case(&app, &sent.user.actor, id, &sent.form.case).await;
    settled(
        (&sent.user, &request, &app),
        id,
        &sent.form,
        outcome,
        "case",
    )
    .await
}

/// `POST /mailroom/parcels/{parcel}/checklist`: fields `found-<material>`, those that were looked for.
pub async fn check(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
    sent: Sent<BTreeMap<String, String>>,
) -> Answer {
    sent.user.actor.require(CLERKS)?;
    let id = parcel_id(&id)?;
    let get = |name: &str| sent.form.get(name).cloned().unwrap_or_default();
    let typed = Typed {
        case: get("case"),
        originals: get("originals"),
        ..Typed::default()
    };
    let outcome = match checklist(&typed, &sent.form) {
        Ok(list) => checking::check(&app, &sent.user.actor, id, list).await,
        Err(error) => Err(Error::Invalid(vec![error])),
    };
    settled((&sent.user, &request, &app), id, &typed, outcome, "checked").await
}

fn checklist(typed: &Typed, sent: &BTreeMap<String, String>) -> Result<Checklist, FieldError> {
    let case = typed.case.parse().map_err(|_| {
        FieldError::new("case", "receipt-malformed").with("number", typed.case.trim())
    })?;
    let mut found: Vec<(String, Found)> = vec![];
    for (name, value) in sent {
        if let Some(material) = name.strip_prefix("found-").filter(|_| !value.is_empty()) {
            let read = value.parse();
            let read = read.map_err(|_| FieldError::new("found", "choice-unknown"))?;
            found.push((material.to_owned(), read));
        }
    }
    Ok(Checklist {
        case,
        found,
        originals: sheets(&typed.originals, "originals")?,
    })
}

/// A number of sheets; nothing is none.
fn sheets(typed: &str, field: &str) -> Result<i32, FieldError> {
    match typed.trim() {
        "" => Ok(0),
        typed => typed
            .parse()
            .map_err(|_| FieldError::new(field, "sheets-malformed")),
    }
}

/// `POST /mailroom/parcels/{parcel}/returns`.
pub async fn send_back(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
    sent: Sent<Typed>,
) -> Answer {
    sent.user.actor.require(CLERKS)?;
    let id = parcel_id(&id)?;
    let outcome = match raw(&sent.form) {
        Ok(raw) => returning::send_back(&app, &sent.user.actor, id, raw).await,
        Err(error) => Err(Error::Invalid(vec![error])),
    };
    settled(
        (&sent.user, &request, &app),
        id,
        &sent.form,
        outcome,
        "returned",
    )
    .await
}

fn raw(typed: &Typed) -> Result<Raw, FieldError> {
    let sent_on = match typed.sent_on.trim() {
        "" => None,
        day => Some(read_day(day).ok_or_else(|| FieldError::new("sent_on", "day-impossible"))?),
    };
    Ok(Raw {
        courier: typed.courier.clone(),
        tracking: typed.tracking.clone(),
        sheets: sheets(&typed.sheets, "sheets")?,
        sent_on,
    })
}

/// To the parcel, saying what was done, or its page again with what is wrong.
pub(super) async fn settled<T>(
    (user, request, app): (&SignedIn, &HttpRequest, &App),
    id: ParcelId,
    typed: &Typed,
    outcome: Result<T, Error>,
    done: &str,
) -> Answer {
    match outcome {
        Ok(_) => Ok(see_other(&to::parcel(id, done))),
        Err(Error::Invalid(errors)) => again(user, request, app, id, typed, &errors).await,
        Err(error) => Err(error.into()),
    }
}
