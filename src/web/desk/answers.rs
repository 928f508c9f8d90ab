//! Answers in words, beside what a register holds; what differs is marked. Phone numbers stay masked unless they
//! were revealed for a reason (CAS-13).

use serde_json::Value;

use crate::data::texts::{has_text, text, text_with};
use crate::domain::form::{Answers, Field, Kind, Prefill};
use crate::domain::locale::Locale;
use crate::domain::phone::Phone;
use crate::domain::region::RegionCode;
use crate::domain::registration::Registration;
use crate::domain::time::Day;
use crate::usecases::App;
use crate::usecases::revealing::{Revealed, Sensitive};
use crate::usecases::viewing::Full;
use crate::web::words;

/// One answer.
#[derive(Clone, Debug)]
pub struct AnswerRow {
    /// The question.
    pub label: String,
    /// The answer in words; empty when there is none.
    pub value: String,
    /// What a register holds of it.
    pub register: Option<String>,
    /// Whether the two differ.
    pub changed: bool,
}

/// All answers of a case in the form's order, beside the registry and the registration they are about.
pub fn rows(
    app: &App,
    locale: Locale,
    full: &Full,
    registrations: &[Registration],
    revealed: Option<&Revealed>,
) -> Vec<AnswerRow> {
    let item = full.summary.item;
    let subject = subject(&full.answers, registrations);
    let source = Source {
        app,
        locale,
        full,
        registrations,
        subject,
        phone: revealed.filter(|shown| shown.what == Sensitive::Phone),
    };
    item.form
        .fields
        .iter()
        .map(|field| source.row(field))
        .collect()
}

/// The registration a change or cancellation is about.
fn subject<'a>(answers: &Answers, registrations: &'a [Registration]) -> Option<&'a Registration> {
    let id = answers.text("registration")?;
    registrations.iter().find(|r| r.id.to_string() == id)
}

struct Source<'a> {
    app: &'a App,
    locale: Locale,
    full: &'a Full,
    registrations: &'a [Registration],
    subject: Option<&'a Registration>,
    phone: Option<&'a Revealed>,
}

impl Source<'_> {
    fn row(&self, field: &Field) -> AnswerRow {
        let slug = self.full.summary.item.slug;
        let (register, changed) = self.register(field);
        AnswerRow {
            label: field_name(self.locale, slug, field.name),
            value: self.value(field).unwrap_or_default(),
            register,
            changed,
        }
    }

    fn value(&self, field: &Field) -> Option<String> {
        let slug = self.full.summary.item.slug;
        let answer = self.full.answers.text(field.name);
        match field.kind {
            Kind::Choice(_) => Some(term(self.locale, slug, field.name, answer?)),
            Kind::Region => Some(region_name(self.app, self.locale, answer?)),
            Kind::Day => Some(words::day(self.locale, self.full.answers.day(field.name)?)),
            Kind::Phone => Some(match self.phone {
                Some(shown) => shown.answer.clone().unwrap_or_default(),
                None => masked_phone(answer?),
            }),
            Kind::Text(_) => answer.map(str::to_owned),
            Kind::Pledge => self
                .full
                .answers
                .iter()
                .any(|(name, value)| name == field.name && value == &Value::Bool(true))
                .then(|| text(self.locale, "desk-pledged")),
            Kind::Registration => {
                let id = answer?;
                let about = self.registrations.iter().find(|r| r.id.to_string() == id)?;
                Some(registration_words(self.app, self.locale, about))
            }
        }
    }

    /// What a register holds of the same thing, and whether the answer differs from it.
    fn register(&self, field: &Field) -> (Option<String>, bool) {
        let answer = self.full.answers.text(field.name);
        if field.prefill == Some(Prefill::Phone) {
            let Some(held) = self.full.person.phone.as_deref() else {
                return (
                    Some(text(self.locale, "desk-register-empty")),
                    answer.is_some(),
                );
            };
            let shown = match self.phone {
                Some(shown) => shown.registry.clone().unwrap_or_default(),
                None => masked_phone(held),
            };
            return (Some(shown), answer != Some(held));
        }
        let Some(before) = self.subject else {
            return (None, false);
        };
        let held = match field.name {
            "destination" => Some((
                region_name(self.app, self.locale, &before.destination),
                answer == Some(before.destination.as_str()),
            )),
            "start" => Some(self.day_before(Some(before.start), field)),
            "end" => Some(self.day_before(before.end, field)),
            _ => None,
        };
        match held {
            Some((words, same)) => (Some(words), !same),
            None => (None, false),
        }
    }

    fn day_before(&self, held: Option<Day>, field: &Field) -> (String, bool) {
        let words = held.map_or_else(
            || text(self.locale, "desk-open-ended"),
            |day| words::day(self.locale, day),
        );
        (words, self.full.answers.day(field.name) == held)
    }
}

/// A registration in one line: place, from, to.
pub fn registration_words(app: &App, locale: Locale, registration: &Registration) -> String {
    let end = registration.end.map_or_else(
        || text(locale, "desk-open-ended"),
        |day| words::day_plain(locale, day),
    );
    text_with(
        locale,
        "desk-registration-line",
        &[
            (
                "place",
                region_name(app, locale, &registration.destination).into(),
            ),
            ("start", words::day_plain(locale, registration.start).into()),
            ("end", end.into()),
        ],
    )
}

/// The name of a question.
pub fn field_name(locale: Locale, slug: &str, field: &str) -> String {
    text(locale, &format!("field-{slug}-{field}"))
}

/// An answer chosen from a list, in words; kinds of registrations are named alike in all items.
pub fn term(locale: Locale, slug: &str, field: &str, value: &str) -> String {
    let own = format!("choice-{slug}-{field}-{value}");
    if has_text(locale, &own) {
        text(locale, &own)
    } else {
        text(
            locale,
            &format!("choice-cross-region-registration-{field}-{value}"),
        )
    }
}

/// A place by its code; the code itself where no list knows it.
pub fn region_name(app: &App, locale: Locale, code: &str) -> String {
    RegionCode::parse(code)
        .and_then(|region| app.office.regions.full_name(region, locale))
        .unwrap_or_else(|| code.to_owned())
}

/// A phone number with its middle starred.
pub fn masked_phone(number: &str) -> String {
    Phone::parse(number).map_or_else(|_| "*".to_owned(), |phone| phone.masked())
}
