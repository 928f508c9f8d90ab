//! Who was told what about one case, by which way, and what became of it (CAS-12). Addresses come opened; whoever shows
//! them masks them.

use diesel::prelude::*;

use super::KEPT;
use crate::domain::ids::{AccountId, CaseId, MessageId};
use crate::domain::notice::{Channel, Kind};
use crate::domain::place::Pool;
use crate::domain::time::Ts;
use crate::store::conn::Conn;
use crate::store::error::StoreError;
use crate::store::schema::{inbox, outbox};

/// Where a message stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// To be tried, for the first time or again; why it failed last.
    Waiting(Option<String>),
    /// The server or the gateway has it, since this time of the machine.
    Sent(Ts),
    /// Nothing is set up to send it by.
    Kept,
    /// Given up, and why.
    Dead(String),
}

/// One way that a notice took.
#[derive(Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Which.
    pub channel: Channel,
    /// The address, in full.
    pub address: String,
    /// What became of it.
    pub stage: Stage,
}

impl std::fmt::Debug for Delivery {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Delivery({}, {:?})", self.channel, self.stage)
    }
}

/// One notice to one login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Identifier of the message in the inbox.
    pub id: MessageId,
    /// Who.
    pub account: AccountId,
    /// What.
    pub kind: Kind,
    /// When, business time.
    pub at: Ts,
    /// When it was read first in the portal.
    pub read_at: Option<Ts>,
    /// By which other ways.
    pub deliveries: Vec<Delivery>,
}

type InboxRow = (MessageId, AccountId, String, Option<i32>, Ts, Option<Ts>);
type OutboxRow = (
    (AccountId, String, Option<i32>, Ts),
    (Channel, Vec<u8>, String, Option<Ts>, Option<String>),
);

/// What was told about a case, the latest first, up to `limit`; to one login or to all.
pub fn of_case(
    conn: &mut Conn<'_>,
    pool: Pool,
    case: CaseId,
    account: Option<AccountId>,
    limit: i64,
) -> Result<Vec<Told>, StoreError> {
    let mut messages = inbox::table
        .filter(inbox::pool.eq(pool).and(inbox::case_id.eq(case)))
        .order(inbox::id.desc())
        .limit(limit)
        .select((
            inbox::id,
            inbox::account_id,
            inbox::notice,
            inbox::event_number,
            inbox::created_at,
            inbox::read_at,
        ))
        .into_boxed();
    let mut sent = outbox::table
        .filter(outbox::pool.eq(pool).and(outbox::case_id.eq(case)))
        .order(outbox::id.desc())
        // No notice goes by more ways than these.
        .limit(limit.saturating_mul(2))
        .select((
            (
                outbox::account_id,
                outbox::notice,
                outbox::event_number,
                outbox::created_at,
            ),
            (
                outbox::channel,
                outbox::address,
                outbox::state,
                outbox::sent_at,
                outbox::last_error,
            ),
        ))
        .into_boxed();
    if let Some(account) = account {
        messages = messages.filter(inbox::account_id.eq(account));
        sent = sent.filter(outbox::account_id.eq(account));
    }
    let messages: Vec<InboxRow> = messages.load(conn.sql)?;
    let sent: Vec<OutboxRow> = sent.load(conn.sql)?;
    messages
        .into_iter()
        .map(|row| told(conn, row, &sent))
        .collect()
}

fn told(conn: &Conn<'_>, row: InboxRow, sent: &[OutboxRow]) -> Result<Told, StoreError> {
    let (id, account, notice, number, at, read_at) = row;
    let key = (account, notice, number, at);
    let mut deliveries = vec![];
    for (of, (channel, address, state, sent_at, error)) in sent {
        if *of == key {
            deliveries.push(Delivery {
                channel: *channel,
                address: conn.vault.open_text(address)?,
                stage: stage(state, *sent_at, error.clone()),
            });
        }
    }
    deliveries.sort_by_key(|delivery| delivery.channel);
    let (_, notice, ..) = key;
    let kind = notice
        .parse()
        .map_err(|_| StoreError::Corrupt(format!("notice {notice}")))?;
    Ok(Told {
        id,
        account,
        kind,
        at,
        read_at,
        deliveries,
    })
}

fn stage(state: &str, sent_at: Option<Ts>, error: Option<String>) -> Stage {
    match (state, sent_at) {
        ("sent", _) if error.as_deref() == Some(KEPT) => Stage::Kept,
        ("sent", Some(at)) => Stage::Sent(at),
        ("dead", _) => Stage::Dead(error.unwrap_or_default()),
        _ => Stage::Waiting(error),
    }
}
