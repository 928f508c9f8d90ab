//! Work that nobody asks for, on both databases: timers, messages, cleaning up. Time is set, never waited for.

mod files;
mod ladder;
mod outbox;
mod redating;
mod sink;
mod timers;
pub mod world;
