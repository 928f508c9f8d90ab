//! What only the demo stores: the shift of its clock and whether its world is there. Never touched by `serve`.

use chrono::TimeDelta;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::r2d2::PooledConnection;
use diesel::sql_types::Bool;

use super::conn::{Conn, Manager};
use super::db::Db;
use super::dialect::is_postgres;
use super::error::StoreError;
use super::schema::{demo_clock, demo_world};
use crate::domain::time::Ts;

/// Both tables have one row.
const ONLY: i32 = 1;
/// Key of the advisory lock under which instances that start together make the world one after the other.
const LOCK: i64 = 0x6465_6d6f;

/// How far business time is from the machine's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift {
    /// Added to the machine's time.
    pub offset: TimeDelta,
    /// Raised whenever the shift is set, so that other instances notice.
    pub epoch: i64,
}

/// The shift, if one was ever set.
pub fn shift(conn: &mut Conn<'_>) -> Result<Option<Shift>, StoreError> {
    let row: Option<(i64, i64)> = demo_clock::table
        .find(ONLY)
        .select((demo_clock::offset_micros, demo_clock::epoch))
        .first(conn.sql)
        .optional()?;
    Ok(row.map(|(micros, epoch)| Shift {
        offset: TimeDelta::microseconds(micros),
        epoch,
    }))
}

/// Sets the shift for every instance.
pub fn set_shift(conn: &mut Conn<'_>, offset: TimeDelta) -> Result<(), StoreError> {
    let micros = offset
        .num_microseconds()
        .ok_or_else(|| StoreError::Corrupt("the shift is out of range".to_owned()))?;
    let updated = diesel::update(demo_clock::table.find(ONLY))
        .set((
            demo_clock::offset_micros.eq(micros),
            demo_clock::epoch.eq(demo_clock::epoch + 1),
        ))
        .execute(conn.sql)?;
    if updated == 0 {
        diesel::insert_into(demo_clock::table)
            .values((
                demo_clock::id.eq(ONLY),
                demo_clock::offset_micros.eq(micros),
                demo_clock::epoch.eq(1_i64),
            ))
            .execute(conn.sql)?;
    }
    Ok(())
}

/// How far the demo world is. Instants are business time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable)]
pub struct World {
    /// The moment every date of the world is relative to.
    pub begun_at: Ts,
    /// When everything was there.
    pub filled_at: Option<Ts>,
}

/// The world of this database, if one was begun.
pub fn world(conn: &mut Conn<'_>) -> Result<Option<World>, StoreError> {
    Ok(demo_world::table
        .find(ONLY)
        .select((demo_world::begun_at, demo_world::filled_at))
        .first(conn.sql)
        .optional()?)
}

/// Notes that the world was begun.
///
/// # Errors
/// [`StoreError::NotUnique`] when one was begun before.
pub fn begin_world(conn: &mut Conn<'_>, at: Ts) -> Result<(), StoreError> {
    diesel::insert_into(demo_world::table)
        .values((demo_world::id.eq(ONLY), demo_world::begun_at.eq(at)))
        .execute(conn.sql)?;
    Ok(())
}

/// Notes that everything is there.
pub fn finish_world(conn: &mut Conn<'_>, at: Ts) -> Result<(), StoreError> {
    diesel::update(demo_world::table.find(ONLY))
        .set(demo_world::filled_at.eq(at))
        .execute(conn.sql)?;
    Ok(())
}

/// Held by the one instance that makes the world; let go when dropped.
pub struct Lock(Option<PooledConnection<Manager>>);

/// Takes the lock if nobody has it. An embedded database belongs to one folder, which has its own lock.
pub fn try_lock(db: &Db) -> Result<Option<Lock>, StoreError> {
    let mut conn = db.bare()?;
    if !is_postgres(&conn) {
        return Ok(Some(Lock(None)));
    }
    let question = diesel::select(sql::<Bool>(&format!("pg_try_advisory_lock({LOCK})")));
    let taken: bool = question.get_result(&mut *conn)?;
    Ok(taken.then_some(Lock(Some(conn))))
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(conn) = &mut self.0 {
            let unlock = format!("SELECT pg_advisory_unlock({LOCK})");
            if let Err(error) = diesel::sql_query(unlock).execute(&mut **conn) {
                tracing::warn!(%error, "the demo's lock was not let go; it ends with its connection");
            }
        }
    }
}
