//! Something done to all cases of a batch at once (XR-9): the employer takes them back, a handler decides them. Each
//! case goes through the same engine as any other, one after the other in chunks of one transaction; what can't be done
//! to one is told at its row and left as it was. No rule of a case is judged here.

mod doing;

pub use doing::{Progress, go_on};

use super::App;
use super::employing::readable;
use super::error::{Already, Conflict, Error};
use crate::clock::Clock;
use crate::domain::actor::{Actor, Role};
use crate::domain::batch::{Batch, Order, State as BatchState, Task, TaskKind, TaskResult};
use crate::domain::ids::{BatchId, TaskId};
use crate::domain::place::Pool;
use crate::domain::workflow::Command;
use crate::store::batch_cases::{self, Waiting};
use crate::store::{Conn, StoreError, batch_tasks};

/// Who decides the cases of a batch at once.
pub const DECIDERS: &[Role] = &[Role::Handler];
/// Who takes a batch back.
pub const WITHDRAWERS: &[Role] = &[Role::EmployerAgent];

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

/// The tasks that are not finished.
pub async fn running(app: &App) -> Result<Vec<(Pool, TaskId)>, Error> {
    app.db
        .read(|conn| batch_tasks::running(conn).map_err(Error::from))
        .await
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
