//! Closures of areas and times of an epidemic (XR-8, DEF-6): entered by administrators with the notice they rest on, ended,
//! withdrawn; shown to everybody. What they mean for somebody's matter is the items' to say.

use super::App;
use super::error::{Already, Conflict, Error};
use crate::clock::Clock;
use crate::domain::actor::{Actor, Role};
use crate::domain::closure::{Closure, Typed, notice_fault, read};
use crate::domain::form::FieldError;
use crate::domain::ids::ClosureId;
use crate::domain::place::Pool;
use crate::domain::region::RegionCode;
use crate::domain::registration::overlap;
use crate::domain::time::Day;
use crate::store::closures::{self, Changed, Entered};
use crate::store::{Conn, guards};

/// Who enters them.
pub const KEEPERS: &[Role] = &[Role::Administrator];

/// All that were not withdrawn, the latest first.
///
/// # Errors
/// The database's.
pub async fn all(app: &App) -> Result<Vec<Entered>, Error> {
    app.db
        .read(|conn| closures::entered(conn).map_err(Error::from))
        .await
}

/// What the administrators of the own pool entered, withdrawn ones too.
///
/// # Errors
/// [`Error::Forbidden`] for other roles.
pub async fn own(app: &App, actor: &Actor) -> Result<Vec<Entered>, Error> {
    let pool = pool(actor)?;
    app.db
        .read(move |conn| closures::of_pool(conn, pool).map_err(Error::from))
        .await
}

/// Enters one.
///
/// # Errors
/// [`Error::Forbidden`] for other roles, [`Error::Invalid`] with every fault at its field, [`Error::Conflict`] when the
/// same area is entered for some of these days already.
pub async fn enter(app: &App, actor: &Actor, typed: &Typed) -> Result<Entered, Error> {
    let pool = pool(actor)?;
    let region = RegionCode::parse(pool.as_str())
        .ok_or_else(|| Error::Fault(format!("{pool} is no region")))?;
    let entry = read(typed, region, &app.office.regions).map_err(Error::Invalid)?;
    let (id, now, by) = (Clock::new_id(), app.clock.now(), actor.account);
    let new = Closure {
        id,
        kind: entry.kind,
        area: entry.area.to_string(),
        from: entry.from,
        to: entry.to,
        notice: entry.notice,
    };
    app.db
        .write(move |conn| {
            guards::closures(conn, pool)?;
            let span = (new.from, new.to);
            let before = closures::of_pool(conn, pool)?;
            let taken = before.iter().any(|one| {
                one.withdrawn.is_none()
                    && one.closure.kind == new.kind
                    && one.closure.area == new.area
                    && overlap((one.closure.from, one.closure.to), span)
            });
            if taken {
                return Err(Error::Conflict(Conflict::Already(Already::ClosureOverlap)));
            }
            closures::insert(conn, pool, &new, by, now)?;
            closures::find(conn, pool, id)?.ok_or(Error::NotFound)
        })
        .await
}

/// Which entry, as it was seen.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// Identifier.
    pub id: ClosureId,
    /// Its version.
    pub version: i32,
}

/// Sets the last day of one, with the notice of its end; a later notice may set it anew.
///
/// # Errors
/// [`Error::Forbidden`] for other roles, [`Error::NotFound`] for what another pool entered, [`Error::Invalid`] at `to`
/// and `notice`, [`Error::Conflict`] when it was changed meanwhile.
pub async fn end(
    app: &App,
    actor: &Actor,
    seen: Seen,
    last: Option<Day>,
    notice: &str,
) -> Result<Entered, Error> {
    let pool = pool(actor)?;
    let (now, by, notice) = (app.clock.now(), actor.account, notice.trim().to_owned());
    app.db
        .write(move |conn| {
            guards::closures(conn, pool)?;
            let one = closures::find(conn, pool, seen.id)?.ok_or(Error::NotFound)?;
            let last = end_of(&one.closure, last, &notice)?;
            let key = (pool, seen.id, seen.version);
            let changed = closures::set_end(conn, key, (last, &notice), by, now)?;
            settled(conn, changed, pool, seen.id)
        })
        .await
}

/// Withdraws one that was wrong; it stays visible to administrators with the reason.
///
/// # Errors
/// As [`end`].
pub async fn withdraw(
    app: &App,
    actor: &Actor,
    seen: Seen,
    reason: &str,
) -> Result<Entered, Error> {
    let pool = pool(actor)?;
    let reason = reason.trim().to_owned();
    if let Some(code) = notice_fault(&reason) {
        return Err(Error::Invalid(vec![FieldError::new("reason", code)]));
    }
    let (now, by) = (app.clock.now(), actor.account);
    app.db
        .write(move |conn| {
            closures::find(conn, pool, seen.id)?.ok_or(Error::NotFound)?;
            let key = (pool, seen.id, seen.version);
            let changed = closures::withdraw(conn, key, &reason, by, now)?;
            settled(conn, changed, pool, seen.id)
        })
        .await
}

fn settled(
    conn: &mut Conn<'_>,
    changed: Changed,
    pool: Pool,
    id: ClosureId,
) -> Result<Entered, Error> {
    match changed {
        Changed::Done => closures::find(conn, pool, id)?.ok_or(Error::NotFound),
        Changed::Stale => Err(Error::Conflict(Conflict::Already(Already::ClosureChanged))),
    }
}

fn end_of(closure: &Closure, last: Option<Day>, notice: &str) -> Result<Day, Error> {
    let mut errors = vec![];
    match last {
        None => errors.push(FieldError::new("to", "required")),
        Some(last) if last < closure.from => {
            errors.push(FieldError::new("to", "end-before-start"));
        }
        Some(_) => {}
    }
    errors.extend(notice_fault(notice).map(|code| FieldError::new("notice", code)));
    match (last, errors.is_empty()) {
        (Some(last), true) => Ok(last),
        _ => Err(Error::Invalid(errors)),
    }
}

fn pool(actor: &Actor) -> Result<Pool, Error> {
    actor.require(KEEPERS)?;
    actor.pool.ok_or(Error::NotFound)
}
