//! What can have happened to a case, as whoever knows two numbers is told of it: no persons, no words.

use serde::Serialize;
use strum::{Display, EnumIter, IntoStaticStr};

use crate::domain::case::{Decision, PauseReason, State};
use crate::domain::event::{Change, Event};
use crate::domain::time::Day;
use crate::domain::workflow::Action;

/// One thing that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// What.
    pub what: StepKind,
    /// On which Beijing day.
    pub on: Day,
}

/// What can have happened. Texts `progress-step-<name>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, EnumIter, IntoStaticStr, Display)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum StepKind {
    /// Filed.
    Submitted,
    /// A handler took it for the first time.
    TakenUp,
    /// Accepted.
    Accepted,
    /// The applicant was asked for what is missing.
    SupplementAsked,
    /// Another agency was asked.
    OtherAgencyAsked,
    /// It answered, or its time passed (XR-5).
    OtherAgencyAnswered,
    /// The treating institution was asked.
    InstitutionAsked,
    /// The applicant is to sign.
    SignatureAsked,
    /// What was asked for came; the clock runs anew (CLK-5).
    Resumed,
    /// A second person looks at it.
    SecondReview,
    /// 同意
    Approved,
    /// 不予批准
    Refused,
    /// 不予受理
    NotAccepted,
    /// 记录在案 (XR-6)
    Recorded,
    /// Taken back by the applicant.
    Withdrawn,
    /// Ended because nothing came.
    Lapsed,
    /// The agency missed its deadline.
    DeadlineMissed,
    /// Opened again.
    Reopened,
    /// The parcel with the papers is here (RB-1).
    ParcelArrived,
    /// Paid (RB-6).
    Paid,
    /// The bank could not pay; the account is to be put right (RB-6).
    PaymentFailed,
    /// The account was put right.
    AccountCorrected,
}

/// What an event was, if it is told at all.
pub(super) fn step(event: &Event) -> Option<StepKind> {
    match &event.change {
        Change::Filed(_) => Some(StepKind::Submitted),
        Change::Taken { .. } => Some(StepKind::TakenUp),
        Change::Accepted { .. } => Some(StepKind::Accepted),
        Change::Asked { reason } => Some(match reason {
            PauseReason::Supplement => StepKind::SupplementAsked,
            PauseReason::OtherAgency => StepKind::OtherAgencyAsked,
            PauseReason::Institution => StepKind::InstitutionAsked,
            PauseReason::Signature => StepKind::SignatureAsked,
            // Nobody asks for a parcel: it was announced with the filing.
            PauseReason::Parcel => return None,
        }),
        Change::Arrived { .. } => Some(StepKind::ParcelArrived),
        Change::Finished => Some(StepKind::Paid),
        Change::Staged { .. } if event.action == Action::CorrectAccount => {
            Some(StepKind::AccountCorrected)
        }
        Change::Staged { .. } => Some(StepKind::PaymentFailed),
        Change::Resumed { .. } if event.action == Action::Answer => {
            Some(StepKind::OtherAgencyAnswered)
        }
        Change::Resumed { .. } => Some(StepKind::Resumed),
        Change::Proposed { .. } => Some(StepKind::SecondReview),
        Change::Decided { decision, .. } => Some(match decision {
            Decision::Approved => StepKind::Approved,
            Decision::Refused => StepKind::Refused,
            Decision::NotAccepted => StepKind::NotAccepted,
            Decision::Recorded => StepKind::Recorded,
        }),
        Change::Ended if event.to == State::Lapsed => Some(StepKind::Lapsed),
        Change::Ended => Some(StepKind::Withdrawn),
        Change::Breached => Some(StepKind::DeadlineMissed),
        Change::Reopened { .. } => Some(StepKind::Reopened),
        Change::Released
        | Change::Returned { .. }
        | Change::Amended
        | Change::Adjusted { .. }
        | Change::Redated { .. }
        | Change::Objected
        | Change::Classed { .. }
        | Change::ObligationMet { .. } => None,
    }
}
