//! The register of missed deadlines (CLK-7), append-only. Written in the transaction that writes the event, so that
//! register and journal never tell two stories. Free words are not here: they are in the journal.

use diesel::prelude::*;
use serde_json::Value;

use super::conn::Conn;
use super::error::StoreError;
use super::many::{self, Holds};
use super::schema::{breach, breach_cause};
use crate::domain::case::{BreachCause, Case};
use crate::domain::ids::AccountId;
use crate::domain::time::Ts;

/// A missed deadline.
#[derive(Clone, Copy, Debug)]
pub struct Missed {
    /// The run of the clock.
    pub term: u32,
    /// The last instant that was in time.
    pub due: Ts,
    /// When it was marked, by business time.
    pub at: Ts,
}

/// Enters missed deadlines of cases, in whose hand each was at that moment.
pub fn enter(conn: &mut Conn<'_>, missed: &[(&Case, Missed)]) -> Result<(), StoreError> {
    let columns = [
        ("pool", Holds::Text),
        ("case_id", Holds::Id),
        ("term", Holds::Number),
        ("agency", Holds::Text),
        ("item", Holds::Text),
        ("receipt_no", Holds::Text),
        ("due_at", Holds::Instant),
        ("breached_at", Holds::Instant),
        ("holder", Holds::Id),
    ];
    let rows = missed.iter().map(|(case, missed)| {
        vec![
            case.pool.as_str().into(),
            many::id(case.id),
            missed.term.into(),
            case.agency.as_str().into(),
            case.item.as_str().into(),
            case.receipt_no.as_str().into(),
            many::instant(missed.due),
            many::instant(missed.at),
            case.holder.map_or(Value::Null, many::id),
        ]
    });
    many::insert(conn.sql, "breach", &columns, rows.collect())?;
    Ok(())
}

/// The cause of all breaches of a case that have none yet, as stated by `by` in the case's latest event.
pub fn state_cause(
    conn: &mut Conn<'_>,
    case: &Case,
    cause: BreachCause,
    by: AccountId,
    at: Ts,
) -> Result<(), StoreError> {
    let open: Vec<i32> = breach::table
        .left_join(
            breach_cause::table.on(breach_cause::pool
                .eq(breach::pool)
                .and(breach_cause::case_id.eq(breach::case_id))
                .and(breach_cause::term.eq(breach::term))),
        )
        .filter(breach::pool.eq(case.pool))
        .filter(breach::case_id.eq(case.id))
        .filter(breach_cause::cause.nullable().is_null())
        .select(breach::term)
        .load(conn.sql)?;
    for term in open {
        diesel::insert_into(breach_cause::table)
            .values((
                breach_cause::pool.eq(case.pool),
                breach_cause::case_id.eq(case.id),
                breach_cause::term.eq(term),
                breach_cause::cause.eq(cause.as_str()),
                breach_cause::stated_by.eq(by),
                breach_cause::stated_at.eq(at),
                breach_cause::event_number.eq(number(case.version)?),
            ))
            .execute(conn.sql)?;
    }
    Ok(())
}

fn number(n: u32) -> Result<i32, StoreError> {
    i32::try_from(n).map_err(|e| StoreError::Corrupt(e.to_string()))
}
