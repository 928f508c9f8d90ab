//! A case (办件) as it stands, and the closed sets it is made of. How it changes is in
//! [`super::event`] (fold over the journal) and [`super::workflow`] (who may do what when).

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::ids::{AccountId, CaseId, PersonId};
use super::place::{AgencyCode, Pool};
use super::time::Ts;

mod clock;

pub use clock::{ClockState, Limits, Term, UrgentLimit};

/// Gives a closed set its kebab- or snake-case name for database, API and texts.
macro_rules! named {
    ($name:ident) => {
        impl $name {
            /// The name in the database, the API and the texts' keys.
            pub fn as_str(self) -> &'static str {
                self.into()
            }
        }
    };
}

/// States of CAS-1. Items never add one; their own stages live inside `Fulfilling`.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    EnumIter,
    EnumString,
    IntoStaticStr,
    Display,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    /// Being filled in; no case of the agency yet.
    Draft,
    /// Papers are on their way by post.
    AwaitingParcel,
    /// In the queue.
    Submitted,
    /// Held by a handler.
    InReview,
    /// Waits for the applicant.
    SupplementRequested,
    /// Waits for another agency.
    AwaitingAgency,
    /// Waits for the treating institution.
    AwaitingInstitution,
    /// Waits for a second person of the agency.
    SecondReview,
    /// Approved; the item's own stages follow.
    Fulfilling,
    /// Done.
    Closed,
    /// Refused, with reason, clause and remedy.
    Refused,
    /// Not accepted: not this agency's, or not a matter of this item.
    NotAccepted,
    /// Taken back by the applicant.
    Withdrawn,
    /// Ended because nothing came from the applicant.
    Lapsed,
}
named!(State);

impl State {
    /// Whether no action but reopening can follow.
    pub fn is_final(self) -> bool {
        match self {
            Self::Closed | Self::Refused | Self::NotAccepted | Self::Withdrawn | Self::Lapsed => {
                true
            }
            Self::Draft
            | Self::AwaitingParcel
            | Self::Submitted
            | Self::InReview
            | Self::SupplementRequested
            | Self::AwaitingAgency
            | Self::AwaitingInstitution
            | Self::SecondReview
            | Self::Fulfilling => false,
        }
    }
}

/// How a filing reached the agency.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    EnumIter,
    EnumString,
    IntoStaticStr,
    Display,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Channel {
    /// 网上办
    Online,
    /// 掌上办
    Mobile,
    /// 电话办
    Phone,
    /// 邮寄办
    Mail,
    /// 窗口
    Counter,
    /// 代办
    OnBehalf,
}
named!(Channel);

/// Urgency classes (CAT-4), most urgent first.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    EnumIter,
    EnumString,
    IntoStaticStr,
    Display,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Urgency {
    /// At once: front of the queue, own limit.
    Urgent,
    /// Convenience measures.
    Special,
    /// Online.
    Routine,
    /// May be deferred.
    Deferrable,
}
named!(Urgency);

/// What the agency decided.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    EnumIter,
    EnumString,
    IntoStaticStr,
    Display,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Decision {
    /// 同意
    Approved,
    /// 不予批准
    Refused,
    /// 不予受理
    NotAccepted,
    /// 记录在案: it could not be completed, which changes nothing for treatment and settlement (XR-6).
    Recorded,
}
named!(Decision);

/// Why the clock may stand still (CLK-5): only for somebody outside the agency.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    EnumIter,
    EnumString,
    IntoStaticStr,
    Display,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum PauseReason {
    /// The applicant was asked for a supplement.
    Supplement,
    /// Another agency was asked.
    OtherAgency,
    /// The treating institution was asked.
    Institution,
    /// The applicant is to sign.
    Signature,
}
named!(PauseReason);

/// Why a deadline was missed (CLK-7); the words beside it are free.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    EnumIter,
    EnumString,
    IntoStaticStr,
    Display,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum BreachCause {
    /// More cases than the staff on duty could handle.
    Workload,
    /// Nobody was there to take the case.
    Staffing,
    /// This system was down.
    SystemFault,
    /// A system the decision depends on was down.
    ExternalSystem,
    /// The case was passed on to the wrong person or too late.
    HandoverError,
    /// The matter needed more inquiry than the limit allows.
    Complexity,
    /// None of the above.
    Other,
}
named!(BreachCause);

/// A case as the fold over its journal leaves it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Identifier.
    pub id: CaseId,
    /// The pool that insures and pays.
    pub pool: Pool,
    /// The agency that handles it.
    pub agency: AgencyCode,
    /// Receipt number (CAS-5), canonical text.
    pub receipt_no: String,
    /// Slug of the service item.
    pub item: String,
    /// Version of the item's form the answers belong to.
    pub form_version: u32,
    /// The person concerned.
    pub person: PersonId,
    /// Who filed.
    pub filed_by: AccountId,
    /// How it came in.
    pub channel: Channel,
    /// Its urgency class (CAT-4).
    pub urgency: Urgency,
    /// When it was filed.
    pub filed_at: Ts,
    /// Where it stands.
    pub state: State,
    /// The item's own stage while fulfilling.
    pub stage: Option<String>,
    /// Number of events so far.
    pub version: u32,
    /// Who holds it.
    pub holder: Option<AccountId>,
    /// Who gave the first review that waits for a second (CAS-3).
    pub first_reviewer: Option<AccountId>,
    /// What the first review proposes.
    pub proposed: Option<Decision>,
    /// Chosen for second review by sample (CAS-3).
    pub sampled: bool,
    /// Supplement requests so far (CLK-6).
    pub supplements: u16,
    /// At the front of the queue: a supplement came while its handler was off duty (CLK-5).
    pub front: bool,
    /// Limits in force for this case.
    pub limits: Limits,
    /// The first answer has been given (CLK-1).
    pub answered: bool,
    /// The clock.
    pub clock: ClockState,
    /// When a deadline was first missed; can't be taken back (CLK-7).
    pub breached_at: Option<Ts>,
    /// On the supervisor's list since the breach, until reassigned.
    pub escalated: bool,
    /// The decision, once there is one.
    pub decision: Option<Decision>,
    /// When the case ended.
    pub closed_at: Option<Ts>,
}

impl Case {
    /// The due time, while the clock runs.
    pub fn due(&self) -> Option<Ts> {
        match self.clock {
            ClockState::Running { term } => Some(term.due),
            ClockState::Paused { .. } | ClockState::Stopped { .. } => None,
        }
    }

    /// Whether the current run has missed its due time.
    pub fn missed(&self) -> bool {
        match self.clock {
            ClockState::Running { term } => term.missed,
            ClockState::Paused { .. } | ClockState::Stopped { .. } => false,
        }
    }

    /// Working days of the limit that counts now: to the first answer, then to the end (CLK-1).
    pub fn days(&self) -> u16 {
        match self.answered {
            true => self.limits.whole,
            false => self.limits.first_answer,
        }
    }

    /// Number of the current or last run of the clock.
    pub fn term_number(&self) -> u32 {
        match self.clock {
            ClockState::Running { term } => term.number,
            ClockState::Paused { last, .. } | ClockState::Stopped { last } => last,
        }
    }

    /// Place in the queue: lower is served first (CAT-4, CLK-5), the due time decides among equals.
    pub fn queue_rank(&self) -> i16 {
        match (self.urgency, self.front) {
            (Urgency::Urgent, _) => 0,
            (Urgency::Special | Urgency::Routine | Urgency::Deferrable, true) => 1,
            (Urgency::Special | Urgency::Routine, false) => 2,
            (Urgency::Deferrable, false) => 3,
        }
    }
}
