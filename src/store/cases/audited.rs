//! A case's row as an auditor reads it: one that can't be read is told of, and keeps no other from being read.

use diesel::prelude::*;

use super::{Listed, Row};
use crate::domain::case::Case;
use crate::domain::ids::CaseId;
use crate::domain::time::Ts;
use crate::store::conn::AnyConn;
use crate::store::error::StoreError;
use crate::store::schema::cases;

/// A case's row as an auditor compares it with the journal.
#[derive(Clone, Debug)]
pub struct Audited {
    /// Receipt number.
    pub receipt_no: String,
    /// Due time as the lists see it.
    pub due_at: Option<Ts>,
    /// Place in the queue as the lists see it.
    pub queue_rank: i16,
    /// The case, or why its row can't be read.
    pub case: Result<Case, String>,
}

/// The rows of up to `limit` cases from beyond `after` on, by identifier.
pub(in crate::store) fn audited(
    sql: &mut AnyConn,
    pool: &str,
    after: CaseId,
    limit: i64,
) -> Result<Vec<(CaseId, Audited)>, StoreError> {
    let query = cases::table
        .filter(cases::pool.eq(pool).and(cases::id.gt(after)))
        .order(cases::id)
        .limit(limit);
    let rows: Result<Vec<Row>, _> = query.select(Row::as_select()).load(sql);
    if let Ok(rows) = rows {
        return Ok(rows.into_iter().map(Audited::of).collect());
    }
    // One of them can't be read, or none: each is tried alone.
    let ids: Vec<(CaseId, String)> = query.select((cases::id, cases::receipt_no)).load(sql)?;
    ids.into_iter()
        .map(|(id, receipt_no)| {
            let row: Result<Row, diesel::result::Error> = cases::table
                .filter(cases::pool.eq(pool).and(cases::id.eq(id)))
                .select(Row::as_select())
                .first(sql);
            match row {
                Ok(row) => Ok(Audited::of(row)),
                Err(diesel::result::Error::DeserializationError(why)) => {
                    let unreadable = Audited {
                        receipt_no,
                        due_at: None,
                        queue_rank: 0,
                        case: Err(why.to_string()),
                    };
                    Ok((id, unreadable))
                }
                Err(error) => Err(error.into()),
            }
        })
        .collect()
}

/// The first pool after `after` that has a case.
pub(in crate::store) fn next_pool(
    sql: &mut AnyConn,
    after: &str,
) -> Result<Option<String>, StoreError> {
    Ok(cases::table
        .filter(cases::pool.gt(after))
        .order(cases::pool)
        .select(cases::pool)
        .first(sql)
        .optional()?)
}

impl Audited {
    fn of(row: Row) -> (CaseId, Self) {
        let id = row.id;
        let (receipt_no, due_at, queue_rank) = (row.receipt_no.clone(), row.due_at, row.queue_rank);
        let case = Listed::try_from(row).map(|listed| listed.case);
        let audited = Self {
            receipt_no,
            due_at,
            queue_rank,
            case: case.map_err(|e| e.to_string()),
        };
        (id, audited)
    }
}
