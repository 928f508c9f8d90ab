//! Payment of what a settlement leaves to the person (RB-6), by finance officers of the pool, who see the orders and nothing
//! else of the cases. Nobody is ever paid twice: one order of a case is on its way at a time, what was paid counts, and a case
//! moves in the transaction of its order. What is called from the review is here.
//!
//! [`batching`] files for the bank, [`results`] what the bank says, [`correcting`] the account by the applicant, [`reading`]
//! lists, [`sharing`] who bears the subsidy.

pub mod batching;
pub mod correcting;
pub mod reading;
pub mod results;
pub mod sharing;

use super::App;
use super::error::{Already, Conflict, Error};
use crate::clock::Clock;
use crate::domain::actor::{Actor, Role};
use crate::domain::case::Case;
use crate::domain::claim::Account;
use crate::domain::fiscal;
use crate::domain::ids::AccountId;
use crate::domain::money::Fen;
use crate::domain::payment::{self, Due, Order, State};
use crate::domain::place::Pool;
use crate::domain::settlement::Settlement;
use crate::domain::time::Ts;
use crate::store::payments::{self, Moved, Step};
use crate::store::{Conn, StoreError, claims, fiscal as booked};

/// Who pays.
pub const OFFICERS: &[Role] = &[Role::FinanceOfficer];

/// What is still due when a settlement of a case is approved: nothing where it was paid before, or too much was.
///
/// # Errors
/// The database's.
pub fn still_due(
    conn: &mut Conn<'_>,
    case: &Case,
    settlement: &Settlement,
) -> Result<Due, StoreError> {
    let before = payments::amounts(conn, case.pool, case.id)?;
    let payable = Fen::new(settlement.parts.payable());
    Ok(payment::due(payable, before.into_iter()))
}

/// Makes the order of an approved settlement, in the transaction of its approval: what was paid before on the case counts,
/// and what was paid too much is to be had back. Books who bears the subsidy (SET-8).
///
/// # Errors
/// [`Error::Conflict`] when another order of the case is on its way.
pub fn on_approved(
    conn: &mut Conn<'_>,
    _app: &App,
    case: &Case,
    (number, settlement): (u32, &Settlement),
    by: AccountId,
    now: Ts,
) -> Result<(), Error> {
    drop_recoveries(conn, case, by, now)?;
    let booked_before = booked::of_case(conn, case.pool, case.id)?;
    let shares = fiscal::to_book(&settlement.shares, &booked_before);
    let place = (case.pool, case.id, number);
    let advanced = (fiscal::advancing(case.agency), now.day());
    booked::book(conn, place, &shares, advanced)?;
    let (state, amount) = match still_due(conn, case, settlement)? {
        Due::Nothing => return Ok(()),
        Due::Pay(amount) => (State::Ordered, amount),
        Due::Recover(amount) => (State::ToRecover, amount),
    };
    let claim = claims::find(conn, (case.pool, case.id))?
        .ok_or_else(|| Error::Fault(format!("no claim of {}", case.receipt_no)))?;
    let new = New {
        settlement: number,
        payable: Fen::new(settlement.parts.payable()),
        amount,
        account: claim.account,
        state,
    };
    order(conn, case, new, (by, now))
}

/// A case that is opened again is not paid meanwhile: an order that is in no batch is cancelled.
///
/// # Errors
/// [`Error::Conflict`] when it went into a batch and has no result yet.
pub fn on_reopened(conn: &mut Conn<'_>, _app: &App, case: &Case, now: Ts) -> Result<(), Error> {
    let orders = payments::of(conn, case.pool, case.id)?;
    let Some(live) = orders.iter().find(|order| order.state.is_live()) else {
        return Ok(());
    };
    let cancelled = Step::to(State::Cancelled);
    let outcome = match live.state.may_become(State::Cancelled) {
        true => payments::advance(conn, live, &cancelled, (None, now))?,
        false => Moved::Stale,
    };
    match outcome {
        Moved::Done => Ok(()),
        Moved::Stale => Err(under_way()),
    }
}

/// What a new order of a case is made of.
struct New {
    settlement: u32,
    payable: Fen,
    amount: Fen,
    account: Account,
    state: State,
}

/// Adds an order as the next attempt of its case.
fn order(
    conn: &mut Conn<'_>,
    case: &Case,
    new: New,
    (by, now): (AccountId, Ts),
) -> Result<(), Error> {
    let before = payments::amounts(conn, case.pool, case.id)?;
    let attempt = u32::try_from(before.len()).unwrap_or(u32::MAX);
    let order = Order {
        id: Clock::new_id(),
        pool: case.pool,
        agency: case.agency,
        case: case.id,
        settlement: new.settlement,
        payable: new.payable,
        attempt: attempt.saturating_add(1),
        amount: new.amount,
        account: new.account,
        state: new.state,
        batch: None,
        ordered_at: now,
        paid_on: None,
        changed_at: now,
        failure: None,
    };
    match payments::insert(conn, &order, Some(by)) {
        Err(StoreError::NotUnique(_)) => Err(under_way()),
        other => Ok(other?),
    }
}

/// What was to be had back by an earlier settlement is counted anew by this one.
fn drop_recoveries(conn: &mut Conn<'_>, case: &Case, by: AccountId, now: Ts) -> Result<(), Error> {
    let orders = payments::of(conn, case.pool, case.id)?;
    for order in orders.iter().filter(|one| one.state == State::ToRecover) {
        let cancelled = Step::to(State::Cancelled);
        if payments::advance(conn, order, &cancelled, (Some(by), now))? == Moved::Stale {
            return Err(under_way());
        }
    }
    Ok(())
}

fn under_way() -> Error {
    Error::Conflict(Conflict::Already(Already::PaymentUnderWay))
}

fn changed() -> Error {
    Error::Conflict(Conflict::Already(Already::PaymentChanged))
}

/// The pool for which an officer pays.
fn pool(actor: &Actor) -> Result<Pool, Error> {
    actor.require(OFFICERS)?;
    actor.pool.ok_or(Error::NotFound)
}
