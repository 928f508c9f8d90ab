//! Blocks of receipt numbers and submission tokens.

use diesel::prelude::*;

use super::conn::Conn;
use super::dialect::OrIgnore;
use super::error::StoreError;
use super::schema::{receipt_block, submission};
use crate::domain::ids::{AccountId, CaseId};
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::time::{Day, Ts};

/// Takes `size` numbers of an agency's day out of the counter; returns the first.
pub fn take_block(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    day: Day,
    size: i32,
) -> Result<i32, StoreError> {
    let pool = agency.pool();
    OrIgnore(diesel::insert_into(receipt_block::table).values((
        receipt_block::pool.eq(pool),
        receipt_block::agency.eq(agency),
        receipt_block::day.eq(day),
        receipt_block::next_number.eq(1),
    )))
    .execute(conn.sql)?;
    let next: i32 = diesel::update(receipt_block::table.find((pool, agency, day)))
        .set(receipt_block::next_number.eq(receipt_block::next_number + size))
        .returning(receipt_block::next_number)
        .get_result(conn.sql)?;
    Ok(next - size)
}

/// What a submission token stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submitted {
    /// Hash of what was submitted.
    pub body_hash: Vec<u8>,
    /// The case it became.
    pub case: (Pool, CaseId),
}

/// What was submitted before with this token.
pub fn submitted(
    conn: &mut Conn<'_>,
    account: AccountId,
    token: &str,
) -> Result<Option<Submitted>, StoreError> {
    let row: Option<(Vec<u8>, Pool, CaseId)> = submission::table
        .find((account, token))
        .select((submission::body_hash, submission::pool, submission::case_id))
        .first(conn.sql)
        .optional()?;
    Ok(row.map(|(body_hash, pool, case)| Submitted {
        body_hash,
        case: (pool, case),
    }))
}

/// Ties a token to its case.
///
/// # Errors
/// [`StoreError::NotUnique`] when the same token came in at the same moment.
pub fn remember(
    conn: &mut Conn<'_>,
    account: AccountId,
    token: &str,
    submitted: &Submitted,
    at: Ts,
) -> Result<(), StoreError> {
    diesel::insert_into(submission::table)
        .values((
            submission::account_id.eq(account),
            submission::token.eq(token),
            submission::body_hash.eq(&submitted.body_hash),
            submission::pool.eq(submitted.case.0),
            submission::case_id.eq(submitted.case.1),
            submission::created_at.eq(at),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// Forgets up to `limit` submission tokens older than `before`; returns how many.
pub fn forget(conn: &mut Conn<'_>, before: Ts, limit: i64) -> Result<usize, StoreError> {
    let old: Vec<(AccountId, String)> = submission::table
        .filter(submission::created_at.lt(before))
        .order(submission::created_at)
        .select((submission::account_id, submission::token))
        .limit(limit)
        .load(conn.sql)?;
    for (account, token) in &old {
        diesel::delete(submission::table.find((account, token))).execute(conn.sql)?;
    }
    Ok(old.len())
}
