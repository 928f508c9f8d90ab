//! Lists of one side's contacts: what waits by its due time, the rest the latest first; by keyset.

use diesel::prelude::*;

use super::rows::Row;
use crate::domain::contact::{Contact, Side};
use crate::domain::ids::ContactId;
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::time::Ts;
use crate::store::conn::Conn;
use crate::store::error::StoreError;
use crate::store::fragments::{literal, row_beyond};
use crate::store::schema::contact;

/// Which contacts, by whether they wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// Not answered yet.
    Yes,
    /// Not answered, and past their time at this instant.
    TooLong(Ts),
    /// Answered, or no longer needed.
    No,
    /// All.
    Either,
}

/// What is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filter {
    /// The pool.
    pub pool: Pool,
    /// The agency; all of the pool without.
    pub agency: Option<AgencyCode>,
    /// By whether they wait.
    pub waiting: Waiting,
    /// One side only.
    pub side: Option<Side>,
    /// Only those whose answer is given or written down on this side.
    pub answered_here: bool,
}

/// A page of contacts: what waits by its due time, the rest the latest first.
pub fn list(
    conn: &mut Conn<'_>,
    filter: &Filter,
    after: Option<(Ts, ContactId)>,
    limit: i64,
) -> Result<Vec<Contact>, StoreError> {
    let mut query = contact::table
        .filter(contact::pool.eq(filter.pool))
        .select(Row::as_select())
        .limit(limit)
        .into_boxed();
    if let Some(agency) = filter.agency {
        query = query.filter(contact::agency.eq(agency));
    }
    if let Some(side) = filter.side {
        query = query.filter(contact::side.eq(side));
    }
    if filter.answered_here {
        query = query.filter(literal("(side = 'received' OR reached_by = 'outside')"));
    }
    query = match filter.waiting {
        Waiting::Yes | Waiting::TooLong(_) => query
            .filter(literal("answer IS NULL"))
            .order((contact::due_at, contact::id)),
        Waiting::No => query
            .filter(literal("answer IS NOT NULL"))
            .order((contact::sent_at.desc(), contact::id.desc())),
        Waiting::Either => query.order((contact::sent_at.desc(), contact::id.desc())),
    };
    if let Waiting::TooLong(now) = filter.waiting {
        query = query.filter(contact::due_at.lt(now));
    }
    query = match (filter.waiting, after) {
        (_, None) => query,
        (Waiting::Yes | Waiting::TooLong(_), Some((at, id))) => {
            query.filter(row_beyond("(due_at, id) >", at, id))
        }
        (Waiting::No | Waiting::Either, Some((at, id))) => {
            query.filter(row_beyond("(sent_at, id) <", at, id))
        }
    };
    let rows: Vec<Row> = query.load(conn.sql)?;
    rows.into_iter().map(|row| row.read(conn)).collect()
}

/// How many contacts an agency has not answered in time, up to `limit`.
pub fn overdue(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    now: Ts,
    limit: i64,
) -> Result<usize, StoreError> {
    let found: Vec<ContactId> = contact::table
        .filter(contact::pool.eq(agency.pool()))
        .filter(contact::agency.eq(agency))
        .filter(literal(
            "answer IS NULL AND (side = 'received' OR reached_by = 'outside')",
        ))
        .filter(contact::due_at.lt(now))
        .limit(limit)
        .select(contact::id)
        .load(conn.sql)?;
    Ok(found.len())
}
