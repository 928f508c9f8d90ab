//! `bujianmian` (不见面): a medical-insurance agency's case service without a counter.
//!
//! The architecture on one screen. Arrows read "is used by":
//!
//! ```text
//! domain ← items ← usecases ← {web, jobs}
//! domain ← store ← {usecases, jobs}
//! domain ← notify ← jobs
//! identity ← usecases
//! ```
//!
//! * [`domain`] is pure: no I/O, no clock, no async. Time, policy and facts are parameters.
//! * [`items`] holds one service item a file: form, materials, table, rules, guide.
//! * [`store`] is the only place with SQL. [`usecases`] load, ask the domain and save, each in one transaction.
//! * [`web`] speaks HTTP only; [`jobs`] do time-driven work; [`notify`] turns a notice into words and sends them;
//!   [`identity`] asks the identity platform who somebody is.
//! * [`clock`] is the only caller of the system time, [`config`] the only reader of the environment,
//!   [`telemetry`] the list of what is measured.
//!
//! `tests/architecture.rs` checks these borders.
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::as_conversions,
        reason = "a test that fails may panic"
    )
)]

pub mod clock;
pub mod config;
pub mod data;
pub mod documents;
pub mod domain;
pub mod identity;
pub mod items;
pub mod jobs;
pub mod notify;
pub mod store;
pub mod telemetry;
pub mod usecases;
pub mod web;
