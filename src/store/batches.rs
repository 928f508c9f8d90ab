//! Batches of employers as stored (XR-9): the file, its progress, the result of each row. What a row becomes is not
//! decided here.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use super::conn::Conn;
use super::dialect::skip_locked;
use super::error::StoreError;
use super::fragments::{literal, row_beyond};
use super::papers::Print;
use super::schema::{batch, employer};
use super::types::Uid;
use crate::domain::actor::Identified;
use crate::domain::batch::{Batch, Counts, Kind, State};
use crate::domain::ids::{AccountId, BatchId, EmployerId, Identifier, MaterialId};
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::time::Ts;

mod results;
pub use results::{enter, numbers_of, rows};

#[derive(Queryable, Selectable)]
#[diesel(table_name = batch)]
struct Row {
    pool: Pool,
    id: BatchId,
    agency: AgencyCode,
    employer_id: EmployerId,
    filed_by: AccountId,
    identified: Identified,
    item: String,
    kind: Kind,
    file_name: Vec<u8>,
    state: State,
    total: i32,
    reached: i32,
    filed: i32,
    rejected: i32,
    duplicates: i32,
    created_at: Ts,
    finished_at: Option<Ts>,
}

/// Where the file of a batch is, and what identifies it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Key in the object store.
    pub key: String,
    /// SHA-256 of its bytes.
    pub sha256: Vec<u8>,
    /// Bytes.
    pub size: i64,
}

/// Adds a batch whose rows wait.
pub fn insert(conn: &mut Conn<'_>, new: &Batch, file: &Stored) -> Result<(), StoreError> {
    let file_name = conn.vault.seal_text(&new.file_name)?;
    diesel::insert_into(batch::table)
        .values((
            batch::pool.eq(new.pool),
            batch::id.eq(new.id),
            batch::agency.eq(new.agency),
            batch::employer_id.eq(new.employer),
            batch::filed_by.eq(new.filed_by),
            batch::identified.eq(new.identified),
            batch::item.eq(&new.item),
            batch::kind.eq(new.kind),
            batch::file_key.eq(&file.key),
            batch::file_name.eq(file_name),
            batch::sha256.eq(&file.sha256),
            batch::size.eq(file.size),
            batch::state.eq(new.state),
            batch::total.eq(to_i32(new.total)),
            batch::reached.eq(to_i32(new.counts.reached)),
            batch::filed.eq(to_i32(new.counts.filed)),
            batch::rejected.eq(to_i32(new.counts.rejected)),
            batch::duplicates.eq(to_i32(new.counts.duplicates)),
            batch::created_at.eq(new.created_at),
            batch::finished_at.eq(new.finished_at),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// The batch of an identifier.
pub fn find(conn: &mut Conn<'_>, pool: Pool, id: BatchId) -> Result<Option<Batch>, StoreError> {
    let row: Option<Row> = batch::table
        .find((pool, id))
        .select(Row::as_select())
        .first(conn.sql)
        .optional()?;
    row.map(|row| read(conn, row)).transpose()
}

/// The pool that an employer pays to, and the agency that handles its cases.
pub fn agency_of(
    conn: &mut Conn<'_>,
    id: EmployerId,
) -> Result<Option<(Pool, AgencyCode)>, StoreError> {
    Ok(employer::table
        .find(id)
        .select((employer::pool, employer::agency))
        .first(conn.sql)
        .optional()?)
}

/// Batches of an employer, newest first, from before `after` on (keyset).
pub fn of_employer(
    conn: &mut Conn<'_>,
    pool: Pool,
    employer: EmployerId,
    after: Option<(Ts, BatchId)>,
    limit: i64,
) -> Result<Vec<Batch>, StoreError> {
    let mut query = batch::table
        .filter(batch::pool.eq(pool).and(batch::employer_id.eq(employer)))
        .select(Row::as_select())
        .into_boxed();
    if let Some((at, id)) = after {
        query = query.filter(row_beyond("(created_at, id) <", at, id));
    }
    let rows: Vec<Row> = query
        .order((batch::created_at.desc(), batch::id.desc()))
        .limit(limit)
        .load(conn.sql)?;
    rows.into_iter().map(|row| read(conn, row)).collect()
}

/// Batches of an agency, newest first, from before `after` on (keyset).
pub fn of_agency(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    after: Option<(Ts, BatchId)>,
    limit: i64,
) -> Result<Vec<Batch>, StoreError> {
    let mut query = batch::table
        .filter(batch::pool.eq(agency.pool()).and(batch::agency.eq(agency)))
        .select(Row::as_select())
        .into_boxed();
    if let Some((at, id)) = after {
        query = query.filter(row_beyond("(created_at, id) <", at, id));
    }
    let rows: Vec<Row> = query
        .order((batch::created_at.desc(), batch::id.desc()))
        .limit(limit)
        .load(conn.sql)?;
    rows.into_iter().map(|row| read(conn, row)).collect()
}

/// Batches whose rows wait, the oldest first.
pub fn running(conn: &mut Conn<'_>, limit: i64) -> Result<Vec<(Pool, BatchId)>, StoreError> {
    Ok(batch::table
        .filter(literal("state = 'running'"))
        .order((batch::created_at, batch::id))
        .select((batch::pool, batch::id))
        .limit(limit)
        .load(conn.sql)?)
}

/// Where the file of a batch is.
pub fn file(conn: &mut Conn<'_>, pool: Pool, id: BatchId) -> Result<Option<Stored>, StoreError> {
    let row: Option<(String, Vec<u8>, i64)> = batch::table
        .find((pool, id))
        .select((batch::file_key, batch::sha256, batch::size))
        .first(conn.sql)
        .optional()?;
    Ok(row.map(|(key, sha256, size)| Stored { key, sha256, size }))
}

/// The batch of an identifier, its row locked for this transaction; none while another transaction has it.
pub fn take(conn: &mut Conn<'_>, pool: Pool, id: BatchId) -> Result<Option<Batch>, StoreError> {
    let row = batch::table.find((pool, id)).select(Row::as_select());
    let rows: Vec<Row> = skip_locked(conn.sql, row).load(conn.sql)?;
    rows.into_iter()
        .next()
        .map(|row| read(conn, row))
        .transpose()
}

/// Writes how far a batch has come; `finished_at` is given with its last row.
pub fn advance(
    conn: &mut Conn<'_>,
    batch: &Batch,
    counts: Counts,
    finished_at: Option<Ts>,
) -> Result<(), StoreError> {
    let state = match finished_at {
        Some(_) => State::Done,
        None => State::Running,
    };
    diesel::update(batch::table.find((batch.pool, batch.id)))
        .set((
            batch::state.eq(state),
            batch::reached.eq(to_i32(counts.reached)),
            batch::filed.eq(to_i32(counts.filed)),
            batch::rejected.eq(to_i32(counts.rejected)),
            batch::duplicates.eq(to_i32(counts.duplicates)),
            batch::finished_at.eq(finished_at),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// Which of these keys of the object store belong to a batch.
pub(super) fn known_files(conn: &mut Conn<'_>, keys: &[String]) -> Result<Vec<String>, StoreError> {
    Ok(batch::table
        .filter(batch::file_key.eq_any(keys.to_vec()))
        .select(batch::file_key)
        .load(conn.sql)?)
}

/// What tells whether the files of all batches are the ones that were uploaded: those after `after` in the order of pool
/// and identifier, `limit` at most.
pub fn file_prints_after(
    conn: &mut Conn<'_>,
    after: Option<(Pool, MaterialId)>,
    limit: i64,
) -> Result<Vec<Print>, StoreError> {
    let mut query = batch::table
        .select((
            batch::pool,
            batch::id,
            batch::file_key,
            batch::size,
            batch::sha256,
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
    let rows: Vec<(Pool, BatchId, String, i64, Vec<u8>)> = query
        .order((batch::pool, batch::id))
        .limit(limit)
        .load(conn.sql)?;
    Ok(rows
        .into_iter()
        .map(|(pool, id, file_key, size, sha256)| Print {
            pool,
            id: MaterialId::from(id.uuid()),
            file_key,
            size,
            sha256,
        })
        .collect())
}

fn read(conn: &Conn<'_>, row: Row) -> Result<Batch, StoreError> {
    let file_name = conn.vault.open_text(&row.file_name)?;
    Ok(Batch {
        id: row.id,
        pool: row.pool,
        agency: row.agency,
        employer: row.employer_id,
        filed_by: row.filed_by,
        identified: row.identified,
        item: row.item,
        kind: row.kind,
        file_name,
        state: row.state,
        total: to_u32(row.total),
        counts: Counts {
            reached: to_u32(row.reached),
            filed: to_u32(row.filed),
            rejected: to_u32(row.rejected),
            duplicates: to_u32(row.duplicates),
        },
        created_at: row.created_at,
        finished_at: row.finished_at,
    })
}

fn to_i32(n: u32) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

fn to_u32(n: i32) -> u32 {
    u32::try_from(n).unwrap_or_default()
}
