//! From what use cases found to the objects of the API. What a reader may see of a case was weighed by the use case; here it is written
//! down, masked: ID numbers show three and four characters, phone numbers three and four.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::views::{
    ApprovalView, BasisView, CaseSummary, CaseView, EventActor, EventView, LedgerView,
    MaterialView, MissingView, ObligationView, OutcomeView, PersonView, RegistrationView,
    RemedyView, StaffView,
};
use crate::domain::actor::{Role, Sight};
use crate::domain::case::{ClockState, State};
use crate::domain::event::{Change, Missing, Target};
use crate::domain::form::Kind;
use crate::domain::id_number::IdNumber;
use crate::domain::ids::AccountId;
use crate::domain::item::ServiceItem;
use crate::domain::locale::Locale;
use crate::domain::phone::Phone;
use crate::domain::policy::terms::{LegalCheck, Period, Remedy, RemedyKind};
use crate::domain::registration::Registration;
use crate::domain::time::Day;
use crate::domain::workflow::Action;
use crate::store::accounts::Colleague;
use crate::store::journal::Entry;
use crate::usecases::App;
use crate::usecases::viewing::{Full, Summary, words_for};
use crate::usecases::zero_material::RestsOn;

/// What cases are written down with.
#[derive(Clone, Copy)]
pub struct Writer<'a> {
    /// The service.
    pub app: &'a App,
    /// Language of names.
    pub locale: Locale,
}

impl Writer<'_> {
    /// A case of a list.
    pub fn summary(self, summary: &Summary, names: &BTreeMap<AccountId, String>) -> CaseSummary {
        let case = &summary.listed.case;
        let agency_name = self.agency_name(summary);
        let holder = case.holder.map(|holder| match summary.sight {
            Sight::Office => names.get(&holder).cloned().unwrap_or_default(),
            Sight::Own | Sight::None => agency_name.clone(),
        });
        let provisional = matches!(case.clock, ClockState::Running { term } if term.provisional);
        CaseSummary {
            receipt_no: case.receipt_no.clone(),
            item: case.item.clone(),
            state: case.state.as_str(),
            stage: case.stage.clone(),
            version: case.version,
            due_at: case.due().map(|due| due.rfc3339()),
            provisional,
            actions: summary.actions.iter().map(|a| a.as_str()).collect(),
            filed_at: case.filed_at.rfc3339(),
            channel: case.channel.as_str(),
            urgency: case.urgency.as_str(),
            agency: case.agency.to_string(),
            agency_name,
            decision: case.decision.map(|decision| decision.as_str()),
            breached_at: case.breached_at.map(|at| at.rfc3339()),
            answered: case.answered,
            holder,
            person: PersonView {
                name: summary.listed.person_name.clone(),
                id_number: None,
            },
        }
    }

    /// A case with everything in it.
    pub fn case(self, full: &Full) -> CaseView {
        let sight = full.summary.sight;
        let case = &full.summary.listed.case;
        let mut summary = self.summary(&full.summary, &full.names);
        summary.person.id_number = Some(masked_id(&full.person.id_number));
        let missing = match case.state {
            State::SupplementRequested => full.missing.iter().map(missing).collect(),
            _ => vec![],
        };
        let pending_approvals = match sight {
            Sight::Office => approvals(full),
            Sight::Own | Sight::None => vec![],
        };
        CaseView {
            summary,
            outcome: self.outcome(full),
            answers: answers(full, sight),
            materials: full.materials.iter().map(material).collect(),
            obligations: full
                .obligations
                .iter()
                .map(|o| ObligationView {
                    material: o.material.clone(),
                    due_on: o.due_on.to_string(),
                    met_at: o.met_at.map(|at| at.rfc3339()),
                })
                .collect(),
            missing,
            pending_approvals,
            basis: full
                .ground
                .as_ref()
                .and_then(|ground| basis(&ground.rests_on)),
        }
    }

    fn agency_name(self, summary: &Summary) -> String {
        let agencies = self.app.office.agencies();
        agencies
            .get(&summary.listed.case.agency)
            .map(|agency| match self.locale {
                Locale::Zh => agency.name_zh.clone(),
                Locale::En => agency.name_en.clone(),
            })
            .unwrap_or_default()
    }

    fn outcome(self, full: &Full) -> Option<OutcomeView> {
        let case = &full.summary.listed.case;
        let decision = case.decision?;
        let entry = full
            .entries
            .iter()
            .rev()
            .find(|entry| matches!(entry.event.change, Change::Decided { .. }))?;
        let words = words_for(full.summary.sight, entry);
        let remedies = match case.state {
            State::Refused | State::NotAccepted => {
                let policy = self.app.office.policies.on(case.pool, entry.event.at.day());
                let stated = &policy.remedies().value;
                stated.iter().map(|r| remedy(r, self.locale)).collect()
            }
            _ => vec![],
        };
        Some(OutcomeView {
            decision: decision.as_str(),
            decided_at: entry.event.at.rfc3339(),
            reason: words.reason,
            clause: words.clause,
            remedies,
        })
    }
}

/// What a registration without papers rests on (XR-3).
fn basis(rests_on: &RestsOn) -> Option<BasisView> {
    match rests_on {
        RestsOn::Ledger(entry) => Some(BasisView {
            ledger: Some(LedgerView {
                patient: entry.stay.patient.to_string(),
                institution: entry.institution_name.clone(),
                place: entry.stay.pool.to_string(),
                status: entry.stay.status.as_str(),
                admitted_on: entry.stay.admitted_on.to_string(),
                discharged_on: entry.stay.discharged_on.map(|day| day.to_string()),
            }),
            pledge: None,
        }),
        RestsOn::Pledge => Some(BasisView {
            ledger: None,
            pledge: Some(true),
        }),
        RestsOn::Closures(_) => None,
    }
}

/// An entry of the journal, as the reader of `full` gets it.
pub fn event(full: &Full, entry: &Entry) -> EventView {
    let sight = full.summary.sight;
    let event = &entry.event;
    let words = words_for(sight, entry);
    let for_staff = sight == Sight::Office;
    let breach_cause = match &event.change {
        Change::Proposed { breach_cause, .. } | Change::Decided { breach_cause, .. } => {
            breach_cause.filter(|_| for_staff).map(|c| c.as_str())
        }
        _ => None,
    };
    EventView {
        number: event.number,
        at: event.at.rfc3339(),
        action: event.action.as_str(),
        from: event.from.as_str(),
        to: event.to.as_str(),
        actor: EventActor {
            role: event.role.map_or("system", Role::as_str),
            name: event
                .actor
                .filter(|_| for_staff)
                .and_then(|actor| full.names.get(&actor).cloned()),
        },
        reason: words.reason,
        clause: words.clause,
        breach_cause,
        breach_words: words.breach,
        missing: words.missing.iter().map(missing).collect(),
    }
}

/// A registration as it stands on a day.
pub fn registration(registration: &Registration, today: Day) -> RegistrationView {
    RegistrationView {
        id: registration.id.to_string(),
        kind: registration.kind.clone(),
        destination: registration.destination.clone(),
        start: registration.start.to_string(),
        end: registration.end.map(|end| end.to_string()),
        state: registration.standing_on(today).as_str(),
    }
}

/// A handler.
pub fn staff(colleague: Colleague) -> StaffView {
    StaffView {
        id: colleague.account.to_string(),
        username: colleague.username,
        name: colleague.name,
        role: colleague.role.as_str(),
    }
}

/// An uploaded paper.
pub fn material(material: &crate::store::papers::Material) -> MaterialView {
    MaterialView {
        id: material.id.to_string(),
        material: material.name.clone(),
        file_name: material.file_name.clone(),
        content_type: material.content_type.clone(),
        size: material.size,
        uploaded_at: material.uploaded_at.rfc3339(),
    }
}

fn approvals(full: &Full) -> Vec<ApprovalView> {
    let version = full.summary.listed.case.version;
    full.asked
        .iter()
        // What was asked about an older version can no longer be confirmed.
        .filter(|asked| asked.case_version == version)
        .map(|asked| {
            let action: Action = asked.command.action();
            ApprovalView {
                id: asked.id.to_string(),
                action: action.as_str(),
                asked_by: full.names.get(&asked.asked_by).cloned().unwrap_or_default(),
                asked_at: asked.asked_at.rfc3339(),
            }
        })
        .collect()
}

fn answers(full: &Full, sight: Sight) -> Map<String, Value> {
    let item: &ServiceItem = full.summary.item;
    full.answers
        .iter()
        .map(|(name, value)| {
            let is_phone = item
                .form
                .field(name)
                .is_some_and(|field| matches!(field.kind, Kind::Phone));
            let value = match (sight, is_phone, value.as_str()) {
                (Sight::Office, true, Some(phone)) => {
                    Value::from(Phone::parse(phone).map_or_else(|_| hidden(), |p| p.masked()))
                }
                _ => value.clone(),
            };
            (name.to_owned(), value)
        })
        .collect()
}

fn masked_id(number: &str) -> String {
    IdNumber::from_stored(number).map_or_else(|_| hidden(), |number| number.masked())
}

/// What can't be masked is not shown at all.
fn hidden() -> String {
    "****".to_owned()
}

fn missing(missing: &Missing) -> MissingView {
    let (material, field) = match &missing.target {
        Target::Material(name) => (Some(name.clone()), None),
        Target::Field(name) => (None, Some(name.clone())),
    };
    MissingView {
        material,
        field,
        reason: missing.reason.clone(),
    }
}

fn remedy(remedy: &Remedy, locale: Locale) -> RemedyView {
    let (days, months) = match remedy.period {
        Some(Period::Days(days)) => (Some(days.0), None),
        Some(Period::Months(months)) => (None, Some(months.0)),
        None => (None, None),
    };
    RemedyView {
        kind: match remedy.kind {
            RemedyKind::AskAgency => "ask-agency",
            RemedyKind::Reconsideration => "reconsideration",
            RemedyKind::Suit => "suit",
        },
        body: match locale {
            Locale::Zh => remedy.body_zh.clone(),
            Locale::En => remedy.body_en.clone(),
        },
        days,
        months,
        unchecked: remedy.check == LegalCheck::Needed,
    }
}
