//! Originals that went back.

use diesel::prelude::*;

use super::Place;
use crate::domain::ids::{AccountId, ParcelId};
use crate::domain::parcel::{Courier, Label};
use crate::domain::place::Pool;
use crate::domain::time::{Day, Ts};
use crate::store::conn::Conn;
use crate::store::dialect::OrIgnore;
use crate::store::error::StoreError;
use crate::store::fragments::any_of;
use crate::store::schema::parcel_return;

/// Originals on their way back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned {
    /// Courier and number.
    pub label: Label,
    /// How many sheets.
    pub sheets: i32,
    /// When they were sent.
    pub sent_on: Day,
}

/// Writes down what went back; the same number twice is one. Answers how many rows that made.
pub fn insert_return(
    conn: &mut Conn<'_>,
    (pool, parcel): Place,
    new: &Returned,
    (by, at): (AccountId, Ts),
) -> Result<usize, StoreError> {
    let values = (
        parcel_return::pool.eq(pool),
        parcel_return::parcel_id.eq(parcel),
        parcel_return::courier.eq(new.label.courier),
        parcel_return::tracking.eq(&new.label.tracking),
        parcel_return::sheets.eq(new.sheets),
        parcel_return::sent_on.eq(new.sent_on),
        parcel_return::entered_by.eq(by),
        parcel_return::entered_at.eq(at),
    );
    Ok(OrIgnore(diesel::insert_into(parcel_return::table).values(values)).execute(conn.sql)?)
}

/// What went back of a parcel, the oldest first.
pub fn returns(conn: &mut Conn<'_>, (pool, parcel): Place) -> Result<Vec<Returned>, StoreError> {
    let here = parcel_return::pool
        .eq(pool)
        .and(parcel_return::parcel_id.eq(parcel));
    let rows: Vec<(Courier, String, i32, Day)> = parcel_return::table
        .filter(here)
        .order((parcel_return::entered_at, parcel_return::tracking))
        .select((
            parcel_return::courier,
            parcel_return::tracking,
            parcel_return::sheets,
            parcel_return::sent_on,
        ))
        .load(conn.sql)?;
    let read = rows
        .into_iter()
        .map(|(courier, tracking, sheets, sent_on)| Returned {
            label: Label { courier, tracking },
            sheets,
            sent_on,
        });
    Ok(read.collect())
}

/// How many sheets went back of some parcels of a pool, a row for each way back.
pub fn returned_in(
    conn: &mut Conn<'_>,
    pool: Pool,
    parcels: &[ParcelId],
) -> Result<Vec<(ParcelId, i32)>, StoreError> {
    Ok(parcel_return::table
        .filter(parcel_return::pool.eq(pool))
        .filter(any_of(parcel_return::parcel_id, parcels))
        .select((parcel_return::parcel_id, parcel_return::sheets))
        .load(conn.sql)?)
}
