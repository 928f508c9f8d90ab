//! Photographs of a parcel, and papers of its cases (RB-1). An upload is read, and its token checked, before anything is looked up.

use actix_multipart::Multipart;
use actix_web::{HttpRequest, web};

use super::acting::settled;
use super::parcel::Typed;
use super::parcel_id;
use crate::domain::form::FieldError;
use crate::domain::ids::MaterialId;
use crate::domain::receipt::ReceiptNo;
use crate::usecases::mailing::{CLERKS, READERS, photographing};
use crate::usecases::papers::{self, Target};
use crate::usecases::{App, Error};
use crate::web::problem::{Answer, Failure};
use crate::web::resident::{attachment, read_upload, read_with};
use crate::web::session::SignedIn;

/// `POST /mailroom/parcels/{parcel}/photos`; `material` says what it shows.
pub async fn add_photo(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
    body: Multipart,
) -> Answer {
    user.actor.require(CLERKS)?;
    let upload = read_upload(&user, &app, body).await?;
    let id = parcel_id(&id)?;
    let outcome = match upload.material.parse() {
        Ok(shows) => photographing::add(&app, &user.actor, id, shows, upload.bytes).await,
        Err(_) => Err(Error::Invalid(vec![FieldError::new(
            "shows",
            "choice-unknown",
        )])),
    };
    settled(
        (&user, &request, &app),
        id,
        &Typed::default(),
        outcome,
        "file",
    )
    .await
}

/// `POST /mailroom/parcels/{parcel}/papers`; `case` says whose.
pub async fn add_paper(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
    body: Multipart,
) -> Answer {
    user.actor.require(CLERKS)?;
    let (upload, case) = read_with(&user, &app, body).await?;
    let id = parcel_id(&id)?;
    let number: ReceiptNo = case.parse().map_err(|_| Failure::not_found())?;
    let target = Target::Parcel(id, number);
    let outcome = papers::upload(&app, &user.actor, target, upload).await;
    settled(
        (&user, &request, &app),
        id,
        &Typed::default(),
        outcome,
        "file",
    )
    .await
}

/// `GET /mailroom/parcels/{parcel}/photos/{photo}`.
pub async fn photo(
    user: SignedIn,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
) -> Answer {
    user.actor.require(READERS)?;
    let photo: MaterialId = path.1.parse().map_err(|_| Failure::not_found())?;
    let file = photographing::download(&app, &user.actor, parcel_id(&path.0)?, photo).await?;
    Ok(attachment(file))
}
