//! The journals of many cases at once, for checks over all of them: one statement for a range of cases.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use super::{Row, broken_at, entry};
use crate::domain::event::Event;
use crate::domain::ids::CaseId;
use crate::domain::place::Pool;
use crate::store::conn::Conn;
use crate::store::error::StoreError;
use crate::store::schema::case_event;
use crate::store::types::Uid;

/// The journal of one case, without its free words.
#[derive(Clone, Debug)]
pub struct History {
    /// Pool of the case.
    pub pool: Pool,
    /// The case.
    pub case: CaseId,
    /// Its events in order; an error when one can't be read.
    pub events: Result<Vec<Event>, String>,
    /// The first event whose hash or link is wrong.
    pub broken: Option<u32>,
}

/// The journals of the cases after `after` up to and with `last`, in the order of pool and case.
pub fn between(
    conn: &mut Conn<'_>,
    after: Option<(Pool, CaseId)>,
    last: (Pool, CaseId),
) -> Result<Vec<History>, StoreError> {
    let bound = |comparison: &str, (pool, case): (Pool, CaseId)| {
        sql::<Bool>(&format!("(pool, case_id) {comparison} ("))
            .bind::<Text, _>(pool)
            .sql(", ")
            .bind::<Uid, _>(case)
            .sql(")")
    };
    let mut query = case_event::table
        .filter(bound("<=", last))
        .select(Row::as_select())
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(bound(">", after));
    }
    let rows: Vec<Row> = query
        .order((case_event::pool, case_event::case_id, case_event::number))
        .load(conn.sql)?;
    let mut histories = vec![];
    for rows in chunks(rows) {
        if let Some(first) = rows.first() {
            histories.push(History {
                pool: first.pool,
                case: first.case_id,
                broken: broken_at(&rows),
                events: events(rows),
            });
        }
    }
    Ok(histories)
}

/// The rows of each case.
fn chunks(rows: Vec<Row>) -> Vec<Vec<Row>> {
    let mut chunks: Vec<Vec<Row>> = vec![];
    for row in rows {
        match chunks.last_mut() {
            Some(chunk)
                if chunk
                    .last()
                    .is_some_and(|last| (last.pool, last.case_id) == (row.pool, row.case_id)) =>
            {
                chunk.push(row);
            }
            _ => chunks.push(vec![row]),
        }
    }
    chunks
}

fn events(rows: Vec<Row>) -> Result<Vec<Event>, String> {
    rows.into_iter()
        .map(|row| entry(Row { words: None, ..row }, None).map(|entry| entry.event))
        .collect::<Result<_, StoreError>>()
        .map_err(|e| e.to_string())
}
