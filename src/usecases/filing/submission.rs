//! What somebody submits, and what becomes of it. Nothing is saved here.

use serde_json::{Map, Value};

use crate::domain::case::{Channel, Urgency};
use crate::domain::closure::Closure;
use crate::domain::form::FieldError;
use crate::domain::ids::{CaseId, PersonId};
use crate::domain::item::ServiceItem;
use crate::domain::patient::Stay;
use crate::domain::place::AgencyCode;
use crate::domain::registration::Registration;
use crate::domain::time::Day;
use crate::store::authorisations::Basis;
use crate::store::registry;
use crate::store::vault::sha256;
use crate::usecases::{App, Error};

/// What somebody submits.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Slug of the item.
    pub item: String,
    /// Answers as they came.
    pub answers: Map<String, Value>,
    /// The same token twice is the same submission.
    pub token: String,
    /// How it came in.
    pub channel: Channel,
    /// The draft it was, whose papers go along.
    pub draft: Option<CaseId>,
    /// For whom else it is filed, and on what that rests (CAS-8).
    pub behalf: Option<Behalf>,
    /// Why it is urgent, one of the item's reasons (CAT-4).
    pub urgent: Option<String>,
}

/// For whom somebody else files (CAS-8).
#[derive(Clone, Debug)]
pub struct Behalf {
    /// The person concerned.
    pub person: PersonId,
    /// On what it rests.
    pub basis: Basis,
}

/// What became of a submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filed {
    /// A new case.
    New(String),
    /// The case this token made before.
    Again(String),
}

impl Filed {
    /// The receipt number.
    pub fn receipt_no(&self) -> &str {
        match self {
            Self::New(receipt_no) | Self::Again(receipt_no) => receipt_no,
        }
    }
}

/// The records an item's rules look at.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::usecases) struct Records<'a> {
    /// The person's registrations in any state.
    pub registrations: &'a [Registration],
    /// Their stays by the patient ledger.
    pub stays: &'a [Stay],
    /// Closures of areas.
    pub closures: &'a [Closure],
}

/// The agency at which a person is insured on a day.
pub(super) async fn insured_at(
    app: &App,
    person: PersonId,
    day: Day,
) -> Result<Option<AgencyCode>, Error> {
    let coverage = app
        .db
        .read(move |conn| registry::coverage_on(conn, person, day).map_err(Error::from))
        .await?;
    Ok(coverage.map(|coverage| coverage.agency))
}

/// CAT-4: the item's class, or urgent for one of the reasons that the item knows.
pub(super) fn urgency(item: &ServiceItem, reason: Option<&str>) -> Result<Urgency, Error> {
    match reason {
        None => Ok(item.urgency),
        Some(reason) if item.urgent_reasons.contains(&reason) => Ok(Urgency::Urgent),
        Some(_) => Err(Error::Invalid(vec![FieldError::new(
            "urgent",
            "choice-unknown",
        )])),
    }
}

/// SHA-256 over what was submitted: the same token with another body is another submission.
pub(super) fn fingerprint(submission: &Submission) -> Vec<u8> {
    // A map of serde_json is ordered by key, so equal answers have equal bytes.
    let mut body = serde_json::json!({ "item": submission.item, "answers": submission.answers });
    if let (Some(behalf), Some(body)) = (&submission.behalf, body.as_object_mut()) {
        body.insert("for".to_owned(), behalf.person.to_string().into());
    }
    if let (Some(urgent), Some(body)) = (&submission.urgent, body.as_object_mut()) {
        body.insert("urgent".to_owned(), urgent.as_str().into());
    }
    sha256(body.to_string().as_bytes())
}
