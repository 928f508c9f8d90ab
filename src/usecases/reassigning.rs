//! Giving out many cases at once (CLK-7): a supervisor's reassignment of each, with one reason. Each case is a step of
//! its own with its own outcome: one that moved meanwhile holds no other up.

use super::App;
use super::error::Error;
use super::handling::act;
use crate::domain::actor::{Actor, Role};
use crate::domain::form::FieldError;
use crate::domain::ids::AccountId;
use crate::domain::workflow::Command;

/// Cases of one request at most.
pub const MOST: usize = 200;

/// Gives each of `cases`, a receipt number and the version that was seen, to the handler `to`; the outcomes are in the
/// order of the cases.
///
/// # Errors
/// [`Error::Forbidden`] for everybody but supervisors, [`Error::Invalid`] without a reason or with more than [`MOST`]
/// cases; nothing was done then. What stands in the way of one case is its outcome.
pub async fn many(
    app: &App,
    actor: &Actor,
    cases: Vec<(String, u32)>,
    to: AccountId,
    reason: String,
) -> Result<Vec<(String, Result<(), Error>)>, Error> {
    actor.require(&[Role::Supervisor])?;
    let fault = |field, code| Err(Error::Invalid(vec![FieldError::new(field, code)]));
    if reason.trim().is_empty() {
        return fault("reason", "required");
    }
    if cases.is_empty() {
        return fault("cases", "required");
    }
    if cases.len() > MOST {
        return fault("cases", "too-many-cases");
    }
    let mut outcomes = vec![];
    for (receipt_no, version) in cases {
        let command = Command::Assign {
            to,
            reason: reason.clone(),
        };
        let outcome = match receipt_no.parse() {
            Ok(number) => act(app, actor, &number, version, command).await.map(drop),
            Err(_) => Err(Error::NotFound),
        };
        outcomes.push((receipt_no, outcome));
    }
    Ok(outcomes)
}
