//! Taking in what a parcel held that came without a form (RB-1): a handler files it for whoever sent it, by post, with the clock from
//! the delivery (CLK-4).

use actix_web::{HttpRequest, web};

use super::door::Door;
use super::filing::{Typed, open_for, submit_for, whom};
use crate::domain::actor::Role;
use crate::domain::ids::ParcelId;
use crate::usecases::App;
use crate::usecases::mailing::reading;
use crate::web::csrf::Sent;
use crate::web::problem::{Answer, Failure};
use crate::web::session::SignedIn;

/// `GET /mailroom/parcels/{parcel}/take-in`.
pub async fn ask(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
) -> Answer {
    user.actor.require(&[Role::Handler])?;
    let door = door(&user, &app, &id).await?;
    whom(door, &user, &request, &app, &Typed::new(), &[]).await
}

/// `POST /mailroom/parcels/{parcel}/take-in`.
pub async fn open(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
    sent: Sent<Typed>,
) -> Answer {
    sent.user.actor.require(&[Role::Handler])?;
    let door = door(&sent.user, &app, &id).await?;
    open_for(door, &request, &app, &sent).await
}

/// `POST /mailroom/parcels/{parcel}/take-in/submit`.
pub async fn submit(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
    sent: Sent<Typed>,
) -> Answer {
    sent.user.actor.require(&[Role::Handler])?;
    let door = door(&sent.user, &app, &id).await?;
    submit_for(door, &request, &app, &sent).await
}

/// The door of a parcel of the own agency's mailroom, and whom it is for.
async fn door(user: &SignedIn, app: &App, id: &str) -> Result<Door, Failure> {
    let id: ParcelId = id.parse().map_err(|_| Failure::not_found())?;
    let whole = reading::whole(app, &user.actor, id).await?;
    Ok(Door::Parcel(id, whole.parcel.person))
}
