//! The rows of claims for money, beside those of every item: papers that come by post, lines that are allowed otherwise
//! than asked, and what follows an approval until the money is there (RB-1, RB-6).

use super::ONLINE;
use crate::domain::case::State::{
    AwaitingParcel, Closed, Fulfilling, InReview, Lapsed, SecondReview, Submitted,
    SupplementRequested, Withdrawn,
};
use crate::domain::workflow::Action;
use crate::domain::workflow::table::Guard::{BreachCause, Impartial, Promised};
use crate::domain::workflow::table::{Clock, Next, Transition, Who, join, of_stage, row};

/// The stage in which the order waits for the bank; texts `stage-<name>`.
pub const PAYMENT: &str = "payment";
/// The stage in which the applicant puts the account right.
pub const ACCOUNT_CORRECTION: &str = "account-correction";

/// Waiting for a parcel (RB-1).
const BY_POST: &[Transition] = &[
    row(
        AwaitingParcel,
        Action::RegisterParcel,
        Who::Mailroom,
        Next::To(Submitted),
        Clock::Starts,
        &[],
    ),
    // What was asked for may come by post as well (CLK-5).
    row(
        SupplementRequested,
        Action::RegisterParcel,
        Who::Mailroom,
        Next::HandlerOrQueue,
        Clock::Restarts,
        &[],
    ),
    row(
        AwaitingParcel,
        Action::Lapse,
        Who::Timer,
        Next::To(Lapsed),
        Clock::Stops,
        &[],
    ),
    row(
        AwaitingParcel,
        Action::Withdraw,
        Who::Applicant,
        Next::To(Withdrawn),
        Clock::Stops,
        &[],
    ),
    row(
        AwaitingParcel,
        Action::Object,
        Who::Concerned,
        Next::To(Withdrawn),
        Clock::Stops,
        &[],
    ),
    row(
        AwaitingParcel,
        Action::MeetObligation,
        Who::Applicant,
        Next::To(AwaitingParcel),
        Clock::Runs,
        &[Promised],
    ),
];

/// Review of a claim (RB-6): what the papers say, what is allowed of it, what the year has room for (SET-7).
const REVIEW: &[Transition] = &[
    row(
        InReview,
        Action::Amend,
        Who::Holder,
        Next::To(InReview),
        Clock::Runs,
        &[Impartial],
    ),
    row(
        InReview,
        Action::Adjust,
        Who::Holder,
        Next::To(InReview),
        Clock::Runs,
        &[Impartial],
    ),
    row(
        SecondReview,
        Action::Recompute,
        Who::Timer,
        Next::To(InReview),
        Clock::Runs,
        &[],
    ),
];

/// From the approval to the money (RB-6).
const PAYING: &[Transition] = &[
    of_stage(
        PAYMENT,
        row(
            Fulfilling,
            Action::Pay,
            Who::Finance,
            Next::To(Closed),
            Clock::Stops,
            &[Impartial],
        ),
    ),
    of_stage(
        PAYMENT,
        row(
            Fulfilling,
            Action::FailPayment,
            Who::Finance,
            Next::Stage(ACCOUNT_CORRECTION),
            Clock::Stops,
            &[Impartial],
        ),
    ),
    of_stage(
        ACCOUNT_CORRECTION,
        row(
            Fulfilling,
            Action::CorrectAccount,
            Who::Applicant,
            Next::Stage(PAYMENT),
            Clock::Stops,
            &[],
        ),
    ),
    row(
        Fulfilling,
        Action::Object,
        Who::Concerned,
        Next::To(Fulfilling),
        Clock::Stops,
        &[],
    ),
    row(
        Fulfilling,
        Action::MeetObligation,
        Who::Applicant,
        Next::To(Fulfilling),
        Clock::Stops,
        &[Promised],
    ),
    row(
        Closed,
        Action::ReturnPayment,
        Who::Finance,
        Next::Stage(ACCOUNT_CORRECTION),
        Clock::Stops,
        &[Impartial],
    ),
];

/// [`ONLINE`] with the approval of the first review always looked at by a second person (CAS-3: every payment).
const REVIEWED_TWICE: [Transition; ONLINE.len()] = reviewed_twice();

#[expect(
    clippy::indexing_slicing,
    reason = "evaluated by the compiler, which refuses what is out of range"
)]
const fn reviewed_twice() -> [Transition; ONLINE.len()] {
    let mut rows = [ONLINE[0]; ONLINE.len()];
    let mut at = 0;
    while at < ONLINE.len() {
        rows[at] = match ONLINE[at].next {
            Next::DecidedOrSecondReview => row(
                InReview,
                Action::Approve,
                Who::Holder,
                Next::To(SecondReview),
                Clock::Runs,
                &[Impartial, BreachCause],
            ),
            _ => ONLINE[at],
        };
        at += 1;
    }
    rows
}

const WITH_POST: [Transition; ONLINE.len() + BY_POST.len()] = join(&REVIEWED_TWICE, BY_POST);
const WITH_REVIEW: [Transition; WITH_POST.len() + REVIEW.len()] = join(&WITH_POST, REVIEW);

/// The table of claims.
pub const REIMBURSING: &[Transition] =
    &join::<{ WITH_REVIEW.len() + PAYING.len() }>(&WITH_REVIEW, PAYING);
