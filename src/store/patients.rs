//! The patient ledger as stored (IN-4). Which entry may say what is the domain's; ID numbers are sealed here and found by
//! their blind index.

use diesel::prelude::*;

use super::conn::Conn;
use super::error::StoreError;
use super::schema::{case_patient, patient};
use crate::domain::ids::{CaseId, PatientId, PersonId};
use crate::domain::patient::{Status, Stay};
use crate::domain::place::Pool;
use crate::domain::time::{Day, Ts};

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
