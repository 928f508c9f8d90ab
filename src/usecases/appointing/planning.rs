//! The plan of an agency's counters, made by its supervisors (RB-2): counters, when they take how many, and days on which
//! the agency takes nobody. A plan that is cut takes nobody's place away; a day that is closed does, and tells them.

use chrono::{Days, NaiveTime};

use super::office::at_agency;
use super::upkeep::sync;
use super::{Fresh, telling};
use crate::clock::Clock;
use crate::domain::actor::{Actor, Role};
use crate::domain::appointment::{State, Typed, Weekdays, read};
use crate::domain::form::FieldError;
use crate::domain::ids::CounterId;
use crate::domain::notice::Kind;
use crate::domain::place::AgencyCode;
use crate::domain::time::Day;
use crate::store::appointments::counters::{self, ClosedDay, Counter};
use crate::store::appointments::{self, slots};
use crate::store::{Conn, guards};
use crate::usecases::{App, Error};

/// Who makes the plan.
const PLANNERS: &[Role] = &[Role::Supervisor];
/// Characters of a name or reason at most.
const LONGEST: usize = 60;
/// How far ahead a day can be closed.
const CLOSED_AHEAD: u64 = 366;

/// The plan of an agency.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Its counters, by number.
    pub counters: Vec<Counter>,
    /// Days from today on that are closed.
    pub closed: Vec<ClosedDay>,
}

/// The plan of the own agency.
///
/// # Errors
/// [`Error::Forbidden`] for everybody but supervisors.
pub async fn plan(app: &App, actor: &Actor) -> Result<Plan, Error> {
    let agency = at_agency(actor, PLANNERS)?;
    let today = app.clock.now().day();
    let days = (today, today + Days::new(CLOSED_AHEAD));
    app.db
        .read(move |conn| {
            Ok(Plan {
                counters: counters::of_agency(conn, agency)?,
                closed: counters::closed_days(conn, agency, days)?,
            })
        })
        .await
}

fn words(field: &str, typed: &str) -> Result<String, FieldError> {
    let typed = typed.trim();
    match typed.chars().count() {
        0 => Err(FieldError::new(field, "required")),
        1..=LONGEST => Ok(typed.to_owned()),
        _ => Err(FieldError::new(field, "text-too-long").with("longest", LONGEST)),
    }
}

/// Adds a counter without a plan.
///
/// # Errors
/// [`Error::Forbidden`] for everybody but supervisors, [`Error::Invalid`] at `number` and `name`.
pub async fn add_counter(
    app: &App,
    actor: &Actor,
    number: &str,
    name: &str,
) -> Result<CounterId, Error> {
    let agency = at_agency(actor, PLANNERS)?;
    let number: Option<i32> = number.trim().parse().ok().filter(|n| (1..=99).contains(n));
    let range = || {
        FieldError::new("number", "number-out-of-range")
            .with("lowest", 1)
            .with("highest", 99)
    };
    let new = match (number, words("name", name)) {
        (Some(number), Ok(name)) => Counter {
            id: Clock::new_id(),
            agency,
            number,
            name,
            openings: vec![],
        },
        (number, name) => {
            let faults = [number.is_none().then(range), name.err()];
            return Err(Error::Invalid(faults.into_iter().flatten().collect()));
        }
    };
    let (by, now) = (actor.account, app.clock.now());
    app.db
        .write(move |conn| match counters::insert(conn, &new, by, now)? {
            0 => Err(Error::Invalid(vec![FieldError::new(
                "number",
                "counter-taken",
            )])),
            _ => Ok(new.id),
        })
        .await
}

/// Adds a line to a counter's plan and opens its spans.
///
/// # Errors
/// [`Error::Forbidden`] for everybody but supervisors, [`Error::NotFound`] for another agency's counter,
/// [`Error::Invalid`] with every fault at its field.
pub async fn add_opening(
    app: &App,
    actor: &Actor,
    id: CounterId,
    typed: Typed,
) -> Result<(), Error> {
    let agency = at_agency(actor, PLANNERS)?;
    let app = app.clone();
    let db = app.db.clone();
    db.write(move |conn| {
        guards::counters(conn, agency.pool())?;
        let counter = counter(conn, agency, id)?;
        let opening = read(&typed, &counter.openings, app.office.hours(agency));
        let opening = opening.map_err(Error::Invalid)?;
        counters::insert_opening(conn, agency, id, &opening)?;
        sync(conn, &app, agency)
    })
    .await
}

/// Takes a line out of a counter's plan: nobody else can book its spans, who has a place keeps it.
///
/// # Errors
/// As [`add_opening`].
pub async fn remove_opening(
    app: &App,
    actor: &Actor,
    id: CounterId,
    line: (Weekdays, NaiveTime),
) -> Result<(), Error> {
    let agency = at_agency(actor, PLANNERS)?;
    let app = app.clone();
    let db = app.db.clone();
    db.write(move |conn| {
        guards::counters(conn, agency.pool())?;
        counter(conn, agency, id)?;
        counters::delete_opening(conn, agency, id, line)?;
        sync(conn, &app, agency)
    })
    .await
}

fn counter(conn: &mut Conn<'_>, agency: AgencyCode, id: CounterId) -> Result<Counter, Error> {
    let all = counters::of_agency(conn, agency)?;
    let found = all.into_iter().find(|counter| counter.id == id);
    found.ok_or(Error::NotFound)
}

/// Closes a day: whoever has a place on it is told that it is cancelled.
///
/// # Errors
/// [`Error::Forbidden`] for everybody but supervisors, [`Error::Invalid`] at `day` and `reason`.
pub async fn close_day(
    app: &App,
    actor: &Actor,
    day: Option<Day>,
    reason: &str,
) -> Result<(), Error> {
    let agency = at_agency(actor, PLANNERS)?;
    let fresh = Fresh::new(app);
    let today = fresh.at.day();
    let range = today..=today + Days::new(CLOSED_AHEAD);
    let day = match day {
        None => Err(FieldError::new("day", "required")),
        Some(day) if !range.contains(&day) => Err(FieldError::new("day", "day-impossible")),
        Some(day) => Ok(day),
    };
    let closed = match (day, words("reason", reason)) {
        (Ok(day), Ok(reason)) => ClosedDay { day, reason },
        (day, reason) => {
            let faults = [day.err(), reason.err()];
            return Err(Error::Invalid(faults.into_iter().flatten().collect()));
        }
    };
    let by = actor.account;
    app.db
        .write(move |conn| {
            guards::counters(conn, agency.pool())?;
            counters::close_day(conn, agency, &closed, by, fresh.at)?;
            sync(conn, &fresh.app, agency)?;
            for (one, ..) in appointments::of_day(conn, agency, closed.day)? {
                let is_open = matches!(one.state, State::Booked | State::Waiting);
                if !is_open || one.starts_at <= fresh.at {
                    continue;
                }
                appointments::settle(conn, &one, State::Cancelled, Some(by), fresh.at)?;
                if one.state == State::Booked {
                    slots::release(conn, one.pool, one.slot)?;
                    telling::tell(conn, &fresh, &one, Kind::AppointmentCancelled)?;
                }
            }
            Ok(())
        })
        .await
}

/// Opens a closed day again.
///
/// # Errors
/// [`Error::Forbidden`] for everybody but supervisors.
pub async fn open_day(app: &App, actor: &Actor, day: Day) -> Result<(), Error> {
    let agency = at_agency(actor, PLANNERS)?;
    let app = app.clone();
    let db = app.db.clone();
    db.write(move |conn| {
        guards::counters(conn, agency.pool())?;
        counters::open_day(conn, agency, day)?;
        sync(conn, &app, agency)
    })
    .await
}
