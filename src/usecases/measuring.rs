//! What is kept of a case when it ends (CLK-9), in the transaction of its last step. Figures begin with the version
//! that brought them: what had ended before has no row.

use super::App;
use crate::domain::case::Case;
use crate::domain::event::Event;
use crate::domain::turnaround::minutes;
use crate::store::turnaround::{self, Finished};
use crate::store::{Conn, StoreError, journal, register};

/// Keeps what figures are made of when a case has ended: what was decided, and what was withdrawn or lapsed after a
/// missed deadline. Takes it away when a case is opened again.
pub(super) fn keep(
    conn: &mut Conn<'_>,
    app: &App,
    before: &Case,
    case: &Case,
    event: &Event,
) -> Result<(), StoreError> {
    match (before.state.is_final(), case.state.is_final()) {
        (false, true) if case.decision.is_some() || case.breached_at.is_some() => {
            let finished = finished(conn, app, before, case, event)?;
            turnaround::put(conn, case, finished)
        }
        (true, false) => turnaround::remove(conn, case),
        _ => Ok(()),
    }
}

fn finished(
    conn: &mut Conn<'_>,
    app: &App,
    before: &Case,
    case: &Case,
    event: &Event,
) -> Result<Finished, StoreError> {
    // A case that never had a second run of its clock never waited.
    let log: Vec<Event> = match case.term_number() {
        1 => vec![],
        _ => journal::read(conn, case.pool, case.id)?
            .into_iter()
            .map(|entry| entry.event)
            .collect(),
    };
    let hours = app.office.hours(case.agency);
    Ok(Finished {
        at: event.at,
        // Who gave the first review did the work; the second person looked at it (CAS-3).
        handler: before.first_reviewer.or(before.holder).or(event.actor),
        minutes: minutes(&app.calendar(), hours, case.filed_at, event.at, &log),
        cause: match case.breached_at {
            Some(_) => register::cause_of(conn, case.pool, case.id)?,
            None => None,
        },
    })
}
