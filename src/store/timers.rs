//! Timers as stored: planned in the transaction that causes them, claimed by the one that fires them.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::conn::Conn;
use super::dialect::OrIgnore;
use super::error::StoreError;
use super::fragments::{any_of, row_beyond};
use super::many::{self, Holds};
use super::schema::timer;
use crate::domain::ids::{CaseId, TimerId};
use crate::domain::place::Pool;
use crate::domain::time::Ts;
use crate::domain::timer::{Kind, Planned};

/// A timer whose time has come.
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
    /// When its time came.
    pub fire_at: Ts,
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

/// Adds the timers of new cases of one pool, in one statement.
pub fn insert_together(
    conn: &mut Conn<'_>,
    pool: Pool,
    planned: &[(CaseId, TimerId, Planned)],
) -> Result<(), StoreError> {
    let columns = [
        ("pool", Holds::Text),
        ("id", Holds::Id),
        ("case_id", Holds::Id),
        ("term", Holds::Number),
        ("kind", Holds::Text),
        ("fire_at", Holds::Instant),
    ];
    let rows = planned
        .iter()
        .map(|(case, id, plan)| {
            vec![
                pool.as_str().into(),
                many::id(*id),
                many::id(*case),
                plan.term.into(),
                plan.kind.as_str().into(),
                many::instant(plan.fire_at),
            ]
        })
        .collect();
    many::insert(conn.sql, "timer", &columns, rows)?;
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

/// Up to `limit` timers whose time has come, oldest first, from beyond `after` on (keyset). Nothing is claimed
/// by looking.
pub fn due(
    conn: &mut Conn<'_>,
    now: Ts,
    after: Option<(Ts, TimerId)>,
    limit: i64,
) -> Result<Vec<Due>, StoreError> {
    let mut query = timer::table
        .filter(timer::fired_at.is_null().and(timer::fire_at.le(now)))
        .select((
            timer::id,
            timer::pool,
            timer::case_id,
            timer::term,
            timer::kind,
            timer::fire_at,
        ))
        .into_boxed();
    if let Some((at, id)) = after {
        query = query.filter(row_beyond("(fire_at, id) >", at, id));
    }
    let rows: Vec<(TimerId, Pool, CaseId, i32, Kind, Ts)> = query
        .order((timer::fire_at, timer::id))
        .limit(limit)
        .load(conn.sql)?;
    rows.into_iter()
        .map(|(id, pool, case, term, kind, fire_at)| {
            Ok(Due {
                id,
                pool,
                case,
                term: u32::try_from(term).map_err(|e| StoreError::Corrupt(e.to_string()))?,
                kind,
                fire_at,
            })
        })
        .collect()
}

/// Marks timers of one pool fired that still wait (CLK-8) and returns which: the others were fired by somebody else, or
/// the case moved on and dropped them. The cases are locked first (`cases::lock_free_of`), in the order in which steps
/// take the two, so that no step and no timer wait for each other.
pub fn claim(
    conn: &mut Conn<'_>,
    pool: Pool,
    ids: &[TimerId],
    now: Ts,
) -> Result<BTreeSet<TimerId>, StoreError> {
    let waiting = timer::table.filter(
        timer::pool
            .eq(pool)
            .and(any_of(timer::id, ids))
            .and(timer::fired_at.is_null()),
    );
    let claimed: Vec<TimerId> = diesel::update(waiting)
        .set(timer::fired_at.eq(now))
        .returning(timer::id)
        .get_results(conn.sql)?;
    Ok(claimed.into_iter().collect())
}

/// Since when the longest waiting timer is due; `None` when none is.
pub fn oldest_due(conn: &mut Conn<'_>, now: Ts) -> Result<Option<Ts>, StoreError> {
    Ok(timer::table
        .filter(timer::fired_at.is_null().and(timer::fire_at.le(now)))
        .order((timer::fire_at, timer::id))
        .select(timer::fire_at)
        .first(conn.sql)
        .optional()?)
}
