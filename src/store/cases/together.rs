//! Many cases in one statement: locked, and moved on by a rung of the ladder (CLK-7). For timers, which fire by the
//! thousand; people move one case at a time.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde_json::json;

use super::{Listed, Moved, Row, to_i32};
use crate::domain::case::Case;
use crate::domain::ids::CaseId;
use crate::domain::place::Pool;
use crate::domain::time::Ts;
use crate::store::conn::Conn;
use crate::store::dialect::skip_locked;
use crate::store::error::StoreError;
use crate::store::fragments::any_of;
use crate::store::many::{self, Holds};
use crate::store::schema::cases;

/// Cases by their identifiers.
pub type ById = BTreeMap<CaseId, Listed>;

/// The cases of some identifiers, their rows locked for this transaction; those that others are moving at this moment
/// are left out.
pub fn lock_free_of(conn: &mut Conn<'_>, pool: Pool, ids: &[CaseId]) -> Result<ById, StoreError> {
    let query = cases::table
        .filter(cases::pool.eq(pool).and(any_of(cases::id, ids)))
        .select(Row::as_select());
    let rows: Vec<Row> = skip_locked(conn.sql, query).load(conn.sql)?;
    rows.into_iter()
        .map(|row| Ok((row.id, Listed::try_from(row)?)))
        .collect()
}

/// Moves cases to their states after an event of a rung at `at`, if all are still as they were before. What no rung
/// changes is not written: person, answers, decision, due time.
pub fn advance_together(
    conn: &mut Conn<'_>,
    steps: &[(&Listed, &Case)],
    at: Ts,
) -> Result<Moved, StoreError> {
    let keys = [
        ("pool", Holds::Text),
        ("id", Holds::Id),
        ("version", Holds::Number),
        ("state", Holds::Text),
    ];
    let columns = [
        ("version", Holds::Number),
        ("state", Holds::Text),
        ("holder", Holds::Id),
        ("front", Holds::Flag),
        ("queue_rank", Holds::Number),
        ("clock", Holds::Text),
        ("breached_at", Holds::Instant),
        ("escalated", Holds::Flag),
        ("turn_at", Holds::Instant),
    ];
    let rows = steps
        .iter()
        .map(|(before, after)| {
            let row = Row::of(after, &before.person_name, before.turned(after, at))?;
            let case = &before.case;
            Ok(vec![
                case.pool.as_str().into(),
                many::id(case.id),
                to_i32(case.version)?.into(),
                case.state.as_str().into(),
                row.version.into(),
                row.state.as_str().into(),
                row.holder.map_or(json!(null), many::id),
                row.front.into(),
                row.queue_rank.into(),
                row.clock.into(),
                row.breached_at.map_or(json!(null), many::instant),
                row.escalated.into(),
                many::instant(row.turn_at),
            ])
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    let moved = many::update(conn.sql, "cases", &keys, &columns, rows)?;
    Ok(if moved == steps.len() {
        Moved::Done
    } else {
        Moved::Stale
    })
}
