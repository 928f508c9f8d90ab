//! Checking a parcel against the list of materials of a case (RB-1). What is missing or can't be read stands for the handler, who
//! asks for all of it at once (CLK-6).

use super::{App, CLERKS, Error, agency, case_here, item_of, not_here, settle, taken};
use crate::domain::actor::Actor;
use crate::domain::form::FieldError;
use crate::domain::ids::ParcelId;
use crate::domain::parcel::Found;
use crate::domain::receipt::ReceiptNo;
use crate::store::parcels;

/// Sheets of originals of one parcel at most.
pub const MOST_SHEETS: i32 = 2_000;

/// What was found of a case's materials.
#[derive(Clone, Debug)]
pub struct Checklist {
    /// The case.
    pub case: ReceiptNo,
    /// Materials with what was found of each; what is not in it was not looked for.
    pub found: Vec<(String, Found)>,
    /// Sheets of originals in the parcel that are to go back, of all its cases.
    pub originals: i32,
}

/// Writes down what was found, in the place of what was written before.
///
/// # Errors
/// [`Error::Forbidden`] for other roles, [`Error::NotFound`] for a parcel of another mailroom, [`Error::Invalid`] at `case`,
/// `found` and `originals`.
pub async fn check(app: &App, actor: &Actor, id: ParcelId, list: Checklist) -> Result<(), Error> {
    let agency = agency(actor, CLERKS)?;
    let now = app.clock.now();
    app.db
        .write(move |conn| {
            let mut parcel = taken(conn, agency, id)?;
            let place = (parcel.pool, id);
            let listed = case_here(conn, agency, &list.case)?;
            let held = parcels::cases(conn, place)?;
            let listed = listed
                .filter(|listed| held.iter().any(|one| one.case == listed.case.id))
                .ok_or_else(|| not_here("case", &list.case))?;
            let item = item_of(&listed.case)?;
            let known = |name: &str| item.materials.iter().any(|one| one.name == name);
            let mut errors = vec![];
            if list.found.is_empty() {
                errors.push(FieldError::new("found", "found-nothing"));
            }
            if list.found.iter().any(|(name, _)| !known(name)) {
                errors.push(FieldError::new("found", "material-unknown"));
            }
            if !(0..=MOST_SHEETS).contains(&list.originals) {
                errors.push(FieldError::new("originals", "sheets-range").with("most", MOST_SHEETS));
            }
            if !errors.is_empty() {
                return Err(Error::Invalid(errors));
            }
            let found = list.found.iter();
            let found: Vec<_> = found.map(|(name, found)| (name.as_str(), *found)).collect();
            parcels::check(conn, place, listed.case.id, &found, now)?;
            parcels::set_originals(conn, place, list.originals)?;
            parcel.originals = list.originals;
            settle(conn, &parcel, now)
        })
        .await
}
