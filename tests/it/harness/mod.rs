//! What tests stand on. No test of the service lives here, only of the harness itself.

pub mod postgres;
