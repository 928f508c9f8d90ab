//! What the rows of a list are held against, read for many at once. Nothing is judged or saved here.

use std::collections::{BTreeMap, BTreeSet};

use super::STAFF_LIST;
use super::judging::Before;
use super::row::Read;
use crate::domain::actor::Actor;
use crate::domain::batch::Batch;
use crate::domain::id_number::IdNumber;
use crate::domain::ids::{CaseId, PersonId};
use crate::domain::registration::Registration;
use crate::store::cases::Listed;
use crate::store::people::Insured;
use crate::store::{Conn, StoreError, batches, cases, guards, papers, registrations};

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

/// The cases behind registrations that count, of those the employer's agents filed.
pub(super) fn own(
    conn: &mut Conn<'_>,
    batch: &Batch,
    agent: &Actor,
    before: &Before,
) -> Result<BTreeMap<CaseId, Listed>, StoreError> {
    let found = cases::by_ids(conn, batch.pool, &made_by(&before.registrations))?;
    Ok(found
        .into_iter()
        .filter(|listed| agent.colleagues.contains(&listed.case.filed_by))
        .map(|listed| (listed.case.id, listed))
        .collect())
}

/// Which of them wait for the full list (CAS-4).
pub(super) fn awaiting(
    conn: &mut Conn<'_>,
    batch: &Batch,
    own: &BTreeMap<CaseId, Listed>,
) -> Result<BTreeSet<CaseId>, StoreError> {
    let cases: Vec<CaseId> = own.keys().copied().collect();
    let promised = papers::promised_in(conn, batch.pool, &cases)?;
    Ok(promised
        .into_iter()
        .filter(|(_, material)| material == STAFF_LIST)
        .map(|(case, _)| case)
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
