//! Spans that can be booked. A row is the guard of its places: one statement takes a place where there is one, so that
//! however many ask at the same moment, no more get one than there are (RB-2).

use std::collections::BTreeSet;

use diesel::prelude::*;

use crate::domain::appointment::Span;
use crate::domain::ids::{CounterId, SlotId};
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::time::{Day, Ts};
use crate::store::conn::Conn;
use crate::store::dialect::locked;
use crate::store::error::StoreError;
use crate::store::many::{self, Holds};
use crate::store::schema::{counter, slot};

/// A span as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Its pool.
    pub pool: Pool,
    /// Identifier.
    pub id: SlotId,
    /// Its agency.
    pub agency: AgencyCode,
    /// Its counter.
    pub counter: CounterId,
    /// Number of the counter.
    pub number: i32,
    /// What is done there.
    pub name: String,
    /// When, and how many places it has.
    pub span: Span,
    /// How many of them are taken.
    pub taken: i32,
}

impl Slot {
    /// How many places are left.
    pub fn left(&self) -> i32 {
        self.span.capacity.saturating_sub(self.taken).max(0)
    }
}

type Row = (
    (Pool, SlotId, AgencyCode, CounterId),
    (i32, String),
    (Ts, Ts, i32, i32),
);

fn read(row: Row) -> Slot {
    let ((pool, id, agency, counter), (number, name), (starts_at, ends_at, capacity, taken)) = row;
    Slot {
        pool,
        id,
        agency,
        counter,
        number,
        name,
        span: Span {
            starts_at,
            ends_at,
            capacity,
        },
        taken,
    }
}

/// With its counter, chosen as [`Row`].
macro_rules! slots {
    () => {
        slot::table
            .inner_join(
                counter::table.on(counter::pool
                    .eq(slot::pool)
                    .and(counter::id.eq(slot::counter_id))),
            )
            .select((
                (slot::pool, slot::id, slot::agency, slot::counter_id),
                (counter::number, counter::name),
                (slot::starts_at, slot::ends_at, slot::capacity, slot::taken),
            ))
    };
}

/// One of an identifier.
pub fn find(conn: &mut Conn<'_>, pool: Pool, id: SlotId) -> Result<Option<Slot>, StoreError> {
    let row: Option<Row> = slots!()
        .filter(slot::pool.eq(pool).and(slot::id.eq(id)))
        .first(conn.sql)
        .optional()?;
    Ok(row.map(read))
}

/// Those of an agency on the days from one on to another, both counted, in the order of time and counters.
pub fn of_days(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    (first, last): (Day, Day),
) -> Result<Vec<Slot>, StoreError> {
    let rows: Vec<Row> = slots!()
        .filter(slot::pool.eq(agency.pool()))
        .filter(slot::agency.eq(agency))
        .filter(slot::day.between(first, last))
        .order((slot::starts_at, counter::number))
        .load(conn.sql)?;
    Ok(rows.into_iter().map(read).collect())
}

/// Takes a place where there is one, in one statement; answers the number of the booking within its span, that no other
/// one has.
pub fn take(conn: &mut Conn<'_>, pool: Pool, id: SlotId) -> Result<Option<i32>, StoreError> {
    let with_room = slot::table
        .filter(slot::pool.eq(pool).and(slot::id.eq(id)))
        .filter(slot::taken.lt(slot::capacity));
    Ok(diesel::update(with_room)
        .set((
            slot::taken.eq(slot::taken + 1),
            slot::version.eq(slot::version + 1),
        ))
        .returning(slot::version)
        .get_result(conn.sql)
        .optional()?)
}

/// How a span stands while its guard is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guarded {
    /// A number that no booking of the span has.
    pub number: i32,
    /// How many places it has; fewer than are taken when the plan was cut.
    pub capacity: i32,
    /// How many are taken.
    pub taken: i32,
}

/// Takes the guard of a span until the transaction ends.
pub fn guard(conn: &mut Conn<'_>, pool: Pool, id: SlotId) -> Result<Option<Guarded>, StoreError> {
    let one = slot::table.filter(slot::pool.eq(pool).and(slot::id.eq(id)));
    let row: Option<(i32, i32, i32)> = diesel::update(one)
        .set(slot::version.eq(slot::version + 1))
        .returning((slot::version, slot::capacity, slot::taken))
        .get_result(conn.sql)
        .optional()?;
    Ok(row.map(|(number, capacity, taken)| Guarded {
        number,
        capacity,
        taken,
    }))
}

/// Takes the guards of two spans, in one order whoever takes them.
pub fn guard_both(
    conn: &mut Conn<'_>,
    pool: Pool,
    (one, other): (SlotId, SlotId),
) -> Result<(), StoreError> {
    let both = slot::table
        .filter(slot::pool.eq(pool))
        .filter(slot::id.eq(one).or(slot::id.eq(other)))
        .order(slot::id)
        .select(slot::version);
    let _versions: Vec<i32> = locked(conn.sql, both).load(conn.sql)?;
    Ok(())
}

/// Gives a place back.
pub fn release(conn: &mut Conn<'_>, pool: Pool, id: SlotId) -> Result<(), StoreError> {
    let one = slot::table.filter(slot::pool.eq(pool).and(slot::id.eq(id)));
    diesel::update(one.filter(slot::taken.gt(0)))
        .set((
            slot::taken.eq(slot::taken - 1),
            slot::version.eq(slot::version + 1),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// Opens spans of a counter; those that are there stay as they are.
pub fn insert_new(
    conn: &mut Conn<'_>,
    (agency, counter): (AgencyCode, CounterId),
    new: &[(SlotId, Span)],
) -> Result<usize, StoreError> {
    let columns = [
        ("pool", Holds::Text),
        ("id", Holds::Id),
        ("agency", Holds::Text),
        ("counter_id", Holds::Id),
        ("day", Holds::Day),
        ("starts_at", Holds::Instant),
        ("ends_at", Holds::Instant),
        ("capacity", Holds::Number),
        ("taken", Holds::Number),
        ("version", Holds::Number),
    ];
    let rows = new
        .iter()
        .map(|(id, span)| {
            vec![
                agency.pool().as_str().into(),
                many::id(*id),
                agency.as_str().into(),
                many::id(counter),
                span.starts_at.day().to_string().into(),
                many::instant(span.starts_at),
                many::instant(span.ends_at),
                span.capacity.into(),
                0.into(),
                0.into(),
            ]
        })
        .collect();
    many::insert_or(conn.sql, "slot", &columns, rows, "DO NOTHING")
}

/// Gives a span another end and number of places; who has a place keeps it.
pub fn reshape(
    conn: &mut Conn<'_>,
    pool: Pool,
    id: SlotId,
    (ends_at, capacity): (Ts, i32),
) -> Result<(), StoreError> {
    let one = slot::table.filter(slot::pool.eq(pool).and(slot::id.eq(id)));
    diesel::update(one)
        .set((
            slot::ends_at.eq(ends_at),
            slot::capacity.eq(capacity),
            slot::version.eq(slot::version + 1),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// The agencies that have counters.
pub fn agencies(conn: &mut Conn<'_>) -> Result<BTreeSet<AgencyCode>, StoreError> {
    let rows: Vec<AgencyCode> = counter::table
        .select(counter::agency)
        .distinct()
        .load(conn.sql)?;
    Ok(rows.into_iter().collect())
}
