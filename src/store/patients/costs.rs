//! Costs of patients, kept apart (XR-6, SET-9): rows are added, never changed; one takes another back at most once.

use diesel::prelude::*;

use crate::domain::ids::{AccountId, CostId, PatientId};
use crate::domain::money::Fen;
use crate::domain::patient::cost::{Cost, CostKind};
use crate::domain::place::Pool;
use crate::domain::time::{Day, Ts};
use crate::store::conn::Conn;
use crate::store::error::StoreError;
use crate::store::schema::patient_cost;

/// A cost with who entered it when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booked {
    /// The cost.
    pub cost: Cost,
    /// Who entered it.
    pub by: AccountId,
    /// When.
    pub at: Ts,
}

/// Enters a cost of a patient.
///
/// # Errors
/// [`StoreError::NotUnique`] when it takes back what was taken back before.
pub fn insert(
    conn: &mut Conn<'_>,
    (pool, patient): (Pool, PatientId),
    new: &Booked,
) -> Result<(), StoreError> {
    let cost = &new.cost;
    let note = match cost.note.as_str() {
        "" => None,
        note => Some(conn.vault.seal_text(note)?),
    };
    diesel::insert_into(patient_cost::table)
        .values((
            patient_cost::pool.eq(pool),
            patient_cost::id.eq(cost.id),
            patient_cost::patient_id.eq(patient),
            patient_cost::incurred_on.eq(cost.incurred_on),
            patient_cost::kind.eq(cost.kind),
            patient_cost::amount.eq(cost.amount.fen()),
            patient_cost::reverses.eq(cost.reverses),
            patient_cost::note.eq(note),
            patient_cost::entered_by.eq(new.by),
            patient_cost::entered_at.eq(new.at),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// The costs of a patient by day.
pub fn of_patient(
    conn: &mut Conn<'_>,
    pool: Pool,
    patient: PatientId,
) -> Result<Vec<Booked>, StoreError> {
    type Row = (
        CostId,
        Day,
        CostKind,
        i64,
        Option<CostId>,
        Option<Vec<u8>>,
        AccountId,
        Ts,
    );
    let rows: Vec<Row> = patient_cost::table
        .filter(
            patient_cost::pool
                .eq(pool)
                .and(patient_cost::patient_id.eq(patient)),
        )
        .order((patient_cost::incurred_on, patient_cost::id))
        .select((
            patient_cost::id,
            patient_cost::incurred_on,
            patient_cost::kind,
            patient_cost::amount,
            patient_cost::reverses,
            patient_cost::note,
            patient_cost::entered_by,
            patient_cost::entered_at,
        ))
        .load(conn.sql)?;
    rows.into_iter()
        .map(|(id, incurred_on, kind, amount, reverses, note, by, at)| {
            let note = note
                .map(|sealed| conn.vault.open_text(&sealed))
                .transpose()?;
            Ok(Booked {
                cost: Cost {
                    id,
                    incurred_on,
                    kind,
                    amount: Fen::new(amount),
                    reverses,
                    note: note.unwrap_or_default(),
                },
                by,
                at,
            })
        })
        .collect()
}
