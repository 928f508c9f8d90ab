//! The answers of all cases in the order of their key, for checks over all of them.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use crate::domain::ids::CaseId;
use crate::domain::place::Pool;
use crate::store::conn::Conn;
use crate::store::error::StoreError;
use crate::store::schema::cases;
use crate::store::types::Uid;

/// What a case was answered, sealed, with what names the case.
#[derive(Clone, Debug, Queryable)]
pub struct Sealed {
    /// Its pool.
    pub pool: Pool,
    /// The case.
    pub id: CaseId,
    /// Its receipt number.
    pub receipt_no: String,
    /// Its answers, sealed.
    pub answers: Vec<u8>,
}

/// The answers of the cases after `after`, in the order of pool and identifier, `limit` at most.
pub fn answers_after(
    conn: &mut Conn<'_>,
    after: Option<(Pool, CaseId)>,
    limit: i64,
) -> Result<Vec<Sealed>, StoreError> {
    let mut query = cases::table
        .select((cases::pool, cases::id, cases::receipt_no, cases::answers))
        .into_boxed();
    if let Some((pool, id)) = after {
        let beyond = sql::<Bool>("(pool, id) > (")
            .bind::<Text, _>(pool)
            .sql(", ")
            .bind::<Uid, _>(id)
            .sql(")");
        query = query.filter(beyond);
    }
    Ok(query
        .order((cases::pool, cases::id))
        .limit(limit)
        .load(conn.sql)?)
}
