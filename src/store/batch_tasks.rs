//! What is done to all cases of a batch at once, as stored (XR-9): the order, how far it is, what came of each case.
//! Results are added and never changed. Whether something may be done to a case is not decided here.

use diesel::prelude::*;

use super::cases::Moved;
use super::conn::Conn;
use super::error::StoreError;
use super::fragments::literal;
use super::many::{self, Column, Holds};
use super::schema::{batch_task, batch_task_row};
use crate::domain::batch::{Order, Task, TaskKind, TaskOutcome, TaskResult};
use crate::domain::ids::{AccountId, BatchId, TaskId};
use crate::domain::place::Pool;
use crate::domain::time::Ts;

#[derive(Queryable, Selectable)]
#[diesel(table_name = batch_task)]
struct Row {
    id: TaskId,
    batch_id: BatchId,
    kind: TaskKind,
    command: Vec<u8>,
    asked_by: AccountId,
    asked_at: Ts,
    reached: i32,
    done: i32,
    failed: i32,
    finished_at: Option<Ts>,
}

/// Adds a task of which nothing is done yet.
///
/// # Errors
/// [`StoreError::NotUnique`] while another one of the batch runs.
pub fn insert(
    conn: &mut Conn<'_>,
    pool: Pool,
    task: &Task,
    order: &Order,
) -> Result<(), StoreError> {
    let order = serde_json::to_vec(order).map_err(unreadable)?;
    diesel::insert_into(batch_task::table)
        .values((
            batch_task::pool.eq(pool),
            batch_task::id.eq(task.id),
            batch_task::batch_id.eq(task.batch),
            batch_task::kind.eq(task.kind),
            batch_task::command.eq(conn.vault.seal(&order)?),
            batch_task::asked_by.eq(task.asked_by),
            batch_task::asked_at.eq(task.asked_at),
            batch_task::reached.eq(0),
            batch_task::done.eq(0),
            batch_task::failed.eq(0),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// The tasks that are not finished.
pub fn running(conn: &mut Conn<'_>) -> Result<Vec<(Pool, TaskId)>, StoreError> {
    Ok(batch_task::table
        .filter(literal("finished_at IS NULL"))
        .order(batch_task::id)
        .select((batch_task::pool, batch_task::id))
        .load(conn.sql)?)
}

/// A task and its order.
pub fn find(
    conn: &mut Conn<'_>,
    pool: Pool,
    id: TaskId,
) -> Result<Option<(Task, Order)>, StoreError> {
    let row: Option<Row> = batch_task::table
        .find((pool, id))
        .select(Row::as_select())
        .first(conn.sql)
        .optional()?;
    let Some(row) = row else {
        return Ok(None);
    };
    let order = serde_json::from_slice(&conn.vault.open(&row.command)?).map_err(unreadable)?;
    Ok(Some((task(row), order)))
}

/// The latest tasks of a batch, newest first.
pub fn of_batch(
    conn: &mut Conn<'_>,
    pool: Pool,
    batch: BatchId,
    limit: i64,
) -> Result<Vec<Task>, StoreError> {
    let rows: Vec<Row> = batch_task::table
        .filter(
            batch_task::pool
                .eq(pool)
                .and(batch_task::batch_id.eq(batch)),
        )
        .order((batch_task::asked_at.desc(), batch_task::id.desc()))
        .limit(limit)
        .select(Row::as_select())
        .load(conn.sql)?;
    Ok(rows.into_iter().map(task).collect())
}

/// Moves a task on to row `to`, if it still stands where `seen` says: of two instances one does the rows between.
pub fn take(conn: &mut Conn<'_>, pool: Pool, seen: &Task, to: u32) -> Result<Moved, StoreError> {
    let as_seen = batch_task::table.find((pool, seen.id)).filter(
        batch_task::reached
            .eq(to_i32(seen.reached))
            .and(batch_task::finished_at.is_null()),
    );
    let rows = diesel::update(as_seen)
        .set(batch_task::reached.eq(to_i32(to)))
        .execute(conn.sql)?;
    Ok(if rows == 1 { Moved::Done } else { Moved::Stale })
}

/// Writes down what came of some cases.
pub fn add_results(
    conn: &mut Conn<'_>,
    pool: Pool,
    id: TaskId,
    results: &[TaskResult],
) -> Result<(), StoreError> {
    const COLUMNS: [Column; 5] = [
        ("pool", Holds::Text),
        ("task_id", Holds::Id),
        ("number", Holds::Number),
        ("outcome", Holds::Text),
        ("receipt_no", Holds::Text),
    ];
    let rows = results.iter().map(|result| {
        vec![
            pool.to_string().into(),
            many::id(id),
            result.number.into(),
            result.outcome.as_str().into(),
            result.receipt_no.clone().into(),
        ]
    });
    many::insert(conn.sql, "batch_task_row", &COLUMNS, rows.collect())?;
    let done = results
        .iter()
        .filter(|result| result.outcome.is_done())
        .count();
    let (done, failed) = (size(done), size(results.len() - done));
    diesel::update(batch_task::table.find((pool, id)))
        .set((
            batch_task::done.eq(batch_task::done + done),
            batch_task::failed.eq(batch_task::failed + failed),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// Ends a task; once.
pub fn finish(conn: &mut Conn<'_>, pool: Pool, id: TaskId, at: Ts) -> Result<Moved, StoreError> {
    let unfinished = batch_task::table
        .find((pool, id))
        .filter(batch_task::finished_at.is_null());
    let rows = diesel::update(unfinished)
        .set(batch_task::finished_at.eq(at))
        .execute(conn.sql)?;
    Ok(if rows == 1 { Moved::Done } else { Moved::Stale })
}

/// Which results are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// All.
    All,
    /// Those of cases to which it could not be done.
    Left,
}

/// Results of a task in the order of the rows, from beyond row `after` on.
pub fn results(
    conn: &mut Conn<'_>,
    (pool, id): (Pool, TaskId),
    which: Which,
    after: u32,
    limit: i64,
) -> Result<Vec<TaskResult>, StoreError> {
    let mut query = batch_task_row::table
        .filter(
            batch_task_row::pool
                .eq(pool)
                .and(batch_task_row::task_id.eq(id))
                .and(batch_task_row::number.gt(to_i32(after))),
        )
        .into_boxed();
    if which == Which::Left {
        query = query.filter(literal("outcome NOT IN ('done', 'second-review')"));
    }
    let rows: Vec<(i32, TaskOutcome, String)> = query
        .order(batch_task_row::number)
        .limit(limit)
        .select((
            batch_task_row::number,
            batch_task_row::outcome,
            batch_task_row::receipt_no,
        ))
        .load(conn.sql)?;
    Ok(rows
        .into_iter()
        .map(|(number, outcome, receipt_no)| TaskResult {
            number: to_u32(number),
            outcome,
            receipt_no,
        })
        .collect())
}

fn task(row: Row) -> Task {
    Task {
        id: row.id,
        batch: row.batch_id,
        kind: row.kind,
        asked_by: row.asked_by,
        asked_at: row.asked_at,
        reached: to_u32(row.reached),
        done: to_u32(row.done),
        failed: to_u32(row.failed),
        finished_at: row.finished_at,
    }
}

fn size(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

fn to_i32(n: u32) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

fn to_u32(n: i32) -> u32 {
    u32::try_from(n).unwrap_or_default()
}

fn unreadable(cause: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(cause.to_string())
}
