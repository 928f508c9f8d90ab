//! Which entry of the patient ledger the registration of a case rests on (XR-3), and what filing for a patient needs of an
//! entry. The entry may be another pool's. Nothing sealed is opened here.

use diesel::prelude::*;

use super::blind;
use super::conn::Conn;
use super::error::StoreError;
use super::schema::{case_patient, institution, patient};
use crate::domain::id_number::IdNumber;
use crate::domain::ids::{CaseId, InstitutionId, PatientId, PersonId};
use crate::domain::patient::{Progress, Status, Stay};
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::time::{Day, Ts};

/// An entry as a registration rests on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The stay.
    pub stay: Stay,
    /// Who they are in the registry, if it knows them.
    pub person: Option<PersonId>,
    /// Agency of the place of treatment.
    pub agency: AgencyCode,
    /// Who treats them.
    pub institution: InstitutionId,
    /// Name of the institution.
    pub institution_name: String,
    /// Prefecture code of the place of insurance.
    pub insured_at: String,
    /// How far its registration has come.
    pub progress: Progress,
}

type Row = (
    (PatientId, Pool, Status, Day, Option<Day>),
    (Option<PersonId>, AgencyCode, InstitutionId, String),
    (String, Progress),
);

type Columns = (
    (
        patient::id,
        patient::pool,
        patient::status,
        patient::admitted_on,
        patient::discharged_on,
    ),
    (
        patient::person_id,
        patient::agency,
        patient::institution_id,
        institution::name,
    ),
    (patient::insured_at, patient::registration),
);
const COLUMNS: Columns = (
    (
        patient::id,
        patient::pool,
        patient::status,
        patient::admitted_on,
        patient::discharged_on,
    ),
    (
        patient::person_id,
        patient::agency,
        patient::institution_id,
        institution::name,
    ),
    (patient::insured_at, patient::registration),
);

fn read(row: Row) -> Entry {
    let ((id, pool, status, admitted_on, discharged_on), who, (insured_at, progress)) = row;
    let (person, agency, institution, institution_name) = who;
    Entry {
        stay: Stay {
            patient: id,
            pool,
            status,
            admitted_on,
            discharged_on,
        },
        person,
        agency,
        institution,
        institution_name,
        insured_at,
        progress,
    }
}

/// The entry of an identifier in one of these pools.
pub fn entry(
    conn: &mut Conn<'_>,
    pools: &[Pool],
    id: PatientId,
) -> Result<Option<Entry>, StoreError> {
    for pool in pools {
        let row: Option<Row> = patient::table
            .inner_join(institution::table.on(institution::id.eq(patient::institution_id)))
            .filter(patient::pool.eq(*pool).and(patient::id.eq(id)))
            .select(COLUMNS)
            .first(conn.sql)
            .optional()?;
        if let Some(row) = row {
            return Ok(Some(read(row)));
        }
    }
    Ok(None)
}

/// The entries of an ID number in all pools, the latest first; of people whom the registry does not know too.
pub fn of_id_number(conn: &mut Conn<'_>, number: &IdNumber) -> Result<Vec<Entry>, StoreError> {
    let hash = conn.vault.blind(blind::ID_NUMBER, number.as_str());
    let rows: Vec<Row> = patient::table
        .inner_join(institution::table.on(institution::id.eq(patient::institution_id)))
        .filter(patient::id_hash.eq(hash))
        .order((patient::admitted_on.desc(), patient::id.desc()))
        .select(COLUMNS)
        .load(conn.sql)?;
    Ok(rows.into_iter().map(read).collect())
}

/// The entries of a person of the registry in all pools, the latest first.
pub fn of_person(conn: &mut Conn<'_>, person: PersonId) -> Result<Vec<Entry>, StoreError> {
    let rows: Vec<Row> = patient::table
        .inner_join(institution::table.on(institution::id.eq(patient::institution_id)))
        .filter(patient::person_id.eq(person))
        .order((patient::admitted_on.desc(), patient::id.desc()))
        .select(COLUMNS)
        .load(conn.sql)?;
    Ok(rows.into_iter().map(read).collect())
}

/// The entry a case rests on.
pub fn of_case(
    conn: &mut Conn<'_>,
    pool: Pool,
    case: CaseId,
) -> Result<Option<(Pool, PatientId)>, StoreError> {
    Ok(case_patient::table
        .find((pool, case))
        .select((case_patient::patient_pool, case_patient::patient_id))
        .first(conn.sql)
        .optional()?)
}

/// The cases that rest on an entry.
pub fn cases_of(
    conn: &mut Conn<'_>,
    (pool, id): (Pool, PatientId),
) -> Result<Vec<(Pool, CaseId)>, StoreError> {
    Ok(case_patient::table
        .filter(case_patient::patient_pool.eq(pool))
        .filter(case_patient::patient_id.eq(id))
        .order((case_patient::linked_at, case_patient::case_id))
        .select((case_patient::pool, case_patient::case_id))
        .load(conn.sql)?)
}

/// The case rests on this entry from now on, whatever it rested on before.
pub fn rest_anew(
    conn: &mut Conn<'_>,
    (pool, case): (Pool, CaseId),
    on: (Pool, PatientId),
    at: Ts,
) -> Result<(), StoreError> {
    diesel::delete(case_patient::table.find((pool, case))).execute(conn.sql)?;
    super::patients::rest_on(conn, (pool, case), on, at)
}
