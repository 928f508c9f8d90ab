//! The outbox as the worker sees it. A row is taken by lease: its next time is moved ahead and its attempts are
//! counted in one transaction, so that two workers never send it at once and one that dies counts as an attempt.
//! Times are the machine's. What is given up is counted in the same transaction for those who are told of it. Lists
//! are in the modules below.

use std::collections::BTreeMap;

use diesel::prelude::*;
use strum::IntoEnumIterator;

mod delivered;
mod kept;
mod unsent;

use super::conn::Conn;
use super::dialect::skip_locked;
use super::error::StoreError;
use super::fragments::literal;
use super::schema::outbox;
use super::warnings;
use crate::domain::ids::MessageId;
use crate::domain::locale::Locale;
use crate::domain::notice::{Channel, Kind};
use crate::domain::place::Pool;
use crate::domain::time::Ts;

pub use delivered::{Delivery, Stage, Told, of_case};
pub use kept::{Kept, kept, kept_one};
pub use unsent::{Narrowed, Standing, Unsent, reasons, revive_many, unsent};

/// Stands as the reason of what was kept because no way to send it is set up.
pub const KEPT: &str = "kept";

/// A message taken for one attempt.
#[derive(Clone, Debug)]
pub struct Taken {
    /// Pool of the case.
    pub pool: Pool,
    /// Identifier; the message id follows from it.
    pub id: MessageId,
    /// Business time of the notice.
    pub created_at: Ts,
    /// Which attempt this is, from 1.
    pub attempt: i32,
    /// By which channel it goes.
    pub channel: Channel,
    /// What is to be sent; `None` when the row can't be read.
    pub content: Option<Content>,
}

/// What a message says and to whom.
#[derive(Clone, PartialEq, Eq)]
pub struct Content {
    /// The address, opened.
    pub address: String,
    /// What kind of notice.
    pub notice: Kind,
    /// In which language.
    pub locale: Locale,
    /// Values for the words.
    pub particulars: BTreeMap<String, String>,
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Content({}, {})", self.notice, self.locale.tag())
    }
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// The server has it.
    Sent,
    /// Nothing is set up to send it by: it is kept, and nobody was told.
    Kept,
    /// Not tried: it may not ring before this time. Counts as no attempt.
    Quiet(Ts),
    /// Again at this time.
    Later(Ts, String),
    /// Never again, unless somebody says so.
    Dead(String),
}

/// What operators watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Messages to be sent, counted up to a limit, by channel.
    pub waiting: BTreeMap<Channel, usize>,
    /// Messages given up, counted up to a limit, by channel.
    pub dead: BTreeMap<Channel, usize>,
    /// When the next one is to be tried, or should have been.
    pub next: Option<Ts>,
}

impl Figures {
    /// All that were given up.
    pub fn all_dead(&self) -> usize {
        self.dead.values().sum()
    }

    /// All that wait.
    pub fn all_waiting(&self) -> usize {
        self.waiting.values().sum()
    }
}

type Row = (
    (Pool, MessageId, Channel, Ts, i32),
    (Vec<u8>, String, Locale, String),
);

/// Whether a message is to be tried now.
pub fn waits(conn: &mut Conn<'_>, now: Ts) -> Result<bool, StoreError> {
    let first: Option<MessageId> = outbox::table
        .filter(literal("state = 'waiting'").and(outbox::next_at.le(now)))
        .select(outbox::id)
        .first(conn.sql)
        .optional()?;
    Ok(first.is_some())
}

/// Takes up to `limit` messages until `lease`, longest waiting first.
pub fn take(conn: &mut Conn<'_>, now: Ts, lease: Ts, limit: i64) -> Result<Vec<Taken>, StoreError> {
    let query = outbox::table
        .filter(literal("state = 'waiting'").and(outbox::next_at.le(now)))
        .order((outbox::next_at, outbox::id))
        .select((
            (
                outbox::pool,
                outbox::id,
                outbox::channel,
                outbox::created_at,
                outbox::attempts,
            ),
            CONTENT,
        ))
        .limit(limit);
    let rows: Vec<Row> = skip_locked(conn.sql, query).load(conn.sql)?;
    rows.into_iter()
        .map(|row| lease_row(conn, row, lease))
        .collect()
}

fn lease_row(conn: &mut Conn<'_>, row: Row, lease: Ts) -> Result<Taken, StoreError> {
    let ((pool, id, channel, created_at, attempts), sealed) = row;
    let attempt = attempts.saturating_add(1);
    diesel::update(outbox::table.find((pool, id)))
        .set((outbox::next_at.eq(lease), outbox::attempts.eq(attempt)))
        .execute(conn.sql)?;
    let content = content(conn, sealed);
    Ok(Taken {
        pool,
        id,
        created_at,
        attempt,
        channel,
        content,
    })
}

type ContentColumns = (
    outbox::address,
    outbox::notice,
    outbox::locale,
    outbox::particulars,
);
const CONTENT: ContentColumns = (
    outbox::address,
    outbox::notice,
    outbox::locale,
    outbox::particulars,
);

fn content(
    conn: &Conn<'_>,
    (address, notice, locale, particulars): (Vec<u8>, String, Locale, String),
) -> Option<Content> {
    Some(Content {
        address: conn.vault.open_text(&address).ok()?,
        notice: notice.parse().ok()?,
        locale,
        particulars: serde_json::from_str(&particulars).ok()?,
    })
}

/// Writes down how an attempt ended. That a message was sent always counts; a failure counts only while nobody
/// else has taken the message since.
pub fn settle(
    conn: &mut Conn<'_>,
    taken: &Taken,
    settled: &Settled,
    now: Ts,
) -> Result<(), StoreError> {
    let ours = outbox::table
        .find((taken.pool, taken.id))
        .filter(outbox::state.eq("waiting"))
        .filter(outbox::attempts.eq(taken.attempt));
    match settled {
        Settled::Sent => end(conn, taken, now, None),
        Settled::Kept => end(conn, taken, now, Some(KEPT)),
        Settled::Quiet(until) => {
            diesel::update(ours)
                .set((
                    outbox::next_at.eq(until),
                    outbox::attempts.eq(taken.attempt.saturating_sub(1)),
                ))
                .execute(conn.sql)?;
            Ok(())
        }
        Settled::Later(at, error) => {
            diesel::update(ours)
                .set((outbox::next_at.eq(at), outbox::last_error.eq(error)))
                .execute(conn.sql)?;
            Ok(())
        }
        Settled::Dead(error) => {
            let rows = diesel::update(ours)
                .set((outbox::state.eq("dead"), outbox::last_error.eq(error)))
                .execute(conn.sql)?;
            // Of a warning that could not be sent nobody is warned: that would never end.
            let is_warning = taken
                .content
                .as_ref()
                .is_some_and(|content| content.notice == Kind::MessagesDead);
            if rows == 1 && !is_warning {
                warnings::count(conn, taken.pool)?;
            }
            Ok(())
        }
    }
}

fn end(
    conn: &mut Conn<'_>,
    taken: &Taken,
    now: Ts,
    reason: Option<&str>,
) -> Result<(), StoreError> {
    let row = outbox::table
        .find((taken.pool, taken.id))
        .filter(outbox::state.eq("waiting"));
    diesel::update(row)
        .set((
            outbox::state.eq("sent"),
            outbox::sent_at.eq(now),
            outbox::last_error.eq(reason),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// Lets a dead message be tried again from the first attempt on; `false` when it is not dead.
pub fn revive(conn: &mut Conn<'_>, pool: Pool, id: MessageId, now: Ts) -> Result<bool, StoreError> {
    let dead = outbox::table
        .find((pool, id))
        .filter(outbox::state.eq("dead"));
    let rows = diesel::update(dead)
        .set((
            outbox::state.eq("waiting"),
            outbox::attempts.eq(0),
            outbox::next_at.eq(now),
        ))
        .execute(conn.sql)?;
    Ok(rows == 1)
}

/// What operators watch; counts stop at `most`.
pub fn figures(conn: &mut Conn<'_>, most: i64) -> Result<Figures, StoreError> {
    let mut count = |condition: &'static str| -> Result<BTreeMap<Channel, usize>, StoreError> {
        let channels: Vec<Channel> = outbox::table
            .filter(literal(condition))
            .select(outbox::channel)
            .limit(most)
            .load(conn.sql)?;
        let mut counts: BTreeMap<Channel, usize> = Channel::iter().map(|c| (c, 0)).collect();
        for channel in channels {
            *counts.entry(channel).or_default() += 1;
        }
        Ok(counts)
    };
    let (waiting, dead) = (count("state = 'waiting'")?, count("state = 'dead'")?);
    let next = outbox::table
        .filter(literal("state = 'waiting'"))
        .order((outbox::next_at, outbox::id))
        .select(outbox::next_at)
        .first(conn.sql)
        .optional()?;
    Ok(Figures {
        waiting,
        dead,
        next,
    })
}
