//! Who of the staff is there to work. What follows from that is decided elsewhere.

use diesel::prelude::*;

use super::conn::Conn;
use super::error::StoreError;
use super::schema::account;
use crate::domain::actor::Role;
use crate::domain::ids::AccountId;
use crate::domain::place::AgencyCode;
use crate::domain::time::Ts;

/// The handlers of an agency who are on duty at `at`, in the order of their identifiers.
pub fn on_duty(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    _at: Ts,
) -> Result<Vec<AccountId>, StoreError> {
    of_role(conn, agency, Role::Handler)
}

/// The supervisors of an agency, whom the service tells what needs them.
pub fn supervisors(conn: &mut Conn<'_>, agency: AgencyCode) -> Result<Vec<AccountId>, StoreError> {
    of_role(conn, agency, Role::Supervisor)
}

fn of_role(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    role: Role,
) -> Result<Vec<AccountId>, StoreError> {
    Ok(account::table
        .filter(account::agency.eq(agency))
        .filter(account::role.eq(role))
        .filter(account::disabled_at.is_null())
        .order(account::id)
        .select(account::id)
        .load(conn.sql)?)
}
