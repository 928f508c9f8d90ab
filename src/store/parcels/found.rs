//! What was found in a parcel of the materials of its cases.

use diesel::prelude::*;

use super::Place;
use crate::domain::ids::CaseId;
use crate::domain::parcel::Found;
use crate::domain::place::Pool;
use crate::domain::time::Ts;
use crate::store::conn::Conn;
use crate::store::error::StoreError;
use crate::store::schema::parcel_paper;

/// A material as it was found.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Checked {
    /// The case it belongs to.
    pub case: CaseId,
    /// Name of the item's material.
    pub material: String,
    /// What was found.
    pub found: Found,
}

/// Writes down what was found of a case's materials, in the place of what was written before.
pub fn check(
    conn: &mut Conn<'_>,
    (pool, parcel): Place,
    case: CaseId,
    found: &[(&str, Found)],
    at: Ts,
) -> Result<(), StoreError> {
    let here = parcel_paper::pool
        .eq(pool)
        .and(parcel_paper::parcel_id.eq(parcel))
        .and(parcel_paper::case_id.eq(case));
    diesel::delete(parcel_paper::table.filter(here)).execute(conn.sql)?;
    for (material, found) in found {
        let values = (
            parcel_paper::pool.eq(pool),
            parcel_paper::parcel_id.eq(parcel),
            parcel_paper::case_id.eq(case),
            parcel_paper::material.eq(*material),
            parcel_paper::found.eq(*found),
            parcel_paper::checked_at.eq(at),
        );
        diesel::insert_into(parcel_paper::table)
            .values(values)
            .execute(conn.sql)?;
    }
    Ok(())
}

/// What was found in a parcel, by case and material.
pub fn checked(conn: &mut Conn<'_>, (pool, parcel): Place) -> Result<Vec<Checked>, StoreError> {
    let here = parcel_paper::pool
        .eq(pool)
        .and(parcel_paper::parcel_id.eq(parcel));
    Ok(parcel_paper::table
        .filter(here)
        .order((parcel_paper::case_id, parcel_paper::material))
        .select((
            parcel_paper::case_id,
            parcel_paper::material,
            parcel_paper::found,
        ))
        .load(conn.sql)?)
}

/// The materials of a case that no parcel held fit to be used, each with what was found of it last.
pub fn unfit(
    conn: &mut Conn<'_>,
    (pool, case): (Pool, CaseId),
) -> Result<Vec<(String, Found)>, StoreError> {
    let rows: Vec<(String, Found)> = parcel_paper::table
        .filter(
            parcel_paper::pool
                .eq(pool)
                .and(parcel_paper::case_id.eq(case)),
        )
        .order((parcel_paper::material, parcel_paper::parcel_id))
        .select((parcel_paper::material, parcel_paper::found))
        .load(conn.sql)?;
    let mut unfit: Vec<(String, Found)> = vec![];
    let mut fit: Vec<String> = vec![];
    for (material, found) in rows {
        unfit.retain(|(name, _)| *name != material);
        match found.is_fit() {
            true => fit.push(material),
            false if fit.contains(&material) => {}
            false => unfit.push((material, found)),
        }
    }
    Ok(unfit)
}
