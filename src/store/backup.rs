//! Snapshots of the embedded database, and what backup and check ask of a database as a whole. Nothing here
//! writes to a database that is in use.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel::{Connection, SqliteConnection, sql_query};

use super::audit::Reader;
use super::conn::{AnyConn, Conn, Location};
use super::db::Db;
use super::error::StoreError;
use super::migrations;
use super::vault::Vault;

/// Triggers without which the journal or the register of breaches could be changed.
const GUARDS_SQLITE: &[&str] = &[
    "case_event_no_update",
    "case_event_no_delete",
    "breach_no_update",
    "breach_no_delete",
    "breach_cause_no_update",
    "breach_cause_no_delete",
    "rating_no_update",
    "rating_no_delete",
    "patient_change_no_update",
    "patient_change_no_delete",
];
/// The same on PostgreSQL.
const GUARDS_POSTGRES: &[&str] = &[
    "case_event_no_change",
    "case_event_no_truncate",
    "breach_no_change",
    "breach_no_truncate",
    "breach_cause_no_change",
    "breach_cause_no_truncate",
    "rating_no_change",
    "rating_no_truncate",
    "patient_change_no_change",
    "patient_change_no_truncate",
];

/// Writes one state of the embedded database, compacted, into the new file `target` while others go on reading
/// and writing.
///
/// # Errors
/// [`StoreError::Unavailable`] when `target` exists, or there is no room for it.
pub fn snapshot(database: &Path, target: &Path) -> Result<(), StoreError> {
    let mut sql = Location::File(database.to_owned()).connect()?;
    sql_query("VACUUM INTO ?")
        .bind::<Text, _>(target.to_string_lossy().into_owned())
        .execute(&mut sql)
        .map_err(|e| StoreError::Unavailable(e.to_string()))?;
    Ok(())
}

/// An embedded database that nobody writes to, opened without changing a byte of it.
pub struct Still {
    sql: AnyConn,
    file: PathBuf,
    vault: Arc<Vault>,
}

impl Still {
    /// Opens a file.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] with SQLite's words.
    pub fn open(file: &Path, vault: Arc<Vault>) -> Result<Self, StoreError> {
        let path = file.to_string_lossy();
        let path = path
            .replace('%', "%25")
            .replace('?', "%3F")
            .replace('#', "%23");
        let mut sql = SqliteConnection::establish(&format!("file:{path}?mode=ro&immutable=1"))
            .map_err(|e| StoreError::Unavailable(e.to_string()))?;
        sql.batch_execute("PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384;")?;
        Ok(Self {
            sql: AnyConn::Sqlite(sql),
            file: file.to_owned(),
            vault,
        })
    }
}

/// What is looked at as a whole: a database in use, or a still one.
pub enum Source {
    /// In use, perhaps by others too, and where it is.
    Live(Db, Location),
    /// Nobody writes to it.
    Still(Still),
}

impl Source {
    /// The keys.
    pub fn vault(&self) -> &Vault {
        match self {
            Self::Live(db, _) => db.vault(),
            Self::Still(still) => &still.vault,
        }
    }

    /// Reads it as an auditor does.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when its schema is not this program's.
    pub fn auditor(&self) -> Result<Reader, StoreError> {
        match self {
            Self::Live(_, location) => Reader::open(location),
            Self::Still(still) => Reader::open(&Location::File(still.file.clone())),
        }
    }

    /// Reads one state of the database, whatever others write meanwhile, and takes the time that needs.
    pub fn read<T>(
        &mut self,
        work: impl FnOnce(&mut Conn<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match self {
            Self::Live(db, _) => db.read_blocking(|conn| one_state(conn, work)),
            Self::Still(Still { sql, vault, .. }) => one_state(&mut Conn { sql, vault }, work),
        }
    }
}

fn one_state<T>(
    conn: &mut Conn<'_>,
    work: impl FnOnce(&mut Conn<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let vault = conn.vault;
    let mut fault = None;
    let outcome = conn.sql.transaction(|sql| {
        if let AnyConn::Postgres(pg) = sql {
            pg.batch_execute(
                "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; SET LOCAL statement_timeout = 0",
            )?;
        }
        work(&mut Conn { sql, vault }).map_err(|error| {
            fault = Some(error);
            diesel::result::Error::RollbackTransaction
        })
    });
    match (outcome, fault) {
        (Ok(value), _) => Ok(value),
        (Err(_), Some(fault)) => Err(fault),
        (Err(error), None) => Err(error.into()),
    }
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// The versions of the schema's migrations, oldest first.
pub fn schema(conn: &mut Conn<'_>) -> Result<Vec<String>, StoreError> {
    migrations::applied(conn.sql)
}

/// Every table but the list of migrations, by name; a database of before has not all.
pub fn tables(conn: &mut Conn<'_>) -> Result<Vec<String>, StoreError> {
    let tables = match conn.sql {
        AnyConn::Sqlite(_) => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
             AND name NOT LIKE '\\_\\_%' ESCAPE '\\' ORDER BY name"
        }
        AnyConn::Postgres(_) => {
            "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema() \
             AND tablename NOT LIKE '\\_\\_%' ORDER BY 1"
        }
    };
    names(conn, tables)
}

/// Rows of every table but the list of migrations, by name.
pub fn row_counts(conn: &mut Conn<'_>) -> Result<Vec<(String, i64)>, StoreError> {
    tables(conn)?
        .into_iter()
        .map(|table| {
            let query = format!("SELECT count(*) AS n FROM \"{table}\"");
            let count: Count = sql_query(query).get_result(conn.sql)?;
            Ok((table, count.n))
        })
        .collect()
}

/// What the database itself finds wrong: damaged pages and references to rows that are not there on SQLite;
/// constraints that were never checked on PostgreSQL; triggers that are missing on both.
pub fn faults(conn: &mut Conn<'_>) -> Result<Vec<String>, StoreError> {
    let mut found = match conn.sql {
        AnyConn::Sqlite(_) => sqlite_faults(conn)?,
        AnyConn::Postgres(_) => names(
            conn,
            "SELECT conrelid::regclass::text || ': constraint ' || conname || ' is not validated' AS name \
             FROM pg_constraint WHERE NOT convalidated",
        )?,
    };
    let (guards, there) = match conn.sql {
        AnyConn::Sqlite(_) => (
            GUARDS_SQLITE,
            "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        ),
        AnyConn::Postgres(_) => (
            GUARDS_POSTGRES,
            "SELECT tgname::text AS name FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
        ),
    };
    let there = names(conn, there)?;
    found.extend(
        guards
            .iter()
            .filter(|guard| !there.iter().any(|name| name == *guard))
            .map(|guard| format!("the trigger {guard} is missing: the journal could be changed")),
    );
    Ok(found)
}

#[derive(QueryableByName)]
struct Finding {
    #[diesel(sql_type = Text)]
    integrity_check: String,
}

#[derive(QueryableByName)]
struct Dangling {
    #[diesel(sql_type = Text)]
    table: String,
    #[diesel(sql_type = Nullable<BigInt>)]
    rowid: Option<i64>,
    #[diesel(sql_type = Text)]
    parent: String,
}

fn sqlite_faults(conn: &mut Conn<'_>) -> Result<Vec<String>, StoreError> {
    let pages: Vec<Finding> = sql_query("PRAGMA integrity_check").load(conn.sql)?;
    let dangling: Vec<Dangling> = sql_query("PRAGMA foreign_key_check").load(conn.sql)?;
    let pages = pages
        .into_iter()
        .map(|finding| finding.integrity_check)
        .filter(|text| text != "ok");
    let dangling = dangling.into_iter().map(|row| {
        format!(
            "{} row {}: its {} is not there",
            row.table,
            row.rowid.unwrap_or_default(),
            row.parent
        )
    });
    Ok(pages.chain(dangling).collect())
}

fn names(conn: &mut Conn<'_>, query: &str) -> Result<Vec<String>, StoreError> {
    let rows: Vec<Name> = sql_query(query).load(conn.sql)?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}
