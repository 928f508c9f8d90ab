//! Messages are marked as read by whom they are for. What they say is never changed.

use super::App;
use super::error::Error;
use crate::domain::actor::Actor;
use crate::domain::ids::MessageId;
use crate::store::inbox;

/// Marks the own messages up to `last` as read: what came after the page was opened stays unread.
///
/// # Errors
/// The database's.
pub async fn read_up_to(app: &App, actor: &Actor, last: MessageId) -> Result<(), Error> {
    let (account, now) = (actor.account, app.clock.now());
    app.db
        .write(move |conn| inbox::mark_read(conn, account, last, now).map_err(Error::from))
        .await?;
    Ok(())
}
