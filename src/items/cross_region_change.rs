//! Changing a cross-region registration: the old one ends and the new one starts in one step (XR-2).

use super::cross_region_registration::{destination_errors, last_day};
use crate::domain::actor::Role;
use crate::domain::case::{Channel, Urgency};
use crate::domain::form::{Answers, Field, FieldError, FormSpec, Kind, Need, Prefill};
use crate::domain::ids::RegistrationId;
use crate::domain::item::{Basis, Checked, Effect, Fault, FilingFacts, ServiceItem};
use crate::domain::registration::{Registration, Standing, conflict};
use crate::domain::workflow::standard;
use crate::domain::zero_material;

/// The item.
pub const ITEM: ServiceItem = ServiceItem {
    slug: "cross-region-change",
    audience: &[Role::Resident],
    basis: &[
        Basis {
            rule: "XR-2",
            source: "苏医保发〔2020〕3号",
            clause: "二(二)3",
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
    urgency: Urgency::Routine,
    urgent_reasons: &[],
    table: standard::ONLINE,
    first_stage: None,
    check,
    on_approval: &[Effect::ActivateRegistration],
    on_end: &[Effect::DropRegistration],
    on_record: &[],
    looks_at: &[],
    sample: |_| None,
};

static FORM: FormSpec = FormSpec {
    version: 1,
    fields: &[
        Field {
            name: "registration",
            kind: Kind::Registration,
            need: Need::Always,
            prefill: None,
        },
        Field {
            name: "destination",
            kind: Kind::Region,
            need: Need::Always,
            prefill: None,
        },
        Field {
            name: "start",
            kind: Kind::Day,
            need: Need::Always,
            prefill: Some(Prefill::Today),
        },
        Field {
            name: "end",
            kind: Kind::Day,
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

/// The registration a change or cancellation is about: the applicant's own, in force, and not in the
/// hands of another open case.
pub(super) fn subject<'a>(
    answers: &Answers,
    facts: &'a FilingFacts<'_>,
) -> Result<&'a Registration, Fault> {
    let unknown = || {
        Fault::Fields(vec![FieldError::new(
            "registration",
            "registration-unknown",
        )])
    };
    let id: RegistrationId = answers
        .text("registration")
        .and_then(|id| id.parse().ok())
        .ok_or_else(unknown)?;
    let registration = facts
        .registrations
        .iter()
        .find(|r| r.id == id)
        .ok_or_else(unknown)?;
    // XR-3
    if registration.kind == zero_material::KIND {
        return Err(Fault::Fields(vec![FieldError::new(
            "registration",
            "registration-follows-ledger",
        )]));
    }
    if registration.standing != Standing::Active {
        return Err(Fault::Fields(vec![FieldError::new(
            "registration",
            "registration-not-active",
        )]));
    }
    match registration.claimed_by {
        Some(_) => Err(Fault::Claimed(id)),
        None => Ok(registration),
    }
}

fn check(answers: &Answers, facts: &FilingFacts<'_>) -> Result<Checked, Fault> {
    let old = subject(answers, facts)?;
    let missing = |field: &str| Fault::Fields(vec![FieldError::new(field, "required")]);
    let destination = answers
        .text("destination")
        .ok_or_else(|| missing("destination"))?;
    let start = answers.day("start").ok_or_else(|| missing("start"))?;
    let mut errors = destination_errors(destination, facts);
    if start < old.start {
        errors.push(FieldError::new("start", "start-before-old").with("start", old.start));
    }
    let end = last_day(&old.kind, start, answers.day("end"), facts).unwrap_or_else(|error| {
        errors.push(error);
        None
    });
    if !errors.is_empty() {
        return Err(Fault::Fields(errors));
    }
    // XR-2: the one it replaces is left aside.
    if let Some(existing) = conflict(facts.registrations, destination, (start, end), Some(old.id)) {
        return Err(Fault::Overlap(existing.id));
    }
    Ok(Checked {
        facts: vec![
            ("kind", old.kind.clone()),
            ("destination", destination.to_owned()),
            ("registration", old.id.to_string()),
        ],
        effects: vec![
            Effect::ClaimRegistration(old.id),
            Effect::OpenRegistration {
                kind: old.kind.clone(),
                destination: destination.to_owned(),
                start,
                end,
                replaces: Some(old.id),
                standing: Standing::Pending,
            },
        ],
    })
}
