//! Addresses of closures and times of an epidemic (XR-8).

/// What everybody may read of them.
pub fn public() -> String {
    "/closures".to_owned()
}

/// Where administrators enter them, and where that form is sent.
pub fn admin() -> String {
    "/admin/closures".to_owned()
}

/// The same, saying what was done: `entered`, `ended`, `withdrawn`.
pub fn admin_done(what: &str) -> String {
    format!("/admin/closures?done={what}")
}

/// Where a last day is sent.
pub fn admin_end() -> String {
    "/admin/closures/end".to_owned()
}

/// Where a withdrawal is sent.
pub fn admin_withdraw() -> String {
    "/admin/closures/withdraw".to_owned()
}
