//! Logins: accounts, and who acts under them. Never here: whether a password is right, whether a session is
//! still good; passwords come and go as argon2 hashes only. Sessions, keys and limits are in
//! [`super::sessions`].

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use super::fragments::any_of;
use super::schema::{account, person};
use super::{Conn, StoreError, blind};
use crate::domain::actor::{Actor, Identified, Role};
use crate::domain::ids::{AccountId, EmployerId, InstitutionId, PersonId};
use crate::domain::locale::Locale;
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::time::Ts;

/// A login to be created.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Identifier.
    pub id: AccountId,
    /// Name to sign in with; stored as [`normal_name`] writes it.
    pub username: String,
    /// argon2id, as a PHC string.
    pub password_hash: String,
    /// What they are here as (CAS-10).
    pub role: Role,
    /// Name to show.
    pub name: String,
    /// Pool of staff; residents have none, theirs follows from their coverage.
    pub pool: Option<Pool>,
    /// Agency of staff.
    pub agency: Option<AgencyCode>,
    /// Who they are in the registry.
    pub person: Option<PersonId>,
    /// The employer they act for.
    pub employer: Option<EmployerId>,
    /// The institution they work at.
    pub institution: Option<InstitutionId>,
    /// Language of messages.
    pub locale: Locale,
    /// Where mail goes; sealed.
    pub email: Option<String>,
    /// Real clock.
    pub created_at: Ts,
}

/// What a sign-in is checked against.
#[derive(Clone, Debug, Queryable)]
pub struct Credentials {
    /// The account.
    pub account: AccountId,
    /// Its name, normalised.
    pub username: String,
    /// argon2id, as a PHC string.
    pub password_hash: String,
    /// What they are here as.
    pub role: Role,
    /// Language of messages.
    pub locale: Locale,
    /// Sessions carry it; one of an older epoch has ended.
    pub epoch: i32,
    /// Since when nobody signs in with it.
    pub disabled_at: Option<Ts>,
    /// Since when it asks for a second factor.
    pub second_factor_at: Option<Ts>,
}

/// The form in which user names are compared: without outer blanks, ASCII letters small.
pub fn normal_name(typed: &str) -> String {
    storable(typed.trim()).to_ascii_lowercase()
}

/// PostgreSQL refuses NUL in a text, as a fault; nobody's name holds what stands for it here.
pub(super) fn storable(typed: &str) -> String {
    typed.replace('\0', "\u{fffd}")
}

/// Creates a login.
///
/// # Errors
/// [`StoreError::NotUnique`] when the user name is taken.
pub fn insert(conn: &mut Conn<'_>, new: &NewAccount) -> Result<(), StoreError> {
    let email = match &new.email {
        Some(email) => Some(conn.vault.seal_text(email)?),
        None => None,
    };
    diesel::insert_into(account::table)
        .values((
            account::id.eq(new.id),
            account::username.eq(normal_name(&new.username)),
            account::password_hash.eq(&new.password_hash),
            account::role.eq(new.role),
            account::name.eq(&new.name),
            account::pool.eq(new.pool),
            account::agency.eq(new.agency),
            account::person_id.eq(new.person),
            account::employer_id.eq(new.employer),
            account::institution_id.eq(new.institution),
            account::locale.eq(new.locale),
            account::email.eq(email),
            account::epoch.eq(1),
            account::created_at.eq(new.created_at),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// The login that `typed` names: a user name, or the ID number of a resident. Both are looked up whatever the
/// first says, so that the time taken tells nothing.
pub fn credentials(
    conn: &mut Conn<'_>,
    typed: &str,
    id_number: &str,
) -> Result<Option<Credentials>, StoreError> {
    let by_name = account::table
        .filter(account::username.eq(normal_name(typed)))
        .select(CREDENTIALS)
        .first::<Credentials>(conn.sql)
        .optional()?;
    let hash = conn.vault.blind(blind::ID_NUMBER, id_number);
    let by_number = account::table
        .inner_join(person::table.on(person::id.nullable().eq(account::person_id)))
        .filter(person::id_hash.eq(hash))
        .filter(account::role.eq(Role::Resident))
        .order(account::id)
        .select(CREDENTIALS)
        .first::<Credentials>(conn.sql)
        .optional()?;
    Ok(by_name.or(by_number))
}

/// What a sign-in to `id` is checked against.
pub fn credentials_of(
    conn: &mut Conn<'_>,
    id: AccountId,
) -> Result<Option<Credentials>, StoreError> {
    Ok(account::table
        .find(id)
        .select(CREDENTIALS)
        .first(conn.sql)
        .optional()?)
}

type CredentialColumns = (
    account::id,
    account::username,
    account::password_hash,
    account::role,
    account::locale,
    account::epoch,
    account::disabled_at,
    account::second_factor_at,
);
const CREDENTIALS: CredentialColumns = (
    account::id,
    account::username,
    account::password_hash,
    account::role,
    account::locale,
    account::epoch,
    account::disabled_at,
    account::second_factor_at,
);

/// Stores a new password and raises the epoch, which ends every session. Returns the new epoch; `None` when
/// the account is missing.
pub fn set_password(
    conn: &mut Conn<'_>,
    id: AccountId,
    password_hash: &str,
) -> Result<Option<i32>, StoreError> {
    Ok(diesel::update(account::table.find(id))
        .set((
            account::password_hash.eq(password_hash),
            account::epoch.eq(account::epoch + 1),
        ))
        .returning(account::epoch)
        .get_result(conn.sql)
        .optional()?)
}

/// Closes the login from `at` on, or opens it again with `None`.
pub fn set_disabled(conn: &mut Conn<'_>, id: AccountId, at: Option<Ts>) -> Result<(), StoreError> {
    diesel::update(account::table.find(id))
        .set(account::disabled_at.eq(at))
        .execute(conn.sql)?;
    Ok(())
}

/// Language of messages.
pub fn set_locale(conn: &mut Conn<'_>, id: AccountId, locale: Locale) -> Result<(), StoreError> {
    diesel::update(account::table.find(id))
        .set(account::locale.eq(locale))
        .execute(conn.sql)?;
    Ok(())
}

/// Names to show of some logins.
pub fn names(
    conn: &mut Conn<'_>,
    ids: &BTreeSet<AccountId>,
) -> Result<BTreeMap<AccountId, String>, StoreError> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let ids: Vec<AccountId> = ids.iter().copied().collect();
    let rows: Vec<(AccountId, String)> = account::table
        .filter(any_of(account::id, &ids))
        .select((account::id, account::name))
        .load(conn.sql)?;
    Ok(rows.into_iter().collect())
}

/// A colleague, as lists of the desk show them.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Colleague {
    /// The login.
    pub account: AccountId,
    /// Name to sign in with.
    pub username: String,
    /// Name to show.
    pub name: String,
    /// What they are here as.
    pub role: Role,
}

/// The open logins of one role in an agency, by user name, from after `after` on (keyset).
pub fn colleagues(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    role: Role,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<Colleague>, StoreError> {
    Ok(account::table
        .filter(account::agency.eq(agency).and(account::role.eq(role)))
        .filter(account::disabled_at.is_null())
        .filter(account::username.gt(storable(after.unwrap_or_default())))
        .order(account::username)
        .limit(limit)
        .select((account::id, account::username, account::name, account::role))
        .load(conn.sql)?)
}

/// The login of that user name, if it is the agency's.
pub fn of_agency(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    username: &str,
) -> Result<Option<AccountId>, StoreError> {
    Ok(account::table
        .filter(account::username.eq(normal_name(username)))
        .filter(account::agency.eq(agency))
        .select(account::id)
        .first(conn.sql)
        .optional()?)
}

/// Whether the account exists and is not closed.
pub fn is_open(conn: &mut Conn<'_>, id: AccountId) -> Result<bool, StoreError> {
    let found: Option<AccountId> = account::table
        .filter(account::id.eq(id).and(account::disabled_at.is_null()))
        .select(account::id)
        .first(conn.sql)
        .optional()?;
    Ok(found.is_some())
}

/// How many logins there are.
pub fn count(conn: &mut Conn<'_>) -> Result<i64, StoreError> {
    Ok(account::table.count().get_result(conn.sql)?)
}

/// The columns of an [`Actor`] that stand in its account.
pub(super) type ActorColumns = (
    account::id,
    account::role,
    account::name,
    account::pool,
    account::agency,
    account::person_id,
    account::employer_id,
    account::institution_id,
);
pub(super) const ACTOR: ActorColumns = (
    account::id,
    account::role,
    account::name,
    account::pool,
    account::agency,
    account::person_id,
    account::employer_id,
    account::institution_id,
);

/// What stands in those columns.
#[derive(Queryable)]
pub(super) struct ActorRow {
    account: AccountId,
    role: Role,
    name: String,
    pool: Option<Pool>,
    agency: Option<AgencyCode>,
    person: Option<PersonId>,
    employer: Option<EmployerId>,
    institution: Option<InstitutionId>,
}

impl ActorRow {
    /// The actor with what other tables say.
    pub(super) fn actor(
        self,
        insured_at: Option<AgencyCode>,
        relatives: Vec<PersonId>,
        identified: Identified,
    ) -> Actor {
        Actor {
            account: self.account,
            role: self.role,
            name: self.name,
            pool: self.pool.or(insured_at.map(|agency| agency.pool())),
            agency: self.agency,
            insured_at,
            person: self.person,
            relatives,
            entrusted: vec![],
            employer: self.employer,
            institution: self.institution,
            colleagues: vec![],
            identified,
        }
    }
}
