//! The lists of the desk. Every list is a keyset page over an index that fits it: cost does not grow with
//! what is stored, nothing is counted.

use diesel::prelude::*;

use super::cases::{Listed, Row};
use super::conn::{Conn, MultiBackend};
use super::dialect::skip_locked;
use super::error::StoreError;
use super::schema::cases;
use crate::domain::case::State;
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
    excluded: &[PersonId],
) -> Result<Option<Listed>, StoreError> {
    let query = served(agency, excluded);
    let rows: Vec<Row> = skip_locked(conn.sql, query).load(conn.sql)?;
    rows.into_iter().next().map(Listed::try_from).transpose()
}

/// The case that is served next to somebody who may handle none of `excluded`.
pub fn first(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    excluded: &[PersonId],
) -> Result<Option<Listed>, StoreError> {
    let row: Option<Row> = served(agency, excluded).first(conn.sql).optional()?;
    row.map(Listed::try_from).transpose()
}

type Boxed = diesel::dsl::IntoBoxed<
    'static,
    diesel::dsl::Select<BoxedBase, diesel::dsl::AsSelect<Row, MultiBackend>>,
    MultiBackend,
>;
type BoxedBase = cases::table;

fn served(agency: AgencyCode, excluded: &[PersonId]) -> Boxed {
    let mut query = waiting(agency);
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
    let mut query = waiting(agency);
    if let Some(place) = after {
        // The first comparison keeps the index range; the plain OR form loses it.
        query = query.filter(
            cases::queue_rank.ge(place.rank).and(
                cases::queue_rank.gt(place.rank).or(cases::due_at
                    .ge(place.due)
                    .and(
                        cases::due_at
                            .gt(place.due)
                            .or(cases::id.gt(place.id).nullable()),
                    )
                    .assume_not_null()),
            ),
        );
    }
    let rows: Vec<Row> = query
        .order((cases::queue_rank, cases::due_at, cases::id))
        .limit(limit)
        .load(conn.sql)?;
    rows.into_iter().map(Listed::try_from).collect()
}

/// Which list of the desk, beside the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// What somebody holds.
    Held(AccountId),
    /// What waits for a second person (CAS-3).
    SecondReview,
    /// The supervisor's list (CLK-7).
    Escalated,
}

/// A page of one of those lists, earliest due first; paused cases, which have no due time, come last.
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
        List::Held(holder) => query.filter(cases::holder.eq(holder)),
        List::SecondReview => query
            .filter(cases::agency.eq(agency))
            .filter(literal("state = 'second_review'")),
        List::Escalated => query
            .filter(cases::agency.eq(agency))
            .filter(literal("escalated")),
    };
    if let Some((due, id)) = after {
        query = query.filter(
            cases::due_at
                .ge(due)
                .and(cases::due_at.gt(due).or(cases::id.gt(id).nullable()))
                .assume_not_null(),
        );
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
        query = query.filter(
            cases::filed_at
                .le(at)
                .and(cases::filed_at.lt(at).or(cases::id.lt(id))),
        );
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

fn literal(condition: &str) -> diesel::expression::SqlLiteral<diesel::sql_types::Bool> {
    diesel::dsl::sql(condition)
}
