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
    locale: Locale,
    name: String,
    label: String,
    hint: Option<String>,
    error: Option<String>,
    optional: bool,
    heading: bool,
}

impl Labelled {
    fn new(locale: Locale, name: &str, label: impl Into<String>) -> Self {
        let (name, label) = (name.to_owned(), label.into());
        Self {
            locale,
            name,
            label,
            hint: None,
            error: None,
            optional: false,
            heading: false,
        }
    }

    fn id(&self) -> String {
        field_id(&self.name)
    }

    fn optional_words(&self) -> String {
        text(self.locale, "optional")
    }

    fn error_prefix(&self) -> String {
        text(self.locale, "error-prefix")
    }

    /// Ids of what describes the field, for `aria-describedby`.
    fn described_by(&self, more: &[&str]) -> String {
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

            /// The name under which the answer is sent.
            pub fn name(&self) -> &str {
                &self.common.name
            }
        }

        impl HtmlSafe for $field {}
    )+};
}

common_setters!(TextField, Area, Choice, Checks, Select, FileField);

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

    fn words(&self, key: &str) -> String {
        text_with(self.common.locale, key, &[("name", "{name}".into())])
    }
}

/// Any field, for forms described by data.
#[derive(Clone, Debug, Template)]
#[template(
    source = "{% match self %}{% when Self::Text(f) %}{{ f }}{% when Self::Area(f) %}{{ f }}{% when Self::Choice(f) %}{{ f }}{% when Self::Checks(f) %}{{ f }}{% when Self::Select(f) %}{{ f }}{% when Self::File(f) %}{{ f }}{% endmatch %}",
    ext = "html"
)]
pub enum Field {
    /// One line.
    Text(TextField),
    /// Several lines.
    Area(Area),
    /// Radio buttons.
    Choice(Choice),
    /// Checkboxes.
    Checks(Checks),
    /// A list.
    Select(Select),
    /// Files.
    File(FileField),
}

impl HtmlSafe for Field {}

/// All faults of a form, on top of the page; each leads to its field.
#[derive(Clone, Debug, Template)]
#[template(path = "components/error_summary.html")]
pub struct ErrorSummary {
    heading: String,
    faults: Vec<(String, String)>,
}

impl HtmlSafe for ErrorSummary {}

impl ErrorSummary {
    /// From pairs of field name and translated message; `None` when there is no fault. A fault with an
    /// empty field name concerns the form as a whole.
    pub fn of<'a>(
        locale: Locale,
        faults: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Option<Self> {
        let faults: Vec<_> = faults
            .into_iter()
            .map(|(name, message)| {
                (
                    if name.is_empty() {
                        String::new()
                    } else {
                        field_id(name)
                    },
                    message.to_owned(),
                )
            })
            .collect();
        let heading = text_with(locale, "errors-found", &[("count", faults.len().into())]);
        (!faults.is_empty()).then_some(Self { heading, faults })
    }
}
