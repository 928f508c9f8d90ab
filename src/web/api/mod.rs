//! The API for apps and mini-programs: the same use cases as the pages, as JSON. Handlers are plain functions,
//! their routes stand in [`crate::web::configure`]; failures become problem details (RFC 9457).

pub mod accounts;
