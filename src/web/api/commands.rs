//! From the body of an action to the engine's [`Command`]. Whether the action is possible, and for whom, is the
//! table's to say, never this module's.

use serde_json::{Map, Value};

use super::reading::Fields;
use crate::domain::actor::Actor;
use crate::domain::case::Urgency;
use crate::domain::event::{Missing, Target};
use crate::domain::form::Need;
use crate::domain::ids::AccountId;
use crate::domain::workflow::command::{BreachReport, Grounds};
use crate::domain::workflow::{Action, Command};
use crate::usecases::{App, Error, listing};
use crate::web::problem::Failure;

/// Things one supplement request can name.
const MOST_MISSING: usize = 50;

/// What a body asks for.
#[derive(Debug)]
pub enum Asked {
    /// An action that the handling of cases does.
    Act(Command),
    /// The applicant's supplement, with the fields answered anew.
    Supplement(Map<String, Value>),
}

/// The action of a path's last segment; `reassign` is what a supervisor calls assigning a case that somebody
/// has. What only timers, filing, uploads and `queue/next` do is no action of a case here.
pub fn action(name: &str) -> Option<Action> {
    if name == "reassign" {
        return Some(Action::Assign);
    }
    let action: Action = name.parse().ok()?;
    match action {
        Action::Submit
        | Action::Next
        | Action::Lapse
        | Action::MeetObligation
        | Action::Breach
        | Action::Answer
        | Action::Redate => None,
        Action::Claim
        | Action::Assign
        | Action::Release
        | Action::HandOver
        | Action::Accept
        | Action::RequestSupplement
        | Action::Supplement
        | Action::Approve
        | Action::Refuse
        | Action::NotAccept
        | Action::Return
        | Action::Withdraw
        | Action::Object
        | Action::SetUrgency
        | Action::Contact
        | Action::Record
        | Action::Reopen => Some(action),
    }
}

/// The version that was seen, and what is asked for.
///
/// # Errors
/// [`Error::Invalid`] with every fault at its field; 404 for what is no action of a case.
pub async fn read(
    app: &App,
    actor: &Actor,
    action: Action,
    body: &Map<String, Value>,
) -> Result<(u32, Asked), Failure> {
    let mut fields = Fields::of(body);
    let version = fields.number("version");
    let to = match action {
        Action::Assign | Action::HandOver => recipient(app, actor, &mut fields).await?,
        _ => None,
    };
    let asked = command(action, to, &mut fields).ok_or_else(Failure::not_found)?;
    fields.finish()?;
    Ok((version, asked))
}

/// The command of an action; without a recipient a fault is noted already.
fn command(action: Action, to: Option<AccountId>, fields: &mut Fields<'_>) -> Option<Asked> {
    let command = match action {
        Action::Claim => Command::Claim {
            reason: fields.text("reason", Need::Optional),
        },
        Action::Assign | Action::HandOver => given(action, to, fields),
        Action::Release => Command::Release {
            reason: fields.words("reason"),
        },
        Action::Accept => Command::Accept,
        Action::RequestSupplement => Command::RequestSupplement {
            missing: missing(fields),
        },
        Action::Supplement => return Some(Asked::Supplement(fields.object("answers"))),
        Action::Approve => Command::Approve {
            breach: breach(fields),
        },
        Action::Refuse => Command::Refuse {
            grounds: grounds(fields),
            breach: breach(fields),
        },
        Action::NotAccept => Command::NotAccept {
            grounds: grounds(fields),
            breach: breach(fields),
        },
        Action::Return => Command::Return {
            reason: fields.words("reason"),
        },
        Action::Withdraw => Command::Withdraw {
            reason: fields.text("reason", Need::Optional),
        },
        Action::Reopen => Command::Reopen {
            reason: fields.words("reason"),
        },
        Action::Object => object(fields),
        Action::SetUrgency => set_urgency(fields),
        Action::Contact => Command::Contact {
            message: fields.words("message"),
        },
        Action::Record => record(fields),
        Action::Submit
        | Action::Next
        | Action::Lapse
        | Action::MeetObligation
        | Action::Breach
        | Action::Answer
        | Action::Redate => return None,
    };
    Some(Asked::Act(command))
}

/// To a handler: by a supervisor, or by who holds it.
fn given(action: Action, to: Option<AccountId>, fields: &mut Fields<'_>) -> Command {
    let (to, reason) = (to.unwrap_or_else(nobody), fields.words("reason"));
    match action {
        Action::Assign => Command::Assign { to, reason },
        _ => Command::HandOver { to, reason },
    }
}

fn record(fields: &mut Fields<'_>) -> Command {
    Command::Record {
        reason: fields.words("reason"),
        breach: breach(fields),
    }
}

fn object(fields: &mut Fields<'_>) -> Command {
    Command::Object {
        reason: fields.words("reason"),
    }
}

fn set_urgency(fields: &mut Fields<'_>) -> Command {
    Command::SetUrgency {
        urgency: urgency(fields),
        reason: fields.words("reason"),
    }
}

/// CAT-4: the class; a fault is noted where there is none.
fn urgency(fields: &mut Fields<'_>) -> Urgency {
    let named = fields.words("urgency");
    named.parse().unwrap_or_else(|_| {
        if !named.is_empty() {
            fields.fault("urgency", "choice-unknown");
        }
        Urgency::Routine
    })
}

fn nobody() -> AccountId {
    AccountId::from(uuid::Uuid::nil())
}

/// `to` is an account's identifier or a user name of the own agency.
async fn recipient(
    app: &App,
    actor: &Actor,
    fields: &mut Fields<'_>,
) -> Result<Option<AccountId>, Error> {
    let Some(to) = fields.text("to", Need::Always) else {
        return Ok(None);
    };
    let found = listing::recipient(app, actor, &to).await?;
    if found.is_none() {
        fields.fault("to", "recipient-unable");
    }
    Ok(found)
}

/// CAS-6: reason and clause.
pub(super) fn grounds(fields: &mut Fields<'_>) -> Grounds {
    Grounds {
        reason: fields.words("reason"),
        clause: fields.words("clause"),
    }
}

/// CLK-7: the coded cause and its words; whether one is needed is the table's to say.
pub(super) fn breach(fields: &mut Fields<'_>) -> Option<BreachReport> {
    let object = match fields.raw("breach_cause")? {
        Value::Object(object) => object,
        _ => {
            fields.fault("breach_cause", "wrong-type");
            return None;
        }
    };
    let mut inner = Fields::of(object);
    let words = inner.words("words");
    let code = inner.words("code").parse();
    for error in inner.errors {
        let name = format!("breach_cause.{}", error.field);
        fields.fault(&name, &error.code);
    }
    match code {
        Ok(code) => Some(BreachReport { code, words }),
        Err(_) => {
            if object.contains_key("code") {
                fields.fault("breach_cause.code", "choice-unknown");
            }
            None
        }
    }
}

/// CLK-6: everything that is missing, each with its reason. An empty list is left to the table to refuse.
fn missing(fields: &mut Fields<'_>) -> Vec<Missing> {
    let entries = match fields.raw("missing") {
        None => return vec![],
        Some(Value::Array(entries)) if entries.len() <= MOST_MISSING => entries,
        Some(_) => {
            fields.fault("missing", "wrong-type");
            return vec![];
        }
    };
    let mut found = vec![];
    for (number, entry) in entries.iter().enumerate() {
        let Value::Object(object) = entry else {
            fields.fault(&format!("missing.{number}"), "wrong-type");
            continue;
        };
        let mut inner = Fields::of(object);
        let target = target(&mut inner);
        let reason = inner.words("reason");
        for error in inner.errors {
            let name = format!("missing.{number}.{}", error.field);
            fields.fault(&name, &error.code);
        }
        if let Some(target) = target {
            found.push(Missing { target, reason });
        }
    }
    found
}

fn target(fields: &mut Fields<'_>) -> Option<Target> {
    let material = fields.text("material", Need::Optional);
    let field = fields.text("field", Need::Optional);
    match (material, field) {
        (Some(name), None) => Some(Target::Material(name)),
        (None, Some(name)) => Some(Target::Field(name)),
        (None, None) | (Some(_), Some(_)) => {
            fields.fault("material", "one-target");
            None
        }
    }
}
