//! Two doors to the database: [`Db::read`] and [`Db::write`]. Nothing else opens a transaction.
//!
//! A write is one transaction: all of its closure or none of it. The closure may run more than once
//! (serialization failures, a group that had to be rerun) and therefore does nothing but read and
//! write the database: no network, no files, no clock.

use diesel::Connection;
use diesel::r2d2::{Pool, PooledConnection};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::sync::{Semaphore, oneshot};

use super::conn::{AnyConn, Conn, Location, Manager, is_lost};
use super::error::{StoreError, WriteError};
use super::vault::Vault;
use super::writer::Writer;
use crate::clock::Stopwatch;

/// How long a request waits for a connection before it is told to come back.
const WAIT: Duration = Duration::from_secs(5);
/// Runs of one write before a serialization failure is passed on.
const ATTEMPTS: u32 = 8;

/// The database, shared by everything that runs in this process.
#[derive(Clone)]
pub struct Db {
    pool: Pool<Manager>,
    /// SQLite's single writer; PostgreSQL writes go through the pool.
    writer: Option<Arc<Writer>>,
    vault: Arc<Vault>,
    /// As many blocked threads as connections, so that waiting is bounded.
    gate: Arc<Semaphore>,
    /// Connections to be tried before they are used, since one was found to be gone: a server that restarted
    /// has ended all of them.
    doubtful: Arc<AtomicU32>,
}

impl Db {
    /// Opens the pool (and on SQLite the writer thread). Does not migrate.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] with the database's own words.
    pub fn open(location: &Location, connections: u32, vault: Vault) -> Result<Self, StoreError> {
        // The pool hides why a connection failed; the first one is opened here to hear it.
        drop(location.connect()?);
        let pool = Pool::builder()
            .max_size(connections)
            .min_idle(Some(1))
            .test_on_check_out(false)
            .connection_timeout(WAIT)
            .build(Manager(location.clone()))
            .map_err(|e| StoreError::Unavailable(e.to_string()))?;
        let vault = Arc::new(vault);
        let writer = match location {
            Location::File(_) => Some(Arc::new(Writer::start(
                location.clone(),
                Arc::clone(&vault),
            )?)),
            Location::Server(_) => None,
        };
        let gate = Arc::new(Semaphore::new(usize::try_from(connections).unwrap_or(1)));
        Ok(Self {
            pool,
            writer,
            vault,
            gate,
            doubtful: Arc::default(),
        })
    }

    /// The keys of this installation.
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// Which database this is, as it is named in metrics and on the status page.
    pub fn kind(&self) -> &'static str {
        if self.writer.is_some() {
            "sqlite"
        } else {
            "postgresql"
        }
    }

    /// Whether others wait for what the caller occupies at this moment: SQLite's one writer, or the last connection.
    pub fn is_waited_for(&self) -> bool {
        match &self.writer {
            Some(writer) => writer.is_waited_for(),
            None => self.gate.available_permits() == 0,
        }
    }

    /// Reads with one connection. On SQLite a read sees one state of the database for each statement.
    pub async fn read<T, E>(
        &self,
        work: impl FnOnce(&mut Conn<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: WriteError,
    {
        let _permit = self.permit().await?;
        let db = self.clone();
        tokio::task::spawn_blocking(move || db.read_blocking(work))
            .await
            .unwrap_or_else(|e| Err(StoreError::Unavailable(e.to_string()).into()))
    }

    /// Runs `work` as one transaction.
    pub async fn write<T, E>(
        &self,
        work: impl FnMut(&mut Conn<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: WriteError,
    {
        match &self.writer {
            Some(writer) => {
                let (reply, answer) = oneshot::channel();
                writer.submit(work, reply)?;
                answer.await.unwrap_or_else(|_| {
                    Err(StoreError::Unavailable("the writer stopped".to_owned()).into())
                })
            }
            None => {
                let _permit = self.permit().await?;
                let db = self.clone();
                tokio::task::spawn_blocking(move || db.write_pooled(work))
                    .await
                    .unwrap_or_else(|e| Err(StoreError::Unavailable(e.to_string()).into()))
            }
        }
    }

    /// [`Db::read`] for the command line and other threads that may block.
    pub fn read_blocking<T, E: WriteError>(
        &self,
        work: impl FnOnce(&mut Conn<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut sql = self.connection()?;
        let outcome = work(&mut Conn {
            sql: &mut sql,
            vault: &self.vault,
        });
        outcome.map_err(|error| match self.lost(&mut sql, &error) {
            Some(cause) => cause.into(),
            None => error,
        })
    }

    /// [`Db::write`] for the command line and other threads that may block.
    pub fn write_blocking<T, E>(
        &self,
        work: impl FnMut(&mut Conn<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: WriteError,
    {
        match &self.writer {
            Some(writer) => {
                let (reply, answer) = oneshot::channel();
                writer.submit(work, reply)?;
                answer.blocking_recv().unwrap_or_else(|_| {
                    Err(StoreError::Unavailable("the writer stopped".to_owned()).into())
                })
            }
            None => self.write_pooled(work),
        }
    }

    fn write_pooled<T, E: WriteError>(
        &self,
        mut work: impl FnMut(&mut Conn<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut attempt = 1;
        loop {
            let mut sql = self.connection()?;
            let mut begun = false;
            let outcome = sql.transaction(|sql| {
                begun = true;
                work(&mut Conn {
                    sql,
                    vault: &self.vault,
                })
                .map_err(Attempt::Failed)
            });
            let error = match outcome {
                Ok(value) => return Ok(value),
                Err(Attempt::Failed(error)) => error,
                Err(Attempt::Database(error)) => StoreError::from(error).into(),
            };
            let lost = self.lost(&mut sql, &error);
            // Nothing was asked of a connection that was gone before BEGIN. One that broke later may have committed:
            // that is the caller's to find out.
            let never_asked = lost.is_some() && !begun;
            let again = never_asked || error.store().is_some_and(StoreError::wants_retry);
            if !again || attempt >= ATTEMPTS {
                return Err(lost.map_or(error, E::from));
            }
            attempt += 1;
            metrics::counter!("bujianmian_db_retries_total").increment(1);
        }
    }

    /// A connection; one that may have ended with others is tried first.
    fn connection(&self) -> Result<PooledConnection<Manager>, StoreError> {
        loop {
            let mut sql = self.pooled()?;
            let doubt = |left: u32| left.checked_sub(1);
            let doubted = self
                .doubtful
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, doubt);
            if doubted.is_err() || !is_lost(&mut sql) {
                return Ok(sql);
            }
        }
    }

    fn pooled(&self) -> Result<PooledConnection<Manager>, StoreError> {
        let watch = Stopwatch::start();
        let connection = self.pool.get();
        waited("connection", watch, connection.is_ok());
        connection.map_err(|_| StoreError::Busy)
    }

    /// After an error: whether the connection is gone, and with it what to tell. The pool drops it then.
    fn lost<E: WriteError>(&self, sql: &mut AnyConn, error: &E) -> Option<StoreError> {
        let (StoreError::Unavailable(_) | StoreError::Query(_)) = error.store()? else {
            return None;
        };
        if !is_lost(sql) {
            return None;
        }
        self.doubtful.store(self.pool.max_size(), Ordering::SeqCst);
        Some(StoreError::Unavailable("the connection broke".to_owned()))
    }

    async fn permit(&self) -> Result<tokio::sync::OwnedSemaphorePermit, StoreError> {
        let watch = Stopwatch::start();
        let wait = Arc::clone(&self.gate).acquire_owned();
        let outcome = tokio::time::timeout(WAIT, wait).await;
        let permit = outcome.ok().and_then(Result::ok);
        waited("gate", watch, permit.is_some());
        permit.ok_or(StoreError::Busy)
    }
}

/// Measures a wait that has ended.
fn waited(on: &'static str, watch: Stopwatch, got_it: bool) {
    metrics::histogram!("bujianmian_db_wait_seconds", "on" => on)
        .record(watch.elapsed().as_secs_f64());
    if !got_it {
        metrics::counter!("bujianmian_db_refused_total", "on" => on).increment(1);
    }
}

/// Error of one run of a pooled write: from the closure, or from BEGIN and COMMIT.
enum Attempt<E> {
    Failed(E),
    Database(diesel::result::Error),
}

impl<E> From<diesel::result::Error> for Attempt<E> {
    fn from(error: diesel::result::Error) -> Self {
        Self::Database(error)
    }
}

impl Db {
    /// One connection outside the pool's transactions, for migrations and backup only.
    pub(super) fn bare(&self) -> Result<PooledConnection<Manager>, StoreError> {
        self.connection()
    }
}
