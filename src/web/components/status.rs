//! How a case stands, at a glance: its state, its urgency, its deadline. All of it is said in words; colour
//! and shape only help.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::data::texts::text;
use crate::domain::case::{State, Urgency};
use crate::domain::ladder::Mark;
use crate::domain::locale::Locale;
use crate::domain::time::Ts;
use crate::web::words::{self, Remaining};

/// Colour of a tag. Each has its own shape of border too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagColour {
    /// Nothing to do.
    Grey,
    /// Under way at the agency.
    Blue,
    /// Somebody outside has to act.
    Yellow,
    /// Done well.
    Green,
    /// Ended otherwise.
    Red,
    /// In a hurry.
    Orange,
    /// Under way at another place.
    Purple,
}

/// A short word about a state.
#[derive(Clone, Debug, PartialEq, Eq, Template)]
#[template(
    source = r#"<strong class="govuk-tag {{ self.class() }}">{{ text }}</strong>"#,
    ext = "html"
)]
pub struct Tag {
    text: String,
    colour: TagColour,
}

impl HtmlSafe for Tag {}

impl Tag {
    /// A tag with translated words.
    pub fn new(text: impl Into<String>, colour: TagColour) -> Self {
        Self {
            text: text.into(),
            colour,
        }
    }

    /// Where a case stands.
    pub fn state(locale: Locale, state: State) -> Self {
        let colour = match state {
            State::Draft | State::Withdrawn => TagColour::Grey,
            State::Submitted | State::InReview | State::SecondReview | State::Fulfilling => {
                TagColour::Blue
            }
            State::AwaitingParcel | State::SupplementRequested => TagColour::Yellow,
            State::AwaitingAgency | State::AwaitingInstitution => TagColour::Purple,
            State::Closed => TagColour::Green,
            State::Refused | State::NotAccepted | State::Lapsed => TagColour::Red,
        };
        Self::new(text(locale, &format!("state-{}", state.as_str())), colour)
    }

    /// How urgent a case is (CAT-4).
    pub fn urgency(locale: Locale, urgency: Urgency) -> Self {
        let colour = match urgency {
            Urgency::Urgent => TagColour::Orange,
            Urgency::Special => TagColour::Purple,
            Urgency::Routine => TagColour::Blue,
            Urgency::Deferrable => TagColour::Grey,
        };
        Self::new(
            text(locale, &format!("urgency-short-{}", urgency.as_str())),
            colour,
        )
    }

    fn class(&self) -> &'static str {
        match self.colour {
            TagColour::Grey => "govuk-tag--grey",
            TagColour::Blue => "govuk-tag--blue",
            TagColour::Yellow => "govuk-tag--yellow mb-tag--waiting",
            TagColour::Green => "govuk-tag--green",
            TagColour::Red => "govuk-tag--red mb-tag--ended",
            TagColour::Orange => "govuk-tag--orange mb-tag--urgent",
            TagColour::Purple => "govuk-tag--purple mb-tag--waiting",
        }
    }
}

/// How a case stands to its deadline: exact time, what is left, and whether it is provisional (CLK-2).
#[derive(Clone, Debug, Template)]
#[template(path = "components/deadline.html")]
pub struct Deadline {
    /// Language.
    pub locale: Locale,
    /// What is left in working minutes.
    pub remaining: Remaining,
    /// The deadline; none while the case waits for somebody outside.
    pub due: Option<Ts>,
    /// Length of the agency's working day in minutes (CLK-3).
    pub day_minutes: i64,
    /// How near the deadline is (CLK-7).
    pub mark: Mark,
    /// Whether a year without holiday arrangement is touched.
    pub provisional: bool,
    /// Dense form for tables.
    pub dense: bool,
}

impl HtmlSafe for Deadline {}

impl Deadline {
    fn words(&self) -> String {
        words::remaining(self.locale, self.remaining, self.day_minutes)
    }

    fn due_words(&self, due: &Ts) -> String {
        if self.dense {
            words::moment_short(*due)
        } else {
            words::moment(self.locale, *due)
        }
    }

    fn provisional_words(&self) -> String {
        text(self.locale, "remaining-provisional")
    }

    /// How near it is in words; what is missed says so by its time already.
    fn mark_words(&self) -> Option<String> {
        match self.mark {
            Mark::None | Mark::Breached => None,
            Mark::Yellow | Mark::Red => Some(text(self.locale, &format!("mark-{}", self.mark))),
        }
    }

    fn class(&self) -> &'static str {
        match (self.remaining, self.mark) {
            (Remaining::Over(_), _) => "mb-deadline--over",
            (Remaining::Left(_), Mark::Red | Mark::Breached) => "mb-deadline--last",
            (Remaining::Left(_), Mark::Yellow) => "mb-deadline--soon",
            (Remaining::Left(_), Mark::None) => "mb-deadline--left",
            (Remaining::Paused, _) => "mb-deadline--paused",
            (Remaining::Stopped, _) => "mb-deadline--stopped",
        }
    }
}
