//! What only some problems have beside title and detail: present state, faults of fields, rule.

use serde_json::{Map, Value, json};

use super::{basis, field_message};
use crate::domain::form::FieldError;
use crate::domain::locale::Locale;
use crate::usecases::Error;
use crate::usecases::error::{Conflict, EntryConflict};

/// What only some problems have: present state, faults of fields, rule.
pub(super) fn more(locale: Locale, error: &Error, members: &mut Map<String, Value>) {
    match error {
        Error::Conflict(
            Conflict::Stale { state, version }
            | Conflict::State { state, version }
            | Conflict::Held { state, version },
        ) => {
            members.insert("state".to_owned(), json!(state.as_str()));
            members.insert("version".to_owned(), json!(version));
        }
        Error::Conflict(Conflict::Overlap { with }) => {
            members.insert("with".to_owned(), json!(with));
        }
        Error::Conflict(Conflict::Entry(
            EntryConflict::Stale { status, version } | EntryConflict::State { status, version },
        )) => {
            members.insert("state".to_owned(), json!(status.as_str()));
            members.insert("version".to_owned(), json!(version));
        }
        Error::Conflict(Conflict::Entry(EntryConflict::Overlap { with, .. })) => {
            members.insert("with".to_owned(), json!(with.to_string()));
        }
        Error::Invalid(errors) => {
            let faults: Vec<Value> = errors.iter().map(|error| fault(locale, error)).collect();
            members.insert("errors".to_owned(), json!(faults));
        }
        Error::Rule(guard) => {
            members.insert("rule".to_owned(), json!(guard.rule()));
            members.insert("basis".to_owned(), json!(basis(locale, *guard)));
        }
        Error::NotSignedIn
        | Error::BadCredentials
        | Error::SecondFactorWanted
        | Error::EnrolmentWanted
        | Error::Platform(_)
        | Error::Forbidden
        | Error::NotFound
        | Error::NotTheirs
        | Error::Conflict(
            Conflict::Claimed
            | Conflict::AlreadyAsked
            | Conflict::AlreadyRated
            | Conflict::Already(_)
            | Conflict::Entry(EntryConflict::CostTakenBack),
        )
        | Error::TokenReused
        | Error::TooMany { .. }
        | Error::Busy
        | Error::Store(_)
        | Error::Fault(_) => {}
    }
}

/// One fault of one field.
fn fault(locale: Locale, error: &FieldError) -> Value {
    let mut shown = json!({
        "field": error.field,
        "code": error.code,
        "message": field_message(locale, error),
    });
    if let (Some(guard), Some(shown)) = (error.guard, shown.as_object_mut()) {
        shown.insert("rule".to_owned(), json!(guard.rule()));
    }
    shown
}
