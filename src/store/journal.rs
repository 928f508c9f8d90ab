//! The journal of a case as stored: appended to, read, verified; never changed (triggers refuse it).
//!
//! Each entry's hash covers its canonical bytes and the hash before it in the same case. Free words are
//! hashed as ciphertext, so that destroying the key of a case leaves the chain intact.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use super::chain::{EVENT_VERSION, EventParts, event_hash};
use super::conn::Conn;
use super::error::StoreError;
use super::fragments::any_of;
use super::schema::{case_event, case_key};
use super::vault::CaseKey;
use crate::domain::actor::Role;
use crate::domain::case::State;
use crate::domain::event::{Event, Words};
use crate::domain::ids::{AccountId, CaseId};
use crate::domain::place::Pool;
use crate::domain::time::Ts;
use crate::domain::workflow::Action;

mod together;
pub use together::{append_together, open_together};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = case_event)]
struct Row {
    pool: Pool,
    case_id: CaseId,
    number: i32,
    at: Ts,
    actor: Option<AccountId>,
    role: Option<Role>,
    action: Action,
    from_state: State,
    to_state: State,
    change: String,
    words: Option<Vec<u8>>,
    hash_version: i16,
    previous_hash: Vec<u8>,
    hash: Vec<u8>,
}

/// An entry of the journal with its words, which are `None` when the key of the case was destroyed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The event.
    pub event: Event,
    /// Its free words.
    pub words: Option<Words>,
}

/// Gives a new case its key.
pub fn open(conn: &mut Conn<'_>, pool: Pool, case: CaseId) -> Result<(), StoreError> {
    let (_, sealed) = conn.vault.new_case_key()?;
    diesel::insert_into(case_key::table)
        .values((
            case_key::pool.eq(pool),
            case_key::case_id.eq(case),
            case_key::sealed.eq(sealed),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// Appends an event. The caller has already moved the case from the event's `number - 1` to it in the same
/// transaction, so that two appends can't meet.
pub fn append(
    conn: &mut Conn<'_>,
    pool: Pool,
    case: CaseId,
    event: &Event,
    words: &Words,
) -> Result<(), StoreError> {
    #[cfg(feature = "naive-claim")]
    let event = &renumbered(conn, pool, case, event)?;
    let previous_hash = match event.number {
        1 => vec![],
        number => case_event::table
            .find((pool, case, to_i32(number)? - 1))
            .select(case_event::hash)
            .first(conn.sql)?,
    };
    let words = match words.is_empty() {
        true => None,
        false => {
            let plain = serde_json::to_vec(words).map_err(unreadable)?;
            key(conn, pool, case)?
                .map(|key| key.seal(&plain))
                .transpose()?
        }
    };
    let row = Row::of((pool, case), event, words, previous_hash)?;
    diesel::insert_into(case_event::table)
        .values(&row)
        .execute(conn.sql)?;
    Ok(())
}

impl Row {
    /// A row with its hash.
    fn of(
        (pool, case): (Pool, CaseId),
        event: &Event,
        words: Option<Vec<u8>>,
        previous_hash: Vec<u8>,
    ) -> Result<Self, StoreError> {
        let mut row = Self {
            pool,
            case_id: case,
            number: to_i32(event.number)?,
            at: event.at,
            actor: event.actor,
            role: event.role,
            action: event.action,
            from_state: event.from,
            to_state: event.to,
            change: serde_json::to_string(&event.change).map_err(unreadable)?,
            words,
            hash_version: EVENT_VERSION,
            previous_hash,
            hash: vec![],
        };
        row.hash = hash(&row);
        Ok(row)
    }
}

/// What a naive journal does: it takes the next number, whatever the event was to follow.
#[cfg(feature = "naive-claim")]
fn renumbered(
    conn: &mut Conn<'_>,
    pool: Pool,
    case: CaseId,
    event: &Event,
) -> Result<Event, StoreError> {
    let number = last(conn, pool, case)?.map_or(1, |last| last.number + 1);
    Ok(Event {
        number,
        ..event.clone()
    })
}

/// The journal in order.
pub fn read(conn: &mut Conn<'_>, pool: Pool, case: CaseId) -> Result<Vec<Entry>, StoreError> {
    let rows: Vec<Row> = rows(conn, pool, case)?;
    let key = match rows.iter().any(|row| row.words.is_some()) {
        true => key(conn, pool, case)?,
        false => None,
    };
    rows.into_iter()
        .map(|row| entry(row, key.as_ref()))
        .collect()
}

/// The latest entry, without its words.
pub fn last(conn: &mut Conn<'_>, pool: Pool, case: CaseId) -> Result<Option<Event>, StoreError> {
    let row: Option<Row> = case_event::table
        .filter(case_event::pool.eq(pool).and(case_event::case_id.eq(case)))
        .order(case_event::number.desc())
        .select(Row::as_select())
        .first(conn.sql)
        .optional()?;
    row.map(|row| entry(Row { words: None, ..row }, None).map(|entry| entry.event))
        .transpose()
}

/// The words of some events of one pool's cases, by case and number; without those whose key was destroyed.
pub fn words_of(
    conn: &mut Conn<'_>,
    pool: Pool,
    events: &[(CaseId, i32)],
) -> Result<BTreeMap<(CaseId, i32), Words>, StoreError> {
    let wanted: BTreeSet<(CaseId, i32)> = events.iter().copied().collect();
    let cases: Vec<CaseId> = events.iter().map(|(case, _)| *case).collect();
    if cases.is_empty() {
        return Ok(BTreeMap::new());
    }
    let keys: Vec<(CaseId, Vec<u8>)> = case_key::table
        .filter(
            case_key::pool
                .eq(pool)
                .and(any_of(case_key::case_id, &cases)),
        )
        .select((case_key::case_id, case_key::sealed))
        .load(conn.sql)?;
    let keys: BTreeMap<CaseId, Vec<u8>> = keys.into_iter().collect();
    let rows: Vec<(CaseId, i32, Option<Vec<u8>>)> = case_event::table
        .filter(
            case_event::pool
                .eq(pool)
                .and(any_of(case_event::case_id, &cases)),
        )
        .filter(case_event::words.is_not_null())
        .select((case_event::case_id, case_event::number, case_event::words))
        .load(conn.sql)?;
    let mut found = BTreeMap::new();
    for (case, number, words) in rows {
        let (Some(words), Some(key), true) =
            (words, keys.get(&case), wanted.contains(&(case, number)))
        else {
            continue;
        };
        let plain = conn.vault.case_key(key)?.open(&words)?;
        found.insert(
            (case, number),
            serde_json::from_slice(&plain).map_err(unreadable)?,
        );
    }
    Ok(found)
}

/// The first entry whose hash or link is wrong, by number; `None` when the chain holds.
pub fn first_broken(
    conn: &mut Conn<'_>,
    pool: Pool,
    case: CaseId,
) -> Result<Option<u32>, StoreError> {
    Ok(broken_at(&rows(conn, pool, case)?))
}

fn broken_at(rows: &[Row]) -> Option<u32> {
    let mut previous: &[u8] = &[];
    for (row, expected) in rows.iter().zip(1..) {
        if row.number != expected || row.previous_hash != previous || row.hash != hash(row) {
            return Some(u32::try_from(expected).unwrap_or_default());
        }
        previous = &row.hash;
    }
    None
}

fn rows(conn: &mut Conn<'_>, pool: Pool, case: CaseId) -> Result<Vec<Row>, StoreError> {
    Ok(case_event::table
        .filter(case_event::pool.eq(pool).and(case_event::case_id.eq(case)))
        .order(case_event::number)
        .select(Row::as_select())
        .load(conn.sql)?)
}

fn entry(row: Row, key: Option<&CaseKey>) -> Result<Entry, StoreError> {
    let words = match (row.words, key) {
        (None, _) => Some(Words::default()),
        (Some(_), None) => None,
        (Some(sealed), Some(key)) => {
            Some(serde_json::from_slice(&key.open(&sealed)?).map_err(unreadable)?)
        }
    };
    let event = Event {
        number: u32::try_from(row.number).map_err(unreadable)?,
        at: row.at,
        actor: row.actor,
        role: row.role,
        action: row.action,
        from: row.from_state,
        to: row.to_state,
        change: serde_json::from_str(&row.change).map_err(unreadable)?,
    };
    Ok(Entry { event, words })
}

fn key(conn: &mut Conn<'_>, pool: Pool, case: CaseId) -> Result<Option<CaseKey>, StoreError> {
    let sealed: Option<Vec<u8>> = case_key::table
        .find((pool, case))
        .select(case_key::sealed)
        .first(conn.sql)
        .optional()?;
    sealed
        .map(|sealed| conn.vault.case_key(&sealed))
        .transpose()
}

fn hash(row: &Row) -> Vec<u8> {
    event_hash(&EventParts {
        version: row.hash_version,
        previous_hash: &row.previous_hash,
        pool: row.pool.as_str(),
        case: row.case_id,
        number: row.number,
        at: row.at,
        actor: row.actor,
        role: row.role.map(Role::as_str).unwrap_or_default(),
        action: row.action.as_str(),
        from: row.from_state.as_str(),
        to: row.to_state.as_str(),
        change: &row.change,
        words: row.words.as_deref().unwrap_or_default(),
    })
}

fn to_i32(number: u32) -> Result<i32, StoreError> {
    i32::try_from(number).map_err(unreadable)
}

fn unreadable(cause: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(cause.to_string())
}
