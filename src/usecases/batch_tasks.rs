//! Something done to all cases of a batch at once (XR-9): the employer takes them back, a handler decides them. Each
//! case goes through the same engine as any other, one after the other in chunks of one transaction; what can't be done
//! to one is told at its row and left as it was. No rule of a case is judged here.

use super::App;
use super::employing::readable;
use super::error::{Already, Conflict, Error};
use super::handling::{Act, Outcome};
use crate::clock::Clock;
use crate::domain::actor::{Actor, Role};
use crate::domain::batch::{
    Batch, Order, State as BatchState, Task, TaskKind, TaskOutcome, TaskResult,
};
use crate::domain::case::State;
use crate::domain::ids::{BatchId, TaskId};
use crate::domain::place::Pool;
use crate::domain::time::Ts;
use crate::domain::workflow::{Command, Guard};
use crate::store::batch_cases::{self, Waiting};
use crate::store::cases::{Listed, Moved};
use crate::store::{Conn, StoreError, batch_tasks, cases, sessions};

/// Who decides the cases of a batch at once.
pub const DECIDERS: &[Role] = &[Role::Handler];
/// Who takes a batch back.
pub const WITHDRAWERS: &[Role] = &[Role::EmployerAgent];

/// Cases of one transaction at most.
pub const CHUNK: u16 = 50;

/// Takes back every case of a batch that is not decided yet (CAS-7); it is done by the job.
///
/// # Errors
/// [`Error::NotFound`] for a batch of another employer, [`Error::Conflict`] when all are decided, while rows are
/// still being filed or something else is done to the batch.
pub async fn withdraw(
    app: &App,
    actor: &Actor,
    id: BatchId,
    reason: Option<String>,
) -> Result<Task, Error> {
    actor.require(WITHDRAWERS)?;
    let order = Order {
        command: Command::Withdraw { reason },
        why_taken: None,
    };
    ask(
        app,
        actor,
        id,
        (TaskKind::Withdraw, Waiting::Undecided),
        order,
    )
    .await
}

/// What a handler decides of all cases of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The approval or the refusal.
    pub command: Command,
    /// Why they are taken together, out of their order in the queue (CLK-7).
    pub why_taken: String,
}

/// Decides every case of a batch that waits for a handler; it is done by the job.
///
/// # Errors
/// [`Error::NotFound`] for a batch of another agency, [`Error::Conflict`] when none waits, while rows are still being
/// filed or something else is done to the batch.
pub async fn decide(
    app: &App,
    actor: &Actor,
    id: BatchId,
    decision: Decision,
) -> Result<Task, Error> {
    actor.require(DECIDERS)?;
    let kind = match decision.command {
        Command::Approve { .. } => TaskKind::Approve,
        Command::Refuse { .. } => TaskKind::Refuse,
        other => return Err(Error::Fault(format!("no decision: {}", other.action()))),
    };
    let order = Order {
        command: decision.command,
        why_taken: Some(decision.why_taken),
    };
    ask(app, actor, id, (kind, Waiting::Handler), order).await
}

async fn ask(
    app: &App,
    actor: &Actor,
    id: BatchId,
    (kind, waiting): (TaskKind, Waiting),
    order: Order,
) -> Result<Task, Error> {
    let (actor, now) = (actor.clone(), app.clock.now());
    let task = Task {
        id: Clock::new_id(),
        batch: id,
        kind,
        asked_by: actor.account,
        asked_at: now,
        reached: 0,
        done: 0,
        failed: 0,
        finished_at: None,
    };
    app.db
        .write(move |conn| {
            let batch = readable(conn, &actor, id)?;
            stands_ready(conn, &batch, waiting)?;
            match batch_tasks::insert(conn, batch.pool, &task, &order) {
                Ok(()) => Ok(task.clone()),
                Err(StoreError::NotUnique(_)) => Err(already(Already::BatchBusy)),
                Err(error) => Err(error.into()),
            }
        })
        .await
}

fn stands_ready(conn: &mut Conn<'_>, batch: &Batch, waiting: Waiting) -> Result<(), Error> {
    if batch.state == BatchState::Running {
        return Err(already(Already::BatchRunning));
    }
    match batch_cases::count(conn, batch.pool, batch.id, waiting, 1)? {
        0 => Err(already(Already::BatchSettled)),
        _ => Ok(()),
    }
}

fn already(what: Already) -> Error {
    Error::Conflict(Conflict::Already(what))
}

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

/// The tasks that are not finished.
pub async fn running(app: &App) -> Result<Vec<(Pool, TaskId)>, Error> {
    app.db
        .read(|conn| batch_tasks::running(conn).map_err(Error::from))
        .await
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
    app.db
        .write(move |conn| chunk(conn, pool, &task, (&actor, now), &acts))
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
    (actor, now): (&Actor, Ts),
    acts: &[Pair],
) -> Result<Progress, Error> {
    let limit = i64::from(CHUNK);
    let found = batch_cases::page(conn, pool, task.batch, task.reached, limit)?;
    let Some((last, _)) = found.last() else {
        batch_tasks::finish(conn, pool, task.id, now)?;
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

/// Looks which batches have no case left that waits, so that they leave the desk's list.
///
/// # Errors
/// The database's.
pub async fn settle(app: &App) -> Result<usize, Error> {
    let now = app.clock.now();
    let over = app
        .db
        .read(|conn| -> Result<_, Error> {
            let mut over = vec![];
            for (pool, id) in batch_cases::to_look_at(conn)? {
                if batch_cases::count(conn, pool, id, Waiting::Undecided, 1)? == 0 {
                    over.push((pool, id));
                }
            }
            Ok(over)
        })
        .await?;
    for (pool, id) in &over {
        let (pool, id) = (*pool, *id);
        app.db
            .write(move |conn| batch_cases::settle(conn, pool, id, now).map_err(Error::from))
            .await?;
    }
    Ok(over.len())
}

/// What a task did to the cases of a batch, one more than `limit` if there are more.
///
/// # Errors
/// [`Error::NotFound`] for a batch that is not theirs to see, and for a task of another one.
pub async fn results(
    app: &App,
    actor: &Actor,
    id: BatchId,
    task: TaskId,
    (which, after, limit): (batch_tasks::Which, u32, u16),
) -> Result<Vec<TaskResult>, Error> {
    let actor = actor.clone();
    app.db
        .read(move |conn| {
            let batch = readable(conn, &actor, id)?;
            let found = batch_tasks::find(conn, batch.pool, task)?;
            found
                .filter(|(task, _)| task.batch == id)
                .ok_or(Error::NotFound)?;
            let limit = i64::from(limit) + 1;
            Ok(batch_tasks::results(
                conn,
                (batch.pool, task),
                which,
                after,
                limit,
            )?)
        })
        .await
}

/// The latest tasks of a batch, newest first.
///
/// # Errors
/// [`Error::NotFound`] for a batch that is not theirs to see.
pub async fn of_batch(
    app: &App,
    actor: &Actor,
    id: BatchId,
    limit: u16,
) -> Result<Vec<Task>, Error> {
    let actor = actor.clone();
    app.db
        .read(move |conn| {
            let batch = readable(conn, &actor, id)?;
            let tasks = batch_tasks::of_batch(conn, batch.pool, id, i64::from(limit))?;
            Ok(tasks)
        })
        .await
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
