//! The account of a claim put right by the applicant on the same case, after the bank could not pay (RB-6): the case goes back
//! to payment and a new order is made of what is due, in one transaction.

use serde_json::{Map, Value};

use super::{New, order};
use crate::domain::actor::Actor;
use crate::domain::case::Case;
use crate::domain::claim::Account;
use crate::domain::form::{Answers, FieldError};
use crate::domain::ids::AccountId;
use crate::domain::payment::{Due, State, due};
use crate::domain::receipt::ReceiptNo;
use crate::domain::time::Ts;
use crate::domain::workflow::Command;
use crate::domain::workflow::standard::ACCOUNT_CORRECTION;
use crate::items::reimbursement;
use crate::store::{Conn, claims, payments};
use crate::usecases::App;
use crate::usecases::error::{Conflict, Error};
use crate::usecases::handling::{Act, visible};

/// Puts the account right, of the case as last seen at `version`.
///
/// # Errors
/// [`Error::NotFound`] for what they may not see, [`Error::Invalid`] at the fields of the account, [`Error::Conflict`] when the
/// case does not wait for it.
pub async fn correct(
    app: &App,
    actor: &Actor,
    receipt_no: &ReceiptNo,
    version: u32,
    typed: &Map<String, Value>,
) -> Result<(), Error> {
    let account = read(typed);
    let (act, now) = (
        Act::new(app, actor, Command::CorrectAccount),
        app.clock.now(),
    );
    let receipt_no = receipt_no.clone();
    app.db
        .write(move |conn| {
            let listed = visible(conn, act.actor(), &receipt_no)?;
            let case = &listed.case;
            if case.version != version {
                let (state, version) = (case.state, case.version);
                return Err(Error::Conflict(Conflict::Stale { state, version }));
            }
            act.perform(conn, &listed)?;
            let account = account.clone().map_err(Error::Invalid)?;
            again(conn, &listed.case, account, (act.actor().account, now))
        })
        .await
}

/// The account as it was typed.
fn read(typed: &Map<String, Value>) -> Result<Account, Vec<FieldError>> {
    let mut answers = Answers::default();
    let mut faults = vec![];
    for field in reimbursement::account_fields() {
        match field.read(typed.get(field.name)) {
            Ok(Some(value)) => answers.set(field.name, value),
            Ok(None) => {}
            Err(fault) => faults.push(fault),
        }
    }
    match faults.is_empty() {
        true => reimbursement::account(&answers),
        false => Err(faults),
    }
}

/// What the bank said of the last payment of a case that waits for its account; `None` where none is waited for.
///
/// # Errors
/// [`Error::NotFound`] for what they may not see.
pub async fn said(
    app: &App,
    actor: &Actor,
    receipt_no: &ReceiptNo,
) -> Result<Option<String>, Error> {
    let (actor, receipt_no) = (actor.clone(), receipt_no.clone());
    app.db
        .read(move |conn| {
            let listed = visible(conn, &actor, &receipt_no)?;
            let case = &listed.case;
            if case.stage.as_deref() != Some(ACCOUNT_CORRECTION) {
                return Ok(None);
            }
            let orders = payments::of(conn, case.pool, case.id)?;
            let last = orders.into_iter().find_map(|order| order.failure);
            Ok(Some(last.unwrap_or_default()))
        })
        .await
}

fn again(
    conn: &mut Conn<'_>,
    case: &Case,
    account: Account,
    by: (AccountId, Ts),
) -> Result<(), Error> {
    let place = (case.pool, case.id);
    let lost = || Error::Fault(format!("no order of {} to make anew", case.receipt_no));
    let mut claim = claims::find(conn, place)?.ok_or_else(lost)?;
    claim.account = account.clone();
    claims::put(conn, place, &claim)?;
    let orders = payments::of(conn, case.pool, case.id)?;
    let last = orders.first().ok_or_else(lost)?;
    let amounts = orders.iter().map(|one| (one.state, one.amount));
    let Due::Pay(amount) = due(last.payable, amounts) else {
        return Err(lost());
    };
    let new = New {
        settlement: last.settlement,
        payable: last.payable,
        amount,
        account,
        state: State::Ordered,
    };
    order(conn, case, new, by)
}
