//! What tests stand on: databases, a running service, people who use it. No test of the service lives here, only
//! of the harness itself.

pub mod postgres;
pub mod program;
pub mod service;
pub mod socket;
pub mod user;
pub mod world;
