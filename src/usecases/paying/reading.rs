//! What finance officers see (RB-6): orders that wait, batches with their orders, what was done to an order. Accounts are
//! masked by who shows them. Nothing here changes anything.

use std::collections::{BTreeMap, BTreeSet};

use super::pool;
use crate::domain::actor::Actor;
use crate::domain::ids::{AccountId, PaymentBatchId, PaymentOrderId};
use crate::domain::payment::Batch;
use crate::domain::time::{Day, Ts};
use crate::store::payments::batches;
use crate::store::payments::{self, Event, Listed, Waiting};
use crate::store::{accounts, cases};
use crate::usecases::App;
use crate::usecases::error::Error;
use crate::usecases::listing::{Rest, cut};

/// Working days after which an order that waits is pointed out (Choice).
pub const PATIENCE: i64 = 3;

/// Orders that wait, the oldest first, from beyond `after` on.
///
/// # Errors
/// [`Error::Forbidden`] for other roles.
pub async fn waiting(
    app: &App,
    actor: &Actor,
    which: Waiting,
    after: Option<(Ts, PaymentOrderId)>,
    limit: u16,
) -> Result<(Vec<Listed>, Rest), Error> {
    let pool = pool(actor)?;
    let most = i64::from(limit) + 1;
    let mut found = app
        .db
        .read(move |conn| payments::waiting(conn, pool, which, after, most))
        .await?;
    let rest = cut(&mut found, limit);
    Ok((found, rest))
}

/// Whether an order has waited longer than [`PATIENCE`].
pub fn waits_long(app: &App, since: Day) -> bool {
    let (calendar, today) = (app.calendar(), app.clock.now().day());
    let mut day = since;
    let mut passed = 0;
    while day < today && passed <= PATIENCE {
        day = day + chrono::Days::new(1);
        if calendar.is_working(day) {
            passed += 1;
        }
    }
    passed > PATIENCE
}

/// Batches, the newest first, those with numbers below `before`.
///
/// # Errors
/// [`Error::Forbidden`] for other roles.
pub async fn batches(
    app: &App,
    actor: &Actor,
    before: Option<u32>,
    limit: u16,
) -> Result<(Vec<Batch>, Rest), Error> {
    let pool = pool(actor)?;
    let most = i64::from(limit) + 1;
    let mut found = app
        .db
        .read(move |conn| batches::of_pool(conn, pool, before, most))
        .await?;
    let rest = cut(&mut found, limit);
    Ok((found, rest))
}

/// A batch with its orders.
#[derive(Clone, Debug)]
pub struct Full {
    /// The batch.
    pub batch: Batch,
    /// Its orders in the order of its file.
    pub orders: Vec<Listed>,
    /// Names of who made and sent it.
    pub names: BTreeMap<AccountId, String>,
}

/// A batch.
///
/// # Errors
/// [`Error::Forbidden`] for other roles, [`Error::NotFound`] for what is not the pool's.
pub async fn batch(app: &App, actor: &Actor, id: PaymentBatchId) -> Result<Full, Error> {
    let pool = pool(actor)?;
    app.db
        .read(move |conn| {
            let batch = batches::find(conn, pool, id)?.ok_or(Error::NotFound)?;
            let sent_by = batch.sent.map(|(by, _)| by);
            let people: BTreeSet<AccountId> = [batch.made_by].into_iter().chain(sent_by).collect();
            Ok(Full {
                orders: batches::orders(conn, pool, id)?,
                names: accounts::names(conn, &people)?,
                batch,
            })
        })
        .await
}

/// An order with what was done to it.
#[derive(Clone, Debug)]
pub struct Traced {
    /// The order and its case.
    pub listed: Listed,
    /// The first first.
    pub events: Vec<Event>,
    /// Names of who did it.
    pub names: BTreeMap<AccountId, String>,
}

/// An order.
///
/// # Errors
/// [`Error::Forbidden`] for other roles, [`Error::NotFound`] for what is not the pool's.
pub async fn order(app: &App, actor: &Actor, id: PaymentOrderId) -> Result<Traced, Error> {
    let pool = pool(actor)?;
    app.db
        .read(move |conn| {
            let order = payments::find(conn, pool, id)?.ok_or(Error::NotFound)?;
            let case = cases::by_id(conn, pool, order.case)?.ok_or(Error::NotFound)?;
            let events = payments::history(conn, pool, id)?;
            let people: BTreeSet<AccountId> = events.iter().filter_map(|event| event.by).collect();
            Ok(Traced {
                listed: Listed {
                    order,
                    receipt_no: case.case.receipt_no,
                    person: case.case.person,
                },
                events,
                names: accounts::names(conn, &people)?,
            })
        })
        .await
}
