//! The rules of the office, pure. Nothing here does I/O, reads a clock or a random source, or knows
//! of tables, requests or templates: what a rule needs is a parameter.

pub mod calendar;
pub mod deadline;
pub mod ids;
pub mod locale;
pub mod time;
