//! One connection type over both databases, and how each is opened. No queries.

use diesel::connection::SimpleConnection;
use diesel::r2d2::{self, ManageConnection, R2D2Connection};
use diesel::{Connection, PgConnection, SqliteConnection};

use super::error::{StoreError, WriteError};
use super::vault::Vault;

pub use any::{AnyConn, MultiBackend};

/// The derive makes public names that it does not describe.
mod any {
    #![expect(missing_docs, reason = "made by the derive")]
    use diesel::{PgConnection, SqliteConnection};

    /// A connection to either database.
    #[derive(diesel::MultiConnection)]
    pub enum AnyConn {
        /// Embedded.
        Sqlite(SqliteConnection),
        /// Server.
        Postgres(PgConnection),
    }
}

/// What a store function works with: the connection and the keys for sealed columns.
pub struct Conn<'a> {
    /// The connection, inside a transaction when writing.
    pub sql: &'a mut AnyConn,
    /// Seals, opens and indexes sensitive columns.
    pub vault: &'a Vault,
}

impl Conn<'_> {
    /// Does `work` within the transaction so that nothing of it stays when it fails, while what was written before
    /// it does: for one of many whose refusal is no refusal of the others.
    ///
    /// # Errors
    /// Those of `work`, and the database's.
    pub fn apart<T, E: WriteError>(
        &mut self,
        work: impl FnOnce(&mut Conn<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let vault = self.vault;
        let mut failed = None;
        let outcome = self.sql.transaction(|sql| {
            work(&mut Conn { sql, vault }).map_err(|error| {
                failed = Some(error);
                diesel::result::Error::RollbackTransaction
            })
        });
        match (outcome, failed) {
            (Ok(value), _) => Ok(value),
            (Err(_), Some(error)) => Err(error),
            (Err(error), None) => Err(StoreError::from(error).into()),
        }
    }
}

/// Where the database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// A SQLite file.
    File(std::path::PathBuf),
    /// A PostgreSQL URL.
    Server(String),
}

impl Location {
    /// Opens a connection with the settings every one of its kind has.
    pub(super) fn connect(&self) -> Result<AnyConn, StoreError> {
        match self {
            Self::File(path) => {
                let path = path.to_string_lossy();
                let mut conn = SqliteConnection::establish(&path)
                    .map_err(|e| StoreError::Unavailable(e.to_string()))?;
                // The timeout comes first: the other settings may meet a lock.
                conn.batch_execute(
                    "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                     PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4096;",
                )?;
                Ok(AnyConn::Sqlite(conn))
            }
            Self::Server(url) => {
                let mut conn = PgConnection::establish(url)
                    .map_err(|e| StoreError::Unavailable(e.to_string()))?;
                // Every statement finds its rows by a key or a partial index with literals: no value makes another
                // plan better, and planning anew costs more than most statements.
                conn.batch_execute(
                    "SET TIME ZONE 'UTC'; SET statement_timeout = '10s'; SET lock_timeout = '3s'; \
                     SET idle_in_transaction_session_timeout = '10s'; \
                     SET plan_cache_mode = force_generic_plan;",
                )?;
                Ok(AnyConn::Postgres(conn))
            }
        }
    }
}

/// Opens pooled connections; chooses the database by [`Location`], because the derived `establish`
/// hides the real error and takes an empty URL for a temporary database.
#[derive(Debug)]
pub(super) struct Manager(pub(super) Location);

impl ManageConnection for Manager {
    type Connection = AnyConn;
    type Error = r2d2::Error;

    fn connect(&self) -> Result<AnyConn, r2d2::Error> {
        self.0.connect().map_err(|e| {
            r2d2::Error::QueryError(diesel::result::Error::QueryBuilderError(Box::new(e)))
        })
    }

    fn is_valid(&self, conn: &mut AnyConn) -> Result<(), r2d2::Error> {
        conn.batch_execute("SELECT 1")
            .map_err(r2d2::Error::QueryError)
    }

    fn has_broken(&self, conn: &mut AnyConn) -> bool {
        match conn {
            AnyConn::Sqlite(_) => false,
            AnyConn::Postgres(pg) => pg.is_broken(),
        }
    }
}

/// Whether the connection to a server is gone, asked after an error. The driver notices a broken connection when it
/// runs a statement but not when it prepares one, and would keep it in the pool; the question makes it notice.
pub(super) fn is_lost(conn: &mut AnyConn) -> bool {
    match conn {
        AnyConn::Sqlite(_) => false,
        AnyConn::Postgres(pg) => pg.is_broken() || pg.batch_execute("SELECT 1").is_err(),
    }
}
