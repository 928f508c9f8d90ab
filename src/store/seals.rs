//! Seals as stored: the queue of events without one, seals with their heads, the days' anchors. Rows are added,
//! never changed (triggers refuse it). What a seal says is the use case's; what its hash covers is in
//! [`super::chain`].

use diesel::prelude::*;

use super::chain::Head;
use super::conn::Conn;
use super::error::StoreError;
use super::fragments::literal;
use super::many::{self, Holds};
use super::schema::{anchor, case_event, seal, seal_entry, unsealed_event};
use crate::domain::anchor::Anchor;
use crate::domain::ids::CaseId;
use crate::domain::place::Pool;
use crate::domain::time::{Day, Ts};

/// A seal without its heads.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = seal)]
pub struct Seal {
    /// Pool.
    pub pool: Pool,
    /// 1, 2, 3 … within the pool.
    pub number: i32,
    /// Business time; never before the seal before.
    pub sealed_at: Ts,
    /// How many cases it names.
    pub entries: i32,
    /// Events covered by it and all before it.
    pub total: i64,
    /// Version of the bytes under the hash.
    pub hash_version: i16,
    /// Hash of the seal before; empty for the first.
    pub previous_hash: Vec<u8>,
    /// Its hash.
    pub hash: Vec<u8>,
}

/// The first pool after `after` that has events without a seal. One step along an index, however many wait.
pub fn next_waiting(conn: &mut Conn<'_>, after: Option<Pool>) -> Result<Option<Pool>, StoreError> {
    let mut query = unsealed_event::table
        .select(unsealed_event::pool)
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(unsealed_event::pool.gt(after));
    }
    Ok(query
        .order(unsealed_event::pool)
        .first(conn.sql)
        .optional()?)
}

/// The first pool after `after` that has a seal.
pub fn next_sealed(conn: &mut Conn<'_>, after: Option<Pool>) -> Result<Option<Pool>, StoreError> {
    let mut query = seal::table.select(seal::pool).into_boxed();
    if let Some(after) = after {
        query = query.filter(seal::pool.gt(after));
    }
    Ok(query.order(seal::pool).first(conn.sql).optional()?)
}

/// Up to `limit` events without a seal, by case and number. What is seen is committed, and within a case a later
/// event is never committed before an earlier one, so that of each case the first ones are seen.
pub fn unsealed(conn: &mut Conn<'_>, pool: Pool, limit: i64) -> Result<Vec<Head>, StoreError> {
    let event = case_event::pool
        .eq(unsealed_event::pool)
        .and(case_event::case_id.eq(unsealed_event::case_id))
        .and(case_event::number.eq(unsealed_event::number));
    let rows: Vec<(CaseId, i32, Vec<u8>)> = unsealed_event::table
        .inner_join(case_event::table.on(event))
        .filter(unsealed_event::pool.eq(pool))
        .order((unsealed_event::case_id, unsealed_event::number))
        .select((
            unsealed_event::case_id,
            unsealed_event::number,
            case_event::hash,
        ))
        .limit(limit)
        .load(conn.sql)?;
    let head = |(case, number, hash)| Head { case, number, hash };
    Ok(rows.into_iter().map(head).collect())
}

/// The last seal of a pool.
pub fn last(conn: &mut Conn<'_>, pool: Pool) -> Result<Option<Seal>, StoreError> {
    Ok(seal::table
        .filter(seal::pool.eq(pool))
        .order(seal::number.desc())
        .select(Seal::as_select())
        .first(conn.sql)
        .optional()?)
}

/// The first seal of a pool.
pub fn first(conn: &mut Conn<'_>, pool: Pool) -> Result<Option<Seal>, StoreError> {
    Ok(seal::table
        .filter(seal::pool.eq(pool))
        .order(seal::number)
        .select(Seal::as_select())
        .first(conn.sql)
        .optional()?)
}

/// The last seal of a pool that was made before an instant.
pub fn last_before(
    conn: &mut Conn<'_>,
    pool: Pool,
    before: Ts,
) -> Result<Option<Seal>, StoreError> {
    Ok(seal::table
        .filter(seal::pool.eq(pool).and(seal::sealed_at.lt(before)))
        .order((seal::sealed_at.desc(), seal::number.desc()))
        .select(Seal::as_select())
        .first(conn.sql)
        .optional()?)
}

/// Adds a seal with its heads and takes the events it covers out of the queue; `heads` are by case, one each, and
/// not empty.
///
/// # Errors
/// [`StoreError::NotUnique`] when another instance made a seal of this number.
pub fn insert(conn: &mut Conn<'_>, new: &Seal, heads: &[Head]) -> Result<(), StoreError> {
    diesel::insert_into(seal::table)
        .values(new)
        .execute(conn.sql)?;
    let columns = [
        ("pool", Holds::Text),
        ("seal", Holds::Number),
        ("case_id", Holds::Id),
        ("number", Holds::Number),
        ("hash", Holds::Bytes),
    ];
    let rows = heads.iter().map(|head| {
        vec![
            new.pool.as_str().into(),
            new.number.into(),
            many::id(head.case),
            head.number.into(),
            many::bytes(&head.hash),
        ]
    });
    many::insert(conn.sql, "seal_entry", &columns, rows.collect())?;
    let (Some(from), Some(to)) = (heads.first(), heads.last()) else {
        return Ok(());
    };
    // Within the range of these cases, and of each case up to its head only: events that were committed since
    // they were read stay.
    let covered = seal_entry::table.filter(
        seal_entry::pool
            .eq(new.pool)
            .and(seal_entry::seal.eq(new.number))
            .and(literal("seal_entry.case_id = unsealed_event.case_id"))
            .and(literal("seal_entry.number >= unsealed_event.number")),
    );
    diesel::delete(
        unsealed_event::table.filter(
            unsealed_event::pool
                .eq(new.pool)
                .and(unsealed_event::case_id.between(from.case, to.case))
                .and(diesel::dsl::exists(covered)),
        ),
    )
    .execute(conn.sql)?;
    Ok(())
}

type AnchorRow = (Pool, Day, i64, i32, Vec<u8>);

/// The latest anchors of a pool, the last day first, from before `before` on (keyset).
pub fn anchors(
    conn: &mut Conn<'_>,
    pool: Pool,
    before: Option<Day>,
    limit: i64,
) -> Result<Vec<Anchor>, StoreError> {
    let mut query = anchor::table.filter(anchor::pool.eq(pool)).into_boxed();
    if let Some(before) = before {
        query = query.filter(anchor::day.lt(before));
    }
    let rows: Vec<AnchorRow> = query
        .order(anchor::day.desc())
        .limit(limit)
        .load(conn.sql)?;
    Ok(rows.into_iter().map(anchor_of).collect())
}

/// The anchor of a pool and day.
pub fn anchor_on(conn: &mut Conn<'_>, pool: Pool, day: Day) -> Result<Option<Anchor>, StoreError> {
    let row: Option<AnchorRow> = anchor::table.find((pool, day)).first(conn.sql).optional()?;
    Ok(row.map(anchor_of))
}

/// Adds a day's anchor.
pub fn insert_anchor(conn: &mut Conn<'_>, new: &Anchor) -> Result<(), StoreError> {
    diesel::insert_into(anchor::table)
        .values((
            anchor::pool.eq(new.pool),
            anchor::day.eq(new.day),
            anchor::events.eq(new.events),
            anchor::seal.eq(new.seal),
            anchor::hash.eq(&new.hash),
        ))
        .execute(conn.sql)?;
    Ok(())
}

fn anchor_of((pool, day, events, seal, hash): AnchorRow) -> Anchor {
    Anchor {
        day,
        pool,
        events,
        seal,
        hash,
    }
}
