//! Sealing the journal: what was committed since the last seal is put under a new one, chained to the seals before,
//! and each day that has ended gets the line its pool publishes. Nothing here looks at what an event says.

use chrono::{Days, NaiveTime};

use super::App;
use super::error::Error;
use crate::domain::anchor::Anchor;
use crate::domain::place::Pool;
use crate::domain::time::{Day, Ts};
use crate::store::chain::{self, Head, SEAL_VERSION, SealParts};
use crate::store::guards::{self, Guarded};
use crate::store::seals::{self, Seal};
use crate::store::{Conn, StoreError};

/// Events of one seal at most, so that sealing keeps no other write waiting for long.
pub const CHUNK: usize = 1000;
/// Lines of one transaction at most: a clock that jumped years is caught up with step by step.
const DAYS: usize = 400;

/// What came of sealing a pool once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// So many events were sealed; more may wait.
    Sealed(usize),
    /// No event waits.
    Nothing,
    /// Another instance is at it.
    Busy,
}

/// The pools that have events without a seal.
pub async fn waiting(app: &App) -> Result<Vec<Pool>, Error> {
    app.db
        .read(|conn| each_pool(conn, seals::next_waiting))
        .await
}

/// The pools that have seals.
pub async fn sealed(app: &App) -> Result<Vec<Pool>, Error> {
    app.db
        .read(|conn| each_pool(conn, seals::next_sealed))
        .await
}

fn each_pool(
    conn: &mut Conn<'_>,
    next: impl Fn(&mut Conn<'_>, Option<Pool>) -> Result<Option<Pool>, StoreError>,
) -> Result<Vec<Pool>, Error> {
    let mut pools = vec![];
    while let Some(pool) = next(conn, pools.last().copied())? {
        pools.push(pool);
    }
    Ok(pools)
}

/// Puts up to [`CHUNK`] events of a pool under a new seal.
///
/// # Errors
/// [`Error::Store`]; then no seal was made.
pub async fn seal(app: &App, pool: Pool) -> Result<Outcome, Error> {
    let now = app.clock.now();
    app.db
        .write(move |conn| match guards::sealer(conn, pool)? {
            Guarded::Busy => Ok(Outcome::Busy),
            Guarded::Taken => seal_chunk(conn, pool, now),
        })
        .await
}

fn seal_chunk(conn: &mut Conn<'_>, pool: Pool, now: Ts) -> Result<Outcome, Error> {
    let events = seals::unsealed(conn, pool, i64::try_from(CHUNK).unwrap_or(i64::MAX))?;
    if events.is_empty() {
        return Ok(Outcome::Nothing);
    }
    let count = events.len();
    let last = seals::last(conn, pool)?;
    let anchored = seals::anchors(conn, pool, None, 1)?.pop();
    let heads = heads(events);
    let mut seal = Seal {
        pool,
        number: last.as_ref().map_or(1, |last| last.number + 1),
        sealed_at: moment(now, last.as_ref(), anchored.as_ref()),
        entries: i32::try_from(heads.len()).map_err(fault)?,
        total: last.as_ref().map_or(0, |last| last.total) + i64::try_from(count).map_err(fault)?,
        hash_version: SEAL_VERSION,
        previous_hash: last.map(|last| last.hash).unwrap_or_default(),
        hash: vec![],
    };
    seal.hash = hash_of(&seal, &heads);
    seals::insert(conn, &seal, &heads)?;
    Ok(Outcome::Sealed(count))
}

/// The last of each case's events, which come by case and number.
fn heads(events: Vec<Head>) -> Vec<Head> {
    let mut heads: Vec<Head> = vec![];
    for event in events {
        match heads.last_mut() {
            Some(last) if last.case == event.case => *last = event,
            Some(_) | None => heads.push(event),
        }
    }
    heads
}

/// When a seal made now is said to be made: whatever the clock does, never before the seal before it and never in
/// a day whose line is out.
fn moment(now: Ts, last: Option<&Seal>, anchored: Option<&Anchor>) -> Ts {
    let open = anchored.map(|anchor| end_of(anchor.day));
    let after = last.map(|last| last.sealed_at);
    now.max(after.unwrap_or(now)).max(open.unwrap_or(now))
}

fn hash_of(seal: &Seal, heads: &[Head]) -> Vec<u8> {
    chain::seal_hash(
        &SealParts {
            version: seal.hash_version,
            previous_hash: &seal.previous_hash,
            pool: seal.pool.as_str(),
            number: seal.number,
            sealed_at: seal.sealed_at,
            total: seal.total,
        },
        heads.iter(),
    )
}

/// Writes the lines of the days that have ended since a pool's last one; returns them.
///
/// # Errors
/// [`Error::Store`]; then none was written.
pub async fn anchor(app: &App, pool: Pool) -> Result<Vec<Anchor>, Error> {
    let today = app.clock.now().day();
    let due = app
        .db
        .read(move |conn| next_day(conn, pool).map_err(Error::from))
        .await?;
    // Asked again every minute: most runs end here, without a write.
    if due.is_none_or(|day| day >= today) {
        return Ok(vec![]);
    }
    app.db
        .write(move |conn| match guards::sealer(conn, pool)? {
            Guarded::Busy => Ok(vec![]),
            Guarded::Taken => write_anchors(conn, pool, today),
        })
        .await
}

fn write_anchors(conn: &mut Conn<'_>, pool: Pool, today: Day) -> Result<Vec<Anchor>, Error> {
    let Some(first) = next_day(conn, pool)? else {
        return Ok(vec![]);
    };
    let mut written = vec![];
    for day in first.iter_days().take_while(|day| *day < today).take(DAYS) {
        let Some(seal) = seals::last_before(conn, pool, end_of(day))? else {
            continue;
        };
        let anchor = Anchor {
            day,
            pool,
            events: seal.total,
            seal: seal.number,
            hash: seal.hash,
        };
        seals::insert_anchor(conn, &anchor)?;
        written.push(anchor);
    }
    Ok(written)
}

/// The first day of a pool that has no line yet; `None` before its first seal.
fn next_day(conn: &mut Conn<'_>, pool: Pool) -> Result<Option<Day>, StoreError> {
    if let Some(last) = seals::anchors(conn, pool, None, 1)?.pop() {
        return Ok(last.day.checked_add_days(Days::new(1)));
    }
    Ok(seals::first(conn, pool)?.map(|seal| seal.sealed_at.day()))
}

/// The first instant after a Beijing day.
pub fn end_of(day: Day) -> Ts {
    let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
    Ts::from_beijing(next, NaiveTime::MIN)
}

fn fault(cause: impl std::fmt::Display) -> Error {
    Error::Fault(cause.to_string())
}
