//! What the bank says of the orders of a batch (RB-6), row by row: order and case move in one transaction, so that a case is
//! closed exactly when its money left. The same result again changes nothing. A row that can't be is told with its reason and
//! keeps no other from being taken in. A payment that came back later is entered by hand.

use super::{changed, pool, under_way};
use crate::documents::spreadsheet::{self, Beside, Cell, Column, Limits, Needed};
use crate::domain::actor::Actor;
use crate::domain::case::State as CaseState;
use crate::domain::form::FieldError;
use crate::domain::ids::{AccountId, PaymentBatchId, PaymentOrderId};
use crate::domain::payment::result::{self, Judged, Outcome, Raw, Row};
use crate::domain::payment::{BatchState, Order, State};
use crate::domain::place::Pool;
use crate::domain::text::cleaned;
use crate::domain::time::Ts;
use crate::domain::workflow::Command;
use crate::store::payments::batches;
use crate::store::payments::{self, Moved, Step};
use crate::store::{Conn, cases};
use crate::usecases::App;
use crate::usecases::error::{Already, Conflict, Error};
use crate::usecases::handling::Act;

/// Rows of one transaction.
const CHUNK: usize = 25;

const fn column(name: &'static str, zh: &'static str, needed: Needed) -> Column {
    Column { name, zh, needed }
}

/// Columns of the bank's file.
pub const COLUMNS: [Column; 5] = [
    column("order", "支付单号", Needed::Always),
    column("amount", "金额", Needed::Always),
    column("result", "结果", Needed::Always),
    column("reason", "原因", Needed::Optional),
    column("day", "日期", Needed::Optional),
];

/// How much of a file is read: every order may be named a few times.
pub const LIMITS: Limits = Limits {
    rows: 5_000,
    ..Limits::UPLOAD
};

/// A row as it came.
#[derive(Clone, Debug)]
pub struct Sent {
    /// Its number in the file, as its reader counts; in a request its place from 1.
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

/// What became of the rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Orders that were paid.
    pub paid: usize,
    /// Orders that could not be paid.
    pub failed: usize,
    /// Rows that said what was known.
    pub same: usize,
    /// Rows that were refused, and why.
    pub faults: Vec<RowFault>,
}

/// Takes in the bank's file.
///
/// # Errors
/// [`Error::Invalid`] at `file` when it can't be read as a whole; as [`take_in`].
pub async fn take_in_file(
    app: &App,
    actor: &Actor,
    batch: PaymentBatchId,
    bytes: Vec<u8>,
) -> Result<Report, Error> {
    pool(actor)?;
    let read = move || spreadsheet::read(&bytes, &COLUMNS, LIMITS);
    let rows = tokio::task::spawn_blocking(read)
        .await
        .map_err(|error| Error::Fault(format!("a result of the bank: {error}")))?
        .map_err(|fault| Error::Invalid(vec![fault.at("file")]))?;
    take_in(app, actor, batch, rows.iter().map(sent).collect()).await
}

fn sent(row: &spreadsheet::Row) -> Sent {
    let mut faults = vec![];
    if row.beside == Beside::Something {
        faults.push(FieldError::new("", "row-beside"));
    }
    let mut raw = Raw::default();
    for (column, cell) in COLUMNS.iter().zip(&row.cells) {
        if let Err(unfit) = put(&mut raw, column.name, cell) {
            faults.push(FieldError::new(column.name, unfit.code()));
        }
    }
    Sent {
        number: row.number,
        columns: match faults.is_empty() {
            true => Ok(raw),
            false => Err(faults),
        },
    }
}

fn put(raw: &mut Raw, column: &str, cell: &Cell) -> Result<(), spreadsheet::Unfit> {
    match column {
        "day" => raw.day = cell.day()?,
        "order" => raw.order = cell.exact_text()?.unwrap_or_default(),
        // A workbook's number has the shortest digits that are it; it is read as money where it is read.
        "amount" => {
            raw.amount = match cell {
                Cell::Number(number) => number.to_string(),
                other => other.exact_text()?.unwrap_or_default(),
            }
        }
        "result" => raw.result = cell.text()?.unwrap_or_default(),
        _ => raw.reason = cell.text()?.unwrap_or_default(),
    }
    Ok(())
}

/// A row that was read, with what it does to its case.
#[derive(Clone)]
struct Ready {
    number: u32,
    row: Result<(Row, Act), Vec<FieldError>>,
}

/// Takes in results in their order, some at a time; what was taken in stays when a later row is refused.
///
/// # Errors
/// [`Error::Forbidden`] for other roles, [`Error::NotFound`] for what is not the pool's, [`Error::Conflict`] while the file has
/// not gone to the bank; the database's.
pub async fn take_in(
    app: &App,
    actor: &Actor,
    batch: PaymentBatchId,
    rows: Vec<Sent>,
) -> Result<Report, Error> {
    let pool = pool(actor)?;
    let now = app.clock.now();
    let ready: Vec<Ready> = rows
        .into_iter()
        .map(|sent| Ready {
            number: sent.number,
            row: sent
                .columns
                .and_then(|raw| result::read(&raw, now.day()))
                .map(|row| {
                    let act = Act::new(app, actor, command(&row.outcome));
                    (row, act)
                }),
        })
        .collect();
    let mut report = Report::default();
    // Even without rows: what is not theirs is not there.
    let chunks = ready.chunks(CHUNK).map(<[Ready]>::to_vec);
    let chunks: Vec<Vec<Ready>> = match ready.is_empty() {
        true => vec![vec![]],
        false => chunks.collect(),
    };
    for chunk in chunks {
        let outcomes = app
            .db
            .write(move |conn| take_chunk(conn, (pool, batch), &chunk, now))
            .await?;
        for (number, outcome) in outcomes {
            report.count(number, outcome);
        }
    }
    Ok(report)
}

fn command(outcome: &Outcome) -> Command {
    match outcome {
        Outcome::Paid(_) => Command::Pay,
        Outcome::Failed(reason) => Command::FailPayment {
            reason: reason.clone(),
        },
    }
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Done {
    Paid,
    Failed,
    Same,
    Refused(Vec<FieldError>),
}

fn take_chunk(
    conn: &mut Conn<'_>,
    (pool, batch): (Pool, PaymentBatchId),
    rows: &[Ready],
    now: Ts,
) -> Result<Vec<(u32, Done)>, Error> {
    let found = batches::lock(conn, pool, batch)?.ok_or(Error::NotFound)?;
    if found.state == BatchState::Open {
        let open = Already::PaymentBatchOpen;
        return Err(Error::Conflict(Conflict::Already(open)));
    }
    let mut outcomes = vec![];
    for one in rows {
        let done = match &one.row {
            Err(faults) => Done::Refused(faults.clone()),
            Ok((row, act)) => told(conn.apart(|conn| take(conn, (pool, batch), row, (act, now))))?,
        };
        outcomes.push((one.number, done));
    }
    Ok(outcomes)
}

/// A refusal is the row's; anything else ends the chunk.
fn told(outcome: Result<Done, Error>) -> Result<Done, Error> {
    let one = |code| Ok(Done::Refused(vec![FieldError::new("order", code)]));
    match outcome {
        // CAS-10: another officer's to enter.
        Err(Error::Forbidden) => one("payment-own-case"),
        Err(Error::Conflict(_)) => one("payment-case-moved"),
        other => other,
    }
}

fn take(
    conn: &mut Conn<'_>,
    (pool, batch): (Pool, PaymentBatchId),
    row: &Row,
    (act, now): (&Act, Ts),
) -> Result<Done, Error> {
    let order = payments::find(conn, pool, row.order)?;
    let order = match (result::judge(row, batch, order.as_ref()), order) {
        (Judged::Moves, Some(order)) => order,
        (Judged::Moves | Judged::Same, _) => return Ok(Done::Same),
        (Judged::Refused(fault), _) => return Ok(Done::Refused(vec![fault])),
    };
    let (step, done) = match &row.outcome {
        Outcome::Paid(day) => {
            let paid = Step {
                paid_on: Some(*day),
                ..Step::to(State::Paid)
            };
            (paid, Done::Paid)
        }
        Outcome::Failed(reason) => {
            let failed = Step {
                reason: Some(reason.clone()),
                ..Step::to(State::Failed)
            };
            (failed, Done::Failed)
        }
    };
    move_order(conn, &order, &step, (act.actor().account, now))?;
    batches::count_result(conn, pool, batch, now)?;
    let listed = cases::by_id(conn, pool, order.case)?.ok_or(Error::NotFound)?;
    act.perform(conn, &listed)?;
    Ok(done)
}

/// Moves an order on, if it may and is still as it was seen.
fn move_order(
    conn: &mut Conn<'_>,
    order: &Order,
    step: &Step,
    (by, now): (AccountId, Ts),
) -> Result<(), Error> {
    let moved = match order.state.may_become(step.state) {
        true => payments::advance(conn, order, step, (Some(by), now))?,
        false => Moved::Stale,
    };
    match moved {
        Moved::Done => Ok(()),
        Moved::Stale => Err(changed()),
    }
}

/// Enters that a payment came back: the applicant puts the account right, unless the case is open again anyway.
///
/// # Errors
/// [`Error::Forbidden`] for other roles and for the own or a relative's case, [`Error::NotFound`] for what is not the pool's,
/// [`Error::Invalid`] at `reason`, [`Error::Conflict`] when it was not paid.
pub async fn came_back(
    app: &App,
    actor: &Actor,
    id: PaymentOrderId,
    reason: &str,
) -> Result<Order, Error> {
    let pool = pool(actor)?;
    let reason = words(reason);
    let returned = Command::ReturnPayment {
        reason: reason.clone().unwrap_or_default(),
    };
    let (act, now) = (Act::new(app, actor, returned), app.clock.now());
    app.db
        .write(move |conn| {
            let order = payments::find(conn, pool, id)?.ok_or(Error::NotFound)?;
            let step = Step {
                reason: Some(needed(reason.clone())?),
                ..Step::to(State::Returned)
            };
            move_order(conn, &order, &step, (act.actor().account, now))?;
            let listed = cases::by_id(conn, pool, order.case)?.ok_or(Error::NotFound)?;
            match listed.case.state {
                CaseState::Closed => {
                    act.perform(conn, &listed)?;
                }
                _ if act.actor().is_partial_to(&listed.case) => return Err(Error::Forbidden),
                // Its result may end the case; what came back is entered after it.
                _ if is_on_its_way(conn, &order)? => return Err(under_way()),
                // What is due is counted when it is approved anew, or when the account of another order is put right.
                _ => {}
            }
            payments::find(conn, pool, id)?.ok_or(Error::NotFound)
        })
        .await
}

/// Whether money of the same case may still leave.
fn is_on_its_way(conn: &mut Conn<'_>, order: &Order) -> Result<bool, Error> {
    let orders = payments::amounts(conn, order.pool, order.case)?;
    Ok(orders.iter().any(|(state, _)| state.is_live()))
}

/// Enters that what was paid too much was had back.
///
/// # Errors
/// As [`came_back`].
pub async fn recovered(
    app: &App,
    actor: &Actor,
    id: PaymentOrderId,
    reason: &str,
) -> Result<Order, Error> {
    let pool = pool(actor)?;
    let reason = words(reason);
    let (actor, now) = (actor.clone(), app.clock.now());
    app.db
        .write(move |conn| {
            let order = payments::find(conn, pool, id)?.ok_or(Error::NotFound)?;
            let listed = cases::by_id(conn, pool, order.case)?.ok_or(Error::NotFound)?;
            if actor.is_partial_to(&listed.case) {
                return Err(Error::Forbidden);
            }
            let step = Step {
                reason: Some(needed(reason.clone())?),
                ..Step::to(State::Recovered)
            };
            move_order(conn, &order, &step, (actor.account, now))?;
            payments::find(conn, pool, id)?.ok_or(Error::NotFound)
        })
        .await
}

/// What was said, if anything was.
fn words(typed: &str) -> Option<String> {
    let words: String = cleaned(typed)
        .chars()
        .take(result::LONGEST_REASON)
        .collect();
    Some(words).filter(|words| !words.is_empty())
}

fn needed(words: Option<String>) -> Result<String, Error> {
    words.ok_or_else(|| Error::Invalid(vec![FieldError::new("reason", "required")]))
}

impl Report {
    fn count(&mut self, row: u32, done: Done) {
        match done {
            Done::Paid => self.paid += 1,
            Done::Failed => self.failed += 1,
            Done::Same => self.same += 1,
            Done::Refused(faults) => {
                let faults = faults.into_iter().map(|fault| RowFault { row, fault });
                self.faults.extend(faults);
            }
        }
    }
}
