//! What somebody does not want to be told by SMS or mail, and which channels a notice takes because of it. The inbox is
//! never switched off, and neither is what must be sent (CAS-12).

use std::collections::BTreeSet;
use std::fmt;

use strum::IntoEnumIterator;

use super::{Channel, Kind, Matter};
use crate::domain::actor::Role;

/// What is switched off; everything else is on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices(BTreeSet<(Matter, Channel)>);

/// It can't be switched: it must be sent, or does not go by this channel anyway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not switchable")]
pub struct Fixed;

impl Choices {
    /// Reads what [`fmt::Display`] wrote; names that are not known any more are left out.
    pub fn parse(text: &str) -> Self {
        let off = text.split_whitespace().filter_map(|pair| {
            let (matter, channel) = pair.split_once('/')?;
            Some((matter.parse().ok()?, channel.parse().ok()?))
        });
        Self(off.collect())
    }

    /// Whether a matter goes by a channel.
    pub fn is_on(&self, matter: Matter, channel: Channel) -> bool {
        matter.channels().contains(&channel)
            && (matter.is_lawful() || !self.0.contains(&(matter, channel)))
    }

    /// Switches a matter on or off.
    ///
    /// # Errors
    /// [`Fixed`] for switching off what must be sent, and for a channel that the matter never takes.
    pub fn switch(&mut self, matter: Matter, channel: Channel, on: bool) -> Result<(), Fixed> {
        let takes = matter.channels().contains(&channel);
        match on {
            true if takes => self.0.remove(&(matter, channel)),
            false if takes && !matter.is_lawful() => self.0.insert((matter, channel)),
            true | false => return Err(Fixed),
        };
        Ok(())
    }
}

impl fmt::Display for Choices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (matter, channel)) in self.0.iter().enumerate() {
            let space = if index == 0 { "" } else { " " };
            write!(f, "{space}{matter}/{channel}")?;
        }
        Ok(())
    }
}

/// The channels a notice takes to an addressee who can be reached by those of `reach`; the inbox is no channel, it is
/// always written. The one place that decides it.
pub fn channels(
    kind: Kind,
    reach: impl Fn(Channel) -> bool,
    choices: &Choices,
) -> impl Iterator<Item = Channel> {
    let matter = kind.properties().matter;
    Channel::iter().filter(move |channel| reach(*channel) && choices.is_on(matter, *channel))
}

impl Matter {
    /// Whether somebody of a role is ever told of it.
    pub fn concerns(self, role: Role) -> bool {
        use super::Readers::{Administration, Desk, Public};
        match self.readers() {
            Public => {
                !(role.is_agency_staff() || role == Role::Auditor || role == Role::Administrator)
            }
            Desk => matches!(role, Role::Handler | Role::Reviewer | Role::Supervisor),
            Administration => role == Role::Administrator,
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn off(pairs: &[(Matter, Channel)]) -> Choices {
        Choices(pairs.iter().copied().collect())
    }

    #[rstest]
    #[case::receipt(Kind::Received, &[], &[Channel::Sms, Channel::Email])]
    #[case::no_sms_for_progress(Kind::Resumed, &[], &[Channel::Email])]
    #[case::staff(Kind::Assigned, &[], &[Channel::Email])]
    #[case::switched_off(Kind::LapseReminder, &[(Matter::Reminder, Channel::Sms)], &[Channel::Email])]
    #[case::all_off(Kind::Assigned, &[(Matter::Work, Channel::Email)], &[])]
    #[case::another_matter(Kind::Assigned, &[(Matter::Reminder, Channel::Email)], &[Channel::Email])]
    #[case::lawful(Kind::Refused, &[(Matter::Decision, Channel::Sms), (Matter::Decision, Channel::Email)], &[Channel::Sms, Channel::Email])]
    fn a_notice_takes_the_channels_that_are_left(
        #[case] kind: Kind,
        #[case] switched_off: &[(Matter, Channel)],
        #[case] expected: &[Channel],
    ) {
        let choices = off(switched_off);
        let found: Vec<_> = channels(kind, |_| true, &choices).collect();
        assert_eq!(found, expected);
        let reached = |channel| channel == Channel::Email;
        assert!(channels(kind, reached, &choices).all(reached));
        assert_eq!(channels(kind, |_| false, &choices).count(), 0);
    }

    #[rstest]
    #[case::may_be_off(Matter::Reminder, Channel::Sms, false, true)]
    #[case::lawful(Matter::Decision, Channel::Email, false, false)]
    #[case::lawful_on(Matter::Decision, Channel::Email, true, true)]
    #[case::never_by_sms(Matter::Work, Channel::Sms, true, false)]
    fn only_what_is_free_is_switched_off(
        #[case] matter: Matter,
        #[case] channel: Channel,
        #[case] on: bool,
        #[case] may: bool,
    ) {
        let mut choices = Choices::default();
        assert_eq!(choices.switch(matter, channel, on).is_ok(), may);
        assert_eq!(choices == Choices::default(), on || !may);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let choices = off(&[
            (Matter::Reminder, Channel::Sms),
            (Matter::Progress, Channel::Email),
        ]);
        assert_eq!(choices.to_string(), "progress/email reminder/sms");
        assert_eq!(Choices::parse(&choices.to_string()), choices);
        assert_eq!(Choices::parse("gone/sms reminder x/y"), Choices::default());
    }
}
