//! Doing a task to its cases, chunk by chunk: each case is taken if it lies in the queue and then decided, in one
//! transaction with its result. What is refused is undone and told; only faults end a chunk.

use std::collections::BTreeMap;

use crate::clock::Clock;
use crate::domain::actor::Actor;
use crate::domain::batch::{Order, Task, TaskKind, TaskOutcome, TaskResult};
use crate::domain::case::State;
use crate::domain::ids::TaskId;
use crate::domain::notice::{self, Notice};
use crate::domain::place::Pool;
use crate::domain::workflow::{Command, Guard};
use crate::store::cases::{Listed, Moved};
use crate::store::messages::{Bag, Subject, Written, addressee, post_about};
use crate::store::{Conn, batch_cases, batch_tasks, batches, cases, sessions};
use crate::usecases::App;
use crate::usecases::error::{Conflict, Error};
use crate::usecases::handling::{Act, Outcome};

/// Cases of one transaction at most.
const CHUNK: u16 = 50;

/// How far a task came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// So many cases were looked at, and more may follow.
    On(usize),
    /// It is finished.
    Over,
    /// Another instance does it.
    Elsewhere,
}

/// Does the next cases of a task, in one transaction: after a crash it goes on where the last one ended.
///
/// # Errors
/// The database's; then none of these cases has moved.
pub async fn go_on(app: &App, pool: Pool, id: TaskId) -> Result<Progress, Error> {
    let now = app.clock.now();
    let found = app
        .db
        .read(move |conn| -> Result<_, Error> {
            let Some((task, order)) = batch_tasks::find(conn, pool, id)? else {
                return Ok(None);
            };
            let actor = sessions::actor(conn, task.asked_by, now.day())?;
            Ok(actor.map(|actor| (task, order, actor)))
        })
        .await?;
    let Some((task, order, actor)) = found.filter(|(task, ..)| task.finished_at.is_none()) else {
        return Ok(Progress::Over);
    };
    // Identifiers are made before the transaction, which may be run again.
    let acts: Vec<Pair> = (0..CHUNK).map(|_| Pair::new(app, &actor, &order)).collect();
    let (messages, real) = (Bag::of(Clock::new_id()), Clock::real());
    app.db
        .write(move |conn| {
            let written = Written { at: now, real };
            let progress = chunk(conn, pool, &task, &actor, &acts)?;
            if progress == Progress::Over {
                end(conn, pool, &task, &messages.clone(), written)?;
            }
            Ok(progress)
        })
        .await
}

/// What is done to one case: taken if it lies in the queue, then decided; one transaction, so that nobody's hands
/// fill up.
struct Pair {
    take: Option<Act>,
    act: Act,
}

impl Pair {
    fn new(app: &App, actor: &Actor, order: &Order) -> Self {
        let take = order.why_taken.as_ref().map(|why| {
            let reason = Some(why.clone());
            Act::new(app, actor, Command::Claim { reason })
        });
        Self {
            take,
            act: Act::new(app, actor, order.command.clone()).among_many(),
        }
    }
}

fn chunk(
    conn: &mut Conn<'_>,
    pool: Pool,
    task: &Task,
    actor: &Actor,
    acts: &[Pair],
) -> Result<Progress, Error> {
    let limit = i64::from(CHUNK);
    let found = batch_cases::page(conn, pool, task.batch, task.reached, limit)?;
    let Some((last, _)) = found.last() else {
        return Ok(Progress::Over);
    };
    if batch_tasks::take(conn, pool, task, *last)? == Moved::Stale {
        return Ok(Progress::Elsewhere);
    }
    let mut results = vec![];
    for ((number, listed), pair) in found.iter().zip(acts) {
        results.push(TaskResult {
            number: *number,
            outcome: one(conn, actor, pair, listed)?,
            receipt_no: listed.case.receipt_no.clone(),
        });
    }
    batch_tasks::add_results(conn, pool, task.id, &results)?;
    Ok(Progress::On(results.len()))
}

/// Ends a task. Of a decision the employer's agent is told once, with how many cases were decided.
fn end(
    conn: &mut Conn<'_>,
    pool: Pool,
    task: &Task,
    messages: &Bag,
    written: Written,
) -> Result<(), Error> {
    if batch_tasks::finish(conn, pool, task.id, written.at)? == Moved::Stale {
        return Ok(());
    }
    match task.kind {
        TaskKind::Withdraw => return Ok(()),
        TaskKind::Approve | TaskKind::Refuse => {}
    }
    let batch = batches::find(conn, pool, task.batch)?.ok_or(Error::NotFound)?;
    let Some(to) = addressee(conn, batch.filed_by)?.filter(|_| task.done > 0) else {
        return Ok(());
    };
    let notice = Notice {
        kind: notice::Kind::BatchDecided,
        particulars: BTreeMap::from([
            ("item".to_owned(), batch.item),
            ("decided".to_owned(), task.done.to_string()),
            ("left".to_owned(), task.failed.to_string()),
        ]),
    };
    let about = Subject { pool, case: None };
    Ok(post_about(conn, &about, &to, &notice, messages, written)?)
}

/// One case; what a rule refuses is undone and told, a fault ends the chunk.
fn one(
    conn: &mut Conn<'_>,
    actor: &Actor,
    pair: &Pair,
    listed: &Listed,
) -> Result<TaskOutcome, Error> {
    // CAS-10 is asked of the engine too; here it only gives the reason its name.
    if pair.take.is_some() && actor.is_partial_to(&listed.case) {
        return Ok(TaskOutcome::Relative);
    }
    let done = conn.apart(|conn| {
        let taken = match &pair.take {
            Some(take) if listed.case.state == State::Submitted => {
                take.perform(conn, listed)?;
                again(conn, listed)?
            }
            Some(_) | None => listed.clone(),
        };
        let outcome = pair.act.perform(conn, &taken)?;
        let state = again(conn, listed)?.case.state;
        Ok::<_, Error>((outcome, state))
    });
    match done {
        Ok((Outcome::Done, State::SecondReview)) => Ok(TaskOutcome::SecondReview),
        Ok((Outcome::Done, _)) => Ok(TaskOutcome::Done),
        Ok((Outcome::Asked(_), _)) => Ok(TaskOutcome::Waits),
        Err(error) => refusal(error),
    }
}

fn again(conn: &mut Conn<'_>, listed: &Listed) -> Result<Listed, Error> {
    cases::by_id(conn, listed.case.pool, listed.case.id)?.ok_or(Error::NotFound)
}

/// What the engine refused, in a word for the row.
fn refusal(error: Error) -> Result<TaskOutcome, Error> {
    match error {
        Error::Conflict(Conflict::Stale { .. }) => Ok(TaskOutcome::Moved),
        Error::Conflict(Conflict::Held { .. }) => Ok(TaskOutcome::Held),
        Error::Conflict(Conflict::State { state, .. })
            if state.is_final() || state == State::Fulfilling =>
        {
            Ok(TaskOutcome::Over)
        }
        Error::Conflict(Conflict::State { .. }) => Ok(TaskOutcome::Waits),
        Error::Rule(Guard::HoldLimit) => Ok(TaskOutcome::HandsFull),
        Error::Invalid(errors) if errors.iter().any(|e| e.field == "breach_cause") => {
            Ok(TaskOutcome::CauseWanted)
        }
        Error::Rule(_)
        | Error::Invalid(_)
        | Error::Forbidden
        | Error::NotFound
        | Error::NotTheirs
        | Error::Conflict(_) => Ok(TaskOutcome::Refused),
        fault => Err(fault),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(Error::Rule(Guard::HoldLimit), TaskOutcome::HandsFull)]
    #[case(Error::Forbidden, TaskOutcome::Refused)]
    #[case(
        Error::Conflict(Conflict::State { state: State::Closed, version: 3 }),
        TaskOutcome::Over
    )]
    #[case(
        Error::Conflict(Conflict::State { state: State::SupplementRequested, version: 3 }),
        TaskOutcome::Waits
    )]
    fn what_is_refused_has_a_word(#[case] error: Error, #[case] word: TaskOutcome) {
        assert_eq!(refusal(error).ok(), Some(word));
    }

    #[test]
    fn a_fault_ends_the_chunk() {
        assert!(refusal(Error::Busy).is_err());
        assert!(refusal(Error::Fault(String::new())).is_err());
    }
}
