//! Rows of contacts: sealed when written, opened when read.

use diesel::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domain::contact::{
    Answered, Contact, Matter, OfCase, Outcome, Purpose, ReachedBy, Side,
};
use crate::domain::ids::{AccountId, CaseId, ContactId, PatientId, PersonId};
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::time::Ts;
use crate::store::conn::Conn;
use crate::store::error::StoreError;
use crate::store::schema::contact;

/// One side of a leg.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = contact)]
pub(super) struct Row {
    pool: Pool,
    id: ContactId,
    side: Side,
    agency: AgencyCode,
    sender: AgencyCode,
    receiver: AgencyCode,
    thread: ContactId,
    leg: i32,
    origin: AgencyCode,
    target: AgencyCode,
    purpose: Purpose,
    case_pool: Option<String>,
    case_id: Option<CaseId>,
    receipt_no: Option<String>,
    patient_pool: Option<String>,
    patient_id: Option<PatientId>,
    person_id: Option<PersonId>,
    subject: Vec<u8>,
    message: Vec<u8>,
    sent_by: Option<AccountId>,
    sent_at: Ts,
    term: String,
    due_at: Option<Ts>,
    breached_at: Option<Ts>,
    alarm_at: Option<Ts>,
    reached_by: ReachedBy,
    answer: Option<Outcome>,
    remark: Option<Vec<u8>>,
    answered_who: Option<Vec<u8>>,
    answered_by: Option<AccountId>,
    answered_at: Option<Ts>,
    version: i32,
}

fn corrupt(error: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(error.to_string())
}

/// Seals a value as JSON.
pub(super) fn seal_json(conn: &Conn<'_>, value: &impl Serialize) -> Result<Vec<u8>, StoreError> {
    let text = serde_json::to_string(value).map_err(corrupt)?;
    conn.vault.seal_text(&text)
}

fn open_json<T: DeserializeOwned>(conn: &Conn<'_>, sealed: &[u8]) -> Result<T, StoreError> {
    serde_json::from_str(&conn.vault.open_text(sealed)?).map_err(corrupt)
}

impl Row {
    /// The row of a contact that was not answered yet.
    pub(super) fn of(
        conn: &Conn<'_>,
        new: &Contact,
        alarm: Option<Ts>,
    ) -> Result<Self, StoreError> {
        let matter = &new.matter;
        let case = matter.case.as_ref();
        Ok(Self {
            pool: new.agency.pool(),
            id: new.id,
            side: new.side,
            agency: new.agency,
            sender: new.sender,
            receiver: new.receiver,
            thread: new.thread,
            leg: new.leg.into(),
            origin: matter.origin,
            target: matter.target,
            purpose: matter.purpose,
            case_pool: case.map(|case| case.pool.to_string()),
            case_id: case.map(|case| case.id),
            receipt_no: case.map(|case| case.receipt_no.clone()),
            patient_pool: matter.patient.map(|(pool, _)| pool.to_string()),
            patient_id: matter.patient.map(|(_, id)| id),
            person_id: matter.person,
            subject: seal_json(conn, &matter.subject)?,
            message: conn.vault.seal_text(&matter.message)?,
            sent_by: new.sent_by,
            sent_at: new.sent_at,
            term: serde_json::to_string(&new.term).map_err(corrupt)?,
            due_at: Some(new.term.due),
            breached_at: new.breached_at,
            alarm_at: alarm,
            reached_by: new.reached_by,
            answer: None,
            remark: None,
            answered_who: None,
            answered_by: None,
            answered_at: None,
            version: i32::try_from(new.version).map_err(corrupt)?,
        })
    }

    /// The contact, opened.
    pub(super) fn read(self, conn: &Conn<'_>) -> Result<Contact, StoreError> {
        let answered = self.answered(conn)?;
        let pool = |code: &str| code.parse::<Pool>().map_err(corrupt);
        let case = match (&self.case_pool, self.case_id, self.receipt_no) {
            (Some(code), Some(id), Some(receipt_no)) => Some(OfCase {
                pool: pool(code)?,
                id,
                receipt_no,
            }),
            _ => None,
        };
        let patient = match (&self.patient_pool, self.patient_id) {
            (Some(code), Some(id)) => Some((pool(code)?, id)),
            _ => None,
        };
        Ok(Contact {
            id: self.id,
            side: self.side,
            agency: self.agency,
            sender: self.sender,
            receiver: self.receiver,
            thread: self.thread,
            leg: u16::try_from(self.leg).map_err(corrupt)?,
            matter: Matter {
                purpose: self.purpose,
                origin: self.origin,
                target: self.target,
                case,
                patient,
                person: self.person_id,
                subject: open_json(conn, &self.subject)?,
                message: conn.vault.open_text(&self.message)?,
            },
            sent_by: self.sent_by,
            sent_at: self.sent_at,
            term: serde_json::from_str(&self.term).map_err(corrupt)?,
            breached_at: self.breached_at,
            reached_by: self.reached_by,
            answered,
            version: u32::try_from(self.version).map_err(corrupt)?,
        })
    }

    fn answered(&self, conn: &Conn<'_>) -> Result<Option<Answered>, StoreError> {
        let (Some(outcome), Some(at)) = (self.answer, self.answered_at) else {
            return Ok(None);
        };
        let remark = self.remark.as_deref();
        let voucher = self.answered_who.as_deref();
        Ok(Some(Answered {
            outcome,
            remark: remark
                .map(|sealed| conn.vault.open_text(sealed))
                .transpose()?
                .unwrap_or_default(),
            voucher: voucher.map(|sealed| open_json(conn, sealed)).transpose()?,
            by: self.answered_by,
            at,
        }))
    }
}
