//! Entries of many cases in a few statements: timers and lists of employers move cases by the thousand.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde_json::Value;

use super::{Row, to_i32, unreadable};
use crate::domain::actor::Role;
use crate::domain::event::Event;
use crate::domain::ids::CaseId;
use crate::domain::place::Pool;
use crate::store::conn::Conn;
use crate::store::error::StoreError;
use crate::store::fragments::any_of;
use crate::store::many::{self, Holds};
use crate::store::schema::case_event;

/// Gives new cases of one pool their keys.
pub fn open_together(conn: &mut Conn<'_>, pool: Pool, cases: &[CaseId]) -> Result<(), StoreError> {
    let columns = [
        ("pool", Holds::Text),
        ("case_id", Holds::Id),
        ("sealed", Holds::Bytes),
    ];
    let rows = cases
        .iter()
        .map(|case| {
            let (_, sealed) = conn.vault.new_case_key()?;
            Ok(vec![
                pool.as_str().into(),
                many::id(*case),
                many::bytes(&sealed),
            ])
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    many::insert(conn.sql, "case_key", &columns, rows)?;
    Ok(())
}

/// Appends one event without words to each of many cases (CLK-7, timers), in two statements for all. The cases are
/// locked by the caller and moved in the same transaction, before or after; no case comes twice.
pub fn append_together(
    conn: &mut Conn<'_>,
    events: &[(Pool, CaseId, &Event)],
) -> Result<(), StoreError> {
    let mut heads = heads(conn, events)?;
    let rows = events
        .iter()
        .map(|(pool, case, event)| {
            let previous = match event.number {
                1 => vec![],
                number => heads
                    .remove(&(*case, to_i32(number)? - 1))
                    .ok_or_else(|| unreadable(format!("case {case} has no head")))?,
            };
            Ok(Row::of((*pool, *case), event, None, previous)?.cells())
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    many::insert(conn.sql, "case_event", COLUMNS, rows)?;
    Ok(())
}

/// Hashes of the entries that some events follow, by case and number.
fn heads(
    conn: &mut Conn<'_>,
    events: &[(Pool, CaseId, &Event)],
) -> Result<BTreeMap<(CaseId, i32), Vec<u8>>, StoreError> {
    let mut of_pools: BTreeMap<Pool, Vec<CaseId>> = BTreeMap::new();
    for (pool, case, _) in events.iter().filter(|(.., event)| event.number > 1) {
        of_pools.entry(*pool).or_default().push(*case);
    }
    let mut heads = BTreeMap::new();
    for (pool, ids) in of_pools {
        let rows: Vec<(CaseId, i32, Vec<u8>)> = case_event::table
            .filter(case_event::pool.eq(pool))
            .filter(any_of(case_event::case_id, &ids))
            .select((case_event::case_id, case_event::number, case_event::hash))
            .load(conn.sql)?;
        heads.extend(
            rows.into_iter()
                .map(|(case, number, hash)| ((case, number), hash)),
        );
    }
    Ok(heads)
}

/// The journal's columns as [`Row::cells`] has them.
const COLUMNS: &[many::Column] = &[
    ("pool", Holds::Text),
    ("case_id", Holds::Id),
    ("number", Holds::Number),
    ("at", Holds::Instant),
    ("actor", Holds::Id),
    ("role", Holds::Text),
    ("action", Holds::Text),
    ("from_state", Holds::Text),
    ("to_state", Holds::Text),
    ("change", Holds::Text),
    ("words", Holds::Bytes),
    ("hash_version", Holds::Number),
    ("previous_hash", Holds::Bytes),
    ("hash", Holds::Bytes),
];

impl Row {
    fn cells(self) -> many::Cells {
        vec![
            self.pool.as_str().into(),
            many::id(self.case_id),
            self.number.into(),
            many::instant(self.at),
            self.actor.map_or(Value::Null, many::id),
            self.role.map(Role::as_str).into(),
            self.action.as_str().into(),
            self.from_state.as_str().into(),
            self.to_state.as_str().into(),
            self.change.into(),
            self.words.as_deref().map_or(Value::Null, many::bytes),
            self.hash_version.into(),
            many::bytes(&self.previous_hash),
            many::bytes(&self.hash),
        ]
    }
}
