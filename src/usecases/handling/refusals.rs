//! What the engine refuses, as whoever asked is told: a conflict, no right, a rule, or a fault of one field.

use crate::domain::case::Case;
use crate::domain::form::FieldError;
use crate::domain::workflow::{Guard, Refusal};
use crate::usecases::error::{Conflict, Error};

/// The error of a refusal; a conflict tells where the case stands.
pub(super) fn refused(refusal: Refusal, case: &Case) -> Error {
    let (state, version) = (case.state, case.version);
    match refusal {
        Refusal::NotInThisState => Error::Conflict(Conflict::State { state, version }),
        Refusal::HeldByAnother => Error::Conflict(Conflict::Held { state, version }),
        Refusal::NotYours | Refusal::Rule(Guard::Impartial) => Error::Forbidden,
        Refusal::Rule(guard @ Guard::BreachCause) => at_field("breach_cause", "required", guard),
        Refusal::Rule(guard @ Guard::SomethingMissing) => at_field("missing", "required", guard),
        Refusal::Rule(guard @ Guard::ReasonOutOfOrder) => {
            at_field("reason", "reason-out-of-order", guard)
        }
        Refusal::Rule(guard @ Guard::AbleRecipient) => at_field("to", "recipient-unable", guard),
        Refusal::Rule(guard) => Error::Rule(guard),
    }
}

/// What a rule wants in a field; whoever shows it names the rule beside it.
fn at_field(field: &str, code: &str, guard: Guard) -> Error {
    Error::Invalid(vec![FieldError::new(field, code).by(guard)])
}
