//! Registering by one press for a patient of the ledger (XR-3): the resident for themselves, the clerk of the hospital or a
//! handler for them. The filing itself is [`crate::usecases::filing`]'s, the same as anybody's.

use super::standing::{Offer, offered};
use crate::domain::actor::{Actor, Role};
use crate::domain::case::Channel;
use crate::domain::form::FieldError;
use crate::domain::id_number::IdNumber;
use crate::domain::ids::{PatientId, PersonId};
use crate::domain::place::Pool;
use crate::domain::time::{Day, Ts};
use crate::items::cross_region_registration_covid::ITEM;
use crate::store::authorisations::Basis;
use crate::store::resting::{self, Entry};
use crate::store::{Conn, registry};
use crate::usecases::filing::{self, Behalf, Filed, Submission};
use crate::usecases::{App, Error};

/// Who registers patients of the ledger without being asked by them first: treatment does not wait (XR-3).
const REGISTRARS: &[Role] = &[Role::InstitutionClerk, Role::Handler];

/// For which patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum For {
    /// The entry of an identifier.
    Patient(PatientId),
    /// The latest entry of an ID number.
    IdNumber(String),
}

/// What the ledger offers the person who is signed in.
///
/// # Errors
/// The database's.
pub async fn offer(app: &App, actor: &Actor) -> Result<Option<Offer>, Error> {
    let Some(person) = actor.person.filter(|_| actor.role == Role::Resident) else {
        return Ok(None);
    };
    let (app, today) = (app.clone(), app.clock.now().day());
    let db = app.db.clone();
    db.read(move |conn| offered(conn, &app, person, today))
        .await
}

/// The entry for which somebody may register, by the ledger.
///
/// # Errors
/// [`Error::Forbidden`] for who never may; [`Error::Invalid`] at `for` when there is none or none of theirs: one answer for
/// both.
pub async fn find(app: &App, actor: &Actor, whom: For) -> Result<PatientId, Error> {
    actor.require(REGISTRARS)?;
    let (actor, pools, now) = (actor.clone(), pools(app), app.clock.now());
    app.db
        .read(move |conn| {
            let entries = match &whom {
                For::Patient(id) => resting::entry(conn, &pools, *id)?.into_iter().collect(),
                For::IdNumber(typed) => {
                    let number = IdNumber::parse(typed, now.day())
                        .map_err(|_| invalid("id-number-malformed"))?;
                    resting::of_id_number(conn, &number)?
                }
            };
            for entry in entries {
                if entry.stay.status.is_covid() && may(conn, &actor, &entry, now.day())? {
                    return Ok(entry.stay.patient);
                }
            }
            Err(invalid("not-in-ledger"))
        })
        .await
}

/// Registers a patient of the ledger by one press; nothing is asked. `submission` says how it came and by what token.
///
/// # Errors
/// As [`find`] and [`filing::file`]; [`Error::Invalid`] for another item, and for who is not insured in this system, whose
/// place of insurance is asked instead (XR-5).
pub async fn register(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    submission: Submission,
) -> Result<Filed, Error> {
    actor.require(REGISTRARS)?;
    if submission.item != ITEM.slug {
        return Err(invalid("ledger-other-item"));
    }
    let (pools, reader, now) = (pools(app), actor.clone(), app.clock.now());
    let entry = app
        .db
        .read(move |conn| {
            let entry = resting::entry(conn, &pools, patient)?.ok_or(Error::NotFound)?;
            match may(conn, &reader, &entry, now.day())? {
                true => Ok(entry),
                false => Err(Error::NotTheirs),
            }
        })
        .await?;
    let person = insured(app, &entry, now).await?;
    let submission = Submission {
        channel: match actor.role {
            Role::Handler => Channel::Phone,
            _ => Channel::OnBehalf,
        },
        draft: None,
        behalf: Some(Behalf {
            person,
            basis: Basis::Ledger(entry.stay.pool, patient),
        }),
        ..submission
    };
    filing::file(app, actor, submission).await
}

/// Who they are, if a pool of this system insures them.
async fn insured(app: &App, entry: &Entry, now: Ts) -> Result<PersonId, Error> {
    let outside = || invalid("insured-outside");
    let person = entry.person.ok_or_else(outside)?;
    let coverage = app
        .db
        .read(move |conn| registry::coverage_on(conn, person, now.day()).map_err(Error::from))
        .await?;
    coverage.map(|_| person).ok_or_else(outside)
}

/// Whether what a filing by the ledger rests on holds inside its transaction.
///
/// # Errors
/// [`Error::Invalid`] when the entry says something else by now.
pub(in crate::usecases) fn admit(
    conn: &mut Conn<'_>,
    actor: &Actor,
    person: PersonId,
    (pool, patient): (Pool, PatientId),
    now: Ts,
) -> Result<(), Error> {
    let entry = resting::entry(conn, &[pool], patient)?;
    let entry = entry.filter(|one| one.person == Some(person) && one.stay.status.is_covid());
    match entry {
        Some(entry) if may(conn, actor, &entry, now.day())? => Ok(()),
        Some(_) | None => Err(invalid("not-in-ledger")),
    }
}

/// The clerk of the hospital that treats them; handlers of the place of treatment and of the place of insurance.
fn may(conn: &mut Conn<'_>, actor: &Actor, entry: &Entry, today: Day) -> Result<bool, Error> {
    Ok(match actor.role {
        Role::InstitutionClerk => actor.institution == Some(entry.institution),
        Role::Handler if actor.agency == Some(entry.agency) => true,
        Role::Handler => {
            let Some(person) = entry.person else {
                return Ok(false);
            };
            let coverage = registry::coverage_on(conn, person, today)?;
            coverage.is_some_and(|one| actor.agency == Some(one.agency))
        }
        _ => false,
    })
}

/// The pools in which entries can be.
fn pools(app: &App) -> Vec<Pool> {
    let mut pools: Vec<Pool> = app
        .office
        .agencies()
        .values()
        .map(|agency| agency.pool)
        .collect();
    pools.dedup();
    pools
}

fn invalid(code: &str) -> Error {
    Error::Invalid(vec![FieldError::new("for", code)])
}
