//! Parts of the pages of a batch that employer and desk have in common (XR-9): how far it is, its rows that came back, its
//! cases, what was done to all of them.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::data::texts::{text, text_with};
use crate::domain::batch::{Batch, RowResult, State, Task, TaskResult};
use crate::domain::locale::Locale;
use crate::store::cases::Listed;
use crate::usecases::employing::COUNTED;
use crate::web::batch_report::{column_name, reason};
use crate::web::components::{Tag, TagColour};
use crate::web::words;

/// How far something is that goes on by itself: a bar with its figures.
#[derive(Clone, Debug, Template)]
#[template(path = "employer/progress.html")]
pub struct Progress {
    /// What goes on, in words; label of the bar.
    pub label: String,
    /// Done so far and to be done, while it goes on.
    pub bar: Option<(u32, u32)>,
    /// Figures with their words.
    pub figures: Vec<(String, String)>,
}

impl HtmlSafe for Progress {}

impl Progress {
    /// How far the rows of a batch are.
    pub fn of_batch(locale: Locale, batch: &Batch) -> Self {
        let counts = batch.counts;
        let with_result = counts.filed + counts.rejected + counts.duplicates;
        let figure = |key: &str, number: u32| (number.to_string(), text(locale, key));
        Self {
            label: text(locale, &format!("batches-state-{}", batch.state)),
            bar: match batch.state {
                State::Running => Some((with_result, batch.total)),
                State::Done => None,
            },
            figures: vec![
                figure("batches-rows", batch.total),
                figure("batches-filed", counts.filed),
                figure("batches-rejected", counts.rejected),
                figure("batches-duplicates", counts.duplicates),
            ],
        }
    }
}

/// The state of a batch as a tag.
pub fn state(locale: Locale, batch: &Batch) -> Tag {
    let colour = match batch.state {
        State::Running => TagColour::Blue,
        State::Done => TagColour::Green,
    };
    Tag::new(
        text(locale, &format!("batches-state-{}", batch.state)),
        colour,
    )
}

/// A count that was not taken further than so far.
pub fn counted(locale: Locale, found: usize) -> String {
    match found > usize::from(COUNTED) {
        true => text_with(locale, "batches-more-than", &[("count", COUNTED.into())]),
        false => found.to_string(),
    }
}

/// A row that came back, in words.
pub struct Returned {
    /// Its number.
    pub number: u32,
    /// The column at fault.
    pub column: String,
    /// Why.
    pub reason: String,
}

impl Returned {
    /// In words.
    pub fn of(locale: Locale, row: &RowResult) -> Self {
        Self {
            number: row.number,
            column: column_name(locale, row.column.as_deref().unwrap_or_default()),
            reason: reason(locale, row),
        }
    }
}

/// A case of a batch.
pub struct CaseRow {
    /// Number of its row.
    pub number: u32,
    /// Its receipt number.
    pub receipt_no: String,
    /// Its page.
    pub url: String,
    /// Whom it is for.
    pub person: String,
    /// Where it stands.
    pub state: Tag,
    /// Its due time, while the clock runs.
    pub due: String,
}

impl CaseRow {
    /// In words; `url` is the reader's page of it.
    pub fn of(locale: Locale, (number, listed): &(u32, Listed), url: String) -> Self {
        Self {
            number: *number,
            receipt_no: listed.case.receipt_no.clone(),
            url,
            person: listed.person_name.clone(),
            state: Tag::state(locale, listed.case.state),
            due: listed
                .case
                .due()
                .map(words::moment_short)
                .unwrap_or_default(),
        }
    }
}

/// What was done to all cases.
pub struct TaskLine {
    /// What, and when it was asked for.
    pub heading: String,
    /// How far it is.
    pub progress: Progress,
    /// The cases to which it could not be done.
    pub left: Vec<LeftCase>,
    /// All results as a file.
    pub file: String,
    /// Whether it goes on.
    pub runs: bool,
}

/// A case to which it could not be done.
pub struct LeftCase {
    /// Number of its row.
    pub number: u32,
    /// Its receipt number.
    pub receipt_no: String,
    /// Its page.
    pub url: String,
    /// Why not.
    pub why: String,
}

impl TaskLine {
    /// In words; `total` cases are looked at, `left` are the first to which it could not be done.
    pub fn of(
        locale: Locale,
        task: &Task,
        total: u32,
        left: &[TaskResult],
        (file, url): (String, impl Fn(&str) -> String),
    ) -> Self {
        let figure = |key: &str, number: u32| (number.to_string(), text(locale, key));
        let what = text(locale, &format!("batch-task-{}", task.kind));
        let asked = words::moment_short(task.asked_at);
        Self {
            progress: Progress {
                label: what.clone(),
                bar: task
                    .finished_at
                    .is_none()
                    .then_some((task.done + task.failed, total)),
                figures: vec![
                    figure("batches-task-done", task.done),
                    figure("batches-task-failed", task.failed),
                ],
            },
            heading: format!("{what} {asked}"),
            left: left
                .iter()
                .map(|one| LeftCase {
                    number: one.number,
                    receipt_no: one.receipt_no.clone(),
                    url: url(&one.receipt_no),
                    why: text(locale, &format!("batch-result-{}", one.outcome)),
                })
                .collect(),
            file,
            runs: task.finished_at.is_none(),
        }
    }
}
