//! Appointments at a counter (RB-2): what can be booked, for everybody; booking, moving and giving up. The same use cases as
//! the pages.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::reading::{Body, Fields, List, Query};
use crate::domain::form::Need;
use crate::domain::ids::{AppointmentId, PersonId, SlotId};
use crate::store::appointments::Appointment;
use crate::store::appointments::slots::Slot;
use crate::usecases::appointing::{self, BOOKERS, Wanted, Wish};
use crate::usecases::{App, Error};
use crate::web::problem::{Answer, Failure};
use crate::web::session::SignedIn;

/// A span that can be booked.
#[derive(Debug, Serialize, ToSchema)]
pub struct SlotView {
    /// Identifier.
    id: String,
    /// Code of the agency.
    agency: String,
    /// Number of the counter.
    counter: i32,
    /// What is done there.
    counter_name: String,
    /// When it begins.
    #[schema(format = DateTime)]
    starts_at: String,
    /// When it ends.
    #[schema(format = DateTime)]
    ends_at: String,
    /// How many places are left.
    left: i32,
}

/// A booking, or a place on a waiting list.
#[derive(Debug, Serialize, ToSchema)]
pub struct AppointmentView {
    /// Identifier.
    id: String,
    /// `booked`, `waiting`, `moved`, `cancelled`, `attended` or `no-show`.
    state: &'static str,
    /// What is said at the counter; null while it waits.
    code: Option<String>,
    /// The span.
    slot: String,
    /// Code of the agency.
    agency: String,
    /// Number of the counter.
    counter: i32,
    /// When it begins.
    #[schema(format = DateTime)]
    starts_at: String,
    /// When it ends.
    #[schema(format = DateTime)]
    ends_at: String,
    /// Slug of the item.
    item: String,
    /// Identifier of the person who comes.
    person: String,
}

/// Body of `POST /api/v1/appointments`.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct NewAppointment {
    /// The span.
    slot: String,
    /// Slug of an item that is done at counters.
    item: String,
    /// Identifier of who comes, where the caller may act for them; the caller when left out.
    person: Option<String>,
    /// Whether to wait for a place when all are taken.
    wait: Option<bool>,
}

/// Body of `POST /api/v1/appointments/{id}/move`.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct MovedAppointment {
    /// The span to be taken instead.
    slot: String,
}

/// What can be booked at an agency's counters in the next two weeks, full spans too; no sign-in.
#[utoipa::path(get, path = "/api/v1/slots", tag = "appointments", security(()),
    params(("agency" = String, Query, description = "Code of the agency")),
    responses((status = 200, body = List<SlotView>)))]
pub async fn slots(request: HttpRequest, app: web::Data<App>) -> Answer {
    let query = Query::of(&request);
    let found = appointing::slots_of(&app, query.get("agency").unwrap_or_default()).await?;
    Ok(HttpResponse::Ok().json(List::whole(found.iter().map(of_slot).collect())))
}

fn of_slot(one: &Slot) -> SlotView {
    SlotView {
        id: one.id.to_string(),
        agency: one.agency.to_string(),
        counter: one.number,
        counter_name: one.name.clone(),
        starts_at: one.span.starts_at.rfc3339(),
        ends_at: one.span.ends_at.rfc3339(),
        left: one.left(),
    }
}

fn view(one: &Appointment) -> AppointmentView {
    AppointmentView {
        id: one.id.to_string(),
        state: one.state.as_str(),
        code: one.code.clone(),
        slot: one.slot.to_string(),
        agency: one.agency.to_string(),
        counter: one.counter,
        starts_at: one.starts_at.rfc3339(),
        ends_at: one.ends_at.rfc3339(),
        item: one.item.clone(),
        person: one.person.to_string(),
    }
}

/// What the caller has booked for themselves and others, the next first.
#[utoipa::path(get, path = "/api/v1/appointments", tag = "appointments",
    responses((status = 200, body = List<AppointmentView>)))]
pub async fn list(user: SignedIn, app: web::Data<App>) -> Answer {
    let found = appointing::own(&app, &user.actor).await?;
    let views = found.iter().map(|(one, _)| view(one));
    Ok(HttpResponse::Ok().json(List::whole(views.collect())))
}

/// Books a place, or waits for one. The same span again answers the same booking.
#[utoipa::path(post, path = "/api/v1/appointments", tag = "appointments", request_body = NewAppointment,
    responses((status = 201, body = AppointmentView)))]
pub async fn book(user: SignedIn, app: web::Data<App>, body: Body) -> Answer {
    user.actor.require(BOOKERS)?;
    let mut fields = Fields::of(&body);
    let slot = slot(&mut fields);
    let item = fields.words("item");
    let person = fields.text("person", Need::Optional);
    let person: Option<Result<PersonId, _>> = person.map(|id| id.parse());
    if let Some(Err(_)) = person {
        fields.fault("person", "not-entrusted");
    }
    let wait = match fields.raw("wait").map(serde_json::Value::as_bool) {
        Some(None) => {
            fields.fault("wait", "wrong-type");
            false
        }
        Some(Some(wait)) => wait,
        None => false,
    };
    fields.finish()?;
    let wanted = Wanted {
        slot: slot.ok_or(Error::NotFound)?,
        item,
        person: person.and_then(Result::ok),
        wish: match wait {
            true => Wish::OrWait,
            false => Wish::Place,
        },
    };
    let booked = appointing::book(&app, &user.actor, wanted).await?;
    Ok(HttpResponse::Created().json(view(&booked)))
}

/// A span; what is none is found nowhere.
fn slot(fields: &mut Fields<'_>) -> Option<SlotId> {
    fields.words("slot").parse().ok()
}

/// Takes another place for a booking; the one before is given back once the other is had.
#[utoipa::path(post, path = "/api/v1/appointments/{id}/move", tag = "appointments", request_body = MovedAppointment,
    params(("id" = String, Path)), responses((status = 200, body = AppointmentView)))]
pub async fn move_to(
    user: SignedIn,
    app: web::Data<App>,
    path: web::Path<String>,
    body: Body,
) -> Answer {
    user.actor.require(BOOKERS)?;
    let id = id(&path)?;
    let mut fields = Fields::of(&body);
    let slot = slot(&mut fields);
    fields.finish()?;
    let slot = slot.ok_or(Error::NotFound)?;
    let moved = appointing::move_to(&app, &user.actor, id, slot).await?;
    Ok(HttpResponse::Ok().json(view(&moved)))
}

/// Gives a booking or a place on a waiting list up.
#[utoipa::path(post, path = "/api/v1/appointments/{id}/cancel", tag = "appointments",
    params(("id" = String, Path)), responses((status = 200, body = AppointmentView)))]
pub async fn cancel(user: SignedIn, app: web::Data<App>, path: web::Path<String>) -> Answer {
    user.actor.require(BOOKERS)?;
    let cancelled = appointing::cancel(&app, &user.actor, id(&path)?).await?;
    Ok(HttpResponse::Ok().json(view(&cancelled)))
}

fn id(path: &str) -> Result<AppointmentId, Failure> {
    path.parse().map_err(|_| Failure::not_found())
}
