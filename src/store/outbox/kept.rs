//! What the demo kept instead of sending it, for whoever tries the demo. Nothing here is asked outside of it.

use diesel::prelude::*;

use super::{CONTENT, Content, ContentColumns, content};
use crate::domain::ids::MessageId;
use crate::domain::locale::Locale;
use crate::domain::notice::Channel;
use crate::domain::place::Pool;
use crate::domain::time::Ts;
use crate::store::conn::Conn;
use crate::store::error::StoreError;
use crate::store::fragments::{literal, row_beyond};
use crate::store::schema::outbox;

/// A message that was sent or, in the demo, kept.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Pool of the case.
    pub pool: Pool,
    /// Identifier.
    pub id: MessageId,
    /// By which channel it would have gone.
    pub channel: Channel,
    /// When it was sent, on the machine's clock; with the identifier the list's cursor.
    pub sent_at: Option<Ts>,
    /// Business time of the notice.
    pub created_at: Ts,
    /// What it says and to whom; `None` when the row can't be read.
    pub content: Option<Content>,
}

type Place = (
    outbox::pool,
    outbox::id,
    outbox::channel,
    outbox::created_at,
    outbox::sent_at,
);
/// Columns of a [`KeptRow`].
const COLUMNS: (Place, ContentColumns) = (
    (
        outbox::pool,
        outbox::id,
        outbox::channel,
        outbox::created_at,
        outbox::sent_at,
    ),
    CONTENT,
);

type KeptRow = (
    (Pool, MessageId, Channel, Ts, Option<Ts>),
    (Vec<u8>, String, Locale, String),
);

/// A page of messages that were sent, the latest first, from before `after` on (keyset).
pub fn kept(
    conn: &mut Conn<'_>,
    after: Option<(Ts, MessageId)>,
    limit: i64,
) -> Result<Vec<Kept>, StoreError> {
    let mut query = outbox::table
        .filter(literal("state = 'sent'"))
        .select(COLUMNS)
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
        .select(COLUMNS)
        .first(conn.sql)
        .optional()?;
    Ok(row.map(|row| kept_row(conn, row)))
}

fn kept_row(conn: &Conn<'_>, row: KeptRow) -> Kept {
    let ((pool, id, channel, created_at, sent_at), sealed) = row;
    Kept {
        pool,
        id,
        channel,
        sent_at,
        created_at,
        content: content(conn, sealed),
    }
}
