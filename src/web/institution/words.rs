//! The ledger in words: conditions, registrations, places, what changed, faults of forms.

use strum::IntoEnumIterator;

use crate::domain::form::FieldError;
use crate::domain::locale::Locale;
use crate::domain::patient::course::Difference;
use crate::domain::patient::{Patient, Progress, Scheme, Status};
use crate::usecases::App;
use crate::usecases::error::{Conflict, EntryConflict, Error};
use crate::web::chrome::Chrome;
use crate::web::components::{ErrorSummary, Opt, Tag, TagColour};
use crate::web::problem::field_message;

/// A condition as a mark.
pub fn status_tag(chrome: &Chrome, status: Status) -> Tag {
    let colour = match status {
        Status::Suspected => TagColour::Yellow,
        Status::Confirmed => TagColour::Red,
        Status::Excluded => TagColour::Grey,
    };
    Tag::new(chrome.t(&format!("patient-status-{status}")), colour)
}

/// How far the registration is, as a mark.
pub fn progress_tag(chrome: &Chrome, progress: Progress) -> Tag {
    let colour = match progress {
        Progress::NotNeeded => TagColour::Grey,
        Progress::Open => TagColour::Yellow,
        Progress::Asked => TagColour::Blue,
        Progress::Registered | Progress::Recorded => TagColour::Green,
    };
    Tag::new(
        chrome.t(&format!("patient-registration-{progress}")),
        colour,
    )
}

/// Sex and age: `男，56 岁`.
pub fn sex_and_age(chrome: &Chrome, patient: &Patient) -> String {
    let sex = chrome.t(&format!("sex-{}", patient.sex.as_str()));
    chrome.t2("patient-sex-and-age", ("sex", sex), ("age", patient.age))
}

/// The scheme, as far as it is known.
pub fn scheme(chrome: &Chrome, scheme: Option<Scheme>) -> String {
    match scheme {
        Some(scheme) => chrome.t(&format!("scheme-{scheme}")),
        None => chrome.t("scheme-unknown"),
    }
}

/// A place of insurance by name; its code where it has none.
pub fn place(app: &App, locale: Locale, code: &str) -> String {
    code.parse()
        .ok()
        .and_then(|code| app.office.regions.full_name(code, locale))
        .unwrap_or_else(|| code.to_owned())
}

/// All conditions, one chosen.
pub fn statuses(chrome: &Chrome, given: &str) -> Vec<Opt> {
    Status::iter()
        .map(|status| {
            let words = chrome.t(&format!("patient-status-{status}"));
            Opt::new(status.as_str(), words).chosen_if(given)
        })
        .collect()
}

/// What changed, a line a value.
pub fn difference(app: &App, chrome: &Chrome, one: &Difference) -> String {
    let value = |value: &Option<String>| match value {
        Some(value) => in_words(app, chrome, &one.field, value),
        None => chrome.t("patient-nothing"),
    };
    let field = chrome.t(&format!("patient-field-{}", one.field.replace('_', "-")));
    match &one.from {
        None => chrome.t2(
            "patient-change-fresh",
            ("field", field),
            ("to", value(&one.to)),
        ),
        Some(_) => {
            let step = chrome.t2(
                "patient-change-step",
                ("from", value(&one.from)),
                ("to", value(&one.to)),
            );
            chrome.t2("patient-change-fresh", ("field", field), ("to", step))
        }
    }
}

fn in_words(app: &App, chrome: &Chrome, field: &str, value: &str) -> String {
    match field {
        "status" => chrome.t(&format!("patient-status-{value}")),
        "registration" => chrome.t(&format!("patient-registration-{value}")),
        "scheme" => chrome.t(&format!("scheme-{value}")),
        "place_of_insurance" => place(app, chrome.locale, value),
        "admitted_on" | "discharged_on" => value
            .parse()
            .map_or_else(|_| value.to_owned(), |day| chrome.day(&day)),
        _ => value.to_owned(),
    }
}

/// Faults in words, each at its field.
pub struct Said(Vec<(String, String)>);

impl Said {
    /// Nothing is wrong.
    pub fn nothing() -> Self {
        Self(vec![])
    }

    /// The faults of a form.
    pub fn faults(locale: Locale, faults: &[FieldError]) -> Self {
        let said = faults
            .iter()
            .map(|fault| (fault.field.clone(), field_message(locale, fault)));
        Self(said.collect())
    }

    /// What a refusal or conflict says to whoever filled in the form; anything else is not the form's.
    ///
    /// # Errors
    /// The error itself.
    pub fn of(chrome: &Chrome, error: Error) -> Result<Self, Error> {
        match error {
            Error::Invalid(faults) => Ok(Self::faults(chrome.locale, &faults)),
            Error::Conflict(Conflict::Entry(conflict)) => {
                let key = format!("conflict-entry-{}", conflict.as_str());
                let words = match conflict {
                    EntryConflict::Overlap { admitted_on, .. } => chrome.t1(
                        "conflict-entry-overlap-with",
                        "day",
                        chrome.day(&admitted_on),
                    ),
                    EntryConflict::Stale { .. }
                    | EntryConflict::State { .. }
                    | EntryConflict::CostTakenBack => chrome.t(&key),
                };
                Ok(Self(vec![(String::new(), words)]))
            }
            error => Err(error),
        }
    }

    /// What is wrong with a field.
    pub fn at(&self, field: &str) -> Option<String> {
        let found = self.0.iter().find(|(name, _)| name == field);
        found.map(|(_, words)| words.clone())
    }

    /// All of it, for the top of the page.
    pub fn summary(&self, locale: Locale) -> Option<ErrorSummary> {
        let faults = self.0.iter();
        ErrorSummary::of(
            locale,
            faults.map(|(at, words)| (at.as_str(), words.as_str())),
        )
    }

    /// Whether there is anything.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
