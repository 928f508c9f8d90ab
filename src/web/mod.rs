//! HTTP only: pages and API in front of the use cases. Nothing here holds a rule of the office or any SQL;
//! what a person may do is asked of the domain, what is shown comes from use cases and reports.

pub mod assets;
pub mod chrome;
pub mod components;
pub mod csrf;
pub mod errors;
pub mod page;
pub mod preferences;
pub mod problem;
pub mod session;
pub mod urls;
pub mod words;
