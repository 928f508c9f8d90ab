//! Showing sensitive data in full: only to who handles the case, only for a reason, and never without a trace
//! (CAS-13). The trace is written before anything is shown.

use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::App;
use super::error::Error;
use super::handling::visible;
use crate::clock::Clock;
use crate::domain::actor::{Actor, Sight};
use crate::domain::form::FieldError;
use crate::domain::ids::ReadId;
use crate::domain::receipt::ReceiptNo;
use crate::domain::text::cleaned;
use crate::store::reads::{self, Read};
use crate::store::{cases, registry};

/// What is masked until somebody asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, EnumString, IntoStaticStr, Display)]
#[strum(serialize_all = "kebab-case")]
pub enum Sensitive {
    /// The ID number of the person concerned.
    IdNumber,
    /// The phone number in the registry and the one given in the case.
    Phone,
}

impl Sensitive {
    /// The name in the log, in forms and in the texts' keys.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Characters of a reason that are kept.
const LONGEST_REASON: usize = 500;

/// What was asked for, in full.
#[derive(Clone, PartialEq, Eq)]
pub struct Revealed {
    /// What it is.
    pub what: Sensitive,
    /// As the registry holds it.
    pub registry: Option<String>,
    /// As the case was filed with.
    pub answer: Option<String>,
}

impl std::fmt::Debug for Revealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Revealed({})", self.what)
    }
}

/// Shows `what` of the person a case concerns, and logs who looked and why.
///
/// # Errors
/// [`Error::Invalid`] without a reason, [`Error::Forbidden`] for the own or a relative's case (CAS-10),
/// [`Error::NotFound`] for what the actor may not see.
pub async fn reveal(
    app: &App,
    actor: &Actor,
    receipt_no: &ReceiptNo,
    what: Sensitive,
    reason: &str,
) -> Result<Revealed, Error> {
    let reason: String = cleaned(reason).chars().take(LONGEST_REASON).collect();
    if reason.is_empty() {
        return Err(Error::Invalid(vec![FieldError::new("reason", "required")]));
    }
    let (actor, receipt_no) = (actor.clone(), receipt_no.clone());
    let (id, now): (ReadId, _) = (Clock::new_id(), app.clock.now());
    app.db
        .write(move |conn| {
            let listed = visible(conn, &actor, &receipt_no)?;
            let case = &listed.case;
            if actor.sight(case) != Sight::Office || actor.is_partial_to(case) {
                return Err(Error::Forbidden);
            }
            let read = Read {
                id,
                at: now,
                account: actor.account,
                person: case.person,
                case: Some(case.id),
                what: what.as_str().to_owned(),
                reason: reason.clone(),
            };
            reads::insert(conn, case.pool, &read)?;
            let person = registry::person(conn, case.person)?.ok_or(Error::NotFound)?;
            Ok(match what {
                Sensitive::IdNumber => Revealed {
                    what,
                    registry: Some(person.id_number),
                    answer: None,
                },
                Sensitive::Phone => Revealed {
                    what,
                    registry: person.phone,
                    answer: cases::answers(conn, case.pool, case.id)?
                        .text("phone")
                        .map(str::to_owned),
                },
            })
        })
        .await
}
