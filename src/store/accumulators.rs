//! What a person used of a calendar year (SET-7). The row of a year is the guard of everything that takes room of it: taken
//! before the room is read, so that two claims come one after the other. Entries are added, never changed.

use diesel::prelude::*;

use super::claims::Place;
use super::conn::Conn;
use super::dialect::OrIgnore;
use super::error::StoreError;
use super::schema::{accumulator, accumulator_entry};
use crate::domain::ids::{CaseId, PersonId};
use crate::domain::place::Pool;
use crate::domain::settlement::Used;
use crate::domain::time::Ts;

/// A year of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Year {
    /// The pool that pays.
    pub pool: Pool,
    /// Whose.
    pub person: PersonId,
    /// Calendar year.
    pub year: i32,
}

/// Whether an entry takes room or gives it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// It takes room.
    Takes,
    /// It gives room back.
    GivesBack,
}

/// What took room of a year, or gave it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Of which year.
    pub year: Year,
    /// The case.
    pub case: CaseId,
    /// Number of its settlement.
    pub settlement: u32,
    /// Taken or given back.
    pub sign: Sign,
    /// How much.
    pub takes: Used,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = accumulator)]
struct Row {
    admissions: i32,
    basic: i64,
    serious_burden: i64,
    aid: i64,
    outpatient: i64,
    outpatient_deducted: i64,
}

/// What was used of a year so far.
pub fn used(conn: &mut Conn<'_>, of: Year) -> Result<Used, StoreError> {
    let row: Option<Row> = accumulator::table
        .find((of.pool, of.person, of.year))
        .select(Row::as_select())
        .first(conn.sql)
        .optional()?;
    let Some(row) = row else {
        return Ok(Used::default());
    };
    Ok(Used {
        admissions: u32::try_from(row.admissions).map_err(corrupt)?,
        basic_fen: row.basic,
        serious_burden_fen: row.serious_burden,
        aid_fen: row.aid,
        outpatient_fen: row.outpatient,
        outpatient_deducted_fen: row.outpatient_deducted,
    })
}

/// Takes the guard of a year until the transaction ends, and says what was used of it.
pub fn take(conn: &mut Conn<'_>, of: Year) -> Result<Used, StoreError> {
    let raise = diesel::update(accumulator::table.find((of.pool, of.person, of.year)))
        .set(accumulator::version.eq(accumulator::version + 1));
    if raise.clone().execute(conn.sql)? == 0 {
        OrIgnore(diesel::insert_into(accumulator::table).values((
            accumulator::pool.eq(of.pool),
            accumulator::person_id.eq(of.person),
            accumulator::year.eq(of.year),
            accumulator::version.eq(0),
            accumulator::admissions.eq(0),
            accumulator::basic.eq(0_i64),
            accumulator::serious_burden.eq(0_i64),
            accumulator::aid.eq(0_i64),
            accumulator::outpatient.eq(0_i64),
            accumulator::outpatient_deducted.eq(0_i64),
        )))
        .execute(conn.sql)?;
        // Whoever inserted it, the update waits for them.
        raise.execute(conn.sql)?;
    }
    used(conn, of)
}

/// Takes room of a year or gives it back; the guard is the caller's already.
pub fn enter(conn: &mut Conn<'_>, new: &Entry, at: Ts) -> Result<(), StoreError> {
    let of = new.year;
    let sign: i32 = match new.sign {
        Sign::Takes => 1,
        Sign::GivesBack => -1,
    };
    let admissions = i32::try_from(new.takes.admissions).map_err(corrupt)?;
    let moved = |fen: i64| i64::from(sign) * fen;
    let number: i32 = diesel::update(accumulator::table.find((of.pool, of.person, of.year)))
        .set((
            accumulator::version.eq(accumulator::version + 1),
            accumulator::admissions.eq(accumulator::admissions + sign * admissions),
            accumulator::basic.eq(accumulator::basic + moved(new.takes.basic_fen)),
            accumulator::serious_burden
                .eq(accumulator::serious_burden + moved(new.takes.serious_burden_fen)),
            accumulator::aid.eq(accumulator::aid + moved(new.takes.aid_fen)),
            accumulator::outpatient.eq(accumulator::outpatient + moved(new.takes.outpatient_fen)),
            accumulator::outpatient_deducted
                .eq(accumulator::outpatient_deducted + moved(new.takes.outpatient_deducted_fen)),
        ))
        .returning(accumulator::version)
        .get_result(conn.sql)?;
    diesel::insert_into(accumulator_entry::table)
        .values((
            accumulator_entry::pool.eq(of.pool),
            accumulator_entry::person_id.eq(of.person),
            accumulator_entry::year.eq(of.year),
            accumulator_entry::number.eq(number),
            accumulator_entry::case_id.eq(new.case),
            accumulator_entry::settlement.eq(i32::try_from(new.settlement).map_err(corrupt)?),
            accumulator_entry::sign.eq(sign),
            accumulator_entry::admissions.eq(admissions),
            accumulator_entry::basic.eq(new.takes.basic_fen),
            accumulator_entry::serious_burden.eq(new.takes.serious_burden_fen),
            accumulator_entry::aid.eq(new.takes.aid_fen),
            accumulator_entry::outpatient.eq(new.takes.outpatient_fen),
            accumulator_entry::outpatient_deducted.eq(new.takes.outpatient_deducted_fen),
            accumulator_entry::at.eq(at),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// The numbers of the settlements of a case that took room, in the order in which they did; those that were given back too.
pub fn entered(conn: &mut Conn<'_>, (pool, case): Place) -> Result<Vec<(u32, Sign)>, StoreError> {
    let here = accumulator_entry::pool
        .eq(pool)
        .and(accumulator_entry::case_id.eq(case));
    let rows: Vec<(i32, i32)> = accumulator_entry::table
        .filter(here)
        .order((
            accumulator_entry::settlement,
            accumulator_entry::sign.desc(),
        ))
        .select((accumulator_entry::settlement, accumulator_entry::sign))
        .load(conn.sql)?;
    rows.into_iter()
        .map(|(number, sign)| {
            let sign = match sign {
                1 => Sign::Takes,
                _ => Sign::GivesBack,
            };
            Ok((u32::try_from(number).map_err(corrupt)?, sign))
        })
        .collect()
}

fn corrupt(cause: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(cause.to_string())
}
