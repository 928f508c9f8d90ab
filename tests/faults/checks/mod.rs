//! The promises of the service, each a function of history and ledger that lists what breaks it. Nothing here talks
//! to a service or a database: every check is proven on hand-made histories and journals, each with one fault.

mod acknowledged;
mod holders;
mod journals;
mod messages;
mod submissions;
mod timers;

#[cfg(test)]
mod samples;

use crate::history::Attempt;
use crate::ledger::{Baseline, Ledger};

/// What was found to be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which kind of promise is broken.
    pub kind: Kind,
    /// What, and where.
    pub what: String,
}

/// Kinds of broken promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Acknowledged and not there.
    Lost,
    /// Done twice, or by two people.
    Double,
    /// There, and nobody asked for it or it was refused.
    Unasked,
    /// Stored rows that contradict each other.
    Inconsistent,
    /// A failed request that was no answer to act on.
    Fault,
}

impl Finding {
    fn new(kind: Kind, what: impl Into<String>) -> Self {
        Self {
            kind,
            what: what.into(),
        }
    }
}

/// All checks of a scenario. `posted` are the mails that the mail server took, as they came over the
/// wire; `None` where the demo keeps its mail.
pub fn all(
    ledger: &Ledger,
    history: &[Attempt],
    baseline: &Baseline,
    posted: Option<&[String]>,
) -> Vec<Finding> {
    [
        holders::one_at_a_time(ledger),
        holders::one_client_each(history),
        acknowledged::is_there(ledger, history),
        acknowledged::is_explained(ledger, history, baseline),
        acknowledged::failures_are_told(history),
        journals::are_whole(ledger),
        submissions::one_case_each(ledger, history, baseline),
        submissions::registrations_keep_apart(ledger),
        messages::one_for_each_event(ledger),
        messages::end(ledger, baseline, posted),
        timers::fire_once_and_in_time(ledger),
    ]
    .concat()
}

/// What is checked of cases that nobody in the history filed: lists of employers are filed by the service itself.
pub fn of_lists(ledger: &Ledger) -> Vec<Finding> {
    [
        journals::are_whole(ledger),
        submissions::registrations_keep_apart(ledger),
        timers::fire_once_and_in_time(ledger),
    ]
    .concat()
}
