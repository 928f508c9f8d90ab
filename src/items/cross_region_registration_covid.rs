//! Registering a COVID patient who is treated away from home, without any paper (零材料异地就医备案, XR-3): identity comes
//! from login and registry, condition and days from the patient ledger. In force from the filing on; what the agency
//! checks afterwards never suspends it. Who is in no ledger states the condition under pledge.

use super::cross_region_registration::destination_errors;
use crate::domain::actor::Role;
use crate::domain::case::{Channel, Urgency};
use crate::domain::form::{Answers, Field, FieldError, FormSpec, Kind, Need, Prefill};
use crate::domain::item::{Basis, Checked, Effect, Fault, FilingFacts, Record, ServiceItem};
use crate::domain::patient::Stay;
use crate::domain::registration::{Standing, conflict};
use crate::domain::time::Day;
use crate::domain::workflow::standard;
use crate::domain::zero_material::{KIND, away, course, first_day, registered};

/// The item.
pub const ITEM: ServiceItem = ServiceItem {
    slug: "cross-region-registration-covid",
    audience: &[Role::Resident],
    basis: &[
        Basis {
            rule: "XR-3",
            source: "苏医保发〔2020〕3号",
            clause: "二(二)1",
        },
        Basis {
            rule: "XR-7",
            source: "苏医保发〔2020〕3号",
            clause: "二(二)2",
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
    on_end: &[Effect::VoidRegistration],
    on_record: &[Effect::RecordRegistration],
    looks_at: &[Record::Stays],
    sample,
};

/// Asked of who is in no ledger only, and then needed: [`check`] says so.
static FORM: FormSpec = FormSpec {
    version: 1,
    fields: &[
        Field {
            name: "destination",
            kind: Kind::Region,
            need: Need::Optional,
            prefill: None,
        },
        Field {
            name: "status",
            kind: Kind::Choice(&["suspected", "confirmed"]),
            need: Need::Optional,
            prefill: None,
        },
        Field {
            name: "admitted_on",
            kind: Kind::Day,
            need: Need::Optional,
            prefill: None,
        },
        Field {
            name: "phone",
            kind: Kind::Phone,
            need: Need::Optional,
            prefill: Some(Prefill::Phone),
        },
        Field {
            name: "pledge",
            kind: Kind::Pledge,
            need: Need::Optional,
            prefill: None,
        },
    ],
};

fn check(answers: &Answers, facts: &FilingFacts<'_>) -> Result<Checked, Fault> {
    let accepted = facts.policy.zero_material();
    let mut known = None;
    for stay in away(facts.stays, facts.insured_at, accepted) {
        match registered(stay, facts.registrations) {
            None => return by_ledger(stay, facts),
            Some(existing) => known = known.or(Some(existing.id)),
        }
    }
    let stated = ["destination", "status", "admitted_on"];
    if stated.iter().any(|field| answers.text(field).is_some()) {
        return by_pledge(answers, facts);
    }
    if let Some(existing) = known {
        return Err(Fault::Overlap(existing));
    }
    // Treated where they are insured: nothing is to be registered, and the ledger knows it.
    if facts.stays.iter().any(|stay| stay.status.is_covid()) {
        return Err(Fault::Fields(vec![FieldError::new(
            "destination",
            "treated-at-home",
        )]));
    }
    by_pledge(answers, facts)
}

/// Nothing is asked: place and days are the ledger's, before the filing too.
fn by_ledger(stay: &Stay, facts: &FilingFacts<'_>) -> Result<Checked, Fault> {
    let course = course(stay.admitted_on, stay.discharged_on);
    let destination = stay.pool.as_str();
    // XR-2
    let span = (course.start, course.end);
    if let Some(existing) = conflict(facts.registrations, destination, span, None) {
        return Err(Fault::Overlap(existing.id));
    }
    Ok(Checked {
        facts: named(destination, "ledger"),
        effects: vec![
            opened(destination, span, course.standing),
            Effect::RestOn(stay.pool, stay.patient),
        ],
    })
}

/// The condition is stated, and checked afterwards.
fn by_pledge(answers: &Answers, facts: &FilingFacts<'_>) -> Result<Checked, Fault> {
    let pledged = answers
        .iter()
        .any(|(name, value)| name == "pledge" && value == &serde_json::Value::Bool(true));
    let needed = ["destination", "status", "admitted_on"];
    let missing = needed.iter().filter(|field| answers.text(field).is_none());
    let mut errors: Vec<FieldError> = missing
        .copied()
        .chain((!pledged).then_some("pledge"))
        .map(|field| FieldError::new(field, "required"))
        .collect();
    if let Some(destination) = answers.text("destination") {
        errors.extend(destination_errors(destination, facts));
    }
    let admitted_on = answers.day("admitted_on");
    errors.extend(admitted_on.and_then(|day| impossible(day, facts.today)));
    let (Some(destination), Some(start), []) =
        (answers.text("destination"), admitted_on, errors.as_slice())
    else {
        return Err(Fault::Fields(errors));
    };
    // XR-2
    if let Some(existing) = conflict(facts.registrations, destination, (start, None), None) {
        return Err(Fault::Overlap(existing.id));
    }
    Ok(Checked {
        facts: named(destination, "pledge"),
        effects: vec![opened(destination, (start, None), Standing::Active)],
    })
}

fn impossible(admitted_on: Day, today: Day) -> Option<FieldError> {
    if admitted_on > today {
        Some(FieldError::new("admitted_on", "admitted-later"))
    } else if admitted_on < first_day() {
        Some(FieldError::new("admitted_on", "admitted-too-early").with("first", first_day()))
    } else {
        None
    }
}

fn named(destination: &str, rests_on: &str) -> Vec<(&'static str, String)> {
    vec![
        ("kind", KIND.to_owned()),
        ("destination", destination.to_owned()),
        ("rests-on", rests_on.to_owned()),
    ]
}

fn opened(destination: &str, (start, end): (Day, Option<Day>), standing: Standing) -> Effect {
    Effect::OpenRegistration {
        kind: KIND.to_owned(),
        destination: destination.to_owned(),
        start,
        end,
        replaces: None,
        standing,
    }
}

fn sample(today: Day) -> Option<Answers> {
    Some(Answers::from_iter([
        ("destination".to_owned(), "110100".into()),
        ("status".to_owned(), "confirmed".into()),
        ("admitted_on".to_owned(), today.to_string().into()),
        ("phone".to_owned(), "13800000000".into()),
        ("pledge".to_owned(), true.into()),
    ]))
}

#[cfg(test)]
mod tests;
