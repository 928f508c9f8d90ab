//! SQLite's one writer: a thread that commits in groups, so that many requests share one sync to disk.
//!
//! Each job runs in its own savepoint inside BEGIN IMMEDIATE; nobody is answered before COMMIT. When
//! the database itself fails a group (disk full, I/O error), the whole transaction may be gone: the
//! connection is opened anew and each job is run again alone, once.

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use diesel::connection::{AnsiTransactionManager, TransactionManager};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

use super::conn::{AnyConn, Conn, Location};
use super::error::{StoreError, WriteError};
use super::vault::Vault;
use crate::clock::Stopwatch;

/// Jobs that may wait; beyond that callers are told to come back.
const QUEUE: usize = 1024;
/// Jobs of one group.
const GROUP: usize = 64;
/// A group ends after about this time, so that nobody waits long for others.
const GROUP_TIME: Duration = Duration::from_millis(20);

/// How a job's savepoint ended.
enum Verdict {
    /// Released; the reply waits for COMMIT.
    Done,
    /// A rule refused; only this job is rolled back.
    Refused,
    /// The database failed; the group can't be trusted.
    Broken,
}

trait Job: Send {
    /// Runs the closure and keeps its result.
    fn run(&mut self, conn: &mut Conn<'_>) -> Verdict;
    /// Answers the caller with the kept result, or with `fault` in its place.
    fn reply(self: Box<Self>, fault: Option<StoreError>);
}

struct Write<F, T, E> {
    work: F,
    result: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> Job for Write<F, T, E>
where
    F: FnMut(&mut Conn<'_>) -> Result<T, E> + Send,
    T: Send,
    E: WriteError,
{
    fn run(&mut self, conn: &mut Conn<'_>) -> Verdict {
        let outcome = catch_unwind(AssertUnwindSafe(|| (self.work)(conn)));
        let result = outcome.unwrap_or_else(|_| {
            tracing::error!("a write panicked; only its own savepoint is rolled back");
            Err(StoreError::Corrupt("a write panicked".to_owned()).into())
        });
        let verdict = match &result {
            Ok(_) => Verdict::Done,
            Err(error) => match error.store() {
                Some(StoreError::Unavailable(_)) => Verdict::Broken,
                Some(
                    StoreError::NotUnique(_)
                    | StoreError::Busy
                    | StoreError::Corrupt(_)
                    | StoreError::Query(_),
                )
                | None => Verdict::Refused,
            },
        };
        self.result = Some(result);
        verdict
    }

    fn reply(self: Box<Self>, fault: Option<StoreError>) {
        let answer = match (fault, self.result) {
            (Some(fault), _) => Err(fault.into()),
            (None, Some(result)) => result,
            (None, None) => Err(StoreError::Busy.into()),
        };
        // A caller that went away hears nothing; idempotency keys tell it later what happened.
        drop(self.reply.send(answer));
    }
}

/// Handle of the writer thread.
pub(super) struct Writer {
    jobs: Sender<Box<dyn Job>>,
}

impl Writer {
    /// Opens the writing connection and starts the thread, which ends when the handle is dropped.
    pub(super) fn start(location: Location, vault: Arc<Vault>) -> Result<Self, StoreError> {
        let conn = location.connect()?;
        let (jobs, queue) = bounded(QUEUE);
        std::thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || serve(&location, conn, &vault, &queue))
            .map_err(|e| StoreError::Unavailable(e.to_string()))?;
        Ok(Self { jobs })
    }

    /// Whether somebody waits for the write under way to end.
    pub(super) fn is_waited_for(&self) -> bool {
        !self.jobs.is_empty()
    }

    /// Queues a write.
    ///
    /// # Errors
    /// [`StoreError::Busy`] when too many wait already.
    pub(super) fn submit<T, E>(
        &self,
        work: impl FnMut(&mut Conn<'_>) -> Result<T, E> + Send + 'static,
        reply: oneshot::Sender<Result<T, E>>,
    ) -> Result<(), StoreError>
    where
        T: Send + 'static,
        E: WriteError,
    {
        self.jobs
            .try_send(Box::new(Write {
                work,
                result: None,
                reply,
            }))
            .map_err(|e| match e {
                TrySendError::Full(_) => {
                    metrics::counter!("bujianmian_db_refused_total", "on" => "writer").increment(1);
                    StoreError::Busy
                }
                TrySendError::Disconnected(_) => {
                    StoreError::Unavailable("the writer stopped".to_owned())
                }
            })
    }
}

fn serve(location: &Location, mut conn: AnyConn, vault: &Vault, queue: &Receiver<Box<dyn Job>>) {
    while let Ok(first) = queue.recv() {
        let waiting = u32::try_from(queue.len()).unwrap_or(u32::MAX);
        metrics::gauge!("bujianmian_writer_queue").set(f64::from(waiting));
        let watch = Stopwatch::start();
        let (ran, outcome) = run_group(&mut conn, vault, first, queue);
        let jobs = u32::try_from(ran.len()).unwrap_or(u32::MAX);
        metrics::histogram!("bujianmian_writer_batch_jobs").record(f64::from(jobs));
        metrics::histogram!("bujianmian_writer_batch_seconds")
            .record(watch.elapsed().as_secs_f64());
        match outcome {
            Ok(()) => ran.into_iter().for_each(|job| job.reply(None)),
            Err(fault) => {
                tracing::warn!(cause = %fault, jobs = ran.len(), "a group of writes failed; each is run again alone");
                conn = reopen(location, conn);
                for job in ran {
                    // A transaction that failed may still be open: what comes next must not meet it.
                    if run_alone(&mut conn, vault, job) == Alone::Failed {
                        conn = reopen(location, conn);
                    }
                }
            }
        }
    }
}

/// Runs `first` and whatever else is waiting; returns the jobs that ran and whether COMMIT succeeded.
fn run_group(
    conn: &mut AnyConn,
    vault: &Vault,
    first: Box<dyn Job>,
    queue: &Receiver<Box<dyn Job>>,
) -> (Vec<Box<dyn Job>>, Result<(), StoreError>) {
    let mut ran = vec![];
    let mut next = Some(first);
    if let Err(fault) = begin(conn) {
        ran.extend(next);
        return (ran, Err(fault));
    }
    let watch = Stopwatch::start();
    while let Some(mut job) = next {
        let outcome = in_savepoint(conn, vault, job.as_mut());
        ran.push(job);
        if let Err(fault) = outcome {
            return (ran, Err(fault));
        }
        let room = ran.len() < GROUP && watch.elapsed() < GROUP_TIME;
        next = if room { queue.try_recv().ok() } else { None };
    }
    let outcome = commit(conn);
    (ran, outcome)
}

/// How a job that ran alone ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Alone {
    Committed,
    Failed,
}

fn run_alone(conn: &mut AnyConn, vault: &Vault, mut job: Box<dyn Job>) -> Alone {
    let outcome = begin(conn)
        .and_then(|()| in_savepoint(conn, vault, job.as_mut()))
        .and_then(|()| commit(conn));
    match outcome {
        Ok(()) => {
            job.reply(None);
            Alone::Committed
        }
        Err(fault) => {
            job.reply(Some(fault));
            Alone::Failed
        }
    }
}

fn in_savepoint(conn: &mut AnyConn, vault: &Vault, job: &mut dyn Job) -> Result<(), StoreError> {
    begin_savepoint(conn)?;
    match job.run(&mut Conn { sql: conn, vault }) {
        Verdict::Done => commit(conn),
        Verdict::Refused => rollback(conn),
        Verdict::Broken => Err(StoreError::Unavailable(
            "the database failed a write".to_owned(),
        )),
    }
}

fn begin(conn: &mut AnyConn) -> Result<(), StoreError> {
    match conn {
        AnyConn::Sqlite(sql) => told(AnsiTransactionManager::begin_transaction_sql(
            sql,
            "BEGIN IMMEDIATE",
        )),
        AnyConn::Postgres(_) => Err(StoreError::Unavailable(
            "the writer thread is for SQLite".to_owned(),
        )),
    }
}

fn begin_savepoint(conn: &mut AnyConn) -> Result<(), StoreError> {
    told(match conn {
        AnyConn::Sqlite(sql) => AnsiTransactionManager::begin_transaction(sql),
        AnyConn::Postgres(sql) => AnsiTransactionManager::begin_transaction(sql),
    })
}

/// Commits the innermost level: releases a savepoint or ends the transaction.
fn commit(conn: &mut AnyConn) -> Result<(), StoreError> {
    told(match conn {
        AnyConn::Sqlite(sql) => AnsiTransactionManager::commit_transaction(sql),
        AnyConn::Postgres(sql) => AnsiTransactionManager::commit_transaction(sql),
    })
}

fn rollback(conn: &mut AnyConn) -> Result<(), StoreError> {
    told(match conn {
        AnyConn::Sqlite(sql) => AnsiTransactionManager::rollback_transaction(sql),
        AnyConn::Postgres(sql) => AnsiTransactionManager::rollback_transaction(sql),
    })
}

/// A transaction that can't begin or end is the database's failure, whatever it says: nobody broke a rule.
fn told(outcome: diesel::QueryResult<()>) -> Result<(), StoreError> {
    outcome.map_err(|error| StoreError::Unavailable(error.to_string()))
}

/// A new connection in place of one whose transaction broke; the old one stays if none can be opened.
fn reopen(location: &Location, mut old: AnyConn) -> AnyConn {
    match location.connect() {
        Ok(new) => new,
        Err(fault) => {
            tracing::error!(cause = %fault, "the writing connection can't be opened anew");
            drop(rollback(&mut old));
            old
        }
    }
}
