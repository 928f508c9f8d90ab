//! Tokens, and who one is. A token names a session row, so that revoking it really ends it.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::domain::actor::Role;
use crate::domain::ids::{AccountId, EmployerId, InstitutionId, PersonId, SessionId};
use crate::domain::locale::Locale;
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::time::Ts;
use crate::usecases::{App, accounts};
use crate::web::problem::{Answer, Failure};
use crate::web::session::{self, SignedIn};

/// Body of `POST /api/v1/token`.
#[derive(Deserialize, utoipa::ToSchema)]
pub struct Credentials {
    /// User name, or the ID number of a resident.
    username: String,
    /// Password.
    password: String,
    /// Code of the second factor, or a recovery code, of accounts that ask for one.
    #[serde(default)]
    code: Option<String>,
}

/// Answer of `POST /api/v1/token`.
#[derive(Serialize, utoipa::ToSchema)]
struct Token {
    access_token: String,
    token_type: &'static str,
    /// Seconds until it ends in any case.
    expires_in: i64,
    /// Seconds without a request after which it ends.
    idle_timeout: i64,
}

/// Answer of `GET /api/v1/me`.
#[derive(Serialize, utoipa::ToSchema)]
struct Me<'a> {
    #[schema(value_type = String)]
    account: AccountId,
    username: &'a str,
    name: &'a str,
    #[schema(value_type = String)]
    role: Role,
    #[schema(value_type = Option<String>)]
    pool: Option<Pool>,
    #[schema(value_type = Option<String>)]
    agency: Option<AgencyCode>,
    #[schema(value_type = Option<String>)]
    person: Option<PersonId>,
    #[schema(value_type = Option<String>)]
    employer: Option<EmployerId>,
    #[schema(value_type = Option<String>)]
    institution: Option<InstitutionId>,
    #[schema(value_type = String)]
    locale: Locale,
    #[schema(value_type = String)]
    session: SessionId,
    #[schema(value_type = String)]
    session_expires_at: Ts,
}

/// Signs in: a bearer token; 401 for anything wrong, 429 after too many failures. 401 `second-factor-required` asks
/// for `code` beside the password; 403 `second-factor-enrolment-required` is for staff who must set up their second
/// factor in a browser first.
#[utoipa::path(post, path = "/api/v1/token", tag = "accounts", security(()), request_body = Credentials,
    responses((status = 200, body = Token)))]
pub async fn issue(
    request: HttpRequest,
    app: web::Data<App>,
    body: web::Json<Credentials>,
) -> Answer {
    let (caller, code) = (session::caller(&request), body.code.as_deref());
    let Credentials {
        username, password, ..
    } = &*body;
    let entry = accounts::sign_in_at_once(&app, username, password, code, caller).await?;
    let left = entry.session.expires_at.since(Clock::real());
    Ok(HttpResponse::Ok().json(Token {
        access_token: entry.token,
        token_type: "Bearer",
        expires_in: left.num_seconds(),
        idle_timeout: app.sign_in.sessions.idle.num_seconds(),
    }))
}

/// Ends the session of the token that is sent.
#[utoipa::path(post, path = "/api/v1/token/revoke", tag = "accounts",
    responses((status = 204, description = "The session is over")))]
pub async fn revoke(user: SignedIn, app: web::Data<App>) -> Answer {
    accounts::sign_out(&app, user.actor.account, user.session.id).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Who one is.
#[utoipa::path(get, path = "/api/v1/me", tag = "accounts", responses((status = 200, body = Me)))]
pub async fn me(user: SignedIn) -> Answer {
    let actor = &user.actor;
    Ok(HttpResponse::Ok().json(Me {
        account: actor.account,
        username: &user.username,
        name: &actor.name,
        role: actor.role,
        pool: actor.pool,
        agency: actor.agency,
        person: actor.person,
        employer: actor.employer,
        institution: actor.institution,
        locale: user.locale,
        session: user.session.id,
        session_expires_at: user.session.expires_at,
    }))
}

/// The demo's named accounts, without login; 404 where there is no demo.
#[utoipa::path(get, path = "/api/v1/demo/accounts", tag = "accounts", security(()),
    responses((status = 200, body = Object)))]
pub async fn demo(app: web::Data<App>) -> Answer {
    let demo = app
        .demo
        .as_ref()
        .ok_or(Failure::Request(StatusCode::NOT_FOUND, "not-found"))?;
    Ok(HttpResponse::Ok().json(serde_json::json!({ "items": demo.accounts, "next": null })))
}
