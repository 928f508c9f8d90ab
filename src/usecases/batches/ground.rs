//! What the rows of a list are held against, read for many at once. Nothing is judged or saved here.

use std::collections::{BTreeMap, BTreeSet};

use super::judging::Before;
use super::row::Read;
use crate::domain::actor::Actor;
use crate::domain::batch::Batch;
use crate::domain::id_number::IdNumber;
use crate::domain::ids::{CaseId, PersonId};
use crate::domain::registration::Registration;
use crate::store::people::Insured;
use crate::store::{Conn, StoreError, batches, cases, guards, registrations};

/// What stands of the staff among the rows, read under the guards of their registrations (XR-2).
pub(super) fn before(
    conn: &mut Conn<'_>,
    batch: &Batch,
    insured: &BTreeMap<IdNumber, Insured>,
) -> Result<Before, StoreError> {
    let staff: BTreeSet<PersonId> = insured
        .values()
        .filter(|one| one.employer == Some(batch.employer) && one.coverage.pool == batch.pool)
        .map(|one| one.person)
        .collect();
    guards::persons_registrations(conn, batch.pool, &staff)?;
    let staff: Vec<PersonId> = staff.into_iter().collect();
    let registrations = registrations::of_persons(conn, &staff)?;
    let rows = batches::numbers_of(conn, batch, &made_by(&registrations))?;
    Ok(Before {
        registrations,
        rows,
    })
}

/// Receipt numbers of what the employer's agents filed.
pub(super) fn own(
    conn: &mut Conn<'_>,
    batch: &Batch,
    agent: &Actor,
    before: &Before,
) -> Result<BTreeMap<CaseId, String>, StoreError> {
    let found = cases::by_ids(conn, batch.pool, &made_by(&before.registrations))?;
    Ok(found
        .into_iter()
        .map(|listed| listed.case)
        .filter(|case| agent.colleagues.contains(&case.filed_by))
        .map(|case| (case.id, case.receipt_no))
        .collect())
}

/// The cases behind registrations that count (XR-2).
fn made_by(registrations: &BTreeMap<PersonId, Vec<Registration>>) -> Vec<CaseId> {
    let all = registrations.values().flatten();
    all.filter(|one| one.counts()).map(|one| one.case).collect()
}

/// The registry's phone numbers of rows that give none; nothing else of it is opened.
pub(super) fn phones<'r>(
    conn: &Conn<'_>,
    batch: &Batch,
    rows: impl Iterator<Item = &'r Read>,
    insured: &BTreeMap<IdNumber, Insured>,
) -> Result<BTreeMap<PersonId, String>, StoreError> {
    let mut phones = BTreeMap::new();
    for row in rows {
        let (Ok(number), Ok(answers)) = (&row.who, &row.answers) else {
            continue;
        };
        if let (false, Some(found)) = (answers.contains_key("phone"), insured.get(number))
            && found.employer == Some(batch.employer)
            && let Some(sealed) = &found.phone
        {
            phones.insert(found.person, conn.vault.open_text(sealed)?);
        }
    }
    Ok(phones)
}
