//! Logins as administrators see them: of staff, employers and institutions. Never here: those of residents and of
//! whoever acts for them, and what a sign-in is checked against (CAS-10).

use diesel::prelude::*;

use super::accounts::{normal_name, storable};
use super::schema::account;
use super::{Conn, StoreError};
use crate::domain::actor::Role;
use crate::domain::ids::AccountId;
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::time::Ts;

/// A login as administrators see it: of staff, employers and institutions, never of residents.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Login {
    /// The login.
    pub account: AccountId,
    /// Name to sign in with.
    pub username: String,
    /// Name to show.
    pub name: String,
    /// What they are here as.
    pub role: Role,
    /// Agency of staff.
    pub agency: Option<AgencyCode>,
    /// Since when it is closed.
    pub disabled_at: Option<Ts>,
    /// Since when it asks for a second factor.
    pub second_factor_at: Option<Ts>,
}

type LoginColumns = (
    account::id,
    account::username,
    account::name,
    account::role,
    account::agency,
    account::disabled_at,
    account::second_factor_at,
);
const LOGIN: LoginColumns = (
    account::id,
    account::username,
    account::name,
    account::role,
    account::agency,
    account::disabled_at,
    account::second_factor_at,
);

/// Logins of a pool whose user name or name holds `part`, by user name from after `after` on (keyset).
pub fn list(
    conn: &mut Conn<'_>,
    pool: Pool,
    part: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<Login>, StoreError> {
    let plain = storable(part)
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    let in_username = format!("%{}%", plain.to_ascii_lowercase());
    let in_name = format!("%{plain}%");
    Ok(account::table
        .filter(account::pool.eq(pool))
        .filter(account::role.ne(Role::Resident))
        .filter(account::role.ne(Role::Proxy))
        .filter(
            account::username
                .like(in_username)
                .escape('\\')
                .or(account::name.like(in_name).escape('\\')),
        )
        .filter(account::username.gt(storable(after)))
        .order(account::username)
        .limit(limit)
        .select(LOGIN)
        .load(conn.sql)?)
}

/// The login of that user name, if it is the pool's.
pub fn find(conn: &mut Conn<'_>, pool: Pool, username: &str) -> Result<Option<Login>, StoreError> {
    Ok(account::table
        .filter(account::username.eq(normal_name(username)))
        .filter(account::pool.eq(pool))
        .filter(account::role.ne(Role::Resident))
        .filter(account::role.ne(Role::Proxy))
        .select(LOGIN)
        .first(conn.sql)
        .optional()?)
}
