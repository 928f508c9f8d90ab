//! Mail (RB-1): parcels announced by applicants, registered by the mailroom, checked against the list, photographed; originals sent
//! back. The mailroom sees parcels and what they hold, never what a case says.
//!
//! [`announcing`] what applicants enter, [`registering`] what the mailroom registers, [`checking`] what was found, [`returning`]
//! what goes back, [`photographing`] pictures, [`reading`] lists and one parcel.

pub mod announcing;
pub mod checking;
pub mod photographing;
pub mod reading;
pub mod registering;
pub mod returning;

use super::App;
use super::error::Error;
use super::handling::item_of;
use crate::domain::actor::{Actor, Role};
use crate::domain::form::FieldError;
use crate::domain::ids::{CaseId, ParcelId};
use crate::domain::parcel::Standing;
use crate::domain::place::AgencyCode;
use crate::domain::receipt::ReceiptNo;
use crate::domain::time::Ts;
use crate::store::cases::Listed;
use crate::store::parcels::{self, Held, Parcel};
use crate::store::{Conn, StoreError, cases};

/// Who works in the mailroom.
pub const CLERKS: &[Role] = &[Role::MailroomClerk];
/// Who reads parcels: a handler takes in what came without a form.
pub const READERS: &[Role] = &[Role::MailroomClerk, Role::Handler, Role::Supervisor];

/// The agency of somebody who reads its parcels.
fn agency(actor: &Actor, roles: &[Role]) -> Result<AgencyCode, Error> {
    actor.require(roles)?;
    actor.agency.ok_or(Error::Forbidden)
}

/// A parcel of the agency's mailroom; another's is not there.
fn theirs(conn: &mut Conn<'_>, agency: AgencyCode, id: ParcelId) -> Result<Parcel, Error> {
    let found = parcels::find(conn, (agency.pool(), id))?.ok_or(Error::NotFound)?;
    match found.agency == agency {
        true => Ok(found),
        false => Err(Error::NotTheirs),
    }
}

/// A parcel that somebody of the agency reads.
///
/// # Errors
/// [`Error::Forbidden`] for other roles, [`Error::NotFound`] for one of another mailroom.
pub(super) fn readable(conn: &mut Conn<'_>, actor: &Actor, id: ParcelId) -> Result<Parcel, Error> {
    let agency = agency(actor, READERS)?;
    theirs(conn, agency, id)
}

/// Notes that a case was filed from a parcel (RB-1).
pub(super) fn took_in(
    conn: &mut Conn<'_>,
    actor: &Actor,
    id: ParcelId,
    (case, now): (CaseId, Ts),
) -> Result<(), Error> {
    let parcel = readable(conn, actor, id)?;
    let held = Held {
        case,
        taken_in: true,
    };
    parcels::add_case(conn, (parcel.pool, id), held, now)?;
    settle(conn, &parcel, now)
}

/// A parcel of the agency's mailroom, with nobody else writing to it until the transaction ends.
fn taken(conn: &mut Conn<'_>, agency: AgencyCode, id: ParcelId) -> Result<Parcel, Error> {
    parcels::lock(conn, (agency.pool(), id))?;
    theirs(conn, agency, id)
}

/// The case of a receipt number, if the agency has it; a missing one and another agency's are answered alike.
fn case_here(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    number: &ReceiptNo,
) -> Result<Option<Listed>, StoreError> {
    let found = cases::by_receipt(conn, agency.pool(), number.as_str())?;
    Ok(found.filter(|listed| listed.case.agency == agency))
}

/// A case that a parcel of the own mailroom is for.
///
/// # Errors
/// [`Error::Forbidden`] for other roles, [`Error::NotFound`] for what is not there or in another parcel.
pub(super) fn held_case(
    conn: &mut Conn<'_>,
    actor: &Actor,
    id: ParcelId,
    number: &ReceiptNo,
) -> Result<Listed, Error> {
    let agency = agency(actor, CLERKS)?;
    let parcel = theirs(conn, agency, id)?;
    let held = parcels::cases(conn, (parcel.pool, id))?;
    let listed = case_here(conn, agency, number)?;
    listed
        .filter(|listed| held.iter().any(|one| one.case == listed.case.id))
        .ok_or(Error::NotFound)
}

/// A receipt number that the agency does not have.
fn not_here(field: &str, number: &ReceiptNo) -> Error {
    let error = FieldError::new(field, "receipt-not-here").with("number", number);
    Error::Invalid(vec![error])
}

/// Notes whether anything is left to do with a parcel.
fn settle(conn: &mut Conn<'_>, parcel: &Parcel, now: Ts) -> Result<(), Error> {
    let place = (parcel.pool, parcel.id);
    let held = parcels::cases(conn, place)?;
    let checked = parcels::checked(conn, place)?;
    let is_checked = |case| checked.iter().any(|one| one.case == case);
    let standing = Standing {
        cases: held.len(),
        checked: held.iter().filter(|one| is_checked(one.case)).count(),
        originals: parcel.originals,
        returned: parcels::returns(conn, place)?
            .iter()
            .map(|one| one.sheets)
            .sum(),
    };
    let closed_at = match (standing.is_done(), parcel.closed_at) {
        (true, None) => Some(now),
        (true, before) => before,
        (false, _) => None,
    };
    Ok(parcels::set_closed(conn, place, closed_at)?)
}
