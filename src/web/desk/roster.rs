//! The week's duty roster (CAT-3): made by supervisors, seen by the desk. What stands against a shift is asked of the
//! use case.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{Days, NaiveTime};
use serde::Deserialize;

use super::frame;
use crate::domain::actor::Role;
use crate::domain::form::FieldError;
use crate::domain::roster::on_leave;
use crate::domain::time::Day;
use crate::usecases::rostering::{self, NewShift, Week};
use crate::usecases::{App, Error};
use crate::web::components::{Checks, ErrorSummary, InputKind, Opt, Select, TextField};
use crate::web::csrf::Sent;
use crate::web::page::{Chrome, page, see_other};
use crate::web::problem::{Answer, field_message};
use crate::web::session::SignedIn;
use crate::web::urls::desk as to;

/// A day of the week.
struct OneDay {
    words: String,
    /// Said where nobody works on that day.
    closed: bool,
    shifts: Vec<Row>,
}

/// One shift.
struct Row {
    id: String,
    name: String,
    time: String,
    phone: bool,
    on_leave: bool,
}

/// The form for a new shift.
struct Form {
    day: Select,
    handler: Select,
    from: TextField,
    to: TextField,
    phone: Checks,
}

#[derive(Template)]
#[template(path = "desk/roster.html")]
struct RosterPage {
    chrome: Chrome,
    errors: Option<ErrorSummary>,
    days: Vec<OneDay>,
    monday: Day,
    before: String,
    after: String,
    form: Option<Form>,
}

/// Which week.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    week: String,
}

/// What is typed there; each button has its part.
#[derive(Debug, Default, Deserialize)]
pub struct Typed {
    #[serde(default)]
    week: String,
    #[serde(default)]
    id: String,
    #[serde(default)]
    day: String,
    #[serde(default)]
    handler: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    phone: String,
}

/// `GET /desk/roster`.
pub async fn show(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    asked: web::Query<Asked>,
) -> Answer {
    let typed = Typed {
        week: asked.week.clone(),
        ..Typed::default()
    };
    again(&user, &request, &app, &typed, &[]).await
}

/// `POST /desk/roster/add`.
pub async fn add(request: HttpRequest, app: web::Data<App>, sent: Sent<Typed>) -> Answer {
    sent.user.actor.require(&[Role::Supervisor])?;
    let outcome = match read(&sent.form) {
        Ok(new) => rostering::add(&app, &sent.user.actor, new).await,
        Err(errors) => Err(Error::Invalid(errors)),
    };
    done(&request, &app, &sent, outcome).await
}

/// `POST /desk/roster/remove`.
pub async fn remove(request: HttpRequest, app: web::Data<App>, sent: Sent<Typed>) -> Answer {
    sent.user.actor.require(&[Role::Supervisor])?;
    let outcome = match sent.form.id.parse() {
        Ok(id) => rostering::remove(&app, &sent.user.actor, id).await,
        Err(_) => Ok(()),
    };
    done(&request, &app, &sent, outcome).await
}

/// `POST /desk/roster/copy`: from the week before.
pub async fn copy(request: HttpRequest, app: web::Data<App>, sent: Sent<Typed>) -> Answer {
    sent.user.actor.require(&[Role::Supervisor])?;
    let day = week_of(&app, &sent.form.week);
    let copied = rostering::copy(&app, &sent.user.actor, day).await;
    done(&request, &app, &sent, copied.map(drop)).await
}

async fn done(
    request: &HttpRequest,
    app: &App,
    sent: &Sent<Typed>,
    outcome: Result<(), Error>,
) -> Answer {
    match outcome {
        Ok(()) => Ok(see_other(&to::roster(&sent.form.week))),
        Err(Error::Invalid(errors)) => again(&sent.user, request, app, &sent.form, &errors).await,
        Err(error) => Err(error.into()),
    }
}

fn read(typed: &Typed) -> Result<NewShift, Vec<FieldError>> {
    let time = |text: &str| NaiveTime::parse_from_str(text.trim(), "%H:%M").ok();
    let day = typed.day.parse().ok();
    let (from, to) = (time(&typed.from), time(&typed.to));
    match (day, from, to) {
        (Some(day), Some(from), Some(to)) => Ok(NewShift {
            handler: typed.handler.clone(),
            day,
            from,
            to,
            phone: typed.phone == "yes",
        }),
        _ => Err([
            ("day", day.is_none(), "day-impossible"),
            ("from", from.is_none(), "time-malformed"),
            ("to", to.is_none(), "time-malformed"),
        ]
        .into_iter()
        .filter(|(_, wrong, _)| *wrong)
        .map(|(field, _, code)| FieldError::new(field, code))
        .collect()),
    }
}

fn week_of(app: &App, text: &str) -> Day {
    text.parse().unwrap_or_else(|_| app.clock.now().day())
}

async fn again(
    user: &SignedIn,
    request: &HttpRequest,
    app: &App,
    typed: &Typed,
    errors: &[FieldError],
) -> Answer {
    let day = week_of(app, &typed.week);
    let week = rostering::week(app, &user.actor, day).await?;
    let mut chrome = frame(request, user, "roster-title");
    chrome.faulty = !errors.is_empty();
    let locale = chrome.locale;
    let said: Vec<(String, String)> = errors
        .iter()
        .map(|error| (error.field.clone(), field_message(locale, error)))
        .collect();
    let makes = user.actor.role == Role::Supervisor;
    let content = RosterPage {
        errors: ErrorSummary::of(locale, said.iter().map(|(f, w)| (f.as_str(), w.as_str()))),
        days: days(&chrome, app, &week),
        monday: week.monday,
        before: to::roster(&(week.monday - Days::new(7)).to_string()),
        after: to::roster(&(week.monday + Days::new(7)).to_string()),
        form: makes.then(|| form(&chrome, app, &week, typed, &said)),
        chrome,
    };
    Ok(answer(&content, errors))
}

fn answer(content: &RosterPage, errors: &[FieldError]) -> HttpResponse {
    let status = match errors {
        [] => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    page(status, content)
}

fn of_week(monday: Day) -> impl Iterator<Item = Day> {
    monday.iter_days().take(7)
}

fn days(chrome: &Chrome, app: &App, week: &Week) -> Vec<OneDay> {
    let granted: Vec<_> = week
        .leaves
        .iter()
        .filter(|one| one.granted_at.is_some())
        .map(|one| one.leave.clone())
        .collect();
    of_week(week.monday)
        .map(|day| OneDay {
            words: chrome.day(&day),
            closed: !app.calendar().is_working(day),
            shifts: week
                .shifts
                .iter()
                .filter(|shift| shift.day == day)
                .map(|shift| Row {
                    id: shift.id.to_string(),
                    name: week.names.get(&shift.account).cloned().unwrap_or_default(),
                    time: format!(
                        "{}–{}",
                        shift.from.format("%H:%M"),
                        shift.to.format("%H:%M")
                    ),
                    phone: shift.phone,
                    on_leave: on_leave(&granted, shift.account, day),
                })
                .collect(),
        })
        .collect()
}

fn form(chrome: &Chrome, app: &App, week: &Week, typed: &Typed, said: &[(String, String)]) -> Form {
    let locale = chrome.locale;
    let fault = |name: &str| {
        let found = said.iter().find(|(field, _)| field == name);
        found.map(|(_, words)| words.clone())
    };
    let days = of_week(week.monday).map(|day| {
        let words = match app.calendar().is_working(day) {
            true => chrome.day(&day),
            false => chrome.t1("roster-day-closed", "day", chrome.day(&day)),
        };
        Opt::new(day.to_string(), words).chosen_if(&typed.day)
    });
    let time = |name: &str, value: &str, usual: &str| {
        TextField::new(locale, name, chrome.t(&format!("roster-{name}")))
            .kind(InputKind::Short)
            .hint(chrome.t("roster-time-hint"))
            .value(if value.is_empty() { usual } else { value })
            .error(fault(name))
    };
    let phone = Opt::new("yes", chrome.t("roster-phone-yes")).chosen_if(&typed.phone);
    Form {
        day: Select::flat(locale, "day", chrome.t("roster-day"), days.collect())
            .error(fault("day")),
        handler: handlers(chrome, week, "handler", "roster-handler", &typed.handler)
            .error(fault("handler")),
        from: time("from", &typed.from, "08:30"),
        to: time("to", &typed.to, "12:00"),
        phone: Checks::new(locale, "phone", chrome.t("roster-phone"), vec![phone]),
    }
}

/// The handlers of the agency to choose one from.
pub(super) fn handlers(
    chrome: &Chrome,
    week: &Week,
    name: &str,
    label: &str,
    chosen: &str,
) -> Select {
    let options = week.handlers.iter().map(|one| {
        let words = format!("{} ({})", one.name, one.username);
        Opt::new(one.username.clone(), words).chosen_if(chosen)
    });
    Select::flat(chrome.locale, name, chrome.t(label), options.collect())
}
