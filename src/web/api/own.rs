//! What belongs to whoever is signed in: their registrations.

use actix_web::{HttpResponse, web};

use super::reading::List;
use super::views::RegistrationView;
use super::writing::registration;
use crate::usecases::{App, listing};
use crate::web::problem::Answer;
use crate::web::session::SignedIn;

/// The own registrations, newest start first (XR-1).
#[utoipa::path(get, path = "/api/v1/registrations", tag = "own",
    responses((status = 200, body = List<RegistrationView>)))]
pub async fn registrations(user: SignedIn, app: web::Data<App>) -> Answer {
    let found = listing::registrations(&app, &user.actor).await?;
    Ok(HttpResponse::Ok().json(List::whole(found.iter().map(registration).collect())))
}
