//! Batches of orders that go to the bank together (RB-6): made with their orders in one transaction, moved on by the state
//! they were seen in.

use diesel::prelude::*;

use super::{Listed, Moved, Row, corrupt, listed, to_i32};
use crate::domain::ids::{AccountId, PaymentBatchId, PersonId};
use crate::domain::money::Fen;
use crate::domain::payment::{Batch, BatchState, Order, State};
use crate::domain::place::Pool;
use crate::domain::time::Ts;
use crate::store::conn::Conn;
use crate::store::dialect::locked;
use crate::store::error::StoreError;
use crate::store::fragments::{any_of, literal};
use crate::store::many::{self, Holds};
use crate::store::schema::{cases, payment_batch, payment_order};

#[derive(Queryable, Selectable)]
#[diesel(table_name = payment_batch)]
struct BatchRow {
    pool: Pool,
    id: PaymentBatchId,
    number: i32,
    state: BatchState,
    count: i32,
    waiting: i32,
    sum: i64,
    sha256: Vec<u8>,
    made_by: AccountId,
    made_at: Ts,
    sent_by: Option<AccountId>,
    sent_at: Option<Ts>,
    done_at: Option<Ts>,
}

/// The number of the next batch of a pool; its guard is taken before.
pub fn next_number(conn: &mut Conn<'_>, pool: Pool) -> Result<u32, StoreError> {
    let last: Option<i32> = payment_batch::table
        .filter(payment_batch::pool.eq(pool))
        .select(diesel::dsl::max(payment_batch::number))
        .first(conn.sql)?;
    u32::try_from(last.unwrap_or_default() + 1).map_err(corrupt)
}

/// Adds a batch with its orders, all of which must still wait; their histories say so.
pub fn insert(conn: &mut Conn<'_>, new: &Batch, orders: &[Order]) -> Result<Moved, StoreError> {
    diesel::insert_into(payment_batch::table)
        .values((
            payment_batch::pool.eq(new.pool),
            payment_batch::id.eq(new.id),
            payment_batch::number.eq(to_i32(new.number)?),
            payment_batch::state.eq(new.state),
            payment_batch::count.eq(to_i32(new.count)?),
            payment_batch::waiting.eq(to_i32(new.waiting)?),
            payment_batch::sum.eq(new.sum.fen()),
            payment_batch::sha256.eq(&new.sha256),
            payment_batch::made_by.eq(new.made_by),
            payment_batch::made_at.eq(new.made_at),
        ))
        .execute(conn.sql)?;
    let ids: Vec<_> = orders.iter().map(|order| order.id).collect();
    let still = payment_order::table
        .filter(payment_order::pool.eq(new.pool))
        .filter(any_of(payment_order::id, &ids))
        .filter(literal("state = 'ordered'"));
    let rows = diesel::update(still)
        .set((
            payment_order::state.eq(State::Batched),
            payment_order::batch_id.eq(Some(new.id)),
            payment_order::changed_at.eq(new.made_at),
        ))
        .execute(conn.sql)?;
    if rows != orders.len() {
        return Ok(Moved::Stale);
    }
    enter_all(conn, new, orders)?;
    Ok(Moved::Done)
}

/// The histories of orders say that they went into a batch.
fn enter_all(conn: &mut Conn<'_>, new: &Batch, orders: &[Order]) -> Result<(), StoreError> {
    let columns = [
        ("pool", Holds::Text),
        ("order_id", Holds::Id),
        ("number", Holds::Number),
        ("at", Holds::Instant),
        ("by_account", Holds::Id),
        ("state", Holds::Text),
    ];
    let events = orders
        .iter()
        .map(|order| {
            vec![
                new.pool.as_str().into(),
                many::id(order.id),
                // An order waits as it was made.
                2.into(),
                many::instant(new.made_at),
                many::id(new.made_by),
                State::Batched.as_str().into(),
            ]
        })
        .collect();
    many::insert(conn.sql, "payment_event", &columns, events)?;
    Ok(())
}

/// One batch.
pub fn find(
    conn: &mut Conn<'_>,
    pool: Pool,
    id: PaymentBatchId,
) -> Result<Option<Batch>, StoreError> {
    let row: Option<BatchRow> = payment_batch::table
        .find((pool, id))
        .select(BatchRow::as_select())
        .first(conn.sql)
        .optional()?;
    row.map(Batch::try_from).transpose()
}

/// Takes a batch until the transaction ends: results of one batch are taken in one after the other.
pub fn lock(
    conn: &mut Conn<'_>,
    pool: Pool,
    id: PaymentBatchId,
) -> Result<Option<Batch>, StoreError> {
    let row = payment_batch::table
        .find((pool, id))
        .select(BatchRow::as_select());
    let rows: Vec<BatchRow> = locked(conn.sql, row).load(conn.sql)?;
    rows.into_iter().next().map(Batch::try_from).transpose()
}

/// Batches of a pool, the newest first, those with numbers below `before`.
pub fn of_pool(
    conn: &mut Conn<'_>,
    pool: Pool,
    before: Option<u32>,
    limit: i64,
) -> Result<Vec<Batch>, StoreError> {
    let mut query = payment_batch::table
        .filter(payment_batch::pool.eq(pool))
        .select(BatchRow::as_select())
        .into_boxed();
    if let Some(before) = before {
        query = query.filter(payment_batch::number.lt(to_i32(before)?));
    }
    let rows: Vec<BatchRow> = query
        .order(payment_batch::number.desc())
        .limit(limit)
        .load(conn.sql)?;
    rows.into_iter().map(Batch::try_from).collect()
}

/// The orders of a batch in the order of its file.
pub fn orders(
    conn: &mut Conn<'_>,
    pool: Pool,
    batch: PaymentBatchId,
) -> Result<Vec<Listed>, StoreError> {
    let rows: Vec<(Row, String, PersonId)> = payment_order::table
        .inner_join(
            cases::table.on(cases::pool
                .eq(payment_order::pool)
                .and(cases::id.eq(payment_order::case_id))),
        )
        .filter(payment_order::pool.eq(pool))
        .filter(payment_order::batch_id.eq(batch))
        .order(payment_order::id)
        .select((Row::as_select(), cases::receipt_no, cases::person_id))
        .load(conn.sql)?;
    listed(conn, rows)
}

/// Says that the file of an open batch went to the bank.
pub fn send(
    conn: &mut Conn<'_>,
    pool: Pool,
    id: PaymentBatchId,
    (by, at): (AccountId, Ts),
) -> Result<Moved, StoreError> {
    let open = payment_batch::table
        .find((pool, id))
        .filter(payment_batch::state.eq(BatchState::Open));
    let rows = diesel::update(open)
        .set((
            payment_batch::state.eq(BatchState::Sent),
            payment_batch::sent_by.eq(Some(by)),
            payment_batch::sent_at.eq(Some(at)),
        ))
        .execute(conn.sql)?;
    Ok(match rows {
        0 => Moved::Stale,
        _ => Moved::Done,
    })
}

/// Counts the result of one more order; with the last one the batch is done.
pub fn count_result(
    conn: &mut Conn<'_>,
    pool: Pool,
    id: PaymentBatchId,
    at: Ts,
) -> Result<(), StoreError> {
    let left: i32 = diesel::update(payment_batch::table.find((pool, id)))
        .set(payment_batch::waiting.eq(payment_batch::waiting - 1))
        .returning(payment_batch::waiting)
        .get_result(conn.sql)?;
    if left == 0 {
        diesel::update(payment_batch::table.find((pool, id)))
            .set((
                payment_batch::state.eq(BatchState::Done),
                payment_batch::done_at.eq(Some(at)),
            ))
            .execute(conn.sql)?;
    }
    Ok(())
}

impl TryFrom<BatchRow> for Batch {
    type Error = StoreError;
    fn try_from(row: BatchRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            pool: row.pool,
            number: u32::try_from(row.number).map_err(corrupt)?,
            state: row.state,
            count: u32::try_from(row.count).map_err(corrupt)?,
            waiting: u32::try_from(row.waiting).map_err(corrupt)?,
            sum: Fen::new(row.sum),
            sha256: row.sha256,
            made_by: row.made_by,
            made_at: row.made_at,
            sent: row.sent_by.zip(row.sent_at),
            done_at: row.done_at,
        })
    }
}
