//! One run of sealing the journals of all pools and of writing the lines of days that have ended. Instances may run
//! side by side: a pool is sealed by whoever takes its guard.

use crate::domain::place::Pool;
use crate::usecases::sealing::{self, Outcome};
use crate::usecases::{App, Error};

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sealed {
    /// Events put under a seal.
    pub events: usize,
    /// Seals made.
    pub seals: usize,
    /// Days' lines written.
    pub anchors: usize,
}

/// Seals whatever waits and writes the lines that are due.
///
/// # Errors
/// The first fault; what was sealed until then stays, the rest is left for the next run.
pub async fn run(app: &App) -> Result<Sealed, Error> {
    let mut done = Sealed::default();
    for pool in sealing::waiting(app).await? {
        seal(app, pool, &mut done).await?;
    }
    for pool in sealing::sealed(app).await? {
        done.anchors += sealing::anchor(app, pool).await?.len();
    }
    let count = |n: usize| u64::try_from(n).unwrap_or_default();
    metrics::counter!("bujianmian_events_sealed_total").increment(count(done.events));
    Ok(done)
}

/// Chunk by chunk; what comes in meanwhile is left for the next run, so that the run ends.
async fn seal(app: &App, pool: Pool, done: &mut Sealed) -> Result<(), Error> {
    loop {
        match sealing::seal(app, pool).await? {
            Outcome::Sealed(events) => {
                done.events += events;
                done.seals += 1;
                if events < sealing::CHUNK {
                    return Ok(());
                }
            }
            Outcome::Nothing | Outcome::Busy => return Ok(()),
        }
    }
}
