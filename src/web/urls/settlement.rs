//! Addresses of the review of claims and of settlements.

use super::desk::with;
use super::encode;

/// The claim of a case at the desk.
pub fn claim(receipt_no: &str) -> String {
    format!("/desk/cases/{}/claim", encode(receipt_no))
}

/// The same with the notice of what was done.
pub fn claim_done(receipt_no: &str, what: &str) -> String {
    with(&claim(receipt_no), &[("done", what)])
}

/// A claim's page with the form of a line.
pub fn line(claim: &str, line: u32) -> String {
    format!("{}#adjust", with(claim, &[("line", &line.to_string())]))
}

/// A claim's page after a line was adjusted, with the form of the next one that nothing is said of.
pub fn next_line(claim: &str, after: u32) -> String {
    let next = format!("after-{after}");
    format!(
        "{}#lines",
        with(claim, &[("line", &next), ("done", "adjusted")])
    )
}

/// Where the form of a line is sent (POST).
pub fn adjust(receipt_no: &str, line: &u32) -> String {
    format!("{}/lines/{line}", claim(receipt_no))
}

/// Where what the papers say is sent (POST).
pub fn papers(receipt_no: &str) -> String {
    format!("{}/correct", claim(receipt_no))
}

/// The settlement of an own case.
pub fn own(receipt_no: &str) -> String {
    format!("/my/cases/{}/settlement", encode(receipt_no))
}
