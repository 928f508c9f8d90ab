//! Parts of the pages of a batch that employer and desk have in common (XR-9): how far it is, its rows that came back, its
//! cases, what was done to all of them.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::data::texts::{text, text_with};
use crate::domain::actor::Actor;
use crate::domain::batch::{Batch, RowResult, State, Task, TaskResult};
use crate::domain::ids::{BatchId, TaskId};
use crate::domain::locale::Locale;
use crate::store::batch_tasks::Which;
use crate::store::cases::Listed;
use crate::usecases::employing::{self, COUNTED, Seen};
use crate::usecases::listing::Rest;
use crate::usecases::{App, Error, batch_tasks};
use crate::web::batch_report::{column_name, reason};
use crate::web::components::{Tag, TagColour};
use crate::web::words;

/// Cases of a page, rows that came back and cases to which a task could not be done, at most.
const SHOWN: u16 = 50;
/// Tasks that are shown.
const TASKS: u16 = 5;

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

/// Where a reader finds the results of a task, and a case by its receipt number.
pub type Addresses<'a> = (fn(BatchId, TaskId) -> String, &'a dyn Fn(&str) -> String);

/// What a page shows of a batch beside itself, in words.
pub struct Parts {
    /// Cases in the order of the rows.
    pub cases: Vec<CaseRow>,
    /// The row beyond which the next page begins, if there is one.
    pub next: Option<u32>,
    /// The first rows that came back.
    pub returned: Vec<Returned>,
    /// What was done to all cases, newest first.
    pub tasks: Vec<TaskLine>,
}

impl Parts {
    /// Reads them anew; the cases from beyond row `after` on.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the batch is not the actor's to see.
    pub async fn read(
        app: &App,
        actor: &Actor,
        locale: Locale,
        (seen, after): (&Seen, u32),
        (results, case): Addresses<'_>,
    ) -> Result<Self, Error> {
        let id = seen.batch.id;
        let (cases, rest) = employing::cases(app, actor, id, after, SHOWN).await?;
        let (returned, _) = employing::returned(app, actor, id, 0, SHOWN).await?;
        let mut tasks = vec![];
        for task in batch_tasks::of_batch(app, actor, id, TASKS).await? {
            let left = (Which::Left, 0, SHOWN);
            let left = batch_tasks::results(app, actor, id, task.id, left).await?;
            let addresses = (results(id, task.id), case);
            let total = seen.batch.counts.filed;
            tasks.push(TaskLine::of(locale, &task, total, &left, addresses));
        }
        Ok(Self {
            next: match rest {
                Rest::More => cases.last().map(|(number, _)| *number),
                Rest::Nothing => None,
            },
            cases: cases
                .iter()
                .map(|row| CaseRow::of(locale, row, case(&row.1.case.receipt_no)))
                .collect(),
            returned: returned
                .iter()
                .map(|row| Returned::of(locale, row))
                .collect(),
            tasks,
        })
    }

    /// Whether something is being done to all cases now.
    pub fn is_at_work(&self) -> bool {
        self.tasks.iter().any(|task| task.runs)
    }
}
