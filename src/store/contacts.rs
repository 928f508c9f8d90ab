//! Contacts between agencies as stored (XR-4, XR-5): one row on each side that works with this service. Who asks whom and
//! what an answer sets going is not decided here; names, numbers and words are sealed here.

mod alarms;
mod files;
mod lists;
mod rows;

pub use alarms::{Due, claim, due, redate, running, silenced, warned};
pub use files::{
    File, Stored, add_file, file_exists, file_prints_after, files, known_files, share_files,
};
pub use lists::{Filter, Waiting, list, overdue};

use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable};

use super::conn::{Conn, MultiBackend};
use super::error::StoreError;
use super::fragments::literal;
use super::schema::{account, contact};
use crate::domain::actor::Role;
use crate::domain::case::Case;
use crate::domain::contact::{Answered, Contact, Outcome, Purpose, Side};
use crate::domain::ids::{AccountId, CaseId, ContactId, PatientId, PersonId};
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::time::Ts;
use rows::Row;

/// Whether a conditional write did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It did.
    Now,
    /// It was answered before.
    Before,
}

/// Adds one side of a leg; `alarm` is when the service looks at it, on the side that answers.
pub fn insert(conn: &mut Conn<'_>, new: &Contact, alarm: Option<Ts>) -> Result<(), StoreError> {
    let row = Row::of(conn, new, alarm)?;
    diesel::insert_into(contact::table)
        .values(&row)
        .execute(conn.sql)?;
    Ok(())
}

/// One side of a contact.
pub fn find(
    conn: &mut Conn<'_>,
    pool: Pool,
    id: ContactId,
    side: Side,
) -> Result<Option<Contact>, StoreError> {
    let row: Option<Row> = contact::table
        .find((pool, id, side))
        .select(Row::as_select())
        .first(conn.sql)
        .optional()?;
    row.map(|row| row.read(conn)).transpose()
}

/// All rows of a thread in the order of its legs.
pub fn of_thread(conn: &mut Conn<'_>, thread: ContactId) -> Result<Vec<Contact>, StoreError> {
    let rows: Vec<Row> = contact::table
        .filter(contact::thread.eq(thread))
        .order((contact::leg, contact::side.desc()))
        .select(Row::as_select())
        .load(conn.sql)?;
    rows.into_iter().map(|row| row.read(conn)).collect()
}

/// The first legs of all threads about a case, as its agency sent them, the oldest first.
pub fn of_case(conn: &mut Conn<'_>, pool: Pool, case: CaseId) -> Result<Vec<Contact>, StoreError> {
    first_legs(conn, about_case(pool, case))
}

/// The first legs of all threads about an entry of the patient ledger, the oldest first.
pub fn of_patient(
    conn: &mut Conn<'_>,
    pool: Pool,
    patient: PatientId,
) -> Result<Vec<Contact>, StoreError> {
    first_legs(conn, about_patient(pool, patient))
}

/// What a contact is about, as a condition.
type About = Box<dyn BoxableExpression<contact::table, MultiBackend, SqlType = Nullable<Bool>>>;

fn about_case(pool: Pool, case: CaseId) -> About {
    Box::new(
        contact::case_pool
            .eq(pool.to_string())
            .and(contact::case_id.eq(case)),
    )
}

fn about_patient(pool: Pool, patient: PatientId) -> About {
    Box::new(
        contact::patient_pool
            .eq(pool.to_string())
            .and(contact::patient_id.eq(patient)),
    )
}

fn first_legs(conn: &mut Conn<'_>, about: About) -> Result<Vec<Contact>, StoreError> {
    let rows: Vec<Row> = contact::table
        .filter(about)
        .filter(literal("leg = 1 AND side = 'sent'"))
        .order((contact::sent_at, contact::id))
        .select(Row::as_select())
        .load(conn.sql)?;
    rows.into_iter().map(|row| row.read(conn)).collect()
}

/// Contacts of a purpose about a person that wait, as the sides have them that answer.
pub fn waiting_for(
    conn: &mut Conn<'_>,
    person: PersonId,
    purpose: Purpose,
) -> Result<Vec<Contact>, StoreError> {
    let rows: Vec<Row> = contact::table
        .filter(
            contact::person_id
                .eq(person)
                .and(contact::purpose.eq(purpose)),
        )
        .filter(literal(
            "answer IS NULL AND (side = 'received' OR reached_by = 'outside')",
        ))
        .order(contact::id)
        .select(Row::as_select())
        .load(conn.sql)?;
    rows.into_iter().map(|row| row.read(conn)).collect()
}

/// Writes the answer on both sides, if there is none yet: the side that answers is asked in the same statement.
pub fn answer(
    conn: &mut Conn<'_>,
    one: &Contact,
    answered: &Answered,
) -> Result<Settled, StoreError> {
    let ours = contact::table
        .find((one.agency.pool(), one.id, one.side))
        .filter(contact::answer.is_null());
    let remark = conn.vault.seal_text(&answered.remark)?;
    let voucher = answered
        .voucher
        .as_ref()
        .map(|voucher| rows::seal_json(conn, voucher))
        .transpose()?;
    let values = (
        contact::answer.eq(answered.outcome),
        contact::remark.eq(remark),
        contact::answered_who.eq(voucher),
        contact::answered_by.eq(answered.by),
        contact::answered_at.eq(answered.at),
        contact::alarm_at.eq(None::<Ts>),
        contact::version.eq(contact::version + 1),
    );
    if diesel::update(ours).set(values.clone()).execute(conn.sql)? == 0 {
        return Ok(Settled::Before);
    }
    let other = contact::table
        .filter(contact::thread.eq(one.thread))
        .filter(contact::id.eq(one.id).and(contact::side.ne(one.side)));
    diesel::update(other).set(values).execute(conn.sql)?;
    Ok(Settled::Now)
}

/// Closes what still waits about a case that ended: nobody needs the answer any more.
pub fn close_of_case(conn: &mut Conn<'_>, case: &Case, at: Ts) -> Result<(), StoreError> {
    close(conn, about_case(case.pool, case.id), at)
}

/// Closes what still waits about an entry of the ledger for which nothing is to be registered any more.
pub fn close_of_patient(
    conn: &mut Conn<'_>,
    pool: Pool,
    patient: PatientId,
    at: Ts,
) -> Result<(), StoreError> {
    let to_register = about_patient(pool, patient).and(contact::purpose.eq(Purpose::Register));
    close(conn, Box::new(to_register), at)
}

fn close(conn: &mut Conn<'_>, about: About, at: Ts) -> Result<(), StoreError> {
    let waiting = contact::table
        .filter(about)
        .filter(contact::answer.is_null());
    diesel::update(waiting)
        .set((
            contact::answer.eq(Outcome::NotNeeded),
            contact::answered_at.eq(at),
            contact::alarm_at.eq(None::<Ts>),
            contact::version.eq(contact::version + 1),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// The open logins that speak for an agency in contacts: its handlers, or the provincial centre's.
pub fn speakers(conn: &mut Conn<'_>, agency: AgencyCode) -> Result<Vec<AccountId>, StoreError> {
    Ok(account::table
        .filter(account::agency.eq(agency))
        .filter(
            account::role
                .eq(Role::Handler)
                .or(account::role.eq(Role::ProvincialHandler)),
        )
        .filter(account::disabled_at.is_null())
        .order(account::id)
        .select(account::id)
        .load(conn.sql)?)
}
