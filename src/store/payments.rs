//! Orders to pay and their history (RB-6): inserted once, moved on by the state they were seen in. Accounts and the bank's
//! words are sealed. Batches are in [`batches`]. Whether an order may move is the domain's.

use diesel::prelude::*;

use super::conn::Conn;
use super::error::StoreError;
use super::fragments::{literal, row_beyond};
use super::schema::{cases, payment_event, payment_order};
use crate::domain::ids::{AccountId, CaseId, PaymentBatchId, PaymentOrderId, PersonId};
use crate::domain::money::Fen;
use crate::domain::payment::{Order, State};
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::time::{Day, Ts};

pub mod batches;

#[derive(Queryable, Selectable)]
#[diesel(table_name = payment_order)]
struct Row {
    pool: Pool,
    id: PaymentOrderId,
    agency: AgencyCode,
    case_id: CaseId,
    settlement: i32,
    payable: i64,
    attempt: i32,
    amount: i64,
    account: Vec<u8>,
    state: State,
    batch_id: Option<PaymentBatchId>,
    ordered_at: Ts,
    paid_on: Option<Day>,
    changed_at: Ts,
    failure: Option<Vec<u8>>,
}

/// An order with its case, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The order.
    pub order: Order,
    /// Receipt number of its case.
    pub receipt_no: String,
    /// The person of its case.
    pub person: PersonId,
}

/// Adds an order with the beginning of its history.
///
/// # Errors
/// [`StoreError::NotUnique`] when another order of the case is on its way.
pub fn insert(conn: &mut Conn<'_>, new: &Order, by: Option<AccountId>) -> Result<(), StoreError> {
    let account = serde_json::to_string(&new.account).map_err(corrupt)?;
    diesel::insert_into(payment_order::table)
        .values((
            payment_order::pool.eq(new.pool),
            payment_order::id.eq(new.id),
            payment_order::agency.eq(new.agency),
            payment_order::case_id.eq(new.case),
            payment_order::settlement.eq(to_i32(new.settlement)?),
            payment_order::payable.eq(new.payable.fen()),
            payment_order::attempt.eq(to_i32(new.attempt)?),
            payment_order::amount.eq(new.amount.fen()),
            payment_order::account.eq(conn.vault.seal_text(&account)?),
            payment_order::state.eq(new.state),
            payment_order::ordered_at.eq(new.ordered_at),
            payment_order::changed_at.eq(new.ordered_at),
        ))
        .execute(conn.sql)?;
    let event = Event {
        number: 1,
        at: new.ordered_at,
        by,
        state: new.state,
        reason: None,
    };
    enter(conn, (new.pool, new.id), &event)
}

/// Where an order goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its next state.
    pub state: State,
    /// The bank's day of payment, with a payment.
    pub paid_on: Option<Day>,
    /// What the bank said, with a failure or a return.
    pub reason: Option<String>,
}

impl Step {
    /// A step without words.
    pub fn to(state: State) -> Self {
        Self {
            state,
            paid_on: None,
            reason: None,
        }
    }
}

/// Whether an order was still as it was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    /// It has moved on.
    Done,
    /// Somebody was faster.
    Stale,
}

/// Moves an order on if it is still in the state it was seen in, and enters it into its history.
pub fn advance(
    conn: &mut Conn<'_>,
    before: &Order,
    step: &Step,
    (by, at): (Option<AccountId>, Ts),
) -> Result<Moved, StoreError> {
    let target = payment_order::table
        .find((before.pool, before.id))
        .filter(payment_order::state.eq(before.state));
    let failure = match &step.reason {
        Some(words) => Some(conn.vault.seal_text(words)?),
        None => None,
    };
    let rows = diesel::update(target)
        .set((
            payment_order::state.eq(step.state),
            payment_order::paid_on.eq(step.paid_on.or(before.paid_on)),
            payment_order::failure.eq(failure),
            payment_order::changed_at.eq(at),
        ))
        .execute(conn.sql)?;
    if rows == 0 {
        return Ok(Moved::Stale);
    }
    let last: Option<i32> = payment_event::table
        .filter(of_order(before.pool, before.id))
        .select(diesel::dsl::max(payment_event::number))
        .first(conn.sql)?;
    let event = Event {
        number: last.unwrap_or_default() + 1,
        at,
        by,
        state: step.state,
        reason: step.reason.clone(),
    };
    enter(conn, (before.pool, before.id), &event)?;
    Ok(Moved::Done)
}

/// The states and amounts of a case's orders.
pub fn amounts(
    conn: &mut Conn<'_>,
    pool: Pool,
    case: CaseId,
) -> Result<Vec<(State, Fen)>, StoreError> {
    let rows: Vec<(State, i64)> = payment_order::table
        .filter(of_case(pool, case))
        .select((payment_order::state, payment_order::amount))
        .load(conn.sql)?;
    Ok(rows
        .into_iter()
        .map(|(state, fen)| (state, Fen::new(fen)))
        .collect())
}

/// The orders of a case, the last first.
pub fn of(conn: &mut Conn<'_>, pool: Pool, case: CaseId) -> Result<Vec<Order>, StoreError> {
    let rows: Vec<Row> = payment_order::table
        .filter(of_case(pool, case))
        .order(payment_order::attempt.desc())
        .select(Row::as_select())
        .load(conn.sql)?;
    rows.into_iter().map(|row| read(conn, row)).collect()
}

/// One order.
pub fn find(
    conn: &mut Conn<'_>,
    pool: Pool,
    id: PaymentOrderId,
) -> Result<Option<Order>, StoreError> {
    let row: Option<Row> = payment_order::table
        .find((pool, id))
        .select(Row::as_select())
        .first(conn.sql)
        .optional()?;
    row.map(|row| read(conn, row)).transpose()
}

/// Which orders a list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// Those that wait for a batch.
    ForBatch,
    /// What is to be had back.
    ForRecovery,
}

/// Orders of a pool that wait, the oldest first, from beyond `after` on (keyset).
pub fn waiting(
    conn: &mut Conn<'_>,
    pool: Pool,
    which: Waiting,
    after: Option<(Ts, PaymentOrderId)>,
    limit: i64,
) -> Result<Vec<Listed>, StoreError> {
    let state = match which {
        Waiting::ForBatch => "payment_order.state = 'ordered'",
        Waiting::ForRecovery => "payment_order.state = 'to-recover'",
    };
    let mut query = payment_order::table
        .inner_join(
            cases::table.on(cases::pool
                .eq(payment_order::pool)
                .and(cases::id.eq(payment_order::case_id))),
        )
        .filter(payment_order::pool.eq(pool))
        .filter(literal(state))
        .select((Row::as_select(), cases::receipt_no, cases::person_id))
        .into_boxed();
    if let Some((at, id)) = after {
        let beyond = "(payment_order.ordered_at, payment_order.id) >";
        query = query.filter(row_beyond(beyond, at, id));
    }
    let rows: Vec<(Row, String, PersonId)> = query
        .order((payment_order::ordered_at, payment_order::id))
        .limit(limit)
        .load(conn.sql)?;
    listed(conn, rows)
}

fn listed(conn: &Conn<'_>, rows: Vec<(Row, String, PersonId)>) -> Result<Vec<Listed>, StoreError> {
    rows.into_iter()
        .map(|(row, receipt_no, person)| {
            Ok(Listed {
                order: read(conn, row)?,
                receipt_no,
                person,
            })
        })
        .collect()
}

/// Something that was done to an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// From 1 in the order.
    pub number: i32,
    /// When.
    pub at: Ts,
    /// By whom; nobody when the service did.
    pub by: Option<AccountId>,
    /// What state it came into.
    pub state: State,
    /// In words.
    pub reason: Option<String>,
}

/// The history of an order, the first first.
pub fn history(
    conn: &mut Conn<'_>,
    pool: Pool,
    order: PaymentOrderId,
) -> Result<Vec<Event>, StoreError> {
    type Columns = (i32, Ts, Option<AccountId>, State, Option<Vec<u8>>);
    let rows: Vec<Columns> = payment_event::table
        .filter(of_order(pool, order))
        .order(payment_event::number)
        .select((
            payment_event::number,
            payment_event::at,
            payment_event::by_account,
            payment_event::state,
            payment_event::reason,
        ))
        .load(conn.sql)?;
    rows.into_iter()
        .map(|(number, at, by, state, reason)| {
            Ok(Event {
                number,
                at,
                by,
                state,
                reason: opened(conn, reason)?,
            })
        })
        .collect()
}

fn enter(
    conn: &mut Conn<'_>,
    (pool, order): (Pool, PaymentOrderId),
    event: &Event,
) -> Result<(), StoreError> {
    let reason = match &event.reason {
        Some(words) => Some(conn.vault.seal_text(words)?),
        None => None,
    };
    diesel::insert_into(payment_event::table)
        .values((
            payment_event::pool.eq(pool),
            payment_event::order_id.eq(order),
            payment_event::number.eq(event.number),
            payment_event::at.eq(event.at),
            payment_event::by_account.eq(event.by),
            payment_event::state.eq(event.state),
            payment_event::reason.eq(reason),
        ))
        .execute(conn.sql)?;
    Ok(())
}

fn read(conn: &Conn<'_>, row: Row) -> Result<Order, StoreError> {
    let account = conn.vault.open_text(&row.account)?;
    Ok(Order {
        id: row.id,
        pool: row.pool,
        agency: row.agency,
        case: row.case_id,
        settlement: u32::try_from(row.settlement).map_err(corrupt)?,
        payable: Fen::new(row.payable),
        attempt: u32::try_from(row.attempt).map_err(corrupt)?,
        amount: Fen::new(row.amount),
        account: serde_json::from_str(&account).map_err(corrupt)?,
        state: row.state,
        batch: row.batch_id,
        ordered_at: row.ordered_at,
        paid_on: row.paid_on,
        changed_at: row.changed_at,
        failure: opened(conn, row.failure)?,
    })
}

fn opened(conn: &Conn<'_>, sealed: Option<Vec<u8>>) -> Result<Option<String>, StoreError> {
    sealed
        .map(|sealed| conn.vault.open_text(&sealed))
        .transpose()
}

#[diesel::dsl::auto_type(no_type_alias)]
fn of_case(pool: Pool, case: CaseId) -> _ {
    payment_order::pool
        .eq(pool)
        .and(payment_order::case_id.eq(case))
}

#[diesel::dsl::auto_type(no_type_alias)]
fn of_order(pool: Pool, order: PaymentOrderId) -> _ {
    payment_event::pool
        .eq(pool)
        .and(payment_event::order_id.eq(order))
}

fn to_i32(number: u32) -> Result<i32, StoreError> {
    i32::try_from(number).map_err(corrupt)
}

fn corrupt(cause: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(cause.to_string())
}
