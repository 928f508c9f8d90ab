//! The journal of a case: what happened, in order. A case is the fold over its events; nothing else
//! changes a case. Free words that may name people are kept apart ([`Words`]), so that they can be
//! sealed and, by law, destroyed without breaking the chain.

use serde::{Deserialize, Serialize};

use super::actor::{Identified, Role};
use super::case::{
    BreachCause, Case, Channel, ClockState, Decision, Limits, PauseReason, State, Term, Urgency,
};
use super::ids::{AccountId, CaseId, PersonId};
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
    /// The first run of the clock.
    pub term: Term,
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

/// A journal that can't be folded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplayError {
    /// No event at all.
    #[error("the journal is empty")]
    Empty,
    /// The first event is not a filing.
    #[error("the journal does not begin with a filing")]
    NoFiling,
    /// An event out of order, or one that starts from another state.
    #[error("event {0} does not follow from the one before")]
    Broken(u32),
}

/// The case its journal tells of.
///
/// # Errors
/// [`ReplayError`] names the first event that does not follow.
pub fn replay(events: &[Event]) -> Result<Case, ReplayError> {
    let (first, rest) = events.split_first().ok_or(ReplayError::Empty)?;
    let mut case = filed(first)?;
    for event in rest {
        if event.number != case.version + 1 || event.from != case.state {
            return Err(ReplayError::Broken(event.number));
        }
        case = evolve(case, event);
    }
    Ok(case)
}

/// The case right after its first event.
///
/// # Errors
/// [`ReplayError::NoFiling`] for any other event.
pub fn filed(event: &Event) -> Result<Case, ReplayError> {
    let Change::Filed(filing) = &event.change else {
        return Err(ReplayError::NoFiling);
    };
    Ok(Case {
        id: filing.id,
        pool: filing.agency.pool(),
        agency: filing.agency,
        receipt_no: filing.receipt_no.clone(),
        item: filing.item.clone(),
        form_version: filing.form_version,
        person: filing.person,
        filed_by: filing.filed_by,
        channel: filing.channel,
        urgency: filing.urgency,
        filed_at: event.at,
        state: event.to,
        stage: None,
        version: event.number,
        holder: None,
        first_reviewer: None,
        proposed: None,
        sampled: filing.sampled,
        supplements: 0,
        front: false,
        limits: filing.limits,
        answered: false,
        clock: ClockState::Running { term: filing.term },
        breached_at: None,
        escalated: false,
        decision: None,
        closed_at: None,
    })
}

/// The case after one more event.
pub fn evolve(case: Case, event: &Event) -> Case {
    let last = case.term_number();
    let mut case = Case {
        version: event.number,
        state: event.to,
        ..case
    };
    match &event.change {
        // A second filing can't follow; replay refuses it by its state.
        Change::Filed(_) | Change::ObligationMet { .. } | Change::Objected => {}
        Change::Taken { holder } => take(&mut case, *holder),
        Change::Released => case.holder = None,
        Change::Accepted { term } => {
            case.answered = true;
            case.clock = ClockState::Running { term: *term };
        }
        Change::Asked { reason } => {
            case.answered = true;
            case.supplements += u16::from(*reason == PauseReason::Supplement);
            case.clock = ClockState::Paused {
                reason: *reason,
                since: event.at,
                last,
            };
        }
        Change::Resumed { holder, term } => resume(&mut case, *holder, *term),
        Change::Proposed { decision, .. } => {
            case.first_reviewer = event.actor;
            case.proposed = Some(*decision);
            case.holder = None;
        }
        Change::Returned { holder } => {
            case.holder = *holder;
            case.first_reviewer = None;
            case.proposed = None;
        }
        Change::Decided {
            decision, stage, ..
        } => {
            case.answered = true;
            case.decision = Some(*decision);
            case.stage.clone_from(stage);
            end(&mut case, event.at, last);
        }
        Change::Ended => end(&mut case, event.at, last),
        Change::Breached => breach(&mut case, event.at),
        Change::Reopened { term } => reopen(&mut case, *term),
        Change::Redated { term } => case.clock = ClockState::Running { term: *term },
        Change::Classed { urgency, term } => classed(&mut case, *urgency, *term),
    }
    case
}

fn classed(case: &mut Case, urgency: Urgency, term: Option<Term>) {
    case.urgency = urgency;
    if let Some(term) = term {
        case.clock = ClockState::Running { term };
    }
}

fn take(case: &mut Case, holder: AccountId) {
    case.holder = Some(holder);
    case.front = false;
    case.escalated = false;
}

fn resume(case: &mut Case, holder: Option<AccountId>, term: Term) {
    case.holder = holder;
    case.front = holder.is_none();
    case.clock = ClockState::Running { term };
}

fn breach(case: &mut Case, at: Ts) {
    case.breached_at = case.breached_at.or(Some(at));
    case.escalated = true;
    if let ClockState::Running { term } = &mut case.clock {
        term.missed = true;
    }
}

fn reopen(case: &mut Case, term: Term) {
    case.clock = ClockState::Running { term };
    case.decision = None;
    case.closed_at = None;
    case.proposed = None;
    case.first_reviewer = None;
    // It is the supervisor's to give out.
    case.escalated = true;
}

/// Decided, withdrawn or lapsed: the clock stops and nobody holds the case.
fn end(case: &mut Case, at: Ts, last: u32) {
    case.clock = ClockState::Stopped { last };
    case.holder = None;
    case.proposed = None;
    case.escalated = false;
    case.front = false;
    if case.state.is_final() {
        case.closed_at = Some(at);
    }
}
