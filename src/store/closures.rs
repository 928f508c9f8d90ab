//! Closures of areas and times of an epidemic as administrators enter them (XR-8, DEF-6). What was withdrawn is kept.

use diesel::prelude::*;

use super::conn::Conn;
use super::error::StoreError;
use super::schema::closure;
use crate::domain::closure::{Closure, Kind};
use crate::domain::ids::ClosureId;
use crate::domain::place::Pool;
use crate::domain::time::Day;

/// All that were not withdrawn, of every pool: who is stuck somewhere is insured elsewhere (XR-8).
pub fn standing(conn: &mut Conn<'_>) -> Result<Vec<Closure>, StoreError> {
    type Row = (ClosureId, Pool, Kind, String, Day, Option<Day>, String);
    let rows: Vec<Row> = closure::table
        .filter(closure::withdrawn_at.is_null())
        .order((closure::from_day.desc(), closure::id.desc()))
        .select((
            closure::id,
            closure::pool,
            closure::kind,
            closure::area,
            closure::from_day,
            closure::to_day,
            closure::notice,
        ))
        .load(conn.sql)?;
    Ok(rows
        .into_iter()
        .map(|(id, _, kind, area, from, to, notice)| Closure {
            id,
            kind,
            area,
            from,
            to,
            notice,
        })
        .collect())
}
