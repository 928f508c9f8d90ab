//! Pages of the ledger, newest admission first, by keyset: an institution's, an agency's, a pool's.

use diesel::prelude::*;

use super::{Entered, Row};
use crate::domain::id_number::IdNumber;
use crate::domain::ids::{InstitutionId, PatientId};
use crate::domain::patient::{Progress, Status};
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::time::Day;
use crate::store::blind;
use crate::store::conn::Conn;
use crate::store::error::StoreError;
use crate::store::schema::patient;

/// Whose ledger it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// An institution's of a pool.
    Institution(Pool, InstitutionId),
    /// That of all institutions where an agency is the place of treatment.
    Agency(AgencyCode),
    /// That of all institutions of a pool.
    Pool(Pool),
}

/// Whether they are still there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Presence {
    /// Not discharged.
    Here,
    /// Discharged.
    Discharged,
}

/// What is listed.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only with this condition.
    pub status: Option<Status>,
    /// Only who is there, or who is not any more.
    pub presence: Option<Presence>,
    /// Only stays of this person.
    pub id_number: Option<IdNumber>,
}

/// The place after which a page goes on.
pub type Place = (Day, PatientId);

/// A page of the ledger.
pub fn page(
    conn: &mut Conn<'_>,
    scope: Scope,
    filter: &Filter,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<Entered>, StoreError> {
    let mut query = patient::table.into_boxed();
    query = match scope {
        Scope::Institution(pool, institution) => query
            .filter(patient::pool.eq(pool))
            .filter(patient::institution_id.eq(institution)),
        Scope::Agency(agency) => query
            .filter(patient::pool.eq(agency.pool()))
            .filter(patient::agency.eq(agency)),
        Scope::Pool(pool) => query.filter(patient::pool.eq(pool)),
    };
    if let Some(status) = filter.status {
        query = query.filter(patient::status.eq(status));
    }
    query = match filter.presence {
        Some(Presence::Here) => query.filter(patient::discharged_on.is_null()),
        Some(Presence::Discharged) => query.filter(patient::discharged_on.is_not_null()),
        None => query,
    };
    if let Some(number) = &filter.id_number {
        let hash = conn.vault.blind(blind::ID_NUMBER, number.as_str());
        query = query.filter(patient::id_hash.eq(hash));
    }
    if let Some((day, id)) = after {
        query = query
            .filter(patient::admitted_on.le(day))
            .filter(patient::admitted_on.lt(day).or(patient::id.lt(id)));
    }
    let rows: Vec<Row> = query
        .order((patient::admitted_on.desc(), patient::id.desc()))
        .limit(limit)
        .select(Row::as_select())
        .load(conn.sql)?;
    rows.into_iter().map(|row| row.open(conn)).collect()
}

/// How many are in an institution, and of how many of them the registration is still to come: counted up to `most`.
pub fn count_waiting(
    conn: &mut Conn<'_>,
    (pool, institution): (Pool, InstitutionId),
    most: i64,
) -> Result<(usize, usize), StoreError> {
    let here: Vec<(Status, Progress)> = patient::table
        .filter(
            patient::pool
                .eq(pool)
                .and(patient::institution_id.eq(institution)),
        )
        .filter(patient::discharged_on.is_null())
        .order((patient::admitted_on.desc(), patient::id.desc()))
        .limit(most)
        .select((patient::status, patient::registration))
        .load(conn.sql)?;
    let waiting = here.iter().filter(|(status, progress)| {
        status.is_covid() && matches!(progress, Progress::Open | Progress::Asked)
    });
    Ok((here.len(), waiting.count()))
}
