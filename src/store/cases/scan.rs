//! All cases in the order of their key, for checks over all of them.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use super::{Listed, Row};
use crate::domain::case::Case;
use crate::domain::ids::CaseId;
use crate::domain::place::Pool;
use crate::domain::time::Ts;
use crate::store::conn::Conn;
use crate::store::error::StoreError;
use crate::store::schema::cases;
use crate::store::types::Uid;

/// A case as stored, with the columns that are computed from it.
#[derive(Clone, Debug)]
pub struct Stored {
    /// The case.
    pub case: Case,
    /// Its due time as the queue sees it.
    pub due_at: Option<Ts>,
    /// Its rank as the queue sees it.
    pub queue_rank: i16,
    /// Its answers, sealed.
    pub answers: Vec<u8>,
}

/// The cases after `after`, in the order of pool and identifier, `limit` at most.
pub fn after(
    conn: &mut Conn<'_>,
    after: Option<(Pool, CaseId)>,
    limit: i64,
) -> Result<Vec<Stored>, StoreError> {
    let mut query = cases::table
        .select((Row::as_select(), cases::answers))
        .into_boxed();
    if let Some((pool, id)) = after {
        let beyond = sql::<Bool>("(pool, id) > (")
            .bind::<Text, _>(pool)
            .sql(", ")
            .bind::<Uid, _>(id)
            .sql(")");
        query = query.filter(beyond);
    }
    let rows: Vec<(Row, Vec<u8>)> = query
        .order((cases::pool, cases::id))
        .limit(limit)
        .load(conn.sql)?;
    rows.into_iter()
        .map(|(row, answers)| {
            let (due_at, queue_rank) = (row.due_at, row.queue_rank);
            Ok(Stored {
                case: Listed::try_from(row)?.case,
                due_at,
                queue_rank,
                answers,
            })
        })
        .collect()
}
