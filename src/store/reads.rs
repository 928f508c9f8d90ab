//! Who read what of whom that the law calls sensitive (CAS-13). Rows are added and shown to the person
//! concerned, never changed.

use diesel::prelude::*;

use super::conn::Conn;
use super::error::StoreError;
use super::schema::{account, sensitive_read};
use crate::domain::ids::{AccountId, CaseId, PersonId, ReadId};
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::time::Ts;

/// One read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// Identifier.
    pub id: ReadId,
    /// When.
    pub at: Ts,
    /// Who read.
    pub account: AccountId,
    /// Of whom.
    pub person: PersonId,
    /// In which case.
    pub case: Option<CaseId>,
    /// What: `id-number`, `phone`, `paper:<material>` …
    pub what: String,
    /// The reason as written; may be empty.
    pub reason: String,
}

/// Writes it down.
pub fn insert(conn: &mut Conn<'_>, pool: Pool, read: &Read) -> Result<(), StoreError> {
    diesel::insert_into(sensitive_read::table)
        .values((
            sensitive_read::pool.eq(pool),
            sensitive_read::id.eq(read.id),
            sensitive_read::at.eq(read.at),
            sensitive_read::account_id.eq(read.account),
            sensitive_read::person_id.eq(read.person),
            sensitive_read::case_id.eq(read.case),
            sensitive_read::what.eq(&read.what),
            sensitive_read::reason.eq(conn.vault.seal_text(&read.reason)?),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// A read as the person concerned is told: the office, not the member of staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Identifier, the list's cursor.
    pub id: ReadId,
    /// When.
    pub at: Ts,
    /// The agency of who read.
    pub agency: Option<AgencyCode>,
    /// What.
    pub what: String,
    /// The reason as written; may be empty.
    pub reason: String,
}

type Row = (ReadId, Ts, Option<AgencyCode>, String, Vec<u8>);

/// Reads of a person's data, the latest first, from before `after` on (keyset).
pub fn of_person(
    conn: &mut Conn<'_>,
    person: PersonId,
    after: Option<ReadId>,
    limit: i64,
) -> Result<Vec<Told>, StoreError> {
    let mut query = sensitive_read::table
        .inner_join(account::table.on(account::id.eq(sensitive_read::account_id)))
        .filter(sensitive_read::person_id.eq(person))
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(sensitive_read::id.lt(after));
    }
    let rows: Vec<Row> = query
        .order(sensitive_read::id.desc())
        .select((
            sensitive_read::id,
            sensitive_read::at,
            account::agency,
            sensitive_read::what,
            sensitive_read::reason,
        ))
        .limit(limit)
        .load(conn.sql)?;
    rows.into_iter()
        .map(|(id, at, agency, what, reason)| {
            let reason = conn.vault.open_text(&reason)?;
            Ok(Told {
                id,
                at,
                agency,
                what,
                reason,
            })
        })
        .collect()
}
