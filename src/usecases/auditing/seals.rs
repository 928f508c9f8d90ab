//! The seals of a pool: their chain, what they name, and the lines made of them.

use std::collections::BTreeMap;

use super::{Finding, Kind, Report, Scope, shown};
use crate::domain::anchor::Anchor;
use crate::domain::time::Day;
use crate::store::audit::{Reader, SealRow, Sealed};
use crate::store::chain::{SEAL_VERSION, SealParts, seal_hash};
use crate::usecases::error::Error;
use crate::usecases::sealing::end_of;

/// Where a line comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    Stored,
    Published,
}

struct Line {
    day: Day,
    events: i64,
    hash: Vec<u8>,
    source: Source,
}

/// Lines by the seal they name.
type Lines = BTreeMap<i32, Vec<Line>>;

/// Walks the seals of a pool from the first to the last, and the queue of events without one.
pub(super) fn walk(
    reader: &mut Reader,
    scope: &Scope,
    pool: &str,
    published: &[Anchor],
    report: &mut Report,
) -> Result<(), Error> {
    // Read before the seals: each names a seal that is there.
    let mut lines = lines(reader, pool, published, report)?;
    let mut previous: Option<SealRow> = None;
    loop {
        let after = previous.as_ref().map_or(i32::MIN, |seal| seal.number);
        let seals = reader.seals(pool, after)?;
        if seals.is_empty() {
            break;
        }
        for seal in seals {
            report.counts.seals += 1;
            let heads = reader.heads(pool, seal.number)?;
            for finding in faults(&seal, previous.as_ref(), &heads) {
                report.add(finding);
            }
            if scope.covers(seal.sealed_at.day()) {
                heads
                    .iter()
                    .filter_map(|head| lost(&seal, head))
                    .for_each(|f| report.add(f));
            }
            check_lines(&mut lines, &seal, previous.as_ref(), report);
            previous = Some(seal);
            if report.cut_short {
                return Ok(());
            }
        }
    }
    cut_off(&lines, pool, previous.as_ref(), report);
    for (case, number) in reader.lost(pool)? {
        let detail = "it waits for its seal and is not in the journal".to_owned();
        report.add(Finding {
            case: Some(case),
            event: Some(number),
            ..Finding::new(Kind::Removed, pool, detail)
        });
    }
    Ok(())
}

fn lines(
    reader: &mut Reader,
    pool: &str,
    published: &[Anchor],
    report: &mut Report,
) -> Result<Lines, Error> {
    let mut lines = Lines::new();
    let mut last: Option<Day> = None;
    for row in reader.anchors(pool)? {
        report.counts.anchors += 1;
        let expected = last.and_then(|last| last.succ_opt());
        if let Some(missing) = expected.filter(|expected| *expected != row.day) {
            let detail = format!("the next line there is of {}", row.day);
            report.add(Finding {
                day: Some(missing),
                ..Finding::new(Kind::AnchorRemoved, pool, detail)
            });
        }
        last = Some(row.day);
        lines.entry(row.seal).or_default().push(Line {
            day: row.day,
            events: row.events,
            hash: row.hash,
            source: Source::Stored,
        });
    }
    for line in published.iter().filter(|line| line.pool.as_str() == pool) {
        report.counts.anchors += 1;
        lines.entry(line.seal).or_default().push(Line {
            day: line.day,
            events: line.events,
            hash: line.hash.clone(),
            source: Source::Published,
        });
    }
    Ok(lines)
}

/// What is wrong with a seal by itself and after the one before it.
fn faults(seal: &SealRow, previous: Option<&SealRow>, heads: &[Sealed]) -> Vec<Finding> {
    let at = |kind, number, detail| Finding {
        seal: Some(number),
        ..Finding::new(kind, &seal.pool, detail)
    };
    let number = seal.number;
    let expected = previous.map_or(1, |previous| previous.number + 1);
    if number != expected {
        let detail = format!("the next seal there is {number}");
        return vec![at(Kind::SealRemoved, expected, detail)];
    }
    if seal.hash_version != SEAL_VERSION {
        let detail = format!("unknown hash version {}", seal.hash_version);
        return vec![at(Kind::Unreadable, number, detail)];
    }
    let parts = SealParts {
        version: seal.hash_version,
        previous_hash: &seal.previous_hash,
        pool: &seal.pool,
        number,
        sealed_at: seal.sealed_at,
        total: seal.total,
    };
    let found = seal_hash(&parts, heads.iter().map(|sealed| &sealed.head));
    if found != seal.hash {
        let (expected, found) = (shown(&seal.hash), shown(&found));
        let detail = format!("written with hash {expected}, it and its entries now have {found}");
        return vec![at(Kind::SealChanged, number, detail)];
    }
    let before = previous.map(|p| p.hash.as_slice()).unwrap_or_default();
    if seal.previous_hash != before {
        let (expected, found) = (shown(&seal.previous_hash), shown(before));
        let detail = format!("seal {number} was written after {expected}, found {found}");
        return vec![at(
            Kind::SealChanged,
            number.saturating_sub(1).max(1),
            detail,
        )];
    }
    let named = i32::try_from(heads.len()).unwrap_or(i32::MAX);
    let (total, sealed_at) = previous.map_or((0, seal.sealed_at), |p| (p.total, p.sealed_at));
    if seal.entries != named || seal.total <= total || seal.sealed_at < sealed_at {
        let detail = "its counts or its time can't follow the seal before".to_owned();
        return vec![at(Kind::SealChanged, number, detail)];
    }
    vec![]
}

/// A sealed event that is gone or has been replaced.
fn lost(seal: &SealRow, sealed: &Sealed) -> Option<Finding> {
    let (head, number) = (&sealed.head, seal.number);
    let expected = shown(&head.hash);
    let (kind, detail) = match &sealed.now {
        Some(now) if *now == head.hash => return None,
        Some(now) => {
            let found = shown(now);
            let detail =
                format!("sealed as {expected}, found {found}: it, or one between the seals");
            (Kind::Changed, detail)
        }
        None => (Kind::Removed, format!("sealed as {expected}, found none")),
    };
    Some(Finding {
        case: Some(head.case),
        event: Some(head.number),
        seal: Some(number),
        ..Finding::new(kind, &seal.pool, detail)
    })
}

/// Compares the lines that name this seal; those of the one before must be of days that were over by this one.
fn check_lines(lines: &mut Lines, seal: &SealRow, previous: Option<&SealRow>, report: &mut Report) {
    let mut wrong = |day, detail| {
        report.add(Finding {
            seal: Some(seal.number),
            day: Some(day),
            ..Finding::new(Kind::AnchorChanged, &seal.pool, detail)
        });
    };
    for line in previous
        .and_then(|p| lines.remove(&p.number))
        .unwrap_or_default()
    {
        if seal.sealed_at < end_of(line.day) {
            wrong(line.day, "a later seal of that day is there".to_owned());
        }
    }
    for line in lines.get(&seal.number).into_iter().flatten() {
        let source = match line.source {
            Source::Stored => "the stored line",
            Source::Published => "the published line",
        };
        if line.hash != seal.hash {
            let (expected, found) = (shown(&line.hash), shown(&seal.hash));
            wrong(line.day, format!("{source} says {expected}, found {found}"));
        } else if line.events != seal.total {
            let detail = format!("{source} says {} events, found {}", line.events, seal.total);
            wrong(line.day, detail);
        } else if seal.sealed_at >= end_of(line.day) {
            wrong(
                line.day,
                format!("{source} names a seal made after that day"),
            );
        }
    }
}

/// Lines that name a seal which is not there.
fn cut_off(lines: &Lines, pool: &str, last: Option<&SealRow>, report: &mut Report) {
    let end = last.map_or(0, |seal| seal.number);
    for (number, lines) in lines.iter().filter(|(number, _)| **number != end) {
        for line in lines {
            let detail = format!("its line names seal {number}, the seals end at {end}");
            report.add(Finding {
                seal: Some(*number),
                day: Some(line.day),
                ..Finding::new(Kind::TailCut, pool, detail)
            });
        }
    }
}
