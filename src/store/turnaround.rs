//! Finished cases, one row each (CLK-9): written with the last step of the case, read by public figures, samples and
//! charts. Nothing is worked out here.

use diesel::dsl::count_star;
use diesel::prelude::*;

use super::conn::Conn;
use super::error::StoreError;
use super::fragments::row_beyond;
use super::schema::turnaround;
use crate::domain::case::{BreachCause, Case};
use crate::domain::ids::{AccountId, CaseId};
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::time::{Day, Ts};

/// What is kept of a finished case beside what the case says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finished {
    /// When it ended.
    pub at: Ts,
    /// Who worked on it last.
    pub handler: Option<AccountId>,
    /// Working minutes.
    pub minutes: i32,
    /// Stated cause of a missed deadline.
    pub cause: Option<BreachCause>,
}

/// Writes the row of a case that has ended.
pub fn put(conn: &mut Conn<'_>, case: &Case, finished: Finished) -> Result<(), StoreError> {
    diesel::insert_into(turnaround::table)
        .values((
            turnaround::pool.eq(case.pool),
            turnaround::case_id.eq(case.id),
            turnaround::agency.eq(case.agency),
            turnaround::item.eq(&case.item),
            turnaround::receipt_no.eq(&case.receipt_no),
            turnaround::ended_at.eq(finished.at),
            turnaround::ended_on.eq(finished.at.day()),
            turnaround::decided.eq(case.decision.is_some()),
            turnaround::handler.eq(finished.handler),
            turnaround::minutes.eq(finished.minutes),
            turnaround::in_time.eq(case.breached_at.is_none()),
            turnaround::cause.eq(finished.cause),
            turnaround::second_supplement.eq(case.supplements > 1),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// Takes the row of a case that was opened again.
pub fn remove(conn: &mut Conn<'_>, case: &Case) -> Result<(), StoreError> {
    diesel::delete(turnaround::table.find((case.pool, case.id))).execute(conn.sql)?;
    Ok(())
}

/// Finished cases that are alike: agency, minutes, in time, cause, second supplement, and how many.
pub type Alike = (AgencyCode, i32, bool, Option<BreachCause>, bool, i64);

/// The finished cases of an item in a pool from one Beijing day to another.
pub fn alike(
    conn: &mut Conn<'_>,
    pool: Pool,
    item: &str,
    (from, to): (Day, Day),
) -> Result<Vec<Alike>, StoreError> {
    Ok(turnaround::table
        .filter(turnaround::pool.eq(pool).and(turnaround::item.eq(item)))
        .filter(
            turnaround::ended_on
                .ge(from)
                .and(turnaround::ended_on.le(to)),
        )
        .group_by((
            turnaround::agency,
            turnaround::minutes,
            turnaround::in_time,
            turnaround::cause,
            turnaround::second_supplement,
        ))
        .select((
            turnaround::agency,
            turnaround::minutes,
            turnaround::in_time,
            turnaround::cause,
            turnaround::second_supplement,
            count_star(),
        ))
        .load(conn.sql)?)
}

/// How many cases whose work was done since an instant, by who did it.
pub fn done_since(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    since: Ts,
) -> Result<Vec<(Option<AccountId>, i64)>, StoreError> {
    Ok(turnaround::table
        .filter(turnaround::pool.eq(agency.pool()))
        .filter(turnaround::agency.eq(agency))
        .filter(
            turnaround::ended_at
                .ge(since)
                .and(turnaround::decided.eq(true)),
        )
        .group_by(turnaround::handler)
        .select((turnaround::handler, count_star()))
        .load(conn.sql)?)
}

/// The cases an agency finished in a period, in the order of their ends, from beyond a place on.
pub fn of_period(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    (from, until): (Ts, Ts),
    after: Option<(Ts, CaseId)>,
    limit: i64,
) -> Result<Vec<(Ts, CaseId)>, StoreError> {
    let mut query = turnaround::table
        .filter(turnaround::pool.eq(agency.pool()))
        .filter(turnaround::agency.eq(agency))
        .filter(
            turnaround::ended_at
                .ge(from)
                .and(turnaround::ended_at.lt(until)),
        )
        .into_boxed();
    if let Some((at, id)) = after {
        query = query.filter(row_beyond("(ended_at, case_id) >", at, id));
    }
    Ok(query
        .order((turnaround::ended_at, turnaround::case_id))
        .limit(limit)
        .select((turnaround::ended_at, turnaround::case_id))
        .load(conn.sql)?)
}
