//! Uploaded materials and promised ones (obligations, CAS-4).

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use super::conn::Conn;
use super::error::StoreError;
use super::fragments::any_of;
use super::many::{self, Holds};
use super::schema::{material, obligation};
use super::types::Uid;
use crate::domain::ids::{AccountId, CaseId, MaterialId, ObligationId};
use crate::domain::place::Pool;
use crate::domain::time::{Day, Ts};

/// An uploaded paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Material {
    /// Identifier.
    pub id: MaterialId,
    /// Name of the item's material.
    pub name: String,
    /// Key in the object store.
    pub file_key: String,
    /// The file's name as uploaded.
    pub file_name: String,
    /// Type by content.
    pub content_type: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256 of the content.
    pub sha256: Vec<u8>,
    /// Version of the consent text agreed to (CAS-13).
    pub consent: Option<String>,
    /// Who sent it.
    pub uploaded_by: AccountId,
    /// When.
    pub uploaded_at: Ts,
}

type MaterialRow = (
    MaterialId,
    String,
    String,
    Vec<u8>,
    String,
    i64,
    Vec<u8>,
    Option<String>,
    AccountId,
    Ts,
);

/// Adds an uploaded paper to a case or draft.
pub fn insert_material(
    conn: &mut Conn<'_>,
    pool: Pool,
    case: CaseId,
    new: &Material,
) -> Result<(), StoreError> {
    diesel::insert_into(material::table)
        .values((
            material::pool.eq(pool),
            material::id.eq(new.id),
            material::case_id.eq(case),
            material::name.eq(&new.name),
            material::file_key.eq(&new.file_key),
            material::file_name.eq(conn.vault.seal_text(&new.file_name)?),
            material::content_type.eq(&new.content_type),
            material::size.eq(new.size),
            material::sha256.eq(&new.sha256),
            material::consent.eq(&new.consent),
            material::uploaded_by.eq(new.uploaded_by),
            material::uploaded_at.eq(new.uploaded_at),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// The papers of a case or draft, oldest first.
pub fn materials(
    conn: &mut Conn<'_>,
    pool: Pool,
    case: CaseId,
) -> Result<Vec<Material>, StoreError> {
    let rows: Vec<MaterialRow> = material::table
        .filter(material::pool.eq(pool).and(material::case_id.eq(case)))
        .order(material::id)
        .select((
            material::id,
            material::name,
            material::file_key,
            material::file_name,
            material::content_type,
            material::size,
            material::sha256,
            material::consent,
            material::uploaded_by,
            material::uploaded_at,
        ))
        .load(conn.sql)?;
    rows.into_iter()
        .map(
            |(
                id,
                name,
                file_key,
                file_name,
                content_type,
                size,
                sha256,
                consent,
                uploaded_by,
                uploaded_at,
            )| {
                let file_name = conn.vault.open_text(&file_name)?;
                Ok(Material {
                    id,
                    name,
                    file_key,
                    file_name,
                    content_type,
                    size,
                    sha256,
                    consent,
                    uploaded_by,
                    uploaded_at,
                })
            },
        )
        .collect()
}

/// Whether a paper's row is there.
pub fn exists(conn: &mut Conn<'_>, pool: Pool, id: MaterialId) -> Result<bool, StoreError> {
    let found: Option<String> = material::table
        .find((pool, id))
        .select(material::file_key)
        .first(conn.sql)
        .optional()?;
    Ok(found.is_some())
}

/// Which of these keys of the object store belong to a row: of a paper, of a file that goes along with a contact, or of a list
/// of an employer.
pub fn known(conn: &mut Conn<'_>, keys: &[String]) -> Result<Vec<String>, StoreError> {
    let mut known: Vec<String> = material::table
        .filter(material::file_key.eq_any(keys.to_vec()))
        .select(material::file_key)
        .load(conn.sql)?;
    known.extend(super::contacts::known_files(conn, keys)?);
    known.extend(super::batches::known_files(conn, keys)?);
    Ok(known)
}

/// What tells whether a paper's file is the one that was uploaded.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Print {
    /// Pool of its case.
    pub pool: Pool,
    /// Identifier.
    pub id: MaterialId,
    /// Key in the object store.
    pub file_key: String,
    /// Bytes of the content.
    pub size: i64,
    /// SHA-256 of the content.
    pub sha256: Vec<u8>,
}

/// The papers of all cases after `after`, in the order of pool and identifier, `limit` at most.
pub fn prints_after(
    conn: &mut Conn<'_>,
    after: Option<(Pool, MaterialId)>,
    limit: i64,
) -> Result<Vec<Print>, StoreError> {
    let mut query = material::table
        .select((
            material::pool,
            material::id,
            material::file_key,
            material::size,
            material::sha256,
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
        .order((material::pool, material::id))
        .limit(limit)
        .load(conn.sql)?)
}

/// Takes all papers off a draft that ends; returns their keys in the object store.
pub fn remove_all(
    conn: &mut Conn<'_>,
    pool: Pool,
    case: CaseId,
) -> Result<Vec<String>, StoreError> {
    Ok(diesel::delete(
        material::table.filter(material::pool.eq(pool).and(material::case_id.eq(case))),
    )
    .returning(material::file_key)
    .get_results(conn.sql)?)
}

/// Takes a paper off a draft; returns its key in the object store.
pub fn remove_material(
    conn: &mut Conn<'_>,
    pool: Pool,
    case: CaseId,
    id: MaterialId,
) -> Result<Option<String>, StoreError> {
    Ok(diesel::delete(
        material::table.filter(
            material::pool
                .eq(pool)
                .and(material::id.eq(id))
                .and(material::case_id.eq(case)),
        ),
    )
    .returning(material::file_key)
    .get_result(conn.sql)
    .optional()?)
}

/// A promised material.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Obligation {
    /// Identifier.
    pub id: ObligationId,
    /// Name of the item's material.
    pub material: String,
    /// Last day (Beijing).
    pub due_on: Day,
    /// When it came.
    pub met_at: Option<Ts>,
}

/// Adds a promise.
pub fn insert_obligation(
    conn: &mut Conn<'_>,
    pool: Pool,
    case: CaseId,
    id: ObligationId,
    name: &str,
    due_on: Day,
) -> Result<(), StoreError> {
    diesel::insert_into(obligation::table)
        .values((
            obligation::pool.eq(pool),
            obligation::id.eq(id),
            obligation::case_id.eq(case),
            obligation::material.eq(name),
            obligation::due_on.eq(due_on),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// Adds the same promise to some cases of one pool, in one statement (XR-9).
pub fn insert_obligations(
    conn: &mut Conn<'_>,
    pool: Pool,
    promised: &[(CaseId, ObligationId)],
    name: &str,
    due_on: Day,
) -> Result<(), StoreError> {
    let columns = [
        ("pool", Holds::Text),
        ("id", Holds::Id),
        ("case_id", Holds::Id),
        ("material", Holds::Text),
        ("due_on", Holds::Day),
    ];
    let rows = promised
        .iter()
        .map(|(case, id)| {
            vec![
                pool.as_str().into(),
                many::id(*id),
                many::id(*case),
                name.into(),
                due_on.to_string().into(),
            ]
        })
        .collect();
    many::insert(conn.sql, "obligation", &columns, rows)?;
    Ok(())
}

/// The promises of a case.
pub fn obligations(
    conn: &mut Conn<'_>,
    pool: Pool,
    case: CaseId,
) -> Result<Vec<Obligation>, StoreError> {
    Ok(obligation::table
        .filter(obligation::pool.eq(pool).and(obligation::case_id.eq(case)))
        .order(obligation::id)
        .select((
            obligation::id,
            obligation::material,
            obligation::due_on,
            obligation::met_at,
        ))
        .load(conn.sql)?)
}

/// Names of the materials that are promised and not here yet.
pub fn promised(conn: &mut Conn<'_>, pool: Pool, case: CaseId) -> Result<Vec<String>, StoreError> {
    Ok(obligation::table
        .filter(
            obligation::pool
                .eq(pool)
                .and(obligation::case_id.eq(case))
                .and(obligation::met_at.is_null()),
        )
        .order(obligation::id)
        .select(obligation::material)
        .load(conn.sql)?)
}

/// The same of several cases of a pool: case and name.
pub fn promised_in(
    conn: &mut Conn<'_>,
    pool: Pool,
    cases: &[CaseId],
) -> Result<Vec<(CaseId, String)>, StoreError> {
    Ok(obligation::table
        .filter(obligation::pool.eq(pool))
        .filter(any_of(obligation::case_id, cases).and(obligation::met_at.is_null()))
        .order(obligation::id)
        .select((obligation::case_id, obligation::material))
        .load(conn.sql)?)
}

/// Marks the promises of a material as met; returns how many there were.
pub fn meet(
    conn: &mut Conn<'_>,
    pool: Pool,
    case: CaseId,
    name: &str,
    at: Ts,
) -> Result<usize, StoreError> {
    Ok(diesel::update(
        obligation::table.filter(
            obligation::pool
                .eq(pool)
                .and(obligation::case_id.eq(case))
                .and(obligation::material.eq(name))
                .and(obligation::met_at.is_null()),
        ),
    )
    .set(obligation::met_at.eq(at))
    .execute(conn.sql)?)
}
