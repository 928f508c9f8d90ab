//! Writing out what a third party needs to check the journal without this program; `src/data/audit/FORMAT.txt`
//! describes it. Streams; reads only. Free words go out as the ciphertext they are, no key goes out.

use std::io::Write;

use serde_json::json;

use super::{Scope, Walk, each_case, pools};
use crate::store::audit::{Audited, EventRow, Reader, SealRow};
use crate::usecases::error::Error;

/// Version of the format.
const FORMAT: u8 = 1;

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Events.
    pub events: usize,
    /// Seals.
    pub seals: usize,
    /// Anchors.
    pub anchors: usize,
}

/// Writes what `scope` covers: whole cases, and all seals and anchors of their pools. Of a live service, the seals
/// are those of the moment at which their pool's turn came.
///
/// # Errors
/// [`Error::Store`] when the database can't be read, [`Error::Fault`] when `out` can't be written.
pub fn export(reader: &mut Reader, scope: &Scope, out: &mut dyn Write) -> Result<Written, Error> {
    let mut written = Written::default();
    let header = json!({
        "kind": "header", "format": FORMAT, "complete": scope.is_whole(),
        "from": scope.from, "to": scope.to, "pool": scope.pool,
    });
    line(out, &header)?;
    for pool in pools(reader, scope, &[])? {
        // Fixed before the events are read: what is sealed meanwhile is waiting in this file.
        let last = reader.last_seal(&pool)?;
        let anchors = reader.anchors(&pool)?;
        each_case(reader, scope, &pool, |_, case| {
            for event in &case.events {
                written.events += 1;
                line(out, &event_line(event, case, last))?;
            }
            Ok(Walk::On)
        })?;
        written.seals += write_seals(reader, &pool, last, out)?;
        for row in anchors.iter().filter(|row| row.seal <= last) {
            written.anchors += 1;
            let anchor = json!({
                "kind": "anchor", "pool": row.pool, "day": row.day, "events": row.events,
                "seal": row.seal, "hash": hex::encode(&row.hash),
            });
            line(out, &anchor)?;
        }
    }
    let end = json!({
        "kind": "end", "events": written.events, "seals": written.seals, "anchors": written.anchors,
    });
    line(out, &end)?;
    out.flush().map_err(fault)?;
    Ok(written)
}

fn event_line(event: &EventRow, case: &Audited, last: i32) -> serde_json::Value {
    // Newer than the last seal of this file: it waits in the queue, or a seal made since names its case.
    let since = case
        .sealed
        .is_some_and(|(head, seal)| seal > last && event.number <= head);
    let waiting = case.waiting.contains(&event.number) || since;
    json!({
        "kind": "event", "pool": event.pool, "case": event.case_id, "number": event.number,
        "at": event.at.micros().to_string(), "actor": event.actor, "role": event.role,
        "action": event.action, "from": event.from_state, "to": event.to_state, "change": event.change,
        "words": event.words.as_ref().map(hex::encode), "hash_version": event.hash_version,
        "previous_hash": hex::encode(&event.previous_hash), "hash": hex::encode(&event.hash),
        "waiting": waiting,
    })
}

fn write_seals(
    reader: &mut Reader,
    pool: &str,
    last: i32,
    out: &mut dyn Write,
) -> Result<usize, Error> {
    let (mut after, mut count) = (i32::MIN, 0);
    loop {
        let seals = reader.seals(pool, after)?;
        let seals: Vec<SealRow> = seals.into_iter().filter(|s| s.number <= last).collect();
        let Some(end) = seals.last() else {
            return Ok(count);
        };
        after = end.number;
        for seal in seals {
            count += 1;
            let heads = reader.heads(pool, seal.number)?;
            let entries: Vec<_> = heads
                .iter()
                .map(|sealed| &sealed.head)
                .map(|head| json!([head.case, head.number, hex::encode(&head.hash)]))
                .collect();
            let seal = json!({
                "kind": "seal", "pool": seal.pool, "number": seal.number,
                "sealed_at": seal.sealed_at.micros().to_string(), "total": seal.total,
                "hash_version": seal.hash_version, "previous_hash": hex::encode(&seal.previous_hash),
                "hash": hex::encode(&seal.hash), "entries": entries,
            });
            line(out, &seal)?;
        }
    }
}

fn line(out: &mut dyn Write, value: &serde_json::Value) -> Result<(), Error> {
    serde_json::to_writer(&mut *out, value).map_err(fault)?;
    out.write_all(b"\n").map_err(fault)
}

fn fault(cause: impl std::fmt::Display) -> Error {
    Error::Fault(cause.to_string())
}
