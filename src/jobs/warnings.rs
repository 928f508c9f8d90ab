//! One look for messages that were given up and that nobody was told of yet (CAS-12). Whom it concerns and how often is
//! the use case's to know.

use crate::domain::time::Ts;
use crate::usecases::{App, Error, warning};

/// Tells administrators; returns of how many messages. `now` is the machine's time.
///
/// # Errors
/// [`Error::Store`].
pub async fn run(app: &App, now: Ts) -> Result<u64, Error> {
    let told = warning::tell_of_dead(app, now).await?;
    if told > 0 {
        tracing::info!(
            messages = told,
            "administrators are told of messages given up"
        );
    }
    Ok(told)
}
