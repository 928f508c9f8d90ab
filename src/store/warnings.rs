//! Messages given up since the administrators of their pool were told last: a counter for each pool, raised in the
//! transaction that gives a message up and emptied in the one that tells of it. Times are the machine's.

use diesel::prelude::*;

use super::conn::Conn;
use super::dialect::OrIgnore;
use super::error::StoreError;
use super::schema::{account, dead_letters};
use crate::domain::actor::Role;
use crate::domain::ids::AccountId;
use crate::domain::place::Pool;
use crate::domain::time::Ts;

/// Counts a message of a pool as given up.
pub(super) fn count(conn: &mut Conn<'_>, pool: Pool) -> Result<(), StoreError> {
    OrIgnore(
        diesel::insert_into(dead_letters::table)
            .values((dead_letters::pool.eq(pool), dead_letters::untold.eq(0))),
    )
    .execute(conn.sql)?;
    diesel::update(dead_letters::table.find(pool))
        .set(dead_letters::untold.eq(dead_letters::untold + 1))
        .execute(conn.sql)?;
    Ok(())
}

/// The pools whose administrators are to be told: something was given up, and they were not told after `since`.
pub fn pending(conn: &mut Conn<'_>, since: Ts) -> Result<Vec<Pool>, StoreError> {
    let not_lately = dead_letters::told_at
        .is_null()
        .or(dead_letters::told_at.assume_not_null().le(since));
    Ok(dead_letters::table
        .filter(dead_letters::untold.gt(0))
        .filter(not_lately)
        .order(dead_letters::pool)
        .select(dead_letters::pool)
        .load(conn.sql)?)
}

/// Takes the count of a pool to tell of it at `now`; `None` when somebody else has just done so.
pub fn take(
    conn: &mut Conn<'_>,
    pool: Pool,
    since: Ts,
    now: Ts,
) -> Result<Option<i32>, StoreError> {
    let untold: Option<i32> = dead_letters::table
        .find(pool)
        .select(dead_letters::untold)
        .first(conn.sql)
        .optional()?;
    let Some(untold) = untold.filter(|untold| *untold > 0) else {
        return Ok(None);
    };
    let not_lately = dead_letters::told_at
        .is_null()
        .or(dead_letters::told_at.assume_not_null().le(since));
    // What is given up in this moment stays for the next time.
    let rows = diesel::update(dead_letters::table.find(pool).filter(not_lately))
        .set((
            dead_letters::untold.eq(dead_letters::untold - untold),
            dead_letters::told_at.eq(now),
        ))
        .execute(conn.sql)?;
    Ok((rows == 1).then_some(untold))
}

/// The administrators of a pool, and those of all pools.
pub fn administrators(conn: &mut Conn<'_>, pool: Pool) -> Result<Vec<AccountId>, StoreError> {
    let of_pool = account::pool
        .is_null()
        .or(account::pool.assume_not_null().eq(pool));
    Ok(account::table
        .filter(account::role.eq(Role::Administrator))
        .filter(of_pool)
        .filter(account::disabled_at.is_null())
        .order(account::id)
        .select(account::id)
        .load(conn.sql)?)
}
