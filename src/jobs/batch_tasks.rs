//! What is done to all cases of batches (XR-9), chunk by chunk. Instances may run side by side: a chunk belongs to whoever
//! moves its task on, in the transaction that does it.

use std::time::Duration;

use crate::clock::Stopwatch;
use crate::usecases::batch_tasks::{Progress, go_on, running, settle};
use crate::usecases::{App, Error};

/// The longest pause between two transactions.
const PAUSE: Duration = Duration::from_millis(250);

/// Does every task to its end; answers how many cases were looked at. One that fails never keeps the others waiting.
///
/// # Errors
/// [`Error::Store`] when the tasks can't be read.
pub async fn run(app: &App) -> Result<usize, Error> {
    let mut looked_at = 0;
    for (pool, task) in running(app).await? {
        loop {
            let watch = Stopwatch::start();
            match go_on(app, pool, task).await {
                Ok(Progress::On(cases)) => looked_at += cases,
                Ok(Progress::Over | Progress::Elsewhere) => break,
                Err(error) => {
                    tracing::error!(%task, %error, "a task of a batch could not go on");
                    break;
                }
            }
            // Half of the time is other people's.
            tokio::time::sleep(watch.elapsed().min(PAUSE)).await;
        }
    }
    Ok(looked_at)
}

/// Takes batches off the desk's list of which no case waits any more.
///
/// # Errors
/// The database's.
pub async fn look(app: &App) -> Result<usize, Error> {
    settle(app).await
}
