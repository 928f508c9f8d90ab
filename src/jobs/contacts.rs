//! One run over the contacts between agencies whose time nears its end or is over (XR-6, CLK-8). It never claims one: the
//! transaction that warns or marks the silence does.

use crate::domain::ids::ContactId;
use crate::domain::time::Ts;
use crate::usecases::contacting::silence::{Rung, due, ring};
use crate::usecases::{App, Error};

/// Contacts looked at in one go.
const CHUNK: i64 = 100;

/// What a run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Warnings given.
    pub warned: usize,
    /// Silences marked.
    pub silenced: usize,
    /// Left for the next run: they failed, see the log.
    pub left: usize,
}

/// Looks at every contact whose time has come, the longest due first. One that fails never keeps the others waiting.
///
/// # Errors
/// [`Error::Store`] when they can't be read.
pub async fn run(app: &App) -> Result<Done, Error> {
    let mut done = Done::default();
    let mut after: Option<(Ts, ContactId)> = None;
    loop {
        let chunk = due(app, after, CHUNK).await?;
        let Some(last) = chunk.last() else {
            return Ok(done);
        };
        after = Some((last.alarm_at, last.id));
        for one in chunk {
            match ring(app, one).await {
                Ok(Rung::Warned) => done.warned += 1,
                Ok(Rung::Silenced) => done.silenced += 1,
                Ok(Rung::Gone) => {}
                Err(error) => {
                    done.left += 1;
                    tracing::error!(contact = %one.id, %error, "a contact could not be looked at");
                }
            }
        }
    }
}
