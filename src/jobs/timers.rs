//! One run over the timers whose time has come (CLK-8). It never claims one: the transaction that fires does.

use std::time::Duration;

use crate::clock::Stopwatch;
use crate::domain::ids::TimerId;
use crate::domain::time::Ts;
use crate::store::timers::Due;
use crate::usecases::timekeeping::{Outcome, due, fire};
use crate::usecases::{App, Error};

/// Timers of one transaction at most: on SQLite others write between two of them only.
const CHUNK: usize = 256;
/// The longest pause between two transactions.
const PAUSE: Duration = Duration::from_millis(250);

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fired {
    /// Timers whose work was done.
    pub done: usize,
    /// Timers that had nothing to do any more.
    pub over: usize,
    /// Timers left for the next run: their case was being moved, or they failed (see the log).
    pub left: usize,
}

/// Fires every timer whose time has come, oldest first. One that fails never keeps the others waiting.
///
/// # Errors
/// [`Error::Store`] when the timers can't be read.
pub async fn run(app: &App) -> Result<Fired, Error> {
    let mut fired = Fired::default();
    let mut after: Option<(Ts, TimerId)> = None;
    loop {
        let watch = Stopwatch::start();
        let chunk = due(app, after, i64::try_from(CHUNK).unwrap_or(i64::MAX)).await?;
        let Some(last) = chunk.last() else {
            return Ok(fired);
        };
        after = Some((last.fire_at, last.id));
        let is_full = chunk.len() == CHUNK;
        match fire(app, chunk.clone()).await {
            Ok(outcomes) => fired.count(&outcomes),
            Err(_) => one_by_one(app, chunk, &mut fired).await,
        }
        // When thousands are due at once, half of the time is other people's.
        if is_full {
            tokio::time::sleep(watch.elapsed().min(PAUSE)).await;
        }
    }
}

/// After a chunk failed: the good ones of it fire alone.
async fn one_by_one(app: &App, chunk: Vec<Due>, fired: &mut Fired) {
    for due in chunk {
        let (timer, kind) = (due.id, due.kind);
        match fire(app, vec![due]).await {
            Ok(outcomes) => fired.count(&outcomes),
            Err(error) => {
                fired.left += 1;
                tracing::error!(%timer, %kind, %error, "a timer could not fire");
            }
        }
    }
}

impl Fired {
    fn count(&mut self, outcomes: &[Outcome]) {
        for outcome in outcomes {
            match outcome {
                Outcome::Fired(kind) => {
                    self.done += 1;
                    metrics::counter!("bujianmian_timers_fired_total", "kind" => kind.as_str())
                        .increment(1);
                }
                Outcome::Over | Outcome::Gone => self.over += 1,
                Outcome::Busy => self.left += 1,
            }
        }
    }
}
