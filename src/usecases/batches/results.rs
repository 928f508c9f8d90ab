//! The result of a row (XR-9). Nothing is judged or saved here.

use crate::domain::batch::{Counts, Outcome, RowResult};
use crate::domain::form::FieldError;
use crate::domain::ids::CaseId;

/// It became a case.
pub(super) fn filed(number: u32, case: (CaseId, String)) -> RowResult {
    RowResult {
        number,
        outcome: Outcome::Filed,
        column: None,
        code: None,
        values: vec![],
        case: Some(case),
    }
}

/// It repeats a case.
pub(super) fn repeated(number: u32, case: (CaseId, String)) -> RowResult {
    RowResult {
        outcome: Outcome::Duplicate,
        ..filed(number, case)
    }
}

/// It comes back; an error at no field is one of the row as a whole.
pub(super) fn back(number: u32, error: FieldError) -> RowResult {
    RowResult {
        number,
        outcome: Outcome::Rejected,
        column: (!error.field.is_empty()).then_some(error.field),
        code: Some(error.code),
        values: error.values,
        case: None,
    }
}

/// How far a list has come with these results.
pub(super) fn counted(mut counts: Counts, results: &[RowResult]) -> Counts {
    for result in results {
        counts.reached = counts.reached.max(result.number);
        match result.outcome {
            Outcome::Filed => counts.filed += 1,
            Outcome::Rejected => counts.rejected += 1,
            Outcome::Duplicate => counts.duplicates += 1,
        }
    }
    counts
}
