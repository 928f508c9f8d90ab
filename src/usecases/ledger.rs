//! The patient ledger (IN-4): an institution's clerk enters patients and what becomes of them, costs are recorded to the
//! entry and kept apart (XR-6), the agency of the place of treatment reads. What an entry sets going is called in its own
//! transaction: registrations ([`super::zero_material`]) and contacts between agencies ([`super::contacting`]).
//!
//! [`changing`] condition, discharge, correction, [`costs`], [`reading`], [`importing`] whole lists,
//! [`list_file`] as files.

pub mod changing;
pub mod costs;
pub mod importing;
pub mod list_file;
pub mod reading;

use super::error::{Conflict, EntryConflict, Error};
use super::{App, contacting, zero_material};
use crate::clock::Clock;
use crate::domain::actor::{Actor, LedgerSight, Role};
use crate::domain::id_number::IdNumber;
use crate::domain::ids::{AccountId, PatientId};
use crate::domain::patient::course::{Change, Refusal};
use crate::domain::patient::entry::{self, Entry, Known, NewEntry, Raw, Treated};
use crate::domain::patient::{Patient, Progress, treating_agency};
use crate::domain::place::Pool;
use crate::domain::time::Ts;
use crate::store::patients::{Entered, Saved};
use crate::store::{Conn, guards, institutions, patients, registry};

/// Who writes in the ledger: clerks, in that of their institution.
pub const WRITERS: &[Role] = &[Role::InstitutionClerk];

/// Who reads in it.
pub const READERS: &[Role] = &[
    Role::InstitutionClerk,
    Role::InstitutionDoctor,
    Role::Handler,
    Role::Reviewer,
    Role::Supervisor,
    Role::Auditor,
];

/// What entering a patient did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There is a new entry.
    New,
    /// The same patient with the same day of admission was there: with something new.
    Changed,
    /// The same, with nothing new.
    Same,
}

/// Enters a patient, or what is new of one.
///
/// # Errors
/// [`Error::Forbidden`] for everybody but clerks of an institution; [`Error::Invalid`] for faults and contradictions;
/// [`Error::Conflict`] when another stay there overlaps, or the condition can't follow the one that is there.
pub async fn enter(app: &App, actor: &Actor, raw: &Raw) -> Result<(Outcome, Entered), Error> {
    actor.require(WRITERS)?;
    let now = app.clock.now();
    let entry = entry::read(raw, now.day(), &app.office.regions).map_err(Error::Invalid)?;
    let (actor, id) = (actor.clone(), Clock::new_id());
    let work = app.clone();
    app.db
        .write(move |conn| {
            let desk = Desk::of(conn, &work, &actor, now)?;
            desk.enter(conn, entry.clone(), id)
        })
        .await
}

/// A clerk's place in a transaction.
struct Desk<'a> {
    app: &'a App,
    at: Treated,
    by: AccountId,
    now: Ts,
}

impl<'a> Desk<'a> {
    /// The desk of a clerk's institution.
    fn of(conn: &mut Conn<'_>, app: &'a App, actor: &Actor, now: Ts) -> Result<Self, Error> {
        let id = actor.institution.ok_or(Error::Forbidden)?;
        let place = institutions::find(conn, id)?.ok_or(Error::Forbidden)?;
        let agencies = app.office.agencies();
        let region = place.region.to_string();
        let agency = treating_agency(&region, place.pool, |code| agencies.contains_key(&code));
        Ok(Self {
            app,
            at: Treated {
                pool: place.pool,
                agency,
                institution: id,
            },
            by: actor.account,
            now,
        })
    }

    /// Enters a patient whose columns were read; `id` is that of the entry if it is a new one. Nothing is written when it
    /// is refused.
    fn enter(
        &self,
        conn: &mut Conn<'_>,
        entry: Entry,
        id: PatientId,
    ) -> Result<(Outcome, Entered), Error> {
        let Treated {
            pool, institution, ..
        } = self.at;
        guards::institution_stays(conn, pool, institution, &entry.id_number)?;
        let known = known(conn, &entry)?;
        let new = entry::agreed(entry, known.as_ref()).map_err(Error::Invalid)?;
        let stays = patients::at_institution(conn, pool, institution, &new.entry.id_number)?;
        let same = |stay: &&Entered| stay.patient.admitted_on == new.entry.admitted_on;
        if let Some(before) = stays.iter().find(same) {
            return self.again(conn, before, &new);
        }
        refuse_overlap(&stays, None, &new)?;
        let entered = Entered {
            patient: new.begin(id, self.at),
            id_number: new.entry.id_number.clone(),
            by: self.by,
            at: self.now,
        };
        patients::insert(conn, &entered)?;
        zero_material::on_entry(conn, self.app, &entered.patient, self.now)?;
        let entered = fresh(conn, pool, id)?;
        if asks(&entered.patient) {
            contacting::on_entry(conn, self.app, &entered.patient, self.now)?;
        }
        Ok((Outcome::New, fresh(conn, pool, id)?))
    }

    fn again(
        &self,
        conn: &mut Conn<'_>,
        before: &Entered,
        new: &NewEntry,
    ) -> Result<(Outcome, Entered), Error> {
        let patient = &before.patient;
        let Some((after, change)) = patient.again(new).map_err(|r| refused(r, patient))? else {
            return Ok((Outcome::Same, before.clone()));
        };
        let stays =
            patients::at_institution(conn, self.at.pool, self.at.institution, &before.id_number)?;
        refuse_overlap(&stays, Some(patient.id), new)?;
        let entered = self.save(conn, patient, &after, None, &change)?;
        Ok((Outcome::Changed, entered))
    }

    /// Saves a change and what it sets going; answers the entry as it is then.
    fn save(
        &self,
        conn: &mut Conn<'_>,
        before: &Patient,
        after: &Patient,
        id_number: Option<&IdNumber>,
        change: &Change,
    ) -> Result<Entered, Error> {
        let by = (Some(self.by), self.now);
        match patients::save(conn, (before, after), id_number, change, by)? {
            Saved::Done => {}
            Saved::Stale => return Err(stale(&fresh(conn, before.pool, before.id)?.patient)),
        }
        zero_material::on_change(conn, self.app, (before, after), self.now)?;
        let entered = fresh(conn, before.pool, before.id)?;
        if before.progress == Progress::Asked && !waits(&entered.patient) {
            contacting::on_needless(conn, &entered.patient, self.now)?;
        }
        // Only now is there something to ask of another agency.
        if asks(&entered.patient) && !asks(before) {
            contacting::on_entry(conn, self.app, &entered.patient, self.now)?;
        }
        fresh(conn, before.pool, before.id)
    }
}

/// Whether the place of insurance is to be asked for the registration (XR-4, XR-5).
fn asks(patient: &Patient) -> bool {
    patient.status.is_covid() && patient.progress == Progress::Open
}

/// Whether the answer of the place of insurance is still waited for.
fn waits(patient: &Patient) -> bool {
    patient.status.is_covid() && patient.progress == Progress::Asked
}

fn fresh(conn: &mut Conn<'_>, pool: Pool, id: PatientId) -> Result<Entered, Error> {
    patients::find(conn, pool, id)?.ok_or(Error::NotFound)
}

/// What the registry knows of them on the day of admission (CAS-9).
fn known(conn: &mut Conn<'_>, entry: &Entry) -> Result<Option<Known>, Error> {
    let Some((person, name)) = registry::by_id_number(conn, &entry.id_number)? else {
        return Ok(None);
    };
    let coverage = registry::coverage_on(conn, person, entry.admitted_on)?;
    Ok(Some(Known {
        person,
        name,
        insured: coverage.map(|spell| (spell.pool, spell.scheme.parse().ok())),
    }))
}

/// Nobody lies twice in one institution on the same day.
fn refuse_overlap(stays: &[Entered], but: Option<PatientId>, new: &NewEntry) -> Result<(), Error> {
    let (from, to) = (new.entry.admitted_on, new.entry.discharged_on);
    let other = stays
        .iter()
        .map(|stay| &stay.patient)
        .find(|stay| Some(stay.id) != but && stay.overlaps(from, to));
    match other {
        None => Ok(()),
        Some(other) => Err(Error::Conflict(Conflict::Entry(EntryConflict::Overlap {
            with: other.id,
            admitted_on: other.admitted_on,
        }))),
    }
}

fn stale(patient: &Patient) -> Error {
    Error::Conflict(Conflict::Entry(EntryConflict::Stale {
        status: patient.status,
        version: patient.version,
    }))
}

fn refused(refusal: Refusal, patient: &Patient) -> Error {
    match refusal {
        Refusal::Faults(faults) => Error::Invalid(faults),
        Refusal::State => Error::Conflict(Conflict::Entry(EntryConflict::State {
            status: patient.status,
            version: patient.version,
        })),
    }
}

/// An entry that somebody may see, and as what (IN-4). Somebody else's is not there.
fn visible(
    conn: &mut Conn<'_>,
    actor: &Actor,
    id: PatientId,
) -> Result<(Entered, LedgerSight), Error> {
    let pool = pool_of(actor)?;
    let entered = patients::find(conn, pool, id)?.ok_or(Error::NotFound)?;
    match actor.ledger_sight(&entered.patient) {
        LedgerSight::None => Err(Error::NotTheirs),
        sight @ (LedgerSight::Institution | LedgerSight::Office) => Ok((entered, sight)),
    }
}

/// The pool whose ledger somebody reads.
fn pool_of(actor: &Actor) -> Result<Pool, Error> {
    let of_agency = actor.agency.map(|agency| agency.pool());
    of_agency.or(actor.pool).ok_or(Error::Forbidden)
}
