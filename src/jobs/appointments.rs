//! One run over appointments (RB-2): reminders whose time has come, who did not come, and the spans of the days ahead.
//! Instances may run side by side: rows are claimed by the transaction that settles them.

use crate::usecases::appointing::upkeep;
use crate::usecases::{App, Error};

/// Reminds people and records who did not come; answers of how many bookings.
///
/// # Errors
/// The first fault; the rest is left for the next run.
pub async fn run(app: &App) -> Result<usize, Error> {
    let reminded = upkeep::remind(app).await?;
    let settled = upkeep::settle_over(app).await?;
    Ok(reminded + settled)
}

/// Opens the spans of the days ahead, and closes those that the plan or the calendar has lost (CLK-2).
///
/// # Errors
/// The database's.
pub async fn open_spans(app: &App) -> Result<(), Error> {
    upkeep::open_spans(app).await
}
