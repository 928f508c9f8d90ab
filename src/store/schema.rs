//! The tables as diesel sees them; the migrations are what they are made from.

mod casework;
mod people;

pub use casework::*;
pub use people::*;

diesel::allow_tables_to_appear_in_same_query!(
    agency,
    approval,
    person,
    coverage,
    account,
    session,
    sensitive_read,
    cases,
    case_event,
    case_key,
    registration,
    inbox,
    outbox,
    relative,
    employer,
    institution,
);
