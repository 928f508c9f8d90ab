//! What becomes of an entry: another condition, the discharge, a correction with its reason (IN-4). Each takes the version
//! that was seen.

use super::{Desk, WRITERS, known, refuse_overlap, refused, stale, visible};
use crate::domain::actor::Actor;
use crate::domain::form::FieldError;
use crate::domain::ids::PatientId;
use crate::domain::patient::course::{Change, Refusal};
use crate::domain::patient::entry::{self, Raw, past_day};
use crate::domain::patient::{Patient, Status};
use crate::domain::text::cleaned;
use crate::store::patients::Entered;
use crate::store::{Conn, guards, patients};
use crate::usecases::App;
use crate::usecases::error::Error;

/// Gives an entry another condition.
///
/// # Errors
/// [`Error::Conflict`] with an old version or where it can't follow, [`Error::Invalid`] where a reason is missing,
/// [`Error::NotFound`] for an entry that is not the institution's.
pub async fn set_status(
    app: &App,
    actor: &Actor,
    (id, version): (PatientId, u32),
    to: Status,
    reason: String,
) -> Result<Entered, Error> {
    change(app, actor, (id, version), move |before| {
        before.with_status(to, &reason)
    })
    .await
}

/// Ends the stay.
///
/// # Errors
/// As [`set_status`].
pub async fn discharge(
    app: &App,
    actor: &Actor,
    (id, version): (PatientId, u32),
    on: &str,
) -> Result<Entered, Error> {
    actor.require(WRITERS)?;
    let day = match cleaned(on).as_str() {
        "" => Err("required"),
        typed => past_day(typed, app.clock.now().day()),
    };
    let fault = |code| Error::Invalid(vec![FieldError::new("discharged_on", code)]);
    let day = day.map_err(fault)?;
    change(app, actor, (id, version), move |before| {
        before.with_discharge(day)
    })
    .await
}

async fn change(
    app: &App,
    actor: &Actor,
    (id, version): (PatientId, u32),
    step: impl Fn(&Patient) -> Result<(Patient, Change), Refusal> + Send + 'static,
) -> Result<Entered, Error> {
    actor.require(WRITERS)?;
    let (work, actor, now) = (app.clone(), actor.clone(), app.clock.now());
    app.db
        .write(move |conn| {
            let (desk, before) = own(conn, &work, &actor, (id, version), now)?;
            let before = &before.patient;
            let (after, change) = step(before).map_err(|refusal| refused(refusal, before))?;
            desk.save(conn, before, &after, None, &change)
        })
        .await
}

/// The desk and an entry of its institution, as it was seen.
fn own<'a>(
    conn: &mut Conn<'_>,
    app: &'a App,
    actor: &Actor,
    (id, version): (PatientId, u32),
    now: crate::domain::time::Ts,
) -> Result<(Desk<'a>, Entered), Error> {
    let (before, _) = visible(conn, actor, id)?;
    let desk = Desk::of(conn, app, actor, now)?;
    match before.patient.version == version {
        true => Ok((desk, before)),
        false => Err(stale(&before.patient)),
    }
}

/// Corrects what was entered wrong; the condition has a course of its own and stays. Nothing different changes nothing.
///
/// # Errors
/// As [`set_status`]; faults and contradictions as when entering, [`Error::Conflict`] when the corrected stay overlaps
/// another.
pub async fn correct(
    app: &App,
    actor: &Actor,
    (id, version): (PatientId, u32),
    raw: &Raw,
    reason: String,
) -> Result<Entered, Error> {
    actor.require(WRITERS)?;
    let now = app.clock.now();
    let (work, actor, raw) = (app.clone(), actor.clone(), raw.clone());
    app.db
        .write(move |conn| {
            let (desk, before) = own(conn, &work, &actor, (id, version), now)?;
            let mut raw = raw.clone();
            before.patient.status.as_str().clone_into(&mut raw.status);
            // The number is shown masked and stays unless another is typed.
            if cleaned(&raw.id_number).is_empty() {
                before.id_number.as_str().clone_into(&mut raw.id_number);
            }
            let regions = &work.office.regions;
            let entry = entry::read(&raw, now.day(), regions).map_err(Error::Invalid)?;
            let (pool, institution) = (desk.at.pool, desk.at.institution);
            guards::institution_stays(conn, pool, institution, &entry.id_number)?;
            let known = known(conn, &entry)?;
            let new = entry::agreed(entry, known.as_ref()).map_err(Error::Invalid)?;
            let stays = patients::at_institution(conn, pool, institution, &new.entry.id_number)?;
            refuse_overlap(&stays, Some(id), &new)?;
            let corrected = before.patient.corrected(&before.id_number, &new, &reason);
            match corrected.map_err(|refusal| refused(refusal, &before.patient))? {
                None => Ok(before),
                Some((after, change)) => {
                    let number = &new.entry.id_number;
                    let other = (*number != before.id_number).then_some(number);
                    desk.save(conn, &before.patient, &after, other, &change)
                }
            }
        })
        .await
}
