//! The only place with SQL. Store functions take a [`Conn`], do what they are named for and decide
//! nothing: rules are the domain's, transactions the use cases'.

pub mod accounts;
pub mod blind;
pub mod conn;
pub mod db;
pub mod error;
pub mod migrations;
pub mod schema;
pub mod sessions;
pub mod types;
pub mod vault;
mod writer;

pub use conn::{Conn, Location};
pub use db::Db;
pub use error::{StoreError, WriteError};
