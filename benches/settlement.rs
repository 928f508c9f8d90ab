//! How long a settlement takes in the domain: a stay of 500 lines, each with its step in the trail. Aim: under 1 ms.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "a benchmark that fails may panic"
)]

use bujianmian::data::policies;
use bujianmian::domain::settlement::{Input, settle};
use criterion::{Criterion, criterion_group, criterion_main};
use serde_json::json;

/// Three weeks of all classes, half of it of the protocol.
fn stay(lines: u32) -> Input {
    let lines: Vec<_> = (0..lines)
        .map(|n| {
            json!({
                "date": format!("2023-03-{:02}", 20 + n % 12), "fen": 1_000 + n * 37, "protocol": n % 2 == 0,
                "class": (["A", "B", "outside"][usize::try_from(n % 3).unwrap()]), "own_share_bp": 1_000,
                "sort": (["drug", "service"][usize::try_from(n % 4 / 2).unwrap()]),
            })
        })
        .collect();
    serde_json::from_value(json!({
        "pool": "371000", "scheme": "resident", "birth": "1950-05-01", "categories": ["minimum_living", "at_risk"],
        "kind": "inpatient", "covid": "confirmed",
        "institution": {"level": 2, "region": "371002", "managed_by": "city", "designated": true},
        "county_finance": "city", "insured_at": "city", "cross_region": "none",
        "from": "2023-03-20", "to": "2023-03-31", "lines": lines,
    }))
    .unwrap()
}

fn settlement(criterion: &mut Criterion) {
    let packs = policies::load().unwrap();
    for lines in [5, 500, 2_000] {
        let input = stay(lines);
        criterion.bench_function(&format!("settle {lines} lines"), |bencher| {
            bencher.iter(|| settle(&input, &packs).unwrap());
        });
    }
}

criterion_group!(benches, settlement);
criterion_main!(benches);
