//! A patient for the tests of the ledger's rules.

use uuid::Uuid;

use super::{Patient, Progress, Status};
use crate::domain::id_number::Sex;

/// Suspected, admitted on 2026-11-01, insured elsewhere.
pub(crate) fn patient() -> Patient {
    Patient {
        id: Uuid::from_u128(1).into(),
        pool: "371000".parse().unwrap(),
        agency: "371000".parse().unwrap(),
        institution: Uuid::from_u128(1).into(),
        name: "示例患者".to_owned(),
        person: None,
        sex: Sex::Male,
        age: 56,
        status: Status::Suspected,
        admitted_on: "2026-11-01".parse().unwrap(),
        discharged_on: None,
        scheme: None,
        insured_at: "110100".to_owned(),
        progress: Progress::Open,
        version: 1,
    }
}
