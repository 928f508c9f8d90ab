//! Verbs: what people and timers do, each load → domain → save in one transaction. No HTTP here and no
//! SQL: pages, API and jobs call the same functions.

pub mod accounts;
pub mod app;
pub mod auditing;
pub mod backup;
pub mod balancing;
pub mod checking;
pub mod delivering;
pub mod demo;
pub mod desk;
pub mod drafting;
pub mod error;
pub mod filing;
pub mod handling;
pub mod housekeeping;
pub mod keeping;
pub mod listing;
pub mod marking;
mod measuring;
pub mod notifying;
pub mod office;
pub mod opening;
pub mod papers;
pub mod posting;
pub mod progress;
pub mod rating;
pub mod reassigning;
pub mod redating;
pub mod reference;
pub mod registering;
pub mod revealing;
pub mod sampling;
mod saving;
pub mod sealing;
pub mod statistics;
pub mod supervising;
pub mod supplementing;
mod telling;
pub mod timekeeping;
pub mod viewing;
pub mod warning;

pub use app::App;
pub use error::Error;
