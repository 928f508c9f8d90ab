//! The only place with SQL. Store functions take a [`Conn`], do what they are named for and decide
//! nothing: rules are the domain's, transactions the use cases'.

pub mod accounts;
pub mod approvals;
pub mod audit;
pub mod backup;
pub mod blind;
pub mod breaches;
pub mod cases;
pub mod chain;
pub mod conn;
pub mod db;
pub mod demo;
mod dialect;
pub mod drafts;
pub mod error;
pub mod figures;
mod fragments;
pub mod guards;
pub mod inbox;
pub mod journal;
mod many;
pub mod messages;
pub mod migrations;
pub mod outbox;
pub mod papers;
pub mod preferences;
pub mod queue;
pub mod reads;
pub mod receipts;
pub mod redating;
pub mod reference;
pub mod registrations;
pub mod registry;
pub mod roster;
pub mod schema;
pub mod seals;
pub mod sessions;
pub mod timers;
pub mod types;
pub mod vault;
pub mod warnings;
mod writer;

pub use conn::{Conn, Location};
pub use db::Db;
pub use error::{StoreError, WriteError};
