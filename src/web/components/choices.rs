//! What people choose: one of a few, any number, one of many. Nothing is validated here.

use askama::Template;
use askama::filters::HtmlSafe;

use super::fields::{Labelled, common_setters};
use crate::data::texts::text;
use crate::domain::locale::Locale;

common_setters!(Choice, Checks, Select);

/// One of the answers to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opt {
    /// Sent when chosen.
    pub value: String,
    /// Shown.
    pub text: String,
    /// A sentence below it.
    pub hint: Option<String>,
    /// Whether it is chosen.
    pub chosen: bool,
}

impl Opt {
    /// An answer that is not chosen.
    pub fn new(value: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            text: text.into(),
            hint: None,
            chosen: false,
        }
    }

    /// With a sentence below it.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Chosen when it is the answer given before.
    pub fn chosen_if(mut self, given: &str) -> Self {
        self.chosen = self.value == given;
        self
    }
}

/// One answer out of a few: radio buttons.
#[derive(Clone, Debug, Template)]
#[template(path = "components/choice.html")]
pub struct Choice {
    common: Labelled,
    options: Vec<Opt>,
}

impl Choice {
    /// A question with its answers.
    pub fn new(locale: Locale, name: &str, label: impl Into<String>, options: Vec<Opt>) -> Self {
        Self {
            common: Labelled::new(locale, name, label),
            options,
        }
    }

    /// Yes or no, sent as `yes` and `no`.
    pub fn yes_no(locale: Locale, name: &str, label: impl Into<String>, given: &str) -> Self {
        let options = ["yes", "no"]
            .into_iter()
            .map(|answer| Opt::new(answer, text(locale, answer)).chosen_if(given))
            .collect();
        Self::new(locale, name, label, options)
    }
}

/// Any number of answers: checkboxes. With one answer it is a pledge or consent.
#[derive(Clone, Debug, Template)]
#[template(path = "components/checks.html")]
pub struct Checks {
    common: Labelled,
    options: Vec<Opt>,
}

impl Checks {
    /// A question with its answers.
    pub fn new(locale: Locale, name: &str, label: impl Into<String>, options: Vec<Opt>) -> Self {
        Self {
            common: Labelled::new(locale, name, label),
            options,
        }
    }

    /// One box to tick under a title: a pledge or a consent, sent as `yes`.
    pub fn pledge(
        locale: Locale,
        name: &str,
        title: impl Into<String>,
        words: impl Into<String>,
        given: &str,
    ) -> Self {
        Self::new(
            locale,
            name,
            title,
            vec![Opt::new("yes", words).chosen_if(given)],
        )
    }
}

/// Answers under a common heading, for example the prefectures of a province.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Heading; without one the answers stand on their own.
    pub label: Option<String>,
    /// The answers.
    pub options: Vec<Opt>,
}

/// One answer out of many. With scripts, typing a part of the name narrows the list.
#[derive(Clone, Debug, Template)]
#[template(path = "components/select.html")]
pub struct Select {
    common: Labelled,
    groups: Vec<Group>,
}

impl Select {
    /// A question with its groups of answers.
    pub fn new(locale: Locale, name: &str, label: impl Into<String>, groups: Vec<Group>) -> Self {
        Self {
            common: Labelled::new(locale, name, label),
            groups,
        }
    }

    /// A question with answers in one list.
    pub fn flat(locale: Locale, name: &str, label: impl Into<String>, options: Vec<Opt>) -> Self {
        Self::new(
            locale,
            name,
            label,
            vec![Group {
                label: None,
                options,
            }],
        )
    }

    fn please(&self) -> String {
        text(self.common.locale, "select-please")
    }

    fn filter_words(&self) -> String {
        text(self.common.locale, "select-filter")
    }

    /// A list of this length is worth a search.
    fn is_long(&self) -> bool {
        self.groups
            .iter()
            .map(|group| group.options.len())
            .sum::<usize>()
            > 15
    }
}
