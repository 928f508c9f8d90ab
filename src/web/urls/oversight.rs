//! Addresses of the supervisor's work and of public figures.

use super::desk::with;

/// The supervisor's desk.
pub fn supervisor() -> String {
    "/desk/supervisor".to_owned()
}

/// One of its lists, of one item or one handler, from a place on; empty parts are left out.
pub fn list(show: &str, item: &str, handler: &str, after: &str) -> String {
    let values = [
        ("show", show),
        ("item", item),
        ("handler", handler),
        ("after", after),
    ];
    with("/desk/supervisor/cases", &values)
}

/// Gives the cases that are picked to somebody else (POST).
pub fn reassign() -> String {
    "/desk/supervisor/cases".to_owned()
}

/// What would even out the load, and where it is ordered (POST).
pub fn balance() -> String {
    "/desk/supervisor/balance".to_owned()
}

/// The register of missed deadlines with its filters, as name and value.
pub fn breaches(filters: &[(&str, &str)]) -> String {
    with("/desk/breaches", filters)
}

/// The same as a file.
pub fn breaches_file(filters: &[(&str, &str)]) -> String {
    with("/desk/breaches.csv", filters)
}

/// Follow-up tasks: `open` (also when empty) or `closed`, from a place on.
pub fn follow_ups(show: &str, after: &str) -> String {
    with("/desk/follow-ups", &[("show", show), ("after", after)])
}

/// Closes the follow-up task of a case (POST).
pub fn close_follow_up(receipt_no: &str) -> String {
    format!("/desk/follow-ups/{}/close", super::encode(receipt_no))
}

/// Samples, where one is drawn (POST); with an identifier, one of them.
pub fn samples(sample: &str) -> String {
    with("/desk/samples", &[("sample", sample)])
}

/// Where a finding is sent.
pub fn look() -> String {
    "/desk/samples/look".to_owned()
}

/// Public figures with their filters.
pub fn statistics(filters: &[(&str, &str)]) -> String {
    with("/statistics", filters)
}

/// The same as a file.
pub fn statistics_file(filters: &[(&str, &str)]) -> String {
    with("/statistics.csv", filters)
}

/// Where the rating of an own case is sent.
pub fn rate(receipt_no: &str) -> String {
    format!("/my/cases/{}/rating", super::encode(receipt_no))
}
