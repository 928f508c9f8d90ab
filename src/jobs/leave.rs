//! One run over the leave whose first day has come: what is held goes to who stands in (CLK-7).

use crate::usecases::rostering::begin_leaves;
use crate::usecases::{App, Error};

/// Hands over what is held by whoever is on leave from today on; returns how many cases.
///
/// # Errors
/// [`Error::Store`] when the database is out of reach; the next run goes on.
pub async fn run(app: &App) -> Result<usize, Error> {
    begin_leaves(app).await
}
