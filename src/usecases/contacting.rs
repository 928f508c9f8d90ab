//! Contacts between agencies (XR-4, XR-5): who asks whom, by way of whom, and what an answer sets going. A contact never
//! suspends the effect of a registration. Each side sees its own rows; nobody sees the other's case.
//!
//! [`asking`] a message and the next leg of its way, [`answering`] answers and what they move, [`silence`] what time
//! does, [`redating`] what holidays do, [`reading`] lists and single ones, [`files`] what goes along, [`telling`] who is told.

mod answering;
mod asking;
pub mod files;
mod reading;
pub mod redating;
pub mod silence;
mod telling;

pub use answering::{Reply, answer};
pub use asking::{ASKERS, ask_again, check};
pub use reading::{Asked, Opened, Place, open, overdue, page, panel, place, reveal};

use uuid::Uuid;

use super::App;
use super::error::Error;
use super::zero_material::reach;
use crate::clock::Clock;
use crate::domain::case::Case;
use crate::domain::contact::{Answered, Outcome, Purpose};
use crate::domain::ids::{ContactId, Identifier};
use crate::domain::patient::{Patient, Progress};
use crate::domain::registration::{Standing, same_destination};
use crate::domain::time::Ts;
use crate::store::messages::Bag;
use crate::store::{Conn, contacts, patients, registrations};

pub(super) use asking::{asked_before, on_step};

/// Kind of the registrations that a patient of the ledger is asked for (XR-3).
const COVID: &str = "covid";

/// What a message needs that is made before its transaction, so that a rerun writes the same rows.
pub(super) struct Fresh<'a> {
    /// Identifier of the message.
    pub contact: ContactId,
    /// Of what people are told.
    pub messages: &'a Bag,
    /// Business time.
    pub at: Ts,
    /// The machine's time.
    pub real: Ts,
}

/// Identifiers that follow from the one of what caused a message: an entry and a case cause one each.
fn derived(cause: impl Identifier) -> (ContactId, Bag) {
    let id = cause.uuid();
    // Of its own among the identifiers of messages: what else an entry or a case causes may follow from it too.
    let messages = Uuid::from_u128(id.as_u128() ^ (0x0c0_u128 << 48));
    (ContactId::from(id), Bag::of(messages.into()))
}

/// A patient insured elsewhere was entered into the ledger: the place of treatment asks (XR-4 in one province, XR-5 from
/// another), unless the registration is there already.
///
/// # Errors
/// The database's.
pub(super) fn on_entry(
    conn: &mut Conn<'_>,
    app: &App,
    patient: &Patient,
    now: Ts,
) -> Result<(), Error> {
    let (contact, messages) = derived(patient.id);
    let fresh = Fresh {
        contact,
        messages: &messages,
        at: now,
        real: Clock::real(),
    };
    let of = (patient.pool, patient.id);
    let Some(entry) = patients::find(conn, patient.pool, patient.id)? else {
        return Ok(());
    };
    let registered = match patient.person {
        Some(person) => registrations::of_person(conn, person)?.iter().any(|one| {
            one.kind == COVID
                && one.standing == Standing::Active
                && same_destination(&one.destination, patient.pool.as_str())
        }),
        None => false,
    };
    let to = match registered {
        true => Progress::Registered,
        false if asking::of_entry(conn, app, &entry, (None, ""), &fresh)? => Progress::Asked,
        false => return Ok(()),
    };
    Ok(reach(conn, of, to, now)?)
}

/// A registration of a patient came into force: what was asked of the place of insurance is answered by it.
///
/// # Errors
/// The database's.
pub(super) fn on_registered(
    conn: &mut Conn<'_>,
    app: &App,
    case: &Case,
    now: Ts,
) -> Result<(), Error> {
    let (contact, messages) = derived(case.id);
    let fresh = Fresh {
        contact,
        messages: &messages,
        at: now,
        real: Clock::real(),
    };
    for one in contacts::waiting_for(conn, case.person, Purpose::Register)? {
        if one.matter.target.pool() != case.pool {
            continue;
        }
        let answered = Answered {
            outcome: Outcome::Done,
            remark: case.receipt_no.clone(),
            voucher: None,
            by: None,
            at: now,
        };
        answering::conclude(conn, app, &one, answered, &fresh)?;
    }
    Ok(())
}

/// Nothing is to be registered for an entry any more: it was excluded, or is insured elsewhere than was asked. Who was asked
/// sees that no answer is needed.
///
/// # Errors
/// The database's.
pub(super) fn on_needless(conn: &mut Conn<'_>, patient: &Patient, now: Ts) -> Result<(), Error> {
    Ok(contacts::close_of_patient(
        conn,
        patient.pool,
        patient.id,
        now,
    )?)
}
