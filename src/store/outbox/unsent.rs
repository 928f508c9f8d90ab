//! Messages that were not sent, as operators see them: which, since when and why, and nothing of whom they are for.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::revive;
use crate::domain::ids::MessageId;
use crate::domain::notice::Channel;
use crate::domain::place::Pool;
use crate::domain::time::Ts;
use crate::store::conn::Conn;
use crate::store::error::StoreError;
use crate::store::fragments::{literal, row_beyond};
use crate::store::schema::outbox;

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
    /// By which channel it goes.
    pub channel: Channel,
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

/// What a list is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Narrowed {
    /// One pool.
    pub pool: Option<Pool>,
    /// One channel.
    pub channel: Option<Channel>,
    /// One reason of the last failure.
    pub reason: Option<String>,
}

/// A page of messages that were not sent: the waiting ones by their next attempt, the dead
/// ones from the latest on, each from beyond `after` (keyset).
pub fn unsent(
    conn: &mut Conn<'_>,
    standing: Standing,
    narrowed: &Narrowed,
    after: Option<(Ts, MessageId)>,
    limit: i64,
) -> Result<Vec<Unsent>, StoreError> {
    let mut query = outbox::table
        .select((
            outbox::pool,
            outbox::id,
            outbox::channel,
            outbox::notice,
            outbox::attempts,
            outbox::last_error,
            outbox::next_at,
            outbox::created_at,
        ))
        .limit(limit)
        .into_boxed();
    if let Some(pool) = narrowed.pool {
        query = query.filter(outbox::pool.eq(pool));
    }
    if let Some(channel) = narrowed.channel {
        query = query.filter(outbox::channel.eq(channel));
    }
    if let Some(reason) = &narrowed.reason {
        query = query.filter(outbox::last_error.eq(reason));
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

/// The reasons for which messages were given up, with the channel of each, looked for in the latest `most`.
pub fn reasons(
    conn: &mut Conn<'_>,
    pool: Option<Pool>,
    most: i64,
) -> Result<BTreeSet<(Channel, String)>, StoreError> {
    let mut query = outbox::table
        .filter(literal("state = 'dead'"))
        .order((outbox::created_at.desc(), outbox::id.desc()))
        .select((outbox::channel, outbox::last_error))
        .limit(most)
        .into_boxed();
    if let Some(pool) = pool {
        query = query.filter(outbox::pool.eq(pool));
    }
    let rows: Vec<(Channel, Option<String>)> = query.load(conn.sql)?;
    Ok(rows
        .into_iter()
        .filter_map(|(channel, reason)| Some((channel, reason?)))
        .collect())
}

/// Lets up to `limit` dead messages of what the list is narrowed to be tried again from the first attempt on; returns
/// how many.
pub fn revive_many(
    conn: &mut Conn<'_>,
    narrowed: &Narrowed,
    now: Ts,
    limit: i64,
) -> Result<usize, StoreError> {
    let rows = unsent(conn, Standing::Dead, narrowed, None, limit)?;
    let mut revived = 0;
    for row in rows {
        if revive(conn, row.pool, row.id, now)? {
            revived += 1;
        }
    }
    Ok(revived)
}
