//! The cases that came out of a batch (XR-9): where they stand, how many wait. Rows that repeat what was filed before
//! are none of them. Nothing here counts further than it is asked to.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::cases::{Listed, Row};
use super::conn::Conn;
use super::error::StoreError;
use super::fragments::{any_of, literal, row_beyond};
use super::schema::{batch, batch_row, cases, employer};
use crate::domain::batch::{Outcome, RowResult};
use crate::domain::ids::{BatchId, CaseId, EmployerId};
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::time::Ts;

/// What a case waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// A decision of any kind: it can be withdrawn (CAS-7).
    Undecided,
    /// A handler: it can be decided with others.
    Handler,
}

impl Waiting {
    fn condition(self) -> &'static str {
        match self {
            Self::Undecided => {
                "cases.state IN ('submitted', 'in_review', 'supplement_requested', 'awaiting_agency', \
                 'awaiting_institution', 'second_review')"
            }
            Self::Handler => "cases.state IN ('submitted', 'in_review')",
        }
    }
}

/// Cases of a batch in the order of its rows, each with the row's number, from beyond row `after` on.
pub fn page(
    conn: &mut Conn<'_>,
    pool: Pool,
    id: BatchId,
    after: u32,
    limit: i64,
) -> Result<Vec<(u32, Listed)>, StoreError> {
    let rows: Vec<(i32, Row)> = batch_row::table
        .inner_join(
            cases::table.on(cases::pool
                .eq(batch_row::pool)
                .and(cases::id.nullable().eq(batch_row::case_id))),
        )
        .filter(
            batch_row::pool
                .eq(pool)
                .and(batch_row::batch_id.eq(id))
                .and(batch_row::number.gt(i32::try_from(after).unwrap_or(i32::MAX))),
        )
        .filter(literal("batch_row.outcome = 'filed'"))
        .order(batch_row::number)
        .limit(limit)
        .select((batch_row::number, Row::as_select()))
        .load(conn.sql)?;
    rows.into_iter()
        .map(|(number, row)| {
            let number = u32::try_from(number).unwrap_or_default();
            Ok((number, Listed::try_from(row)?))
        })
        .collect()
}

/// How many cases of a batch wait, counted up to `limit`.
pub fn count(
    conn: &mut Conn<'_>,
    pool: Pool,
    id: BatchId,
    waiting: Waiting,
    limit: i64,
) -> Result<usize, StoreError> {
    let found: Vec<i32> = batch_row::table
        .inner_join(
            cases::table.on(cases::pool
                .eq(batch_row::pool)
                .and(cases::id.nullable().eq(batch_row::case_id))),
        )
        .filter(batch_row::pool.eq(pool).and(batch_row::batch_id.eq(id)))
        .filter(literal("batch_row.outcome = 'filed'"))
        .filter(literal(waiting.condition()))
        .limit(limit)
        .select(batch_row::number)
        .load(conn.sql)?;
    Ok(found.len())
}

/// Rows of a batch that became no case, in their order, from beyond row `after` on.
pub fn returned(
    conn: &mut Conn<'_>,
    pool: Pool,
    id: BatchId,
    after: u32,
    limit: i64,
) -> Result<Vec<RowResult>, StoreError> {
    let rows: Vec<Returned> = batch_row::table
        .filter(
            batch_row::pool
                .eq(pool)
                .and(batch_row::batch_id.eq(id))
                .and(batch_row::number.gt(i32::try_from(after).unwrap_or(i32::MAX))),
        )
        .filter(literal("outcome <> 'filed'"))
        .order(batch_row::number)
        .limit(limit)
        .select(Returned::as_select())
        .load(conn.sql)?;
    rows.into_iter().map(RowResult::try_from).collect()
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = batch_row)]
struct Returned {
    number: i32,
    outcome: Outcome,
    column_name: Option<String>,
    code: Option<String>,
    particulars: Option<String>,
    case_id: Option<CaseId>,
    receipt_no: Option<String>,
}

impl TryFrom<Returned> for RowResult {
    type Error = StoreError;

    fn try_from(row: Returned) -> Result<Self, StoreError> {
        let values = row.particulars.as_deref().map(serde_json::from_str);
        Ok(Self {
            number: u32::try_from(row.number).unwrap_or_default(),
            outcome: row.outcome,
            column: row.column_name,
            code: row.code,
            values: values
                .transpose()
                .map_err(|e| StoreError::Corrupt(e.to_string()))?
                .unwrap_or_default(),
            case: row.case_id.zip(row.receipt_no),
        })
    }
}

/// Whether a case of a batch that waits for a handler is past its due time (CLK-7).
pub fn any_late(conn: &mut Conn<'_>, pool: Pool, id: BatchId, now: Ts) -> Result<bool, StoreError> {
    let found: Option<i32> = batch_row::table
        .inner_join(
            cases::table.on(cases::pool
                .eq(batch_row::pool)
                .and(cases::id.nullable().eq(batch_row::case_id))),
        )
        .filter(batch_row::pool.eq(pool).and(batch_row::batch_id.eq(id)))
        .filter(literal("batch_row.outcome = 'filed'"))
        .filter(literal(Waiting::Handler.condition()))
        .filter(cases::due_at.lt(now))
        .select(batch_row::number)
        .first(conn.sql)
        .optional()?;
    Ok(found.is_some())
}

/// The batch that a case came out of.
pub fn batch_of(
    conn: &mut Conn<'_>,
    pool: Pool,
    case: CaseId,
) -> Result<Option<BatchId>, StoreError> {
    Ok(batch_row::table
        .filter(batch_row::pool.eq(pool).and(batch_row::case_id.eq(case)))
        .filter(literal("case_id IS NOT NULL AND outcome = 'filed'"))
        .select(batch_row::batch_id)
        .first(conn.sql)
        .optional()?)
}

/// Batches of an agency that were not settled when it was looked last, newest first, from before `after` on (keyset).
pub fn unsettled(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    after: Option<(Ts, BatchId)>,
    limit: i64,
) -> Result<Vec<BatchId>, StoreError> {
    let mut query = batch::table
        .filter(batch::pool.eq(agency.pool()).and(batch::agency.eq(agency)))
        .filter(literal("settled_at IS NULL"))
        .into_boxed();
    if let Some((at, id)) = after {
        query = query.filter(row_beyond("(created_at, id) <", at, id));
    }
    Ok(query
        .order((batch::created_at.desc(), batch::id.desc()))
        .limit(limit)
        .select(batch::id)
        .load(conn.sql)?)
}

/// Batches everywhere whose rows all have their result and that were not settled when it was looked last.
pub fn to_look_at(conn: &mut Conn<'_>) -> Result<Vec<(Pool, BatchId)>, StoreError> {
    Ok(batch::table
        .filter(literal("settled_at IS NULL AND state = 'done'"))
        .order((batch::pool, batch::id))
        .select((batch::pool, batch::id))
        .load(conn.sql)?)
}

/// Notes that no case of a batch waits any more.
pub fn settle(conn: &mut Conn<'_>, pool: Pool, id: BatchId, at: Ts) -> Result<(), StoreError> {
    diesel::update(batch::table.find((pool, id)))
        .set(batch::settled_at.eq(at))
        .execute(conn.sql)?;
    Ok(())
}

/// Names of employers.
pub fn employers(
    conn: &mut Conn<'_>,
    ids: &[EmployerId],
) -> Result<BTreeMap<EmployerId, String>, StoreError> {
    let rows: Vec<(EmployerId, String)> = employer::table
        .filter(any_of(employer::id, ids))
        .select((employer::id, employer::name))
        .load(conn.sql)?;
    Ok(rows.into_iter().collect())
}
