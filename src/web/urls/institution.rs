//! Addresses of an institution's work, and of the ledger as the agency reads it.

use super::desk::with;
use super::encode;
use crate::domain::ids::{CostId, PatientId};

/// The institution's first page.
pub fn home() -> String {
    "/institution".to_owned()
}

/// The ledger with its filters, as name and value.
pub fn patients(filters: &[(&str, &str)]) -> String {
    with("/institution/patients", filters)
}

/// Where somebody is looked for by the ID number (POST: it stands in no address).
pub fn search() -> String {
    "/institution/patients/search".to_owned()
}

/// The form of an entry, and where it is sent.
pub fn new() -> String {
    "/institution/patients/new".to_owned()
}

/// A whole list, and where it is sent.
pub fn import() -> String {
    "/institution/patients/import".to_owned()
}

/// What came back of a list, as a file (POST).
pub fn import_report() -> String {
    "/institution/patients/import/report".to_owned()
}

/// The empty list to fill in.
pub fn template() -> String {
    "/institution/patients/template.xlsx".to_owned()
}

/// An entry, saying what was done to it unless empty.
pub fn patient(id: PatientId, done: &str) -> String {
    with(&format!("/institution/patients/{id}"), &[("done", done)])
}

/// Where another condition is sent.
pub fn status(id: PatientId) -> String {
    format!("/institution/patients/{id}/status")
}

/// Where the discharge is sent.
pub fn discharge(id: PatientId) -> String {
    format!("/institution/patients/{id}/discharge")
}

/// Where a cost is sent.
pub fn costs(id: PatientId) -> String {
    format!("/institution/patients/{id}/costs")
}

/// The form that takes a cost back, and where it is sent.
pub fn take_back(id: PatientId, cost: CostId) -> String {
    let cost = cost.to_string();
    format!(
        "/institution/patients/{id}/costs/{}/take-back",
        encode(&cost)
    )
}

/// The form of a correction, and where it is sent.
pub fn correct(id: PatientId) -> String {
    format!("/institution/patients/{id}/correct")
}

/// The ledger as the agency reads it, with its filters.
pub fn desk_patients(filters: &[(&str, &str)]) -> String {
    with("/desk/patients", filters)
}

/// Where the agency looks for somebody by the ID number (POST).
pub fn desk_search() -> String {
    "/desk/patients/search".to_owned()
}

/// An entry as the agency reads it.
pub fn desk_patient(id: PatientId) -> String {
    format!("/desk/patients/{id}")
}
