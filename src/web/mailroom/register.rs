//! The form of a parcel: what stands on it, when it came, which cases it is for; one without a form, for whom and what it holds.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::NaiveTime;
use serde::Deserialize;

use super::{frame, words};
use crate::domain::form::{FieldError, read_day};
use crate::domain::parcel::Raw;
use crate::domain::time::{Day, Ts};
use crate::store::parcels::Registered;
use crate::usecases::mailing::{CLERKS, registering};
use crate::usecases::{App, Error};
use crate::web::components::{Area, ErrorSummary, Field, InputKind, TextField};
use crate::web::csrf::Sent;
use crate::web::institution::words::Said;
use crate::web::page::{Chrome, page, see_other};
use crate::web::problem::Answer;
use crate::web::session::SignedIn;
use crate::web::urls::mailroom as to;

/// What is typed there, or known before.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    courier: String,
    tracking: String,
    posted_on: String,
    delivered_on: String,
    delivered_time: String,
    sender: String,
    cases: String,
    id_number: String,
    contents: String,
}

#[derive(Template)]
#[template(path = "mailroom/register.html")]
struct RegisterPage {
    chrome: Chrome,
    errors: Option<ErrorSummary>,
    action: String,
    back: String,
    label: Vec<Field>,
    cases: Area,
    formless: Vec<Field>,
    is_formless: bool,
}

/// `GET /mailroom/register`.
pub async fn form(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    known: web::Query<Typed>,
) -> Answer {
    user.actor.require(CLERKS)?;
    let now = app.clock.now();
    let typed = Typed {
        delivered_on: now.day().to_string(),
        delivered_time: crate::web::words::time(now),
        cases: known.cases.replace(' ', "\n"),
        ..known.into_inner()
    };
    Ok(show(&user, &request, &typed, &[]))
}

/// `POST /mailroom/register`: to the parcel; to the first one when it is registered already.
pub async fn register(request: HttpRequest, app: web::Data<App>, sent: Sent<Typed>) -> Answer {
    sent.user.actor.require(CLERKS)?;
    let outcome = match raw(&sent.form) {
        Ok(raw) => registering::register(&app, &sent.user.actor, &raw).await,
        Err(errors) => Err(Error::Invalid(errors)),
    };
    match outcome {
        Ok((Registered::Now, id)) => Ok(see_other(&to::parcel(id, "registered"))),
        Ok((Registered::Before, id)) => Ok(see_other(&to::parcel(id, "before"))),
        Err(Error::Invalid(errors)) => Ok(show(&sent.user, &request, &sent.form, &errors)),
        Err(error) => Err(error.into()),
    }
}

fn raw(typed: &Typed) -> Result<Raw, Vec<FieldError>> {
    let mut errors = vec![];
    let mut day = |field: &str, text: &str| -> Option<Day> {
        let text = text.trim();
        let read = read_day(text);
        if read.is_none() && !text.is_empty() {
            errors.push(FieldError::new(field, "day-impossible"));
        }
        read
    };
    let posted_on = day("posted_on", &typed.posted_on);
    let delivered_on = day("delivered_at", &typed.delivered_on);
    let time = NaiveTime::parse_from_str(typed.delivered_time.trim(), "%H:%M");
    if time.is_err() {
        errors.push(FieldError::new("delivered_time", "time-malformed"));
    }
    let delivered_at = match (delivered_on, time) {
        (Some(day), Ok(time)) => Some(Ts::from_beijing(day, time)),
        _ => None,
    };
    match errors.is_empty() {
        true => Ok(Raw {
            courier: typed.courier.clone(),
            tracking: typed.tracking.clone(),
            posted_on,
            delivered_at,
            sender: typed.sender.clone(),
            cases: typed.cases.split_whitespace().map(str::to_owned).collect(),
            id_number: typed.id_number.clone(),
            contents: typed.contents.clone(),
        }),
        false => Err(errors),
    }
}

fn show(
    user: &SignedIn,
    request: &HttpRequest,
    typed: &Typed,
    errors: &[FieldError],
) -> HttpResponse {
    let mut chrome = frame(request, user, "mailroom-register-title");
    chrome.faulty = !errors.is_empty();
    let said = Said::faults(chrome.locale, errors);
    let cases = Area::new(chrome.locale, "cases", chrome.t("parcel-cases"))
        .hint(chrome.t("parcel-cases-hint"))
        .rows(3)
        .optional()
        .value(&typed.cases)
        .error(said.at("cases"));
    let content = RegisterPage {
        errors: said.summary(chrome.locale),
        action: to::register(&[]),
        back: to::home(),
        label: label(&chrome, typed, &said),
        cases,
        is_formless: !typed.id_number.is_empty() || !typed.contents.is_empty(),
        formless: formless(&chrome, typed, &said),
        chrome,
    };
    let status = match errors {
        [] => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    page(status, &content)
}

fn line(chrome: &Chrome, said: &Said, (name, key, value): (&str, &str, &str)) -> TextField {
    TextField::new(chrome.locale, name, chrome.t(key))
        .value(value)
        .error(said.at(name))
}

/// What stands on the parcel.
fn label(chrome: &Chrome, typed: &Typed, said: &Said) -> Vec<Field> {
    let text = |name, key, value| line(chrome, said, (name, key, value));
    let delivered = text("delivered_on", "parcel-delivered-on", &typed.delivered_on)
        .kind(InputKind::Date)
        .told_apart("delivered_at")
        .error(said.at("delivered_at"));
    let tracking = text("tracking", "parcel-tracking", &typed.tracking).kind(InputKind::IdNumber);
    let posted = text("posted_on", "parcel-posted", &typed.posted_on)
        .kind(InputKind::Date)
        .hint(chrome.t("parcel-posted-hint"))
        .optional();
    let time = text(
        "delivered_time",
        "parcel-delivered-time",
        &typed.delivered_time,
    )
    .kind(InputKind::Short)
    .hint(chrome.t("roster-time-hint"));
    vec![
        Field::Select(words::couriers(chrome, &typed.courier, said.at("courier"))),
        Field::Text(tracking),
        Field::Text(posted),
        Field::Text(delivered.hint(chrome.t("parcel-delivered-hint"))),
        Field::Text(time),
        Field::Text(text("sender", "parcel-sender", &typed.sender)),
    ]
}

/// Whose it is and what it holds, where it came without a form.
fn formless(chrome: &Chrome, typed: &Typed, said: &Said) -> Vec<Field> {
    let person = line(
        chrome,
        said,
        ("id_number", "parcel-person", &typed.id_number),
    )
    .kind(InputKind::IdNumber)
    .hint(chrome.t("parcel-person-hint"))
    .optional();
    let contents = Area::new(chrome.locale, "contents", chrome.t("parcel-contents"))
        .rows(3)
        .optional()
        .value(&typed.contents)
        .error(said.at("contents"));
    vec![Field::Text(person), Field::Area(contents)]
}
