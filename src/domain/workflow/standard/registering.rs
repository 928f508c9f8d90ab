//! The rows of registrations, beside those of every item: another agency is asked, and what can't be completed is recorded
//! (XR-4, XR-6).

use super::ONLINE;
use crate::domain::case::State::{AwaitingAgency, Closed, InReview, Withdrawn};
use crate::domain::workflow::Action;
use crate::domain::workflow::table::Guard::{
    AskedOnce, BeforeDeadline, BreachCause, Impartial, Promised,
};
use crate::domain::workflow::table::{Clock, Next, Transition, Who, row};

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
