//! What applicants entered of parcels that are on their way (RB-1). Whether one has come is [`super::parcels`]' to say.

use diesel::prelude::*;

use super::conn::Conn;
use super::dialect::OrIgnore;
use super::error::StoreError;
use super::schema::mailing;
use crate::domain::ids::{AccountId, CaseId};
use crate::domain::parcel::{Courier, Label};
use crate::domain::place::Pool;
use crate::domain::time::Ts;

/// A parcel that was announced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailing {
    /// Courier and number.
    pub label: Label,
    /// When it was entered.
    pub entered_at: Ts,
}

/// Writes down a parcel of a case; the same one twice is one.
pub fn insert(
    conn: &mut Conn<'_>,
    (pool, case): (Pool, CaseId),
    new: &Mailing,
    by: AccountId,
) -> Result<(), StoreError> {
    let values = (
        mailing::pool.eq(pool),
        mailing::case_id.eq(case),
        mailing::courier.eq(new.label.courier),
        mailing::tracking.eq(&new.label.tracking),
        mailing::entered_by.eq(by),
        mailing::entered_at.eq(new.entered_at),
    );
    OrIgnore(diesel::insert_into(mailing::table).values(values)).execute(conn.sql)?;
    Ok(())
}

/// The parcels announced for a case, the oldest first.
pub fn of_case(
    conn: &mut Conn<'_>,
    (pool, case): (Pool, CaseId),
) -> Result<Vec<Mailing>, StoreError> {
    let rows: Vec<(Courier, String, Ts)> = mailing::table
        .filter(mailing::pool.eq(pool).and(mailing::case_id.eq(case)))
        .order((mailing::entered_at, mailing::tracking))
        .select((mailing::courier, mailing::tracking, mailing::entered_at))
        .load(conn.sql)?;
    let read = rows
        .into_iter()
        .map(|(courier, tracking, entered_at)| Mailing {
            label: Label { courier, tracking },
            entered_at,
        });
    Ok(read.collect())
}

/// For which cases a parcel of this number was announced, and by which courier it was to come.
pub fn announced(
    conn: &mut Conn<'_>,
    pool: Pool,
    tracking: &str,
) -> Result<Vec<(CaseId, Courier)>, StoreError> {
    Ok(mailing::table
        .filter(mailing::pool.eq(pool).and(mailing::tracking.eq(tracking)))
        .order(mailing::case_id)
        .select((mailing::case_id, mailing::courier))
        .load(conn.sql)?)
}
