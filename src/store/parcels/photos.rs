//! Photographs of parcels. Papers of a case are [`crate::store::papers`]'.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use super::Place;
use crate::domain::ids::{AccountId, MaterialId};
use crate::domain::parcel::Shows;
use crate::domain::place::Pool;
use crate::domain::time::Ts;
use crate::store::conn::Conn;
use crate::store::error::StoreError;
use crate::store::papers::Print;
use crate::store::schema::parcel_photo;
use crate::store::types::Uid;

/// A photograph.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Photo {
    /// Identifier.
    pub id: MaterialId,
    /// What it shows.
    pub shows: Shows,
    /// Key in the object store.
    pub file_key: String,
    /// Type by content.
    pub content_type: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256 of the content.
    pub sha256: Vec<u8>,
    /// Who took it.
    pub uploaded_by: AccountId,
    /// When.
    pub uploaded_at: Ts,
}

/// Adds a photograph to a parcel.
pub fn add_photo(
    conn: &mut Conn<'_>,
    (pool, parcel): Place,
    new: &Photo,
) -> Result<(), StoreError> {
    diesel::insert_into(parcel_photo::table)
        .values((
            parcel_photo::pool.eq(pool),
            parcel_photo::id.eq(new.id),
            parcel_photo::parcel_id.eq(parcel),
            parcel_photo::shows.eq(new.shows),
            parcel_photo::file_key.eq(&new.file_key),
            parcel_photo::content_type.eq(&new.content_type),
            parcel_photo::size.eq(new.size),
            parcel_photo::sha256.eq(&new.sha256),
            parcel_photo::uploaded_by.eq(new.uploaded_by),
            parcel_photo::uploaded_at.eq(new.uploaded_at),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// The photographs of a parcel, the oldest first.
pub fn photos(conn: &mut Conn<'_>, (pool, parcel): Place) -> Result<Vec<Photo>, StoreError> {
    let here = parcel_photo::pool
        .eq(pool)
        .and(parcel_photo::parcel_id.eq(parcel));
    Ok(parcel_photo::table
        .filter(here)
        .order(parcel_photo::id)
        .select((
            parcel_photo::id,
            parcel_photo::shows,
            parcel_photo::file_key,
            parcel_photo::content_type,
            parcel_photo::size,
            parcel_photo::sha256,
            parcel_photo::uploaded_by,
            parcel_photo::uploaded_at,
        ))
        .load(conn.sql)?)
}

/// Whether a photograph's row is there.
pub fn photo_exists(conn: &mut Conn<'_>, pool: Pool, id: MaterialId) -> Result<bool, StoreError> {
    let found: Option<String> = parcel_photo::table
        .find((pool, id))
        .select(parcel_photo::file_key)
        .first(conn.sql)
        .optional()?;
    Ok(found.is_some())
}

/// Which of these keys of the object store belong to a photograph.
pub fn known_files(conn: &mut Conn<'_>, keys: &[String]) -> Result<Vec<String>, StoreError> {
    Ok(parcel_photo::table
        .filter(parcel_photo::file_key.eq_any(keys.to_vec()))
        .select(parcel_photo::file_key)
        .load(conn.sql)?)
}

/// What tells whether the photographs are the ones that were uploaded: those after `after` in the order of pool and identifier,
/// `limit` at most.
pub fn photo_prints_after(
    conn: &mut Conn<'_>,
    after: Option<(Pool, MaterialId)>,
    limit: i64,
) -> Result<Vec<Print>, StoreError> {
    let mut query = parcel_photo::table
        .select((
            parcel_photo::pool,
            parcel_photo::id,
            parcel_photo::file_key,
            parcel_photo::size,
            parcel_photo::sha256,
        ))
        .into_boxed();
    if let Some((pool, id)) = after {
        let beyond = sql::<Bool>("(pool, id) > (")
            .bind::<Text, _>(pool)
            .sql(", ")
            .bind::<Uid, _>(id)
            .sql(")");
        query = query.filter(beyond);
    }
    Ok(query
        .order((parcel_photo::pool, parcel_photo::id))
        .limit(limit)
        .load(conn.sql)?)
}
