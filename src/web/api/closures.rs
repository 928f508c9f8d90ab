//! Closures of areas and times of an epidemic (XR-8): read by everybody, entered by administrators. The same use cases as
//! the pages.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::reading::{Body, Fields, List};
use crate::domain::closure::Typed;
use crate::domain::form::Need;
use crate::domain::ids::ClosureId;
use crate::domain::time::Day;
use crate::store::closures::Entered;
use crate::usecases::App;
use crate::usecases::closing::{self, Seen};
use crate::web::problem::{Answer, Failure};
use crate::web::session::SignedIn;

/// A closure or a time of an epidemic.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClosureView {
    /// Identifier.
    id: String,
    /// `closure` or `epidemic`.
    kind: &'static str,
    /// Code of the area.
    area: String,
    /// First day.
    from: String,
    /// Last day; null while it lasts without one.
    to: Option<String>,
    /// `coming`, `lasting` or `over` today.
    phase: &'static str,
    /// The notice it rests on.
    notice: String,
    /// The notice of its end.
    end_notice: Option<String>,
    /// Pool whose administrator entered it.
    pool: String,
    /// Raised with every change.
    version: i32,
}

/// Body of `POST /api/v1/closures`.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct NewClosure {
    /// `closure` or `epidemic`.
    kind: String,
    /// Code or full Chinese name of the area; of an epidemic none.
    area: Option<String>,
    /// First day.
    from: String,
    /// Last day, where it was announced.
    to: Option<String>,
    /// Number and title of the notice.
    notice: String,
}

/// Body of `POST /api/v1/closures/{id}/end`.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct EndOfClosure {
    /// As it was seen.
    version: u32,
    /// Last closed day.
    to: String,
    /// Notice of the end.
    notice: String,
}

/// Body of `POST /api/v1/closures/{id}/withdraw`.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct WithdrawnClosure {
    /// As it was seen.
    version: u32,
    /// Why.
    reason: String,
}

/// All closures and times of epidemics that were not withdrawn, the latest first; no sign-in.
#[utoipa::path(get, path = "/api/v1/closures", tag = "closures", security(()),
    responses((status = 200, body = List<ClosureView>)))]
pub async fn list(app: web::Data<App>) -> Answer {
    let today = app.clock.now().day();
    let all = closing::all(&app).await?;
    let items = all.iter().map(|one| view(today, one)).collect();
    Ok(HttpResponse::Ok().json(List::whole(items)))
}

/// Enters one; administrators.
#[utoipa::path(post, path = "/api/v1/closures", tag = "closures", request_body = NewClosure,
    responses((status = 201, body = ClosureView)))]
pub async fn enter(user: SignedIn, app: web::Data<App>, body: Body) -> Answer {
    user.actor.require(closing::KEEPERS)?;
    let mut fields = Fields::of(&body);
    let typed = Typed {
        kind: fields.words("kind"),
        area: fields.words_if_any("area"),
        from: fields.day("from", Need::Always),
        to: fields.day("to", Need::Optional),
        notice: fields.words("notice"),
    };
    fields.finish()?;
    let entered = closing::enter(&app, &user.actor, &typed).await?;
    Ok(HttpResponse::Created().json(view(app.clock.now().day(), &entered)))
}

/// Sets the last day of one, with the notice of its end.
#[utoipa::path(post, path = "/api/v1/closures/{id}/end", tag = "closures", request_body = EndOfClosure,
    params(("id" = String, Path)), responses((status = 200, body = ClosureView)))]
pub async fn end(user: SignedIn, app: web::Data<App>, id: web::Path<String>, body: Body) -> Answer {
    user.actor.require(closing::KEEPERS)?;
    let (mut fields, seen) = seen(&id, &body)?;
    let last = fields.day("to", Need::Always);
    let notice = fields.words("notice");
    fields.finish()?;
    let ended = closing::end(&app, &user.actor, seen, last, &notice).await?;
    Ok(HttpResponse::Ok().json(view(app.clock.now().day(), &ended)))
}

/// Withdraws one that was wrong; it is no longer listed.
#[utoipa::path(post, path = "/api/v1/closures/{id}/withdraw", tag = "closures", request_body = WithdrawnClosure,
    params(("id" = String, Path)), responses((status = 200, body = ClosureView)))]
pub async fn withdraw(
    user: SignedIn,
    app: web::Data<App>,
    id: web::Path<String>,
    body: Body,
) -> Answer {
    user.actor.require(closing::KEEPERS)?;
    let (mut fields, seen) = seen(&id, &body)?;
    let reason = fields.words("reason");
    fields.finish()?;
    let withdrawn = closing::withdraw(&app, &user.actor, seen, &reason).await?;
    Ok(HttpResponse::Ok().json(view(app.clock.now().day(), &withdrawn)))
}

fn seen<'a>(id: &str, body: &'a Map<String, Value>) -> Result<(Fields<'a>, Seen), Failure> {
    let id: ClosureId = id.parse().map_err(|_| Failure::not_found())?;
    let mut fields = Fields::of(body);
    let version = i32::try_from(fields.number("version")).unwrap_or(i32::MAX);
    Ok((fields, Seen { id, version }))
}

fn view(today: Day, one: &Entered) -> ClosureView {
    let closure = &one.closure;
    ClosureView {
        id: closure.id.to_string(),
        kind: closure.kind.as_str(),
        area: closure.area.clone(),
        from: closure.from.to_string(),
        to: closure.to.map(|to| to.to_string()),
        phase: closure.phase(today).as_str(),
        notice: closure.notice.clone(),
        end_notice: one.end_notice.clone(),
        pool: one.pool.to_string(),
        version: one.version,
    }
}
