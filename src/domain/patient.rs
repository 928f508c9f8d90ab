//! Patients of the ledger (管理台账, IN-4): suspected and confirmed COVID patients as institutions enter them. A patient
//! need not be known to the registry. Nothing here opens a sealed number.
//!
//! [`entry`] reading one, [`course`] what may become of it, [`cost`] what the stay costs.

pub mod cost;
pub mod course;
pub mod entry;
#[cfg(test)]
pub(crate) mod sample;

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::id_number::Sex;
use super::ids::{InstitutionId, PatientId, PersonId};
use super::place::{AgencyCode, Pool};
use super::time::Day;

/// Gives a closed set of the ledger its derives and its name for database, API and texts.
macro_rules! closed_set {
    ($(#[$doc:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, EnumIter, EnumString,
            IntoStaticStr, Display,
        )]
        #[serde(rename_all = "kebab-case")]
        #[strum(serialize_all = "kebab-case")]
        pub enum $name { $($(#[$inner])* $variant),+ }

        impl $name {
            /// The name in the database, the API and the texts' keys.
            pub fn as_str(self) -> &'static str {
                self.into()
            }
        }
    };
}
pub(crate) use closed_set;

closed_set! {
    /// What the institution says of the condition; texts `patient-status-<name>`.
    Status {
        /// 疑似
        Suspected,
        /// 确诊
        Confirmed,
        /// 排除
        Excluded,
    }
}

impl Status {
    /// Whether the rules for COVID patients count (XR-3, XR-7).
    pub fn is_covid(self) -> bool {
        match self {
            Self::Suspected | Self::Confirmed => true,
            Self::Excluded => false,
        }
    }
}

closed_set! {
    /// Scheme of insurance; texts `scheme-<name>`.
    Scheme {
        /// 职工医保
        Employee,
        /// 居民医保
        Resident,
    }
}

closed_set! {
    /// How far the registration of a patient insured elsewhere has come (XR-4 to XR-6); texts `patient-registration-<name>`.
    Progress {
        /// Insured where they are treated.
        NotNeeded,
        /// Nothing was asked or filed yet.
        Open,
        /// The place of insurance was asked.
        Asked,
        /// It is registered there.
        Registered,
        /// It could not be completed: recorded, which changes nothing for treatment and settlement (XR-6).
        Recorded,
    }
}

/// An entry of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patient {
    /// Identifier.
    pub id: PatientId,
    /// Pool of the place of treatment.
    pub pool: Pool,
    /// Agency of the place of treatment.
    pub agency: AgencyCode,
    /// Who entered them, and treats them.
    pub institution: InstitutionId,
    /// Name as the institution wrote it.
    pub name: String,
    /// Who they are in the registry, if it knows them.
    pub person: Option<PersonId>,
    /// Sex.
    pub sex: Sex,
    /// Age in whole years on the day of admission.
    pub age: u16,
    /// Condition.
    pub status: Status,
    /// First day of the stay.
    pub admitted_on: Day,
    /// Last day of it.
    pub discharged_on: Option<Day>,
    /// Scheme, where it is known.
    pub scheme: Option<Scheme>,
    /// Prefecture code of the place of insurance.
    pub insured_at: String,
    /// Registration, of who is insured elsewhere.
    pub progress: Progress,
    /// Raised with every change.
    pub version: u32,
}

/// A stay as the rules of registrations look at it (XR-3, XR-7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stay {
    /// The entry of the ledger.
    pub patient: PatientId,
    /// Its pool: prefecture of the place of treatment.
    pub pool: Pool,
    /// Condition.
    pub status: Status,
    /// First day.
    pub admitted_on: Day,
    /// Last day; still there when `None`.
    pub discharged_on: Option<Day>,
}

impl From<&Patient> for Stay {
    fn from(patient: &Patient) -> Self {
        Self {
            patient: patient.id,
            pool: patient.pool,
            status: patient.status,
            admitted_on: patient.admitted_on,
            discharged_on: patient.discharged_on,
        }
    }
}

/// The agency of a place of treatment: the county's where there is one, else the city's.
pub fn treating_agency(
    region: &str,
    pool: Pool,
    exists: impl Fn(AgencyCode) -> bool,
) -> AgencyCode {
    let county: Option<AgencyCode> = region.parse().ok();
    county
        .filter(|code| code.pool() == pool && exists(*code))
        .unwrap_or_else(|| pool.city_agency())
}
