//! The results of a batch's rows as stored: entered with what the rows became, read in order.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde_json::Value;

use super::{to_i32, to_u32};
use crate::domain::batch::{Batch, Outcome, RowResult};
use crate::domain::ids::{BatchId, CaseId};
use crate::domain::place::Pool;
use crate::store::conn::Conn;
use crate::store::error::StoreError;
use crate::store::fragments::{any_of, literal};
use crate::store::many::{self, Holds};
use crate::store::schema::batch_row;

/// Enters the results of rows, in one statement.
pub fn enter(conn: &mut Conn<'_>, batch: &Batch, results: &[RowResult]) -> Result<(), StoreError> {
    let rows = results
        .iter()
        .map(|result| {
            let particulars = match result.values.is_empty() {
                true => None,
                false => Some(serde_json::to_string(&result.values).map_err(unreadable)?),
            };
            let case = result.case.as_ref();
            Ok(vec![
                batch.pool.as_str().into(),
                many::id(batch.id),
                result.number.into(),
                result.outcome.as_str().into(),
                result.column.as_deref().into(),
                result.code.as_deref().into(),
                particulars.into(),
                case.map_or(Value::Null, |(id, _)| many::id(*id)),
                case.map(|(_, receipt_no)| receipt_no.as_str()).into(),
            ])
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    many::insert(conn.sql, "batch_row", ROW, rows)?;
    Ok(())
}

const ROW: &[many::Column] = &[
    ("pool", Holds::Text),
    ("batch_id", Holds::Id),
    ("number", Holds::Number),
    ("outcome", Holds::Text),
    ("column_name", Holds::Text),
    ("code", Holds::Text),
    ("particulars", Holds::Text),
    ("case_id", Holds::Id),
    ("receipt_no", Holds::Text),
];

/// Which of some cases the rows of a batch became, and the numbers of those rows.
pub fn numbers_of(
    conn: &mut Conn<'_>,
    batch: &Batch,
    cases: &[CaseId],
) -> Result<BTreeMap<CaseId, u32>, StoreError> {
    let rows: Vec<(BatchId, Option<CaseId>, i32)> = batch_row::table
        .filter(batch_row::pool.eq(batch.pool))
        .filter(any_of(batch_row::case_id, cases))
        .filter(literal("outcome = 'filed'"))
        .select((batch_row::batch_id, batch_row::case_id, batch_row::number))
        .load(conn.sql)?;
    Ok(rows
        .into_iter()
        .filter(|(of, ..)| *of == batch.id)
        .filter_map(|(_, case, number)| Some((case?, to_u32(number))))
        .collect())
}

type ResultRow = (
    i32,
    Outcome,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<CaseId>,
    Option<String>,
);

/// Results of the rows after number `after`, in order; all, or those of one outcome.
pub fn rows(
    conn: &mut Conn<'_>,
    pool: Pool,
    id: BatchId,
    outcome: Option<Outcome>,
    after: u32,
    limit: i64,
) -> Result<Vec<RowResult>, StoreError> {
    let mut query = batch_row::table
        .filter(batch_row::pool.eq(pool).and(batch_row::batch_id.eq(id)))
        .filter(batch_row::number.gt(to_i32(after)))
        .select((
            batch_row::number,
            batch_row::outcome,
            batch_row::column_name,
            batch_row::code,
            batch_row::particulars,
            batch_row::case_id,
            batch_row::receipt_no,
        ))
        .into_boxed();
    if let Some(outcome) = outcome {
        query = query.filter(batch_row::outcome.eq(outcome));
    }
    let rows: Vec<ResultRow> = query.order(batch_row::number).limit(limit).load(conn.sql)?;
    rows.into_iter().map(result).collect()
}

fn result(row: ResultRow) -> Result<RowResult, StoreError> {
    let (number, outcome, column, code, particulars, case, receipt_no) = row;
    let values = match particulars {
        None => vec![],
        Some(text) => serde_json::from_str(&text).map_err(unreadable)?,
    };
    Ok(RowResult {
        number: to_u32(number),
        outcome,
        column,
        code,
        values,
        case: case.zip(receipt_no),
    })
}

fn unreadable(cause: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(cause.to_string())
}
