//! Timers as stored: planned in the transaction that causes them, claimed by the one that fires them.

use diesel::prelude::*;

use super::conn::Conn;
use super::dialect::{OrIgnore, skip_locked};
use super::error::StoreError;
use super::schema::timer;
use crate::domain::ids::{CaseId, TimerId};
use crate::domain::place::Pool;
use crate::domain::time::Ts;
use crate::domain::timer::{Kind, Planned};

/// A timer whose time has come, claimed by this transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Identifier.
    pub id: TimerId,
    /// Pool of the case.
    pub pool: Pool,
    /// The case.
    pub case: CaseId,
    /// The run of the clock it belongs to.
    pub term: u32,
    /// What is to be done.
    pub kind: Kind,
}

/// Replaces the waiting timers of a case's clock by `planned`; what fired stays, and so do reminders of
/// promised materials, which outlive the clock (CAS-4).
pub fn replace(
    conn: &mut Conn<'_>,
    pool: Pool,
    case: CaseId,
    planned: &[(TimerId, Planned)],
) -> Result<(), StoreError> {
    diesel::delete(
        timer::table.filter(
            timer::pool
                .eq(pool)
                .and(timer::case_id.eq(case))
                .and(timer::kind.ne(Kind::ObligationReminder))
                .and(timer::fired_at.is_null()),
        ),
    )
    .execute(conn.sql)?;
    insert_all(conn, pool, case, planned)
}

/// Drops the waiting reminders of promised materials: everything came (CAS-4).
pub fn drop_reminders(conn: &mut Conn<'_>, pool: Pool, case: CaseId) -> Result<(), StoreError> {
    diesel::delete(
        timer::table.filter(
            timer::pool
                .eq(pool)
                .and(timer::case_id.eq(case))
                .and(timer::kind.eq(Kind::ObligationReminder))
                .and(timer::fired_at.is_null()),
        ),
    )
    .execute(conn.sql)?;
    Ok(())
}

/// Adds the timers of a case.
pub fn insert_all(
    conn: &mut Conn<'_>,
    pool: Pool,
    case: CaseId,
    planned: &[(TimerId, Planned)],
) -> Result<(), StoreError> {
    for (id, plan) in planned {
        insert(conn, pool, case, *id, plan)?;
    }
    Ok(())
}

fn insert(
    conn: &mut Conn<'_>,
    pool: Pool,
    case: CaseId,
    id: TimerId,
    plan: &Planned,
) -> Result<(), StoreError> {
    // One that fired in the same term keeps its row: a timer fires once a term (CLK-8).
    OrIgnore(diesel::insert_into(timer::table).values((
        timer::pool.eq(pool),
        timer::id.eq(id),
        timer::case_id.eq(case),
        timer::term.eq(i32::try_from(plan.term).map_err(|e| StoreError::Corrupt(e.to_string()))?),
        timer::kind.eq(plan.kind),
        timer::fire_at.eq(plan.fire_at),
    )))
    .execute(conn.sql)?;
    Ok(())
}

/// Claims up to `limit` timers whose time has come, oldest first, and marks them fired.
pub fn claim_due(conn: &mut Conn<'_>, now: Ts, limit: i64) -> Result<Vec<Due>, StoreError> {
    let query = timer::table
        .filter(timer::fired_at.is_null().and(timer::fire_at.le(now)))
        .order((timer::fire_at, timer::id))
        .select((
            timer::id,
            timer::pool,
            timer::case_id,
            timer::term,
            timer::kind,
        ))
        .limit(limit);
    let rows: Vec<(TimerId, Pool, CaseId, i32, Kind)> =
        skip_locked(conn.sql, query).load(conn.sql)?;
    let mut claimed = vec![];
    for (id, pool, case, term, kind) in rows {
        let fired = diesel::update(
            timer::table.filter(
                timer::pool
                    .eq(pool)
                    .and(timer::id.eq(id))
                    .and(timer::fired_at.is_null()),
            ),
        )
        .set(timer::fired_at.eq(now))
        .execute(conn.sql)?;
        if fired == 1 {
            let term = u32::try_from(term).map_err(|e| StoreError::Corrupt(e.to_string()))?;
            claimed.push(Due {
                id,
                pool,
                case,
                term,
                kind,
            });
        }
    }
    Ok(claimed)
}
