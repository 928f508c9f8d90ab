//! Addresses of what a resident does after signing in.

use super::encode;
use crate::domain::ids::{CaseId, MaterialId, ReadId, RegistrationId};

/// My affairs: what is open, what was begun, what can be filed.
pub fn mine() -> String {
    "/my".to_owned()
}

/// Begins filing an item.
pub fn apply(slug: &str) -> String {
    format!("/apply/{}", encode(slug))
}

/// Where an item is filed by one press, without any question.
pub fn at_once(slug: &str) -> String {
    format!("{}/at-once", apply(slug))
}

/// The same about one of the own registrations.
pub fn apply_to(slug: &str, registration: RegistrationId) -> String {
    format!("{}?registration={registration}", apply(slug))
}

/// A draft, at the first question that is not answered yet.
pub fn draft(id: CaseId) -> String {
    format!("/apply/draft/{id}")
}

/// One question of a draft.
pub fn question(id: CaseId, field: &str) -> String {
    format!("/apply/draft/{id}/{}", encode(field))
}

/// The same, leading back to the check of all answers.
pub fn question_from_check(id: CaseId, field: &str) -> String {
    format!("{}?from=check", question(id, field))
}

/// Where a pause in typing saves a draft.
pub fn autosave(id: CaseId) -> String {
    format!("/apply/draft/{id}/autosave")
}

/// The papers of a draft.
pub fn draft_papers(id: CaseId) -> String {
    format!("/apply/draft/{id}/papers")
}

/// One paper of a draft.
pub fn draft_paper(id: CaseId, paper: MaterialId) -> String {
    format!("/apply/draft/{id}/papers/{paper}")
}

/// Where a paper is taken off a draft.
pub fn remove_draft_paper(id: CaseId, paper: MaterialId) -> String {
    format!("/apply/draft/{id}/papers/{paper}/remove")
}

/// The check of all answers.
pub fn check(id: CaseId) -> String {
    format!("/apply/draft/{id}/check")
}

/// Where a draft is submitted.
pub fn submit(id: CaseId) -> String {
    format!("/apply/draft/{id}/submit")
}

/// Where a draft is thrown away.
pub fn delete_draft(id: CaseId) -> String {
    format!("/apply/draft/{id}/delete")
}

/// An own case.
pub fn case(receipt_no: &str) -> String {
    format!("/my/cases/{}", encode(receipt_no))
}

/// The receipt of an own case.
pub fn receipt(receipt_no: &str) -> String {
    format!("{}/receipt", case(receipt_no))
}

/// Where a paper is added to an own case.
pub fn case_papers(receipt_no: &str) -> String {
    format!("{}/papers", case(receipt_no))
}

/// A paper of an own case.
pub fn case_paper(receipt_no: &str, paper: MaterialId) -> String {
    format!("{}/papers/{paper}", case(receipt_no))
}

/// The supplement to an own case.
pub fn supplement(receipt_no: &str) -> String {
    format!("{}/supplement", case(receipt_no))
}

/// Withdrawing an own case.
pub fn withdraw(receipt_no: &str) -> String {
    format!("{}/withdraw", case(receipt_no))
}

/// Objecting to what somebody else filed.
pub fn object(receipt_no: &str) -> String {
    format!("{}/object", case(receipt_no))
}

/// Where the answers of an own case become a new draft.
pub fn again(receipt_no: &str) -> String {
    format!("{}/again", case(receipt_no))
}

/// My registrations, with what can be done about them.
pub fn registrations() -> String {
    "/registrations".to_owned()
}

/// Who looked at my data (CAS-13).
pub fn reads() -> String {
    "/my/reads".to_owned()
}

/// The same from the read after `id` on.
pub fn reads_after(id: ReadId) -> String {
    format!("/my/reads?after={id}")
}
