//! The journal of a case: what happened, in order. A case is the fold over its events; nothing else
//! changes a case. Free words that may name people are kept apart ([`Words`]), so that they can be
//! sealed and, by law, destroyed without breaking the chain.

mod fold;

pub use fold::{ReplayError, evolve, filed, replay};

use serde::{Deserialize, Serialize};

use super::actor::{Identified, Role};
use super::case::{BreachCause, Channel, Decision, Limits, PauseReason, State, Term, Urgency};
use super::ids::{AccountId, CaseId, PersonId};
use super::money::Fen;
use super::place::AgencyCode;
use super::time::Ts;
use super::workflow::Action;

/// One entry of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// 1, 2, 3 … within the case; order is by number, never by time.
    pub number: u32,
    /// When, by business time.
    pub at: Ts,
    /// Who; `None` is the service itself (timers).
    pub actor: Option<AccountId>,
    /// In which role.
    pub role: Option<Role>,
    /// What was done.
    pub action: Action,
    /// State before.
    pub from: State,
    /// State after.
    pub to: State,
    /// What changed.
    pub change: Change,
}

/// What an event changed, without free words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Change {
    /// The case came to the agency.
    Filed(Box<Filing>),
    /// Somebody holds it now.
    Taken {
        /// The holder.
        holder: AccountId,
    },
    /// Nobody holds it.
    Released,
    /// The first answer was given; the whole-case limit applies (CLK-1).
    Accepted {
        /// The run up to the whole-case limit.
        term: Term,
    },
    /// The applicant is asked for what is missing; the clock pauses (CLK-5).
    Asked {
        /// For whom the case waits.
        reason: PauseReason,
    },
    /// The wait ended; the full term starts anew (CLK-5).
    Resumed {
        /// Who goes on with it; `None` puts it at the front of the queue.
        holder: Option<AccountId>,
        /// The new run.
        term: Term,
    },
    /// A decision that needs a second person (CAS-3).
    Proposed {
        /// What the first review proposes.
        decision: Decision,
        /// Cause of a breach, when there was one (CLK-7).
        breach_cause: Option<BreachCause>,
    },
    /// The second person sent it back.
    Returned {
        /// The first reviewer, who holds it again.
        holder: Option<AccountId>,
    },
    /// The decision.
    Decided {
        /// Which.
        decision: Decision,
        /// The item's first stage, where it has any.
        stage: Option<String>,
        /// Cause of a breach, when there was one (CLK-7).
        breach_cause: Option<BreachCause>,
    },
    /// Ended without a decision: withdrawn or lapsed.
    Ended,
    /// The deadline passed (CLK-7).
    Breached,
    /// Opened again by two people.
    Reopened {
        /// The new run.
        term: Term,
    },
    /// The person concerned does not want what was decided (CAS-8); the decision stands until the office acts.
    Objected,
    /// Another urgency class; an urgent one has a shorter due time, none a longer one (CAT-4).
    Classed {
        /// The class.
        urgency: Urgency,
        /// The run of the clock from now on, where it changes.
        term: Option<Term>,
    },
    /// A holiday arrangement changed the due time (CLK-2).
    Redated {
        /// The same run with its new due time.
        term: Term,
    },
    /// The parcel with the papers is here: the first run of the clock, from its delivery (CLK-4).
    Arrived {
        /// The run.
        term: Term,
    },
    /// What the papers say was taken in or corrected (RB-3).
    Amended,
    /// Another amount is allowed for a line than was asked for (RB-6).
    Adjusted {
        /// Number of the line, from 1.
        line: u32,
        /// What is allowed of it.
        allowed: Fen,
    },
    /// Another of the item's own stages.
    Staged {
        /// Which.
        stage: String,
    },
    /// The last of the item's own stages is over.
    Finished,
    /// A promised material came (CAS-4); nothing else changes.
    ObligationMet {
        /// Name of the item's material.
        material: String,
    },
}

/// The first event's contents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filing {
    /// The case.
    pub id: CaseId,
    /// Its agency; the pool follows from it.
    pub agency: AgencyCode,
    /// Canonical receipt number.
    pub receipt_no: String,
    /// Slug of the item.
    pub item: String,
    /// Version of the form.
    pub form_version: u32,
    /// The person concerned.
    pub person: PersonId,
    /// Who filed.
    pub filed_by: AccountId,
    /// How.
    pub channel: Channel,
    /// Urgency class.
    pub urgency: Urgency,
    /// Limits in working days.
    pub limits: Limits,
    /// Chosen for second review by sample (CAS-3).
    pub sampled: bool,
    /// The first run of the clock; none while a parcel is waited for (CLK-4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term: Option<Term>,
    /// How whoever filed had signed in (CAS-14); not noted in older journals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identified: Option<Identified>,
}

/// Free words of an event: reason, clause, what is missing. Sealed with the key of the case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// The reason as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The clause a refusal rests on (CAS-6).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// The cause of a breach in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breach: Option<String>,
    /// What a supplement request names (CLK-6).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Missing>,
}

impl Words {
    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// One thing a supplement request names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// The material or the field of the form.
    #[serde(flatten)]
    pub target: Target,
    /// What is wrong with it.
    pub reason: String,
}

/// What a missing thing is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// A material of the item, by its name.
    Material(String),
    /// A field of the form, by its name.
    Field(String),
}
