//! What each kind of notice is: the one table that says what it is about, who reads it, by which channels it may go and
//! whether it may ring at night (CAS-12). Who is told is not decided here, and no word is.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::Kind;

/// A way to somebody beside the inbox, which every notice reaches.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
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
pub enum Channel {
    /// 短信
    Sms,
    /// 电子邮件
    Email,
}

impl Channel {
    /// The name in the database and the texts' keys.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// What a notice is about; what somebody may switch off is switched by it. Texts `matter-<name>`.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
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
pub enum Matter {
    /// An application is here, was taken back or opened again.
    Filing,
    /// Something is missing, or did not come in time.
    Supplement,
    /// A decision.
    Decision,
    /// The agency missed its deadline.
    Deadline,
    /// How a case gets on meanwhile.
    Progress,
    /// Something is due soon.
    Reminder,
    /// The desk's own work.
    Work,
    /// The service itself.
    Operation,
}

impl Matter {
    /// The name in the database, the API and the texts' keys.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Whether it must be sent whatever the addressee chose: rights and terms hang on it (CAS-6, CAS-12, CLK-7).
    pub fn is_lawful(self) -> bool {
        match self {
            Self::Filing | Self::Supplement | Self::Decision | Self::Deadline => true,
            Self::Progress | Self::Reminder | Self::Work | Self::Operation => false,
        }
    }

    /// Who is told of it.
    pub fn readers(self) -> Readers {
        match self {
            Self::Filing
            | Self::Supplement
            | Self::Decision
            | Self::Deadline
            | Self::Progress
            | Self::Reminder => Readers::Public,
            Self::Work => Readers::Desk,
            Self::Operation => Readers::Administration,
        }
    }

    /// The channels it may go by. SMS costs and rings: it is for what the applicant has to know or do.
    pub fn channels(self) -> &'static [Channel] {
        match self {
            Self::Filing | Self::Supplement | Self::Decision | Self::Deadline | Self::Reminder => {
                &[Channel::Sms, Channel::Email]
            }
            Self::Progress | Self::Work | Self::Operation => &[Channel::Email],
        }
    }
}

/// Who reads a notice; where its links lead follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readers {
    /// Who applied, and who acts for them.
    Public,
    /// The agency's staff.
    Desk,
    /// Who keeps the service running.
    Administration,
}

/// When an SMS may ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ring {
    /// At once: it answers what the person has just done, or somebody in their name.
    AtNight,
    /// In the hours of the pool's policy only.
    ByDay,
}

/// What a kind of notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Properties {
    /// What it is about.
    pub matter: Matter,
    /// When its SMS may ring.
    pub ring: Ring,
}

impl Kind {
    /// What it is.
    pub fn properties(self) -> Properties {
        let (matter, ring) = match self {
            Self::Received | Self::Withdrawn | Self::FiledForYou | Self::Objected => {
                (Matter::Filing, Ring::AtNight)
            }
            Self::Reopened => (Matter::Filing, Ring::ByDay),
            Self::SupplementRequested | Self::Lapsed => (Matter::Supplement, Ring::ByDay),
            Self::Approved
            | Self::Refused
            | Self::NotAccepted
            | Self::Recorded
            | Self::RegistrationEnded
            | Self::BatchDecided => (Matter::Decision, Ring::ByDay),
            Self::Breached | Self::Redated => (Matter::Deadline, Ring::ByDay),
            Self::Resumed
            | Self::FollowedUp
            | Self::OtherAgencyAsked
            | Self::OtherAgencyAnswered
            | Self::BatchDone => (Matter::Progress, Ring::ByDay),
            Self::LapseReminder | Self::ObligationReminder => (Matter::Reminder, Ring::ByDay),
            Self::HalfTime
            | Self::HalfTimeMany
            | Self::LastHour
            | Self::LastHourMany
            | Self::Assigned
            | Self::AssignedMany
            | Self::BreachedAtDesk
            | Self::BreachedAtDeskMany
            | Self::BadRating
            | Self::FollowUpOverdue
            | Self::ObjectedAtDesk
            | Self::LeaveUncovered
            | Self::ContactReceived
            | Self::ContactLastHour
            | Self::ContactOverdue
            | Self::ContactSilent
            | Self::ContactAnswered => (Matter::Work, Ring::ByDay),
            Self::MessagesDead => (Matter::Operation, Ring::ByDay),
        };
        Properties { matter, ring }
    }

    /// Who reads it.
    pub fn readers(self) -> Readers {
        self.properties().matter.readers()
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use strum::IntoEnumIterator;

    use super::*;

    #[rstest]
    #[case::receipt(Kind::Received)]
    #[case::supplement(Kind::SupplementRequested)]
    #[case::lapse(Kind::Lapsed)]
    #[case::approval(Kind::Approved)]
    #[case::refusal(Kind::Refused)]
    #[case::not_accepted(Kind::NotAccepted)]
    #[case::breach(Kind::Breached)]
    fn what_rights_hang_on_is_always_sent(#[case] kind: Kind) {
        assert!(kind.properties().matter.is_lawful());
    }

    #[test]
    fn staff_get_no_sms_and_nothing_of_theirs_rings_at_night() {
        for kind in Kind::iter().filter(|kind| kind.readers() != Readers::Public) {
            let Properties { matter, ring } = kind.properties();
            assert_eq!(matter.channels(), [Channel::Email], "{kind}");
            assert_eq!(ring, Ring::ByDay, "{kind}");
        }
    }

    #[test]
    fn every_matter_has_a_notice() {
        for matter in Matter::iter() {
            assert!(
                Kind::iter().any(|kind| kind.properties().matter == matter),
                "{matter}"
            );
        }
    }
}
