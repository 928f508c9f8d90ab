//! The objects of the API, as its description names them. No conversion lives here; see [`super::writing`].

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// A case as lists show it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseSummary {
    /// Receipt number (CAS-5).
    #[schema(example = "371000-20261123-00001-7")]
    pub receipt_no: String,
    /// Slug of the item.
    pub item: String,
    /// State by CAS-1.
    #[schema(example = "in_review")]
    pub state: &'static str,
    /// The item's own stage while `fulfilling`.
    pub stage: Option<String>,
    /// Number of events so far; every action takes the version it saw.
    pub version: u32,
    /// The last instant in time; null while the clock stands.
    #[schema(format = DateTime)]
    pub due_at: Option<String>,
    /// The due time touches a year without an arrangement of working days (CLK-2).
    pub provisional: bool,
    /// What the caller may do now, in the table's order.
    pub actions: Vec<&'static str>,
    /// When the clock started (CLK-4).
    #[schema(format = DateTime)]
    pub filed_at: String,
    /// How it came in.
    pub channel: &'static str,
    /// Urgency class (CAT-4).
    pub urgency: &'static str,
    /// Code of the agency that handles it.
    pub agency: String,
    /// Its name in the request's language.
    pub agency_name: String,
    /// The decision, once there is one.
    pub decision: Option<&'static str>,
    /// When the deadline was missed (CLK-7).
    #[schema(format = DateTime)]
    pub breached_at: Option<String>,
    /// The first answer was given (CLK-1).
    pub answered: bool,
    /// Who holds it: a name for staff, the agency's for applicants.
    pub holder: Option<String>,
    /// The person concerned.
    pub person: PersonView,
}

/// A case with everything in it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseView {
    /// What lists show.
    #[serde(flatten)]
    pub summary: CaseSummary,
    /// How it was decided, with reason, clause and remedies (CAS-6).
    pub outcome: Option<OutcomeView>,
    /// What was answered; phone numbers masked for staff.
    #[schema(value_type = Object)]
    pub answers: Map<String, Value>,
    /// Uploaded papers.
    pub materials: Vec<MaterialView>,
    /// Promised papers (CAS-4).
    pub obligations: Vec<ObligationView>,
    /// What the open supplement request names (CLK-6).
    pub missing: Vec<MissingView>,
    /// What waits for a second person (CAS-1); shown to staff.
    pub pending_approvals: Vec<ApprovalView>,
    /// What a registration without papers rests on (XR-3); absent for other items.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<BasisView>,
}

/// What a registration without papers rests on: either `ledger` or `pledge`.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct BasisView {
    /// The entry of the patient ledger.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ledger: Option<LedgerView>,
    /// True: the condition was stated under pledge, and no entry was found yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pledge: Option<bool>,
}

/// An entry of the patient ledger on which a registration rests.
#[derive(Debug, Serialize, ToSchema)]
pub struct LedgerView {
    /// Identifier of the entry.
    pub patient: String,
    /// Name of the institution.
    pub institution: String,
    /// Code of the prefecture of treatment.
    pub place: String,
    /// `suspected`, `confirmed` or `excluded`.
    pub status: &'static str,
    /// First day of the stay.
    #[schema(format = Date)]
    pub admitted_on: String,
    /// Last day; null while they are there.
    #[schema(format = Date)]
    pub discharged_on: Option<String>,
}

/// The person concerned.
#[derive(Debug, Serialize, ToSchema)]
pub struct PersonView {
    /// Name.
    pub name: String,
    /// ID number, masked; not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_number: Option<String>,
}

/// How a case was decided.
#[derive(Debug, Serialize, ToSchema)]
pub struct OutcomeView {
    /// The decision.
    pub decision: &'static str,
    /// When.
    #[schema(format = DateTime)]
    pub decided_at: String,
    /// Why.
    pub reason: Option<String>,
    /// The clause it rests on.
    pub clause: Option<String>,
    /// What can be done against it.
    pub remedies: Vec<RemedyView>,
}

/// A remedy (CAS-6).
#[derive(Debug, Serialize, ToSchema)]
pub struct RemedyView {
    /// `ask-agency`, `reconsideration` or `suit`.
    pub kind: &'static str,
    /// The body to turn to.
    pub body: String,
    /// Calendar days in which it can be sought.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    /// Calendar months in which it can be sought.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub months: Option<u32>,
    /// Still to be checked by the agency's lawyers.
    pub unchecked: bool,
}

/// An uploaded paper.
#[derive(Debug, Serialize, ToSchema)]
pub struct MaterialView {
    /// Identifier.
    pub id: String,
    /// Name of the item's material.
    pub material: String,
    /// The file's name as uploaded.
    pub file_name: String,
    /// Type by content.
    pub content_type: String,
    /// Bytes.
    pub size: i64,
    /// When it came.
    #[schema(format = DateTime)]
    pub uploaded_at: String,
}

/// A promised paper.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObligationView {
    /// Name of the item's material.
    pub material: String,
    /// Last day.
    #[schema(format = Date)]
    pub due_on: String,
    /// When it came.
    #[schema(format = DateTime)]
    pub met_at: Option<String>,
}

/// One missing thing: either `material` or `field`.
#[derive(Debug, Serialize, ToSchema)]
pub struct MissingView {
    /// A material of the item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub material: Option<String>,
    /// A field of the form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What is wrong with it.
    pub reason: String,
}

/// What waits for a second person.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApprovalView {
    /// Identifier, for `POST /api/v1/approvals/{id}/confirm`.
    pub id: String,
    /// The action asked for.
    pub action: &'static str,
    /// Name of who asked.
    pub asked_by: String,
    /// When.
    #[schema(format = DateTime)]
    pub asked_at: String,
}

/// An entry of the journal.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventView {
    /// 1, 2, 3 …
    pub number: u32,
    /// When, by the service's clock; order is by number.
    #[schema(format = DateTime)]
    pub at: String,
    /// What was done.
    pub action: &'static str,
    /// State before.
    pub from: &'static str,
    /// State after.
    pub to: &'static str,
    /// Who.
    pub actor: EventActor,
    /// The reason given, where it is meant for the reader.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The clause of a refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// Coded cause of a missed deadline, for staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breach_cause: Option<&'static str>,
    /// The cause in words, for staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub breach_words: Option<String>,
    /// What a supplement request names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<MissingView>,
}

/// Who did something.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventActor {
    /// Their role; `system` for timers.
    pub role: &'static str,
    /// Their name, for staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A registration (XR-1).
#[derive(Debug, Serialize, ToSchema)]
pub struct RegistrationView {
    /// Identifier.
    pub id: String,
    /// Kind of XR-1.
    pub kind: String,
    /// Code of the prefecture or province.
    pub destination: String,
    /// First day.
    #[schema(format = Date)]
    pub start: String,
    /// Last day; null when open.
    #[schema(format = Date)]
    pub end: Option<String>,
    /// `pending`, `active`, `ended`, `cancelled` or `recorded`.
    pub state: &'static str,
}

/// A handler to whom a case can be given.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffView {
    /// Account; fit for `to`.
    pub id: String,
    /// User name; fit for `to` as well.
    pub username: String,
    /// Name.
    pub name: String,
    /// Role.
    pub role: &'static str,
}
