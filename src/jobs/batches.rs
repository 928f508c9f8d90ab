//! One run over the lists of employers whose rows wait (XR-9). It never writes a row: the use case does.

use tokio::sync::watch;

use crate::usecases::batches::{self, Worked};
use crate::usecases::{App, Error};

/// Files the rows that wait, until `shutdown` says true: a list may take longer than a service has time to end.
///
/// # Errors
/// [`Error::Store`] when the lists can't be read.
pub async fn run(app: &App, shutdown: &watch::Receiver<bool>) -> Result<Worked, Error> {
    batches::run_until(app, &|| *shutdown.borrow()).await
}
