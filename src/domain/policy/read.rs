//! From what a file writes to a checked pack: every key known, every value of its key's kind, every
//! basis complete, no two values of one key on one day. Nothing is guessed and nothing left out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveTime;

use super::fault::{Fault, Reason};
use super::keys::{self, Column, Kind, Need};
use super::raw::{Raw, RawBasis, RawPack, RawSource, RawValue};
use super::value::{
    Basis, BasisPoints, Citation, Days, Ground, Months, Row, Source, Span, Stated, Value, Window,
    WorkingDays,
};
use super::{Owner, PolicyPack};

/// The longest term a pack may state, in days, working days or months.
const LONGEST: u32 = 36_600;

impl PolicyPack {
    /// Checks a file's contents. `general` is the default pack, whose documents may be cited too.
    ///
    /// # Errors
    /// The first fault found, with its key.
    pub fn read(raw: RawPack, general: Option<&Self>) -> Result<Self, Fault> {
        let name = raw.pool.clone();
        let at = |key: &str, reason: Reason| Fault {
            pack: name.clone(),
            key: key.to_owned(),
            reason,
        };
        let owner = match raw.pool.as_str() {
            "default" => Owner::Default,
            code => Owner::Pool(
                code.parse()
                    .map_err(|_| at("pool", Reason::MalformedPool))?,
            ),
        };
        words("name", &raw.name.zh)
            .and(words("name", &raw.name.en))
            .map_err(|reason| at("name", reason))?;
        let own =
            documents(raw.sources).map_err(|(id, reason)| at(&format!("source {id}"), reason))?;
        let mut pack = Self {
            owner,
            name_zh: raw.name.zh,
            name_en: raw.name.en,
            sources: own,
            values: BTreeMap::new(),
        };
        for value in raw.values {
            let key = value.key.clone();
            let stated = pack
                .stated(value, general)
                .map_err(|reason| at(&key, reason))?;
            let others = pack.values.entry(key.clone()).or_default();
            if let Some(other) = others
                .iter()
                .find(|other| other.window.meets(&stated.window))
            {
                return Err(at(
                    &key,
                    Reason::Overlap(other.window.from.max(stated.window.from)),
                ));
            }
            others.push(stated);
            others.sort_by_key(|stated| stated.window.from);
        }
        Ok(pack)
    }

    fn stated(&self, raw: RawValue, general: Option<&Self>) -> Result<Stated<Value>, Reason> {
        let kind = keys::kind(&raw.key).ok_or(Reason::UnknownKey)?;
        if let Some(to) = raw.to.filter(|to| *to < raw.from) {
            return Err(Reason::EndsBeforeItBegins { from: raw.from, to });
        }
        let find = |id: &str| {
            self.sources
                .get(id)
                .or_else(|| general.and_then(|pack| pack.sources.get(id)))
        };
        Ok(Stated {
            value: value(kind, raw.value)?,
            window: Window {
                from: raw.from,
                to: raw.to,
            },
            basis: basis(raw.basis, find)?,
        })
    }
}

fn documents(raw: Vec<RawSource>) -> Result<BTreeMap<String, Arc<Source>>, (String, Reason)> {
    let mut sources = BTreeMap::new();
    for RawSource {
        id,
        number,
        title,
        date,
        issuer,
    } in raw
    {
        let parts = [
            ("id", &id),
            ("number", &number),
            ("title", &title),
            ("issuer", &issuer),
        ];
        parts
            .into_iter()
            .try_for_each(|(part, text)| words(part, text))
            .map_err(|reason| (id.clone(), reason))?;
        let source = Arc::new(Source {
            id: id.clone(),
            number,
            title,
            date,
            issuer,
        });
        if sources.insert(id.clone(), source).is_some() {
            return Err((id, Reason::SourceTwice));
        }
    }
    Ok(sources)
}

fn words(part: &'static str, text: &str) -> Result<(), Reason> {
    if text.trim().is_empty() {
        Err(Reason::Empty(part))
    } else {
        Ok(())
    }
}

fn basis<'a>(
    raw: RawBasis,
    find: impl Fn(&str) -> Option<&'a Arc<Source>>,
) -> Result<Basis, Reason> {
    let cite = |id: String, clause: String| {
        words("clause", &clause)?;
        let source = Arc::clone(find(&id).ok_or(Reason::UnknownSource(id))?);
        Ok::<_, Reason>(Citation { source, clause })
    };
    let near = |source: Option<String>, clause: Option<String>| match (source, clause) {
        (Some(source), Some(clause)) => cite(source, clause).map(Some),
        (None, None) => Ok(None),
        (Some(_), None) | (None, Some(_)) => Err(Reason::HalfCitation),
    };
    let (rule, ground) = match raw {
        RawBasis::Clause {
            rule,
            source,
            clause,
        } => (rule, Ground::Clause(cite(source, clause)?)),
        RawBasis::Choice {
            rule,
            reason,
            source,
            clause,
        } => {
            words("reason", &reason)?;
            (
                rule,
                Ground::Choice {
                    reason,
                    near: near(source, clause)?,
                },
            )
        }
        RawBasis::Sample {
            rule,
            reason,
            source,
            clause,
        } => (
            rule,
            Ground::Sample {
                reason,
                near: near(source, clause)?,
            },
        ),
    };
    if !is_rule(&rule) {
        return Err(Reason::MalformedRule(rule));
    }
    Ok(Basis { rule, ground })
}

/// Capital letters, a hyphen, digits: `SET-4`.
fn is_rule(text: &str) -> bool {
    text.split_once('-').is_some_and(|(letters, digits)| {
        !letters.is_empty()
            && letters.bytes().all(|byte| byte.is_ascii_uppercase())
            && !digits.is_empty()
            && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn value(kind: Kind, raw: Raw) -> Result<Value, Reason> {
    match (kind, raw) {
        (Kind::Integer, Raw::Integer(n)) => Ok(Value::Integer(not_negative(n)?)),
        (Kind::Fen, Raw::Integer(n)) => Ok(Value::Fen(not_negative(n)?)),
        (Kind::BasisPoints, Raw::Integer(n)) => ratio(n).map(Value::Ratio),
        (Kind::WorkingDays, Raw::Integer(n)) => {
            length(n, 1).map(|n| Value::WorkingDays(WorkingDays(n)))
        }
        (Kind::Days, Raw::Integer(n)) => length(n, 0).map(|n| Value::Days(Days(n))),
        (Kind::Months, Raw::Integer(n)) => length(n, 0).map(|n| Value::Months(Months(n))),
        (Kind::Date, Raw::Text(text)) => text
            .parse()
            .map(Value::Date)
            .map_err(|_| Reason::OutOfRange(text)),
        (Kind::Text, Raw::Text(text)) => words("text", &text).map(|()| Value::Text(text)),
        (Kind::OneOf(names), Raw::Text(text)) => option(names, text).map(Value::Text),
        (Kind::List(names), Raw::List(items)) => list(names, items).map(Value::List),
        (Kind::DaysBefore, Raw::List(items)) => days_before(items).map(Value::DaysBefore),
        (Kind::Hours, Raw::List(items)) => hours(items).map(Value::Hours),
        (Kind::Table(columns), Raw::List(items)) => table(columns, items).map(Value::Table),
        (Kind::Shares(columns), Raw::List(items)) => {
            let rows = table(columns, items)?;
            let sum: i64 = rows
                .iter()
                .filter_map(|row| match row.get("share") {
                    Some(Value::Ratio(share)) => Some(i64::from(share.0)),
                    _ => None,
                })
                .sum();
            if sum == i64::from(BasisPoints::WHOLE.0) {
                Ok(Value::Table(rows))
            } else {
                Err(Reason::Shares(sum))
            }
        }
        (kind, raw) => Err(wrong(kind.name(), &raw)),
    }
}

fn wrong(wanted: &'static str, raw: &Raw) -> Reason {
    let found = match raw {
        Raw::Integer(n) => format!("the number {n}"),
        Raw::Fraction(n) => format!("the fraction {n} (only whole numbers are kept)"),
        Raw::Text(text) => format!("the text {text:?}"),
        Raw::List(_) => "a list".to_owned(),
        Raw::Row(_) => "a line of a table".to_owned(),
    };
    Reason::WrongKind { wanted, found }
}

fn not_negative(n: i64) -> Result<i64, Reason> {
    if n < 0 {
        Err(Reason::OutOfRange(n.to_string()))
    } else {
        Ok(n)
    }
}

fn ratio(n: i64) -> Result<BasisPoints, Reason> {
    u16::try_from(n)
        .ok()
        .map(BasisPoints)
        .filter(|ratio| *ratio <= BasisPoints::WHOLE)
        .ok_or_else(|| Reason::OutOfRange(n.to_string()))
}

fn length(n: i64, least: u32) -> Result<u32, Reason> {
    u32::try_from(n)
        .ok()
        .filter(|n| (least..=LONGEST).contains(n))
        .ok_or_else(|| Reason::OutOfRange(n.to_string()))
}

fn text(wanted: &'static str, raw: Raw) -> Result<String, Reason> {
    match raw {
        Raw::Text(text) => Ok(text),
        other => Err(wrong(wanted, &other)),
    }
}

fn option(names: &[&str], text: String) -> Result<String, Reason> {
    if names.contains(&text.as_str()) {
        Ok(text)
    } else {
        Err(Reason::NoOption(text))
    }
}

fn list(names: &[&str], items: Vec<Raw>) -> Result<Vec<String>, Reason> {
    let mut seen = BTreeSet::new();
    let mut kept = Vec::new();
    for item in items {
        let name = text("a name", item)?;
        words("name", &name)?;
        let name = if names.is_empty() {
            name
        } else {
            option(names, name)?
        };
        if !seen.insert(name.clone()) {
            return Err(Reason::Disorder);
        }
        kept.push(name);
    }
    filled(kept)
}

fn filled<T>(items: Vec<T>) -> Result<Vec<T>, Reason> {
    if items.is_empty() {
        Err(Reason::Empty("list"))
    } else {
        Ok(items)
    }
}

fn days_before(items: Vec<Raw>) -> Result<Vec<u32>, Reason> {
    let days = items
        .into_iter()
        .map(|item| match item {
            Raw::Integer(n) => length(n, 1),
            other => Err(wrong("a number of days", &other)),
        })
        .collect::<Result<Vec<_>, _>>()?;
    if days.is_sorted_by(|earlier, later| earlier > later) {
        filled(days)
    } else {
        Err(Reason::Disorder)
    }
}

fn hours(items: Vec<Raw>) -> Result<Vec<Span>, Reason> {
    let spans = items
        .into_iter()
        .map(|item| text("hours", item).and_then(span))
        .collect::<Result<Vec<_>, _>>()?;
    if spans.is_sorted_by(|earlier, later| earlier.to <= later.from) {
        filled(spans)
    } else {
        Err(Reason::Disorder)
    }
}

fn span(text: String) -> Result<Span, Reason> {
    let time = |part: &str| NaiveTime::parse_from_str(part, "%H:%M").ok();
    text.split_once('-')
        .and_then(|(from, to)| {
            Some(Span {
                from: time(from)?,
                to: time(to)?,
            })
        })
        .filter(|span| span.from < span.to)
        .ok_or(Reason::OutOfRange(text))
}

fn table(columns: &'static [Column], items: Vec<Raw>) -> Result<Vec<Row>, Reason> {
    let rows = items
        .into_iter()
        .map(|item| match item {
            Raw::Row(cells) => row(columns, cells),
            other => Err(wrong("a line of a table", &other)),
        })
        .collect::<Result<Vec<_>, _>>()?;
    filled(rows)
}

fn row(columns: &'static [Column], mut cells: BTreeMap<String, Raw>) -> Result<Row, Reason> {
    let mut row = Row::new();
    for column in columns {
        match (cells.remove(column.name), column.need) {
            (Some(cell), _) => {
                row.insert(column.name, value(column.kind.into(), cell)?);
            }
            (None, Need::Required) => return Err(Reason::MissingColumn(column.name)),
            (None, Need::Optional) => {}
        }
    }
    match cells.into_keys().next() {
        Some(unknown) => Err(Reason::UnknownColumn(unknown)),
        None => Ok(row),
    }
}
