//! Parcels as the mailroom registered them (RB-1), each once, and the cases they are for. Sender and contents are sealed. What was
//! found in them and what went back is in the parts; nothing here moves a case.

mod found;
mod photos;
mod returned;

pub use found::{Checked, check, checked, unfit};
pub use photos::{Photo, add_photo, known_files, photo_exists, photo_prints_after, photos};
pub use returned::{Returned, insert_return, returned_in, returns};

use diesel::prelude::*;

use super::conn::Conn;
use super::dialect::{OrIgnore, locked};
use super::error::StoreError;
use super::fragments::any_of;
use super::schema::{parcel, parcel_case};
use crate::domain::ids::{AccountId, CaseId, ParcelId, PersonId};
use crate::domain::parcel::{Courier, Label};
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::time::{Day, Ts};

/// A parcel, by its key.
pub type Place = (Pool, ParcelId);

/// A parcel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// Its pool.
    pub pool: Pool,
    /// Identifier.
    pub id: ParcelId,
    /// The agency whose mailroom has it.
    pub agency: AgencyCode,
    /// Courier and number.
    pub label: Label,
    /// Day of the postmark.
    pub posted_on: Option<Day>,
    /// When it was delivered.
    pub delivered_at: Ts,
    /// Who sent it.
    pub sender: String,
    /// Whom one without a form is for.
    pub person: Option<PersonId>,
    /// What one without a form holds.
    pub contents: String,
    /// Sheets of originals that are to go back.
    pub originals: i32,
    /// Who registered it.
    pub registered_by: AccountId,
    /// When.
    pub registered_at: Ts,
    /// When nothing was left to do with it.
    pub closed_at: Option<Ts>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = parcel)]
struct Row {
    pool: Pool,
    id: ParcelId,
    agency: AgencyCode,
    courier: Courier,
    tracking: String,
    posted_on: Option<Day>,
    delivered_at: Ts,
    sender: Vec<u8>,
    person_id: Option<PersonId>,
    contents: Vec<u8>,
    originals: i32,
    registered_by: AccountId,
    registered_at: Ts,
    closed_at: Option<Ts>,
}

fn opened(conn: &Conn<'_>, row: Row) -> Result<Parcel, StoreError> {
    Ok(Parcel {
        pool: row.pool,
        id: row.id,
        agency: row.agency,
        label: Label {
            courier: row.courier,
            tracking: row.tracking,
        },
        posted_on: row.posted_on,
        delivered_at: row.delivered_at,
        sender: conn.vault.open_text(&row.sender)?,
        person: row.person_id,
        contents: conn.vault.open_text(&row.contents)?,
        originals: row.originals,
        registered_by: row.registered_by,
        registered_at: row.registered_at,
        closed_at: row.closed_at,
    })
}

/// Whether a parcel was registered now or had been before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registered {
    /// Now.
    Now,
    /// Courier and number are registered already.
    Before,
}

/// Registers a parcel, unless its courier and number are registered.
pub fn insert(conn: &mut Conn<'_>, new: &Parcel) -> Result<Registered, StoreError> {
    let values = (
        parcel::pool.eq(new.pool),
        parcel::id.eq(new.id),
        parcel::agency.eq(new.agency),
        parcel::courier.eq(new.label.courier),
        parcel::tracking.eq(&new.label.tracking),
        parcel::posted_on.eq(new.posted_on),
        parcel::delivered_at.eq(new.delivered_at),
        parcel::sender.eq(conn.vault.seal_text(&new.sender)?),
        parcel::person_id.eq(new.person),
        parcel::contents.eq(conn.vault.seal_text(&new.contents)?),
        parcel::originals.eq(new.originals),
        parcel::registered_by.eq(new.registered_by),
        parcel::registered_at.eq(new.registered_at),
        parcel::closed_at.eq(new.closed_at),
    );
    let inserted = OrIgnore(diesel::insert_into(parcel::table).values(values)).execute(conn.sql)?;
    Ok(match inserted {
        0 => Registered::Before,
        _ => Registered::Now,
    })
}

/// One of an identifier.
pub fn find(conn: &mut Conn<'_>, (pool, id): Place) -> Result<Option<Parcel>, StoreError> {
    let row: Option<Row> = parcel::table
        .find((pool, id))
        .select(Row::as_select())
        .first(conn.sql)
        .optional()?;
    row.map(|row| opened(conn, row)).transpose()
}

/// Locks a parcel until the transaction ends, so that what is left of its originals is counted by one at a time.
pub fn lock(conn: &mut Conn<'_>, (pool, id): Place) -> Result<(), StoreError> {
    let row = parcel::table.find((pool, id)).select(parcel::id);
    let _locked: Vec<ParcelId> = locked(conn.sql, row).load(conn.sql)?;
    Ok(())
}

/// The one of a courier and number.
pub fn by_label(
    conn: &mut Conn<'_>,
    pool: Pool,
    label: &Label,
) -> Result<Option<Parcel>, StoreError> {
    let here = parcel::pool.eq(pool).and(parcel::courier.eq(label.courier));
    let row: Option<Row> = parcel::table
        .filter(here.and(parcel::tracking.eq(&label.tracking)))
        .select(Row::as_select())
        .first(conn.sql)
        .optional()?;
    row.map(|row| opened(conn, row)).transpose()
}

/// Which parcels a list is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Those with which something is left to do.
    Open,
    /// All.
    All,
    /// Those of a tracking number, whoever carried them.
    Tracking(String),
}

/// Parcels of an agency's mailroom in the order in which they were registered, from beyond `after` on, `limit` at most.
pub fn page(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    filter: &Filter,
    after: Option<ParcelId>,
    limit: i64,
) -> Result<Vec<Parcel>, StoreError> {
    let mut query = parcel::table
        .filter(
            parcel::pool
                .eq(agency.pool())
                .and(parcel::agency.eq(agency)),
        )
        .select(Row::as_select())
        .into_boxed();
    query = match filter {
        Filter::Open => query.filter(parcel::closed_at.is_null()),
        Filter::All => query,
        Filter::Tracking(number) => query.filter(parcel::tracking.eq(number)),
    };
    if let Some(after) = after {
        query = query.filter(parcel::id.gt(after));
    }
    let rows: Vec<Row> = query.order(parcel::id).limit(limit).load(conn.sql)?;
    rows.into_iter().map(|row| opened(conn, row)).collect()
}

/// Sets how many sheets of originals are to go back.
pub fn set_originals(
    conn: &mut Conn<'_>,
    (pool, id): Place,
    sheets: i32,
) -> Result<(), StoreError> {
    diesel::update(parcel::table.find((pool, id)))
        .set(parcel::originals.eq(sheets))
        .execute(conn.sql)?;
    Ok(())
}

/// Notes since when nothing is left to do with a parcel, or that something is again.
pub fn set_closed(
    conn: &mut Conn<'_>,
    (pool, id): Place,
    closed_at: Option<Ts>,
) -> Result<(), StoreError> {
    diesel::update(parcel::table.find((pool, id)))
        .set(parcel::closed_at.eq(closed_at))
        .execute(conn.sql)?;
    Ok(())
}

/// A case that a parcel is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable)]
pub struct Held {
    /// The case.
    pub case: CaseId,
    /// Whether it was filed from the parcel.
    pub taken_in: bool,
}

/// Adds a case to a parcel; one that is there stays as it is.
pub fn add_case(
    conn: &mut Conn<'_>,
    (pool, id): Place,
    held: Held,
    at: Ts,
) -> Result<(), StoreError> {
    let values = (
        parcel_case::pool.eq(pool),
        parcel_case::parcel_id.eq(id),
        parcel_case::case_id.eq(held.case),
        parcel_case::taken_in.eq(held.taken_in),
        parcel_case::added_at.eq(at),
    );
    OrIgnore(diesel::insert_into(parcel_case::table).values(values)).execute(conn.sql)?;
    Ok(())
}

/// The cases of a parcel.
pub fn cases(conn: &mut Conn<'_>, (pool, id): Place) -> Result<Vec<Held>, StoreError> {
    Ok(parcel_case::table
        .filter(
            parcel_case::pool
                .eq(pool)
                .and(parcel_case::parcel_id.eq(id)),
        )
        .order(parcel_case::case_id)
        .select((parcel_case::case_id, parcel_case::taken_in))
        .load(conn.sql)?)
}

/// The cases of some parcels of a pool.
pub fn cases_in(
    conn: &mut Conn<'_>,
    pool: Pool,
    parcels: &[ParcelId],
) -> Result<Vec<(ParcelId, CaseId)>, StoreError> {
    Ok(parcel_case::table
        .filter(parcel_case::pool.eq(pool))
        .filter(any_of(parcel_case::parcel_id, parcels))
        .select((parcel_case::parcel_id, parcel_case::case_id))
        .load(conn.sql)?)
}

/// The parcels of a case, in the order in which they were registered.
pub fn of_case(
    conn: &mut Conn<'_>,
    (pool, case): (Pool, CaseId),
) -> Result<Vec<Parcel>, StoreError> {
    let rows: Vec<Row> = parcel::table
        .inner_join(
            parcel_case::table.on(parcel_case::pool
                .eq(parcel::pool)
                .and(parcel_case::parcel_id.eq(parcel::id))),
        )
        .filter(
            parcel_case::pool
                .eq(pool)
                .and(parcel_case::case_id.eq(case)),
        )
        .order(parcel::id)
        .select(Row::as_select())
        .load(conn.sql)?;
    rows.into_iter().map(|row| opened(conn, row)).collect()
}

/// The parcel from which a case was filed.
pub fn taken_in_from(
    conn: &mut Conn<'_>,
    (pool, case): (Pool, CaseId),
) -> Result<Option<ParcelId>, StoreError> {
    Ok(parcel_case::table
        .filter(
            parcel_case::pool
                .eq(pool)
                .and(parcel_case::case_id.eq(case)),
        )
        .filter(parcel_case::taken_in.eq(true))
        .select(parcel_case::parcel_id)
        .first(conn.sql)
        .optional()?)
}
