//! The outbox: taking messages for an attempt and writing down how it ended. Nothing is sent here; that happens
//! between the two, outside of any transaction. Also what the demo kept, and what administrators see and do about
//! messages that were not sent. Times are the machine's.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::App;
use super::error::Error;
use crate::domain::actor::{Actor, Role};
use crate::domain::ids::MessageId;
use crate::domain::notice::{Channel, Kind, Ring, quiet_until};
use crate::domain::place::Pool;
use crate::domain::time::Ts;
use crate::notify::failure::{Again, Failure};
use crate::notify::letter::{Around, Letter, letter};
use crate::notify::words::{short, words};
use crate::store::outbox::{
    self, Content, Figures, Kept, Narrowed, Settled, Standing, Taken, Unsent,
};

/// Who keeps the outbox (CAS-10).
pub const KEEPERS: &[Role] = &[Role::Administrator];
/// Attempts before a message is given up.
pub const ATTEMPTS: i32 = 12;
/// How long a worker may take over an attempt before another one may try; longer than any attempt takes.
const LEASE: TimeDelta = TimeDelta::minutes(10);
/// The wait after the first failure, in seconds; it doubles.
const FIRST_WAIT: i64 = 60;
/// The longest wait, in seconds.
const LONGEST_WAIT: i64 = 6 * 3600;
/// In the demo somebody may set the clock: there, what waits for the morning is looked at again as soon as this.
const DEMO_LOOK: TimeDelta = TimeDelta::seconds(30);
/// Dead messages put back in one transaction.
const AT_ONCE: i64 = 500;
/// Dead messages whose reasons are gathered.
const RECENT: i64 = 1_000;
/// Beyond this nobody counts.
const MOST: i64 = 10_000;
/// Messages on a page of a list.
const PAGE: usize = 30;

/// A page of a list.
#[derive(Clone, Debug)]
pub struct Listed<T> {
    /// What stands on it.
    pub rows: Vec<T>,
    /// Where the next page begins, when there is one.
    pub next: Option<(Ts, MessageId)>,
}

impl<T> Listed<T> {
    /// Of one row more than fits, if there are as many.
    fn of(mut rows: Vec<T>, place: impl Fn(&T) -> Option<(Ts, MessageId)>) -> Self {
        let more = rows.len() > PAGE;
        rows.truncate(PAGE);
        let next = rows.last().filter(|_| more).and_then(place);
        Self { rows, next }
    }
}

/// One row more than fits on a page tells whether another page follows.
fn asked() -> i64 {
    i64::try_from(PAGE.saturating_add(1)).unwrap_or(i64::MAX)
}

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

/// What becomes of a message whose attempt failed at `now`: again later, each time after twice the wait, or dead; dead
/// at once when trying again can't help.
pub fn after_failure(attempt: i32, now: Ts, failure: Failure) -> Settled {
    if attempt >= ATTEMPTS || failure.again() == Again::Never {
        return Settled::Dead(failure.to_string());
    }
    let doublings = u32::try_from(attempt.saturating_sub(1)).unwrap_or_default();
    let seconds = 2_i64
        .checked_pow(doublings)
        .map_or(LONGEST_WAIT, |factor| factor.saturating_mul(FIRST_WAIT))
        .min(LONGEST_WAIT);
    Settled::Later(now.plus(TimeDelta::seconds(seconds)), failure.to_string())
}

/// Until when a message may not ring, on the machine's clock, on which rows wait; `None` when it may go now. Quiet hours
/// are hours of business time: how long is left of them is asked of the service's clock and counted from `real`. That
/// both clocks go alike is so everywhere but in the demo.
pub fn quiet(app: &App, taken: &Taken, content: &Content, real: Ts) -> Option<Ts> {
    match (taken.channel, content.notice.properties().ring) {
        (Channel::Email, _) | (Channel::Sms, Ring::AtNight) => return None,
        (Channel::Sms, Ring::ByDay) => {}
    }
    let now = app.clock.now();
    let policy = app.office.policies.on(taken.pool, now.day());
    let wait = quiet_until(&policy.sms_hours().value, now)?.since(now);
    Some(real.plus(match app.demo {
        Some(_) => wait.min(DEMO_LOOK),
        None => wait,
    }))
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

/// The letter of a message. `created_at` is the business time of its notice, `link` gives the whole address of the page
/// that a kind of notice about a receipt number leads to.
pub fn letter_of(
    app: &App,
    pool: Pool,
    created_at: Ts,
    content: &Content,
    link: impl FnOnce(Kind, &str) -> String,
) -> Letter {
    let receipt_no = content.particulars.get("receipt_no");
    let policy = app.office.policies.on(pool, created_at.day());
    let around = Around {
        link: link(content.notice, receipt_no.map_or("", String::as_str)),
        hotline: policy.hotline().value.clone(),
    };
    letter(
        content.locale,
        content.notice,
        &content.particulars,
        &around,
    )
}

/// The text of a message that goes by SMS.
pub fn short_of(content: &Content) -> String {
    short(content.locale, content.notice, &content.particulars).unwrap_or_else(|| {
        // A kind that went by SMS when the row was written, and does no more.
        words(content.locale, content.notice, &content.particulars).subject
    })
}

/// A page of what the demo kept instead of sending it, the latest first.
///
/// # Errors
/// [`Error::NotFound`] outside of the demo: letters are their addressees'.
pub async fn kept(app: &App, after: Option<(Ts, MessageId)>) -> Result<Listed<Kept>, Error> {
    only_in_demo(app)?;
    let rows = app
        .db
        .read(move |conn| outbox::kept(conn, after, asked()).map_err(Error::from))
        .await?;
    Ok(Listed::of(rows, |kept| Some((kept.sent_at?, kept.id))))
}

/// One message that the demo kept.
///
/// # Errors
/// [`Error::NotFound`] when there is none, and outside of the demo.
pub async fn kept_one(app: &App, pool: Pool, id: MessageId) -> Result<Kept, Error> {
    only_in_demo(app)?;
    app.db
        .read(move |conn| outbox::kept_one(conn, pool, id).map_err(Error::from))
        .await?
        .ok_or(Error::NotFound)
}

fn only_in_demo(app: &App) -> Result<(), Error> {
    app.demo.as_ref().map(|_| ()).ok_or(Error::NotFound)
}

/// A page of the messages of an administrator's pool that were not sent; of all pools for one without a pool.
///
/// # Errors
/// [`Error::NotAllowed`] for everybody else (CAS-10).
pub async fn unsent(
    app: &App,
    actor: &Actor,
    standing: Standing,
    channel: Option<Channel>,
    after: Option<(Ts, MessageId)>,
) -> Result<Listed<Unsent>, Error> {
    actor.require(KEEPERS)?;
    let narrowed = Narrowed {
        pool: actor.pool,
        channel,
        reason: None,
    };
    let rows = app
        .db
        .read(move |conn| {
            outbox::unsent(conn, standing, &narrowed, after, asked()).map_err(Error::from)
        })
        .await?;
    Ok(Listed::of(rows, |unsent| Some(unsent.place(standing))))
}

/// An administrator lets a dead message of the own pool be tried again.
///
/// # Errors
/// [`Error::NotAllowed`] for everybody else (CAS-10), [`Error::NotFound`] when there is no such dead message there.
pub async fn retry(
    app: &App,
    actor: &Actor,
    pool: Pool,
    id: MessageId,
    now: Ts,
) -> Result<(), Error> {
    actor.require(KEEPERS)?;
    if actor.pool.is_some_and(|own| own != pool) {
        return Err(Error::NotTheirs);
    }
    revive(app, pool, id, now).await?;
    tracing::info!(message = %id, by = %actor.account, "a dead message is to be tried again");
    Ok(())
}

/// The reasons for which messages of an administrator's pool were given up lately, with the channel of each.
///
/// # Errors
/// [`Error::Forbidden`] for everybody else (CAS-10).
pub async fn reasons(app: &App, actor: &Actor) -> Result<BTreeSet<(Channel, String)>, Error> {
    actor.require(KEEPERS)?;
    let pool = actor.pool;
    app.db
        .read(move |conn| outbox::reasons(conn, pool, RECENT).map_err(Error::from))
        .await
}

/// An administrator lets all dead messages of one channel and reason be tried again, those of the own pool; returns how
/// many.
///
/// # Errors
/// [`Error::Forbidden`] for everybody else (CAS-10).
pub async fn retry_all(
    app: &App,
    actor: &Actor,
    channel: Channel,
    reason: String,
    now: Ts,
) -> Result<usize, Error> {
    actor.require(KEEPERS)?;
    let narrowed = Narrowed {
        pool: actor.pool,
        channel: Some(channel),
        reason: Some(reason),
    };
    let mut all = 0_usize;
    loop {
        let narrowed = narrowed.clone();
        let revived = app
            .db
            .write(move |conn| {
                outbox::revive_many(conn, &narrowed, now, AT_ONCE).map_err(Error::from)
            })
            .await?;
        all = all.saturating_add(revived);
        if revived == 0 {
            break;
        }
    }
    tracing::info!(messages = all, by = %actor.account, "dead messages are to be tried again");
    Ok(all)
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
            .map_while(
                |attempt| match after_failure(attempt, now, Failure::TimedOut) {
                    Settled::Later(at, _) => Some(at.since(now).num_minutes()),
                    Settled::Dead(_) | Settled::Sent | Settled::Kept | Settled::Quiet(_) => None,
                },
            )
            .collect();
        assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]);
    }

    #[test]
    fn what_stays_refused_is_dead_at_once() {
        let now = Ts::parse("2026-11-23T10:00:00+08:00").unwrap();
        let dead = Settled::Dead("smtp-550".to_owned());
        assert_eq!(after_failure(1, now, Failure::Smtp(550)), dead);
    }
}
