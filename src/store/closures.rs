//! Closures of areas and times of an epidemic as administrators enter them (XR-8, DEF-6). What was withdrawn is kept.

use diesel::prelude::*;

use super::conn::Conn;
use super::error::StoreError;
use super::schema::closure;
use crate::domain::closure::{Closure, Kind};
use crate::domain::ids::{AccountId, ClosureId};
use crate::domain::place::Pool;
use crate::domain::time::{Day, Ts};

/// An entry with who made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entered {
    /// What rules look at.
    pub closure: Closure,
    /// Whose administrator entered it.
    pub pool: Pool,
    /// By whom.
    pub by: AccountId,
    /// When.
    pub at: Ts,
    /// Notice of its end.
    pub end_notice: Option<String>,
    /// Why it was withdrawn, if it was.
    pub withdrawn: Option<String>,
    /// Raised with every change.
    pub version: i32,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = closure)]
struct Row {
    pool: Pool,
    id: ClosureId,
    kind: Kind,
    area: String,
    from_day: Day,
    to_day: Option<Day>,
    notice: String,
    entered_by: AccountId,
    entered_at: Ts,
    end_notice: Option<String>,
    withdrawn_reason: Option<String>,
    version: i32,
}

/// All that were not withdrawn, of every pool, the latest first: who is stuck somewhere is insured elsewhere (XR-8).
pub fn standing(conn: &mut Conn<'_>) -> Result<Vec<Closure>, StoreError> {
    let all = entered(conn)?;
    Ok(all.into_iter().map(|one| one.closure).collect())
}

/// The same with who entered them.
pub fn entered(conn: &mut Conn<'_>) -> Result<Vec<Entered>, StoreError> {
    let rows: Vec<Row> = closure::table
        .filter(closure::withdrawn_at.is_null())
        .order((closure::from_day.desc(), closure::id.desc()))
        .select(Row::as_select())
        .load(conn.sql)?;
    Ok(rows.into_iter().map(Entered::from).collect())
}

/// All that a pool's administrators entered, withdrawn ones too, the latest first.
pub fn of_pool(conn: &mut Conn<'_>, pool: Pool) -> Result<Vec<Entered>, StoreError> {
    let rows: Vec<Row> = closure::table
        .filter(closure::pool.eq(pool))
        .order((closure::from_day.desc(), closure::id.desc()))
        .select(Row::as_select())
        .load(conn.sql)?;
    Ok(rows.into_iter().map(Entered::from).collect())
}

/// One of a pool.
pub fn find(conn: &mut Conn<'_>, pool: Pool, id: ClosureId) -> Result<Option<Entered>, StoreError> {
    let row: Option<Row> = closure::table
        .find((pool, id))
        .select(Row::as_select())
        .first(conn.sql)
        .optional()?;
    Ok(row.map(Entered::from))
}

/// Adds an entry.
pub fn insert(
    conn: &mut Conn<'_>,
    pool: Pool,
    new: &Closure,
    by: AccountId,
    at: Ts,
) -> Result<(), StoreError> {
    diesel::insert_into(closure::table)
        .values((
            closure::pool.eq(pool),
            closure::id.eq(new.id),
            closure::kind.eq(new.kind),
            closure::area.eq(&new.area),
            closure::from_day.eq(new.from),
            closure::to_day.eq(new.to),
            closure::notice.eq(&new.notice),
            closure::entered_by.eq(by),
            closure::entered_at.eq(at),
            closure::version.eq(1),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// Whether an entry was still as it was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It is changed.
    Done,
    /// Somebody else changed or withdrew it before.
    Stale,
}

/// Sets the last day of one that was not withdrawn.
pub fn set_end(
    conn: &mut Conn<'_>,
    (pool, id, version): (Pool, ClosureId, i32),
    (last, notice): (Day, &str),
    by: AccountId,
    at: Ts,
) -> Result<Changed, StoreError> {
    let changed = diesel::update(as_seen(pool, id, version))
        .set((
            closure::to_day.eq(Some(last)),
            closure::end_notice.eq(Some(notice)),
            closure::ended_by.eq(Some(by)),
            closure::ended_at.eq(Some(at)),
            closure::version.eq(version + 1),
        ))
        .execute(conn.sql)?;
    Ok(outcome(changed))
}

/// Withdraws one.
pub fn withdraw(
    conn: &mut Conn<'_>,
    (pool, id, version): (Pool, ClosureId, i32),
    reason: &str,
    by: AccountId,
    at: Ts,
) -> Result<Changed, StoreError> {
    let changed = diesel::update(as_seen(pool, id, version))
        .set((
            closure::withdrawn_by.eq(Some(by)),
            closure::withdrawn_at.eq(Some(at)),
            closure::withdrawn_reason.eq(Some(reason)),
            closure::version.eq(version + 1),
        ))
        .execute(conn.sql)?;
    Ok(outcome(changed))
}

#[diesel::dsl::auto_type(no_type_alias)]
fn as_seen(pool: Pool, id: ClosureId, version: i32) -> _ {
    let here = closure::pool.eq(pool).and(closure::id.eq(id));
    let fresh = closure::version
        .eq(version)
        .and(closure::withdrawn_at.is_null());
    closure::table.filter(here).filter(fresh)
}

fn outcome(changed: usize) -> Changed {
    match changed {
        0 => Changed::Stale,
        _ => Changed::Done,
    }
}

impl From<Row> for Entered {
    fn from(row: Row) -> Self {
        Self {
            closure: Closure {
                id: row.id,
                kind: row.kind,
                area: row.area,
                from: row.from_day,
                to: row.to_day,
                notice: row.notice,
            },
            pool: row.pool,
            by: row.entered_by,
            at: row.entered_at,
            end_notice: row.end_notice,
            withdrawn: row.withdrawn_reason,
            version: row.version,
        }
    }
}
