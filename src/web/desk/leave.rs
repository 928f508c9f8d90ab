//! Leave of handlers with who stands in (CLK-5, CLK-7): asked for by the handler, granted or recorded by a supervisor.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use super::frame;
use super::roster::handlers;
use crate::domain::actor::{Actor, Role};
use crate::domain::form::FieldError;
use crate::domain::ids::LeaveId;
use crate::store::roster::Recorded;
use crate::usecases::rostering::{self, NewLeave, Week};
use crate::usecases::{App, Error};
use crate::web::components::{ErrorSummary, InputKind, Select, TextField};
use crate::web::csrf::Sent;
use crate::web::page::{Chrome, page, see_other};
use crate::web::problem::{Answer, Failure, field_message};
use crate::web::session::SignedIn;
use crate::web::urls::desk as to;

/// One leave.
struct Row {
    id: String,
    name: String,
    days: String,
    stand_in: String,
    standing: String,
    can_grant: bool,
    can_cancel: bool,
}

/// The form for more.
struct Form {
    /// Whose; a handler asks for the own.
    handler: Option<Select>,
    own: String,
    from: TextField,
    to: TextField,
    stand_in: Select,
    submit: String,
}

#[derive(Template)]
#[template(path = "desk/leave.html")]
struct LeavePage {
    chrome: Chrome,
    errors: Option<ErrorSummary>,
    rows: Vec<Row>,
    form: Option<Form>,
}

/// What is typed there.
#[derive(Debug, Default, Deserialize)]
pub struct Typed {
    #[serde(default)]
    id: String,
    #[serde(default)]
    handler: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    stand_in: String,
}

/// `GET /desk/leave`.
pub async fn show(user: SignedIn, request: HttpRequest, app: web::Data<App>) -> Answer {
    again(&user, &request, &app, &Typed::default(), &[]).await
}

/// `POST /desk/leave`: a supervisor's word counts at once.
pub async fn ask(request: HttpRequest, app: web::Data<App>, sent: Sent<Typed>) -> Answer {
    let actor = &sent.user.actor;
    actor.require(&[Role::Handler, Role::Supervisor])?;
    let outcome = match read(&sent.form) {
        Ok(new) => rostering::ask_leave(&app, actor, new).await,
        Err(errors) => Err(Error::Invalid(errors)),
    };
    done(&request, &app, &sent, outcome).await
}

/// `POST /desk/leave/grant`.
pub async fn grant(request: HttpRequest, app: web::Data<App>, sent: Sent<Typed>) -> Answer {
    sent.user.actor.require(&[Role::Supervisor])?;
    let outcome = rostering::grant_leave(&app, &sent.user.actor, id(&sent.form)?).await;
    done(&request, &app, &sent, outcome).await
}

/// `POST /desk/leave/cancel`.
pub async fn cancel(request: HttpRequest, app: web::Data<App>, sent: Sent<Typed>) -> Answer {
    sent.user
        .actor
        .require(&[Role::Handler, Role::Supervisor])?;
    let outcome = rostering::cancel_leave(&app, &sent.user.actor, id(&sent.form)?).await;
    done(&request, &app, &sent, outcome).await
}

fn id(typed: &Typed) -> Result<LeaveId, Failure> {
    typed.id.parse().map_err(|_| Failure::not_found())
}

async fn done(
    request: &HttpRequest,
    app: &App,
    sent: &Sent<Typed>,
    outcome: Result<(), Error>,
) -> Answer {
    match outcome {
        Ok(()) => Ok(see_other(&to::leave())),
        Err(Error::Invalid(errors)) => again(&sent.user, request, app, &sent.form, &errors).await,
        Err(error) => Err(error.into()),
    }
}

fn read(typed: &Typed) -> Result<NewLeave, Vec<FieldError>> {
    let (from, to) = (typed.from.trim().parse(), typed.to.trim().parse());
    match (from, to) {
        (Ok(from), Ok(to)) => Ok(NewLeave {
            handler: typed.handler.clone(),
            from,
            to,
            stand_in: typed.stand_in.clone(),
        }),
        (from, to) => Err([("from", from.is_err()), ("to", to.is_err())]
            .into_iter()
            .filter(|(_, wrong)| *wrong)
            .map(|(field, _)| FieldError::new(field, "day-impossible"))
            .collect()),
    }
}

async fn again(
    user: &SignedIn,
    request: &HttpRequest,
    app: &App,
    typed: &Typed,
    errors: &[FieldError],
) -> Answer {
    let actor = &user.actor;
    let week = rostering::week(app, actor, app.clock.now().day()).await?;
    let mut chrome = frame(request, user, "leave-title");
    chrome.faulty = !errors.is_empty();
    let locale = chrome.locale;
    let said: Vec<(String, String)> = errors
        .iter()
        .map(|error| (error.field.clone(), field_message(locale, error)))
        .collect();
    let asks = matches!(actor.role, Role::Handler | Role::Supervisor);
    let rows = week
        .leaves
        .iter()
        .map(|one| row(&chrome, actor, &week, one));
    let content = LeavePage {
        errors: ErrorSummary::of(locale, said.iter().map(|(f, w)| (f.as_str(), w.as_str()))),
        rows: rows.collect(),
        form: asks.then(|| form(&chrome, user, &week, typed, &said)),
        chrome,
    };
    let status = match errors {
        [] => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(page(status, &content))
}

fn row(chrome: &Chrome, actor: &Actor, week: &Week, one: &Recorded) -> Row {
    let name = |id| week.names.get(id).cloned().unwrap_or_default();
    let standing = match (one.granted_at, one.begun_at) {
        (None, _) => "leave-asked",
        (Some(_), None) => "leave-granted",
        (Some(_), Some(_)) => "leave-begun",
    };
    let supervises = actor.role == Role::Supervisor;
    let own = actor.account == one.leave.account && one.granted_at.is_none();
    Row {
        id: one.leave.id.to_string(),
        name: name(&one.leave.account),
        days: format!(
            "{} – {}",
            chrome.day(&one.leave.from),
            chrome.day(&one.leave.to)
        ),
        stand_in: name(&one.leave.stand_in),
        standing: chrome.t(standing),
        can_grant: supervises && one.granted_at.is_none(),
        can_cancel: supervises || own,
    }
}

fn form(
    chrome: &Chrome,
    user: &SignedIn,
    week: &Week,
    typed: &Typed,
    said: &[(String, String)],
) -> Form {
    let fault = |name: &str| {
        let found = said.iter().find(|(field, _)| field == name);
        found.map(|(_, words)| words.clone())
    };
    let day = |name: &str, value: &str| {
        TextField::new(chrome.locale, name, chrome.t(&format!("leave-{name}")))
            .kind(InputKind::Date)
            .value(value)
            .error(fault(name))
    };
    let supervises = user.actor.role == Role::Supervisor;
    Form {
        handler: supervises.then(|| {
            handlers(chrome, week, "handler", "leave-handler", &typed.handler)
                .error(fault("handler"))
        }),
        own: user.username.clone(),
        from: day("from", &typed.from),
        to: day("to", &typed.to),
        stand_in: handlers(chrome, week, "stand_in", "leave-stand-in", &typed.stand_in)
            .error(fault("stand_in")),
        submit: chrome.t(match supervises {
            true => "leave-record",
            false => "leave-ask",
        }),
    }
}
