//! Looks at the embedded database beside the service: numbers only.

use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::deserialize::QueryableByName;
use diesel::sql_types::{BigInt, Text};
use diesel::{Connection, RunQueryDsl, SqliteConnection, sql_query};

#[derive(QueryableByName)]
struct OneNumber {
    #[diesel(sql_type = BigInt)]
    value: i64,
}

#[derive(QueryableByName)]
struct OneText {
    #[diesel(sql_type = Text)]
    value: String,
}

/// One number.
pub fn number(file: &Path, sql: &str) -> u64 {
    let query = sql_query(format!("SELECT ({sql}) AS value"));
    let row: OneNumber = query
        .get_result(&mut open(&file.to_string_lossy()))
        .expect(sql);
    u64::try_from(row.value).unwrap_or_default()
}

/// Statements without answer.
pub fn batch(file: &Path, sql: &str) {
    open(&file.to_string_lossy()).batch_execute(sql).expect(sql);
}

/// SQLite's version, which is the service's: it is linked in.
pub fn version() -> String {
    let query = sql_query("SELECT sqlite_version() AS value");
    let row: OneText = query.get_result(&mut open(":memory:")).expect("a version");
    row.value
}

fn open(name: &str) -> SqliteConnection {
    let mut connection = SqliteConnection::establish(name).expect("the database opens");
    // Whoever closes it last works its log in, alone.
    connection
        .batch_execute("PRAGMA busy_timeout = 20000")
        .expect("a setting");
    connection
}
