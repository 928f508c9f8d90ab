//! The patient ledger as stored (IN-4). Which entry may say what is the domain's; ID numbers are sealed here and found by
//! their blind index.
//!
//! [`changes`] who changed what, [`costs`] costs kept apart.

pub mod changes;
pub mod costs;
mod listing;

use diesel::prelude::*;

use super::blind;
use super::conn::Conn;
use super::error::StoreError;
use super::schema::{case_patient, patient};
use crate::domain::id_number::{IdNumber, Sex};
use crate::domain::ids::{AccountId, CaseId, InstitutionId, PatientId, PersonId};
use crate::domain::patient::course::Change;
use crate::domain::patient::{Patient, Progress, Scheme, Status, Stay};
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::time::{Day, Ts};

pub use listing::{Filter, Place, Presence, Scope, count_waiting, page};

/// An entry with its ID number opened, and who made it when.
#[derive(Clone, PartialEq, Eq)]
pub struct Entered {
    /// The entry.
    pub patient: Patient,
    /// ID number: for comparing, and masked for showing.
    pub id_number: IdNumber,
    /// Who entered it.
    pub by: AccountId,
    /// When.
    pub at: Ts,
}

impl std::fmt::Debug for Entered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Entered({})", self.patient.id)
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = patient)]
struct Row {
    pool: Pool,
    id: PatientId,
    agency: AgencyCode,
    institution_id: InstitutionId,
    name: String,
    id_number: Vec<u8>,
    person_id: Option<PersonId>,
    sex: String,
    age: i32,
    status: Status,
    admitted_on: Day,
    discharged_on: Option<Day>,
    scheme: Option<Scheme>,
    insured_at: String,
    registration: Progress,
    version: i32,
    entered_by: AccountId,
    entered_at: Ts,
}

impl Row {
    fn open(self, conn: &Conn<'_>) -> Result<Entered, StoreError> {
        let corrupt = |what: &str| StoreError::Corrupt(format!("patient {}: {what}", self.id));
        let id_number = conn.vault.open_text(&self.id_number)?;
        Ok(Entered {
            id_number: IdNumber::from_stored(&id_number).map_err(|_| corrupt("ID number"))?,
            by: self.entered_by,
            at: self.entered_at,
            patient: Patient {
                sex: match self.sex.as_str() {
                    "female" => Sex::Female,
                    "male" => Sex::Male,
                    _ => return Err(corrupt("sex")),
                },
                age: u16::try_from(self.age).map_err(|_| corrupt("age"))?,
                version: u32::try_from(self.version).map_err(|_| corrupt("version"))?,
                id: self.id,
                pool: self.pool,
                agency: self.agency,
                institution: self.institution_id,
                name: self.name,
                person: self.person_id,
                status: self.status,
                admitted_on: self.admitted_on,
                discharged_on: self.discharged_on,
                scheme: self.scheme,
                insured_at: self.insured_at,
                progress: self.registration,
            },
        })
    }
}

fn number(value: u32) -> i32 {
    i32::try_from(value).unwrap_or(i32::MAX)
}

/// Enters a patient, and that it was entered.
pub fn insert(conn: &mut Conn<'_>, new: &Entered) -> Result<(), StoreError> {
    let one = &new.patient;
    let hash = conn.vault.blind(blind::ID_NUMBER, new.id_number.as_str());
    diesel::insert_into(patient::table)
        .values((
            (
                patient::pool.eq(one.pool),
                patient::id.eq(one.id),
                patient::agency.eq(one.agency),
                patient::institution_id.eq(one.institution),
                patient::name.eq(&one.name),
                patient::id_number.eq(conn.vault.seal_text(new.id_number.as_str())?),
                patient::id_hash.eq(hash),
                patient::person_id.eq(one.person),
                patient::sex.eq(one.sex.as_str()),
                patient::age.eq(i32::from(one.age)),
            ),
            (
                patient::status.eq(one.status),
                patient::admitted_on.eq(one.admitted_on),
                patient::discharged_on.eq(one.discharged_on),
                patient::scheme.eq(one.scheme),
                patient::insured_at.eq(&one.insured_at),
                patient::registration.eq(one.progress),
                patient::version.eq(number(one.version)),
                patient::entered_by.eq(new.by),
                patient::entered_at.eq(new.at),
            ),
        ))
        .execute(conn.sql)?;
    changes::insert(conn, one, &one.entered(), Some(new.by), new.at)
}

/// Whether a change was saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saved {
    /// It was.
    Done,
    /// The entry has changed since it was read.
    Stale,
}

/// Saves a change of an entry if it is still as it was before: `after` is one version on. A new ID number is told
/// beside it.
pub fn save(
    conn: &mut Conn<'_>,
    (before, after): (&Patient, &Patient),
    id_number: Option<&IdNumber>,
    change: &Change,
    (by, at): (Option<AccountId>, Ts),
) -> Result<Saved, StoreError> {
    let target = patient::table
        .find((before.pool, before.id))
        .filter(patient::version.eq(number(before.version)));
    let rows = diesel::update(target)
        .set((
            patient::name.eq(&after.name),
            patient::person_id.eq(after.person),
            patient::sex.eq(after.sex.as_str()),
            patient::age.eq(i32::from(after.age)),
            patient::status.eq(after.status),
            patient::admitted_on.eq(after.admitted_on),
            patient::discharged_on.eq(after.discharged_on),
            patient::scheme.eq(after.scheme),
            patient::insured_at.eq(&after.insured_at),
            patient::registration.eq(after.progress),
            patient::version.eq(number(after.version)),
        ))
        .execute(conn.sql)?;
    if rows == 0 {
        return Ok(Saved::Stale);
    }
    if let Some(id_number) = id_number {
        let hash = conn.vault.blind(blind::ID_NUMBER, id_number.as_str());
        diesel::update(patient::table.find((before.pool, before.id)))
            .set((
                patient::id_number.eq(conn.vault.seal_text(id_number.as_str())?),
                patient::id_hash.eq(hash),
            ))
            .execute(conn.sql)?;
    }
    changes::insert(conn, after, change, by, at)?;
    Ok(Saved::Done)
}

/// An entry of a pool.
pub fn find(conn: &mut Conn<'_>, pool: Pool, id: PatientId) -> Result<Option<Entered>, StoreError> {
    let row: Option<Row> = patient::table
        .find((pool, id))
        .select(Row::as_select())
        .first(conn.sql)
        .optional()?;
    row.map(|row| row.open(conn)).transpose()
}

/// All stays of somebody at an institution by the ID number, the latest first.
pub fn at_institution(
    conn: &mut Conn<'_>,
    pool: Pool,
    institution: InstitutionId,
    id_number: &IdNumber,
) -> Result<Vec<Entered>, StoreError> {
    let hash = conn.vault.blind(blind::ID_NUMBER, id_number.as_str());
    let rows: Vec<Row> = patient::table
        .filter(patient::id_hash.eq(hash))
        .filter(
            patient::pool
                .eq(pool)
                .and(patient::institution_id.eq(institution)),
        )
        .order((patient::admitted_on.desc(), patient::id.desc()))
        .select(Row::as_select())
        .load(conn.sql)?;
    rows.into_iter().map(|row| row.open(conn)).collect()
}

/// All stays of somebody by the ID number, of all pools, the latest first.
pub fn by_id_number(conn: &mut Conn<'_>, id_number: &IdNumber) -> Result<Vec<Entered>, StoreError> {
    let hash = conn.vault.blind(blind::ID_NUMBER, id_number.as_str());
    let rows: Vec<Row> = patient::table
        .filter(patient::id_hash.eq(hash))
        .order((patient::admitted_on.desc(), patient::id.desc()))
        .select(Row::as_select())
        .load(conn.sql)?;
    rows.into_iter().map(|row| row.open(conn)).collect()
}

/// The stays of a person of the registry in all pools, the latest first (XR-3).
pub fn stays_of(conn: &mut Conn<'_>, person: PersonId) -> Result<Vec<Stay>, StoreError> {
    type Row = (PatientId, Pool, Status, Day, Option<Day>);
    let rows: Vec<Row> = patient::table
        .filter(patient::person_id.eq(person))
        .order((patient::admitted_on.desc(), patient::id.desc()))
        .select((
            patient::id,
            patient::pool,
            patient::status,
            patient::admitted_on,
            patient::discharged_on,
        ))
        .load(conn.sql)?;
    Ok(rows
        .into_iter()
        .map(|(patient, pool, status, admitted_on, discharged_on)| Stay {
            patient,
            pool,
            status,
            admitted_on,
            discharged_on,
        })
        .collect())
}

/// Notes on which entry a registration rests (XR-3).
pub fn rest_on(
    conn: &mut Conn<'_>,
    (pool, case): (Pool, CaseId),
    (patient_pool, patient): (Pool, PatientId),
    at: Ts,
) -> Result<(), StoreError> {
    diesel::insert_into(case_patient::table)
        .values((
            case_patient::pool.eq(pool),
            case_patient::case_id.eq(case),
            case_patient::patient_pool.eq(patient_pool),
            case_patient::patient_id.eq(patient),
            case_patient::linked_at.eq(at),
        ))
        .execute(conn.sql)?;
    Ok(())
}
