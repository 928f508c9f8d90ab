//! Choosing a place: for which item and whom, the days as a list, the times of one day as buttons with how many places
//! are left (RB-2). One press books; a full time offers to wait.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, web};
use askama::Template;
use serde::Deserialize;

use crate::domain::form::FieldError;
use crate::domain::ids::{AppointmentId, PersonId, SlotId};
use crate::domain::time::{Day, Ts};
use crate::store::appointments::Appointment;
use crate::store::appointments::slots::Slot;
use crate::usecases::appointing::{self, Wanted, Whose, Wish};
use crate::usecases::error::Conflict;
use crate::usecases::{App, Error};
use crate::web::chrome::{Chrome, Link};
use crate::web::components::{Choice, ErrorSummary, Opt, Select};
use crate::web::csrf::Sent;
use crate::web::page::{page, see_other};
use crate::web::problem::{Answer, Failure, field_message};
use crate::web::session::{self, SignedIn};
use crate::web::urls::appointments as to;
use crate::web::words;

/// A day in the list.
struct OneDay {
    url: String,
    words: String,
    left: String,
    chosen: bool,
}

/// A time of the chosen day; several counters at one time are one button.
struct Time {
    slot: SlotId,
    words: String,
    left: i32,
}

#[derive(Template)]
#[template(path = "appointments/choose.html")]
struct ChoosePage {
    chrome: Chrome,
    errors: Option<ErrorSummary>,
    conflict: Option<String>,
    /// What to choose first; nothing when a booking is moved.
    item: Option<Select>,
    person: Option<Choice>,
    /// When the booking that is moved is.
    moved: Option<String>,
    days: Vec<OneDay>,
    /// The chosen day, and its times.
    day: Option<(String, Vec<Time>)>,
    /// Nothing can be booked at the agency.
    nothing: bool,
    action: String,
    carried: Vec<(&'static str, String)>,
}

impl ChoosePage {
    fn left(&self, time: &Time) -> String {
        self.chrome.t1("appointment-left", "count", time.left)
    }
}

/// What was chosen so far, and by which button.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    item: String,
    person: String,
    day: String,
    /// The time with places that was pressed.
    slot: String,
    /// The full time that was pressed.
    wait: String,
}

/// `GET /appointments/new`.
pub async fn choose(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    typed: web::Query<Typed>,
) -> Answer {
    let known = appointing::people(&app, &user.actor).await?;
    shown(&user, &request, &app, &typed, &known, None).await
}

/// `POST /appointments/new`: the time that was pressed.
pub async fn book(request: HttpRequest, app: web::Data<App>, sent: Sent<Typed>) -> Answer {
    let (actor, typed) = (&sent.user.actor, &sent.form);
    let known = appointing::people(&app, actor).await?;
    let (slot, wish) = match typed.wait.as_str() {
        "" => (&typed.slot, Wish::Place),
        wait => (&wait.to_owned(), Wish::OrWait),
    };
    let wanted = Wanted {
        slot: slot.parse().map_err(|_| Failure::not_found())?,
        item: typed.item.clone(),
        person: person(typed),
        wish,
    };
    match appointing::book(&app, actor, wanted).await {
        Ok(booked) => Ok(see_other(&to::one(booked.id))),
        Err(error @ (Error::Conflict(_) | Error::Invalid(_))) => {
            shown(&sent.user, &request, &app, typed, &known, Some(error)).await
        }
        Err(error) => Err(error.into()),
    }
}

fn person(typed: &Typed) -> Option<PersonId> {
    typed.person.parse().ok()
}

async fn shown(
    user: &SignedIn,
    request: &HttpRequest,
    app: &App,
    typed: &Typed,
    known: &[Whose],
    refused: Option<Error>,
) -> Answer {
    let chrome = session::frame(request, "appointments-book");
    let mut typed = typed.clone();
    // Whoever books for one person only is not asked for whom.
    if let ([only], true) = (known, person(&typed).is_none()) {
        typed.person = only.person.to_string();
    }
    let (found, refused) = match typed.item.as_str() {
        "" => (vec![], refused),
        item => match appointing::free_slots(app, &user.actor, person(&typed), item).await {
            Ok((_, slots)) => (slots, refused),
            Err(error @ Error::Invalid(_)) => (vec![], Some(error)),
            Err(error) => return Err(error.into()),
        },
    };
    let days = |day: &str| to::choose(&typed.item, &typed.person, day);
    let mut content = filled(chrome, &typed, &found, &days, refused.as_ref());
    content.nothing = found.is_empty() && !typed.item.is_empty() && refused.is_none();
    content.item = Some(items(&content.chrome, &typed, refused.as_ref()));
    if known.len() > 1 {
        content.person = Some(people(&content.chrome, &typed, known, refused.as_ref()));
    }
    content.action = to::choose("", "", "");
    content.carried = vec![
        ("item", typed.item.clone()),
        ("person", typed.person.clone()),
        ("day", typed.day.clone()),
    ];
    Ok(page(status(refused.as_ref()), &content))
}

fn status(refused: Option<&Error>) -> StatusCode {
    match refused {
        None => StatusCode::OK,
        Some(Error::Conflict(_)) => StatusCode::CONFLICT,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

fn errors(refused: Option<&Error>) -> &[FieldError] {
    match refused {
        Some(Error::Invalid(errors)) => errors,
        Some(_) | None => &[],
    }
}

fn fault(chrome: &Chrome, refused: Option<&Error>, name: &str) -> Option<String> {
    let found = errors(refused).iter().find(|error| error.field == name);
    found.map(|error| field_message(chrome.locale, error))
}

fn items(chrome: &Chrome, typed: &Typed, refused: Option<&Error>) -> Select {
    let options = appointing::counter_items()
        .map(|slug| Opt::new(slug, chrome.t(&format!("item-{slug}"))).chosen_if(&typed.item));
    Select::flat(
        chrome.locale,
        "item",
        chrome.t("appointment-item"),
        options.collect(),
    )
    .error(fault(chrome, refused, "item"))
}

fn people(chrome: &Chrome, typed: &Typed, known: &[Whose], refused: Option<&Error>) -> Choice {
    let options = known
        .iter()
        .map(|one| Opt::new(one.person.to_string(), &one.name).chosen_if(&typed.person));
    Choice::new(
        chrome.locale,
        "person",
        chrome.t("appointment-person"),
        options.collect(),
    )
    .error(fault(chrome, refused, "for"))
}

/// Days and times of what was found; the rest of the page is for whoever asked.
fn filled(
    mut chrome: Chrome,
    typed: &Typed,
    found: &[Slot],
    url: &dyn Fn(&str) -> String,
    refused: Option<&Error>,
) -> ChoosePage {
    chrome.breadcrumbs = vec![Link::to(to::own(), chrome.t("appointments-title"))];
    chrome.faulty = refused.is_some();
    let said: Vec<(String, String)> = errors(refused)
        .iter()
        .map(|error| {
            let field = match error.field.as_str() {
                "for" => "person",
                field => field,
            };
            (field.to_owned(), field_message(chrome.locale, error))
        })
        .collect();
    let days = days(found);
    let chosen = typed.day.parse().ok().filter(|day| days.contains_key(day));
    let free = days
        .iter()
        .find(|(_, left)| **left > 0)
        .map(|(day, _)| *day);
    let chosen: Option<Day> = chosen.or(free).or(days.keys().next().copied());
    ChoosePage {
        errors: ErrorSummary::of(
            chrome.locale,
            said.iter().map(|(f, w)| (f.as_str(), w.as_str())),
        ),
        conflict: match refused {
            Some(Error::Conflict(Conflict::Already(already))) => {
                Some(chrome.t(&format!("conflict-{}", already.as_str())))
            }
            Some(_) | None => None,
        },
        item: None,
        person: None,
        moved: None,
        days: days
            .iter()
            .map(|(day, left)| OneDay {
                url: url(&day.to_string()),
                words: chrome.day(day),
                left: chrome.t1("appointment-left", "count", *left),
                chosen: chosen == Some(*day),
            })
            .collect(),
        day: chosen.map(|day| (chrome.day(&day), times(found, day))),
        nothing: false,
        action: String::new(),
        carried: vec![],
        chrome,
    }
}

/// How many places each day has left.
fn days(found: &[Slot]) -> BTreeMap<Day, i32> {
    let mut days = BTreeMap::new();
    for slot in found {
        let left = days.entry(slot.span.starts_at.day()).or_insert(0);
        *left += slot.left();
    }
    days
}

fn times(found: &[Slot], day: Day) -> Vec<Time> {
    let of_day = || {
        found
            .iter()
            .filter(move |one| one.span.starts_at.day() == day)
    };
    let starts: BTreeSet<Ts> = of_day().map(|one| one.span.starts_at).collect();
    starts
        .into_iter()
        .filter_map(|start| {
            let at_once = || of_day().filter(move |one| one.span.starts_at == start);
            let best = at_once().max_by_key(|one| one.left())?;
            let (from, to) = (words::time(start), words::time(best.span.ends_at));
            Some(Time {
                slot: best.id,
                words: format!("{from}–{to}"),
                left: at_once().map(Slot::left).sum(),
            })
        })
        .collect()
}

/// `GET /appointments/{id}/move`.
pub async fn choose_another(
    user: SignedIn,
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
    typed: web::Query<Typed>,
) -> Answer {
    let id = id.parse().map_err(|_| Failure::not_found())?;
    shown_to_move(&user, &request, &app, id, &typed, None).await
}

/// `POST /appointments/{id}/move`: the time that was pressed.
pub async fn move_to(
    request: HttpRequest,
    app: web::Data<App>,
    id: web::Path<String>,
    sent: Sent<Typed>,
) -> Answer {
    let actor = &sent.user.actor;
    actor.require(appointing::BOOKERS)?;
    let id: AppointmentId = id.parse().map_err(|_| Failure::not_found())?;
    let slot = sent.form.slot.parse().map_err(|_| Failure::not_found())?;
    match appointing::move_to(&app, actor, id, slot).await {
        Ok(moved) => Ok(see_other(&to::one(moved.id))),
        Err(error @ Error::Conflict(_)) => {
            shown_to_move(&sent.user, &request, &app, id, &sent.form, Some(error)).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn shown_to_move(
    user: &SignedIn,
    request: &HttpRequest,
    app: &App,
    id: AppointmentId,
    typed: &Typed,
    refused: Option<Error>,
) -> Answer {
    let (one, _) = appointing::read(app, &user.actor, id).await?;
    let found = others(app, user, &one).await?;
    let chrome = session::frame(request, "appointments-move");
    let url = |day: &str| to::move_to(id, day);
    let mut content = filled(chrome, typed, &found, &url, refused.as_ref());
    content.moved = Some(super::when(&content.chrome, &one));
    content.nothing = found.is_empty();
    content.action = to::move_to(id, "");
    content.carried = vec![("day", typed.day.clone())];
    Ok(page(status(refused.as_ref()), &content))
}

/// Where a booking could be instead; nobody waits for another place while they have one.
async fn others(app: &App, user: &SignedIn, one: &Appointment) -> Result<Vec<Slot>, Error> {
    let found = appointing::free_slots(app, &user.actor, Some(one.person), &one.item).await?;
    let (agency, mut slots) = found;
    slots.retain(|slot| agency == one.agency && slot.id != one.slot && slot.left() > 0);
    Ok(slots)
}
