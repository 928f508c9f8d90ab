//! One run of cleaning up and of reading anew what other instances may have changed.

use crate::domain::time::Ts;
use crate::usecases::accounts::tokens;
use crate::usecases::housekeeping::{Swept, sweep, sweep_files};
use crate::usecases::{App, Error};

/// Changes the key that signs tokens when its time is over, reads the agencies anew, takes away what is over at
/// `now` on the machine's clock.
///
/// # Errors
/// The first fault; the rest is left for the next run.
pub async fn run(app: &App, now: Ts) -> Result<Swept, Error> {
    tokens::rotate(app).await?;
    app.office.refresh(&app.db).await?;
    sweep(app, now).await
}

/// Takes away files that have had no row for a day at `now` on the machine's clock; returns how many.
///
/// # Errors
/// The first fault; the rest is left for the next run.
pub async fn files(app: &App, now: Ts) -> Result<usize, Error> {
    let swept = sweep_files(app, now).await?;
    if swept > 0 {
        tracing::info!(swept, "files without a row were removed");
    }
    Ok(swept)
}
