//! The applicant's answer to a supplement request (CLK-6): corrected answers, added papers, in one step.

use serde_json::{Map, Value};

use super::App;
use super::error::{Conflict, Error};
use super::filing::{Subject, rules};
use super::handling::{Act, Outcome, item_of, visible};
use super::zero_material;
use crate::domain::actor::Actor;
use crate::domain::case::{Case, State};
use crate::domain::form::Answers;
use crate::domain::item::{Effect, ServiceItem};
use crate::domain::receipt::ReceiptNo;
use crate::domain::workflow::Command;
use crate::store::{Conn, cases, guards, registrations, resting};

/// Sends the supplement; `changed` holds the fields that were answered anew, the others stay.
///
/// # Errors
/// [`Error::Invalid`] with every fault at its field, [`Error::Conflict`] when the case has moved on.
pub async fn supplement(
    app: &App,
    actor: &Actor,
    receipt_no: &ReceiptNo,
    version: u32,
    changed: Map<String, Value>,
) -> Result<Outcome, Error> {
    let act = Act::new(app, actor, Command::Supplement);
    let receipt_no = receipt_no.clone();
    app.db
        .write(move |conn| {
            let listed = visible(conn, act.actor(), &receipt_no)?;
            let case = &listed.case;
            if case.version != version {
                return Err(Error::Conflict(Conflict::Stale {
                    state: case.state,
                    version: case.version,
                }));
            }
            if !changed.is_empty() && case.state == State::SupplementRequested {
                revise(conn, act.app(), case, &changed)?;
            }
            act.perform(conn, &listed)
        })
        .await
}

/// Puts corrected answers in the place of the old ones, after the item's own rules.
fn revise(
    conn: &mut Conn<'_>,
    app: &App,
    case: &Case,
    changed: &Map<String, Value>,
) -> Result<(), Error> {
    let item = item_of(case)?;
    let answers = merged(item, &cases::answers(conn, case.pool, case.id)?, changed)?;
    guards::person_registrations(conn, case.pool, case.person)?;
    let subject = Subject {
        person: case.person,
        pool: case.pool,
        filed_on: case.filed_at.day(),
        case: Some(case.id),
        entry: None,
    };
    let checked = rules(app, conn, item, &subject, &answers)?;
    cases::replace_answers(conn, case.pool, case.id, &answers, &checked.facts)?;
    for effect in &checked.effects {
        match effect {
            Effect::OpenRegistration {
                kind,
                destination,
                start,
                end,
                ..
            } => {
                registrations::revise(conn, case.pool, case.id, kind, destination, (*start, *end))?;
            }
            // XR-3: what was stated under pledge is in the ledger by now.
            Effect::RestOn(pool, patient) => {
                let entry = (*pool, *patient);
                resting::rest_anew(conn, (case.pool, case.id), entry, app.clock.now())?;
            }
            Effect::ClaimRegistration(_)
            | Effect::ActivateRegistration
            | Effect::CancelRegistration
            | Effect::DropRegistration
            | Effect::VoidRegistration
            | Effect::RecordRegistration => {}
        }
    }
    zero_material::on_filed(conn, app, (case, &checked.effects), app.clock.now())
}

fn merged(
    item: &ServiceItem,
    old: &Answers,
    changed: &Map<String, Value>,
) -> Result<Answers, Error> {
    let mut raw: Map<String, Value> = old
        .iter()
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect();
    for (name, value) in changed {
        raw.insert(name.clone(), value.clone());
    }
    item.form.read(&raw).map_err(Error::Invalid)
}
