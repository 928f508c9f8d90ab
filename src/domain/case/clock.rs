//! The clock of a case as it stands: limits, the run, the pause. How terms are counted is in
//! [`crate::domain::deadline`], how they follow from each other in [`crate::domain::workflow`].

use serde::{Deserialize, Serialize};

use super::PauseReason;
use crate::domain::time::Ts;

/// Limits in working days (CLK-1), fixed when the case is filed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// To the first answer.
    pub first_answer: u16,
    /// To the end of the case, counted from the same start.
    pub whole: u16,
}

/// One run of the clock, from its start to its due time (CLK-3, CLK-5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// 1 for the first; each new due time by an answer or a restart counts one up.
    pub number: u32,
    /// From when it is counted.
    pub start: Ts,
    /// The last instant in time.
    pub due: Ts,
    /// A year without holiday arrangement was touched (CLK-2).
    pub provisional: bool,
    /// The due time passed in this run (CLK-7).
    #[serde(default)]
    pub missed: bool,
    /// The shorter limit of an urgent case, while its first answer is owed (CAT-4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgent: Option<UrgentLimit>,
}

/// A limit in working hours (CAT-4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UrgentLimit {
    /// From when it is counted: the filing, or when the case became urgent.
    pub from: Ts,
    /// Working hours.
    pub hours: u32,
}

/// What the clock does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum ClockState {
    /// Counts towards the due time.
    Running {
        /// The current run.
        term: Term,
    },
    /// Stands still; a paused case has no due time and can't be overdue.
    Paused {
        /// For whom it waits.
        reason: PauseReason,
        /// Since when.
        since: Ts,
        /// The run that was interrupted.
        last: u32,
    },
    /// The case is over.
    Stopped {
        /// The last run.
        last: u32,
    },
}
