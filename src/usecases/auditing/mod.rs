//! Checking the journal from outside: is every event there, unchanged and in order, does each case's row say what
//! its journal says (CAS-2), do the seals hold, and do they lead to what was published. Reads only, needs no key,
//! and keeps as much in memory as one chunk, however much is stored.
//!
//! What it can't see: changes of what no event covers (answers, uploaded papers, names), and a history that was
//! rewritten from some point on together with all its seals, unless a line published since is given.

mod cases;
pub mod export;

mod seals;

use std::collections::BTreeSet;

use strum::{Display, EnumIter, IntoStaticStr};

use super::error::Error;
use crate::domain::anchor::Anchor;
use crate::domain::ids::{CaseId, Identifier};
use crate::domain::place::Pool;
use crate::domain::time::Day;
use crate::store::audit::{Audited, Reader};

/// What is walked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Of one pool only.
    pub pool: Option<Pool>,
    /// Cases with an event on this Beijing day or later.
    pub from: Option<Day>,
    /// Cases with an event on this Beijing day or earlier.
    pub to: Option<Day>,
}

impl Scope {
    /// Whether a day is within.
    fn covers(&self, day: Day) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    /// Whether a case is: with an event within, or without any event left to tell.
    fn takes(&self, case: &Audited) -> bool {
        case.events.is_empty() || case.events.iter().any(|e| self.covers(e.at.day()))
    }

    /// Whether all cases are.
    fn is_whole(&self) -> bool {
        self.from.is_none() && self.to.is_none()
    }
}

/// Kinds of what an audit finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, EnumIter, IntoStaticStr, Display)]
#[strum(serialize_all = "kebab-case")]
pub enum Kind {
    /// An event is not what was written.
    Changed,
    /// An event, or a whole case, is gone.
    Removed,
    /// An event that no seal covers and that never waited for one.
    Added,
    /// An event stands in another's place.
    Reordered,
    /// A value that this program never writes.
    Unreadable,
    /// The case's row says something else than its journal.
    RowChanged,
    /// A seal is not what was written.
    SealChanged,
    /// A seal is gone from the chain.
    SealRemoved,
    /// The seals end before one that an anchor names.
    TailCut,
    /// A day's line is not what the seals say.
    AnchorChanged,
    /// A day's line is gone.
    AnchorRemoved,
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub kind: Kind,
    /// Pool.
    pub pool: String,
    /// Receipt number of the case, where it is known.
    pub receipt_no: Option<String>,
    /// The case.
    pub case: Option<CaseId>,
    /// The event's number within the case.
    pub event: Option<i32>,
    /// The seal's number within the pool.
    pub seal: Option<i32>,
    /// The day of a line.
    pub day: Option<Day>,
    /// What was expected and what is there.
    pub detail: String,
}

impl Finding {
    fn new(kind: Kind, pool: &str, detail: String) -> Self {
        Self {
            kind,
            pool: pool.to_owned(),
            receipt_no: None,
            case: None,
            event: None,
            seal: None,
            day: None,
            detail,
        }
    }
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: pool {}", self.kind, self.pool)?;
        if let Some(receipt_no) = &self.receipt_no {
            write!(f, ", receipt {receipt_no}")?;
        }
        if let Some(case) = self.case {
            write!(f, ", case {case}")?;
        }
        if let Some(event) = self.event {
            write!(f, ", event {event}")?;
        }
        if let Some(seal) = self.seal {
            write!(f, ", seal {seal}")?;
        }
        if let Some(day) = self.day {
            write!(f, ", day {day}")?;
        }
        write!(f, ": {}", self.detail)
    }
}

/// What was walked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Pools.
    pub pools: usize,
    /// Cases.
    pub cases: usize,
    /// Events of these cases.
    pub events: usize,
    /// Of these, events that wait for their seal.
    pub waiting: usize,
    /// Seals.
    pub seals: usize,
    /// Lines, those in the database and those given.
    pub anchors: usize,
}

/// The outcome of a check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// What is wrong, the first place first; empty when nothing is.
    pub findings: Vec<Finding>,
    /// What was walked until then.
    pub counts: Counts,
    /// The search ended because enough was found.
    pub cut_short: bool,
    limit: usize,
    /// Cases that were told of, once each.
    told: BTreeSet<CaseId>,
}

impl Report {
    fn add(&mut self, finding: Finding) {
        if self.cut_short {
            return;
        }
        if finding.case.is_none_or(|case| self.told.insert(case)) {
            self.findings.push(finding);
        }
        self.cut_short = self.findings.len() >= self.limit;
    }
}

/// Checks what `scope` covers, and that the seals lead to the `published` lines; ends after `limit` findings.
///
/// # Errors
/// [`Error::Store`] when the database can't be read.
pub fn verify(
    reader: &mut Reader,
    scope: &Scope,
    published: &[Anchor],
    limit: usize,
) -> Result<Report, Error> {
    let mut report = Report {
        limit: limit.max(1),
        ..Report::default()
    };
    for pool in pools(reader, scope, published)? {
        report.counts.pools += 1;
        let contradicted = walk_cases(reader, scope, &pool, &mut report)?;
        if !report.cut_short {
            seals::walk(reader, scope, &pool, published, &mut report)?;
        }
        for finding in contradicted {
            report.add(finding);
        }
        if report.cut_short {
            break;
        }
    }
    Ok(report)
}

/// The pools that have anything stored, and those that published.
fn pools(
    reader: &mut Reader,
    scope: &Scope,
    published: &[Anchor],
) -> Result<BTreeSet<String>, Error> {
    if let Some(pool) = scope.pool {
        return Ok(BTreeSet::from([pool.to_string()]));
    }
    let mut pools: BTreeSet<String> = published.iter().map(|line| line.pool.to_string()).collect();
    let mut last = String::new();
    while let Some(pool) = reader.next_pool(&last)? {
        last.clone_from(&pool);
        pools.insert(pool);
    }
    Ok(pools)
}

/// Reports broken chains. Returns what else speaks against a case: seals are asked first, which know better what was
/// there.
fn walk_cases(
    reader: &mut Reader,
    scope: &Scope,
    pool: &str,
    report: &mut Report,
) -> Result<Vec<Finding>, Error> {
    let mut contradicted = vec![];
    each_case(reader, scope, pool, |_, case| {
        report.counts.cases += 1;
        report.counts.events += case.events.len();
        report.counts.waiting += case.waiting.len();
        match cases::broken(pool, case) {
            Some(finding) => report.add(finding),
            None if contradicted.len() < report.limit => {
                contradicted.extend(cases::contradicted(pool, case));
            }
            None => {}
        }
        Ok(match report.cut_short {
            true => Walk::Enough,
            false => Walk::On,
        })
    })?;
    Ok(contradicted)
}

/// Whether a walk goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Walk {
    On,
    Enough,
}

/// Shows each case of a pool that `scope` takes to `look`, in the order of their identifiers.
fn each_case(
    reader: &mut Reader,
    scope: &Scope,
    pool: &str,
    mut look: impl FnMut(CaseId, &Audited) -> Result<Walk, Error>,
) -> Result<(), Error> {
    let mut after = Some(CaseId::from(uuid::Uuid::nil()));
    while let Some(from) = after {
        let chunk = reader.cases(pool, from)?;
        for case in chunk.cases.iter().filter(|case| scope.takes(case)) {
            let id = case.id.unwrap_or(from);
            if look(id, case)? == Walk::Enough {
                return Ok(());
            }
        }
        after = chunk.next.filter(|next| !next.uuid().is_nil());
    }
    Ok(())
}

/// A hash as it is shown.
fn shown(hash: &[u8]) -> String {
    format!("sha256:{}", hex::encode(hash))
}

/// The lines to publish: those of a day, or the last one of each pool.
///
/// # Errors
/// [`Error::Store`] when the database can't be read, or holds a pool that is none.
pub fn lines(reader: &mut Reader, day: Option<Day>) -> Result<Vec<Anchor>, Error> {
    let mut lines = vec![];
    for pool in pools(reader, &Scope::default(), &[])? {
        let rows = reader.anchors(&pool)?;
        let row = rows
            .into_iter()
            .rfind(|row| day.is_none_or(|day| day == row.day));
        let code = pool
            .parse()
            .map_err(|_| Error::Fault(format!("pool {pool}")))?;
        lines.extend(row.map(|row| Anchor {
            day: row.day,
            pool: code,
            events: row.events,
            seal: row.seal,
            hash: row.hash,
        }));
    }
    Ok(lines)
}
