//! The shape of a service item (事项). An item is a plain value: what it asks, who may file, which rows of
//! the transition table it uses, what it checks and what an approval brings about. A reader who knows
//! the office can hold it against the guide.

use super::actor::Role;
use super::case::{Channel, Urgency};
use super::closure::Closure;
use super::event::Target;
use super::form::{Answers, FieldError, FormSpec};
use super::ids::{PatientId, RegistrationId};
use super::patient::Stay;
use super::place::Pool;
use super::policy::Policy;
use super::region::Regions;
use super::registration::{Registration, Standing};
use super::time::Day;
use super::workflow::Transition;

/// A service item.
pub struct ServiceItem {
    /// Name in URLs, API, policy packs and texts (`item-<slug>`).
    pub slug: &'static str,
    /// Who may file.
    pub audience: &'static [Role],
    /// The clauses it rests on (CAT-1).
    pub basis: &'static [Basis],
    /// How it can be filed.
    pub channels: &'static [Channel],
    /// What it asks.
    pub form: &'static FormSpec,
    /// What papers it takes.
    pub materials: &'static [Material],
    /// Urgency class (CAT-4).
    pub urgency: Urgency,
    /// Reasons for which an applicant may ask for it at once (CAT-4): texts `urgent-<reason>`; none where it may not be.
    pub urgent_reasons: &'static [&'static str],
    /// Its rows of CAS-1.
    pub table: &'static [Transition],
    /// First stage after approval; `None` closes at once.
    pub first_stage: Option<&'static str>,
    /// Its rules at filing.
    pub check: fn(&Answers, &FilingFacts<'_>) -> Result<Checked, Fault>,
    /// What an approval does to records.
    pub on_approval: &'static [Effect],
    /// What an end without approval does to records.
    pub on_end: &'static [Effect],
    /// What recording does to records that could not be completed (XR-6).
    pub on_record: &'static [Effect],
    /// Which further records its rules look at.
    pub looks_at: &'static [Record],
    /// Answers that file cleanly, relative to a day; `None` where it needs a record that must exist first.
    pub sample: fn(Day) -> Option<Answers>,
}

impl ServiceItem {
    /// Whether a supplement request can name this: only the item's own materials and fields (CLK-6).
    pub fn has(&self, target: &Target) -> bool {
        match target {
            Target::Material(name) => self.materials.iter().any(|m| m.name == name),
            Target::Field(name) => self.form.field(name).is_some(),
        }
    }
}

impl std::fmt::Debug for ServiceItem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ServiceItem({})", self.slug)
    }
}

/// Records beside the registrations that an item's rules look at; loaded only for items that say so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Record {
    /// The person's entries in the patient ledger (IN-4).
    Stays,
    /// Closures of areas (XR-8).
    Closures,
}

/// A clause: rule of the domain document, source document and place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Basis {
    /// Rule id, for instance `XR-1`.
    pub rule: &'static str,
    /// Number of the source document.
    pub source: &'static str,
    /// Place in it.
    pub clause: &'static str,
}

/// A paper the item takes (材料). Its texts are `material-<name>`.
#[derive(Clone, Copy, Debug)]
pub struct Material {
    /// Name in API and texts.
    pub name: &'static str,
    /// Whether these answers need it.
    pub needed: fn(&Answers) -> bool,
    /// Whether it may follow later under pledge (CAS-4).
    pub deferrable: bool,
    /// Whether it tells of somebody's health, which needs separate consent (CAS-13).
    pub health: bool,
}

/// What an item's rules look at when a case is filed.
pub struct FilingFacts<'a> {
    /// The Beijing day of filing.
    pub today: Day,
    /// The pool's policy on that day.
    pub policy: Policy<'a>,
    /// Region codes and names.
    pub regions: &'a Regions,
    /// Prefecture code of the place of insurance.
    pub insured_at: &'a str,
    /// The person's registrations in any state.
    pub registrations: &'a [Registration],
    /// Their stays by the patient ledger of all pools, the latest first; of items that look at [`Record::Stays`].
    pub stays: &'a [Stay],
    /// Closures that were not withdrawn; of items that look at [`Record::Closures`].
    pub closures: &'a [Closure],
}

/// A filing that passed its rules.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// What lists and reports search.
    pub facts: Vec<(&'static str, String)>,
    /// What the filing does to records.
    pub effects: Vec<Effect>,
}

/// What stands against a filing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Answers break rules, each at its field.
    Fields(Vec<FieldError>),
    /// It overlaps with this registration (XR-2).
    Overlap(RegistrationId),
    /// Another open case changes or cancels this registration already (XR-2).
    Claimed(RegistrationId),
}

/// What a case does to the records that live on after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// A pending registration of this case.
    OpenRegistration {
        /// Kind (XR-1).
        kind: String,
        /// Prefecture or province code.
        destination: String,
        /// First day.
        start: Day,
        /// Last day.
        end: Option<Day>,
        /// What it takes the place of.
        replaces: Option<RegistrationId>,
        /// Pending until it is decided, or in force from the filing on (XR-3).
        standing: Standing,
    },
    /// The case rests on an entry of the patient ledger (XR-3).
    RestOn(Pool, PatientId),
    /// Marks a registration as being changed or cancelled by this case.
    ClaimRegistration(RegistrationId),
    /// The pending registration of this case comes into force; what it replaces ends the day before.
    ActivateRegistration,
    /// The registration this case claimed is cancelled.
    CancelRegistration,
    /// The pending registration of this case is dropped, claimed ones are free again.
    DropRegistration,
    /// The registration of this case is cancelled, in force or not.
    VoidRegistration,
    /// The registration of this case is recorded as one that could not be completed (XR-6).
    RecordRegistration,
}
