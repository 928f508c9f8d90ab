//! The lists of the desk. Every list is a keyset page over an index that fits it: cost does not grow with
//! what is stored, nothing is counted.
//!
//! A page goes on after a place by comparing row values, which both databases turn into one range of the
//! index; the same condition written with AND and OR costs PostgreSQL a sort of all that is left (at a
//! million cases 88 ms instead of 0.2 ms).

use diesel::prelude::*;

use super::cases::{Listed, Row};
use super::conn::{Conn, MultiBackend};
use super::dialect::skip_locked;
use super::error::StoreError;
use super::fragments::{literal, rank_beyond, row_beyond};
use super::schema::cases;
use crate::domain::case::{State, Urgency};
use crate::domain::ids::{AccountId, CaseId, PersonId};
use crate::domain::place::AgencyCode;
use crate::domain::time::Ts;

/// The place after which a page of the queue goes on: rank, due time, identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Rank of CAT-4.
    pub rank: i16,
    /// Due time.
    pub due: Ts,
    /// Identifier.
    pub id: CaseId,
}

/// The most urgent case of an agency that is nobody's of `excluded` (CAS-10), locked for this transaction;
/// cases that others are taking at this moment are left out.
pub fn most_urgent(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    (account, excluded): (AccountId, &[PersonId]),
) -> Result<Option<Listed>, StoreError> {
    let query = served(agency, account, excluded);
    let rows: Vec<Row> = if cfg!(feature = "naive-claim") {
        query.load(conn.sql)?
    } else {
        skip_locked(conn.sql, query).load(conn.sql)?
    };
    rows.into_iter().next().map(Listed::try_from).transpose()
}

/// The case that is served next to somebody who may handle none of `excluded`.
pub fn first(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    (account, excluded): (AccountId, &[PersonId]),
) -> Result<Option<Listed>, StoreError> {
    let row: Option<Row> = served(agency, account, excluded)
        .first(conn.sql)
        .optional()?;
    row.map(Listed::try_from).transpose()
}

type Boxed = diesel::dsl::IntoBoxed<
    'static,
    diesel::dsl::Select<BoxedBase, diesel::dsl::AsSelect<Row, MultiBackend>>,
    MultiBackend,
>;
type BoxedBase = cases::table;

fn served(agency: AgencyCode, account: AccountId, excluded: &[PersonId]) -> Boxed {
    // CAS-10: nor what they filed for somebody.
    let mut query = waiting(agency).filter(cases::filed_by.ne(account));
    for person in excluded {
        query = query.filter(cases::person_id.ne(*person));
    }
    query
        .order((cases::queue_rank, cases::due_at, cases::id))
        .limit(1)
}

/// What waits in an agency's queue. Literals, not parameters: the partial index is found by them.
fn waiting(agency: AgencyCode) -> Boxed {
    cases::table
        .filter(cases::pool.eq(agency.pool()))
        .filter(cases::agency.eq(agency))
        .filter(literal("state = 'submitted' AND NOT escalated"))
        .select(Row::as_select())
        .into_boxed()
}

/// A page of the queue, most urgent first.
pub fn page(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<Listed>, StoreError> {
    filtered(conn, agency, Filter::default(), after, limit)
}

/// The same, narrowed.
pub fn filtered(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    filter: Filter,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<Listed>, StoreError> {
    let mut query = waiting(agency);
    if let Some(item) = filter.item {
        query = query.filter(cases::item.eq(item));
    }
    if let Some(urgency) = filter.urgency {
        query = query.filter(cases::urgency.eq(urgency));
    }
    if let Some(place) = after {
        query = query.filter(rank_beyond(
            "(queue_rank, due_at, id) >",
            place.rank,
            place.due,
            place.id,
        ));
    }
    let rows: Vec<Row> = query
        .order((cases::queue_rank, cases::due_at, cases::id))
        .limit(limit)
        .load(conn.sql)?;
    rows.into_iter().map(Listed::try_from).collect()
}

/// Narrows the queue to one kind of case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Slug of an item.
    pub item: Option<&'static str>,
    /// An urgency class.
    pub urgency: Option<Urgency>,
}

/// How many cases wait for somebody who may handle none of `excluded`, counted up to `limit`.
pub fn count_waiting(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    (account, excluded): (AccountId, &[PersonId]),
    limit: i64,
) -> Result<usize, StoreError> {
    let mut query = cases::table
        .filter(cases::pool.eq(agency.pool()))
        .filter(cases::agency.eq(agency))
        .filter(literal("state = 'submitted' AND NOT escalated"))
        .filter(cases::filed_by.ne(account))
        .select(cases::id)
        .into_boxed();
    for person in excluded {
        query = query.filter(cases::person_id.ne(*person));
    }
    let ids: Vec<CaseId> = query.limit(limit).load(conn.sql)?;
    Ok(ids.len())
}

/// How many cases are in a list, counted up to `limit`.
pub fn count(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    list: List,
    limit: i64,
) -> Result<usize, StoreError> {
    let query = cases::table
        .filter(cases::pool.eq(agency.pool()))
        .select(cases::id)
        .into_boxed();
    let query = match list {
        List::Held(holder) => query
            .filter(cases::holder.eq(holder))
            .filter(cases::due_at.is_not_null()),
        List::Paused(holder) => query
            .filter(cases::holder.eq(holder))
            .filter(cases::due_at.is_null()),
        List::SecondReview => query
            .filter(cases::agency.eq(agency))
            .filter(literal("state = 'second_review'")),
        List::Escalated => query
            .filter(cases::agency.eq(agency))
            .filter(literal("escalated")),
    };
    let ids: Vec<CaseId> = query.limit(limit).load(conn.sql)?;
    Ok(ids.len())
}

/// Which list of the desk, beside the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// What somebody holds and can go on with.
    Held(AccountId),
    /// What somebody holds and somebody outside the agency was asked for (CLK-5).
    Paused(AccountId),
    /// What waits for a second person (CAS-3).
    SecondReview,
    /// The supervisor's list (CLK-7).
    Escalated,
}

/// A page of one of those lists, earliest due first. Paused cases have no due time: theirs is one page, longest
/// waiting first.
pub fn list(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    list: List,
    after: Option<(Ts, CaseId)>,
    limit: i64,
) -> Result<Vec<Listed>, StoreError> {
    let mut query = cases::table
        .filter(cases::pool.eq(agency.pool()))
        .select(Row::as_select())
        .into_boxed();
    query = match list {
        List::Held(holder) => query
            .filter(cases::holder.eq(holder))
            .filter(cases::due_at.is_not_null()),
        List::Paused(holder) => query
            .filter(cases::holder.eq(holder))
            .filter(cases::due_at.is_null()),
        List::SecondReview => query
            .filter(cases::agency.eq(agency))
            .filter(literal("state = 'second_review'")),
        List::Escalated => query
            .filter(cases::agency.eq(agency))
            .filter(literal("escalated")),
    };
    if let Some((due, id)) = after {
        query = query.filter(row_beyond("(due_at, id) >", due, id));
    }
    let rows: Vec<Row> = query
        .order((cases::due_at, cases::id))
        .limit(limit)
        .load(conn.sql)?;
    rows.into_iter().map(Listed::try_from).collect()
}

/// All cases of an agency, newest first, in one state if asked.
pub fn of_agency(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    state: Option<State>,
    after: Option<(Ts, CaseId)>,
    limit: i64,
) -> Result<Vec<Listed>, StoreError> {
    let mut query = cases::table
        .filter(cases::pool.eq(agency.pool()))
        .filter(cases::agency.eq(agency))
        .select(Row::as_select())
        .into_boxed();
    if let Some(state) = state {
        query = query.filter(cases::state.eq(state));
    }
    if let Some((at, id)) = after {
        query = query.filter(row_beyond("(filed_at, id) <", at, id));
    }
    let rows: Vec<Row> = query
        .order((cases::filed_at.desc(), cases::id.desc()))
        .limit(limit)
        .load(conn.sql)?;
    rows.into_iter().map(Listed::try_from).collect()
}

/// How many cases somebody holds, up to `limit`.
pub fn held(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    holder: AccountId,
    limit: i64,
) -> Result<u32, StoreError> {
    let ids: Vec<CaseId> = cases::table
        .filter(cases::pool.eq(agency.pool()).and(cases::holder.eq(holder)))
        .select(cases::id)
        .limit(limit)
        .load(conn.sql)?;
    Ok(u32::try_from(ids.len()).unwrap_or(u32::MAX))
}

/// Since when each case in a hand is in it, up to `limit` of them.
pub fn turns(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    holder: AccountId,
    limit: i64,
) -> Result<Vec<Ts>, StoreError> {
    Ok(cases::table
        .filter(cases::pool.eq(agency.pool()).and(cases::holder.eq(holder)))
        .select(cases::turn_at)
        .limit(limit)
        .load(conn.sql)?)
}
