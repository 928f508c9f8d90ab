//! What a login wants to be told by SMS and mail, and by which addresses it can be.

use diesel::prelude::*;

use super::conn::Conn;
use super::dialect::OrIgnore;
use super::error::StoreError;
use super::fragments::literal;
use super::messages::{Addressee, addressee};
use super::schema::{account, inbox, notification_choice};
use crate::domain::ids::{AccountId, MessageId};
use crate::domain::notice::Choices;
use crate::domain::time::Ts;

/// Where the address of mail of a login comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It stands at the login.
    Account,
    /// It stands in the registry of insured persons.
    Registry,
}

/// How a login can be reached, and what it has switched off.
pub fn of_account(
    conn: &mut Conn<'_>,
    id: AccountId,
) -> Result<Option<(Addressee, Origin)>, StoreError> {
    let own: Option<Option<Vec<u8>>> = account::table
        .find(id)
        .select(account::email)
        .first(conn.sql)
        .optional()?;
    let origin = match own.flatten() {
        Some(_) => Origin::Account,
        None => Origin::Registry,
    };
    Ok(addressee(conn, id)?.map(|addressee| (addressee, origin)))
}

/// Keeps what a login has switched off.
pub fn keep(
    conn: &mut Conn<'_>,
    id: AccountId,
    choices: &Choices,
    at: Ts,
) -> Result<(), StoreError> {
    OrIgnore(diesel::insert_into(notification_choice::table).values((
        notification_choice::account_id.eq(id),
        notification_choice::switched_off.eq(""),
        notification_choice::changed_at.eq(at),
    )))
    .execute(conn.sql)?;
    diesel::update(notification_choice::table.find(id))
        .set((
            notification_choice::switched_off.eq(choices.to_string()),
            notification_choice::changed_at.eq(at),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// How many messages a login has not read, counted up to `most`.
pub fn unread(conn: &mut Conn<'_>, id: AccountId, most: i64) -> Result<usize, StoreError> {
    let ids: Vec<MessageId> = inbox::table
        .filter(inbox::account_id.eq(id))
        .filter(literal("read_at IS NULL"))
        .select(inbox::id)
        .limit(most)
        .load(conn.sql)?;
    Ok(ids.len())
}
