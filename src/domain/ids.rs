//! Identifiers: a UUIDv7 behind one type a thing, so that a person is never looked up as a case.
//! They are made by [`crate::clock::Clock::new_id`], never here.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What every identifier type can do; lets the store bind them all the same way.
pub trait Identifier: Copy + From<Uuid> {
    /// The UUID behind the identifier.
    fn uuid(self) -> Uuid;
}

macro_rules! identifiers {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }

        impl Identifier for $name {
            fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

identifiers! {
    /// A login (resident, staff, employer's agent …).
    AccountId,
    /// A natural person in the insured-person registry (参保人).
    PersonId,
    /// An employer (参保单位).
    EmployerId,
    /// A designated institution (定点医药机构).
    InstitutionId,
    /// A case (办件), from its draft on.
    CaseId,
    /// A login session.
    SessionId,
    /// An uploaded material (材料).
    MaterialId,
    /// A material promised for later (容缺受理).
    ObligationId,
    /// A cross-region registration (异地就医备案).
    RegistrationId,
    /// A row of the outbox: one message to one recipient by one channel.
    MessageId,
    /// A piece of time-driven work.
    TimerId,
    /// A spell of coverage in the insured-person registry.
    CoverageId,
    /// What one person asked for and another must confirm.
    ApprovalId,
    /// One read of somebody's sensitive data.
    ReadId,
    /// Finished cases drawn for a second look.
    SampleId,
    /// A spell of duty (值班).
    ShiftId,
    /// Leave of a handler, with who stands in (请假).
    LeaveId,
    /// An authorisation to file for somebody (代办授权).
    AuthorisationId,
    /// An entry of the patient ledger (管理台账).
    PatientId,
    /// A cost of a patient, kept apart.
    CostId,
    /// A contact between agencies, the same on both sides.
    ContactId,
    /// A file that goes along with a contact.
    ContactFileId,
    /// A filing of an employer for many.
    BatchId,
    /// Something done to all cases of a batch.
    TaskId,
    /// A closure of an area, or a time of an epidemic.
    ClosureId,
}
