//! Who entered or changed what of an entry, and when: rows are added, never changed. What changed is sealed.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::number;
use crate::domain::ids::{AccountId, PatientId};
use crate::domain::patient::Patient;
use crate::domain::patient::course::{Change, ChangeKind, Difference};
use crate::domain::place::Pool;
use crate::domain::time::Ts;
use crate::store::conn::Conn;
use crate::store::error::StoreError;
use crate::store::schema::patient_change;

/// A change as it was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The version that it made.
    pub version: u32,
    /// When.
    pub at: Ts,
    /// Who; nobody when the service did.
    pub by: Option<AccountId>,
    /// What and why.
    pub change: Change,
}

/// What is sealed of a change.
#[derive(Serialize, Deserialize)]
struct Sealed {
    differences: Vec<Difference>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// Adds the change that made an entry what it is now: its version is the number.
pub(super) fn insert(
    conn: &mut Conn<'_>,
    after: &Patient,
    change: &Change,
    by: Option<AccountId>,
    at: Ts,
) -> Result<(), StoreError> {
    let sealed = Sealed {
        differences: change.differences.clone(),
        reason: change.reason.clone(),
    };
    let text = serde_json::to_string(&sealed).map_err(|e| StoreError::Corrupt(e.to_string()))?;
    diesel::insert_into(patient_change::table)
        .values((
            patient_change::pool.eq(after.pool),
            patient_change::patient_id.eq(after.id),
            patient_change::number.eq(number(after.version)),
            patient_change::at.eq(at),
            patient_change::by_account.eq(by),
            patient_change::kind.eq(change.kind),
            patient_change::change.eq(conn.vault.seal_text(&text)?),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// What became of an entry, in order.
pub fn of_patient(
    conn: &mut Conn<'_>,
    pool: Pool,
    id: PatientId,
) -> Result<Vec<Recorded>, StoreError> {
    type Row = (i32, Ts, Option<AccountId>, ChangeKind, Vec<u8>);
    let rows: Vec<Row> = patient_change::table
        .filter(
            patient_change::pool
                .eq(pool)
                .and(patient_change::patient_id.eq(id)),
        )
        .order(patient_change::number)
        .select((
            patient_change::number,
            patient_change::at,
            patient_change::by_account,
            patient_change::kind,
            patient_change::change,
        ))
        .load(conn.sql)?;
    rows.into_iter()
        .map(|(version, at, by, kind, sealed)| {
            let text = conn.vault.open_text(&sealed)?;
            let sealed: Sealed =
                serde_json::from_str(&text).map_err(|e| StoreError::Corrupt(e.to_string()))?;
            Ok(Recorded {
                version: u32::try_from(version).unwrap_or_default(),
                at,
                by,
                change: Change {
                    kind,
                    differences: sealed.differences,
                    reason: sealed.reason,
                },
            })
        })
        .collect()
}
