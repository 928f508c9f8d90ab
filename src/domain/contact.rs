//! Contacts between agencies (XR-4, XR-5): what is asked of another agency, on whose clock, and what was answered. A
//! contact never suspends the effect of a registration; what it sets going in a case is the workflow's.

pub mod routing;

use super::actor::{Actor, Role};
use super::case::Term;
use super::deadline;
use super::ids::{AccountId, CaseId, ContactId, PatientId, PersonId};
use super::patient::closed_set;
use super::place::{AgencyCode, Pool};
use super::time::Ts;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

closed_set! {
    /// What a case learns of a contact; texts `contact-answer-<name>`.
    Answer {
        /// It is done; of a provincial centre: passed on.
        Done,
        /// It can't be done.
        Cannot,
        /// Nothing came in the receiver's time (XR-6).
        Silent,
    }
}

closed_set! {
    /// How a contact ended; texts `contact-outcome-<name>`. Silence ends none: it can be answered late.
    Outcome {
        /// It is done; of a provincial centre: passed on.
        Done,
        /// It can't be done.
        Cannot,
        /// What it was about ended meanwhile.
        NotNeeded,
    }
}

closed_set! {
    /// What is asked; texts `contact-purpose-<name>`.
    Purpose {
        /// The place of treatment asks the place of insurance to register a patient (XR-4, XR-5).
        Register,
        /// The place of insurance asks the place of treatment to confirm (XR-4).
        Confirm,
    }
}

closed_set! {
    /// On which side of a contact an agency stands.
    Side {
        /// It asked.
        Sent,
        /// It was asked.
        Received,
    }
}

closed_set! {
    /// How the receiver is reached; texts `contact-reached-<name>`.
    ReachedBy {
        /// By this service.
        Service,
        /// By phone or letter: the sender writes down the answer.
        Outside,
    }
}

closed_set! {
    /// Where a contact stands; texts `contact-state-<name>`.
    State {
        /// It waits, in the receiver's time.
        Open,
        /// It waits, and the time is over.
        Overdue,
        /// It was answered.
        Answered,
        /// What it was about ended meanwhile.
        Closed,
    }
}

/// Who may open contacts at all (CAS-10).
pub const READERS: &[Role] = &[
    Role::Handler,
    Role::Reviewer,
    Role::Supervisor,
    Role::ProvincialHandler,
    Role::Auditor,
];
/// Who asks and answers for an agency.
pub const SPEAKERS: &[Role] = &[Role::Handler, Role::Supervisor, Role::ProvincialHandler];

/// Whom a contact concerns: kept sealed, shown masked.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Name.
    pub name: String,
    /// ID number, 18 characters.
    pub id_number: String,
}

impl std::fmt::Debug for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Subject(…)")
    }
}

/// How an answer came from outside this service: kept sealed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voucher {
    /// Who gave it.
    pub who: String,
    /// The phone number, or the number of the letter.
    pub number: String,
    /// When.
    pub at: Ts,
}

impl std::fmt::Debug for Voucher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Voucher(…)")
    }
}

/// The case a contact is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfCase {
    /// Its pool.
    pub pool: Pool,
    /// The case.
    pub id: CaseId,
    /// Its receipt number, for the agency that has it only.
    pub receipt_no: String,
}

/// What a contact is about; the same on all legs of a thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matter {
    /// What is asked.
    pub purpose: Purpose,
    /// The agency where the thread begins.
    pub origin: AgencyCode,
    /// The agency where it is to arrive.
    pub target: AgencyCode,
    /// The case, if it is about one.
    pub case: Option<OfCase>,
    /// The entry of the patient ledger, if it is about one.
    pub patient: Option<(Pool, PatientId)>,
    /// Who it concerns in the registry, if it knows them.
    pub person: Option<PersonId>,
    /// Who it concerns.
    pub subject: Subject,
    /// In words; empty where the purpose says all.
    pub message: String,
}

/// An answer as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// What came of it.
    pub outcome: Outcome,
    /// In words; may be empty.
    pub remark: String,
    /// How it came, from outside.
    pub voucher: Option<Voucher>,
    /// Who gave it or wrote it down; the service itself when `None`.
    pub by: Option<AccountId>,
    /// When it was written down.
    pub at: Ts,
}

/// One side of a leg.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Identifier, the same on both sides.
    pub id: ContactId,
    /// Which side this is.
    pub side: Side,
    /// The agency of this side.
    pub agency: AgencyCode,
    /// Who asks.
    pub sender: AgencyCode,
    /// Who is asked.
    pub receiver: AgencyCode,
    /// The first leg's identifier.
    pub thread: ContactId,
    /// From 1.
    pub leg: u16,
    /// What it is about.
    pub matter: Matter,
    /// Who sent it; the service itself when `None`.
    pub sent_by: Option<AccountId>,
    /// When.
    pub sent_at: Ts,
    /// The run of the receiver's clock.
    pub term: Term,
    /// When its silence was marked.
    pub breached_at: Option<Ts>,
    /// How the receiver is reached.
    pub reached_by: ReachedBy,
    /// The answer, once there is one.
    pub answered: Option<Answered>,
    /// Raised with every change.
    pub version: u32,
}

impl Contact {
    /// Where it stands at `now`; at the very instant of its deadline it is in time (CLK-3).
    pub fn state(&self, now: Ts) -> State {
        match &self.answered {
            Some(answered) => match answered.outcome {
                Outcome::Done | Outcome::Cannot => State::Answered,
                Outcome::NotNeeded => State::Closed,
            },
            None if deadline::is_late(self.term.due, now) => State::Overdue,
            None => State::Open,
        }
    }

    /// Whether the answer is given or written down on this side.
    pub fn answers_here(&self) -> bool {
        match (self.side, self.reached_by) {
            (Side::Received, _) | (Side::Sent, ReachedBy::Outside) => true,
            (Side::Sent, ReachedBy::Service) => false,
        }
    }

    /// Whether it arrives with this leg.
    pub fn is_last(&self) -> bool {
        self.receiver == self.matter.target
    }

    /// Whether somebody may see this side (CAS-10): the agency's own people, and the auditor of its pool.
    pub fn is_seen_by(&self, actor: &Actor) -> bool {
        match actor.role {
            Role::Handler | Role::Reviewer | Role::Supervisor | Role::ProvincialHandler => {
                actor.agency == Some(self.agency)
            }
            Role::Auditor => actor.pool == Some(self.agency.pool()),
            Role::Resident
            | Role::Proxy
            | Role::EmployerAgent
            | Role::InstitutionClerk
            | Role::InstitutionDoctor
            | Role::Pharmacist
            | Role::MailroomClerk
            | Role::FinanceOfficer
            | Role::TaxLiaison
            | Role::Administrator => false,
        }
    }

    /// Whether it concerns somebody or a relative, which bars them from it (CAS-10).
    pub fn is_partial(&self, actor: &Actor) -> bool {
        self.matter
            .person
            .is_some_and(|person| actor.person == Some(person) || actor.relatives.contains(&person))
    }
}

#[cfg(test)]
mod tests;
