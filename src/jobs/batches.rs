//! One run over the lists of employers whose rows wait (XR-9). It never writes a row: the use case does.

use crate::usecases::batches::{self, Worked};
use crate::usecases::{App, Error};

/// Files the rows that wait.
///
/// # Errors
/// [`Error::Store`] when the lists can't be read.
pub async fn run(app: &App) -> Result<Worked, Error> {
    batches::run(app).await
}
