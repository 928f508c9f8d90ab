//! Registrations that rest on the patient ledger (XR-3): what filing one sets going, what an entry or its change does to
//! them, in the transaction that causes it. What an entry says is the ledger's; nothing here writes to one but how far its
//! registration has come.

mod pressing;
mod standing;

pub use pressing::{For, find, offer, register};
pub use standing::{Ground, Offer, RestsOn, of_person, own};

pub(super) use pressing::admit;
pub(super) use standing::ground;

use super::error::Error;
use super::saving::StepIds;
use super::telling::tell_person;
use super::{App, contacting};
use crate::domain::case::Case;
use crate::domain::ids::{CaseId, PatientId};
use crate::domain::item::Effect;
use crate::domain::notice::{self, Kind};
use crate::domain::patient::{Patient, Progress};
use crate::domain::place::Pool;
use crate::domain::registration::{Registration, Standing};
use crate::domain::time::Ts;
use crate::domain::zero_material::{Course, course, follow, is_found};
use crate::store::patients::Saved;
use crate::store::{Conn, StoreError, cases, guards, patients, registrations, resting};

/// A filing passed its rules: what is in force from now on is told to the entry it rests on, and to whoever was asked for
/// it (XR-4).
///
/// # Errors
/// The database's.
pub(super) fn on_filed(
    conn: &mut Conn<'_>,
    app: &App,
    (case, effects): (&Case, &[Effect]),
    now: Ts,
) -> Result<(), Error> {
    for effect in effects {
        match effect {
            Effect::RestOn(pool, patient) => {
                reach(conn, (*pool, *patient), Progress::Registered, now)?;
            }
            Effect::OpenRegistration {
                standing: Standing::Active | Standing::Ended,
                ..
            } => contacting::on_registered(conn, app, case, now)?,
            Effect::OpenRegistration { .. }
            | Effect::ClaimRegistration(_)
            | Effect::ActivateRegistration
            | Effect::CancelRegistration
            | Effect::DropRegistration
            | Effect::VoidRegistration
            | Effect::RecordRegistration => {}
        }
    }
    Ok(())
}

/// How far the registration of the entry has come on which a case rests, if it rests on one.
pub(super) fn note(conn: &mut Conn<'_>, case: &Case, progress: Progress) -> Result<(), StoreError> {
    match resting::of_case(conn, case.pool, case.id)? {
        Some(entry) => reach(
            conn,
            entry,
            progress,
            case.closed_at.unwrap_or(case.filed_at),
        ),
        None => Ok(()),
    }
}

/// The registration of an entry has come so far, which is a change of the entry like any other.
pub(super) fn reach(
    conn: &mut Conn<'_>,
    (pool, id): (Pool, PatientId),
    to: Progress,
    at: Ts,
) -> Result<(), StoreError> {
    let found = patients::find(conn, pool, id)?.map(|entered| entered.patient);
    let Some(before) = found.filter(|patient| patient.progress != to) else {
        return Ok(());
    };
    let (after, change) = before.with_progress(to);
    match patients::save(conn, (&before, &after), None, &change, (None, at))? {
        Saved::Done => Ok(()),
        // The hospital changed it at this moment; the next try sees how.
        Saved::Stale => Err(StoreError::Busy),
    }
}

/// A patient was entered into the ledger: a registration that was filed under pledge is found again in the entry, and
/// follows it from now on.
///
/// # Errors
/// The database's.
pub(super) fn on_entry(
    conn: &mut Conn<'_>,
    app: &App,
    patient: &Patient,
    now: Ts,
) -> Result<(), Error> {
    let Some(person) = patient.person.filter(|_| patient.status.is_covid()) else {
        return Ok(());
    };
    for (pool, case) in registrations::cases_of_person(conn, person)? {
        guards::person_registrations(conn, pool, person)?;
        let registration = registrations::of_case(conn, pool, case)?;
        let found = registration.filter(|one| is_found(one, patient));
        if let Some(registration) = found
            && resting::of_case(conn, pool, case)?.is_none()
        {
            let course = course(patient.admitted_on, patient.discharged_on);
            let entry = (patient.pool, patient.id);
            resting::rest_anew(conn, (pool, case), entry, now)?;
            reach(conn, entry, Progress::Registered, now)?;
            let case = lead(conn, (pool, case), (&registration, patient), course, now)?;
            contacting::on_registered(conn, app, &case, now)?;
            return Ok(());
        }
    }
    Ok(())
}

/// An entry of the ledger changed: the discharge closes the registration, an exclusion ends it, a condition that is
/// confirmed again opens it.
///
/// # Errors
/// The database's.
pub(super) fn on_change(
    conn: &mut Conn<'_>,
    app: &App,
    (before, after): (&Patient, &Patient),
    now: Ts,
) -> Result<(), Error> {
    let says = |one: &Patient| (one.person, one.status, one.admitted_on, one.discharged_on);
    if says(before) == says(after) {
        return Ok(());
    }
    let mut theirs = false;
    for (pool, id) in resting::cases_of(conn, (after.pool, after.id))? {
        let listed = cases::by_id(conn, pool, id)?.ok_or(Error::NotFound)?;
        theirs |= after.person == Some(listed.case.person);
        guards::person_registrations(conn, pool, listed.case.person)?;
        let Some(registration) = registrations::of_case(conn, pool, id)? else {
            continue;
        };
        if let Some(course) = follow(&registration, after, now.day()) {
            lead(conn, (pool, id), (&registration, after), course, now)?;
        }
    }
    match theirs {
        true => Ok(()),
        false => on_entry(conn, app, after, now),
    }
}

/// Lets a registration follow its entry; whose ends by it is told.
fn lead(
    conn: &mut Conn<'_>,
    (pool, case): (Pool, CaseId),
    (registration, entry): (&Registration, &Patient),
    course: Course,
    now: Ts,
) -> Result<Case, Error> {
    let listed = cases::by_id(conn, pool, case)?.ok_or(Error::NotFound)?;
    let place = match entry.person == Some(registration.person) {
        true => entry.pool.as_str(),
        false => registration.destination.as_str(),
    };
    registrations::follow(conn, pool, case, place, course)?;
    if registration.standing == Standing::Active && course.standing == Standing::Ended {
        let notice = notice::about(&listed.case, Kind::RegistrationEnded).without("due");
        // The entry's transaction knows of no case before it looks. A run that is rolled back leaves no message, so
        // that an identifier made here was seen by nobody.
        tell_person(conn, &listed.case, &notice, now, &StepIds::new())?;
    }
    Ok(listed.case)
}
