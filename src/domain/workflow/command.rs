//! What somebody asks the engine to do, parsed: an action with what it needs.

use serde::{Deserialize, Serialize};

use super::Action;
use crate::domain::case::{BreachCause, Urgency};
use crate::domain::contact::Answer;
use crate::domain::event::{Missing, Words};
use crate::domain::ids::AccountId;

/// Reason and clause of a refusal or non-acceptance (CAS-6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grounds {
    /// Why.
    pub reason: String,
    /// The clause it rests on.
    pub clause: String,
}

/// Why the deadline was missed (CLK-7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BreachReport {
    /// The coded cause.
    pub code: BreachCause,
    /// In words.
    pub words: String,
}

/// An action with its particulars.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Command {
    /// Take this case; the reason is needed when it is not the most urgent one.
    Claim {
        /// Why out of order.
        reason: Option<String>,
    },
    /// Take the most urgent case.
    Next,
    /// Give it to a handler.
    Assign {
        /// To whom.
        to: AccountId,
        /// Why.
        reason: String,
    },
    /// Put it back.
    Release {
        /// Why.
        reason: String,
    },
    /// Pass it on.
    HandOver {
        /// To whom.
        to: AccountId,
        /// Why.
        reason: String,
    },
    /// First answer.
    Accept,
    /// Ask for everything that is missing.
    RequestSupplement {
        /// Each missing thing with its reason.
        missing: Vec<Missing>,
    },
    /// Send what was asked for.
    Supplement,
    /// Nothing came in time.
    Lapse,
    /// 同意
    Approve {
        /// After a breach.
        breach: Option<BreachReport>,
    },
    /// 不予批准
    Refuse {
        /// Reason and clause.
        grounds: Grounds,
        /// After a breach.
        breach: Option<BreachReport>,
    },
    /// 不予受理
    NotAccept {
        /// Reason and clause.
        grounds: Grounds,
        /// After a breach.
        breach: Option<BreachReport>,
    },
    /// Send back to the first reviewer.
    Return {
        /// Why.
        reason: String,
    },
    /// Take back.
    Withdraw {
        /// Why, if told.
        reason: Option<String>,
    },
    /// A promised material is here (CAS-4).
    MeetObligation {
        /// Name of the item's material.
        material: String,
    },
    /// Open again.
    Reopen {
        /// Why.
        reason: String,
    },
    /// The deadline passed.
    Breach,
    /// Count the term anew by the arrangements in force (CLK-2).
    Redate,
    /// The person concerned does not want what was filed for them (CAS-8).
    Object {
        /// Why.
        reason: String,
    },
    /// Put the case into another urgency class (CAT-4).
    SetUrgency {
        /// The class.
        urgency: Urgency,
        /// Why.
        reason: String,
    },
    /// Ask another agency (XR-4).
    Contact {
        /// What is asked.
        message: String,
    },
    /// The other agency's answer, or its silence (XR-5).
    Answer {
        /// What came of it.
        answer: Answer,
        /// In words.
        remark: String,
    },
    /// Record what can't be completed; treatment and settlement go on (XR-6).
    Record {
        /// Why it can't be completed.
        reason: String,
        /// After a breach.
        breach: Option<BreachReport>,
    },
}

impl Command {
    /// The action asked for.
    pub fn action(&self) -> Action {
        match self {
            Self::Claim { .. } => Action::Claim,
            Self::Next => Action::Next,
            Self::Assign { .. } => Action::Assign,
            Self::Release { .. } => Action::Release,
            Self::HandOver { .. } => Action::HandOver,
            Self::Accept => Action::Accept,
            Self::RequestSupplement { .. } => Action::RequestSupplement,
            Self::Supplement => Action::Supplement,
            Self::Lapse => Action::Lapse,
            Self::Approve { .. } => Action::Approve,
            Self::Refuse { .. } => Action::Refuse,
            Self::NotAccept { .. } => Action::NotAccept,
            Self::Return { .. } => Action::Return,
            Self::Withdraw { .. } => Action::Withdraw,
            Self::MeetObligation { .. } => Action::MeetObligation,
            Self::Reopen { .. } => Action::Reopen,
            Self::Breach => Action::Breach,
            Self::Redate => Action::Redate,
            Self::Object { .. } => Action::Object,
            Self::SetUrgency { .. } => Action::SetUrgency,
            Self::Contact { .. } => Action::Contact,
            Self::Answer { .. } => Action::Answer,
            Self::Record { .. } => Action::Record,
        }
    }

    /// The cause of a breach that came with a decision.
    pub fn breach(&self) -> Option<&BreachReport> {
        match self {
            Self::Approve { breach }
            | Self::Refuse { breach, .. }
            | Self::NotAccept { breach, .. }
            | Self::Record { breach, .. } => breach.as_ref(),
            Self::Claim { .. }
            | Self::Next
            | Self::Assign { .. }
            | Self::Release { .. }
            | Self::HandOver { .. }
            | Self::Accept
            | Self::RequestSupplement { .. }
            | Self::Supplement
            | Self::Lapse
            | Self::Return { .. }
            | Self::Withdraw { .. }
            | Self::MeetObligation { .. }
            | Self::Reopen { .. }
            | Self::Breach
            | Self::Redate
            | Self::Object { .. }
            | Self::SetUrgency { .. }
            | Self::Contact { .. }
            | Self::Answer { .. } => None,
        }
    }

    /// Whom the case is to go to.
    pub fn recipient(&self) -> Option<AccountId> {
        match self {
            Self::Assign { to, .. } | Self::HandOver { to, .. } => Some(*to),
            _ => None,
        }
    }

    /// The free words of the event this becomes.
    pub fn words(&self) -> Words {
        let reason = match self {
            // A timer gives no reason (CLK-7).
            Self::Assign { reason, .. } => Some(reason.clone()).filter(|r| !r.is_empty()),
            Self::Release { reason }
            | Self::HandOver { reason, .. }
            | Self::Return { reason }
            | Self::Reopen { reason }
            | Self::Object { reason }
            | Self::SetUrgency { reason, .. }
            | Self::Record { reason, .. } => Some(reason.clone()),
            Self::Contact { message } => Some(message.clone()),
            Self::Answer { remark, .. } => Some(remark.clone()).filter(|r| !r.is_empty()),
            Self::Claim { reason } | Self::Withdraw { reason } => reason.clone(),
            Self::Refuse { grounds, .. } | Self::NotAccept { grounds, .. } => {
                Some(grounds.reason.clone())
            }
            Self::Next
            | Self::Accept
            | Self::RequestSupplement { .. }
            | Self::Supplement
            | Self::Lapse
            | Self::Approve { .. }
            | Self::MeetObligation { .. }
            | Self::Breach
            | Self::Redate => None,
        };
        let clause = match self {
            Self::Refuse { grounds, .. } | Self::NotAccept { grounds, .. } => {
                Some(grounds.clause.clone())
            }
            _ => None,
        };
        let missing = match self {
            Self::RequestSupplement { missing } => missing.clone(),
            _ => vec![],
        };
        Words {
            reason,
            clause,
            breach: self.breach().map(|b| b.words.clone()),
            missing,
        }
    }
}
