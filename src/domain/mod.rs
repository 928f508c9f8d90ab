//! The rules of the office, pure. Nothing here does I/O, reads a clock or a random source, or knows
//! of tables, requests or templates: what a rule needs is a parameter.

pub mod actor;
pub mod calendar;
pub mod case;
pub mod deadline;
pub mod event;
pub mod form;
pub mod ids;
pub mod locale;
pub mod place;
pub mod policy;
pub mod receipt;
pub mod time;
pub mod workflow;
