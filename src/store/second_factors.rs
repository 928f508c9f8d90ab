//! Second factors of accounts: the sealed secret, the step whose code was taken last, recovery codes as blind
//! indexes. Never here: whether a code is right. All times are of the real clock.

use diesel::prelude::*;
use zeroize::Zeroizing;

use super::schema::{account, recovery_code, second_factor};
use super::{Conn, StoreError};
use crate::domain::ids::AccountId;
use crate::domain::time::Ts;

/// What codes are checked against.
#[derive(Clone, Debug)]
pub struct SecondFactor {
    /// The secret shared with the phone; sealed in the database.
    pub secret: Zeroizing<Vec<u8>>,
    /// The latest step of 30 s whose code was taken.
    pub last_step: i64,
}

/// The account's secret, confirmed or not yet.
pub fn find(conn: &mut Conn<'_>, id: AccountId) -> Result<Option<SecondFactor>, StoreError> {
    let row: Option<(Vec<u8>, i64)> = second_factor::table
        .find(id)
        .select((second_factor::secret, second_factor::last_step))
        .first(conn.sql)
        .optional()?;
    row.map(|(sealed, last_step)| {
        Ok(SecondFactor {
            secret: Zeroizing::new(conn.vault.open(&sealed)?),
            last_step,
        })
    })
    .transpose()
}

/// Keeps a new secret, which counts only after [`confirm`]; one that did not count yet is forgotten.
pub fn begin(conn: &mut Conn<'_>, id: AccountId, secret: &[u8], at: Ts) -> Result<(), StoreError> {
    diesel::delete(second_factor::table.find(id)).execute(conn.sql)?;
    let sealed = conn.vault.seal(secret)?;
    diesel::insert_into(second_factor::table)
        .values((
            second_factor::account_id.eq(id),
            second_factor::secret.eq(sealed),
            second_factor::last_step.eq(0),
            second_factor::begun_at.eq(at),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// Takes the code of a step; false when it or a later one was taken before.
pub fn take_step(conn: &mut Conn<'_>, id: AccountId, step: i64) -> Result<bool, StoreError> {
    let taken = diesel::update(second_factor::table.find(id))
        .filter(second_factor::last_step.lt(step))
        .set(second_factor::last_step.eq(step))
        .execute(conn.sql)?;
    Ok(taken == 1)
}

/// From now on the account asks for a code; false when it did already.
pub fn confirm(conn: &mut Conn<'_>, id: AccountId, at: Ts) -> Result<bool, StoreError> {
    let changed = diesel::update(account::table.find(id))
        .filter(account::second_factor_at.is_null())
        .set(account::second_factor_at.eq(at))
        .execute(conn.sql)?;
    Ok(changed == 1)
}

/// Takes secret and recovery codes away: the account asks for no code any more.
pub fn remove(conn: &mut Conn<'_>, id: AccountId) -> Result<(), StoreError> {
    diesel::delete(recovery_code::table.filter(recovery_code::account_id.eq(id)))
        .execute(conn.sql)?;
    diesel::delete(second_factor::table.find(id)).execute(conn.sql)?;
    diesel::update(account::table.find(id))
        .set(account::second_factor_at.eq(None::<Ts>))
        .execute(conn.sql)?;
    Ok(())
}

/// Replaces all recovery codes of the account.
pub fn put_recovery_codes(
    conn: &mut Conn<'_>,
    id: AccountId,
    hashes: &[Vec<u8>],
) -> Result<(), StoreError> {
    diesel::delete(recovery_code::table.filter(recovery_code::account_id.eq(id)))
        .execute(conn.sql)?;
    for hash in hashes {
        diesel::insert_into(recovery_code::table)
            .values((
                recovery_code::account_id.eq(id),
                recovery_code::code_hash.eq(hash),
            ))
            .execute(conn.sql)?;
    }
    Ok(())
}

/// Takes a recovery code; false when there is none such, or it was used.
pub fn take_recovery_code(
    conn: &mut Conn<'_>,
    id: AccountId,
    hash: &[u8],
    at: Ts,
) -> Result<bool, StoreError> {
    let taken = diesel::update(recovery_code::table.find((id, hash)))
        .filter(recovery_code::used_at.is_null())
        .set(recovery_code::used_at.eq(at))
        .execute(conn.sql)?;
    Ok(taken == 1)
}

/// How many recovery codes of the account are left.
pub fn recovery_codes_left(conn: &mut Conn<'_>, id: AccountId) -> Result<i64, StoreError> {
    Ok(recovery_code::table
        .filter(recovery_code::account_id.eq(id))
        .filter(recovery_code::used_at.is_null())
        .count()
        .get_result(conn.sql)?)
}
