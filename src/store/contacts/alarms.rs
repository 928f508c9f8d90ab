//! Contacts whose time nears its end or is over: found by an index range, claimed by the transaction that does what time
//! brings (CLK-8).

use diesel::prelude::*;

use super::rows::Row;
use crate::domain::case::Term;
use crate::domain::contact::{Contact, Side};
use crate::domain::ids::ContactId;
use crate::domain::place::Pool;
use crate::domain::time::Ts;
use crate::store::conn::Conn;
use crate::store::dialect::skip_locked;
use crate::store::error::StoreError;
use crate::store::fragments::literal;
use crate::store::schema::contact;

/// A contact that the service is to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// Pool of the side that answers.
    pub pool: Pool,
    /// The contact.
    pub id: ContactId,
    /// The side that answers.
    pub side: Side,
    /// Since when.
    pub alarm_at: Ts,
}

/// Contacts to look at by `now`, the longest due first, from beyond `after` on.
pub fn due(
    conn: &mut Conn<'_>,
    now: Ts,
    after: Option<(Ts, ContactId)>,
    limit: i64,
) -> Result<Vec<Due>, StoreError> {
    let mut query = contact::table
        .filter(contact::alarm_at.le(now))
        .order((contact::alarm_at, contact::id))
        .select((contact::pool, contact::id, contact::side, contact::alarm_at))
        .limit(limit)
        .into_boxed();
    if let Some((at, id)) = after {
        query = query.filter(
            contact::alarm_at
                .gt(at)
                .or(contact::alarm_at.eq(at).and(contact::id.gt(id))),
        );
    }
    let rows: Vec<(Pool, ContactId, Side, Option<Ts>)> = query.load(conn.sql)?;
    Ok(rows
        .into_iter()
        .filter_map(|(pool, id, side, alarm_at)| {
            Some(Due {
                pool,
                id,
                side,
                alarm_at: alarm_at?,
            })
        })
        .collect())
}

/// Locks a contact for this transaction, if it is still due as it was seen and nobody else works on it.
pub fn claim(conn: &mut Conn<'_>, due: &Due) -> Result<Option<Contact>, StoreError> {
    let query = contact::table
        .filter(contact::pool.eq(due.pool))
        .filter(contact::id.eq(due.id).and(contact::side.eq(due.side)))
        .filter(contact::alarm_at.eq(due.alarm_at))
        .select(Row::as_select());
    let rows: Vec<Row> = skip_locked(conn.sql, query).load(conn.sql)?;
    let row = rows.into_iter().next();
    row.map(|row| row.read(conn)).transpose()
}

/// The warning was given; `silence` is when the service looks again.
pub fn warned(conn: &mut Conn<'_>, one: &Contact, silence: Ts) -> Result<(), StoreError> {
    diesel::update(contact::table.find((one.agency.pool(), one.id, one.side)))
        .set(contact::alarm_at.eq(silence))
        .execute(conn.sql)?;
    Ok(())
}

/// Marks the silence of a contact on both sides.
pub fn silenced(conn: &mut Conn<'_>, one: &Contact, at: Ts) -> Result<(), StoreError> {
    let both = contact::table
        .filter(contact::thread.eq(one.thread))
        .filter(contact::id.eq(one.id));
    diesel::update(both)
        .set((
            contact::breached_at.eq(at),
            contact::alarm_at.eq(None::<Ts>),
            contact::version.eq(contact::version + 1),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// Contacts whose clock runs, as the sides have them that answer, after `after` in the order of their identifiers.
pub fn running(
    conn: &mut Conn<'_>,
    after: Option<ContactId>,
    limit: i64,
) -> Result<Vec<Contact>, StoreError> {
    let mut query = contact::table
        .filter(literal("alarm_at IS NOT NULL"))
        .order(contact::id)
        .select(Row::as_select())
        .limit(limit)
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(contact::id.gt(after));
    }
    let rows: Vec<Row> = query.load(conn.sql)?;
    rows.into_iter().map(|row| row.read(conn)).collect()
}

/// Gives a contact whose clock still runs another run of it, on both sides (CLK-2).
pub fn redate(
    conn: &mut Conn<'_>,
    one: &Contact,
    term: &Term,
    alarm: Ts,
) -> Result<(), StoreError> {
    let stored = serde_json::to_string(term).map_err(|e| StoreError::Corrupt(e.to_string()))?;
    let ours = contact::table
        .find((one.agency.pool(), one.id, one.side))
        .filter(contact::alarm_at.is_not_null())
        .filter(contact::version.eq(i32::try_from(one.version).unwrap_or(i32::MAX)));
    let moved = diesel::update(ours)
        .set((
            contact::alarm_at.eq(alarm),
            contact::term.eq(&stored),
            contact::due_at.eq(term.due),
            contact::version.eq(contact::version + 1),
        ))
        .execute(conn.sql)?;
    if moved == 0 {
        return Ok(());
    }
    let other = contact::table
        .filter(contact::thread.eq(one.thread))
        .filter(contact::id.eq(one.id).and(contact::side.ne(one.side)));
    diesel::update(other)
        .set((
            contact::term.eq(&stored),
            contact::due_at.eq(term.due),
            contact::version.eq(contact::version + 1),
        ))
        .execute(conn.sql)?;
    Ok(())
}
