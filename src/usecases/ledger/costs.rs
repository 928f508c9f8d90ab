//! Costs of a patient, kept apart (XR-6): entered by the institution's clerks, taken back by another row.

use super::{WRITERS, visible};
use crate::clock::Clock;
use crate::domain::actor::Actor;
use crate::domain::form::FieldError;
use crate::domain::ids::{CostId, PatientId};
use crate::domain::money::Fen;
use crate::domain::patient::cost::{self, Cost, RawCost};
use crate::store::StoreError;
use crate::store::patients::costs::{self, Booked};
use crate::usecases::App;
use crate::usecases::error::{Conflict, EntryConflict, Error};

/// Enters a cost.
///
/// # Errors
/// [`Error::Invalid`] for a day outside the stay, nothing as amount; [`Error::NotFound`] for an entry that is not the
/// institution's.
pub async fn add(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    raw: RawCost,
    amount: Result<Fen, FieldError>,
) -> Result<Booked, Error> {
    actor.require(WRITERS)?;
    let (actor, id, now) = (actor.clone(), Clock::new_id(), app.clock.now());
    app.db
        .write(move |conn| {
            let (entered, _) = visible(conn, &actor, patient)?;
            let patient = &entered.patient;
            let cost =
                cost::read(id, &raw, amount.clone(), patient, now.day()).map_err(Error::Invalid)?;
            let booked = Booked {
                cost,
                by: actor.account,
                at: now,
            };
            costs::insert(conn, (patient.pool, patient.id), &booked)?;
            Ok(booked)
        })
        .await
}

/// Takes a cost back, with the reason.
///
/// # Errors
/// [`Error::Invalid`] without a reason, [`Error::Conflict`] when it was taken back before or takes back itself,
/// [`Error::NotFound`] when there is none.
pub async fn take_back(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    cost: CostId,
    reason: String,
) -> Result<Booked, Error> {
    actor.require(WRITERS)?;
    let (actor, id, now) = (actor.clone(), Clock::new_id(), app.clock.now());
    let saved = app
        .db
        .write(move |conn| {
            let (entered, _) = visible(conn, &actor, patient)?;
            let patient = &entered.patient;
            let booked = costs::of_patient(conn, patient.pool, patient.id)?;
            let all: Vec<Cost> = booked.into_iter().map(|one| one.cost).collect();
            let wrong = all
                .iter()
                .find(|one| one.id == cost)
                .ok_or(Error::NotFound)?;
            let back = wrong
                .taken_back(id, &all, &reason)
                .map_err(|fault| match fault {
                    Some(fault) => Error::Invalid(vec![fault]),
                    None => gone(),
                })?;
            let booked = Booked {
                cost: back,
                by: actor.account,
                at: now,
            };
            costs::insert(conn, (patient.pool, patient.id), &booked)?;
            Ok(booked)
        })
        .await;
    match saved {
        // Somebody else did at the same moment.
        Err(Error::Store(StoreError::NotUnique(_))) => Err(gone()),
        other => other,
    }
}

fn gone() -> Error {
    Error::Conflict(Conflict::Entry(EntryConflict::CostTakenBack))
}
