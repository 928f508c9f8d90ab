//! Figures and lists of the supervisor's desk. Each figure is a range of an index and is counted up to a limit only, so
//! that its cost does not grow with what is stored; all of a page are asked at once.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer};

use super::cases::{Listed, Row};
use super::conn::Conn;
use super::dialect::{identifier, instant};
use super::error::StoreError;
use super::fragments::row_beyond;
use super::schema::cases;
use crate::domain::case::State;
use crate::domain::ids::{AccountId, CaseId};
use crate::domain::place::AgencyCode;
use crate::domain::time::Ts;

/// A span of time: from an instant on, and before another; open where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// From then on.
    pub from: Option<Ts>,
    /// Before then.
    pub until: Option<Ts>,
}

/// Something to be counted at an agency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// Cases of an item that are due in a span.
    Running(&'static str, Span),
    /// Cases that somebody holds.
    Held(AccountId),
    /// Those of them that are due in a span.
    HeldDue(AccountId, Span),
    /// Cases in the queue.
    Unclaimed,
    /// Cases on the supervisor's list.
    Escalated,
    /// Cases in a state.
    InState(State),
    /// Cases filed in a span.
    Filed(Span),
    /// Cases decided in a span.
    Decided(Span),
    /// Cases decided in a span within the limit, or not.
    DecidedInTime(Span, bool),
    /// Deadlines missed in a span.
    Breached(Span),
    /// Follow-up tasks that are open.
    FollowUps,
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = Integer)]
    place: i32,
    #[diesel(sql_type = BigInt)]
    found: i64,
}

/// Counts figures of an agency, each up to `most`, in their order.
pub fn count(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    figures: &[Figure],
    most: u32,
) -> Result<Vec<u32>, StoreError> {
    let mut counts = vec![0; figures.len()];
    // SQLite joins no more than 500 parts.
    for (chunk, figures) in figures.chunks(200).enumerate() {
        let parts: Vec<String> = (0..)
            .zip(figures)
            .map(|(place, figure): (i32, _)| {
                let rows = rows(conn, agency, *figure);
                format!("SELECT {place} AS place, (SELECT count(*) FROM (SELECT 1 FROM {rows} LIMIT {most}) AS part) AS found")
            })
            .collect();
        let found: Vec<Counted> = diesel::sql_query(parts.join(" UNION ALL ")).load(conn.sql)?;
        for counted in found {
            let place = usize::try_from(counted.place).unwrap_or_default() + chunk * 200;
            if let Some(count) = counts.get_mut(place) {
                *count = u32::try_from(counted.found).unwrap_or(u32::MAX);
            }
        }
    }
    Ok(counts)
}

/// Table and condition of a figure; everything in it is a code, a number or an instant of ours. Without an order SQLite
/// walks a larger index that begins alike.
fn rows(conn: &Conn<'_>, agency: AgencyCode, figure: Figure) -> String {
    let pool = agency.pool();
    let (pool, agency) = (pool.as_str(), agency.as_str());
    let of_agency = format!("pool = '{pool}' AND agency = '{agency}'");
    let span = |column: &str, span: Span| {
        let bound = |at: Option<Ts>, sign: &str| {
            at.map_or_else(String::new, |at| {
                format!(" AND {column} {sign} {}", instant(conn.sql, at))
            })
        };
        format!("{}{}", bound(span.from, ">="), bound(span.until, "<"))
    };
    let held = |holder| {
        format!(
            "pool = '{pool}' AND holder = {}",
            identifier(conn.sql, holder)
        )
    };
    match figure {
        Figure::Running(item, due) => {
            format!(
                "cases WHERE {of_agency} AND item = '{item}' AND due_at IS NOT NULL{}",
                span("due_at", due)
            )
        }
        Figure::Held(holder) => format!("cases WHERE {}", held(holder)),
        Figure::HeldDue(holder, due) => {
            format!("cases WHERE {}{}", held(holder), span("due_at", due))
        }
        Figure::Unclaimed => {
            format!(
                "cases WHERE {of_agency} AND state = 'submitted' AND NOT escalated ORDER BY queue_rank, due_at, id"
            )
        }
        Figure::Escalated => format!("cases WHERE {of_agency} AND escalated ORDER BY due_at, id"),
        Figure::InState(state) => {
            format!("cases WHERE {of_agency} AND state = '{}'", state.as_str())
        }
        Figure::Filed(at) => format!("cases WHERE {of_agency}{}", span("filed_at", at)),
        Figure::Decided(at) => format!(
            "turnaround WHERE {of_agency}{} AND decided",
            span("ended_at", at)
        ),
        Figure::DecidedInTime(at, in_time) => format!(
            "turnaround WHERE {of_agency}{} AND decided AND {} in_time",
            span("ended_at", at),
            if in_time { "" } else { "NOT" }
        ),
        Figure::Breached(at) => format!("breach WHERE {of_agency}{}", span("breached_at", at)),
        Figure::FollowUps => format!("follow_up WHERE {of_agency} AND closed_at IS NULL"),
    }
}

/// A page of an item's cases of an agency that are due in a span, earliest due first.
pub fn running(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    item: &str,
    due: Span,
    after: Option<(Ts, CaseId)>,
    limit: i64,
) -> Result<Vec<Listed>, StoreError> {
    let query = cases::table
        .filter(cases::pool.eq(agency.pool()).and(cases::agency.eq(agency)))
        .filter(cases::item.eq(item).and(cases::due_at.is_not_null()))
        .select(Row::as_select())
        .into_boxed();
    let query = match due.from {
        Some(from) => query.filter(cases::due_at.ge(from)),
        None => query,
    };
    let query = match due.until {
        Some(until) => query.filter(cases::due_at.lt(until)),
        None => query,
    };
    let query = match after {
        Some((at, id)) => query.filter(row_beyond("(due_at, id) >", at, id)),
        None => query,
    };
    let rows: Vec<Row> = query
        .order((cases::due_at, cases::id))
        .limit(limit)
        .load(conn.sql)?;
    rows.into_iter().map(Listed::try_from).collect()
}
