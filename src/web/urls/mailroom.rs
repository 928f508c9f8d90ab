//! Addresses of the mailroom, and of parcels as a handler reads them (RB-1).

use super::desk::with;
use crate::domain::ids::{MaterialId, ParcelId};

/// The mailroom's first page.
pub fn home() -> String {
    "/mailroom".to_owned()
}

/// Where a scanned or typed code is sent.
pub fn scan() -> String {
    "/mailroom/scan".to_owned()
}

/// The form of a parcel with what is known of it, and where it is sent.
pub fn register(known: &[(&str, &str)]) -> String {
    with("/mailroom/register", known)
}

/// Parcels with their filters, as name and value.
pub fn parcels(filters: &[(&str, &str)]) -> String {
    with("/mailroom/parcels", filters)
}

/// The same as a file.
pub fn parcels_file(filters: &[(&str, &str)]) -> String {
    with("/mailroom/parcels.csv", filters)
}

/// A parcel, saying what was done to it unless empty.
pub fn parcel(id: ParcelId, done: &str) -> String {
    with(&format!("/mailroom/parcels/{id}"), &[("done", done)])
}

/// Where a case is added to a parcel.
pub fn cases(id: ParcelId) -> String {
    format!("/mailroom/parcels/{id}/cases")
}

/// Where what was found is sent.
pub fn checklist(id: ParcelId) -> String {
    format!("/mailroom/parcels/{id}/checklist")
}

/// Where originals that go back are sent.
pub fn returns(id: ParcelId) -> String {
    format!("/mailroom/parcels/{id}/returns")
}

/// Where photographs of the parcel are sent.
pub fn photos(id: ParcelId) -> String {
    format!("/mailroom/parcels/{id}/photos")
}

/// A photograph.
pub fn photo(id: ParcelId, photo: MaterialId) -> String {
    format!("/mailroom/parcels/{id}/photos/{photo}")
}

/// Where papers of a case are sent.
pub fn papers(id: ParcelId) -> String {
    format!("/mailroom/parcels/{id}/papers")
}

/// Where a parcel without a form is taken in, and where whom it is for is sent.
pub fn take_in(id: ParcelId) -> String {
    format!("/mailroom/parcels/{id}/take-in")
}

/// Where the filled-in form is sent.
pub fn take_in_submit(id: ParcelId) -> String {
    format!("/mailroom/parcels/{id}/take-in/submit")
}
