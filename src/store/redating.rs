//! What looking through all deadlines after a change of the calendar needs (CLK-2): open cases whose clock runs, and
//! by which calendar that was done last.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use super::cases::{Listed, Row};
use super::conn::Conn;
use super::error::StoreError;
use super::fragments::literal;
use super::schema::{cases, redating};
use super::types::{Instant, Uid};
use crate::domain::ids::CaseId;
use crate::domain::place::Pool;
use crate::domain::time::Ts;

/// The table has one row.
const ONLY: i32 = 1;

/// A place in the order in which running cases are looked through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Pool.
    pub pool: Pool,
    /// Due time.
    pub due: Ts,
    /// Case.
    pub id: CaseId,
}

/// Cases whose clock runs, from beyond `after` on, by pool, due time and identifier.
pub fn running(
    conn: &mut Conn<'_>,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<Listed>, StoreError> {
    let mut query = cases::table
        .filter(literal("due_at IS NOT NULL"))
        .select(Row::as_select())
        .into_boxed();
    if let Some(Place { pool, due, id }) = after {
        let beyond = sql::<Bool>("(pool, due_at, id) > (")
            .bind::<Text, _>(pool)
            .sql(", ")
            .bind::<Instant, _>(due)
            .sql(", ")
            .bind::<Uid, _>(id)
            .sql(")");
        query = query.filter(beyond);
    }
    let rows: Vec<Row> = query
        .order((cases::pool, cases::due_at, cases::id))
        .limit(limit)
        .load(conn.sql)?;
    rows.into_iter().map(Listed::try_from).collect()
}

/// The fingerprint of the calendar by which all deadlines were looked through last.
pub fn done_by(conn: &mut Conn<'_>) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(redating::table
        .find(ONLY)
        .select(redating::calendar)
        .first(conn.sql)
        .optional()?)
}

/// Notes that all deadlines were looked through by the calendar of this fingerprint.
pub fn note_done(conn: &mut Conn<'_>, calendar: &[u8], at: Ts) -> Result<(), StoreError> {
    let updated = diesel::update(redating::table.find(ONLY))
        .set((redating::calendar.eq(calendar), redating::done_at.eq(at)))
        .execute(conn.sql)?;
    if updated == 0 {
        diesel::insert_into(redating::table)
            .values((
                redating::id.eq(ONLY),
                redating::calendar.eq(calendar),
                redating::done_at.eq(at),
            ))
            .execute(conn.sql)?;
    }
    Ok(())
}
