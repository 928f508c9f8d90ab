//! Failed attempts by subject. Never here: whether somebody must wait. All times are of the real clock.

use diesel::prelude::*;

use super::schema::failed_attempt;
use super::{Conn, StoreError};
use crate::domain::time::Ts;

/// Failed attempts of one subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable)]
pub struct Failures {
    /// How many since the last success or pause.
    pub count: i32,
    /// The last one.
    pub last_at: Ts,
    /// Until when nothing is tried.
    pub locked_until: Option<Ts>,
}

/// What failed for a subject (a blind index).
pub fn failures(conn: &mut Conn<'_>, subject: &[u8]) -> Result<Option<Failures>, StoreError> {
    Ok(failed_attempt::table
        .find(subject)
        .select((
            failed_attempt::failures,
            failed_attempt::last_at,
            failed_attempt::locked_until,
        ))
        .first(conn.sql)
        .optional()?)
}

/// Stores what failed for a subject.
///
/// # Errors
/// [`StoreError::NotUnique`] when another transaction stored the subject's first failure meanwhile.
pub fn put_failures(
    conn: &mut Conn<'_>,
    subject: &[u8],
    failures: Failures,
) -> Result<(), StoreError> {
    let columns = (
        failed_attempt::failures.eq(failures.count),
        failed_attempt::last_at.eq(failures.last_at),
        failed_attempt::locked_until.eq(failures.locked_until),
    );
    let changed = diesel::update(failed_attempt::table.find(subject))
        .set(columns)
        .execute(conn.sql)?;
    if changed == 0 {
        diesel::insert_into(failed_attempt::table)
            .values((failed_attempt::subject.eq(subject), columns))
            .execute(conn.sql)?;
    }
    Ok(())
}

/// Forgets the failures of a subject.
pub fn forget_failures(conn: &mut Conn<'_>, subject: &[u8]) -> Result<(), StoreError> {
    diesel::delete(failed_attempt::table.find(subject)).execute(conn.sql)?;
    Ok(())
}

/// Deletes failures whose last was before `at`; returns how many.
pub fn delete_failures(conn: &mut Conn<'_>, at: Ts) -> Result<usize, StoreError> {
    Ok(
        diesel::delete(failed_attempt::table.filter(failed_attempt::last_at.lt(at)))
            .execute(conn.sql)?,
    )
}
