//! The three kinds of errors. A refusal or conflict is something the user can understand and act on; a
//! fault is ours, its cause goes to the log only.

use crate::domain::actor::NotAllowed;
use crate::domain::case::State;
use crate::domain::form::FieldError;
use crate::domain::ids::PatientId;
use crate::domain::patient::Status;
use crate::domain::time::Day;
use crate::domain::workflow::Guard;
use crate::store::{StoreError, WriteError};

/// Why a use case did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nobody is signed in (401).
    #[error("not signed in")]
    NotSignedIn,
    /// User name and password do not go together, or the account is closed: one answer for all (401).
    #[error("the sign-in was refused")]
    BadCredentials,
    /// The password was right; the account asks for a code too (401).
    #[error("a code is wanted")]
    SecondFactorWanted,
    /// Staff must set up a second factor before anything else (403).
    #[error("a second factor must be set up first")]
    EnrolmentWanted,
    /// The identity platform did not say who it is (422; 503 when it is out of reach).
    #[error("the identity platform: {0}")]
    Platform(PlatformRefusal),
    /// The role never may do this (403).
    #[error("not allowed")]
    Forbidden,
    /// There is no such thing (404).
    #[error("not found")]
    NotFound,
    /// There is one, but it is not theirs to see, another agency's for example: the same answer as
    /// [`Self::NotFound`], and a line in the log (CAS-10).
    #[error("not theirs")]
    NotTheirs,
    /// Somebody was faster, or it stands against what exists (409).
    #[error("conflict: {0:?}")]
    Conflict(Conflict),
    /// Answers break a rule (422).
    #[error("{} fields refused", .0.len())]
    Invalid(Vec<FieldError>),
    /// A rule stands against the action (422).
    #[error("refused by rule {}", .0.rule())]
    Rule(Guard),
    /// The submission token came with other contents before (422).
    #[error("the submission token was used for something else")]
    TokenReused,
    /// Too many attempts (429).
    #[error("too many attempts; again in {seconds} s")]
    TooMany {
        /// Seconds to wait.
        seconds: u64,
    },
    /// Another part is busy (503).
    #[error("busy")]
    Busy,
    /// The database: out of reach (503) or wrong (500); the cause is for the log.
    #[error(transparent)]
    Store(StoreError),
    /// Ours (500); the cause is for the log.
    #[error("fault: {0}")]
    Fault(String),
}

/// Why somebody who came from the identity platform is not signed in (CAS-14).
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::Display, strum::EnumIter)]
#[strum(serialize_all = "kebab-case")]
pub enum PlatformRefusal {
    /// There is none.
    Absent,
    /// It could not be reached or answered nonsense.
    Down,
    /// It said that the person or the platform gave up.
    Cancelled,
    /// The answer belongs to no sign-in begun here, to an old one, or was taken before.
    Stale,
    /// Its answer is not signed by it, not for us, or not for this sign-in.
    Untrusted,
    /// It told neither an ID number nor a staff number, or both.
    Unclear,
    /// Nobody here has that number, or the account is closed.
    Unknown,
}

/// What stands in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// The case has moved on since the version that was seen.
    Stale {
        /// Where it stands now.
        state: State,
        /// Its version now.
        version: u32,
    },
    /// The present state does not know the action.
    State {
        /// Where it stands.
        state: State,
        /// Its version.
        version: u32,
    },
    /// Somebody else holds the case.
    Held {
        /// Where it stands.
        state: State,
        /// Its version.
        version: u32,
    },
    /// A registration for the same destination exists in that time (XR-2).
    Overlap {
        /// Receipt number or other name of what it overlaps with.
        with: String,
    },
    /// The registration is being changed or cancelled by another open case (XR-2).
    Claimed,
    /// The case was rated before (CAS-11).
    AlreadyRated,
    /// Asked for already and waiting for a second person.
    AlreadyAsked,
    /// Something that is no case stands in the way.
    Already(Already),
    /// An entry of the patient ledger stands in the way (IN-4).
    Entry(EntryConflict),
}

/// How an entry of the patient ledger stands in the way (IN-4); texts `conflict-entry-<name>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum EntryConflict {
    /// It has moved on since the version that was seen.
    Stale {
        /// Its condition now.
        status: Status,
        /// Its version now.
        version: u32,
    },
    /// The change does not begin where it is.
    State {
        /// Its condition.
        status: Status,
        /// Its version.
        version: u32,
    },
    /// Another stay of the person at the institution shares a day.
    Overlap {
        /// Which.
        with: PatientId,
        /// Its first day.
        admitted_on: Day,
    },
    /// The cost was taken back, or takes back another.
    CostTakenBack,
}

impl EntryConflict {
    /// The name in texts.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// What stands in the way beside cases; texts `conflict-<name>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Already {
    /// An authorisation between the same two covers part of that time (CAS-8).
    AuthorisationOverlap,
    /// The authorisation was accepted or revoked, or is past its term (CAS-8).
    AuthorisationOver,
    /// The leave was granted, or it was taken back.
    LeaveSettled,
    /// The same area is entered as closed for some of these days (XR-8).
    ClosureOverlap,
    /// Somebody else changed or withdrew the entry meanwhile.
    ClosureChanged,
    /// The contact was answered, or nobody needs the answer any more (XR-5).
    ContactAnswered,
    /// An earlier contact about the same still waits (XR-5).
    ContactWaits,
    /// Rows of the batch are still being filed (XR-9).
    BatchRunning,
    /// Something else is being done to the cases of the batch (XR-9).
    BatchBusy,
    /// No case of the batch waits for this any more (XR-9).
    BatchSettled,
}

impl Already {
    /// The code in answers and texts.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<NotAllowed> for Error {
    fn from(_: NotAllowed) -> Self {
        Self::Forbidden
    }
}

impl WriteError for Error {
    fn store(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::NotSignedIn
            | Self::BadCredentials
            | Self::SecondFactorWanted
            | Self::EnrolmentWanted
            | Self::Platform(_)
            | Self::Forbidden
            | Self::NotFound
            | Self::NotTheirs
            | Self::Conflict(_)
            | Self::Invalid(_)
            | Self::Rule(_)
            | Self::TokenReused
            | Self::TooMany { .. }
            | Self::Busy
            | Self::Fault(_) => None,
        }
    }
}
