//! What time does to contacts (XR-6, CLK-8): whoever answers is warned one working hour before the end, and silence past
//! it lets the waiting case go on, moves the contact to the receiver's supervisors and is told to who asked. It stays
//! answerable. Each happens once: the transaction that does it claims the row.

use super::{App, Error, Fresh, answering, telling};
use crate::domain::contact::{Answer, Contact};
use crate::domain::deadline;
use crate::domain::ids::ContactId;
use crate::domain::patient::Progress;
use crate::domain::time::Ts;
use crate::domain::workflow::Performer;
use crate::store::Conn;
use crate::store::contacts::{self, Due};
use crate::usecases::saving::StepIds;

/// What became of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rung {
    /// Whoever answers was warned.
    Warned,
    /// Its silence was marked.
    Silenced,
    /// It was answered, or another instance has it.
    Gone,
}

/// Contacts whose time nears its end or is over, from beyond `after` on.
///
/// # Errors
/// The database's.
pub async fn due(app: &App, after: Option<(Ts, ContactId)>, limit: i64) -> Result<Vec<Due>, Error> {
    let now = app.clock.now();
    app.db
        .read(move |conn| contacts::due(conn, now, after, limit).map_err(Error::from))
        .await
}

/// Does what time brings to one contact.
///
/// # Errors
/// The database's; then nothing has happened.
pub async fn ring(app: &App, due: Due) -> Result<Rung, Error> {
    let (app, ids) = (app.clone(), StepIds::new());
    let (now, db) = (app.clock.now(), app.db.clone());
    db.write(move |conn| {
        let Some(one) = contacts::claim(conn, &due)? else {
            return Ok(Rung::Gone);
        };
        let fresh = Fresh {
            contact: ids.contact,
            messages: &ids.messages,
            at: now,
            real: ids.real,
        };
        match deadline::is_late(one.term.due, now) {
            true => silent(conn, &app, &one, &ids, &fresh).map(|()| Rung::Silenced),
            false => warn(conn, &one, &fresh).map(|()| Rung::Warned),
        }
    })
    .await
}

fn warn(conn: &mut Conn<'_>, one: &Contact, fresh: &Fresh<'_>) -> Result<(), Error> {
    telling::last_hour(conn, one, fresh)?;
    let first_late = one.term.due.plus(chrono::TimeDelta::microseconds(1));
    Ok(contacts::warned(conn, one, first_late)?)
}

fn silent(
    conn: &mut Conn<'_>,
    app: &App,
    one: &Contact,
    ids: &StepIds,
    fresh: &Fresh<'_>,
) -> Result<(), Error> {
    let before = contacts::of_thread(conn, one.thread)?
        .iter()
        .any(|leg| leg.breached_at.is_some());
    contacts::silenced(conn, one, fresh.at)?;
    if !before {
        let said = (Performer::Timer, Answer::Silent, "");
        answering::resume(conn, app, one, said, ids)?;
        answering::follow(conn, one, Progress::Recorded, fresh.at)?;
    }
    telling::overdue(conn, one, fresh)?;
    telling::silent(conn, one, fresh)
}
