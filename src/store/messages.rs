//! Inbox and outbox: written in the transaction that causes them, read by their owner and by the worker.

use std::cell::Cell;
use std::collections::BTreeMap;

use diesel::prelude::*;
use serde_json::Value;
use uuid::Uuid;

use super::conn::Conn;
use super::error::StoreError;
use super::fragments::any_of;
use super::many::{self, Holds};
use super::schema::{account, inbox, outbox, person};
use crate::domain::case::Case;
use crate::domain::ids::{AccountId, Identifier, MessageId};
use crate::domain::locale::Locale;
use crate::domain::notice::Notice;
use crate::domain::place::Pool;
use crate::domain::time::Ts;

/// Where a notice goes: into the inbox, and by mail where an address is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressee {
    /// The login.
    pub account: AccountId,
    /// Its language.
    pub locale: Locale,
    /// Its address.
    pub email: Option<String>,
}

type AddresseeRow = (AccountId, Locale, Option<Vec<u8>>, Option<Vec<u8>>);

/// The addressee of a login; the account's address comes before the registry's.
pub fn addressee(conn: &mut Conn<'_>, id: AccountId) -> Result<Option<Addressee>, StoreError> {
    Ok(addressees(conn, &[id])?.remove(&id))
}

/// The addressees of some logins, in one statement.
pub fn addressees(
    conn: &mut Conn<'_>,
    ids: &[AccountId],
) -> Result<BTreeMap<AccountId, Addressee>, StoreError> {
    let rows: Vec<AddresseeRow> = account::table
        .left_join(person::table.on(person::id.nullable().eq(account::person_id)))
        .filter(any_of(account::id, ids))
        .select((
            account::id,
            account::locale,
            account::email,
            person::email.nullable(),
        ))
        .load(conn.sql)?;
    rows.into_iter()
        .map(|(account, locale, own, registered)| {
            let email = own
                .or(registered)
                .map(|sealed| conn.vault.open_text(&sealed))
                .transpose()?;
            let found = Addressee {
                account,
                locale,
                email,
            };
            Ok((account, found))
        })
        .collect()
}

/// Identifiers for the rows of messages, made before the transaction that writes them: however many are told, each
/// row has one of its own, in the order of writing.
#[derive(Clone, Debug)]
pub struct Bag {
    first: Uuid,
    taken: Cell<u16>,
}

impl Bag {
    /// A bag of a fresh identifier.
    pub fn of(first: MessageId) -> Self {
        Self {
            first: first.uuid(),
            taken: Cell::new(0),
        }
    }

    /// The next one: the last 16 of its random bits are counted on.
    fn next(&self) -> MessageId {
        let taken = self.taken.get();
        self.taken.set(taken.wrapping_add(1));
        let number = self.first.as_u128();
        let low = u128::from(u16::MAX);
        MessageId::from(Uuid::from_u128((number & !low) | u128::from(taken)))
    }
}

/// Writes a notice about a case into inbox and outbox.
pub fn post(
    conn: &mut Conn<'_>,
    case: &Case,
    to: &Addressee,
    notice: &Notice,
    ids: &Bag,
    at: Ts,
    real: Ts,
) -> Result<(), StoreError> {
    let particulars = serde_json::to_string(&notice.particulars)
        .map_err(|e| StoreError::Corrupt(e.to_string()))?;
    let number = i32::try_from(case.version).map_err(|e| StoreError::Corrupt(e.to_string()))?;
    diesel::insert_into(inbox::table)
        .values((
            inbox::pool.eq(case.pool),
            inbox::id.eq(ids.next()),
            inbox::account_id.eq(to.account),
            inbox::case_id.eq(case.id),
            inbox::receipt_no.eq(&case.receipt_no),
            inbox::event_number.eq(number),
            inbox::notice.eq(notice.kind.as_str()),
            inbox::particulars.eq(&particulars),
            inbox::created_at.eq(at),
        ))
        .execute(conn.sql)?;
    let Some(email) = &to.email else {
        return Ok(());
    };
    diesel::insert_into(outbox::table)
        .values((
            outbox::pool.eq(case.pool),
            outbox::id.eq(ids.next()),
            outbox::case_id.eq(case.id),
            outbox::event_number.eq(number),
            outbox::account_id.eq(to.account),
            outbox::channel.eq("email"),
            outbox::address.eq(conn.vault.seal_text(email)?),
            outbox::notice.eq(notice.kind.as_str()),
            outbox::locale.eq(to.locale),
            outbox::particulars.eq(&particulars),
            outbox::created_at.eq(at),
            outbox::state.eq("waiting"),
            outbox::attempts.eq(0),
            // Back-off runs on the machine's clock.
            outbox::next_at.eq(real),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// A notice of many that are written together: about one case, or about several of one pool.
#[derive(Clone, Debug)]
pub struct Letter<'a> {
    /// To whom.
    pub to: &'a Addressee,
    /// The pool of what it is about.
    pub pool: Pool,
    /// The case it is about, as its event left it; none when it is about several.
    pub about: Option<&'a Case>,
    /// The notice.
    pub notice: Notice,
}

/// Writes many notices into inbox and outbox, in one statement each.
pub fn post_together(
    conn: &mut Conn<'_>,
    letters: &[Letter<'_>],
    ids: &Bag,
    at: Ts,
    real: Ts,
) -> Result<(), StoreError> {
    let (mut inbox, mut outbox) = (vec![], vec![]);
    for letter in letters {
        let particulars = serde_json::to_string(&letter.notice.particulars)
            .map_err(|e| StoreError::Corrupt(e.to_string()))?;
        let case = letter.about.map_or(Value::Null, |case| many::id(case.id));
        let number = letter.about.map_or(Value::Null, |case| case.version.into());
        let kind = letter.notice.kind.as_str();
        inbox.push(vec![
            letter.pool.as_str().into(),
            many::id(ids.next()),
            many::id(letter.to.account),
            case.clone(),
            letter.about.map(|case| case.receipt_no.as_str()).into(),
            number.clone(),
            kind.into(),
            particulars.as_str().into(),
            many::instant(at),
        ]);
        let Some(email) = &letter.to.email else {
            continue;
        };
        outbox.push(vec![
            letter.pool.as_str().into(),
            many::id(ids.next()),
            case,
            number,
            many::id(letter.to.account),
            "email".into(),
            many::bytes(&conn.vault.seal_text(email)?),
            kind.into(),
            letter.to.locale.as_str().into(),
            particulars.into(),
            many::instant(at),
            "waiting".into(),
            0.into(),
            // Back-off runs on the machine's clock.
            many::instant(real),
        ]);
    }
    many::insert(conn.sql, "inbox", INBOX, inbox)?;
    many::insert(conn.sql, "outbox", OUTBOX, outbox)?;
    Ok(())
}

const INBOX: &[many::Column] = &[
    ("pool", Holds::Text),
    ("id", Holds::Id),
    ("account_id", Holds::Id),
    ("case_id", Holds::Id),
    ("receipt_no", Holds::Text),
    ("event_number", Holds::Number),
    ("notice", Holds::Text),
    ("particulars", Holds::Text),
    ("created_at", Holds::Instant),
];

const OUTBOX: &[many::Column] = &[
    ("pool", Holds::Text),
    ("id", Holds::Id),
    ("case_id", Holds::Id),
    ("event_number", Holds::Number),
    ("account_id", Holds::Id),
    ("channel", Holds::Text),
    ("address", Holds::Bytes),
    ("notice", Holds::Text),
    ("locale", Holds::Text),
    ("particulars", Holds::Text),
    ("created_at", Holds::Instant),
    ("state", Holds::Text),
    ("attempts", Holds::Number),
    ("next_at", Holds::Instant),
];
