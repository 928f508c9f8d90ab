//! The outbox: taking messages for an attempt and writing down how it ended. Nothing is sent here; that happens
//! between the two, outside of any transaction. Times are the machine's.

use chrono::TimeDelta;

use super::App;
use super::error::Error;
use crate::domain::ids::MessageId;
use crate::domain::place::Pool;
use crate::domain::time::Ts;
use crate::store::outbox::{self, Figures, Settled, Taken};

/// Attempts before a message is given up.
pub const ATTEMPTS: i32 = 12;
/// How long a worker may take over an attempt before another one may try; longer than any attempt takes.
const LEASE: TimeDelta = TimeDelta::minutes(10);
/// The wait after the first failure, in seconds; it doubles.
const FIRST_WAIT: i64 = 60;
/// The longest wait, in seconds.
const LONGEST_WAIT: i64 = 6 * 3600;
/// Beyond this nobody counts.
const MOST: i64 = 10_000;

/// Takes up to `limit` messages that are to be tried at `now`. When none is, nothing is written.
pub async fn take(app: &App, now: Ts, limit: i64) -> Result<Vec<Taken>, Error> {
    let waits = app
        .db
        .read(move |conn| outbox::waits(conn, now).map_err(Error::from))
        .await?;
    if !waits {
        return Ok(vec![]);
    }
    let lease = now.plus(LEASE);
    app.db
        .write(move |conn| outbox::take(conn, now, lease, limit).map_err(Error::from))
        .await
}

/// Writes down how an attempt ended.
pub async fn settle(app: &App, taken: Taken, settled: Settled, now: Ts) -> Result<(), Error> {
    app.db
        .write(move |conn| outbox::settle(conn, &taken, &settled, now).map_err(Error::from))
        .await
}

/// What becomes of a message whose attempt failed at `now`: again later, each time after twice the wait, or dead.
pub fn after_failure(attempt: i32, now: Ts, error: String) -> Settled {
    if attempt >= ATTEMPTS {
        return Settled::Dead(error);
    }
    let doublings = u32::try_from(attempt.saturating_sub(1)).unwrap_or_default();
    let seconds = 2_i64
        .checked_pow(doublings)
        .map_or(LONGEST_WAIT, |factor| factor.saturating_mul(FIRST_WAIT))
        .min(LONGEST_WAIT);
    Settled::Later(now.plus(TimeDelta::seconds(seconds)), error)
}

/// Lets a dead message be tried again.
///
/// # Errors
/// [`Error::NotFound`] when there is no such dead message.
pub async fn revive(app: &App, pool: Pool, id: MessageId, now: Ts) -> Result<(), Error> {
    let revived = app
        .db
        .write(move |conn| outbox::revive(conn, pool, id, now).map_err(Error::from))
        .await?;
    if revived {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

/// What operators watch.
pub async fn figures(app: &App) -> Result<Figures, Error> {
    app.db
        .read(|conn| outbox::figures(conn, MOST).map_err(Error::from))
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wait_is_twice_the_last_up_to_six_hours_then_the_message_is_dead() {
        let now = Ts::parse("2026-11-23T10:00:00+08:00").unwrap();
        let minutes: Vec<i64> = (1..=ATTEMPTS)
            .map_while(|attempt| match after_failure(attempt, now, String::new()) {
                Settled::Later(at, _) => Some(at.since(now).num_minutes()),
                Settled::Dead(_) | Settled::Sent => None,
            })
            .collect();
        assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]);
    }
}
