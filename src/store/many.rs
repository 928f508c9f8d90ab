//! Many rows in one statement, on both databases alike: the rows travel as one JSON text and are taken apart by the
//! database. For work over thousands of cases at once, where a statement a row would be the cost; single rows are
//! written with the typed statements beside them, which are prepared once.

use std::fmt::Write;

use diesel::prelude::*;
use diesel::sql_types::Text;
use serde_json::Value;

use super::conn::AnyConn;
use super::dialect::is_postgres;
use super::error::StoreError;
use crate::domain::ids::Identifier;
use crate::domain::time::Ts;

/// What a column holds, so that it can be read out of JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// Text, closed sets and JSON.
    Text,
    /// A whole number.
    Number,
    /// Yes or no.
    Flag,
    /// An identifier.
    Id,
    /// An instant.
    Instant,
    /// A day.
    Day,
    /// Bytes.
    Bytes,
}

/// A column and what it holds.
pub(super) type Column = (&'static str, Holds);

/// The values of one row, in the order of the columns.
pub(super) type Cells = Vec<Value>;

/// Inserts rows.
pub(super) fn insert(
    sql: &mut AnyConn,
    table: &str,
    columns: &[Column],
    rows: Vec<Cells>,
) -> Result<usize, StoreError> {
    let text = insertion(sql, table, columns);
    run(sql, text, rows)
}

/// Inserts rows, in their order, doing as `otherwise` says with those whose keys are there already.
pub(super) fn insert_or(
    sql: &mut AnyConn,
    table: &str,
    columns: &[Column],
    rows: Vec<Cells>,
    otherwise: &str,
) -> Result<usize, StoreError> {
    // Without a condition SQLite takes ON for a join's.
    let text = format!(
        "{} WHERE true ON CONFLICT {otherwise}",
        insertion(sql, table, columns)
    );
    run(sql, text, rows)
}

fn insertion(sql: &AnyConn, table: &str, columns: &[Column]) -> String {
    let names = columns.iter().map(|(name, _)| *name).collect::<Vec<_>>();
    let values = values(sql, columns, 0);
    format!(
        "INSERT INTO {table} ({}) SELECT {} FROM {}",
        names.join(", "),
        values.join(", "),
        each(sql)
    )
}

/// Sets `columns` in the rows whose `keys` are as given; returns how many there were. A row's values are those of the
/// keys, then those of the columns.
pub(super) fn update(
    sql: &mut AnyConn,
    table: &str,
    keys: &[Column],
    columns: &[Column],
    rows: Vec<Cells>,
) -> Result<usize, StoreError> {
    let mut text = format!("UPDATE {table} SET ");
    let set = values(sql, columns, keys.len());
    for (place, ((name, _), value)) in columns.iter().zip(set).enumerate() {
        let comma = if place == 0 { "" } else { ", " };
        write!(text, "{comma}{name} = {value}").map_err(unreadable)?;
    }
    write!(text, " FROM {} WHERE ", each(sql)).map_err(unreadable)?;
    for (place, ((name, _), value)) in keys.iter().zip(values(sql, keys, 0)).enumerate() {
        let and = if place == 0 { "" } else { " AND " };
        write!(text, "{and}{table}.{name} = {value}").map_err(unreadable)?;
    }
    run(sql, text, rows)
}

fn run(sql: &mut AnyConn, text: String, rows: Vec<Cells>) -> Result<usize, StoreError> {
    if rows.is_empty() {
        return Ok(0);
    }
    let rows = serde_json::to_string(&rows).map_err(unreadable)?;
    Ok(diesel::sql_query(text).bind::<Text, _>(rows).execute(sql)?)
}

/// The rows as the database sees them: a table `r` with one array a row.
fn each(sql: &AnyConn) -> &'static str {
    match is_postgres(sql) {
        true => "jsonb_array_elements($1::jsonb) AS r(value)",
        // Its values stay parsed: a column is a step into an array, not a look for the parsed text.
        false => "jsonb_each(?) AS r",
    }
}

/// What reads each column's value out of a row whose values before them are `skipped`.
fn values(sql: &AnyConn, columns: &[Column], skipped: usize) -> Vec<String> {
    let postgres = is_postgres(sql);
    (skipped..)
        .zip(columns)
        .map(|(place, (_, holds))| {
            let value = format!("(r.value ->> {place})");
            match (holds, postgres) {
                (Holds::Text, _)
                | (Holds::Number | Holds::Flag | Holds::Instant | Holds::Day, false) => value,
                (Holds::Day, true) => format!("{value}::date"),
                (Holds::Number, true) => format!("{value}::bigint"),
                (Holds::Flag, true) => format!("{value}::boolean"),
                (Holds::Id, true) => format!("{value}::uuid"),
                (Holds::Instant, true) => {
                    format!("(timestamptz 'epoch' + {value}::bigint * interval '1 microsecond')")
                }
                (Holds::Bytes, true) => format!("decode({value}, 'hex')"),
                (Holds::Id | Holds::Bytes, false) => format!("unhex({value})"),
            }
        })
        .collect()
}

/// An identifier as a value.
pub(super) fn id(id: impl Identifier) -> Value {
    id.uuid().simple().to_string().into()
}

/// An instant as a value.
pub(super) fn instant(at: Ts) -> Value {
    at.micros().into()
}

/// Bytes as a value.
pub(super) fn bytes(bytes: &[u8]) -> Value {
    hex::encode(bytes).into()
}

fn unreadable(cause: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(cause.to_string())
}
