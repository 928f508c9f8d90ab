//! Addresses of contacts between agencies.

use super::desk::with;
use super::encode;

/// A list: what is to answer when empty, `sent` or `done`; from a place on.
pub fn list(show: &str, after: &str) -> String {
    with("/contacts", &[("show", show), ("after", after)])
}

/// One contact.
pub fn one(id: &str) -> String {
    format!("/contacts/{}", encode(id))
}

/// The same with the notice of what was done.
pub fn done(id: &str, what: &str) -> String {
    with(&one(id), &[("done", what)])
}

/// Where the answer is sent (POST).
pub fn answer(id: &str) -> String {
    format!("/contacts/{}/answer", encode(id))
}

/// Shows the ID number in full (POST).
pub fn reveal(id: &str) -> String {
    format!("/contacts/{}/reveal", encode(id))
}

/// Where a file is sent (POST).
pub fn files(id: &str) -> String {
    format!("/contacts/{}/files", encode(id))
}

/// A file, sent as attachment.
pub fn file(id: &str, file: &str) -> String {
    format!("/api/v1/contacts/{}/files/{}", encode(id), encode(file))
}
