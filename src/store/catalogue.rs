//! The catalogue of drugs and services that was imported last. An import puts a whole catalogue in the place of the one
//! before; what was settled by that one keeps the classes it had.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::accounts::storable;
use super::conn::Conn;
use super::error::StoreError;
use super::many::{self, Holds};
use super::schema::{catalogue_entry, catalogue_version};
use super::staff::held;
use crate::domain::catalogue::{Classified, Entry, List, classified, searched};
use crate::domain::claim::Class;
use crate::domain::policy::value::BasisPoints;
use crate::domain::settlement::Sort;
use crate::domain::time::{Day, Ts};

/// Entries written in one statement.
const AT_ONCE: usize = 1_000;

/// An import.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Version {
    /// From 1.
    pub version: i32,
    /// Where it came from.
    pub source: String,
    /// How many entries.
    pub entries: i32,
    /// When.
    pub imported_at: Ts,
}

/// An entry with its number in the catalogue, by which lists go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Numbered {
    /// From 1, in the order of code, list and first day.
    pub number: i32,
    /// The entry.
    pub entry: Entry,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = catalogue_entry)]
struct Row {
    number: i32,
    code: String,
    list: List,
    from_day: NaiveDate,
    to_day: Option<NaiveDate>,
    name_zh: String,
    name_en: String,
    sort: Sort,
    unit: String,
    class: Class,
    own_share: Option<i32>,
}

/// The last import; none before the first.
pub fn last(conn: &mut Conn<'_>) -> Result<Option<Version>, StoreError> {
    Ok(catalogue_version::table
        .order(catalogue_version::version.desc())
        .first(conn.sql)
        .optional()?)
}

/// Puts a catalogue, in order, in the place of the one before; returns its version.
pub fn replace(
    conn: &mut Conn<'_>,
    entries: &[Entry],
    source: &str,
    at: Ts,
) -> Result<i32, StoreError> {
    let version = last(conn)?.map_or(1, |last| last.version + 1);
    diesel::insert_into(catalogue_version::table)
        .values((
            catalogue_version::version.eq(version),
            catalogue_version::source.eq(source),
            catalogue_version::entries.eq(i32::try_from(entries.len()).map_err(corrupt)?),
            catalogue_version::imported_at.eq(at),
        ))
        .execute(conn.sql)?;
    diesel::delete(catalogue_entry::table).execute(conn.sql)?;
    let rows: Vec<many::Cells> = (1_i32..).zip(entries).map(cells).collect();
    for part in rows.chunks(AT_ONCE) {
        many::insert(conn.sql, "catalogue_entry", &COLUMNS, part.to_vec())?;
    }
    Ok(version)
}

const COLUMNS: [many::Column; 12] = [
    ("number", Holds::Number),
    ("code", Holds::Text),
    ("list", Holds::Text),
    ("from_day", Holds::Day),
    ("to_day", Holds::Day),
    ("name_zh", Holds::Text),
    ("name_en", Holds::Text),
    ("sort", Holds::Text),
    ("unit", Holds::Text),
    ("class", Holds::Text),
    ("own_share", Holds::Number),
    ("words", Holds::Text),
];

fn cells((number, entry): (i32, &Entry)) -> many::Cells {
    vec![
        number.into(),
        entry.code.as_str().into(),
        entry.list.as_str().into(),
        entry.from.to_string().into(),
        entry.to.map(|day| day.to_string()).into(),
        entry.name_zh.as_str().into(),
        entry.name_en.as_str().into(),
        entry.sort.as_str().into(),
        entry.unit.as_str().into(),
        entry.class.as_str().into(),
        entry.own_share.map(|share| share.0).into(),
        entry.words().into(),
    ]
}

/// Entries whose code, names or pinyin initials hold `typed`, those in force on `day` if one is given, from after the number
/// `after` on. A catalogue has some tens of thousands of entries: they are looked through.
pub fn search(
    conn: &mut Conn<'_>,
    typed: &str,
    day: Option<Day>,
    after: i32,
    limit: i64,
) -> Result<Vec<Numbered>, StoreError> {
    let mut found = catalogue_entry::table
        .filter(catalogue_entry::number.gt(after))
        .filter(
            catalogue_entry::words
                .like(held(&storable(&searched(typed))))
                .escape('\\'),
        )
        .order(catalogue_entry::number)
        .limit(limit)
        .select(Row::as_select())
        .into_boxed();
    if let Some(day) = day {
        found = found.filter(catalogue_entry::from_day.le(day)).filter(
            catalogue_entry::to_day
                .is_null()
                .or(catalogue_entry::to_day.ge(day)),
        );
    }
    let rows: Vec<Row> = found.load(conn.sql)?;
    rows.into_iter().map(numbered).collect()
}

/// What something is on a day, by its code or else by its whole Chinese name; `None` when the catalogue has neither on that
/// day, or has the name under several codes.
///
/// # Errors
/// The database's.
pub fn classify(
    conn: &mut Conn<'_>,
    code_or_name: &str,
    day: Day,
) -> Result<Option<Classified>, StoreError> {
    let typed = storable(code_or_name.trim());
    let code = typed.to_ascii_uppercase();
    let rows: Vec<Row> = catalogue_entry::table
        .filter(
            catalogue_entry::code
                .eq(&code)
                .or(catalogue_entry::name_zh.eq(&typed)),
        )
        .order(catalogue_entry::number)
        .select(Row::as_select())
        .load(conn.sql)?;
    let mut all = vec![];
    for row in rows {
        all.push(numbered(row)?.entry);
    }
    all.retain(|entry| entry.holds(day));
    if all.iter().any(|entry| entry.code == code) {
        all.retain(|entry| entry.code == code);
    }
    let first = all.first().map(|entry| entry.code.clone());
    let one = all.iter().all(|entry| Some(&entry.code) == first.as_ref());
    Ok(one.then(|| classified(&all)).flatten())
}

fn numbered(row: Row) -> Result<Numbered, StoreError> {
    let share = row.own_share.map(u16::try_from).transpose();
    Ok(Numbered {
        number: row.number,
        entry: Entry {
            code: row.code,
            name_zh: row.name_zh,
            name_en: row.name_en,
            sort: row.sort,
            unit: row.unit,
            class: row.class,
            own_share: share.map_err(corrupt)?.map(BasisPoints),
            from: row.from_day,
            to: row.to_day,
            list: row.list,
        },
    })
}

fn corrupt(cause: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(cause.to_string())
}
