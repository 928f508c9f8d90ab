//! Finding persons of the registry by what somebody says of them. Nothing sensitive is opened here: what is looked
//! for is compared by its blind index.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::blind;
use super::conn::Conn;
use super::error::StoreError;
use super::fragments::any_of;
use super::registry::{Coverage, in_force};
use super::schema::{account, coverage, person};
use crate::domain::actor::Role;
use crate::domain::id_number::IdNumber;
use crate::domain::ids::{AccountId, EmployerId, PersonId};
use crate::domain::time::Day;

/// The person of an ID number, by its blind index.
pub fn by_id_number(
    conn: &mut Conn<'_>,
    id_number: &IdNumber,
) -> Result<Option<(PersonId, String)>, StoreError> {
    let hash = conn.vault.blind(blind::ID_NUMBER, id_number.as_str());
    Ok(person::table
        .filter(person::id_hash.eq(hash))
        .select((person::id, person::name))
        .first(conn.sql)
        .optional()?)
}

/// The persons of a name whose ID number ends in these six characters, two at most: more than one is nobody known.
pub fn by_name_and_last_six(
    conn: &mut Conn<'_>,
    name: &str,
    last_six: &str,
) -> Result<Vec<(PersonId, String)>, StoreError> {
    let hash = conn.vault.blind(blind::LAST_SIX, last_six);
    Ok(person::table
        .filter(person::last_six_hash.eq(hash))
        .filter(person::name.eq(name))
        .order(person::id)
        .limit(2)
        .select((person::id, person::name))
        .load(conn.sql)?)
}

/// Names of some persons.
pub fn names(
    conn: &mut Conn<'_>,
    ids: &[PersonId],
) -> Result<BTreeMap<PersonId, String>, StoreError> {
    let rows: Vec<(PersonId, String)> = person::table
        .filter(any_of(person::id, ids))
        .select((person::id, person::name))
        .load(conn.sql)?;
    Ok(rows.into_iter().collect())
}

/// The open logins with which a person uses the service as themselves.
pub fn logins(conn: &mut Conn<'_>, person: PersonId) -> Result<Vec<AccountId>, StoreError> {
    Ok(account::table
        .filter(account::person_id.eq(person))
        .filter(account::role.eq(Role::Resident))
        .filter(account::disabled_at.is_null())
        .order(account::id)
        .select(account::id)
        .load(conn.sql)?)
}

/// The open logins of some persons, as [`logins`] tells them of one.
pub fn logins_of(
    conn: &mut Conn<'_>,
    persons: &[PersonId],
) -> Result<BTreeMap<PersonId, Vec<AccountId>>, StoreError> {
    let rows: Vec<(Option<PersonId>, AccountId)> = account::table
        .filter(any_of(account::person_id, persons))
        .filter(account::role.eq(Role::Resident))
        .filter(account::disabled_at.is_null())
        .order(account::id)
        .select((account::person_id, account::id))
        .load(conn.sql)?;
    let mut found: BTreeMap<PersonId, Vec<AccountId>> = BTreeMap::new();
    for (person, login) in rows {
        if let Some(person) = person {
            found.entry(person).or_default().push(login);
        }
    }
    Ok(found)
}

/// A person with the coverage in force on a day, and the employer that pays for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Insured {
    /// The person.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their phone number, sealed.
    pub phone: Option<Vec<u8>>,
    /// Where and how they are insured.
    pub coverage: Coverage,
    /// Who pays, if an employer does.
    pub employer: Option<EmployerId>,
}

type InsuredRow = (
    (PersonId, Vec<u8>, String, Option<Vec<u8>>),
    Coverage,
    Option<EmployerId>,
);

/// Who of some ID numbers is insured on a day, by the coverage begun last; in one statement.
pub fn insured_of(
    conn: &mut Conn<'_>,
    numbers: &[&IdNumber],
    day: Day,
) -> Result<BTreeMap<IdNumber, Insured>, StoreError> {
    let by_hash: BTreeMap<Vec<u8>, &IdNumber> = numbers
        .iter()
        .map(|number| (conn.vault.blind(blind::ID_NUMBER, number.as_str()), *number))
        .collect();
    if by_hash.is_empty() {
        return Ok(BTreeMap::new());
    }
    let hashes: Vec<Vec<u8>> = by_hash.keys().cloned().collect();
    let rows: Vec<InsuredRow> = coverage::table
        .inner_join(person::table.on(person::id.eq(coverage::person_id)))
        .filter(person::id_hash.eq_any(hashes).and(in_force(day)))
        .order((coverage::valid_from.desc(), coverage::id.desc()))
        .select((
            (person::id, person::id_hash, person::name, person::phone),
            Coverage::as_select(),
            coverage::employer_id,
        ))
        .load(conn.sql)?;
    let mut found = BTreeMap::new();
    for ((person, hash, name, phone), coverage, employer) in rows {
        if let Some(number) = by_hash.get(&hash) {
            // The first is the one begun last.
            found.entry((*number).clone()).or_insert(Insured {
                person,
                name,
                phone,
                coverage,
                employer,
            });
        }
    }
    Ok(found)
}
