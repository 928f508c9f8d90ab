//! The shape of the transition table. The rows of CAS-1 are in [`super::standard`]; an item takes them and adds its own
//! stages after approval.

use strum::{EnumIter, IntoStaticStr};

use super::Action;
use crate::domain::case::{Case, State};

/// One row: in `from`, `by` may do `action`, if the guards hold; then the case is in `next`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// State before.
    pub from: State,
    /// The action.
    pub action: Action,
    /// State after.
    pub next: Next,
    /// Who may.
    pub by: Who,
    /// What must hold besides.
    pub guards: &'static [Guard],
    /// What happens to the clock.
    pub clock: Clock,
}

/// Where a transition leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Always there.
    To(State),
    /// A decision of the first review: to second review where CAS-3 asks for it, else decided.
    DecidedOrSecondReview,
    /// A decision of the second review.
    Decided,
    /// Back to its handler if on duty, else to the queue (CLK-5).
    HandlerOrQueue,
}

/// Who may act, by their part in the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// The person concerned or who may file for them.
    Applicant,
    /// The person concerned, where somebody else filed (CAS-8).
    Concerned,
    /// Any handler of the agency.
    Handler,
    /// The handler who holds it; after a breach the supervisor, until it is reassigned (CLK-7).
    Holder,
    /// A reviewer of the agency who did not review; after a breach the supervisor as well (CAS-3).
    Reviewer,
    /// A supervisor of the agency.
    Supervisor,
    /// A supervisor of the agency, or the service itself: at the start of leave, and by the ladder (CLK-7).
    Dispatcher,
    /// Any handler or supervisor of the agency.
    Officer,
    /// The service's own timers.
    Timer,
    /// The agency that was asked, by its answer or its silence (XR-5).
    OtherAgency,
}

/// What must hold besides state and person. Each is one rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Guard {
    /// CAS-10: nobody handles the own or a relative's case.
    Impartial,
    /// CLK-7: taking another case than the next needs a reason.
    ReasonOutOfOrder,
    /// A configurable limit of cases in one hand.
    HoldLimit,
    /// The recipient is an able handler of the same agency.
    AbleRecipient,
    /// CLK-6: one supplement request; a second is confirmed by the supervisor.
    ToldOnce,
    /// CLK-6: none after the deadline.
    BeforeDeadline,
    /// CLK-6: everything that is missing is named.
    SomethingMissing,
    /// CLK-7: after a breach the cause is stated.
    BreachCause,
    /// CLK-1: the first answer can be given once.
    NotAnswered,
    /// CAS-1: one person asks, another confirms.
    Confirmed,
    /// CAS-4: the material was promised and is not here yet.
    Promised,
    /// CLK-8: the deadline has passed and was not marked yet.
    Overdue,
    /// CLK-2: by the arrangements in force the term ends at another time, or now surely.
    TermMoves,
    /// CLK-5: each agency is asked once, so that a wait never pays twice.
    AskedOnce,
}

impl Guard {
    /// The name in the texts' keys: `guard-<name>` says what is wrong and what to do, `guard-<name>-basis` on what
    /// rule and clause that rests.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The rule it stands for.
    pub fn rule(self) -> &'static str {
        match self {
            Self::Impartial | Self::AbleRecipient | Self::HoldLimit => "CAS-10",
            Self::ReasonOutOfOrder | Self::BreachCause => "CLK-7",
            Self::ToldOnce | Self::BeforeDeadline | Self::SomethingMissing => "CLK-6",
            Self::NotAnswered => "CLK-1",
            Self::Confirmed => "CAS-1",
            Self::Promised => "CAS-4",
            Self::Overdue => "CLK-8",
            Self::TermMoves => "CLK-2",
            Self::AskedOnce => "CLK-5",
        }
    }
}

/// What a transition does to the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// Starts the first run (CLK-4).
    Starts,
    /// Goes on.
    Runs,
    /// The first answer is given: from now the whole-case limit, from the same start (CLK-1).
    Answers,
    /// Stands still (CLK-5).
    Pauses,
    /// The full term starts anew (CLK-5).
    Restarts,
    /// The case is over or waits for nobody.
    Stops,
}

/// A row, written short.
pub(super) const fn row(
    from: State,
    action: Action,
    by: Who,
    next: Next,
    clock: Clock,
    guards: &'static [Guard],
) -> Transition {
    Transition {
        from,
        action,
        next,
        by,
        guards,
        clock,
    }
}

/// The row for an action in the case's present state.
pub fn find(
    table: &'static [Transition],
    case: &Case,
    action: Action,
) -> Option<&'static Transition> {
    table
        .iter()
        .find(|t| t.from == case.state && t.action == action)
}
