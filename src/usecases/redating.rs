//! What an arrangement of holidays does to open cases (CLK-2): every running term is counted anew; where that moves its
//! end, deadline, timers, notice and an event of the case change in one transaction. Nothing is done twice: a term that
//! is counted rightly is left alone, so that any number of processes may look, and one that was interrupted is made
//! up for by the next.

use std::collections::BTreeMap;
use std::time::Duration;

use super::App;
use super::contacting;
use super::error::Error;
use super::handling::item_of;
use super::reference::{Taken, take_imported};
use super::saving::{StepIds, advance};
use crate::clock::Clock;
use crate::domain::calendar::Calendar;
use crate::domain::deadline::BusinessHours;
use crate::domain::ids::CaseId;
use crate::domain::place::Pool;
use crate::domain::time::Ts;
use crate::domain::workflow::{Command, Context, Performer, apply, moves};
use crate::store::cases::{Listed, Moved};
use crate::store::redating::{Place, done_by, note_done, running};
use crate::store::vault::sha256;
use crate::store::{Conn, cases};

/// Cases looked at in one go.
const PAGE: i64 = 512;
/// Cases moved in one transaction.
const CHUNK: usize = 32;
/// How often a running service looks for imported arrangements.
const LOOK: Duration = Duration::from_secs(1);

/// What looking through all deadlines did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Redated {
    /// Deadlines that were moved or became certain.
    pub moved: usize,
    /// Cases that somebody was moving at that moment; the next look takes them.
    pub left: usize,
}

/// Takes imported arrangements and lets them move what they move, until the service ends.
pub async fn follow_arrangements(app: App) {
    loop {
        match look(&app).await {
            Ok(Redated { moved: 0, .. }) => {}
            Ok(redated) => tracing::info!(
                moved = redated.moved,
                "deadlines were moved by an arrangement"
            ),
            Err(error) => tracing::warn!(%error, "arrangements could not be looked for"),
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Takes imported arrangements; when the calendar is another one than that by which the deadlines were looked
/// through, looks through them.
pub async fn look(app: &App) -> Result<Redated, Error> {
    // A case filed here by the calendar of a moment ago is looked at, whoever else has been through already.
    let anew = take_imported(app).await? == Taken::Anew;
    let fingerprint = fingerprint(&app.calendar());
    if !anew && app.db.read(done_by).await?.as_ref() == Some(&fingerprint) {
        return Ok(Redated::default());
    }
    let redated = redate(app).await?;
    contacting::redating::redate(app).await?;
    if redated.left == 0 {
        let at = Clock::real();
        app.db
            .write(move |conn| note_done(conn, &fingerprint, at))
            .await?;
    }
    Ok(redated)
}

/// Counts every running term anew.
pub async fn redate(app: &App) -> Result<Redated, Error> {
    let mut redated = Redated::default();
    let mut after = None;
    loop {
        let page = app.db.read(move |c| running(c, after, PAGE)).await?;
        let Some(last) = page.last().and_then(place) else {
            return Ok(redated);
        };
        after = Some(last);
        let calendar = app.calendar();
        let wrong: Vec<(Pool, CaseId)> = page
            .iter()
            .filter(|listed| moves(&listed.case, &calendar, hours(app, listed)))
            .map(|listed| (listed.case.pool, listed.case.id))
            .collect();
        for of_pool in wrong.chunk_by(|(one, _), (other, _)| one == other) {
            let Some((pool, _)) = of_pool.first() else {
                continue;
            };
            let ids: Vec<CaseId> = of_pool.iter().map(|(_, id)| *id).collect();
            for chunk in ids.chunks(CHUNK) {
                let Redated { moved, left } = move_all(app, *pool, chunk).await?;
                redated.moved += moved;
                redated.left += left;
            }
        }
    }
}

fn place(listed: &Listed) -> Option<Place> {
    Some(Place {
        pool: listed.case.pool,
        due: listed.case.due()?,
        id: listed.case.id,
    })
}

fn hours(app: &App, listed: &Listed) -> BusinessHours {
    app.office.hours(listed.case.agency)
}

/// Moves the deadlines of some cases of a pool in one transaction; how many were moved, and how many were busy.
async fn move_all(app: &App, pool: Pool, chunk: &[CaseId]) -> Result<Redated, Error> {
    let ids = chunk.to_vec();
    let step_ids: BTreeMap<CaseId, StepIds> =
        chunk.iter().map(|case| (*case, StepIds::new())).collect();
    let (app, now, calendar) = (app.clone(), app.clock.now(), app.calendar());
    let db = app.db.clone();
    db.write(move |conn| {
        let mut redated = Redated::default();
        let free = cases::lock_free_of(conn, pool, &ids)?;
        for (id, step_ids) in &step_ids {
            match free.get(id) {
                Some(listed) => {
                    let moved = step(conn, &app, listed, &calendar, step_ids, now)?;
                    redated.moved += usize::from(moved);
                }
                None => redated.left += 1,
            }
        }
        Ok(redated)
    })
    .await
}

/// Lets the table judge; whether the case was moved.
fn step(
    conn: &mut Conn<'_>,
    app: &App,
    listed: &Listed,
    calendar: &Calendar,
    ids: &StepIds,
    now: Ts,
) -> Result<bool, Error> {
    let case = &listed.case;
    let item = item_of(case)?;
    let context = Context::of_service(now, calendar, hours(app, listed), item.first_stage);
    match apply(
        item.table,
        case,
        Performer::Timer,
        &Command::Redate,
        &context,
    ) {
        Ok(step) => Ok(advance(conn, app, item, listed, &step, ids)? == Moved::Done),
        Err(_) => Ok(false),
    }
}

/// SHA-256 over every arrangement of the calendar.
fn fingerprint(calendar: &Calendar) -> Vec<u8> {
    let lines: Vec<String> = calendar
        .arrangements()
        .map(|arrangement| format!("{arrangement:?}"))
        .collect();
    sha256(lines.join("\n").as_bytes())
}
