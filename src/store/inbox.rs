//! The in-portal inbox as its owner reads it. Rows are written with what causes them, in [`super::messages`].

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::conn::Conn;
use super::error::StoreError;
use super::schema::inbox;
use crate::domain::ids::{AccountId, MessageId};
use crate::domain::notice::Kind;
use crate::domain::time::Ts;

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Identifier.
    pub id: MessageId,
    /// The case it is about.
    pub receipt_no: Option<String>,
    /// What kind.
    pub kind: Kind,
    /// Values for its words.
    pub particulars: BTreeMap<String, String>,
    /// When it was written.
    pub at: Ts,
    /// When it was read first.
    pub read_at: Option<Ts>,
}

type Row = (MessageId, Option<String>, String, String, Ts, Option<Ts>);

/// A page of somebody's messages, newest first, from before `after` on (keyset).
pub fn of_account(
    conn: &mut Conn<'_>,
    account: AccountId,
    after: Option<MessageId>,
    limit: i64,
) -> Result<Vec<Message>, StoreError> {
    let mut query = inbox::table
        .filter(inbox::account_id.eq(account))
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(inbox::id.lt(after));
    }
    let rows: Vec<Row> = query
        .order(inbox::id.desc())
        .limit(limit)
        .select((
            inbox::id,
            inbox::receipt_no,
            inbox::notice,
            inbox::particulars,
            inbox::created_at,
            inbox::read_at,
        ))
        .load(conn.sql)?;
    rows.into_iter().map(message).collect()
}

/// Marks somebody's messages up to `last` as read; those that were read before keep their time. Returns how many.
pub fn mark_read(
    conn: &mut Conn<'_>,
    account: AccountId,
    last: MessageId,
    at: Ts,
) -> Result<usize, StoreError> {
    let unread = inbox::table.filter(
        inbox::account_id
            .eq(account)
            .and(inbox::id.le(last))
            .and(inbox::read_at.is_null()),
    );
    Ok(diesel::update(unread)
        .set(inbox::read_at.eq(at))
        .execute(conn.sql)?)
}

fn message(row: Row) -> Result<Message, StoreError> {
    let (id, receipt_no, notice, particulars, at, read_at) = row;
    let corrupt = |e: String| StoreError::Corrupt(e);
    Ok(Message {
        id,
        receipt_no,
        kind: notice
            .parse()
            .map_err(|_| corrupt(format!("notice {notice}")))?,
        particulars: serde_json::from_str(&particulars).map_err(|e| corrupt(e.to_string()))?,
        at,
        read_at,
    })
}
