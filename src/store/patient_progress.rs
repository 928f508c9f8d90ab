//! How far the registration of an entry of the patient ledger has come (XR-4 to XR-6), moved by contacts between agencies.

use diesel::dsl::max;
use diesel::prelude::*;

use super::conn::Conn;
use super::error::StoreError;
use super::schema::{case_patient, patient, patient_change};
use crate::domain::contact::Subject;
use crate::domain::ids::{AccountId, CaseId, PatientId, PersonId};
use crate::domain::patient::Progress;
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::time::{Day, Ts};

/// What a contact needs to know of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The agency of the place of treatment.
    pub agency: AgencyCode,
    /// Who they are in the registry.
    pub person: Option<PersonId>,
    /// Name and ID number.
    pub subject: Subject,
    /// First day of the stay.
    pub admitted_on: Day,
    /// Code of the place of insurance.
    pub insured_at: String,
    /// How far it has come.
    pub progress: Progress,
}

/// An entry as a contact needs it.
pub fn asked(conn: &mut Conn<'_>, pool: Pool, id: PatientId) -> Result<Option<Asked>, StoreError> {
    type Row = (
        AgencyCode,
        Option<PersonId>,
        String,
        Vec<u8>,
        Day,
        String,
        Progress,
    );
    let row: Option<Row> = patient::table
        .find((pool, id))
        .select((
            patient::agency,
            patient::person_id,
            patient::name,
            patient::id_number,
            patient::admitted_on,
            patient::insured_at,
            patient::registration,
        ))
        .first(conn.sql)
        .optional()?;
    let Some((agency, person, name, id_number, admitted_on, insured_at, progress)) = row else {
        return Ok(None);
    };
    let id_number = conn.vault.open_text(&id_number)?;
    Ok(Some(Asked {
        agency,
        person,
        subject: Subject { name, id_number },
        admitted_on,
        insured_at,
        progress,
    }))
}

/// The entry of the ledger on which a case rests, with its pool (XR-3).
pub fn resting_on(
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

/// Moves the registration of an entry on, and writes down that it did; nothing where it stands there already.
pub fn advance(
    conn: &mut Conn<'_>,
    (pool, id): (Pool, PatientId),
    (from, to): (Progress, Progress),
    by: Option<AccountId>,
    at: Ts,
) -> Result<(), StoreError> {
    if from == to {
        return Ok(());
    }
    diesel::update(patient::table.find((pool, id)))
        .set((
            patient::registration.eq(to),
            patient::version.eq(patient::version + 1),
        ))
        .execute(conn.sql)?;
    let last: Option<i32> = patient_change::table
        .filter(patient_change::pool.eq(pool))
        .filter(patient_change::patient_id.eq(id))
        .select(max(patient_change::number))
        .first(conn.sql)?;
    let change = serde_json::json!({ "from": from.as_str(), "to": to.as_str() }).to_string();
    diesel::insert_into(patient_change::table)
        .values((
            patient_change::pool.eq(pool),
            patient_change::patient_id.eq(id),
            patient_change::number.eq(last.unwrap_or_default() + 1),
            patient_change::at.eq(at),
            patient_change::by_account.eq(by),
            patient_change::kind.eq("registration"),
            patient_change::change.eq(conn.vault.seal_text(&change)?),
        ))
        .execute(conn.sql)?;
    Ok(())
}
