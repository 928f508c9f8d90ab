//! Finding persons of the registry by what somebody says of them. Nothing sensitive is opened here: what is looked
//! for is compared by its blind index.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::blind;
use super::conn::Conn;
use super::error::StoreError;
use super::fragments::any_of;
use super::schema::{account, person};
use crate::domain::actor::Role;
use crate::domain::id_number::IdNumber;
use crate::domain::ids::{AccountId, PersonId};

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
