//! Booking, moving and giving up (RB-2). A place is had before another is given back, in one transaction.

use super::reading::{entrusted, find, insured};
use super::{Fresh, free, telling};
use crate::clock::Clock;
use crate::domain::actor::Actor;
use crate::domain::appointment::{self as rules, MOST_OPEN, State, Step};
use crate::domain::form::FieldError;
use crate::domain::ids::{AppointmentId, PersonId, SlotId};
use crate::domain::notice::Kind;
use crate::domain::place::Pool;
use crate::domain::time::Ts;
use crate::store::appointments::slots::{self, Slot};
use crate::store::appointments::{self, Appointment, New, Written};
use crate::store::{Conn, StoreError};
use crate::usecases::error::{Already, Conflict};
use crate::usecases::{App, Error};

/// What somebody wants.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Which span.
    pub slot: SlotId,
    /// Slug of the item.
    pub item: String,
    /// Who comes; the reader where nobody is named.
    pub person: Option<PersonId>,
    /// What to do when it is full.
    pub wish: Wish,
}

/// What to do when a span is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Nothing: another one is looked for.
    Place,
    /// Wait until somebody gives a place up.
    OrWait,
}

/// Books a place, or waits for one. Booked again, the same booking is answered.
///
/// # Errors
/// [`Error::Forbidden`] for who books nothing, [`Error::Invalid`] at `item` and `for`, [`Error::NotFound`] for a span of
/// an agency that does not insure the person, [`Error::Conflict`] when it is full or past, or the person has a place on
/// that day.
pub async fn book(app: &App, actor: &Actor, wanted: Wanted) -> Result<Appointment, Error> {
    let person = entrusted(actor, wanted.person, &wanted.item)?;
    let fresh = Fresh::new(app);
    let new = New {
        id: Clock::new_id(),
        person,
        item: wanted.item.clone(),
        by: actor.account,
        at: fresh.at,
    };
    app.db
        .write(move |conn| {
            let agency = insured(conn, person, fresh.at)?;
            let slot = slots::find(conn, agency.pool(), wanted.slot)?;
            let slot = slot.filter(|slot| slot.agency == agency);
            let slot = slot.ok_or(Error::NotFound)?;
            if let Some(before) = standing(conn, &new, &slot)? {
                return Ok(before);
            }
            open(&slot, fresh.at)?;
            let booked = match slots::take(conn, slot.pool, slot.id)? {
                Some(number) => {
                    enter(conn, &fresh, &slot, &new, number)?;
                    Some(Kind::AppointmentBooked)
                }
                None if wanted.wish == Wish::OrWait => {
                    written(wait(conn, &slot, &new)?)?;
                    None
                }
                None => return Err(conflict(Already::SlotFull)),
            };
            let one = find(conn, new.id)?;
            if let Some(kind) = booked {
                telling::tell(conn, &fresh, &one, kind)?;
            }
            Ok(one)
        })
        .await
}

/// The booking of the same span that the person has already; not too many others either.
fn standing(conn: &mut Conn<'_>, new: &New, slot: &Slot) -> Result<Option<Appointment>, Error> {
    let mut all = appointments::of_persons(conn, &[new.person], new.at)?;
    all.retain(|one| matches!(one.state, State::Booked | State::Waiting));
    if let Some(same) = all.iter().find(|one| one.slot == slot.id) {
        return Ok(Some(same.clone()));
    }
    match all.len() >= MOST_OPEN {
        true => Err(Error::Invalid(vec![
            FieldError::new("slot", "too-many-appointments").with("most", MOST_OPEN),
        ])),
        false => Ok(None),
    }
}

fn open(slot: &Slot, now: Ts) -> Result<(), Error> {
    match rules::is_bookable(slot.span.starts_at, now) {
        true => Ok(()),
        false => Err(conflict(Already::SlotClosed)),
    }
}

/// Enters the booking of a place that was taken.
fn enter(
    conn: &mut Conn<'_>,
    fresh: &Fresh,
    slot: &Slot,
    new: &New,
    number: i32,
) -> Result<(), Error> {
    let (code, remind_at) = fresh.place(slot.number, slot.span.starts_at, number);
    let place = Some((code.as_str(), remind_at));
    written(appointments::insert(conn, slot, new, place)?)
}

/// Under the guard of the span a place may have become free meanwhile: then it is for whoever asks next.
fn wait(conn: &mut Conn<'_>, slot: &Slot, new: &New) -> Result<Written, StoreError> {
    slots::guard(conn, slot.pool, slot.id)?;
    let day = slot.span.starts_at.day();
    match appointments::has_place(conn, slot.pool, new.person, day)? {
        true => Ok(Written::Already),
        false => appointments::insert(conn, slot, new, None),
    }
}

fn written(written: Written) -> Result<(), Error> {
    match written {
        Written::Done => Ok(()),
        Written::Already => Err(conflict(Already::AppointmentSameDay)),
    }
}

fn conflict(already: Already) -> Error {
    Error::Conflict(Conflict::Already(already))
}

/// Takes another place for a booking; the old one is given back only when the new one is had.
///
/// # Errors
/// [`Error::NotFound`] for what is not theirs, [`Error::Conflict`] when it can no longer be moved, or the new span is full
/// or past, or the person has another place on that day.
pub async fn move_to(
    app: &App,
    actor: &Actor,
    id: AppointmentId,
    to: SlotId,
) -> Result<Appointment, Error> {
    let fresh = Fresh::new(app);
    let (actor, new) = (actor.clone(), Clock::new_id());
    app.db
        .write(move |conn| {
            let one = super::reading::theirs(conn, &actor, id)?;
            if one.slot == to && one.state == State::Booked {
                return Ok(one);
            }
            follow(&one, Step::Move, fresh.at)?;
            let slot = place_of(conn, &one, to, fresh.at)?;
            let new = New {
                id: new,
                person: one.person,
                item: one.item.clone(),
                by: actor.account,
                at: fresh.at,
            };
            slots::guard_both(conn, one.pool, (one.slot, to))?;
            let number = slots::take(conn, slot.pool, slot.id)?;
            let number = number.ok_or_else(|| conflict(Already::SlotFull))?;
            settle(conn, &one, State::Moved, (&actor, fresh.at))?;
            enter(conn, &fresh, &slot, &new, number)?;
            free(conn, &fresh, one.pool, one.slot)?;
            let moved = find(conn, new.id)?;
            telling::tell(conn, &fresh, &moved, Kind::AppointmentMoved)?;
            Ok(moved)
        })
        .await
}

fn place_of(conn: &mut Conn<'_>, one: &Appointment, to: SlotId, now: Ts) -> Result<Slot, Error> {
    let pool: Pool = one.pool;
    let slot = slots::find(conn, pool, to)?;
    let slot = slot.filter(|slot| slot.agency == one.agency);
    let slot = slot.ok_or(Error::NotFound)?;
    open(&slot, now)?;
    Ok(slot)
}

fn follow(one: &Appointment, step: Step, now: Ts) -> Result<(), Error> {
    match rules::allows(one.state, step, (one.starts_at, one.ends_at), now) {
        true => Ok(()),
        false => Err(conflict(Already::AppointmentSettled)),
    }
}

fn settle(
    conn: &mut Conn<'_>,
    one: &Appointment,
    state: State,
    (actor, at): (&Actor, Ts),
) -> Result<(), Error> {
    match appointments::settle(conn, one, state, Some(actor.account), at)? {
        0 => Err(conflict(Already::AppointmentSettled)),
        _ => Ok(()),
    }
}

/// Gives a booking or a place on a waiting list up.
///
/// # Errors
/// [`Error::NotFound`] for what is not theirs, [`Error::Conflict`] when it can no longer be given up.
pub async fn cancel(app: &App, actor: &Actor, id: AppointmentId) -> Result<Appointment, Error> {
    let fresh = Fresh::new(app);
    let actor = actor.clone();
    app.db
        .write(move |conn| {
            let one = super::reading::theirs(conn, &actor, id)?;
            follow(&one, Step::Cancel, fresh.at)?;
            // The span before the booking, as everybody takes them.
            slots::guard(conn, one.pool, one.slot)?;
            settle(conn, &one, State::Cancelled, (&actor, fresh.at))?;
            if one.state == State::Booked {
                free(conn, &fresh, one.pool, one.slot)?;
                telling::tell(conn, &fresh, &one, Kind::AppointmentCancelled)?;
            }
            find(conn, id)
        })
        .await
}
