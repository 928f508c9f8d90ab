//! Answers in words, for checking them and for reading a case.

use crate::data::texts::text;
use crate::domain::form::{Answers, Field, Kind, read_day};
use crate::domain::locale::Locale;
use crate::domain::region::{RegionCode, Regions};
use crate::domain::registration::Registration;
use crate::web::words;

/// What answers are read with.
pub struct Reader<'a> {
    /// Language.
    pub locale: Locale,
    /// Slug of the item.
    pub slug: &'a str,
    /// Names of regions.
    pub regions: &'a Regions,
    /// The person's registrations.
    pub registrations: &'a [Registration],
}

impl Reader<'_> {
    /// The answer to a field; `None` when it was left out.
    pub fn words(&self, field: &Field, answers: &Answers) -> Option<String> {
        let typed = answers.text(field.name).filter(|typed| !typed.is_empty())?;
        Some(match field.kind {
            Kind::Choice(_) => text(
                self.locale,
                &format!("choice-{}-{}-{typed}", self.slug, field.name),
            ),
            Kind::Region => self.region(typed),
            Kind::Day => {
                read_day(typed).map_or_else(|| typed.to_owned(), |day| words::day(self.locale, day))
            }
            Kind::Registration => self
                .registrations
                .iter()
                .find(|registration| registration.id.to_string() == typed)
                .map_or_else(String::new, |found| self.registration(found)),
            Kind::Phone | Kind::Text(_) | Kind::Pledge => typed.to_owned(),
        })
    }

    /// A region with its province.
    pub fn region(&self, code: &str) -> String {
        RegionCode::parse(code)
            .and_then(|code| self.regions.full_name(code, self.locale))
            .unwrap_or_else(|| code.to_owned())
    }

    /// A registration in one line: where, kind, from when to when.
    pub fn registration(&self, of: &Registration) -> String {
        let kind = text(
            self.locale,
            &format!("choice-cross-region-registration-kind-{}", of.kind),
        );
        let end = of.end.map_or_else(
            || text(self.locale, "registration-open-end"),
            |end| words::day_plain(self.locale, end),
        );
        let start = words::day_plain(self.locale, of.start);
        format!(
            "{} · {kind} · {start} – {end}",
            self.region(&of.destination)
        )
    }
}
