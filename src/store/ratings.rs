//! What applicants said of finished cases (CAS-11), append-only. Remarks are sealed. What follows from a bad one is in
//! [`super::follow_ups`].

use diesel::prelude::*;

use super::conn::Conn;
use super::dialect::OrIgnore;
use super::error::StoreError;
use super::schema::rating;
use crate::domain::case::Case;
use crate::domain::ids::{AccountId, CaseId};
use crate::domain::place::Pool;
use crate::domain::time::Ts;

/// A rating.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rating {
    /// 1 to 5.
    pub stars: u8,
    /// In words.
    pub remark: Option<String>,
    /// When.
    pub at: Ts,
}

/// Whether a rating was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rated {
    /// It was.
    Done,
    /// There is one already.
    Before,
}

/// Writes the rating of a case, if it has none.
pub fn insert(
    conn: &mut Conn<'_>,
    case: &Case,
    given: &Rating,
    by: AccountId,
) -> Result<Rated, StoreError> {
    let remark = given
        .remark
        .as_deref()
        .map(|words| conn.vault.seal_text(words))
        .transpose()?;
    let insert = diesel::insert_into(rating::table).values((
        rating::pool.eq(case.pool),
        rating::case_id.eq(case.id),
        rating::agency.eq(case.agency),
        rating::stars.eq(i32::from(given.stars)),
        rating::remark.eq(remark),
        rating::rated_by.eq(by),
        rating::rated_at.eq(given.at),
    ));
    match OrIgnore(insert).execute(conn.sql)? {
        0 => Ok(Rated::Before),
        _ => Ok(Rated::Done),
    }
}

/// The rating of a case.
pub fn of_case(
    conn: &mut Conn<'_>,
    pool: Pool,
    case: CaseId,
) -> Result<Option<Rating>, StoreError> {
    let row: Option<(i32, Option<Vec<u8>>, Ts)> = rating::table
        .find((pool, case))
        .select((rating::stars, rating::remark, rating::rated_at))
        .first(conn.sql)
        .optional()?;
    row.map(|(stars, remark, at)| {
        Ok(Rating {
            stars: u8::try_from(stars).map_err(|e| StoreError::Corrupt(e.to_string()))?,
            remark: remark
                .map(|sealed| conn.vault.open_text(&sealed))
                .transpose()?,
            at,
        })
    })
    .transpose()
}
