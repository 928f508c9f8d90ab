//! Samples of finished cases and what a second look found in each. Words are sealed; a finding is written once.

use diesel::prelude::*;

use super::conn::Conn;
use super::error::StoreError;
use super::follow_ups::Changed;
use super::schema::{cases, sample, sample_case};
use crate::domain::ids::{AccountId, CaseId, PersonId, SampleId};
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::sample::Finding;
use crate::domain::time::{Day, Ts};

/// A sample.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Sample {
    /// Identifier.
    pub id: SampleId,
    /// The agency.
    pub agency: AgencyCode,
    /// Who drew it.
    pub drawn_by: AccountId,
    /// When.
    pub drawn_at: Ts,
    /// First Beijing day of the period.
    pub from: Day,
    /// Last Beijing day of it.
    pub to: Day,
    /// What it was drawn with.
    pub seed: i64,
    /// How many cases were asked for.
    pub wanted: i32,
    /// Finished cases of the period.
    pub population: i32,
}

/// Writes a sample and its cases, in the order they were drawn.
pub fn insert(conn: &mut Conn<'_>, drawn: &Sample, ids: &[CaseId]) -> Result<(), StoreError> {
    let pool = drawn.agency.pool();
    diesel::insert_into(sample::table)
        .values((
            sample::pool.eq(pool),
            sample::id.eq(drawn.id),
            sample::agency.eq(drawn.agency),
            sample::drawn_by.eq(drawn.drawn_by),
            sample::drawn_at.eq(drawn.drawn_at),
            sample::from_day.eq(drawn.from),
            sample::to_day.eq(drawn.to),
            sample::seed.eq(drawn.seed),
            sample::wanted.eq(drawn.wanted),
            sample::population.eq(drawn.population),
        ))
        .execute(conn.sql)?;
    for (place, case) in (1..).zip(ids) {
        diesel::insert_into(sample_case::table)
            .values((
                sample_case::pool.eq(pool),
                sample_case::sample_id.eq(drawn.id),
                sample_case::case_id.eq(*case),
                sample_case::place.eq(place),
            ))
            .execute(conn.sql)?;
    }
    Ok(())
}

const COLUMNS: (
    sample::id,
    sample::agency,
    sample::drawn_by,
    sample::drawn_at,
    sample::from_day,
    sample::to_day,
    sample::seed,
    sample::wanted,
    sample::population,
) = (
    sample::id,
    sample::agency,
    sample::drawn_by,
    sample::drawn_at,
    sample::from_day,
    sample::to_day,
    sample::seed,
    sample::wanted,
    sample::population,
);

/// The latest samples of an agency.
pub fn latest(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    limit: i64,
) -> Result<Vec<Sample>, StoreError> {
    Ok(sample::table
        .filter(
            sample::pool
                .eq(agency.pool())
                .and(sample::agency.eq(agency)),
        )
        .order((sample::drawn_at.desc(), sample::id.desc()))
        .limit(limit)
        .select(COLUMNS)
        .load(conn.sql)?)
}

/// A sample of a pool.
pub fn by_id(conn: &mut Conn<'_>, pool: Pool, id: SampleId) -> Result<Option<Sample>, StoreError> {
    Ok(sample::table
        .find((pool, id))
        .select(COLUMNS)
        .first(conn.sql)
        .optional()?)
}

/// A case of a sample and what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// The case.
    pub case: CaseId,
    /// Its receipt number.
    pub receipt_no: String,
    /// Slug of its item.
    pub item: String,
    /// The person concerned.
    pub person: PersonId,
    /// Who filed.
    pub filed_by: AccountId,
    /// What was found, by whom and when.
    pub found: Option<(Finding, AccountId, Ts)>,
    /// What is wrong.
    pub words: Option<String>,
}

type Row = (
    (CaseId, String, String, PersonId, AccountId),
    (
        Option<Finding>,
        Option<Vec<u8>>,
        Option<AccountId>,
        Option<Ts>,
    ),
);

/// The cases of a sample, in the order they were drawn.
pub fn cases_of(conn: &mut Conn<'_>, pool: Pool, id: SampleId) -> Result<Vec<Drawn>, StoreError> {
    let rows: Vec<Row> = sample_case::table
        .inner_join(
            cases::table.on(cases::pool
                .eq(sample_case::pool)
                .and(cases::id.eq(sample_case::case_id))),
        )
        .filter(
            sample_case::pool
                .eq(pool)
                .and(sample_case::sample_id.eq(id)),
        )
        .order(sample_case::place)
        .select((
            (
                cases::id,
                cases::receipt_no,
                cases::item,
                cases::person_id,
                cases::filed_by,
            ),
            (
                sample_case::outcome,
                sample_case::words,
                sample_case::looked_by,
                sample_case::looked_at,
            ),
        ))
        .load(conn.sql)?;
    rows.into_iter()
        .map(
            |((case, receipt_no, item, person, filed_by), (outcome, words, by, at))| {
                Ok(Drawn {
                    case,
                    receipt_no,
                    item,
                    person,
                    filed_by,
                    found: outcome
                        .zip(by)
                        .zip(at)
                        .map(|((finding, by), at)| (finding, by, at)),
                    words: words
                        .map(|sealed| conn.vault.open_text(&sealed))
                        .transpose()?,
                })
            },
        )
        .collect()
}

/// Writes down what a second look found, once.
pub fn look(
    conn: &mut Conn<'_>,
    (pool, id, case): (Pool, SampleId, CaseId),
    (finding, words): (Finding, Option<&str>),
    (by, at): (AccountId, Ts),
) -> Result<Changed, StoreError> {
    let sealed = words.map(|words| conn.vault.seal_text(words)).transpose()?;
    let target = sample_case::table
        .find((pool, id, case))
        .filter(sample_case::outcome.is_null());
    let rows = diesel::update(target)
        .set((
            sample_case::outcome.eq(finding),
            sample_case::words.eq(sealed),
            sample_case::looked_by.eq(by),
            sample_case::looked_at.eq(at),
        ))
        .execute(conn.sql)?;
    Ok(Changed::by(rows))
}
