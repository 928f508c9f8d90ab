//! The rules of the office, pure. Nothing here does I/O, reads a clock or a random source, or knows
//! of tables, requests or templates: what a rule needs is a parameter.

pub mod actor;
pub mod anchor;
pub mod balance;
pub mod calendar;
pub mod case;
pub mod clockline;
pub mod deadline;
pub mod device;
pub mod event;
pub mod form;
pub mod id_number;
pub mod ids;
pub mod item;
pub mod ladder;
pub mod locale;
pub mod notice;
pub mod person_name;
pub mod phone;
pub mod place;
pub mod policy;
pub mod proxy;
pub mod receipt;
pub mod region;
pub mod registration;
pub mod review;
pub mod roster;
pub mod sample;
pub mod text;
pub mod time;
pub mod timer;
pub mod turnaround;
pub mod uscc;
pub mod workflow;
