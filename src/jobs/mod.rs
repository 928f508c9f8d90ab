//! Work that nobody asks for: time-driven steps, sending, cleaning up. Each run is one function that tests and the
//! command line can call; it only calls use cases, and never writes to the database itself. [`worker`] calls them
//! again and again.

pub mod batch_tasks;
pub mod batches;
pub mod contacts;
pub mod follow_ups;
pub mod housekeeping;
pub mod leave;
pub mod outbox;
pub mod seals;
pub mod timers;
pub mod warnings;
pub mod worker;
