//! What people read: summary lists, task lists, notices, steps, history, pages of a list.

use askama::Template;
use askama::filters::HtmlSafe;

use super::status::Tag;
use crate::data::texts::text;
use crate::domain::locale::Locale;
use crate::domain::time::Ts;
use crate::web::page::Link;
use crate::web::words;

/// One row of a summary list.
#[derive(Clone, Debug)]
pub struct SummaryRow {
    /// What it is.
    pub key: String,
    /// The value, one line each.
    pub lines: Vec<String>,
    /// What to say beside it, for example "from the register" or the value before.
    pub note: Option<String>,
    /// Where it can be changed.
    pub change: Option<String>,
}

impl SummaryRow {
    /// A row with one line.
    pub fn new(key: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            lines: vec![value.into()],
            note: None,
            change: None,
        }
    }

    /// With a remark beside the value.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// With a link to change it.
    pub fn change(mut self, url: String) -> Self {
        self.change = Some(url);
        self
    }
}

/// Pairs of what and value, for checking answers and for reading a case.
#[derive(Clone, Debug, Template)]
#[template(path = "components/summary.html")]
pub struct SummaryList {
    locale: Locale,
    rows: Vec<SummaryRow>,
}

impl HtmlSafe for SummaryList {}

impl SummaryList {
    /// The rows in the order they are read.
    pub fn new(locale: Locale, rows: Vec<SummaryRow>) -> Self {
        Self { locale, rows }
    }

    fn words(&self, key: &str) -> String {
        text(self.locale, key)
    }

    fn has_changes(&self) -> bool {
        self.rows.iter().any(|row| row.change.is_some())
    }
}

/// One thing to do.
#[derive(Clone, Debug)]
pub struct Task {
    /// What is to be done.
    pub text: String,
    /// Where; without it the task cannot be begun yet.
    pub url: Option<String>,
    /// A sentence below it.
    pub hint: Option<String>,
    /// How far it is.
    pub state: Tag,
}

/// What is to be done, with how far each is.
#[derive(Clone, Debug, Template)]
#[template(path = "components/tasks.html")]
pub struct TaskList {
    /// The tasks in order.
    pub tasks: Vec<Task>,
}

impl HtmlSafe for TaskList {}

/// What a banner is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BannerKind {
    /// Something was done.
    Success,
    /// Something to know or to do.
    Important,
}

/// A notice on top of a page.
#[derive(Clone, Debug, Template)]
#[template(path = "components/banner.html")]
pub struct Banner {
    locale: Locale,
    kind: BannerKind,
    heading: String,
    lines: Vec<String>,
    link: Option<Link>,
}

impl HtmlSafe for Banner {}

impl Banner {
    /// A notice of one sentence.
    pub fn new(locale: Locale, kind: BannerKind, heading: impl Into<String>) -> Self {
        Self {
            locale,
            kind,
            heading: heading.into(),
            lines: Vec::new(),
            link: None,
        }
    }

    /// With more sentences below.
    pub fn line(mut self, line: impl Into<String>) -> Self {
        self.lines.push(line.into());
        self
    }

    /// With a link to what is to be done.
    pub fn link(mut self, link: Link) -> Self {
        self.link = Some(link);
        self
    }

    fn title(&self) -> String {
        text(
            self.locale,
            if self.is_success() {
                "success"
            } else {
                "important"
            },
        )
    }

    fn is_success(&self) -> bool {
        self.kind == BannerKind::Success
    }
}

/// The panel that confirms a submission: cannot be mistaken for anything else. Once a page, as its heading.
#[derive(Clone, Debug, Template)]
#[template(path = "components/panel.html")]
pub struct Panel {
    /// For example "Submitted".
    pub heading: String,
    /// For example "Receipt number".
    pub label: String,
    /// The receipt number, in large letters.
    pub value: String,
}

impl HtmlSafe for Panel {}

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Behind.
    Done,
    /// Here.
    Current,
    /// Ahead.
    Todo,
}

/// One step of a procedure.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its name.
    pub text: String,
    /// How far it is.
    pub state: StepState,
}

/// The bar of steps of a procedure.
#[derive(Clone, Debug, Template)]
#[template(path = "components/steps.html")]
pub struct Steps {
    locale: Locale,
    steps: Vec<Step>,
}

impl HtmlSafe for Steps {}

impl Steps {
    /// The steps in order.
    pub fn new(locale: Locale, steps: Vec<Step>) -> Self {
        Self { locale, steps }
    }

    /// Names in order, of which `current` (from 0) is the present one.
    pub fn at(locale: Locale, names: impl IntoIterator<Item = String>, current: usize) -> Self {
        let state = |position: usize| match position.cmp(&current) {
            std::cmp::Ordering::Less => StepState::Done,
            std::cmp::Ordering::Equal => StepState::Current,
            std::cmp::Ordering::Greater => StepState::Todo,
        };
        let steps = names
            .into_iter()
            .enumerate()
            .map(|(at, text)| Step {
                text,
                state: state(at),
            })
            .collect();
        Self { locale, steps }
    }

    fn label(&self) -> String {
        text(self.locale, "steps-label")
    }

    fn class(&self, step: &Step) -> &'static str {
        match step.state {
            StepState::Done => "done",
            StepState::Current => "current",
            StepState::Todo => "todo",
        }
    }

    fn words(&self, step: &Step) -> String {
        text(self.locale, &format!("step-{}", self.class(step)))
    }
}

/// One entry of a history.
#[derive(Clone, Debug)]
pub struct Entry {
    /// When it happened.
    pub at: Ts,
    /// What happened, in words.
    pub what: String,
    /// Who did it, in words fit for the reader.
    pub who: String,
    /// Reason, remark or what was missing, one line each.
    pub lines: Vec<String>,
}

/// What happened to a case, the latest first or last as given.
#[derive(Clone, Debug, Template)]
#[template(path = "components/timeline.html")]
pub struct Timeline {
    locale: Locale,
    entries: Vec<Entry>,
}

impl HtmlSafe for Timeline {}

impl Timeline {
    /// The entries in the order they are shown.
    pub fn new(locale: Locale, entries: Vec<Entry>) -> Self {
        Self { locale, entries }
    }

    fn moment(&self, at: &Ts) -> String {
        words::moment(self.locale, *at)
    }
}

/// Links to the previous and the next page of a list (cursors, never page numbers).
#[derive(Clone, Debug, Template)]
#[template(path = "components/pages.html")]
pub struct Pages {
    /// Language.
    pub locale: Locale,
    /// The page before.
    pub previous: Option<String>,
    /// The page after.
    pub next: Option<String>,
}

impl HtmlSafe for Pages {}

impl Pages {
    fn words(&self, key: &str) -> String {
        text(self.locale, key)
    }
}

/// A list without entries: what that means and what can be done.
#[derive(Clone, Debug, Template)]
#[template(path = "components/empty.html")]
pub struct Empty {
    /// What is not there and why.
    pub text: String,
    /// What can be done.
    pub link: Option<Link>,
}

impl HtmlSafe for Empty {}
