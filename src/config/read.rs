//! Variables as they are read: each by name, once, with what is in force noted beside it. Whatever carries this
//! program's prefix and was never asked for is a mistake, most often of spelling, and refuses the start. A secret's
//! value is never noted.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

use super::ConfigError;

/// What the names of this program's variables begin with.
const PREFIX: &str = "BUJIANMIAN_";
/// What the variables of tests and benchmarks begin with; a program that they start inherits them.
const OF_TESTS: [&str; 4] = [
    "BUJIANMIAN_TEST_",
    "BUJIANMIAN_FAULTS",
    "BUJIANMIAN_FUZZ",
    "BUJIANMIAN_BENCH",
];

/// One setting as it is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Name of its variable.
    pub name: &'static str,
    /// What is in force, without secrets.
    pub value: String,
    /// Who said so.
    pub source: Source,
}

/// Who said what a setting is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The environment.
    Variable,
    /// The program.
    Default,
}

/// The variables of one start.
pub(super) struct Variables {
    given: BTreeMap<String, String>,
    read: RefCell<Vec<Setting>>,
}

impl Variables {
    /// From name and value of each; empty values count as not given.
    pub(super) fn new(given: impl IntoIterator<Item = (String, String)>) -> Self {
        Self {
            given: given
                .into_iter()
                .filter(|(_, value)| !value.is_empty())
                .collect(),
            read: RefCell::default(),
        }
    }

    /// A text, without surrounding spaces.
    pub(super) fn text(&self, name: &'static str) -> Option<String> {
        let value = self.given.get(name).map(|value| value.trim().to_owned());
        self.note(name, value.clone().unwrap_or_default(), value.is_some());
        value
    }

    /// A text that is noted only as there or not.
    pub(super) fn secret(&self, name: &'static str) -> Option<String> {
        let value = self.given.get(name).cloned();
        let shown = value.as_ref().map_or("", |_| "(set, not shown)");
        self.note(name, shown.to_owned(), value.is_some());
        value
    }

    /// A text with a secret inside, noted as `shown` says.
    pub(super) fn masked(
        &self,
        name: &'static str,
        shown: impl FnOnce(&str) -> String,
    ) -> Option<String> {
        let value = self.given.get(name).cloned();
        let noted = value.as_deref().map(shown).unwrap_or_default();
        self.note(name, noted, value.is_some());
        value
    }

    /// What the text says, or `default`.
    pub(super) fn parsed<T: FromStr + Display>(
        &self,
        name: &'static str,
        default: T,
    ) -> Result<T, ConfigError>
    where
        T::Err: Display,
    {
        let value = match self.given.get(name) {
            Some(text) => text
                .trim()
                .parse()
                .map_err(|e: T::Err| bad(name, &e.to_string()))?,
            None => default,
        };
        self.note(name, value.to_string(), self.given.contains_key(name));
        Ok(value)
    }

    /// A number within `range`, or `default`.
    pub(super) fn number<T: FromStr + Display + PartialOrd>(
        &self,
        name: &'static str,
        default: T,
        range: RangeInclusive<T>,
    ) -> Result<T, ConfigError>
    where
        T::Err: Display,
    {
        let value = self.parsed(name, default)?;
        if range.contains(&value) {
            return Ok(value);
        }
        let (least, most) = range.into_inner();
        Err(bad(
            name,
            &format!("{value} is not between {least} and {most}"),
        ))
    }

    /// One of some words, the first of which is the default.
    pub(super) fn word<T: Copy>(
        &self,
        name: &'static str,
        words: &[(&'static str, T)],
    ) -> Result<T, ConfigError> {
        let all = || words.iter().map(|(word, _)| *word).collect::<Vec<_>>();
        let given = self.given.get(name).map(|text| text.trim());
        let found = words
            .iter()
            .find(|(word, _)| given.is_none_or(|given| given == *word));
        let (word, value) =
            found.ok_or_else(|| bad(name, &format!("one of {} is needed", all().join(", "))))?;
        self.note(name, (*word).to_owned(), given.is_some());
        Ok(*value)
    }

    /// Everything that was read, by name.
    ///
    /// # Errors
    /// [`ConfigError::Unknown`] names variables of this program that nobody asked for.
    pub(super) fn finish(self) -> Result<Vec<Setting>, ConfigError> {
        let mut read = self.read.into_inner();
        read.sort_by_key(|setting| setting.name);
        let asked: BTreeSet<&str> = read.iter().map(|setting| setting.name).collect();
        let unknown: Vec<String> = self
            .given
            .into_keys()
            .filter(|name| name.starts_with(PREFIX))
            .filter(|name| !OF_TESTS.iter().any(|front| name.starts_with(front)))
            .filter(|name| !asked.contains(name.as_str()))
            .collect();
        if unknown.is_empty() {
            Ok(read)
        } else {
            Err(ConfigError::Unknown(unknown.join(", ")))
        }
    }

    fn note(&self, name: &'static str, value: String, given: bool) {
        let source = if given {
            Source::Variable
        } else {
            Source::Default
        };
        self.read.borrow_mut().push(Setting {
            name,
            value,
            source,
        });
    }
}

/// A variable that can't be used, and why.
pub(super) fn bad(name: &'static str, why: &str) -> ConfigError {
    ConfigError::Variable {
        name,
        why: why.to_owned(),
    }
}
