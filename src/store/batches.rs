//! Batches of employers as stored (XR-9): the file, its progress, the result of each row. What a row becomes is not
//! decided here.

use diesel::prelude::*;

use super::conn::Conn;
use super::error::StoreError;
use super::schema::batch;
use crate::domain::batch::{Batch, Counts, Kind, State};
use crate::domain::ids::{AccountId, BatchId, EmployerId};
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::time::Ts;

#[derive(Queryable, Selectable)]
#[diesel(table_name = batch)]
struct Row {
    pool: Pool,
    id: BatchId,
    agency: AgencyCode,
    employer_id: EmployerId,
    filed_by: AccountId,
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

fn read(conn: &Conn<'_>, row: Row) -> Result<Batch, StoreError> {
    let file_name = conn.vault.open_text(&row.file_name)?;
    Ok(Batch {
        id: row.id,
        pool: row.pool,
        agency: row.agency,
        employer: row.employer_id,
        filed_by: row.filed_by,
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
