//! Registering who could not go home "because of epidemic control or other reasons" (滞留异地备案, XR-8): a short form under
//! pledge. A recorded closure of the place is support; that there is none is a flag for the handler, never a refusal.

use super::cross_region_registration::{destination_errors, last_day};
use crate::domain::actor::Role;
use crate::domain::case::{Channel, Urgency};
use crate::domain::closure::supporting;
use crate::domain::form::{Answers, Field, FieldError, FormSpec, Kind, Need, Prefill};
use crate::domain::item::{Basis, Checked, Effect, Fault, FilingFacts, Record, ServiceItem};
use crate::domain::registration::{Standing, conflict};
use crate::domain::time::Day;
use crate::domain::workflow::standard;

/// The kind of these registrations: by it a settlement knows that costs in its time are settled directly.
pub const KIND: &str = "stranded";

/// The item.
pub const ITEM: ServiceItem = ServiceItem {
    slug: "cross-region-registration-stranded",
    audience: &[Role::Resident],
    basis: &[
        Basis {
            rule: "XR-8",
            source: "商医保发〔2022〕40号",
            clause: "14",
        },
        Basis {
            rule: "CLK-1",
            source: "苏医保发〔2020〕3号",
            clause: "二(二)3",
        },
    ],
    channels: &[
        Channel::Online,
        Channel::Mobile,
        Channel::Phone,
        Channel::OnBehalf,
    ],
    form: &FORM,
    materials: &[],
    urgency: Urgency::Special,
    urgent_reasons: &[],
    table: standard::REGISTERING,
    first_stage: None,
    check,
    on_approval: &[Effect::ActivateRegistration],
    on_end: &[Effect::DropRegistration],
    on_record: &[Effect::RecordRegistration],
    looks_at: &[Record::Closures],
    sample,
};

static FORM: FormSpec = FormSpec {
    version: 1,
    fields: &[
        Field {
            name: "destination",
            kind: Kind::Region,
            need: Need::Always,
            prefill: None,
        },
        Field {
            name: "since",
            kind: Kind::Day,
            need: Need::Always,
            prefill: None,
        },
        Field {
            name: "until",
            kind: Kind::Day,
            need: Need::Optional,
            prefill: None,
        },
        Field {
            name: "reason",
            kind: Kind::Choice(&["closure", "transport", "work", "other"]),
            need: Need::Always,
            prefill: None,
        },
        Field {
            name: "words",
            kind: Kind::Text(500),
            need: Need::Optional,
            prefill: None,
        },
        Field {
            name: "phone",
            kind: Kind::Phone,
            need: Need::Always,
            prefill: Some(Prefill::Phone),
        },
        Field {
            name: "pledge",
            kind: Kind::Pledge,
            need: Need::Always,
            prefill: None,
        },
    ],
};

fn check(answers: &Answers, facts: &FilingFacts<'_>) -> Result<Checked, Fault> {
    let missing = |field: &str| Fault::Fields(vec![FieldError::new(field, "required")]);
    let destination = answers
        .text("destination")
        .ok_or_else(|| missing("destination"))?;
    let since = answers.day("since").ok_or_else(|| missing("since"))?;
    let mut errors = destination_errors(destination, facts);
    if since > facts.today {
        errors.push(FieldError::new("since", "since-later"));
    }
    let until = last_day(KIND, since, answers.day("until"), facts).unwrap_or_else(|error| {
        errors.push(FieldError {
            field: "until".to_owned(),
            ..error
        });
        None
    });
    if !errors.is_empty() {
        return Err(Fault::Fields(errors));
    }
    // XR-2; XR-8: who was referred there or lives there is registered already.
    if let Some(existing) = conflict(facts.registrations, destination, (since, until), None) {
        return Err(Fault::Overlap(existing.id));
    }
    let mut named = vec![
        ("kind", KIND.to_owned()),
        ("destination", destination.to_owned()),
    ];
    if let Some(closure) = supporting(facts.closures, destination, (since, until)).next() {
        named.push(("closure", closure.id.to_string()));
        named.push(("closure-notice", closure.notice.clone()));
    }
    Ok(Checked {
        facts: named,
        effects: vec![Effect::OpenRegistration {
            kind: KIND.to_owned(),
            destination: destination.to_owned(),
            start: since,
            end: until,
            replaces: None,
            standing: Standing::Pending,
        }],
    })
}

fn sample(today: Day) -> Option<Answers> {
    Some(Answers::from_iter([
        ("destination".to_owned(), "310100".into()),
        ("since".to_owned(), today.to_string().into()),
        ("reason".to_owned(), "closure".into()),
        ("phone".to_owned(), "13800000000".into()),
        ("pledge".to_owned(), true.into()),
    ]))
}
