//! The plan of an agency's counters, as its supervisors make it (RB-2).

use std::fmt::Display;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use chrono::NaiveTime;
use serde::Deserialize;

use crate::domain::actor::Role;
use crate::domain::appointment::{self as rules, Opening};
use crate::domain::form::{FieldError, read_day};
use crate::domain::ids::CounterId;
use crate::store::appointments::counters::{ClosedDay, Counter};
use crate::usecases::{App, Error, appointing};
use crate::web::chrome::Chrome;
use crate::web::components::{Banner, BannerKind, Checks, ErrorSummary, InputKind, Opt, TextField};
use crate::web::csrf::Sent;
use crate::web::desk::frame;
use crate::web::page::{page, see_other};
use crate::web::problem::{Answer, Failure, field_message};
use crate::web::session::SignedIn;
use crate::web::urls::appointments as to;

/// A counter with its plan and the form for one more line.
struct OneCounter {
    id: CounterId,
    name: String,
    lines: Vec<Line>,
    weekdays: Checks,
    fields: Vec<TextField>,
}

/// A line of a plan.
struct Line {
    words: String,
    weekdays: String,
    from: String,
}

#[derive(Template)]
#[template(path = "appointments/plan.html")]
struct PlanPage {
    chrome: Chrome,
    banner: Option<Banner>,
    errors: Option<ErrorSummary>,
    counters: Vec<OneCounter>,
    new_counter: Vec<TextField>,
    closed: Vec<(String, String, String)>,
    new_closed: Vec<TextField>,
}

/// What was typed in any of the forms.
pub type Typed = Vec<(String, String)>;

/// What was done before the page is shown again.
#[derive(Debug, Default, Deserialize)]
pub struct Done {
    #[serde(default)]
    done: String,
}

/// `GET /desk/counters`.
pub async fn show(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    done: web::Query<Done>,
) -> Answer {
    let done = done.done == "saved";
    again(&user, &request, &app, &[], &[], done).await
}

/// `POST /desk/counters`.
pub async fn add_counter(request: HttpRequest, app: web::Data<App>, sent: Sent<Typed>) -> Answer {
    let actor = &sent.user.actor;
    actor.require(&[Role::Supervisor])?;
    let (number, name) = (get(&sent.form, "number"), get(&sent.form, "name"));
    let outcome = appointing::add_counter(&app, actor, number, name).await;
    settled(&request, &app, &sent, outcome.map(drop)).await
}

/// `POST /desk/counters/openings`.
pub async fn add_opening(request: HttpRequest, app: web::Data<App>, sent: Sent<Typed>) -> Answer {
    let actor = &sent.user.actor;
    actor.require(&[Role::Supervisor])?;
    let field = |name| get(&sent.form, name).to_owned();
    let weekdays = sent.form.iter().filter(|(name, _)| name == "weekdays");
    let typed = rules::Typed {
        weekdays: weekdays.map(|(_, digit)| digit.as_str()).collect(),
        from: field("from"),
        to: field("to"),
        minutes: field("minutes"),
        capacity: field("capacity"),
    };
    let outcome = appointing::add_opening(&app, actor, counter(&sent.form)?, typed).await;
    settled(&request, &app, &sent, outcome).await
}

/// `POST /desk/counters/openings/remove`.
pub async fn remove_opening(
    request: HttpRequest,
    app: web::Data<App>,
    sent: Sent<Typed>,
) -> Answer {
    let actor = &sent.user.actor;
    actor.require(&[Role::Supervisor])?;
    let id = counter(&sent.form)?;
    let weekdays = get(&sent.form, "weekdays").parse();
    let from = NaiveTime::parse_from_str(get(&sent.form, "from"), "%H:%M");
    let (Ok(weekdays), Ok(from)) = (weekdays, from) else {
        return Err(Failure::not_found());
    };
    let outcome = appointing::remove_opening(&app, actor, id, (weekdays, from)).await;
    settled(&request, &app, &sent, outcome).await
}

/// `POST /desk/counters/closed-days`.
pub async fn close_day(request: HttpRequest, app: web::Data<App>, sent: Sent<Typed>) -> Answer {
    let actor = &sent.user.actor;
    actor.require(&[Role::Supervisor])?;
    let day = read_day(get(&sent.form, "day"));
    let reason = get(&sent.form, "reason");
    let outcome = appointing::close_day(&app, actor, day, reason).await;
    settled(&request, &app, &sent, outcome).await
}

/// `POST /desk/counters/closed-days/open`.
pub async fn open_day(request: HttpRequest, app: web::Data<App>, sent: Sent<Typed>) -> Answer {
    let actor = &sent.user.actor;
    actor.require(&[Role::Supervisor])?;
    let day = read_day(get(&sent.form, "day")).ok_or_else(Failure::not_found)?;
    let outcome = appointing::open_day(&app, actor, day).await;
    settled(&request, &app, &sent, outcome).await
}

fn counter(typed: &[(String, String)]) -> Result<CounterId, Failure> {
    let id = get(typed, "counter").parse();
    id.map_err(|_| Failure::not_found())
}

fn get<'a>(typed: &'a [(String, String)], name: &str) -> &'a str {
    let found = typed.iter().find(|(field, _)| field == name);
    found.map_or("", |(_, value)| value.trim())
}

async fn settled(
    request: &HttpRequest,
    app: &App,
    sent: &Sent<Typed>,
    outcome: Result<(), Error>,
) -> Answer {
    match outcome {
        Ok(()) => Ok(see_other(&to::counters_saved())),
        Err(Error::Invalid(errors)) => {
            again(&sent.user, request, app, &sent.form, &errors, false).await
        }
        Err(error) => Err(error.into()),
    }
}

/// The fields of a form come back with what was typed there; those of a counter's own form carry its identifier.
struct Back<'a> {
    chrome: &'a Chrome,
    typed: &'a [(String, String)],
    said: &'a [(String, String)],
}

impl Back<'_> {
    /// A field of the form that belongs to `counter`; to none of them where it is empty.
    fn field(&self, counter: &str, name: &str, kind: InputKind, usual: &str) -> TextField {
        let apart = apart(counter, name);
        let is_mine = get(self.typed, "counter") == counter && !self.typed.is_empty();
        let value = match is_mine {
            true => get(self.typed, name),
            false => usual,
        };
        let label = self.chrome.t(&format!("counters-{name}"));
        TextField::new(self.chrome.locale, name, label)
            .told_apart(apart.clone())
            .kind(kind)
            .value(value)
            .error(self.fault(&apart))
    }

    fn fault(&self, apart: &str) -> Option<String> {
        let found = self.said.iter().find(|(field, _)| field == apart);
        found.map(|(_, words)| words.clone())
    }
}

fn apart(counter: &str, name: impl Display) -> String {
    match counter {
        "" => name.to_string(),
        counter => format!("{name}-{counter}"),
    }
}

async fn again(
    user: &SignedIn,
    request: &HttpRequest,
    app: &App,
    typed: &[(String, String)],
    errors: &[FieldError],
    done: bool,
) -> Answer {
    let plan = appointing::plan(app, &user.actor).await?;
    let mut chrome = frame(request, user, "counters-title");
    chrome.faulty = !errors.is_empty();
    let locale = chrome.locale;
    let said: Vec<(String, String)> = errors
        .iter()
        .map(|error| {
            let field = apart(get(typed, "counter"), &error.field);
            (field, field_message(locale, error))
        })
        .collect();
    let back = Back {
        chrome: &chrome,
        typed,
        said: &said,
    };
    let saved = || Banner::new(locale, BannerKind::Success, chrome.t("counters-saved"));
    let content = PlanPage {
        banner: done.then(saved),
        errors: ErrorSummary::of(locale, said.iter().map(|(f, w)| (f.as_str(), w.as_str()))),
        counters: plan.counters.iter().map(|one| shown(&back, one)).collect(),
        new_counter: vec![
            back.field("", "number", InputKind::Number, ""),
            back.field("", "name", InputKind::Text, ""),
        ],
        closed: plan.closed.iter().map(|one| closed(&chrome, one)).collect(),
        new_closed: vec![
            back.field("", "day", InputKind::Date, ""),
            back.field("", "reason", InputKind::Text, ""),
        ],
        chrome: chrome.clone(),
    };
    let status = match errors {
        [] => StatusCode::OK,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok(page(status, &content))
}

fn closed(chrome: &Chrome, one: &ClosedDay) -> (String, String, String) {
    (
        one.day.to_string(),
        chrome.day(&one.day),
        one.reason.clone(),
    )
}

fn shown(back: &Back<'_>, one: &Counter) -> OneCounter {
    let chrome = back.chrome;
    let id = one.id.to_string();
    let days = (1..=7).map(|digit: u8| {
        let digit = digit.to_string();
        let mut option = Opt::new(&digit, chrome.t(&format!("weekday-{digit}")));
        option.chosen = get(back.typed, "counter") == id
            && back
                .typed
                .iter()
                .any(|(name, value)| name == "weekdays" && *value == digit);
        option
    });
    let apart = apart(&id, "weekdays");
    OneCounter {
        id: one.id,
        name: super::counter(chrome, one.number, &one.name),
        lines: one
            .openings
            .iter()
            .map(|line| words(chrome, line))
            .collect(),
        weekdays: Checks::new(
            chrome.locale,
            "weekdays",
            chrome.t("counters-weekdays"),
            days.collect(),
        )
        .told_apart(apart.clone())
        .error(back.fault(&apart)),
        fields: vec![
            back.field(&id, "from", InputKind::Short, "08:30"),
            back.field(&id, "to", InputKind::Short, "12:00"),
            back.field(&id, "minutes", InputKind::Number, "30"),
            back.field(&id, "capacity", InputKind::Number, "2"),
        ],
    }
}

fn words(chrome: &Chrome, line: &Opening) -> Line {
    let days: Vec<String> = line
        .weekdays
        .digits()
        .map(|digit| chrome.t(&format!("weekday-{digit}")))
        .collect();
    let (from, to) = (line.from.format("%H:%M"), line.to.format("%H:%M"));
    let each = chrome.t2(
        "counters-line",
        ("minutes", line.minutes),
        ("capacity", line.capacity),
    );
    Line {
        words: format!("{} {from}–{to} {each}", days.join(" ")),
        weekdays: line.weekdays.to_string(),
        from: from.to_string(),
    }
}
