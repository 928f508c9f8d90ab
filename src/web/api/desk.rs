//! The desk: what waits, what somebody holds, the next case, colleagues, causes of missed deadlines.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;
use strum::IntoEnumIterator;
use utoipa::ToSchema;

use super::cases::{answer, parsed, written};
use super::reading::{List, Query, next};
use super::views::{CaseSummary, CaseView, StaffView};
use super::writing::staff;
use crate::data::texts::text;
use crate::domain::case::BreachCause;
use crate::domain::form::FieldError;
use crate::domain::ids::CaseId;
use crate::domain::time::Ts;
use crate::store::queue::Place;
use crate::usecases::listing::{self, DeskList};
use crate::usecases::{App, Error, handling};
use crate::web::problem::{Answer, api_locale};
use crate::web::session::SignedIn;

/// What the cursor of the queue says: rank, due time, identifier.
type QueueCursor = (i16, Ts, CaseId);

/// A cause of a missed deadline (CLK-7).
#[derive(Debug, Serialize, ToSchema)]
pub struct BreachCauseView {
    /// Code for `breach_cause`.
    code: &'static str,
    /// In the request's language.
    name: String,
}

/// What waits for a handler, most urgent first; or another list of the desk.
#[utoipa::path(get, path = "/api/v1/queue", tag = "desk",
    params(("list" = Option<String>, Query, description = "`held`, `paused`, `second-review` or `escalated`; the queue without"),
        ("limit" = Option<u16>, Query, description = "1 to 500"), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<CaseSummary>)))]
pub async fn queue(request: HttpRequest, user: SignedIn, app: web::Data<App>) -> Answer {
    let query = Query::of(&request);
    let limit = query.limit()?;
    let list = match query.get("list") {
        None | Some("waiting") => {
            DeskList::Queue(query.cursor::<QueueCursor>()?.map(|(rank, due, id)| Place {
                rank,
                due,
                id,
            }))
        }
        Some("held") => DeskList::Held(query.cursor()?),
        Some("paused") => DeskList::Paused,
        Some("second-review") => DeskList::SecondReview(query.cursor()?),
        Some("escalated") => DeskList::Escalated(query.cursor()?),
        Some(_) => {
            return Err(Error::Invalid(vec![FieldError::new("list", "choice-unknown")]).into());
        }
    };
    let found = listing::desk(&app, &user.actor, list, limit).await?;
    let last = found.items.last().map(|summary| &summary.listed.case);
    let next = match list {
        DeskList::Queue(_) => next(
            found.rest,
            last.and_then(|case| Some((case.queue_rank(), case.due()?, case.id))),
        ),
        DeskList::Held(_) | DeskList::SecondReview(_) | DeskList::Escalated(_) => next(
            found.rest,
            last.and_then(|case| Some((case.due()?, case.id))),
        ),
        DeskList::Paused => None,
    };
    Ok(HttpResponse::Ok().json(List {
        items: written(&request, &app, &found),
        next,
    }))
}

/// Takes the most urgent case (CLK-7); never one that somebody holds. 204 when nothing waits.
#[utoipa::path(post, path = "/api/v1/queue/next", tag = "desk",
    responses((status = 200, body = CaseView), (status = 204, description = "Nothing waits")))]
pub async fn take_next(request: HttpRequest, user: SignedIn, app: web::Data<App>) -> Answer {
    match handling::next(&app, &user.actor).await? {
        Some(receipt_no) => answer(&request, &app, &user.actor, &parsed(&receipt_no)?).await,
        None => Ok(HttpResponse::NoContent().finish()),
    }
}

/// The handlers of the own agency, to whom a case can be given.
#[utoipa::path(get, path = "/api/v1/staff", tag = "desk",
    params(("limit" = Option<u16>, Query, description = "1 to 500"), ("cursor" = Option<String>, Query)),
    responses((status = 200, body = List<StaffView>)))]
pub async fn handlers(request: HttpRequest, user: SignedIn, app: web::Data<App>) -> Answer {
    let query = Query::of(&request);
    let (limit, after) = (query.limit()?, query.cursor::<String>()?);
    let (found, rest) = listing::handlers(&app, &user.actor, after, limit).await?;
    let next = next(rest, found.last().map(|colleague| &colleague.username));
    Ok(HttpResponse::Ok().json(List {
        items: found.into_iter().map(staff).collect(),
        next,
    }))
}

/// The causes of missed deadlines that a decision can state (CLK-7).
#[utoipa::path(get, path = "/api/v1/breach-causes", tag = "desk",
    responses((status = 200, body = List<BreachCauseView>)))]
pub async fn breach_causes(request: HttpRequest, _user: SignedIn) -> Answer {
    let locale = api_locale(&request);
    let causes = BreachCause::iter().map(|cause| BreachCauseView {
        code: cause.as_str(),
        name: text(locale, &format!("breach-cause-{cause}")),
    });
    Ok(HttpResponse::Ok().json(List::whole(causes.collect())))
}
