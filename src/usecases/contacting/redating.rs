//! What an arrangement of holidays does to contacts that wait (CLK-2): the run of the receiver's clock is counted anew, and
//! the warning with it. What is counted rightly, and what is late already, is left alone.

use super::asking::run_of;
use super::{App, Error};
use crate::domain::ids::ContactId;
use crate::store::contacts;

/// Contacts looked at in one go.
const PAGE: i64 = 200;

/// Counts the runs of all contacts anew; returns how many were moved or became certain.
///
/// # Errors
/// The database's; what was done until then stays done.
pub async fn redate(app: &App) -> Result<usize, Error> {
    let (mut moved, mut after): (usize, Option<ContactId>) = (0, None);
    loop {
        let page = app
            .db
            .read(move |conn| contacts::running(conn, after, PAGE))
            .await?;
        let Some(last) = page.last() else {
            return Ok(moved);
        };
        after = Some(last.id);
        for one in page {
            let (term, alarm) = run_of(app, one.receiver, one.sent_at);
            if term == one.term || one.breached_at.is_some() {
                continue;
            }
            moved += 1;
            app.db
                .write(move |conn| contacts::redate(conn, &one, &term, alarm).map_err(Error::from))
                .await?;
        }
    }
}
