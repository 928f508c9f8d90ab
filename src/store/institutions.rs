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

/// An institution by its identifier.
pub fn find(conn: &mut Conn<'_>, id: InstitutionId) -> Result<Option<Institution>, StoreError> {
    type Row = (InstitutionId, String, String, String, i32, Pool, String);
    let row: Option<Row> = institution::table
        .find(id)
        .select((
            institution::id,
            institution::code,
            institution::name,
            institution::kind,
            institution::level,
            institution::pool,
            institution::region,
        ))
        .first(conn.sql)
        .optional()?;
    let Some((id, code, name, kind, level, pool, region)) = row else {
        return Ok(None);
    };
    let region = RegionCode::parse(&region)
        .ok_or_else(|| StoreError::Corrupt(format!("institution {id}: region")))?;
    Ok(Some(Institution {
        id,
        code,
        name,
        kind,
        level,
        pool,
        region,
    }))
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
