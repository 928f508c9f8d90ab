//! Sending a message: the way is computed from the codes of the two regions, and each leg has the clock of its receiver.

use super::telling;
use super::{App, Error, Fresh};
use crate::clock::Clock;
use crate::domain::actor::{Actor, Role};
use crate::domain::case::{Case, Term};
use crate::domain::contact::routing::{Leg, agency_of, next_leg};
use crate::domain::contact::{Contact, Matter, OfCase, Purpose, ReachedBy, Side, Subject};
use crate::domain::form::FieldError;
use crate::domain::ids::{AccountId, ContactId, PatientId};
use crate::domain::ladder::{WorkingTime, rungs};
use crate::domain::patient::{Patient, Progress};
use crate::domain::place::AgencyCode;
use crate::domain::time::Ts;
use crate::domain::workflow::{self, Command};
use crate::store::messages::Bag;
use crate::store::patients::{self, Entered};
use crate::store::{Conn, contacts, registrations, registry, resting};
use crate::usecases::error::{Already, Conflict};
use crate::usecases::saving::StepIds;
use crate::usecases::zero_material::reach;

/// Whether an agency works with this service.
pub(super) fn exists(app: &App, agency: AgencyCode) -> bool {
    app.office.agencies().contains_key(&agency)
}

/// A thread that goes on: its first leg, and how many legs it has.
pub(super) struct Thread {
    /// The first leg's identifier.
    pub id: ContactId,
    /// Legs so far.
    pub legs: u16,
}

/// The run of a receiver's clock for what was sent at `at` (XR-5), and when the service looks at it first: one working hour
/// before its end.
pub(super) fn run_of(app: &App, receiver: AgencyCode, at: Ts) -> (Term, Ts) {
    let (calendar, hours) = (app.calendar(), app.office.hours(receiver));
    let policy = app.office.policies.on(receiver.pool(), at.day());
    let days = u16::try_from(policy.contact_answer().value.0).unwrap_or(u16::MAX);
    let term = workflow::term(1, at, days, &calendar, hours);
    let time = WorkingTime {
        calendar: &calendar,
        hours,
    };
    (term, rungs(time, &term).last_hour)
}

/// Sends a leg: the rows of both sides, the clock of the receiver (XR-5), and word to whoever answers.
pub(super) fn send(
    conn: &mut Conn<'_>,
    app: &App,
    (leg, thread): (Leg, Option<Thread>),
    matter: &Matter,
    by: Option<AccountId>,
    fresh: &Fresh<'_>,
) -> Result<(), Error> {
    let (term, alarm) = run_of(app, leg.receiver, fresh.at);
    let sent = Contact {
        id: fresh.contact,
        side: Side::Sent,
        agency: leg.sender,
        sender: leg.sender,
        receiver: leg.receiver,
        thread: thread.as_ref().map_or(fresh.contact, |thread| thread.id),
        leg: thread.as_ref().map_or(1, |thread| thread.legs + 1),
        matter: matter.clone(),
        sent_by: by,
        sent_at: fresh.at,
        term,
        breached_at: None,
        reached_by: leg.reached_by,
        answered: None,
        version: 1,
    };
    match leg.reached_by {
        ReachedBy::Outside => Ok(contacts::insert(conn, &sent, Some(alarm))?),
        ReachedBy::Service => {
            let received = Contact {
                side: Side::Received,
                agency: leg.receiver,
                ..sent.clone()
            };
            contacts::insert(conn, &sent, None)?;
            contacts::insert(conn, &received, Some(alarm))?;
            let pools = (leg.sender.pool(), leg.receiver.pool());
            contacts::share_files(conn, pools, received.thread)?;
            telling::received(conn, &received, fresh)
        }
    }
}

/// The agency a case's contact goes to: where the person is treated by the ledger, else of the registration's
/// destination. `None` where the case names no place.
fn target(conn: &mut Conn<'_>, case: &Case) -> Result<Option<AgencyCode>, Error> {
    if let Some((pool, patient)) = resting::of_case(conn, case.pool, case.id)? {
        let entry = patients::find(conn, pool, patient)?;
        return Ok(entry.map(|entry| entry.patient.agency));
    }
    let registration = registrations::of_case(conn, case.pool, case.id)?;
    Ok(registration.and_then(|one| agency_of(&one.destination)))
}

/// Whether the agency that a case's contact goes to was asked in it before (CLK-5); asked before a contact only.
///
/// # Errors
/// The database's.
pub(in crate::usecases) fn asked_before(
    conn: &mut Conn<'_>,
    case: &Case,
    command: &Command,
) -> Result<bool, Error> {
    let Command::Contact { .. } = command else {
        return Ok(false);
    };
    let Some(target) = target(conn, case)? else {
        return Ok(false);
    };
    let before = contacts::of_case(conn, case.pool, case.id)?;
    Ok(before.iter().any(|one| one.matter.target == target))
}

/// Writes the message of a case whose handler asks (XR-4), in the transaction that makes the case wait; nothing after
/// other steps.
///
/// # Errors
/// [`Error::Invalid`] at `message` where the case names no other agency.
pub(in crate::usecases) fn on_step(
    conn: &mut Conn<'_>,
    app: &App,
    case: &Case,
    command: &Command,
    (by, ids): (AccountId, &StepIds),
) -> Result<(), Error> {
    let Command::Contact { message } = command else {
        return Ok(());
    };
    let nobody = || Error::Invalid(vec![FieldError::new("message", "contact-nobody")]);
    let target = target(conn, case)?.ok_or_else(nobody)?;
    let leg = next_leg(case.agency, target, |agency| exists(app, agency)).ok_or_else(nobody)?;
    let person = registry::person(conn, case.person)?.ok_or(Error::NotFound)?;
    let matter = Matter {
        purpose: Purpose::Confirm,
        origin: case.agency,
        target,
        case: Some(OfCase {
            pool: case.pool,
            id: case.id,
            receipt_no: case.receipt_no.clone(),
        }),
        patient: resting::of_case(conn, case.pool, case.id)?,
        person: Some(case.person),
        subject: Subject {
            name: person.name,
            id_number: person.id_number,
        },
        message: message.clone(),
    };
    let fresh = Fresh {
        contact: ids.contact,
        messages: &ids.messages,
        at: app.clock.now(),
        real: ids.real,
    };
    send(conn, app, (leg, None), &matter, Some(by), &fresh)
}

/// The agency that insures a patient: by coverage on the day of admission, else the city's of the place they named.
fn insuring(conn: &mut Conn<'_>, patient: &Patient) -> Result<Option<AgencyCode>, Error> {
    let covered = match patient.person {
        Some(person) => registry::coverage_on(conn, person, patient.admitted_on)?,
        None => None,
    };
    let agency = covered.map(|coverage| coverage.agency);
    Ok(agency.or_else(|| agency_of(&patient.insured_at)))
}

/// Writes the message about an entry of the ledger (XR-4, XR-5); whether there was anybody to ask.
pub(super) fn of_entry(
    conn: &mut Conn<'_>,
    app: &App,
    entry: &Entered,
    (by, message): (Option<AccountId>, &str),
    fresh: &Fresh<'_>,
) -> Result<bool, Error> {
    let patient = &entry.patient;
    let insuring = insuring(conn, patient)?.filter(|target| target.pool() != patient.pool);
    let Some(target) = insuring else {
        return Ok(false);
    };
    let Some(leg) = next_leg(patient.agency, target, |agency| exists(app, agency)) else {
        return Ok(false);
    };
    let matter = Matter {
        purpose: Purpose::Register,
        origin: patient.agency,
        target,
        case: None,
        patient: Some((patient.pool, patient.id)),
        person: patient.person,
        subject: Subject {
            name: patient.name.clone(),
            id_number: entry.id_number.as_str().to_owned(),
        },
        message: message.to_owned(),
    };
    send(conn, app, (leg, None), &matter, by, fresh)?;
    Ok(true)
}

/// Who asks about entries of the ledger.
pub const ASKERS: &[Role] = &[Role::Handler, Role::Supervisor];

/// The entry of the own agency that is asked about.
fn own_entry(conn: &mut Conn<'_>, actor: &Actor, id: PatientId) -> Result<Entered, Error> {
    actor.require(ASKERS)?;
    let agency = actor.agency.ok_or(Error::Forbidden)?;
    let entry = patients::find(conn, agency.pool(), id)?.ok_or(Error::NotFound)?;
    if entry.patient.agency != agency {
        return Err(Error::NotTheirs);
    }
    let concerned = |person| actor.person == Some(person) || actor.relatives.contains(&person);
    match entry.patient.person.is_some_and(concerned) {
        true => Err(Error::Forbidden),
        false => Ok(entry),
    }
}

/// Whether the actor may ask about an entry, before it is looked at what they say.
///
/// # Errors
/// [`Error::Forbidden`] for all but handlers and supervisors, and for the own or a relative's (CAS-10);
/// [`Error::NotFound`] for an entry of another agency.
pub async fn check(app: &App, actor: &Actor, patient: PatientId) -> Result<(), Error> {
    let actor = actor.clone();
    app.db
        .read(move |conn| own_entry(conn, &actor, patient).map(drop))
        .await
}

/// The treating agency asks the place of insurance again, or for the first time (XR-4, XR-5); answers the contact.
///
/// # Errors
/// As [`check`]; [`Error::Conflict`] while an earlier message waits, [`Error::Invalid`] for who is insured here.
pub async fn ask_again(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    message: &str,
) -> Result<ContactId, Error> {
    let (contact, messages): (ContactId, _) = (Clock::new_id(), Bag::of(Clock::new_id()));
    let (at, real, message) = (app.clock.now(), Clock::real(), message.to_owned());
    let (app, actor) = (app.clone(), actor.clone());
    let db = app.db.clone();
    db.write(move |conn| {
        let entry = own_entry(conn, &actor, patient)?;
        let of = (entry.patient.pool, patient);
        for one in contacts::of_patient(conn, of.0, of.1)? {
            let thread = contacts::of_thread(conn, one.thread)?;
            if thread.iter().any(|leg| leg.answered.is_none()) {
                return Err(Error::Conflict(Conflict::Already(Already::ContactWaits)));
            }
        }
        let fresh = Fresh {
            contact,
            messages: &messages,
            at,
            real,
        };
        let by = Some(actor.account);
        if !of_entry(conn, &app, &entry, (by, &message), &fresh)? {
            let nobody = FieldError::new("message", "contact-nobody");
            return Err(Error::Invalid(vec![nobody]));
        }
        if entry.patient.progress != Progress::Registered {
            reach(conn, of, Progress::Asked, at)?;
        }
        Ok(contact)
    })
    .await
}
