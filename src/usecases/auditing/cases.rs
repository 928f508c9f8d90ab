//! One case: its chain, what seals say of it, and its row against its journal. Pure.

use serde_json::Value;

use super::{Finding, Kind, shown};
use crate::domain::case::Case;
use crate::domain::event::{Event, replay};
use crate::store::audit::{Audited, EventRow};
use crate::store::cases;
use crate::store::chain::EVENT_VERSION;

/// The first event of a case that is not what or where it was, by the chain alone.
pub(super) fn broken(pool: &str, case: &Audited) -> Option<Finding> {
    Some(finding(pool, case, broken_chain(&case.events)?))
}

/// What speaks against a case whose chain holds: it is shorter or longer than attested, or its row says something
/// else.
pub(super) fn contradicted(pool: &str, case: &Audited) -> Option<Finding> {
    let fault = unattested(case).or_else(|| untold(case))?;
    Some(finding(pool, case, fault))
}

fn finding(pool: &str, case: &Audited, (kind, event, detail): Fault) -> Finding {
    let receipt_no = case.row.as_ref().map(|row| row.receipt_no.clone());
    Finding {
        case: case.id,
        event,
        receipt_no: receipt_no.or_else(|| filed_as(&case.events)),
        ..Finding::new(kind, pool, detail)
    }
}

type Fault = (Kind, Option<i32>, String);

/// The first event that is not where or what it was.
fn broken_chain(events: &[EventRow]) -> Option<Fault> {
    let mut previous: Option<&EventRow> = None;
    for (event, expected) in events.iter().zip(1..) {
        let number = event.number;
        if number > expected {
            let detail = format!("expected event {expected}, the next one there is {number}");
            return Some((Kind::Removed, Some(expected), detail));
        }
        if number < expected {
            let detail = format!("expected event {expected}, found one numbered {number}");
            return Some((Kind::Added, Some(number), detail));
        }
        let before = previous.map(|e| e.hash.as_slice()).unwrap_or_default();
        if let Some(fault) = wrong_contents(event, events).or_else(|| unlinked(event, before)) {
            return Some(fault);
        }
        previous = Some(event);
    }
    None
}

fn wrong_contents(event: &EventRow, events: &[EventRow]) -> Option<Fault> {
    let number = Some(event.number);
    if event.hash_version != EVENT_VERSION {
        let detail = format!("unknown hash version {}", event.hash_version);
        return Some((Kind::Unreadable, number, detail));
    }
    let found = event.hash_as(event.number);
    if found == event.hash {
        return None;
    }
    if let Some(place) = (1..)
        .take(events.len() + 1)
        .find(|place| event.hash_as(*place) == event.hash)
    {
        let detail = format!("expected event {}, found event {place}", event.number);
        return Some((Kind::Reordered, number, detail));
    }
    let (expected, found) = (shown(&event.hash), shown(&found));
    let detail = format!("written with hash {expected}, its contents now have {found}");
    Some((Kind::Changed, number, detail))
}

/// An event that is sound by itself and yet does not follow from the one before: that one is not what it was.
fn unlinked(event: &EventRow, before: &[u8]) -> Option<Fault> {
    if event.previous_hash == before {
        return None;
    }
    let (number, expected) = (event.number, shown(&event.previous_hash));
    Some(match number {
        1 => {
            let detail = format!("the first event follows another one, {expected}");
            (Kind::Removed, Some(1), detail)
        }
        _ => {
            let found = shown(before);
            let detail = format!("event {number} was written after {expected}, found {found}");
            (Kind::Changed, Some(number - 1), detail)
        }
    })
}

/// What seals and the queue say against the journal's length.
fn unattested(case: &Audited) -> Option<Fault> {
    let last = case.events.last().map_or(0, |event| event.number);
    let (head, seal) = case.sealed.unwrap_or_default();
    if last < head {
        let detail = format!("expected {head} events, as sealed (seal {seal}), found {last}");
        return Some((Kind::Removed, Some(last + 1), detail));
    }
    let added = (head + 1..=last).find(|number| !case.waiting.contains(number))?;
    let detail = "no seal covers it and it does not wait for one".to_owned();
    Some((Kind::Added, Some(added), detail))
}

/// What the journal tells against the case's row.
fn untold(case: &Audited) -> Option<Fault> {
    let Some(row) = &case.row else {
        let detail = "the case's row is gone, its journal is there".to_owned();
        return Some((Kind::Removed, None, detail));
    };
    if case.events.is_empty() {
        let detail = "the case's row is there, its whole journal is gone".to_owned();
        return Some((Kind::Removed, Some(1), detail));
    }
    let mut events: Vec<Event> = vec![];
    for event in &case.events {
        match event.event() {
            Ok(read) => events.push(read),
            Err(why) => return Some((Kind::Unreadable, Some(event.number), why)),
        }
    }
    let told = match replay(&events) {
        Ok(told) => told,
        Err(why) => return Some((Kind::Reordered, None, why.to_string())),
    };
    let stored = match &row.case {
        Ok(stored) => stored,
        Err(why) => return Some((Kind::Unreadable, None, format!("the case's row: {why}"))),
    };
    let differences = differences(&told, stored, row);
    if differences.is_empty() {
        return None;
    }
    Some((Kind::RowChanged, None, differences.join("; ")))
}

/// The fields in which a row differs from what the journal tells; no values of persons are among them but ids.
fn differences(told: &Case, stored: &Case, row: &cases::Audited) -> Vec<String> {
    let mut found = vec![];
    let mut compare = |name: &str, expected: &Value, stored: &Value| {
        if expected != stored {
            found.push(format!("{name}: expected {expected}, found {stored}"));
        }
    };
    match (serde_json::to_value(told), serde_json::to_value(stored)) {
        (Ok(Value::Object(told)), Ok(Value::Object(stored))) => {
            for (name, expected) in &told {
                compare(name, expected, stored.get(name).unwrap_or(&Value::Null));
            }
        }
        (told, stored) => compare(
            "case",
            &told.unwrap_or_default(),
            &stored.unwrap_or_default(),
        ),
    }
    let due =
        |at: Option<crate::domain::time::Ts>| at.map_or(Value::Null, |at| at.rfc3339().into());
    compare("due_at", &due(told.due()), &due(row.due_at));
    compare(
        "queue_rank",
        &told.queue_rank().into(),
        &row.queue_rank.into(),
    );
    found
}

/// The receipt number in the first event, for a case whose row is gone.
fn filed_as(events: &[EventRow]) -> Option<String> {
    let filing: Value = serde_json::from_str(&events.first()?.change).ok()?;
    Some(filing.get("receipt_no")?.as_str()?.to_owned())
}
