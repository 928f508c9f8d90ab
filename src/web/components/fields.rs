//! What people fill in. Every field has a label, may have a hint, a fault and the mark "optional", and
//! keeps what was typed when the form comes back. Nothing is validated here.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::data::texts::{text, text_with};
use crate::domain::locale::Locale;

/// The HTML id of a field, from its name; where the error summary leads.
pub fn field_id(name: &str) -> String {
    let safe: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    format!("f-{safe}")
}

/// What all fields have in common.
#[derive(Clone, Debug)]
pub struct Labelled {
    pub(super) locale: Locale,
    pub(super) name: String,
    /// What the HTML id is made from, where several forms of a page have a field of that name.
    pub(super) told_apart: Option<String>,
    pub(super) label: String,
    pub(super) hint: Option<String>,
    pub(super) error: Option<String>,
    pub(super) optional: bool,
    pub(super) heading: bool,
}

impl Labelled {
    pub(super) fn new(locale: Locale, name: &str, label: impl Into<String>) -> Self {
        let (name, label) = (name.to_owned(), label.into());
        Self {
            locale,
            name,
            told_apart: None,
            label,
            hint: None,
            error: None,
            optional: false,
            heading: false,
        }
    }

    pub(super) fn id(&self) -> String {
        field_id(self.told_apart.as_deref().unwrap_or(&self.name))
    }

    pub(super) fn optional_words(&self) -> String {
        text(self.locale, "optional")
    }

    pub(super) fn error_prefix(&self) -> String {
        text(self.locale, "error-prefix")
    }

    /// Ids of what describes the field, for `aria-describedby`.
    pub(super) fn described_by(&self, more: &[&str]) -> String {
        let own = [
            ("hint", self.hint.is_some()),
            ("error", self.error.is_some()),
        ];
        let own = own
            .iter()
            .filter(|(_, there)| *there)
            .map(|(part, _)| *part);
        own.chain(more.iter().copied())
            .map(|part| format!("{}-{part}", self.id()))
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// What can be set on every kind of field.
macro_rules! common_setters {
    ($($field:ident),+) => {$(
        impl $field {
            /// A sentence below the label.
            pub fn hint(mut self, hint: impl Into<String>) -> Self {
                self.common.hint = Some(hint.into()).filter(|hint| !hint.is_empty());
                self
            }

            /// What is wrong with the answer, if anything.
            pub fn error(mut self, error: Option<String>) -> Self {
                self.common.error = error;
                self
            }

            /// Marks the field as one that may be left empty.
            pub fn optional(mut self) -> Self {
                self.common.optional = true;
                self
            }

            /// Makes the label the heading of the page: one question a page.
            pub fn heading(mut self) -> Self {
                self.common.heading = true;
                self
            }

            /// Tells it apart from a field of the same name in another form of the page; the error summary leads there by
            /// this name.
            pub fn told_apart(mut self, name: impl Into<String>) -> Self {
                self.common.told_apart = Some(name.into());
                self
            }

            /// The name under which the answer is sent.
            pub fn name(&self) -> &str {
                &self.common.name
            }
        }

        impl HtmlSafe for $field {}
    )+};
}

pub(super) use common_setters;

common_setters!(TextField, Area, FileField);

/// What kind of text is asked for; decides keyboard, width and autocomplete.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InputKind {
    /// Anything in one line.
    #[default]
    Text,
    /// A short code of ten characters or so.
    Short,
    /// A whole number.
    Number,
    /// An amount in yuan.
    Money,
    /// A day, sent as `YYYY-MM-DD`.
    Date,
    /// A month, sent as `YYYY-MM`.
    Month,
    /// A phone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A resident ID number or Unified Social Credit Code.
    IdNumber,
    /// A user name at sign-in.
    Username,
    /// The present password.
    Password,
    /// A password to be set.
    NewPassword,
    /// A one-time code.
    OneTimeCode,
}

/// One line of text.
#[derive(Clone, Debug, Template)]
#[template(path = "components/text.html")]
pub struct TextField {
    common: Labelled,
    kind: InputKind,
    value: String,
}

impl TextField {
    /// A field with its name and translated label.
    pub fn new(locale: Locale, name: &str, label: impl Into<String>) -> Self {
        Self {
            common: Labelled::new(locale, name, label),
            kind: InputKind::Text,
            value: String::new(),
        }
    }

    /// The kind of text.
    pub fn kind(mut self, kind: InputKind) -> Self {
        self.kind = kind;
        if kind == InputKind::Date && self.common.hint.is_none() {
            self.common.hint = Some(text(self.common.locale, "date-hint"));
        }
        self
    }

    /// What was typed before.
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    fn input_type(&self) -> &'static str {
        match self.kind {
            InputKind::Date => "date",
            InputKind::Month => "month",
            InputKind::Phone => "tel",
            InputKind::Email => "email",
            InputKind::Password | InputKind::NewPassword => "password",
            InputKind::Text
            | InputKind::Short
            | InputKind::Number
            | InputKind::Money
            | InputKind::IdNumber
            | InputKind::Username
            | InputKind::OneTimeCode => "text",
        }
    }

    fn input_mode(&self) -> Option<&'static str> {
        match self.kind {
            InputKind::Number | InputKind::OneTimeCode => Some("numeric"),
            InputKind::Money => Some("decimal"),
            _ => None,
        }
    }

    fn autocomplete(&self) -> Option<&'static str> {
        match self.kind {
            InputKind::Phone => Some("tel"),
            InputKind::Email => Some("email"),
            InputKind::Username => Some("username"),
            InputKind::Password => Some("current-password"),
            InputKind::NewPassword => Some("new-password"),
            InputKind::OneTimeCode => Some("one-time-code"),
            InputKind::IdNumber => Some("off"),
            _ => None,
        }
    }

    fn width_class(&self) -> &'static str {
        match self.kind {
            InputKind::Number | InputKind::Money | InputKind::Short | InputKind::OneTimeCode => {
                " govuk-input--width-10"
            }
            InputKind::Date | InputKind::Month | InputKind::Phone => " mb-input--date",
            InputKind::IdNumber
            | InputKind::Username
            | InputKind::Password
            | InputKind::NewPassword => " govuk-input--width-20",
            InputKind::Text | InputKind::Email => "",
        }
    }

    fn is_money(&self) -> bool {
        self.kind == InputKind::Money
    }

    fn has_spelling(&self) -> bool {
        self.kind == InputKind::Text
    }
}

/// Several lines of text, with a count of what is left.
#[derive(Clone, Debug, Template)]
#[template(path = "components/area.html")]
pub struct Area {
    common: Labelled,
    value: String,
    rows: u8,
    max: Option<u32>,
}

impl Area {
    /// A field of five lines.
    pub fn new(locale: Locale, name: &str, label: impl Into<String>) -> Self {
        Self {
            common: Labelled::new(locale, name, label),
            value: String::new(),
            rows: 5,
            max: None,
        }
    }

    /// What was typed before.
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// Height in lines.
    pub fn rows(mut self, rows: u8) -> Self {
        self.rows = rows;
        self
    }

    /// Most characters; the rest is counted down while typing.
    pub fn max(mut self, characters: u32) -> Self {
        self.max = Some(characters);
        self
    }

    fn words(&self, key: &str) -> String {
        text_with(self.common.locale, key, &[("count", "%{count}".into())])
    }

    fn max_words(&self, max: &u32) -> String {
        text_with(
            self.common.locale,
            "characters-max",
            &[("count", (*max).into())],
        )
    }
}

/// Files or photographs. Its form needs `enctype="multipart/form-data"`; with `data-upload` on the form
/// each file is sent on its own as soon as it is chosen, with progress and retry.
#[derive(Clone, Debug, Template)]
#[template(path = "components/file.html")]
pub struct FileField {
    common: Labelled,
    accept: &'static str,
    multiple: bool,
}

impl FileField {
    /// A field for JPG, PNG and PDF files.
    pub fn new(locale: Locale, name: &str, label: impl Into<String>) -> Self {
        let common = Labelled::new(locale, name, label);
        Self {
            common,
            accept: "image/jpeg,image/png,application/pdf",
            multiple: false,
        }
    }

    /// Takes other kinds of files, written as in the attribute `accept`.
    pub fn accept(mut self, accept: &'static str) -> Self {
        self.accept = accept;
        self
    }

    /// Takes several files at once.
    pub fn multiple(mut self) -> Self {
        self.multiple = true;
        self
    }

    /// A list is not photographed.
    fn choose(&self) -> String {
        self.words(match self.accept.contains("image/") {
            true => "file-choose",
            false => "file-choose-only",
        })
    }

    fn words(&self, key: &str) -> String {
        text_with(self.common.locale, key, &[("name", "{name}".into())])
    }
}
