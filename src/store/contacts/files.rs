//! Files that go along with a thread: each pool that takes part has its own row.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use crate::domain::ids::{AccountId, ContactFileId, ContactId, Identifier, MaterialId};
use crate::domain::place::Pool;
use crate::domain::time::Ts;
use crate::store::conn::Conn;
use crate::store::dialect::OrIgnore;
use crate::store::error::StoreError;
use crate::store::fragments::literal;
use crate::store::papers::Print;
use crate::store::schema::contact_file;
use crate::store::types::Uid;

/// Where the bytes of a file are, and what identifies them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Key in the object store.
    pub key: String,
    /// Bytes of the content.
    pub size: i64,
    /// SHA-256 of the content.
    pub sha256: Vec<u8>,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Identifier, the same in all pools.
    pub id: ContactFileId,
    /// Its name as it was uploaded.
    pub name: String,
    /// Type by content.
    pub content_type: String,
    /// Where it is.
    pub stored: Stored,
    /// Who sent it.
    pub uploaded_by: AccountId,
    /// When.
    pub uploaded_at: Ts,
}

/// Adds a file to a thread for the pools that take part.
pub fn add_file(
    conn: &mut Conn<'_>,
    pools: &[Pool],
    thread: ContactId,
    new: &File,
) -> Result<(), StoreError> {
    for pool in pools {
        // A pool may stand on both sides of two legs.
        let insert = diesel::insert_into(contact_file::table).values((
            contact_file::pool.eq(*pool),
            contact_file::id.eq(new.id),
            contact_file::thread.eq(thread),
            contact_file::file_key.eq(&new.stored.key),
            contact_file::file_name.eq(conn.vault.seal_text(&new.name)?),
            contact_file::content_type.eq(&new.content_type),
            contact_file::size.eq(new.stored.size),
            contact_file::sha256.eq(&new.stored.sha256),
            contact_file::uploaded_by.eq(new.uploaded_by),
            contact_file::uploaded_at.eq(new.uploaded_at),
        ));
        OrIgnore(insert).execute(conn.sql)?;
    }
    Ok(())
}

/// Gives the files of a thread to a pool that takes part from now on.
pub fn share_files(
    conn: &mut Conn<'_>,
    (from, to): (Pool, Pool),
    thread: ContactId,
) -> Result<(), StoreError> {
    for file in files(conn, from, thread)? {
        add_file(conn, &[to], thread, &file)?;
    }
    Ok(())
}

type Row = (
    ContactFileId,
    Vec<u8>,
    String,
    String,
    i64,
    Vec<u8>,
    AccountId,
    Ts,
);

/// The files of a thread as a pool has them, the oldest first.
pub fn files(conn: &mut Conn<'_>, pool: Pool, thread: ContactId) -> Result<Vec<File>, StoreError> {
    let rows: Vec<Row> = contact_file::table
        .filter(
            contact_file::pool
                .eq(pool)
                .and(contact_file::thread.eq(thread)),
        )
        .order(contact_file::id)
        .select((
            contact_file::id,
            contact_file::file_name,
            contact_file::content_type,
            contact_file::file_key,
            contact_file::size,
            contact_file::sha256,
            contact_file::uploaded_by,
            contact_file::uploaded_at,
        ))
        .load(conn.sql)?;
    rows.into_iter()
        .map(
            |(id, name, content_type, key, size, sha256, uploaded_by, uploaded_at)| {
                Ok(File {
                    id,
                    name: conn.vault.open_text(&name)?,
                    content_type,
                    stored: Stored { key, size, sha256 },
                    uploaded_by,
                    uploaded_at,
                })
            },
        )
        .collect()
}

/// Whether a file's row is there.
pub fn file_exists(conn: &mut Conn<'_>, pool: Pool, id: ContactFileId) -> Result<bool, StoreError> {
    let found: Option<String> = contact_file::table
        .find((pool, id))
        .select(contact_file::file_key)
        .first(conn.sql)
        .optional()?;
    Ok(found.is_some())
}

/// Which of these keys of the object store belong to a file.
pub fn known_files(conn: &mut Conn<'_>, keys: &[String]) -> Result<Vec<String>, StoreError> {
    Ok(contact_file::table
        .filter(contact_file::file_key.eq_any(keys.to_vec()))
        .select(contact_file::file_key)
        .distinct()
        .load(conn.sql)?)
}

/// What tells whether the files of all contacts are the ones that were uploaded: those after `after` in the order of pool
/// and identifier, `limit` at most. A file that several pools have comes once.
pub fn file_prints_after(
    conn: &mut Conn<'_>,
    after: Option<(Pool, MaterialId)>,
    limit: i64,
) -> Result<Vec<Print>, StoreError> {
    let mut query = contact_file::table
        .select((
            contact_file::pool,
            contact_file::id,
            contact_file::file_key,
            contact_file::size,
            contact_file::sha256,
        ))
        .filter(literal(
            "NOT EXISTS (SELECT 1 FROM contact_file o WHERE o.id = contact_file.id AND o.pool < contact_file.pool)",
        ))
        .into_boxed();
    if let Some((pool, id)) = after {
        let beyond = sql::<Bool>("(contact_file.pool, contact_file.id) > (")
            .bind::<Text, _>(pool)
            .sql(", ")
            .bind::<Uid, _>(id)
            .sql(")");
        query = query.filter(beyond);
    }
    type Row = (Pool, ContactFileId, String, i64, Vec<u8>);
    let rows: Vec<Row> = query
        .order((contact_file::pool, contact_file::id))
        .limit(limit)
        .load(conn.sql)?;
    Ok(rows
        .into_iter()
        .map(|(pool, id, file_key, size, sha256)| Print {
            pool,
            id: id.uuid().into(),
            file_key,
            size,
            sha256,
        })
        .collect())
}
