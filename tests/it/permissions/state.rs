//! Everything that is stored: what a refused request must leave as it was. Sessions and counted failures are left
//! out, because asking alone moves those.

use bujianmian::store::{Conn, StoreError};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;

use crate::harness::service::{Harness, Kind};

const LEFT_OUT: [&str; 3] = ["session", "failed_attempt", "__diesel_schema_migrations"];

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Every row of every table, by table.
pub fn stored(harness: &Harness, kind: Kind) -> Vec<(String, String)> {
    harness.read(|conn| {
        let tables = lines(conn, match kind {
            Kind::Sqlite => "SELECT name AS line FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
            Kind::Postgres => "SELECT tablename::text AS line FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename",
        })?;
        let mut all = vec![];
        for table in tables.into_iter().filter(|t| !LEFT_OUT.contains(&t.as_str())) {
            let query = content(conn, kind, &table)?;
            all.push((table, lines(conn, &query)?.join("\n")));
        }
        Ok(all)
    })
}

/// The tables in which two states differ.
pub fn changed(before: &[(String, String)], after: &[(String, String)]) -> Vec<String> {
    let differing = before.iter().zip(after).filter(|(one, other)| one != other);
    differing.map(|((table, _), _)| table.clone()).collect()
}

fn content(conn: &mut Conn<'_>, kind: Kind, table: &str) -> Result<String, StoreError> {
    Ok(match kind {
        Kind::Postgres => format!("SELECT t::text AS line FROM {table} t ORDER BY 1"),
        Kind::Sqlite => {
            let query = format!("SELECT name AS line FROM pragma_table_info('{table}')");
            let columns = lines(conn, &query)?;
            let quoted: Vec<String> = columns.iter().map(|c| format!("quote(\"{c}\")")).collect();
            format!(
                "SELECT {} AS line FROM {table} ORDER BY 1",
                quoted.join(" || ',' || ")
            )
        }
    })
}

fn lines(conn: &mut Conn<'_>, query: &str) -> Result<Vec<String>, StoreError> {
    let rows: Vec<Line> = sql_query(query).load(conn.sql)?;
    Ok(rows.into_iter().map(|row| row.line).collect())
}
