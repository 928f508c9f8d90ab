//! Settlements as they were stored (SET-1): rows are added, never changed; a correction is a new version. What one was computed
//! from is sealed. Nothing here computes.

use chrono::Datelike;
use diesel::prelude::*;

use super::claims::Place;
use super::conn::Conn;
use super::error::StoreError;
use super::schema::settlement;
use crate::domain::ids::{AccountId, PersonId};
use crate::domain::settlement::{Input, Settlement};
use crate::domain::time::Ts;

/// A settlement as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its number in the case, from 1.
    pub number: u32,
    /// When it was computed.
    pub computed_at: Ts,
    /// By whose step; nobody's when the service did.
    pub computed_by: Option<AccountId>,
    /// What it was computed from.
    pub input: Input,
    /// What came of it.
    pub settlement: Settlement,
}

impl Stored {
    /// The calendar year whose room it takes: of discharge or service (SET-7).
    pub fn year(&self) -> i32 {
        self.input.to.year()
    }
}

/// Adds a version to a case of a person.
pub fn insert(
    conn: &mut Conn<'_>,
    (pool, case): Place,
    person: PersonId,
    new: &Stored,
) -> Result<(), StoreError> {
    let (parts, shares) = (&new.settlement.parts, &new.settlement.shares);
    let input = serde_json::to_string(&new.input).map_err(corrupt)?;
    let output = serde_json::to_string(&new.settlement).map_err(corrupt)?;
    let values = (
        settlement::pool.eq(pool),
        settlement::case_id.eq(case),
        settlement::number.eq(i32::try_from(new.number).map_err(corrupt)?),
        settlement::person_id.eq(person),
        settlement::computed_at.eq(new.computed_at),
        settlement::computed_by.eq(new.computed_by),
        settlement::policy_pool.eq(new.input.pool),
        settlement::policy_day.eq(new.input.from),
        settlement::year.eq(new.year()),
        settlement::input.eq(conn.vault.seal_text(&input)?),
        settlement::output.eq(output),
        settlement::total.eq(new.settlement.total_fen),
        settlement::basic.eq(parts.basic),
        settlement::serious.eq(parts.serious),
        settlement::aid.eq(parts.aid),
        settlement::subsidy.eq(parts.subsidy),
        settlement::person.eq(parts.person),
        settlement::share_centre.eq(shares.centre),
        settlement::share_province.eq(shares.province),
        settlement::share_city.eq(shares.city),
        settlement::share_county.eq(shares.county),
        settlement::share_unallocated.eq(shares.unallocated),
    );
    diesel::insert_into(settlement::table)
        .values(values)
        .execute(conn.sql)?;
    Ok(())
}

type Row = (i32, Ts, Option<AccountId>, Vec<u8>, String);

const COLUMNS: (
    settlement::number,
    settlement::computed_at,
    settlement::computed_by,
    settlement::input,
    settlement::output,
) = (
    settlement::number,
    settlement::computed_at,
    settlement::computed_by,
    settlement::input,
    settlement::output,
);

/// The versions of a case, the first one first.
pub fn of_case(conn: &mut Conn<'_>, (pool, case): Place) -> Result<Vec<Stored>, StoreError> {
    let rows: Vec<Row> = settlement::table
        .filter(settlement::pool.eq(pool).and(settlement::case_id.eq(case)))
        .order(settlement::number)
        .select(COLUMNS)
        .load(conn.sql)?;
    rows.into_iter().map(|row| opened(conn, row)).collect()
}

/// The last version of a case.
pub fn latest(conn: &mut Conn<'_>, (pool, case): Place) -> Result<Option<Stored>, StoreError> {
    let row: Option<Row> = settlement::table
        .filter(settlement::pool.eq(pool).and(settlement::case_id.eq(case)))
        .order(settlement::number.desc())
        .select(COLUMNS)
        .first(conn.sql)
        .optional()?;
    row.map(|row| opened(conn, row)).transpose()
}

fn opened(conn: &Conn<'_>, (number, at, by, input, output): Row) -> Result<Stored, StoreError> {
    let input = conn.vault.open_text(&input)?;
    Ok(Stored {
        number: u32::try_from(number).map_err(corrupt)?,
        computed_at: at,
        computed_by: by,
        input: serde_json::from_str(&input).map_err(corrupt)?,
        settlement: serde_json::from_str(&output).map_err(corrupt)?,
    })
}

fn corrupt(cause: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(cause.to_string())
}
