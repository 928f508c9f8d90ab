//! Reading a catalogue from CSV: every column there, every cell of its kind, no two entries of a code on one list and day.

use std::collections::BTreeMap;

use super::{Entry, List};
use crate::domain::claim::Class;
use crate::domain::form::read_day;
use crate::domain::policy::value::BasisPoints;
use crate::domain::settlement::Sort;
use crate::domain::time::Day;

/// The columns, in any order; lines that begin with `#` are remarks.
const COLUMNS: [&str; 10] = [
    "code",
    "name_zh",
    "name_en",
    "sort",
    "unit",
    "class",
    "own_share_bp",
    "from",
    "to",
    "list",
];

/// Characters of a name or unit at most.
const LONGEST: usize = 200;

/// What is wrong with a file, by its line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A column is missing.
    #[error(
        "no column {0:?}; needed are code, name_zh, name_en, sort, unit, class, own_share_bp, from, to, list"
    )]
    NoColumn(&'static str),
    /// Not as many cells as columns, or no text.
    #[error("line {0}: not as many cells as columns, or not UTF-8")]
    Cells(u64),
    /// A cell that can't be read.
    #[error("line {line}, {column}: {reason}")]
    Cell {
        /// The line.
        line: u64,
        /// The column.
        column: &'static str,
        /// What is needed.
        reason: &'static str,
    },
    /// A code twice on one list on one day.
    #[error("line {line}: {code} stands on its list for some of these days already")]
    Overlap {
        /// The later line.
        line: u64,
        /// The code.
        code: String,
    },
    /// Nothing in it.
    #[error("the file has no entries")]
    Empty,
}

/// Reads a file.
///
/// # Errors
/// Every fault, line by line.
pub fn read(text: &str) -> Result<Vec<Entry>, Vec<Fault>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let headings = reader.headers().map_err(|_| vec![Fault::Cells(1)])?;
    let place = |name: &&str| headings.iter().position(|heading| heading == *name);
    let missing = COLUMNS.iter().filter(|name| place(name).is_none());
    let missing: Vec<Fault> = missing.map(|name| Fault::NoColumn(name)).collect();
    if !missing.is_empty() {
        return Err(missing);
    }
    let places: BTreeMap<&str, usize> = COLUMNS
        .iter()
        .filter_map(|name| Some((*name, place(name)?)))
        .collect();
    let (mut entries, mut faults) = (vec![], vec![]);
    for record in reader.records() {
        match record {
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                let row = Row {
                    line,
                    record: &record,
                    places: &places,
                };
                match row.entry() {
                    Ok(entry) => entries.push((line, entry)),
                    Err(fault) => faults.push(fault),
                }
            }
            Err(e) => faults.push(Fault::Cells(e.position().map_or(0, csv::Position::line))),
        }
    }
    faults.extend(overlaps(&mut entries));
    match (faults.is_empty(), entries.is_empty()) {
        (false, _) => Err(faults),
        (true, true) => Err(vec![Fault::Empty]),
        (true, false) => Ok(entries.into_iter().map(|(_, entry)| entry).collect()),
    }
}

/// Puts the entries in order and names those whose days meet.
fn overlaps(entries: &mut [(u64, Entry)]) -> Vec<Fault> {
    entries.sort_by(|(_, one), (_, other)| {
        (&one.code, one.list, one.from).cmp(&(&other.code, other.list, other.from))
    });
    let pairs = entries.iter().zip(entries.iter().skip(1));
    let meeting = pairs.filter(|((_, one), (_, next))| {
        one.code == next.code
            && one.list == next.list
            && one.to.is_none_or(|last| last >= next.from)
    });
    meeting
        .map(|(_, (line, next))| Fault::Overlap {
            line: *line,
            code: next.code.clone(),
        })
        .collect()
}

/// A line that is being read.
struct Row<'a> {
    line: u64,
    record: &'a csv::StringRecord,
    places: &'a BTreeMap<&'a str, usize>,
}

impl Row<'_> {
    fn entry(&self) -> Result<Entry, Fault> {
        let class = self.parsed::<Class>("class", "A, B or outside")?;
        let own_share = match self.cell("own_share_bp") {
            "" => None,
            typed => Some(self.share(typed)?),
        };
        if class == Class::B && own_share.is_none() {
            return Err(self.fault("own_share_bp", "class B needs an own share"));
        }
        let from = self.day("from")?;
        let to = match self.cell("to") {
            "" => None,
            _ => Some(self.day("to")?),
        };
        if to.is_some_and(|to| to < from) {
            return Err(self.fault("to", "the last day lies before the first"));
        }
        let sort = self.cell("sort").replace('-', "_");
        Ok(Entry {
            code: self.code()?,
            name_zh: self.words("name_zh", 1)?,
            name_en: self.words("name_en", 0)?,
            sort: sort
                .parse::<Sort>()
                .map_err(|_| self.fault("sort", "drug, service, antigen-test or follow-up"))?,
            unit: self.words("unit", 0)?,
            class,
            own_share,
            from,
            to,
            list: self.parsed::<List>(
                "list",
                "ordinary, protocol, provincial-temporary or third-supplementary",
            )?,
        })
    }

    fn cell(&self, column: &str) -> &str {
        let place = self.places.get(column);
        place
            .and_then(|place| self.record.get(*place))
            .unwrap_or_default()
    }

    fn fault(&self, column: &'static str, reason: &'static str) -> Fault {
        Fault::Cell {
            line: self.line,
            column,
            reason,
        }
    }

    fn parsed<T: std::str::FromStr>(
        &self,
        column: &'static str,
        needed: &'static str,
    ) -> Result<T, Fault> {
        self.cell(column)
            .parse()
            .map_err(|_| self.fault(column, needed))
    }

    fn day(&self, column: &'static str) -> Result<Day, Fault> {
        read_day(self.cell(column)).ok_or_else(|| self.fault(column, "a day, YYYY-MM-DD"))
    }

    fn share(&self, typed: &str) -> Result<BasisPoints, Fault> {
        let share = typed.parse().ok().map(BasisPoints);
        share
            .filter(|share| *share <= BasisPoints::WHOLE)
            .ok_or_else(|| self.fault("own_share_bp", "basis points from 0 to 10000"))
    }

    fn code(&self) -> Result<String, Fault> {
        let code = self.cell("code").to_ascii_uppercase();
        let plain = code
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
        (plain && (1..=40).contains(&code.len()))
            .then_some(code)
            .ok_or_else(|| self.fault("code", "1 to 40 letters, digits, points, hyphens"))
    }

    fn words(&self, column: &'static str, least: usize) -> Result<String, Fault> {
        let words = self.cell(column);
        let length = words.chars().count();
        let plain = !words.chars().any(char::is_control);
        (plain && (least..=LONGEST).contains(&length))
            .then(|| words.to_owned())
            .ok_or_else(|| self.fault(column, "words of at most 200 characters"))
    }
}
