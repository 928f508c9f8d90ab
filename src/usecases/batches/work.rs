//! Files the rows of accepted lists, chunk by chunk, going on wherever an instance stopped. Nobody is elected: a chunk
//! takes the row of its list, and finds out whether another instance has gone on meanwhile.

use std::time::Duration;

use uuid::Uuid;

use super::chunk::{Chunk, Last, Saved};
use super::row::{self, Names};
use super::{out_of_reach, read};
use crate::clock::Stopwatch;
use crate::domain::batch::{Batch, State};
use crate::domain::ids::BatchId;
use crate::domain::place::Pool;
use crate::store::batches::{self, Stored};
use crate::usecases::{App, Error};

/// Rows of one transaction: on SQLite others write between two of them only.
const CHUNK: usize = 256;
/// The longest pause between two transactions, made while others wait.
const PAUSE: Duration = Duration::from_millis(250);
/// Lists looked at in one run.
const LISTS: i64 = 100;
/// An instance that is at work on a list moves on within this time; others don't read the list for nothing.
const LOOK: Duration = Duration::from_millis(500);

/// A list, by the key of its batch.
type Place = (Pool, BatchId);
/// Whether it was told to stop.
type Told<'a> = &'a (dyn Fn() -> bool + Sync);

/// Whether others wait to write while a chunk is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Others {
    /// They do.
    Wait,
    /// Nobody does.
    DoNot,
}

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Worked {
    /// Lists whose last row has its result.
    pub done: usize,
    /// Lists that another instance works on.
    pub left: usize,
    /// Lists that could not be gone on with; see the log.
    pub failed: usize,
}

/// Files what waits, the oldest list first. One that fails never keeps the others waiting.
///
/// # Errors
/// [`Error::Store`] when the lists can't be read.
pub async fn run(app: &App) -> Result<Worked, Error> {
    run_until(app, &|| false).await
}

/// The same until it is `told` to stop; what is left then is gone on with by the next run, or another instance.
///
/// # Errors
/// As [`run`].
pub async fn run_until(app: &App, told: Told<'_>) -> Result<Worked, Error> {
    let running = app.db.read(|conn| batches::running(conn, LISTS)).await?;
    let mut worked = Worked::default();
    for (pool, id) in running {
        match go_on(app, (pool, id), told).await {
            Ok(State::Done) => worked.done += 1,
            Ok(State::Running) => worked.left += 1,
            Err(error) => {
                worked.failed += 1;
                tracing::error!(batch = %id, %error, "a list could not be filed");
            }
        }
    }
    Ok(worked)
}

/// Files the rows of one list that have no result yet.
async fn go_on(app: &App, (pool, id): Place, told: Told<'_>) -> Result<State, Error> {
    let (begun, _) = found(app, (pool, id)).await?;
    if begun.counts.reached > 0 {
        tokio::time::sleep(LOOK).await;
    }
    let (mut batch, file) = found(app, (pool, id)).await?;
    if batch.counts != begun.counts {
        return Ok(batch.state);
    }
    let key: Uuid = file
        .key
        .parse()
        .map_err(|_| Error::Fault("a list has no file".to_owned()))?;
    let sealed = app.files.get(key).await.map_err(out_of_reach)?;
    let (_, list) = read(app.db.vault().open(&sealed)?).await;
    let (kind, rows) =
        list.map_err(|fault| Error::Fault(format!("a list kept: {}", fault.code())))?;
    let names = Names::of(&app.office.regions);
    let reached = batch.counts.reached;
    let mut waiting = rows
        .into_iter()
        .filter(|row| row.number > reached)
        .peekable();
    while waiting.peek().is_some() {
        if told() {
            return Ok(State::Running);
        }
        let watch = Stopwatch::start();
        let today = app.clock.now().day();
        let chunk: Vec<_> = waiting
            .by_ref()
            .take(CHUNK)
            .map(|row| row::read(kind, &row, &names, today))
            .collect();
        let is_last = match waiting.peek() {
            Some(_) => Last::No,
            None => Last::Yes,
        };
        match file_chunk(app, &batch, chunk, is_last).await? {
            (Saved::Here(counts), others) => {
                batch.counts = counts;
                // A third of the time is theirs alone.
                if others == Others::Wait {
                    tokio::time::sleep((watch.elapsed() / 2).min(PAUSE)).await;
                }
            }
            (Saved::Elsewhere, _) => return Ok(State::Running),
        }
    }
    Ok(State::Done)
}

async fn found(app: &App, (pool, id): Place) -> Result<(Batch, Stored), Error> {
    let found = app
        .db
        .read(move |conn| -> Result<_, Error> {
            let batch = batches::find(conn, pool, id)?;
            Ok(batch.zip(batches::file(conn, pool, id)?))
        })
        .await?;
    found.ok_or(Error::NotFound)
}

async fn file_chunk(
    app: &App,
    batch: &Batch,
    rows: Vec<row::Read>,
    is_last: Last,
) -> Result<(Saved, Others), Error> {
    let chunk = Chunk::new(app, batch, rows, is_last);
    let db = app.db.clone();
    // Asked before it ends: afterwards nobody may wait any more who did.
    app.db
        .write(move |conn| {
            let saved = chunk.save(conn)?;
            let others = match db.is_waited_for() {
                true => Others::Wait,
                false => Others::DoNot,
            };
            Ok((saved, others))
        })
        .await
}
