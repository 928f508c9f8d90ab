//! What a handler says of a claim in the first review (RB-6): what is allowed of a line, and what the papers say. Each is one step
//! of the case; nothing is computed or paid here.

use serde_json::{Map, Value};

use super::super::error::{Conflict, Error};
use super::super::handling::{Act, visible};
use super::super::{App, supplementing};
use super::grounds::Ground;
use crate::domain::actor::Actor;
use crate::domain::claim::adjusting::{Adjustment, Said, faults};
use crate::domain::form::FieldError;
use crate::domain::receipt::ReceiptNo;
use crate::domain::text::cleaned;
use crate::domain::workflow::Command;
use crate::store::adjustments;
use crate::store::cases::Listed;

/// Allows another amount for a line, or says its class.
///
/// # Errors
/// [`Error::Invalid`] with every fault at its field, [`Error::NotFound`] where there is no such line, [`Error::Conflict`] when
/// the case has moved on.
pub async fn adjust(
    app: &App,
    actor: &Actor,
    receipt_no: &ReceiptNo,
    version: u32,
    said: Said,
) -> Result<(), Error> {
    let (reader, number) = (actor.clone(), receipt_no.clone());
    let reviewed = app
        .db
        .read(move |conn| {
            let listed = visible(conn, &reader, &number)?;
            current(&listed, version)?;
            let lines = Ground::of(conn, &listed.case)?.lines;
            let line = lines.into_iter().find(|one| one.asked.number == said.line);
            line.map(|line| (line.ruled(&said), line.asked))
                .ok_or(Error::NotFound)
        })
        .await?;
    let (ruling, line) = reviewed;
    let command = Command::Adjust {
        line: ruling.line,
        allowed: ruling.allowed,
        reason: ruling.reason.clone(),
    };
    let act = Act::new(app, actor, command);
    let receipt_no = receipt_no.clone();
    app.db
        .write(move |conn| {
            let listed = visible(conn, act.actor(), &receipt_no)?;
            current(&listed, version)?;
            act.perform(conn, &listed)?;
            let faults = faults(&line, &ruling);
            if !faults.is_empty() {
                return Err(Error::Invalid(faults));
            }
            let said = Adjustment {
                event: listed.case.version + 1,
                day: line.day,
                name: line.name.clone(),
                asked: line.amount,
                ruling: ruling.clone(),
                by: act.actor().account,
                at: act.now(),
            };
            let place = (listed.case.pool, listed.case.id);
            Ok(adjustments::insert(conn, place, &said)?)
        })
        .await
}

/// Takes in or corrects what the papers say (RB-3): `changed` holds the fields of the item's form that are said anew.
///
/// # Errors
/// [`Error::Invalid`] with every fault at its field, [`Error::Conflict`] when the case has moved on.
pub async fn amend(
    app: &App,
    actor: &Actor,
    receipt_no: &ReceiptNo,
    version: u32,
    (changed, reason): (Map<String, Value>, String),
) -> Result<(), Error> {
    let reason = cleaned(&reason);
    let act = Act::new(
        app,
        actor,
        Command::Amend {
            reason: reason.clone(),
        },
    );
    let receipt_no = receipt_no.clone();
    app.db
        .write(move |conn| {
            let listed = visible(conn, act.actor(), &receipt_no)?;
            current(&listed, version)?;
            act.perform(conn, &listed)?;
            if reason.is_empty() {
                return Err(Error::Invalid(vec![FieldError::new("reason", "required")]));
            }
            supplementing::revise(conn, act.app(), &listed.case, &changed)
        })
        .await
}

fn current(listed: &Listed, version: u32) -> Result<(), Error> {
    let case = &listed.case;
    match case.version == version {
        true => Ok(()),
        false => Err(Error::Conflict(Conflict::Stale {
            state: case.state,
            version: case.version,
        })),
    }
}
