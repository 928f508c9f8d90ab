//! One run over the follow-up tasks that are overdue (CAS-11): supervisors are told of each once. Instances may run
//! side by side: a task is told of by whoever takes it in the transaction that writes the notice.

use crate::store::follow_ups::Changed;
use crate::usecases::{App, Error, rating};

/// Tasks looked at in one go.
const CHUNK: i64 = 100;

/// Tells of every task that is overdue; returns of how many.
///
/// # Errors
/// The first fault; the rest is left for the next run.
pub async fn run(app: &App) -> Result<usize, Error> {
    let mut told = 0;
    loop {
        let overdue = rating::overdue(app, CHUNK).await?;
        if overdue.is_empty() {
            return Ok(told);
        }
        for (pool, case) in overdue {
            told += usize::from(rating::tell_overdue(app, pool, case).await? == Changed::Done);
        }
    }
}
