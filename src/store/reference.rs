//! Reference data that replace what came with the program: regions and holiday arrangements. Versions are
//! added, never changed.

use diesel::prelude::*;
use strum::{EnumString, IntoStaticStr};

use super::conn::Conn;
use super::error::StoreError;
use super::schema::reference_data;
use crate::domain::time::Ts;

/// Kinds of reference data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Kind {
    /// Region codes (GB/T 2260): the latest version replaces the program's list.
    Regions,
    /// One year's arrangement of working days: each version is added to the program's.
    Calendar,
}

impl Kind {
    fn name(self) -> &'static str {
        self.into()
    }
}

/// Number of the last version; 0 when there is none.
pub fn latest(conn: &mut Conn<'_>, kind: Kind) -> Result<i32, StoreError> {
    let last: Option<i32> = reference_data::table
        .filter(reference_data::kind.eq(kind.name()))
        .select(diesel::dsl::max(reference_data::version))
        .first(conn.sql)?;
    Ok(last.unwrap_or_default())
}

/// Adds a version; returns its number.
pub fn add(
    conn: &mut Conn<'_>,
    kind: Kind,
    body: &str,
    source: &str,
    at: Ts,
) -> Result<i32, StoreError> {
    let version = latest(conn, kind)? + 1;
    diesel::insert_into(reference_data::table)
        .values((
            reference_data::kind.eq(kind.name()),
            reference_data::version.eq(version),
            reference_data::body.eq(body),
            reference_data::source.eq(source),
            reference_data::imported_at.eq(at),
        ))
        .execute(conn.sql)?;
    Ok(version)
}

/// All versions of a kind with their numbers, oldest first.
pub fn all(conn: &mut Conn<'_>, kind: Kind) -> Result<Vec<(i32, String)>, StoreError> {
    Ok(reference_data::table
        .filter(reference_data::kind.eq(kind.name()))
        .order(reference_data::version)
        .select((reference_data::version, reference_data::body))
        .load(conn.sql)?)
}
