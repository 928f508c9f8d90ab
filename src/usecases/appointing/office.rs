//! The day sheet of an agency's counters, and marking who came (RB-2, RB-3).

use crate::domain::actor::{Actor, Role};
use crate::domain::appointment::{self as rules, State, Step};
use crate::domain::id_number::IdNumber;
use crate::domain::ids::AppointmentId;
use crate::domain::place::AgencyCode;
use crate::domain::time::Day;
use crate::store::Conn;
use crate::store::appointments::{self, Appointment};
use crate::usecases::error::{Already, Conflict};
use crate::usecases::{App, Error};

/// Who sees the day sheet and marks who came.
pub const DESK: &[Role] = &[Role::Handler, Role::Supervisor];

/// A line of the day sheet.
#[derive(Clone, Debug)]
pub struct Seat {
    /// The booking.
    pub appointment: Appointment,
    /// Who comes.
    pub name: String,
    /// Their ID number, masked.
    pub id_number: String,
    /// What can be done to it now.
    pub steps: Vec<Step>,
}

pub(super) fn at_agency(actor: &Actor, roles: &[Role]) -> Result<AgencyCode, Error> {
    actor.require(roles)?;
    actor.agency.ok_or(Error::Forbidden)
}

/// Who comes on a day, in the order of time and counters: whoever has a place, came or did not.
///
/// # Errors
/// [`Error::Forbidden`] for other roles.
pub async fn day_sheet(app: &App, actor: &Actor, day: Day) -> Result<Vec<Seat>, Error> {
    let agency = at_agency(actor, DESK)?;
    let now = app.clock.now();
    let rows = app
        .db
        .read(move |conn| appointments::of_day(conn, agency, day).map_err(Error::from))
        .await?;
    let is_listed =
        |one: &Appointment| matches!(one.state, State::Booked | State::Attended | State::NoShow);
    let seat = |(appointment, name, number): (Appointment, String, String)| {
        let span = (appointment.starts_at, appointment.ends_at);
        let may = |step: &Step| rules::allows(appointment.state, *step, span, now);
        Seat {
            steps: [Step::Attend, Step::Miss].into_iter().filter(may).collect(),
            id_number: IdNumber::from_stored(&number)
                .map_or_else(|_| String::new(), |number| number.masked()),
            name,
            appointment,
        }
    };
    Ok(rows
        .into_iter()
        .filter(|(one, ..)| is_listed(one))
        .map(seat)
        .collect())
}

/// A booking of the own agency.
///
/// # Errors
/// [`Error::Forbidden`] for other roles, [`Error::NotFound`] for another agency's.
pub async fn of_desk(app: &App, actor: &Actor, id: AppointmentId) -> Result<Appointment, Error> {
    let agency = at_agency(actor, DESK)?;
    app.db.read(move |conn| here(conn, agency, id)).await
}

fn here(conn: &mut Conn<'_>, agency: AgencyCode, id: AppointmentId) -> Result<Appointment, Error> {
    let one = appointments::find(conn, id)?.ok_or(Error::NotFound)?;
    match one.agency == agency {
        true => Ok(one),
        false => Err(Error::NotTheirs),
    }
}

/// Marks that somebody came, or did not; marked so already, nothing happens.
///
/// # Errors
/// [`Error::Forbidden`] for other roles, [`Error::NotFound`] for another agency's, [`Error::Conflict`] when it is not the
/// time for it.
pub async fn mark(
    app: &App,
    actor: &Actor,
    id: AppointmentId,
    step: Step,
) -> Result<Appointment, Error> {
    let agency = at_agency(actor, DESK)?;
    let (now, by) = (app.clock.now(), actor.account);
    let state = match step {
        Step::Attend => State::Attended,
        Step::Miss => State::NoShow,
        Step::Move | Step::Cancel => return Err(Error::NotFound),
    };
    app.db
        .write(move |conn| {
            let one = here(conn, agency, id)?;
            if one.state == state {
                return Ok(one);
            }
            let may = rules::allows(one.state, step, (one.starts_at, one.ends_at), now);
            let done = may && appointments::settle(conn, &one, state, Some(by), now)? > 0;
            match done {
                true => here(conn, agency, id),
                false => Err(Error::Conflict(Conflict::Already(
                    Already::AppointmentSettled,
                ))),
            }
        })
        .await
}
