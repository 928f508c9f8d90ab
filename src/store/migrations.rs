//! Runs the embedded migrations, up at start and down in tests. Never changes data by itself.

use diesel::RunQueryDsl;
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::conn::AnyConn;
use super::db::Db;
use super::error::StoreError;

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Key of the advisory lock under which instances that start together migrate one after the other.
const LOCK: i64 = 0x6275_6a69;

/// Applies what is missing; returns the names of what was applied.
///
/// # Errors
/// [`StoreError::Unavailable`] with the migration's own words; a database that is newer than this
/// program is refused.
pub fn up(db: &Db) -> Result<Vec<String>, StoreError> {
    locked(db, |sql| match sql {
        AnyConn::Sqlite(c) => {
            refuse_newer(c, &SQLITE)?;
            c.run_pending_migrations(SQLITE)
                .map(|v| v.iter().map(ToString::to_string).collect())
        }
        AnyConn::Postgres(c) => {
            refuse_newer(c, &POSTGRES)?;
            c.run_pending_migrations(POSTGRES)
                .map(|v| v.iter().map(ToString::to_string).collect())
        }
    })
}

/// Takes everything back (tests, and a database that is to be emptied).
pub fn down(db: &Db) -> Result<(), StoreError> {
    locked(db, |sql| match sql {
        AnyConn::Sqlite(c) => c.revert_all_migrations(SQLITE).map(|_| ()),
        AnyConn::Postgres(c) => c.revert_all_migrations(POSTGRES).map(|_| ()),
    })
}

/// Whether nothing is left to apply.
pub fn are_current(db: &Db) -> Result<bool, StoreError> {
    let mut sql = db.bare()?;
    let pending = match &mut *sql {
        AnyConn::Sqlite(c) => c.has_pending_migration(SQLITE),
        AnyConn::Postgres(c) => c.has_pending_migration(POSTGRES),
    };
    pending.map(|pending| !pending).map_err(failed)
}

/// The first of these versions that this program does not know; the embedded database's and the server's have
/// the same.
pub fn first_unknown(applied: &[String]) -> Result<Option<String>, StoreError> {
    let known = versions::<diesel::sqlite::Sqlite>(&SQLITE).map_err(failed)?;
    Ok(applied
        .iter()
        .find(|version| !known.contains(version))
        .cloned())
}

/// Whether these versions are all that this program knows.
pub fn is_newest(applied: &[String]) -> Result<bool, StoreError> {
    let known = versions::<diesel::sqlite::Sqlite>(&SQLITE).map_err(failed)?;
    Ok(known.iter().all(|version| applied.contains(version)))
}

/// The versions of the migrations that a connection's database has, oldest first. Reads only, unlike the others here.
pub(super) fn applied(sql: &mut AnyConn) -> Result<Vec<String>, StoreError> {
    #[derive(diesel::QueryableByName)]
    struct Applied {
        #[diesel(sql_type = diesel::sql_types::Text)]
        version: String,
    }
    let rows: Vec<Applied> =
        diesel::sql_query("SELECT version FROM __diesel_schema_migrations ORDER BY version")
            .load(sql)?;
    Ok(rows.into_iter().map(|row| row.version).collect())
}

/// Migrations that only one of this program and the database knows, by version.
pub(super) fn differences(sql: &mut AnyConn) -> Result<Vec<String>, StoreError> {
    let known = versions::<diesel::sqlite::Sqlite>(&SQLITE).map_err(failed)?;
    let applied = applied(sql)?;
    let missing = known.iter().filter(|version| !applied.contains(version));
    let unknown = applied.iter().filter(|version| !known.contains(version));
    Ok(missing.chain(unknown).cloned().collect())
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn locked<T>(
    db: &Db,
    work: impl FnOnce(&mut AnyConn) -> Result<T, Failure>,
) -> Result<T, StoreError> {
    let mut sql = db.bare()?;
    match &mut *sql {
        AnyConn::Sqlite(c) => {
            // Others that start now wait for the writer's lock. Each migration becomes a savepoint: what a killed
            // process began is gone with its transaction.
            c.batch_execute("PRAGMA busy_timeout = 600000")?;
            AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE")?;
            let outcome = work(&mut sql).map_err(failed);
            end_sqlite(&mut sql, outcome.is_ok())?;
            sql.batch_execute("PRAGMA busy_timeout = 5000")?;
            outcome
        }
        AnyConn::Postgres(_) => {
            // A big index takes longer than a request may.
            sql.batch_execute("SET statement_timeout = 0; SET lock_timeout = 0")?;
            diesel::sql_query(format!("SELECT pg_advisory_lock({LOCK})")).execute(&mut *sql)?;
            let outcome = work(&mut sql).map_err(failed);
            diesel::sql_query(format!("SELECT pg_advisory_unlock({LOCK})")).execute(&mut *sql)?;
            sql.batch_execute("SET statement_timeout = '10s'; SET lock_timeout = '3s'")?;
            outcome
        }
    }
}

fn end_sqlite(sql: &mut AnyConn, keep: bool) -> Result<(), StoreError> {
    match (sql, keep) {
        (AnyConn::Sqlite(c), true) => Ok(AnsiTransactionManager::commit_transaction(c)?),
        (AnyConn::Sqlite(c), false) => Ok(AnsiTransactionManager::rollback_transaction(c)?),
        (AnyConn::Postgres(_), _) => Ok(()),
    }
}

/// An old program must not write into a schema it does not know.
fn refuse_newer<DB, C>(conn: &mut C, known: &EmbeddedMigrations) -> Result<(), Failure>
where
    DB: diesel::backend::Backend,
    C: MigrationHarness<DB>,
    EmbeddedMigrations: diesel::migration::MigrationSource<DB>,
{
    let names = versions(known)?;
    match conn
        .applied_migrations()?
        .iter()
        .find(|applied| !names.contains(&applied.to_string()))
    {
        Some(unknown) => Err(format!(
            "the database has migration {unknown}, which this program does not know"
        )
        .into()),
        None => Ok(()),
    }
}

fn versions<DB>(known: &EmbeddedMigrations) -> Result<Vec<String>, Failure>
where
    DB: diesel::backend::Backend,
    EmbeddedMigrations: diesel::migration::MigrationSource<DB>,
{
    use diesel::migration::MigrationSource;
    Ok(known
        .migrations()?
        .iter()
        .map(|m| m.name().version().to_string())
        .collect())
}

fn failed(cause: Failure) -> StoreError {
    StoreError::Unavailable(cause.to_string())
}
