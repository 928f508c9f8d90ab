//! Settlements to the fen: the worked examples, every rule, bad input, and what holds of all of them.

mod bad;
mod examples;
mod laws;
mod packs;
mod windows;

use serde_json::{Value, json};

use super::{Input, Settlement, settle};
use crate::data::policies;
use crate::domain::form::FieldError;

/// A confirmed resident of Weihai, two days in a city hospital of level two, nothing used yet; `changed` over it.
fn input(changed: &Value) -> Input {
    let mut whole = json!({
        "pool": "371000", "scheme": "resident", "birth": "1980-05-01", "kind": "inpatient", "covid": "confirmed",
        "institution": {"level": 2, "region": "371002", "managed_by": "city", "designated": true},
        "county_finance": "city", "insured_at": "city", "cross_region": "none",
        "from": "2023-01-12", "to": "2023-01-13", "lines": [],
    });
    merge(&mut whole, changed);
    serde_json::from_value(whole).unwrap()
}

fn merge(into: &mut Value, from: &Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (name, value) in from {
                merge(into.entry(name).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from.clone(),
    }
}

/// A line of class A.
fn a(date: &str, fen: i64) -> Value {
    json!({"date": date, "class": "A", "fen": fen})
}

/// The same in the protocol.
fn protocol(date: &str, fen: i64) -> Value {
    json!({"date": date, "class": "A", "fen": fen, "protocol": true})
}

fn settled(changed: &Value) -> Settlement {
    settle(&input(changed), &policies::load().unwrap()).unwrap()
}

fn refused(changed: &Value) -> Vec<String> {
    let faults = settle(&input(changed), &policies::load().unwrap()).unwrap_err();
    let named = |fault: FieldError| format!("{} {}", fault.field, fault.code);
    faults.into_iter().map(named).collect()
}

/// basic, serious, aid, subsidy, person.
fn parts(settlement: &Settlement) -> [i64; 5] {
    let of = &settlement.parts;
    [of.basic, of.serious, of.aid, of.subsidy, of.person]
}

/// centre, province, city, county, unallocated.
fn shares(settlement: &Settlement) -> [i64; 5] {
    let of = &settlement.shares;
    [of.centre, of.province, of.city, of.county, of.unallocated]
}
