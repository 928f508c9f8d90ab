//! A case as the fold over its events: the only place where one becomes the next. Whether an event may happen was asked before.

use super::{Change, Event};
use crate::domain::case::{Case, ClockState, Decision, PauseReason, Term, Urgency};
use crate::domain::ids::AccountId;
use crate::domain::time::Ts;

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
        clock: match filing.term {
            Some(term) => ClockState::Running { term },
            None => ClockState::Paused {
                reason: PauseReason::Parcel,
                since: event.at,
                last: 0,
            },
        },
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
        Change::Filed(_)
        | Change::ObligationMet { .. }
        | Change::Objected
        | Change::Amended
        | Change::Adjusted { .. } => {}
        Change::Arrived { term } => case.clock = ClockState::Running { term: *term },
        Change::Staged { stage } => staged(&mut case, stage),
        Change::Finished => finish(&mut case, event.at, last),
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
        Change::Proposed { decision, .. } => propose(&mut case, *decision, event.actor),
        Change::Returned { holder } => give_back(&mut case, *holder),
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

fn staged(case: &mut Case, stage: &str) {
    case.stage = Some(stage.to_owned());
    case.closed_at = None;
}

fn finish(case: &mut Case, at: Ts, last: u32) {
    case.stage = None;
    end(case, at, last);
}

fn propose(case: &mut Case, decision: Decision, by: Option<AccountId>) {
    case.first_reviewer = by;
    case.proposed = Some(decision);
    case.holder = None;
}

fn give_back(case: &mut Case, holder: Option<AccountId>) {
    case.holder = holder;
    case.first_reviewer = None;
    case.proposed = None;
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
