//! The outbox as the worker sees it. A row is taken by lease: its next time is moved ahead and its attempts are
//! counted in one transaction, so that two workers never send it at once and one that dies counts as an attempt.
//! Times are the machine's. Read here too: what the demo kept instead of sending it, and what operators see of
//! messages that were not sent, which is nothing of whom they are for.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::conn::Conn;
use super::dialect::skip_locked;
use super::error::StoreError;
use super::fragments::{literal, row_beyond};
use super::schema::outbox;
use crate::domain::ids::MessageId;
use crate::domain::locale::Locale;
use crate::domain::notice::Kind;
use crate::domain::place::Pool;
use crate::domain::time::Ts;

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
    /// The server has it, or the demo keeps it.
    Sent,
    /// Again at this time.
    Later(Ts, String),
    /// Never again, unless somebody says so.
    Dead(String),
}

/// What operators watch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Messages to be sent, counted up to a limit.
    pub waiting: usize,
    /// Messages given up, counted up to a limit.
    pub dead: usize,
    /// When the next one is to be tried, or should have been.
    pub next: Option<Ts>,
}

type Row = (Pool, MessageId, Vec<u8>, String, Locale, String, Ts, i32);

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
            outbox::pool,
            outbox::id,
            outbox::address,
            outbox::notice,
            outbox::locale,
            outbox::particulars,
            outbox::created_at,
            outbox::attempts,
        ))
        .limit(limit);
    let rows: Vec<Row> = skip_locked(conn.sql, query).load(conn.sql)?;
    rows.into_iter()
        .map(|row| lease_row(conn, row, lease))
        .collect()
}

fn lease_row(conn: &mut Conn<'_>, row: Row, lease: Ts) -> Result<Taken, StoreError> {
    let (pool, id, address, notice, locale, particulars, created_at, attempts) = row;
    let attempt = attempts.saturating_add(1);
    diesel::update(outbox::table.find((pool, id)))
        .set((outbox::next_at.eq(lease), outbox::attempts.eq(attempt)))
        .execute(conn.sql)?;
    let content = content(conn, &address, &notice, locale, &particulars);
    Ok(Taken {
        pool,
        id,
        created_at,
        attempt,
        content,
    })
}

fn content(
    conn: &Conn<'_>,
    address: &[u8],
    notice: &str,
    locale: Locale,
    particulars: &str,
) -> Option<Content> {
    Some(Content {
        address: conn.vault.open_text(address).ok()?,
        notice: notice.parse().ok()?,
        locale,
        particulars: serde_json::from_str(particulars).ok()?,
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
    let row = outbox::table
        .find((taken.pool, taken.id))
        .filter(outbox::state.eq("waiting"));
    let ours = row.filter(outbox::attempts.eq(taken.attempt));
    match settled {
        Settled::Sent => diesel::update(row)
            .set((
                outbox::state.eq("sent"),
                outbox::sent_at.eq(now),
                outbox::last_error.eq(None::<String>),
            ))
            .execute(conn.sql)?,
        Settled::Later(at, error) => diesel::update(ours)
            .set((outbox::next_at.eq(at), outbox::last_error.eq(error)))
            .execute(conn.sql)?,
        Settled::Dead(error) => diesel::update(ours)
            .set((outbox::state.eq("dead"), outbox::last_error.eq(error)))
            .execute(conn.sql)?,
    };
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
    let mut count = |condition: &'static str| -> Result<usize, StoreError> {
        let ids: Vec<MessageId> = outbox::table
            .filter(literal(condition))
            .select(outbox::id)
            .limit(most)
            .load(conn.sql)?;
        Ok(ids.len())
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

/// A message that was sent or, in the demo, kept.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Pool of the case.
    pub pool: Pool,
    /// Identifier.
    pub id: MessageId,
    /// When it was sent, on the machine's clock; with the identifier the list's cursor.
    pub sent_at: Option<Ts>,
    /// Business time of the notice.
    pub created_at: Ts,
    /// What it says and to whom; `None` when the row can't be read.
    pub content: Option<Content>,
}

/// Columns of a [`KeptRow`].
const KEPT: (
    outbox::pool,
    outbox::id,
    outbox::address,
    outbox::notice,
    outbox::locale,
    outbox::particulars,
    outbox::created_at,
    outbox::sent_at,
) = (
    outbox::pool,
    outbox::id,
    outbox::address,
    outbox::notice,
    outbox::locale,
    outbox::particulars,
    outbox::created_at,
    outbox::sent_at,
);

type KeptRow = (
    Pool,
    MessageId,
    Vec<u8>,
    String,
    Locale,
    String,
    Ts,
    Option<Ts>,
);

/// A page of messages that were sent, the latest first, from before `after` on (keyset).
pub fn kept(
    conn: &mut Conn<'_>,
    after: Option<(Ts, MessageId)>,
    limit: i64,
) -> Result<Vec<Kept>, StoreError> {
    let mut query = outbox::table
        .filter(literal("state = 'sent'"))
        .select(KEPT)
        .into_boxed();
    if let Some((at, id)) = after {
        query = query.filter(row_beyond("(sent_at, id) <", at, id));
    }
    let rows: Vec<KeptRow> = query
        .order((outbox::sent_at.desc(), outbox::id.desc()))
        .limit(limit)
        .load(conn.sql)?;
    Ok(rows.into_iter().map(|row| kept_row(conn, row)).collect())
}

/// One message that was sent.
pub fn kept_one(
    conn: &mut Conn<'_>,
    pool: Pool,
    id: MessageId,
) -> Result<Option<Kept>, StoreError> {
    let row: Option<KeptRow> = outbox::table
        .find((pool, id))
        .filter(outbox::state.eq("sent"))
        .select(KEPT)
        .first(conn.sql)
        .optional()?;
    Ok(row.map(|row| kept_row(conn, row)))
}

fn kept_row(conn: &Conn<'_>, row: KeptRow) -> Kept {
    let (pool, id, address, notice, locale, particulars, created_at, sent_at) = row;
    Kept {
        pool,
        id,
        sent_at,
        created_at,
        content: content(conn, &address, &notice, locale, &particulars),
    }
}

/// Where a message stands that was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// To be tried, again or for the first time.
    Waiting,
    /// Given up.
    Dead,
}

/// A message that was not sent, without anything personal.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Unsent {
    /// Pool of the case.
    pub pool: Pool,
    /// Identifier.
    pub id: MessageId,
    /// The name of its kind of notice.
    pub notice: String,
    /// How often it was tried since it was written or revived.
    pub attempts: i32,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// When it is tried next; of a dead one without meaning.
    pub next_at: Ts,
    /// Business time of the notice.
    pub created_at: Ts,
}

impl Unsent {
    /// Its place in the list of `standing`.
    pub fn place(&self, standing: Standing) -> (Ts, MessageId) {
        match standing {
            Standing::Waiting => (self.next_at, self.id),
            Standing::Dead => (self.created_at, self.id),
        }
    }
}

/// A page of messages that were not sent, of one pool or of all: the waiting ones by their next attempt, the dead
/// ones from the latest on, each from beyond `after` (keyset).
pub fn unsent(
    conn: &mut Conn<'_>,
    standing: Standing,
    pool: Option<Pool>,
    after: Option<(Ts, MessageId)>,
    limit: i64,
) -> Result<Vec<Unsent>, StoreError> {
    let mut query = outbox::table
        .select((
            outbox::pool,
            outbox::id,
            outbox::notice,
            outbox::attempts,
            outbox::last_error,
            outbox::next_at,
            outbox::created_at,
        ))
        .limit(limit)
        .into_boxed();
    if let Some(pool) = pool {
        query = query.filter(outbox::pool.eq(pool));
    }
    query = match standing {
        Standing::Waiting => query
            .filter(literal("state = 'waiting'"))
            .order((outbox::next_at, outbox::id)),
        Standing::Dead => query
            .filter(literal("state = 'dead'"))
            .order((outbox::created_at.desc(), outbox::id.desc())),
    };
    if let Some((at, id)) = after {
        query = match standing {
            Standing::Waiting => query.filter(row_beyond("(next_at, id) >", at, id)),
            Standing::Dead => query.filter(row_beyond("(created_at, id) <", at, id)),
        };
    }
    Ok(query.load(conn.sql)?)
}
