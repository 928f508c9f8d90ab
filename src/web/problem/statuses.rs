//! Words and codes for answers that came from the framework with a bare status, and the codes of conflicts.

use actix_web::http::StatusCode;

use crate::usecases::error::{Conflict, EntryConflict};
use crate::web::errors::Problem;

/// The words for an answer that came from the framework with a bare status.
pub(super) fn of_status(status: StatusCode) -> Problem {
    match status {
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Problem::NotFound,
        StatusCode::UNAUTHORIZED => Problem::SignIn,
        StatusCode::FORBIDDEN => Problem::Forbidden,
        StatusCode::TOO_MANY_REQUESTS => Problem::TooMany,
        StatusCode::SERVICE_UNAVAILABLE => Problem::Busy,
        status if status.is_server_error() => Problem::Fault,
        _ => Problem::Refused,
    }
}

/// The code for such an answer.
pub(super) fn code_of_status(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "not-found",
        StatusCode::METHOD_NOT_ALLOWED => "method-not-allowed",
        StatusCode::PAYLOAD_TOO_LARGE => "too-large",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "unsupported-media-type",
        StatusCode::REQUEST_TIMEOUT => "timeout",
        status if status.is_server_error() => "fault",
        _ => "bad-request",
    }
}

/// The code of a conflict.
pub(super) fn conflict_code(conflict: &Conflict) -> &'static str {
    match conflict {
        Conflict::Stale { .. } => "stale-version",
        Conflict::State { .. } => "wrong-state",
        Conflict::Held { .. } => "held",
        Conflict::Overlap { .. } => "overlap",
        Conflict::Claimed => "claimed",
        Conflict::AlreadyAsked => "already-asked",
        Conflict::AlreadyRated => "already-rated",
        Conflict::Already(what) => what.as_str(),
        Conflict::Entry(what) => match what {
            EntryConflict::Stale { .. } => "stale-version",
            EntryConflict::State { .. } => "wrong-state",
            EntryConflict::Overlap { .. } => "stay-overlap",
            EntryConflict::CostTakenBack => "cost-taken-back",
        },
    }
}
