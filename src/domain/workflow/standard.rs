//! The rows of CAS-1 that items take their tables from.

use super::Action;
use super::table::{Clock, Guard, Next, Transition, Who};
use crate::domain::case::State;

use Guard::{
    AbleRecipient, AskedOnce, BeforeDeadline, BreachCause, Confirmed, HoldLimit, Impartial,
    NotAnswered, Overdue, Promised, ReasonOutOfOrder, SomethingMissing, TermMoves, ToldOnce,
};
use State::{
    AwaitingAgency, Closed, Draft, InReview, Lapsed, NotAccepted, Refused, SecondReview, Submitted,
    SupplementRequested, Withdrawn,
};

const fn row(
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

/// CAS-1 for an item that is filed online and has no stages after approval.
pub const ONLINE: &[Transition] = &[
    row(
        Draft,
        Action::Submit,
        Who::Applicant,
        Next::To(Submitted),
        Clock::Starts,
        &[],
    ),
    row(
        Submitted,
        Action::Next,
        Who::Handler,
        Next::To(InReview),
        Clock::Runs,
        &[Impartial, HoldLimit],
    ),
    row(
        Submitted,
        Action::Claim,
        Who::Handler,
        Next::To(InReview),
        Clock::Runs,
        &[Impartial, HoldLimit, ReasonOutOfOrder],
    ),
    row(
        Submitted,
        Action::Assign,
        Who::Dispatcher,
        Next::To(InReview),
        Clock::Runs,
        &[Impartial, AbleRecipient],
    ),
    row(
        InReview,
        Action::Release,
        Who::Holder,
        Next::To(Submitted),
        Clock::Runs,
        &[],
    ),
    row(
        InReview,
        Action::HandOver,
        Who::Holder,
        Next::To(InReview),
        Clock::Runs,
        &[AbleRecipient],
    ),
    row(
        InReview,
        Action::Assign,
        Who::Dispatcher,
        Next::To(InReview),
        Clock::Runs,
        &[Impartial, AbleRecipient],
    ),
    row(
        InReview,
        Action::Accept,
        Who::Holder,
        Next::To(InReview),
        Clock::Answers,
        &[Impartial, NotAnswered],
    ),
    row(
        InReview,
        Action::RequestSupplement,
        Who::Holder,
        Next::To(SupplementRequested),
        Clock::Pauses,
        &[Impartial, SomethingMissing, BeforeDeadline, ToldOnce],
    ),
    row(
        SupplementRequested,
        Action::Supplement,
        Who::Applicant,
        Next::HandlerOrQueue,
        Clock::Restarts,
        &[],
    ),
    row(
        SupplementRequested,
        Action::Lapse,
        Who::Timer,
        Next::To(Lapsed),
        Clock::Stops,
        &[],
    ),
    row(
        InReview,
        Action::Approve,
        Who::Holder,
        Next::DecidedOrSecondReview,
        Clock::Stops,
        &[Impartial, BreachCause],
    ),
    row(
        InReview,
        Action::Refuse,
        Who::Holder,
        Next::To(SecondReview),
        Clock::Runs,
        &[Impartial, BreachCause],
    ),
    row(
        InReview,
        Action::NotAccept,
        Who::Holder,
        Next::To(SecondReview),
        Clock::Runs,
        &[Impartial, BreachCause],
    ),
    row(
        SecondReview,
        Action::Approve,
        Who::Reviewer,
        Next::Decided,
        Clock::Stops,
        &[Impartial, BreachCause],
    ),
    row(
        SecondReview,
        Action::Refuse,
        Who::Reviewer,
        Next::Decided,
        Clock::Stops,
        &[Impartial, BreachCause],
    ),
    row(
        SecondReview,
        Action::NotAccept,
        Who::Reviewer,
        Next::Decided,
        Clock::Stops,
        &[Impartial, BreachCause],
    ),
    row(
        SecondReview,
        Action::Return,
        Who::Reviewer,
        Next::To(InReview),
        Clock::Runs,
        &[Impartial],
    ),
    row(
        Submitted,
        Action::Withdraw,
        Who::Applicant,
        Next::To(Withdrawn),
        Clock::Stops,
        &[],
    ),
    row(
        InReview,
        Action::Withdraw,
        Who::Applicant,
        Next::To(Withdrawn),
        Clock::Stops,
        &[],
    ),
    row(
        SupplementRequested,
        Action::Withdraw,
        Who::Applicant,
        Next::To(Withdrawn),
        Clock::Stops,
        &[],
    ),
    row(
        SecondReview,
        Action::Withdraw,
        Who::Applicant,
        Next::To(Withdrawn),
        Clock::Stops,
        &[],
    ),
    // CAS-8: what somebody else filed ends by the person's word; after a decision it is told to the supervisors.
    row(
        Submitted,
        Action::Object,
        Who::Concerned,
        Next::To(Withdrawn),
        Clock::Stops,
        &[],
    ),
    row(
        InReview,
        Action::Object,
        Who::Concerned,
        Next::To(Withdrawn),
        Clock::Stops,
        &[],
    ),
    row(
        SupplementRequested,
        Action::Object,
        Who::Concerned,
        Next::To(Withdrawn),
        Clock::Stops,
        &[],
    ),
    row(
        SecondReview,
        Action::Object,
        Who::Concerned,
        Next::To(Withdrawn),
        Clock::Stops,
        &[],
    ),
    row(
        Closed,
        Action::Object,
        Who::Concerned,
        Next::To(Closed),
        Clock::Runs,
        &[],
    ),
    row(
        Refused,
        Action::Object,
        Who::Concerned,
        Next::To(Refused),
        Clock::Runs,
        &[],
    ),
    row(
        NotAccepted,
        Action::Object,
        Who::Concerned,
        Next::To(NotAccepted),
        Clock::Runs,
        &[],
    ),
    // CAT-4: the holder keeps the case.
    row(
        Submitted,
        Action::SetUrgency,
        Who::Officer,
        Next::To(Submitted),
        Clock::Runs,
        &[Impartial],
    ),
    row(
        InReview,
        Action::SetUrgency,
        Who::Officer,
        Next::To(InReview),
        Clock::Runs,
        &[Impartial],
    ),
    // CAS-4: what was promised is taken whenever it comes, after closing too. What came to nothing owes nothing.
    row(
        Submitted,
        Action::MeetObligation,
        Who::Applicant,
        Next::To(Submitted),
        Clock::Runs,
        &[Promised],
    ),
    row(
        InReview,
        Action::MeetObligation,
        Who::Applicant,
        Next::To(InReview),
        Clock::Runs,
        &[Promised],
    ),
    row(
        SupplementRequested,
        Action::MeetObligation,
        Who::Applicant,
        Next::To(SupplementRequested),
        Clock::Runs,
        &[Promised],
    ),
    row(
        SecondReview,
        Action::MeetObligation,
        Who::Applicant,
        Next::To(SecondReview),
        Clock::Runs,
        &[Promised],
    ),
    row(
        Closed,
        Action::MeetObligation,
        Who::Applicant,
        Next::To(Closed),
        Clock::Runs,
        &[Promised],
    ),
    row(
        Refused,
        Action::Reopen,
        Who::Supervisor,
        Next::To(InReview),
        Clock::Restarts,
        &[Impartial, Confirmed],
    ),
    row(
        NotAccepted,
        Action::Reopen,
        Who::Supervisor,
        Next::To(InReview),
        Clock::Restarts,
        &[Impartial, Confirmed],
    ),
    row(
        Closed,
        Action::Reopen,
        Who::Supervisor,
        Next::To(InReview),
        Clock::Restarts,
        &[Impartial, Confirmed],
    ),
    row(
        Submitted,
        Action::Breach,
        Who::Timer,
        Next::To(Submitted),
        Clock::Runs,
        &[Overdue],
    ),
    row(
        InReview,
        Action::Breach,
        Who::Timer,
        Next::To(InReview),
        Clock::Runs,
        &[Overdue],
    ),
    row(
        SecondReview,
        Action::Breach,
        Who::Timer,
        Next::To(SecondReview),
        Clock::Runs,
        &[Overdue],
    ),
    row(
        Submitted,
        Action::Redate,
        Who::Timer,
        Next::To(Submitted),
        Clock::Runs,
        &[TermMoves],
    ),
    row(
        InReview,
        Action::Redate,
        Who::Timer,
        Next::To(InReview),
        Clock::Runs,
        &[TermMoves],
    ),
    row(
        SecondReview,
        Action::Redate,
        Who::Timer,
        Next::To(SecondReview),
        Clock::Runs,
        &[TermMoves],
    ),
];

/// A wait for another agency (CLK-5, XR-4), and recording what can't be completed (XR-6).
const ASKING_AND_RECORDING: &[Transition] = &[
    row(
        InReview,
        Action::Contact,
        Who::Holder,
        Next::To(AwaitingAgency),
        Clock::Pauses,
        &[Impartial, BeforeDeadline, AskedOnce],
    ),
    row(
        AwaitingAgency,
        Action::Answer,
        Who::OtherAgency,
        Next::HandlerOrQueue,
        Clock::Restarts,
        &[],
    ),
    row(
        AwaitingAgency,
        Action::Withdraw,
        Who::Applicant,
        Next::To(Withdrawn),
        Clock::Stops,
        &[],
    ),
    row(
        AwaitingAgency,
        Action::Object,
        Who::Concerned,
        Next::To(Withdrawn),
        Clock::Stops,
        &[],
    ),
    row(
        AwaitingAgency,
        Action::MeetObligation,
        Who::Applicant,
        Next::To(AwaitingAgency),
        Clock::Runs,
        &[Promised],
    ),
    row(
        InReview,
        Action::Record,
        Who::Holder,
        Next::To(Closed),
        Clock::Stops,
        &[Impartial, BreachCause],
    ),
];

/// [`ONLINE`] for registrations: other agencies can be asked, and what can't be completed is recorded.
pub const REGISTERING: &[Transition] =
    &join::<{ ONLINE.len() + ASKING_AND_RECORDING.len() }>(ONLINE, ASKING_AND_RECORDING);

#[expect(
    clippy::indexing_slicing,
    reason = "evaluated by the compiler, which refuses what is out of range"
)]
const fn join<const N: usize>(first: &[Transition], then: &[Transition]) -> [Transition; N] {
    let mut all = [first[0]; N];
    let mut at = 0;
    while at < N {
        all[at] = if at < first.len() {
            first[at]
        } else {
            then[at - first.len()]
        };
        at += 1;
    }
    all
}
