//! What the clients did and what they were told, in one list for all of them. Nothing here talks to the service.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// One request and how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// User name of who asked.
    pub who: String,
    /// What was asked for.
    pub deed: Deed,
    /// What came back.
    pub outcome: Outcome,
}

/// What a request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// A filing with this `Idempotency-Key`.
    File {
        /// The key.
        token: String,
    },
    /// The next case of the queue.
    Next,
    /// An action on a case as last seen at `version`.
    Act {
        /// The case.
        receipt_no: String,
        /// The action's name in the API.
        action: String,
        /// The version that was seen.
        version: u32,
    },
    /// An upload to a case.
    Upload {
        /// The case.
        receipt_no: String,
    },
    /// Anything that changes nothing.
    Read,
}

/// What a client knows after a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done; the case as it was answered.
    Done(Seen),
    /// It was answered well, without a case.
    Answered,
    /// It was refused for a reason of the rules and not done (4xx).
    Refused(u16, String),
    /// It can't be done now (503, 429): nobody knows whether it was.
    Unavailable {
        /// Status.
        status: u16,
        /// `Retry-After`, if it was there.
        retry_after: Option<String>,
    },
    /// The service failed (any other 5xx).
    Fault(u16, String),
    /// The connection broke or timed out: nobody knows whether it was done.
    Unknown(String),
}

/// A case as an answer told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Receipt number.
    pub receipt_no: String,
    /// State.
    pub state: String,
    /// Number of events.
    pub version: u32,
}

impl Outcome {
    /// Whether what was asked for may have happened.
    pub fn may_be_done(&self) -> bool {
        match self {
            Self::Done(_)
            | Self::Answered
            | Self::Unavailable { .. }
            | Self::Fault(..)
            | Self::Unknown(_) => true,
            Self::Refused(..) => false,
        }
    }
}

/// The list; shared by all clients of a scenario.
#[derive(Default)]
pub struct History {
    attempts: Mutex<Vec<Attempt>>,
    /// Changes that were acknowledged, for whoever waits for some.
    changes: AtomicU64,
    /// Requests that were told to come back.
    turned_away: AtomicU64,
}

impl History {
    /// Adds an attempt.
    pub fn add(&self, who: &str, deed: Deed, outcome: Outcome) {
        if matches!(outcome, Outcome::Done(_)) && deed != Deed::Read {
            self.changes.fetch_add(1, Ordering::SeqCst);
        }
        if let Outcome::Unavailable { .. } = outcome {
            self.turned_away.fetch_add(1, Ordering::SeqCst);
        }
        self.attempts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(Attempt {
                who: who.to_owned(),
                deed,
                outcome,
            });
    }

    /// How many changes were acknowledged so far.
    pub fn changes(&self) -> u64 {
        self.changes.load(Ordering::SeqCst)
    }

    /// How many requests were told to come back so far.
    pub fn turned_away(&self) -> u64 {
        self.turned_away.load(Ordering::SeqCst)
    }

    /// All attempts so far.
    pub fn attempts(&self) -> Vec<Attempt> {
        self.attempts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// How many attempts ended in which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// All.
    pub requests: usize,
    /// Changes and reads that were answered well.
    pub acknowledged: usize,
    /// Refused by a rule.
    pub refused: usize,
    /// Told to come back.
    pub unavailable: usize,
    /// Connection broken or timed out.
    pub unknown: usize,
}

impl Tally {
    /// Counts.
    pub fn of(attempts: &[Attempt]) -> Self {
        let mut tally = Self {
            requests: attempts.len(),
            ..Self::default()
        };
        for attempt in attempts {
            let count = match attempt.outcome {
                Outcome::Done(_) | Outcome::Answered => &mut tally.acknowledged,
                Outcome::Refused(..) => &mut tally.refused,
                Outcome::Unavailable { .. } | Outcome::Fault(..) => &mut tally.unavailable,
                Outcome::Unknown(_) => &mut tally.unknown,
            };
            *count += 1;
        }
        tally
    }
}
