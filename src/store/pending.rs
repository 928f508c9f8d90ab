//! Sign-ins under way: between password and code, and at the identity platform. None of these rows is a session,
//! none opens anything. All times are of the real clock; tokens are here as blind indexes only.

use diesel::prelude::*;

use super::schema::{pending_sign_in, spent_state};
use super::{Conn, StoreError};
use crate::domain::ids::AccountId;
use crate::domain::time::Ts;

/// A password was right, the code is still to come.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = pending_sign_in)]
pub struct Pending {
    /// Blind index of the token that the browser holds.
    pub token_hash: Vec<u8>,
    /// Whose password it was.
    #[diesel(column_name = account_id)]
    pub account: AccountId,
    /// Epoch of the account then.
    pub epoch: i32,
    /// Codes tried so far.
    pub attempts: i32,
    /// End.
    pub expires_at: Ts,
}

/// Remembers it.
pub fn insert(conn: &mut Conn<'_>, new: &Pending) -> Result<(), StoreError> {
    diesel::insert_into(pending_sign_in::table)
        .values(new)
        .execute(conn.sql)?;
    Ok(())
}

/// Whether the token names one that goes on.
pub fn is_there(conn: &mut Conn<'_>, token_hash: &[u8], now: Ts) -> Result<bool, StoreError> {
    let found: Option<AccountId> = pending_sign_in::table
        .find(token_hash)
        .filter(pending_sign_in::expires_at.gt(now))
        .select(pending_sign_in::account_id)
        .first(conn.sql)
        .optional()?;
    Ok(found.is_some())
}

/// Counts one more try and tells whose it is, with the epoch; nothing when it is over or `most` were made.
pub fn try_once(
    conn: &mut Conn<'_>,
    token_hash: &[u8],
    most: i32,
    now: Ts,
) -> Result<Option<(AccountId, i32)>, StoreError> {
    Ok(diesel::update(pending_sign_in::table.find(token_hash))
        .filter(pending_sign_in::expires_at.gt(now))
        .filter(pending_sign_in::attempts.lt(most))
        .set(pending_sign_in::attempts.eq(pending_sign_in::attempts + 1))
        .returning((pending_sign_in::account_id, pending_sign_in::epoch))
        .get_result(conn.sql)
        .optional()?)
}

/// Ends all of an account.
pub fn end_all(conn: &mut Conn<'_>, account: AccountId) -> Result<(), StoreError> {
    diesel::delete(pending_sign_in::table.filter(pending_sign_in::account_id.eq(account)))
        .execute(conn.sql)?;
    Ok(())
}

/// Takes an answer of the identity platform.
///
/// # Errors
/// [`StoreError::NotUnique`] when it was taken before.
pub fn spend(conn: &mut Conn<'_>, state_hash: &[u8], until: Ts) -> Result<(), StoreError> {
    diesel::insert_into(spent_state::table)
        .values((
            spent_state::state_hash.eq(state_hash),
            spent_state::expires_at.eq(until),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// Deletes what was over before `at`; returns how many.
pub fn delete_expired(conn: &mut Conn<'_>, at: Ts) -> Result<usize, StoreError> {
    let pending = diesel::delete(pending_sign_in::table.filter(pending_sign_in::expires_at.lt(at)))
        .execute(conn.sql)?;
    let spent = diesel::delete(spent_state::table.filter(spent_state::expires_at.lt(at)))
        .execute(conn.sql)?;
    Ok(pending + spent)
}
