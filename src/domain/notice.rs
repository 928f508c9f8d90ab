//! What people are told (CAS-12), without words: words are the texts' and the notifier's. No diagnosis, no
//! full ID number ever goes into one.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::case::{Case, Decision, State};
use super::event::{Change, Event};
use super::workflow::Action;

mod choices;
mod properties;
mod quiet;

pub use choices::{Choices, Fixed, channels};
pub use properties::{Channel, Matter, Properties, Readers, Ring};
pub use quiet::quiet_until;

/// Kinds of notices; texts `notice-<kind>-…`.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    Display,
    EnumIter,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Kind {
    /// The filing is here; until when it is answered.
    Received,
    /// Something is missing; what, and until when.
    SupplementRequested,
    /// The supplement is here; the new due time.
    Resumed,
    /// 同意
    Approved,
    /// 不予批准, with reason, clause and remedy.
    Refused,
    /// 不予受理, with reason, clause and remedy.
    NotAccepted,
    /// Taken back.
    Withdrawn,
    /// The supplement lapses soon.
    LapseReminder,
    /// Ended because nothing came; how to file again.
    Lapsed,
    /// The agency missed its deadline.
    Breached,
    /// Opened again.
    Reopened,
    /// An arrangement of holidays moved the deadline (CLK-2).
    Redated,
    /// A promised material is due soon (CAS-4).
    ObligationReminder,
    /// To holder and supervisors: half of the working time is over (CLK-7).
    HalfTime,
    /// To holder and supervisors: one working hour is left (CLK-7).
    LastHour,
    /// To whoever was given a case without asking for it.
    Assigned,
    /// To holder and supervisors: the deadline was missed (CLK-7).
    BreachedAtDesk,
    /// [`Self::HalfTime`] of several cases in one message.
    HalfTimeMany,
    /// [`Self::LastHour`] of several cases in one message.
    LastHourMany,
    /// [`Self::Assigned`] of several cases in one message.
    AssignedMany,
    /// [`Self::BreachedAtDesk`] of several cases in one message.
    BreachedAtDeskMany,
    /// To administrators: messages were given up; how many.
    MessagesDead,
    /// To supervisors: a bad rating is to be followed up (CAS-11).
    BadRating,
    /// To supervisors: nobody did so in time.
    FollowUpOverdue,
    /// To the applicant: somebody has followed up the rating.
    FollowedUp,
    /// To the person concerned: somebody filed for them; who, and how to object (CAS-8).
    FiledForYou,
    /// To who filed: the person concerned objected, the case has ended (CAS-8).
    Objected,
    /// To supervisors: the person concerned objects to what was decided (CAS-8).
    ObjectedAtDesk,
    /// To supervisors: nobody can take over what somebody on leave holds (CLK-7).
    LeaveUncovered,
    /// Another agency was asked; the clock stands still meanwhile (CLK-5).
    OtherAgencyAsked,
    /// It answered, or its time passed; the new due time.
    OtherAgencyAnswered,
    /// It could not be completed and was recorded, which changes nothing for treatment and settlement (XR-6).
    Recorded,
    /// To an employer's agent: every row of the list has its result (XR-9).
    BatchDone,
    /// To the person concerned: their registration has ended by the patient ledger (XR-3).
    RegistrationEnded,
    /// To whoever answers for an agency: another one asks (XR-5).
    ContactReceived,
    /// To the same: one working hour is left.
    ContactLastHour,
    /// To their supervisors: the time is over.
    ContactOverdue,
    /// To who asked: nothing came in time (XR-6).
    ContactSilent,
    /// To who asked: there is an answer.
    ContactAnswered,
    /// To an employer's agent: a handler has decided the list as a whole; how many cases were and were not (XR-9).
    BatchDecided,
}

/// Who is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter)]
pub enum Audience {
    /// Who filed.
    Applicant,
    /// The person concerned, where somebody else filed (CAS-8).
    Concerned,
    /// Whoever holds the case.
    Holder,
    /// The supervisors of its agency.
    Supervisors,
}

impl Kind {
    /// The name in the database and the texts' keys.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Whether it tells of a contact between agencies (XR-5), with or without a case.
    pub fn is_of_contact(self) -> bool {
        matches!(
            self,
            Self::ContactReceived
                | Self::ContactLastHour
                | Self::ContactOverdue
                | Self::ContactSilent
                | Self::ContactAnswered
        )
    }

    /// The kind of a message that tells of several cases what this tells of one; the others tell of one always.
    pub fn of_many(self) -> Self {
        match self {
            Self::HalfTime => Self::HalfTimeMany,
            Self::LastHour => Self::LastHourMany,
            Self::Assigned => Self::AssignedMany,
            Self::BreachedAtDesk => Self::BreachedAtDeskMany,
            single => single,
        }
    }
}

/// One notice to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What kind.
    pub kind: Kind,
    /// Values for the words: receipt number, item, instants in RFC 3339.
    pub particulars: BTreeMap<String, String>,
}

impl Notice {
    /// The notice with one more particular.
    pub fn with(mut self, name: &str, value: String) -> Self {
        self.particulars.insert(name.to_owned(), value);
        self
    }

    /// The notice without a particular that is not its matter.
    pub fn without(mut self, name: &str) -> Self {
        self.particulars.remove(name);
        self
    }
}

/// What the applicant is told of an event; `None` for what concerns the office alone.
pub fn of_event(case: &Case, event: &Event) -> Option<Notice> {
    let kind = match (&event.change, event.action) {
        (Change::Filed(_), _) => Kind::Received,
        (Change::Asked { .. }, Action::RequestSupplement) => Kind::SupplementRequested,
        (Change::Asked { .. }, Action::Contact) => Kind::OtherAgencyAsked,
        (Change::Resumed { .. }, Action::Answer) => Kind::OtherAgencyAnswered,
        (Change::Resumed { .. }, _) => Kind::Resumed,
        (Change::Decided { decision, .. }, _) => match decision {
            Decision::Approved => Kind::Approved,
            Decision::Refused => Kind::Refused,
            Decision::NotAccepted => Kind::NotAccepted,
            Decision::Recorded => Kind::Recorded,
        },
        (Change::Ended, Action::Object) => Kind::Objected,
        (Change::Ended, _) => match event.to {
            State::Lapsed => Kind::Lapsed,
            _ => Kind::Withdrawn,
        },
        (Change::Breached, _) => Kind::Breached,
        (Change::Reopened { .. }, _) => Kind::Reopened,
        (Change::Redated { .. }, _) => Kind::Redated,
        (
            Change::Taken { .. }
            | Change::Released
            | Change::Accepted { .. }
            | Change::Asked { .. }
            | Change::Proposed { .. }
            | Change::Returned { .. }
            | Change::Objected
            | Change::Classed { .. }
            | Change::ObligationMet { .. },
            _,
        ) => return None,
    };
    Some(about(case, kind))
}

/// What a holder is told who was given a case by somebody else (CLK-7).
pub fn of_giving(case: &Case, event: &Event) -> Option<Notice> {
    match event.change {
        Change::Taken { holder } if event.actor != Some(holder) => {
            Some(about(case, Kind::Assigned))
        }
        _ => None,
    }
}

/// A notice about so many cases, of which the first few are named.
pub fn of_many(kind: Kind, count: usize, receipts: &[String]) -> Notice {
    let particulars = BTreeMap::from([
        ("count".to_owned(), count.to_string()),
        ("receipts".to_owned(), receipts.join(", ")),
    ]);
    Notice { kind, particulars }
}

/// A notice about a case as it stands.
pub fn about(case: &Case, kind: Kind) -> Notice {
    let mut particulars = BTreeMap::from([
        ("receipt_no".to_owned(), case.receipt_no.clone()),
        ("item".to_owned(), case.item.clone()),
    ]);
    if let Some(due) = case.due() {
        particulars.insert("due".to_owned(), due.rfc3339());
    }
    Notice { kind, particulars }
}
