//! What operators rely on: limits, the end of a process, refusals to start, measures and log lines.

mod ending;
mod limits;
mod logging;
mod measures;
mod overload;
mod starting;
