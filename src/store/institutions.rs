//! Designated institutions (定点医药机构) as the ledger asks for them. They are entered with the registry.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use super::conn::Conn;
use super::error::StoreError;
use super::fragments::any_of;
use super::registry::Institution;
use super::schema::institution;
use crate::domain::ids::InstitutionId;
use crate::domain::place::Pool;
use crate::domain::region::RegionCode;

type Row = (InstitutionId, String, String, String, i32, Pool, String);

/// The columns of a row.
type Columns = (
    institution::id,
    institution::code,
    institution::name,
    institution::kind,
    institution::level,
    institution::pool,
    institution::region,
);
const COLUMNS: Columns = (
    institution::id,
    institution::code,
    institution::name,
    institution::kind,
    institution::level,
    institution::pool,
    institution::region,
);

/// An institution by its identifier.
pub fn find(conn: &mut Conn<'_>, id: InstitutionId) -> Result<Option<Institution>, StoreError> {
    let row: Option<Row> = institution::table
        .find(id)
        .select(COLUMNS)
        .first(conn.sql)
        .optional()?;
    row.map(read).transpose()
}

/// An institution by its code.
pub fn by_code(conn: &mut Conn<'_>, code: &str) -> Result<Option<Institution>, StoreError> {
    let row: Option<Row> = institution::table
        .filter(institution::code.eq(code))
        .select(COLUMNS)
        .first(conn.sql)
        .optional()?;
    row.map(read).transpose()
}

/// Institutions with this in their names, or whose codes begin so, by name.
pub fn search(
    conn: &mut Conn<'_>,
    sought: &str,
    most: i64,
) -> Result<Vec<Institution>, StoreError> {
    let plain = sought
        .replace('\\', r"\\")
        .replace('%', r"\%")
        .replace('_', r"\_");
    let named = institution::name.like(format!("%{plain}%")).escape('\\');
    let coded = institution::code
        .like(format!("{}%", plain.to_ascii_uppercase()))
        .escape('\\');
    let rows: Vec<Row> = institution::table
        .filter(named.or(coded))
        .order((institution::name, institution::id))
        .limit(most)
        .select(COLUMNS)
        .load(conn.sql)?;
    rows.into_iter().map(read).collect()
}

fn read((id, code, name, kind, level, pool, region): Row) -> Result<Institution, StoreError> {
    let region = RegionCode::parse(&region)
        .ok_or_else(|| StoreError::Corrupt(format!("institution {id}: region")))?;
    Ok(Institution {
        id,
        code,
        name,
        kind,
        level,
        pool,
        region,
    })
}

/// Names of institutions.
pub fn names(
    conn: &mut Conn<'_>,
    ids: &BTreeSet<InstitutionId>,
) -> Result<BTreeMap<InstitutionId, String>, StoreError> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let ids: Vec<InstitutionId> = ids.iter().copied().collect();
    let rows: Vec<(InstitutionId, String)> = institution::table
        .filter(any_of(institution::id, &ids))
        .select((institution::id, institution::name))
        .load(conn.sql)?;
    Ok(rows.into_iter().collect())
}
