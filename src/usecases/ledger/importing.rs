//! A whole list of patients at once (IN-4): row by row as by hand, so that the same list again changes nothing. Rows come
//! in parsed from their file; each is entered or told with what is wrong in which column.

use super::{Desk, Outcome, WRITERS};
use crate::clock::Clock;
use crate::domain::actor::Actor;
use crate::domain::form::FieldError;
use crate::domain::ids::PatientId;
use crate::domain::patient::entry::{self, Entry, Raw};
use crate::usecases::App;
use crate::usecases::error::{Conflict, EntryConflict, Error};

/// Rows of a list at most.
pub const MOST_ROWS: usize = 2_000;
/// Rows of one transaction.
const CHUNK: usize = 100;

/// A row of the list.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its number in the file, as its reader counts.
    pub number: u32,
    /// Its columns, or what was wrong with its cells.
    pub columns: Result<Raw, Vec<FieldError>>,
}

/// What is wrong in a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFault {
    /// Number of the row.
    pub row: u32,
    /// Column and reason.
    pub fault: FieldError,
}

/// What became of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Rows that made an entry.
    pub new: usize,
    /// Rows that changed one.
    pub changed: usize,
    /// Rows with nothing new.
    pub same: usize,
    /// Rows that were refused.
    pub refused: usize,
    /// Why, row by row.
    pub faults: Vec<RowFault>,
}

/// A row that was read.
#[derive(Clone)]
struct Ready {
    number: u32,
    entry: Result<Entry, Vec<FieldError>>,
    id: PatientId,
}

/// Enters the rows in their order, some at a time. What was entered stays when a later row is refused.
///
/// # Errors
/// [`Error::Forbidden`] for everybody but clerks, [`Error::Invalid`] at `file` with more rows than [`MOST_ROWS`]; the
/// database's.
pub async fn import(app: &App, actor: &Actor, rows: Vec<Row>) -> Result<Report, Error> {
    actor.require(WRITERS)?;
    if rows.len() > MOST_ROWS {
        let fault = FieldError::new("file", "list-too-long").with("most", MOST_ROWS);
        return Err(Error::Invalid(vec![fault]));
    }
    let now = app.clock.now();
    let ready: Vec<Ready> = rows
        .into_iter()
        .map(|row| Ready {
            number: row.number,
            entry: row
                .columns
                .and_then(|raw| entry::read(&raw, now.day(), &app.office.regions)),
            id: Clock::new_id(),
        })
        .collect();
    let mut report = Report::default();
    for chunk in ready.chunks(CHUNK) {
        let (work, actor, chunk) = (app.clone(), actor.clone(), chunk.to_vec());
        let outcomes = app
            .db
            .write(move |conn| {
                let desk = Desk::of(conn, &work, &actor, now)?;
                let mut outcomes = vec![];
                for row in &chunk {
                    let outcome = match row.entry.clone() {
                        Err(faults) => Err(Error::Invalid(faults)),
                        Ok(entry) => desk.enter(conn, entry, row.id).map(|(done, _)| done),
                    };
                    outcomes.push((row.number, told(outcome)?));
                }
                Ok::<_, Error>(outcomes)
            })
            .await?;
        for (row, outcome) in outcomes {
            report.count(row, outcome);
        }
    }
    Ok(report)
}

/// A refusal is the row's; anything else ends the chunk.
fn told(outcome: Result<Outcome, Error>) -> Result<Result<Outcome, Vec<FieldError>>, Error> {
    let one = |field, code| Ok(Err(vec![FieldError::new(field, code)]));
    match outcome {
        Ok(outcome) => Ok(Ok(outcome)),
        Err(Error::Invalid(faults)) => Ok(Err(faults)),
        Err(Error::Conflict(Conflict::Entry(conflict))) => match conflict {
            EntryConflict::Overlap { .. } => one("admitted_on", "stay-overlap"),
            EntryConflict::State { .. } => one("status", "status-cannot-follow"),
            // Somebody changed the entry at the same moment.
            EntryConflict::Stale { .. } | EntryConflict::CostTakenBack => Err(Error::Busy),
        },
        Err(error) => Err(error),
    }
}

impl Report {
    fn count(&mut self, row: u32, outcome: Result<Outcome, Vec<FieldError>>) {
        match outcome {
            Ok(Outcome::New) => self.new += 1,
            Ok(Outcome::Changed) => self.changed += 1,
            Ok(Outcome::Same) => self.same += 1,
            Err(faults) => {
                self.refused += 1;
                self.faults
                    .extend(faults.into_iter().map(|fault| RowFault { row, fault }));
            }
        }
    }
}
