//! What an auditor reads: journal, seals and anchors as they lie in the tables, by keyset in chunks, read-only and
//! without any key. Columns are taken as text, so that a value somebody wrote by hand is found and not an error.
//! Nothing here judges: that is the use case's.

use std::collections::BTreeMap;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use super::cases;
use super::chain::Head;
use super::conn::{AnyConn, Location};
use super::error::StoreError;
use super::migrations;
use super::schema::{anchor, case_event, seal, seal_entry, unsealed_event};
use crate::domain::ids::CaseId;

mod rows;

pub use rows::{AnchorRow, EventRow, SealRow};

/// Events of one chunk at most, unless a single case has more.
const EVENTS: i64 = 2000;
/// Cases of one chunk at most.
const CASES: i64 = 1000;
/// Seals of one chunk at most.
const SEALS: i64 = 200;
/// Cases of one seal at most; the sealer never names as many.
const HEADS: i64 = 10_000;

/// A connection that can't write. Each chunk is one state of the database; the next may be a later one, so that an
/// auditor keeps nobody from writing.
pub struct Reader {
    sql: AnyConn,
}

impl Reader {
    /// Opens a database, live or not.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] with the database's own words, or when its schema is not this program's.
    pub fn open(location: &Location) -> Result<Self, StoreError> {
        let mut sql = location.connect_read_only()?;
        let differences = migrations::differences(&mut sql)?;
        if differences.is_empty() {
            return Ok(Self { sql });
        }
        Err(StoreError::Unavailable(format!(
            "the schema is another program's or not up to date: {}",
            differences.join(", ")
        )))
    }

    fn snapshot<T>(
        &mut self,
        work: impl FnOnce(&mut AnyConn) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.sql.transaction(work)
    }

    /// The first pool after `after` that has an event, a case, a seal or an anchor.
    pub fn next_pool(&mut self, after: &str) -> Result<Option<String>, StoreError> {
        let sql = &mut self.sql;
        let found: [Option<String>; 4] = [
            case_event::table
                .filter(case_event::pool.gt(after))
                .order(case_event::pool)
                .select(case_event::pool)
                .first(sql)
                .optional()?,
            cases::next_pool(sql, after)?,
            seal::table
                .filter(seal::pool.gt(after))
                .order(seal::pool)
                .select(seal::pool)
                .first(sql)
                .optional()?,
            anchor::table
                .filter(anchor::pool.gt(after))
                .order(anchor::pool)
                .select(anchor::pool)
                .first(sql)
                .optional()?,
        ];
        Ok(found.into_iter().flatten().min())
    }

    /// Whole cases from beyond `after` on, in the order of their identifiers.
    pub fn cases(&mut self, pool: &str, after: CaseId) -> Result<Chunk, StoreError> {
        self.snapshot(|sql| chunk(sql, pool, after))
    }

    /// Seals from beyond `after` on.
    pub fn seals(&mut self, pool: &str, after: i32) -> Result<Vec<SealRow>, StoreError> {
        Ok(seal::table
            .filter(seal::pool.eq(pool).and(seal::number.gt(after)))
            .order(seal::number)
            .limit(SEALS)
            .select(SealRow::as_select())
            .load(&mut self.sql)?)
    }

    /// The number of a pool's last seal; 0 when there is none.
    pub fn last_seal(&mut self, pool: &str) -> Result<i32, StoreError> {
        let last: Option<i32> = seal::table
            .filter(seal::pool.eq(pool))
            .order(seal::number.desc())
            .select(seal::number)
            .first(&mut self.sql)
            .optional()?;
        Ok(last.unwrap_or_default())
    }

    /// The heads of a seal by case, each with the hash that the journal holds now for that event.
    pub fn heads(&mut self, pool: &str, number: i32) -> Result<Vec<Sealed>, StoreError> {
        let event = case_event::pool
            .eq(seal_entry::pool)
            .and(case_event::case_id.eq(seal_entry::case_id))
            .and(case_event::number.eq(seal_entry::number));
        let rows: Vec<HeadRow> = seal_entry::table
            .left_join(case_event::table.on(event))
            .filter(seal_entry::pool.eq(pool).and(seal_entry::seal.eq(number)))
            .order(seal_entry::case_id)
            .limit(HEADS)
            .select((
                seal_entry::case_id,
                seal_entry::number,
                seal_entry::hash,
                case_event::hash.nullable(),
            ))
            .load(&mut self.sql)?;
        let sealed = |(case, number, hash, now)| Sealed {
            head: Head { case, number, hash },
            now,
        };
        Ok(rows.into_iter().map(sealed).collect())
    }

    /// The anchors of a pool, one a day, oldest first.
    pub fn anchors(&mut self, pool: &str) -> Result<Vec<AnchorRow>, StoreError> {
        Ok(anchor::table
            .filter(anchor::pool.eq(pool))
            .order(anchor::day)
            .select(AnchorRow::as_select())
            .load(&mut self.sql)?)
    }

    /// Events that wait for a seal but are not in the journal, up to a chunk of them.
    pub fn lost(&mut self, pool: &str) -> Result<Vec<(CaseId, i32)>, StoreError> {
        let event = case_event::pool
            .eq(unsealed_event::pool)
            .and(case_event::case_id.eq(unsealed_event::case_id))
            .and(case_event::number.eq(unsealed_event::number));
        Ok(unsealed_event::table
            .left_join(case_event::table.on(event))
            .filter(unsealed_event::pool.eq(pool))
            .filter(case_event::number.nullable().is_null())
            .order((unsealed_event::case_id, unsealed_event::number))
            .limit(CASES)
            .select((unsealed_event::case_id, unsealed_event::number))
            .load(&mut self.sql)?)
    }
}

/// A head as sealed, and what the journal holds in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// As sealed.
    pub head: Head,
    /// Hash of that event now; `None` when it is gone.
    pub now: Option<Vec<u8>>,
}

/// Case, number, hash as sealed, hash now.
type HeadRow = (CaseId, i32, Vec<u8>, Option<Vec<u8>>);

/// Some cases, whole.
#[derive(Debug)]
pub struct Chunk {
    /// In the order of their identifiers.
    pub cases: Vec<Audited>,
    /// Where the next chunk begins; `None` after the last.
    pub next: Option<CaseId>,
}

/// Everything an auditor reads of a case.
#[derive(Debug, Default)]
pub struct Audited {
    /// Its journal by number.
    pub events: Vec<EventRow>,
    /// Its row; `None` when there is none.
    pub row: Option<cases::Audited>,
    /// The highest event number that a seal names, and the last seal that names the case.
    pub sealed: Option<(i32, i32)>,
    /// Numbers of its events that wait for a seal; read only where the journal goes on after `sealed`.
    pub waiting: Vec<i32>,
    /// Its identifier; there in every case of a chunk.
    pub id: Option<CaseId>,
}

fn chunk(sql: &mut AnyConn, pool: &str, after: CaseId) -> Result<Chunk, StoreError> {
    let mut events: Vec<EventRow> = case_event::table
        .filter(case_event::pool.eq(pool).and(case_event::case_id.gt(after)))
        .order((case_event::case_id, case_event::number))
        .limit(EVENTS)
        .select(EventRow::as_select())
        .load(sql)?;
    let rows = cases::audited(sql, pool, after, CASES)?;
    let mut next = None;
    if is_full(events.len(), EVENTS) {
        // The last case may go on beyond the chunk: it is left to the next one, unless it is the only one.
        let last = events.last().map(|event| event.case_id);
        let mut whole = events.iter().rev().map(|event| event.case_id);
        next = whole.find(|id| Some(*id) != last);
        if let (None, Some(only)) = (next, last) {
            events = events_of(sql, pool, only)?;
            next = Some(only);
        }
    }
    if is_full(rows.len(), CASES) {
        let last = rows.last().map(|(id, _)| *id);
        next = next.into_iter().chain(last).min();
    }
    let within = |id: CaseId| next.is_none_or(|next| id <= next);
    let mut found: BTreeMap<CaseId, Audited> = BTreeMap::new();
    for event in events.into_iter().filter(|event| within(event.case_id)) {
        found.entry(event.case_id).or_default().events.push(event);
    }
    for (id, row) in rows.into_iter().filter(|(id, _)| within(*id)) {
        found.entry(id).or_default().row = Some(row);
    }
    attest(sql, pool, &mut found)?;
    Ok(Chunk {
        cases: found
            .into_iter()
            .map(|(id, case)| Audited {
                id: Some(id),
                ..case
            })
            .collect(),
        next,
    })
}

fn is_full(found: usize, limit: i64) -> bool {
    i64::try_from(found).is_ok_and(|found| found >= limit)
}

fn events_of(sql: &mut AnyConn, pool: &str, case: CaseId) -> Result<Vec<EventRow>, StoreError> {
    Ok(case_event::table
        .filter(case_event::pool.eq(pool).and(case_event::case_id.eq(case)))
        .order(case_event::number)
        .select(EventRow::as_select())
        .load(sql)?)
}

/// Adds what seals and the queue say of the cases.
fn attest(
    sql: &mut AnyConn,
    pool: &str,
    found: &mut BTreeMap<CaseId, Audited>,
) -> Result<(), StoreError> {
    let ids: Vec<CaseId> = found.keys().copied().collect();
    let heads: Vec<(CaseId, Option<i32>, Option<i32>)> = seal_entry::table
        .filter(
            seal_entry::pool
                .eq(pool)
                .and(seal_entry::case_id.eq_any(ids)),
        )
        .group_by(seal_entry::case_id)
        .select((
            seal_entry::case_id,
            diesel::dsl::max(seal_entry::number),
            diesel::dsl::max(seal_entry::seal),
        ))
        .load(sql)?;
    for (id, number, seal) in heads {
        if let Some(case) = found.get_mut(&id) {
            case.sealed = number.zip(seal);
        }
    }
    let goes_on = |case: &Audited| {
        let last = case.events.last().map(|event| event.number);
        last > case.sealed.map(|(number, _)| number)
    };
    let open: Vec<CaseId> = found
        .iter()
        .filter(|(_, case)| goes_on(case))
        .map(|(id, _)| *id)
        .collect();
    let waiting: Vec<(CaseId, i32)> = unsealed_event::table
        .filter(
            unsealed_event::pool
                .eq(pool)
                .and(unsealed_event::case_id.eq_any(open)),
        )
        .order((unsealed_event::case_id, unsealed_event::number))
        .select((unsealed_event::case_id, unsealed_event::number))
        .load(sql)?;
    for (id, number) in waiting {
        if let Some(case) = found.get_mut(&id) {
            case.waiting.push(number);
        }
    }
    Ok(())
}

impl Location {
    /// Opens a connection that can't write.
    fn connect_read_only(&self) -> Result<AnyConn, StoreError> {
        match self {
            Self::File(path) => {
                let path = path.to_string_lossy();
                let path = path
                    .replace('%', "%25")
                    .replace('?', "%3f")
                    .replace('#', "%23");
                let mut conn = SqliteConnection::establish(&format!("file:{path}?mode=ro"))
                    .map_err(|e| StoreError::Unavailable(e.to_string()))?;
                conn.batch_execute(
                    "PRAGMA busy_timeout = 5000; PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; \
                     PRAGMA cache_size = -16384;",
                )?;
                Ok(AnyConn::Sqlite(conn))
            }
            Self::Server(url) => {
                let mut conn = PgConnection::establish(url)
                    .map_err(|e| StoreError::Unavailable(e.to_string()))?;
                conn.batch_execute(
                    "SET TIME ZONE 'UTC'; SET default_transaction_read_only = on; \
                     SET default_transaction_isolation = 'repeatable read'; SET lock_timeout = '3s';",
                )?;
                Ok(AnyConn::Postgres(conn))
            }
        }
    }
}
