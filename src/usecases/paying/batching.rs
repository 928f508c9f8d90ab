//! Batches (RB-6): orders that wait go into a file for the bank, oldest first; the file is the same whenever it is fetched,
//! and who fetched it is written down, because it holds accounts in full (CAS-13). An officer's own and relatives' orders are
//! left to others (CAS-10).

use super::{changed, pool};
use crate::clock::Clock;
use crate::domain::actor::Actor;
use crate::domain::ids::{PaymentBatchId, ReadId};
use crate::domain::payment::file::{self, Line};
use crate::domain::payment::{Batch, BatchState, MOST_ORDERS, Order};
use crate::store::payments::batches;
use crate::store::payments::{self, Listed, Moved, Waiting};
use crate::store::reads::{self, Read};
use crate::store::vault::sha256;
use crate::store::{Conn, guards};
use crate::usecases::App;
use crate::usecases::error::{Already, Conflict, Error};

/// Makes a batch of the oldest orders that wait, `most` of them, at most [`MOST_ORDERS`].
///
/// # Errors
/// [`Error::Forbidden`] for other roles, [`Error::Conflict`] when none waits.
pub async fn make(app: &App, actor: &Actor, most: u32) -> Result<Batch, Error> {
    let pool = pool(actor)?;
    let (actor, now) = (actor.clone(), app.clock.now());
    let id: PaymentBatchId = Clock::new_id();
    let most = usize::try_from(most.clamp(1, MOST_ORDERS)).unwrap_or(1);
    app.db
        .write(move |conn| {
            guards::payments(conn, pool)?;
            let waiting =
                payments::waiting(conn, pool, Waiting::ForBatch, None, i64::from(MOST_ORDERS))?;
            let mut chosen: Vec<Listed> = waiting
                .into_iter()
                .filter(|one| !is_own(&actor, one))
                .take(most)
                .collect();
            chosen.sort_by_key(|one| one.order.id);
            let lines: Vec<Line> = chosen.iter().map(line).collect();
            let count = u32::try_from(lines.len()).unwrap_or(u32::MAX);
            if count == 0 {
                return Err(Error::Conflict(Conflict::Already(Already::NothingToPay)));
            }
            let sum = file::control_sum(&lines)
                .ok_or_else(|| Error::Fault("a batch beyond what can be counted".to_owned()))?;
            let mut batch = Batch {
                id,
                pool,
                number: batches::next_number(conn, pool)?,
                state: BatchState::Open,
                count,
                waiting: count,
                sum,
                sha256: vec![],
                made_by: actor.account,
                made_at: now,
                sent: None,
                done_at: None,
            };
            batch.sha256 = sha256(file::write(&batch, &lines).as_bytes());
            let orders: Vec<Order> = chosen.into_iter().map(|one| one.order).collect();
            match batches::insert(conn, &batch, &orders)? {
                Moved::Done => Ok(batch),
                Moved::Stale => Err(changed()),
            }
        })
        .await
}

fn is_own(actor: &Actor, one: &Listed) -> bool {
    actor.person == Some(one.person) || actor.relatives.contains(&one.person)
}

fn line(one: &Listed) -> Line {
    Line {
        order: one.order.id,
        receipt_no: one.receipt_no.clone(),
        account: one.order.account.clone(),
        amount: one.order.amount,
    }
}

/// The file of a batch for the bank, with the batch.
///
/// # Errors
/// [`Error::Forbidden`] for other roles, [`Error::NotFound`] for what is not the pool's, [`Error::Fault`] when it is no longer
/// the file that was made.
pub async fn file(app: &App, actor: &Actor, id: PaymentBatchId) -> Result<(Batch, String), Error> {
    let pool = pool(actor)?;
    let (by, now) = (actor.account, app.clock.now());
    let ids: Vec<ReadId> = (0..MOST_ORDERS).map(|_| Clock::new_id()).collect();
    app.db
        .write(move |conn| {
            let batch = batches::find(conn, pool, id)?.ok_or(Error::NotFound)?;
            let orders = batches::orders(conn, pool, id)?;
            let lines: Vec<Line> = orders.iter().map(line).collect();
            let text = file::write(&batch, &lines);
            if sha256(text.as_bytes()) != batch.sha256 {
                let name = file::name(&batch);
                return Err(Error::Fault(format!("batch {name} is not as it was made")));
            }
            for (id, one) in ids.iter().zip(&orders) {
                let read = Read {
                    id: *id,
                    at: now,
                    account: by,
                    person: one.person,
                    case: Some(one.order.case),
                    what: "account".to_owned(),
                    reason: format!("付款批次 {}", file::name(&batch)),
                };
                reads::insert(conn, pool, &read)?;
            }
            Ok((batch, text))
        })
        .await
}

/// Notes that the file of a batch went to the bank.
///
/// # Errors
/// As [`file`]; [`Error::Conflict`] when it was noted before.
pub async fn send(app: &App, actor: &Actor, id: PaymentBatchId) -> Result<Batch, Error> {
    let pool = pool(actor)?;
    let (by, now) = (actor.account, app.clock.now());
    app.db
        .write(move |conn: &mut Conn<'_>| {
            batches::find(conn, pool, id)?.ok_or(Error::NotFound)?;
            match batches::send(conn, pool, id, (by, now))? {
                Moved::Done => batches::find(conn, pool, id)?.ok_or(Error::NotFound),
                Moved::Stale => Err(changed()),
            }
        })
        .await
}
