//! Inbox and outbox: written in the transaction that causes them, read by their owner and by the worker.

use std::cell::Cell;

use diesel::prelude::*;
use uuid::Uuid;

use super::conn::Conn;
use super::error::StoreError;
use super::schema::{account, inbox, outbox, person};
use crate::domain::case::Case;
use crate::domain::ids::{AccountId, Identifier, MessageId};
use crate::domain::locale::Locale;
use crate::domain::notice::Notice;
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
    let row: Option<AddresseeRow> = account::table
        .left_join(person::table.on(person::id.nullable().eq(account::person_id)))
        .filter(account::id.eq(id))
        .select((
            account::id,
            account::locale,
            account::email,
            person::email.nullable(),
        ))
        .first(conn.sql)
        .optional()?;
    let Some((account, locale, own, registered)) = row else {
        return Ok(None);
    };
    let email = own
        .or(registered)
        .map(|sealed| conn.vault.open_text(&sealed))
        .transpose()?;
    Ok(Some(Addressee {
        account,
        locale,
        email,
    }))
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
