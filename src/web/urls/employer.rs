//! Addresses of employers' pages, and of batches at the desk (XR-9).

use super::desk::with;
use crate::domain::ids::{BatchId, TaskId};

/// The employer's first page.
pub fn home() -> String {
    "/employer".to_owned()
}

/// The own staff, from a place on; where a search is sent (POST).
pub fn staff(after: &str) -> String {
    with("/employer/staff", &[("after", after)])
}

/// Where somebody's full ID number is asked for.
pub fn reveal() -> String {
    "/employer/staff/reveal".to_owned()
}

/// What was uploaded, from a place on.
pub fn batches(after: &str) -> String {
    with("/employer/batches", &[("after", after)])
}

/// Uploading a list, and where it is sent.
pub fn upload() -> String {
    "/employer/batches/new".to_owned()
}

/// The spreadsheet to fill in; with the own staff where it is sent to (POST).
pub fn template() -> String {
    "/employer/batches/template.xlsx".to_owned()
}

/// One batch, its cases from beyond row `after` on (empty: from the first).
pub fn batch(id: BatchId, after: &str) -> String {
    with(&format!("/employer/batches/{id}"), &[("after", after)])
}

/// The rows of a batch that came back.
pub fn report(id: BatchId) -> String {
    format!("/employer/batches/{id}/report.csv")
}

/// Taking a batch back.
pub fn withdraw(id: BatchId) -> String {
    format!("/employer/batches/{id}/withdraw")
}

/// Batches at the desk.
pub fn desk_batches() -> String {
    "/desk/batches".to_owned()
}

/// A batch at the desk, its cases from beyond row `after` on.
pub fn desk_batch(id: BatchId, after: &str) -> String {
    with(&format!("/desk/batches/{id}"), &[("after", after)])
}

/// The rows of a batch that came back, for the desk.
pub fn desk_report(id: BatchId) -> String {
    format!("/desk/batches/{id}/report.csv")
}

/// Where a decision of a whole batch is sent.
pub fn decide(id: BatchId) -> String {
    format!("/desk/batches/{id}/decide")
}

/// What came of each case in a task, as a file.
pub fn results(id: BatchId, task: TaskId) -> String {
    format!("/desk/batches/{id}/tasks/{task}/results.csv")
}

/// The same for the employer.
pub fn own_results(id: BatchId, task: TaskId) -> String {
    format!("/employer/batches/{id}/tasks/{task}/results.csv")
}
