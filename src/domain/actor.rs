//! Who acts, and whose affairs they may see (CAS-10). The one place where role, agency and ownership
//! are weighed; nothing here loads an account or knows of sessions.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::case::Case;
use super::ids::{AccountId, EmployerId, InstitutionId, PersonId};
use super::patient::Patient;
use super::place::{AgencyCode, Pool};
use super::proxy::Entrusted;

/// The roles of CAS-10.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    EnumIter,
    EnumString,
    IntoStaticStr,
    Display,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Role {
    /// 居民
    Resident,
    /// 代办人, with a recorded authorisation
    Proxy,
    /// 参保单位经办人
    EmployerAgent,
    /// 医药机构经办人
    InstitutionClerk,
    /// 医师
    InstitutionDoctor,
    /// 药师
    Pharmacist,
    /// 初审岗
    Handler,
    /// 复核岗
    Reviewer,
    /// 督办岗
    Supervisor,
    /// 邮件收发岗
    MailroomClerk,
    /// 财务岗
    FinanceOfficer,
    /// 税务联络员
    TaxLiaison,
    /// 省医保中心
    ProvincialHandler,
    /// 审计员: reads all, changes nothing
    Auditor,
    /// 管理员: configures, sees no personal data
    Administrator,
}

impl Role {
    /// The name in the database, the API and the texts' keys.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// Whether the role belongs to an agency and sees cases of that agency.
    pub fn is_agency_staff(self) -> bool {
        match self {
            Self::Handler
            | Self::Reviewer
            | Self::Supervisor
            | Self::MailroomClerk
            | Self::FinanceOfficer => true,
            Self::Resident
            | Self::Proxy
            | Self::EmployerAgent
            | Self::InstitutionClerk
            | Self::InstitutionDoctor
            | Self::Pharmacist
            | Self::TaxLiaison
            | Self::ProvincialHandler
            | Self::Auditor
            | Self::Administrator => false,
        }
    }

    /// Whether the role works for the agencies, the provincial centre, the tax office or the audit: whoever
    /// decides about others or configures the service, and so needs a second factor.
    pub fn is_staff(self) -> bool {
        match self {
            Self::Handler
            | Self::Reviewer
            | Self::Supervisor
            | Self::MailroomClerk
            | Self::FinanceOfficer
            | Self::TaxLiaison
            | Self::ProvincialHandler
            | Self::Auditor
            | Self::Administrator => true,
            Self::Resident
            | Self::Proxy
            | Self::EmployerAgent
            | Self::InstitutionClerk
            | Self::InstitutionDoctor
            | Self::Pharmacist => false,
        }
    }

    /// Whether the role works the handler's desk: queue, cases, decisions.
    pub fn works_the_desk(self) -> bool {
        matches!(self, Self::Handler | Self::Reviewer | Self::Supervisor)
    }
}

/// How it was found out who somebody is (CAS-14).
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    EnumIter,
    EnumString,
    IntoStaticStr,
    Display,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Identified {
    /// By the password of an account, with a second factor where there is one.
    Password,
    /// By the provincial identity platform.
    Platform,
}

impl Identified {
    /// The name in the database and the journal.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Somebody who is signed in, with everything that rights depend on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The login.
    pub account: AccountId,
    /// What they are here as.
    pub role: Role,
    /// Name to show.
    pub name: String,
    /// The pool they belong to; residents have the pool that insures them.
    pub pool: Option<Pool>,
    /// The agency of staff.
    pub agency: Option<AgencyCode>,
    /// The agency at which a resident is insured today, which handles what they file.
    pub insured_at: Option<AgencyCode>,
    /// Who they are in the registry, staff too: nobody handles the own case (CAS-10).
    pub person: Option<PersonId>,
    /// Relatives by the registry: nor a relative's.
    pub relatives: Vec<PersonId>,
    /// For whom they may file and act today, by an authorisation (CAS-8).
    pub entrusted: Vec<Entrusted>,
    /// The employer they act for.
    pub employer: Option<EmployerId>,
    /// The institution they work at.
    pub institution: Option<InstitutionId>,
    /// The logins with their role at the same employer or institution, the own one too: they see and go on with
    /// what any of them filed (CAS-10).
    pub colleagues: Vec<AccountId>,
    /// How they signed in (CAS-14); of somebody who did not, [`Identified::Password`].
    pub identified: Identified,
}

/// What somebody may see of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Everything in the case, as the person concerned.
    Own,
    /// Everything needed to handle it.
    Office,
    /// Nothing: the case does not exist for them.
    None,
}

/// What somebody may see of an entry of the patient ledger (IN-4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LedgerSight {
    /// Everything, as who works at the institution; its clerks write.
    Institution,
    /// Everything, as who handles or audits at the place of treatment.
    Office,
    /// Nothing: it does not exist for them.
    None,
}

/// The role never may do this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the role never may do this")]
pub struct NotAllowed;

impl Actor {
    /// The guard in front of everything that only some roles may do (CAS-10).
    ///
    /// # Errors
    /// [`NotAllowed`] for all roles but `roles`.
    pub fn require(&self, roles: &[Role]) -> Result<(), NotAllowed> {
        if roles.contains(&self.role) {
            Ok(())
        } else {
            Err(NotAllowed)
        }
    }

    /// What they may see of `case` (CAS-10).
    pub fn sight(&self, case: &Case) -> Sight {
        match self.role {
            Role::Resident | Role::Proxy
                if self.acts_in(case)
                    // Choice: who filed for somebody reads on until the case is over, authorised or not.
                    || (self.account == case.filed_by && !case.state.is_final()) =>
            {
                Sight::Own
            }
            Role::EmployerAgent | Role::InstitutionClerk if self.acts_in(case) => Sight::Own,
            Role::Resident | Role::Proxy => Sight::None,
            Role::Handler | Role::Reviewer | Role::Supervisor
                if self.agency.as_ref() == Some(&case.agency) =>
            {
                Sight::Office
            }
            Role::Auditor if self.pool.as_ref() == Some(&case.pool) => Sight::Office,
            Role::Handler
            | Role::Reviewer
            | Role::Supervisor
            | Role::Auditor
            | Role::EmployerAgent
            | Role::InstitutionClerk
            | Role::InstitutionDoctor
            | Role::Pharmacist
            | Role::MailroomClerk
            | Role::FinanceOfficer
            | Role::TaxLiaison
            | Role::ProvincialHandler
            | Role::Administrator => Sight::None,
        }
    }

    /// What they may see of an entry of the patient ledger (IN-4).
    pub fn ledger_sight(&self, patient: &Patient) -> LedgerSight {
        let (own, office) = match self.role {
            Role::InstitutionClerk | Role::InstitutionDoctor => {
                (self.institution == Some(patient.institution), false)
            }
            Role::Handler | Role::Reviewer | Role::Supervisor => {
                (false, self.agency == Some(patient.agency))
            }
            Role::Auditor => (false, self.pool == Some(patient.pool)),
            Role::Resident
            | Role::Proxy
            | Role::EmployerAgent
            | Role::Pharmacist
            | Role::MailroomClerk
            | Role::FinanceOfficer
            | Role::TaxLiaison
            | Role::ProvincialHandler
            | Role::Administrator => (false, false),
        };
        match (own, office) {
            (true, _) => LedgerSight::Institution,
            (false, true) => LedgerSight::Office,
            (false, false) => LedgerSight::None,
        }
    }

    /// Whether they act in a case as the person concerned, for them by an authorisation in force (CAS-8), or for the
    /// employer or institution that filed it.
    pub fn acts_in(&self, case: &Case) -> bool {
        self.person == Some(case.person)
            || self.colleagues.contains(&case.filed_by)
            || self
                .entrusted
                .iter()
                .any(|one| one.covers(case.person, &case.item))
    }

    /// The authorisation by which they may file an item for a person today (CAS-8).
    pub fn entrusted_with(&self, person: PersonId, item: &str) -> Option<&Entrusted> {
        self.entrusted.iter().find(|one| one.covers(person, item))
    }

    /// Whether the case is the own or a relative's, which bars them from handling it (CAS-10).
    pub fn is_partial_to(&self, case: &Case) -> bool {
        self.account == case.filed_by
            || self.person == Some(case.person)
            || self.relatives.contains(&case.person)
    }
}
