//! Why a message was not taken, by a name that is stored, counted and put into words (`delivery-cause-…`), and whether
//! trying again can help. Never told: an address, or what the other side said, which may hold one.

use std::fmt;

/// Why an attempt failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// What is stored as the address is none.
    Address,
    /// The stored message can't be read.
    Unreadable,
    /// The settings of the server or the gateway can't be used.
    Settings,
    /// The message could not be put together.
    Message,
    /// The mail server said no, with this status.
    Smtp(u16),
    /// The gateway said no, with this status; a redirect is one too.
    Http(u16),
    /// The gateway answered, and did not accept the message.
    NotTaken,
    /// No answer in time.
    TimedOut,
    /// An answer that is not in the agreed form, or broke off.
    NotUnderstood,
    /// The connection could not be secured.
    NotSecured,
    /// Not reached.
    NotReached,
}

/// Whether a message is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// After a while.
    Later,
    /// The same answer would come again: never, unless somebody says so.
    Never,
}

impl Failure {
    /// Whether trying again can help. For good are: an address that is none, and an answer that is about this
    /// recipient alone. What may be the fault of a setting or of a bad day is tried again.
    pub fn again(self) -> Again {
        match self {
            Self::Address
            | Self::Unreadable
            | Self::Message
            // No such mailbox, not here, name not allowed, domain takes no mail (RFC 5321, 7504).
            | Self::Smtp(550 | 551 | 553 | 556)
            // The number or the text was refused.
            | Self::Http(400 | 422) => Again::Never,
            Self::Settings
            | Self::Smtp(_)
            | Self::Http(_)
            | Self::NotTaken
            | Self::TimedOut
            | Self::NotUnderstood
            | Self::NotSecured
            | Self::NotReached => Again::Later,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Address => "address",
            Self::Unreadable => "unreadable",
            Self::Settings => "settings",
            Self::Message => "message",
            Self::Smtp(status) => return write!(f, "smtp-{status}"),
            Self::Http(status) => return write!(f, "http-{status}"),
            Self::NotTaken => "not-taken",
            Self::TimedOut => "timed-out",
            Self::NotUnderstood => "not-understood",
            Self::NotSecured => "not-secured",
            Self::NotReached => "not-reached",
        })
    }
}

/// Whether a time limit ended it; a read that took too long has two names among systems.
pub(super) fn timed_out(error: &(dyn std::error::Error + 'static)) -> bool {
    use std::io::ErrorKind::{TimedOut, WouldBlock};
    std::iter::successors(Some(error), |error| error.source())
        .filter_map(|error| error.downcast_ref::<std::io::Error>())
        .any(|error| matches!(error.kind(), TimedOut | WouldBlock))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::no_such_mailbox(Failure::Smtp(550), Again::Never)]
    #[case::greylisting(Failure::Smtp(451), Again::Later)]
    #[case::full(Failure::Smtp(552), Again::Later)]
    #[case::wrong_password_of_ours(Failure::Smtp(535), Again::Later)]
    #[case::number_refused(Failure::Http(422), Again::Never)]
    #[case::malformed(Failure::Http(400), Again::Never)]
    #[case::wrong_secret(Failure::Http(401), Again::Later)]
    #[case::too_many(Failure::Http(429), Again::Later)]
    #[case::down(Failure::Http(500), Again::Later)]
    #[case::moved(Failure::Http(302), Again::Later)]
    #[case::hangs(Failure::TimedOut, Again::Later)]
    #[case::nonsense(Failure::NotUnderstood, Again::Later)]
    #[case::no_address(Failure::Address, Again::Never)]
    fn only_what_stays_refused_is_given_up_at_once(#[case] failure: Failure, #[case] again: Again) {
        assert_eq!(failure.again(), again);
    }
}
