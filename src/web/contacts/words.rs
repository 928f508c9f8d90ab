//! How agencies and states of contacts are called.

use crate::data::texts::text;
use crate::domain::contact::{Answered, Contact, Outcome, State};
use crate::domain::id_number::IdNumber;
use crate::domain::locale::Locale;
use crate::domain::place::AgencyCode;
use crate::domain::region::RegionCode;
use crate::usecases::App;
use crate::web::components::{Tag, TagColour};

/// Name of an agency; one outside this service is called by its region.
pub fn agency_name(app: &App, locale: Locale, code: AgencyCode) -> String {
    if let Some(agency) = app.office.agencies().get(&code) {
        return match locale {
            Locale::Zh => agency.name_zh.clone(),
            Locale::En => agency.name_en.clone(),
        };
    }
    let region = RegionCode::parse(code.as_str());
    let name = region.and_then(|region| app.office.regions.name(region, locale));
    match (name, locale) {
        (Some(name), Locale::Zh) => format!("{name}{}", text(locale, "contact-agency-of")),
        (Some(name), Locale::En) => format!("{name} {}", text(locale, "contact-agency-of")),
        (None, _) => code.to_string(),
    }
}

/// Where a contact stands, as a tag.
pub(super) fn state_tag(locale: Locale, state: State) -> Tag {
    let colour = match state {
        State::Open => TagColour::Blue,
        State::Overdue => TagColour::Red,
        State::Answered => TagColour::Green,
        State::Closed => TagColour::Grey,
    };
    Tag::new(text(locale, &format!("contact-state-{state}")), colour)
}

/// What came of a contact: of one that somebody sent on its way, that it was passed on. What was done otherwise, by the
/// registration itself, is done.
pub(super) fn outcome_words(locale: Locale, contact: &Contact, answered: &Answered) -> String {
    match answered.outcome {
        Outcome::Done if !contact.is_last() && answered.by.is_some() => {
            text(locale, "contact-outcome-passed-on")
        }
        outcome @ (Outcome::Done | Outcome::Cannot | Outcome::NotNeeded) => {
            text(locale, &format!("contact-outcome-{outcome}"))
        }
    }
}

/// What is asked, in words: the message, or where there is none the purpose's own.
pub fn message_words(locale: Locale, contact: &Contact) -> String {
    match contact.matter.message.as_str() {
        "" => text(
            locale,
            &format!("contact-message-{}", contact.matter.purpose),
        ),
        message => message.to_owned(),
    }
}

/// The ID number as it may be shown.
pub fn masked(contact: &Contact) -> String {
    IdNumber::from_stored(&contact.matter.subject.id_number)
        .map_or_else(|_| "****".to_owned(), |number| number.masked())
}
