//! The report of a batch (XR-9): every row that came back or repeats what was filed before, with the reason in words.
//! It is sent page by page, however long it is.

use crate::data::texts::{text, text_with};
use crate::domain::actor::Actor;
use crate::domain::batch::{Outcome, RowResult};
use crate::domain::form::FieldError;
use crate::domain::ids::{BatchId, TaskId};
use crate::domain::locale::Locale;
use crate::store::batch_tasks::Which;
use crate::usecases::listing::Rest;
use crate::usecases::{App, batch_tasks, employing};
use crate::web::csv;
use crate::web::problem::{Answer, field_message};

/// Rows read at once.
const PIECE: u16 = 500;

/// By which names the report calls columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// By those of the API.
    Programs,
    /// By the headings of the spreadsheet.
    People,
}

/// Sends the report.
///
/// # Errors
/// Those of [`employing::batch`]: whether it is theirs is told before the file begins.
pub async fn send(
    app: &App,
    actor: &Actor,
    id: BatchId,
    (locale, names): (Locale, Names),
) -> Answer {
    employing::alone(app, actor, id).await?;
    let (app, actor) = (app.clone(), actor.clone());
    let head = ["row", "column", "code", "reason"].map(|name| match names {
        Names::Programs => name.to_owned(),
        Names::People => text(locale, &format!("batches-col-{name}")),
    });
    Ok(csv::streamed("report", &head, 0_u32, move |after| {
        let (app, actor) = (app.clone(), actor.clone());
        async move {
            let (rows, rest) = employing::returned(&app, &actor, id, after, PIECE).await?;
            let next = match rest {
                Rest::More => rows.last().map(|last| last.number),
                Rest::Nothing => None,
            };
            let lines = rows.iter().map(|row| line(locale, row, names));
            Ok((lines.collect(), next))
        }
    }))
}

fn line(locale: Locale, row: &RowResult, names: Names) -> Vec<String> {
    let column = row.column.as_deref().unwrap_or_default();
    vec![
        row.number.to_string(),
        match names {
            Names::Programs => column.to_owned(),
            Names::People => column_name(locale, column),
        },
        code(row).to_owned(),
        reason(locale, row),
    ]
}

/// Sends what a task did to each case: row, receipt number, result.
///
/// # Errors
/// Those of [`batch_tasks::results`], told before the file begins.
pub async fn results(
    app: &App,
    actor: &Actor,
    (id, task): (BatchId, TaskId),
    locale: Locale,
) -> Answer {
    batch_tasks::results(app, actor, id, task, (Which::All, 0, 1)).await?;
    let (app, actor) = (app.clone(), actor.clone());
    let head = ["row", "receipt", "result"];
    let head = head.map(|name| text(locale, &format!("batches-col-{name}")));
    Ok(csv::streamed("results", &head, 0_u32, move |after| {
        let (app, actor) = (app.clone(), actor.clone());
        async move {
            let part = (Which::All, after, PIECE);
            let mut found = batch_tasks::results(&app, &actor, id, task, part).await?;
            let more = found.len() > usize::from(PIECE);
            found.truncate(usize::from(PIECE));
            let next = found.last().filter(|_| more).map(|last| last.number);
            let lines = found.into_iter().map(|one| {
                let result = text(locale, &format!("batch-result-{}", one.outcome));
                vec![one.number.to_string(), one.receipt_no, result]
            });
            Ok((lines.collect(), next))
        }
    }))
}

/// The heading of a column; empty where the row as a whole is at fault.
pub fn column_name(locale: Locale, column: &str) -> String {
    match column {
        "" => String::new(),
        name => text(
            locale,
            &format!("batches-column-{}", name.replace('_', "-")),
        ),
    }
}

/// The code of a row's result.
fn code(row: &RowResult) -> &str {
    match (row.outcome, row.code.as_deref()) {
        (Outcome::Duplicate, None) => "duplicate",
        (Outcome::Filed | Outcome::Rejected | Outcome::Duplicate, code) => code.unwrap_or_default(),
    }
}

/// Why a row came back, in words.
pub fn reason(locale: Locale, row: &RowResult) -> String {
    if row.outcome == Outcome::Duplicate {
        let number = row.case.as_ref().map(|(_, number)| number.clone());
        let values = [("receipt", number.unwrap_or_default().into())];
        return text_with(locale, "batches-duplicate-of", &values);
    }
    let mut error = FieldError::new(row.column.as_deref().unwrap_or_default(), code(row));
    for (name, value) in &row.values {
        error = error.with(name, value);
    }
    field_message(locale, &error)
}
