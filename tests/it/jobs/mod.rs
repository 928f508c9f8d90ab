//! Work that nobody asks for, on both databases: timers, messages, cleaning up. Time is set, never waited for.

mod bad_days;
mod files;
mod gateway;
mod ladder;
mod outbox;
mod redating;
mod sink;
mod sms;
mod timers;
mod tls;
mod warnings;
mod words;
pub mod world;
