//! Filing a routine cross-region registration (异地就医备案, XR-1, XR-2), bound to CLK-1's one working day.

use crate::domain::actor::Role;
use crate::domain::case::{Channel, Urgency};
use crate::domain::deadline::plus_months_clamped;
use crate::domain::form::{Answers, Field, FieldError, FormSpec, Kind, Need, Prefill};
use crate::domain::item::{Basis, Checked, Effect, Fault, FilingFacts, Material, ServiceItem};
use crate::domain::region::RegionCode;
use crate::domain::registration::{Standing, conflict};
use crate::domain::time::Day;
use crate::domain::workflow::standard;

/// The item.
pub const ITEM: ServiceItem = ServiceItem {
    slug: "cross-region-registration",
    audience: &[Role::Resident],
    basis: &[
        Basis {
            rule: "XR-1",
            source: "苏医保发〔2020〕3号",
            clause: "二(二)3",
        },
        Basis {
            rule: "CLK-1",
            source: "苏医保发〔2020〕3号",
            clause: "二(二)3",
        },
        Basis {
            rule: "XR-8",
            source: "商医保发〔2022〕40号",
            clause: "14",
        },
    ],
    channels: &[
        Channel::Online,
        Channel::Mobile,
        Channel::Phone,
        Channel::OnBehalf,
    ],
    form: &FORM,
    materials: &[REFERRAL_SLIP],
    urgency: Urgency::Routine,
    urgent_reasons: &["in-hospital", "discharge-today", "emergency-transfer"],
    table: standard::REGISTERING,
    first_stage: None,
    check,
    on_approval: &[Effect::ActivateRegistration],
    on_end: &[Effect::DropRegistration],
    on_record: &[Effect::RecordRegistration],
    looks_at: &[],
    sample,
};

/// Kinds of XR-1.
pub const KINDS: &[&str] = &[
    "long-term-residence",
    "settled-retirement",
    "posted-worker",
    "referral",
    "emergency",
    "other-temporary",
];

/// The slip of the referring hospital; may follow later (CAS-4).
pub const REFERRAL_SLIP: Material = Material {
    name: "referral-slip",
    needed: |answers| answers.text("kind") == Some("referral"),
    deferrable: true,
    health: true,
};

static FORM: FormSpec = FormSpec {
    version: 1,
    fields: &[
        Field {
            name: "kind",
            kind: Kind::Choice(KINDS),
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

/// The answers as the rules read them.
struct Registration {
    kind: String,
    destination: String,
    start: Day,
    end: Option<Day>,
}

impl TryFrom<&Answers> for Registration {
    type Error = FieldError;

    fn try_from(answers: &Answers) -> Result<Self, FieldError> {
        let missing = |field: &str| FieldError::new(field, "required");
        Ok(Self {
            kind: answers
                .text("kind")
                .ok_or_else(|| missing("kind"))?
                .to_owned(),
            destination: answers
                .text("destination")
                .ok_or_else(|| missing("destination"))?
                .to_owned(),
            start: answers.day("start").ok_or_else(|| missing("start"))?,
            end: answers.day("end"),
        })
    }
}

fn check(answers: &Answers, facts: &FilingFacts<'_>) -> Result<Checked, Fault> {
    let registration = Registration::try_from(answers).map_err(|e| Fault::Fields(vec![e]))?;
    let mut errors = destination_errors(&registration.destination, facts);
    let end = match last_day(
        &registration.kind,
        registration.start,
        registration.end,
        facts,
    ) {
        Ok(end) => end,
        Err(error) => {
            errors.push(error);
            None
        }
    };
    if !errors.is_empty() {
        return Err(Fault::Fields(errors));
    }
    // XR-2
    if let Some(existing) = conflict(
        facts.registrations,
        &registration.destination,
        (registration.start, end),
        None,
    ) {
        return Err(Fault::Overlap(existing.id));
    }
    Ok(Checked {
        facts: vec![
            ("kind", registration.kind.clone()),
            ("destination", registration.destination.clone()),
        ],
        effects: vec![Effect::OpenRegistration {
            kind: registration.kind,
            destination: registration.destination,
            start: registration.start,
            end,
            replaces: None,
            standing: Standing::Pending,
        }],
    })
}

/// The destination is a known prefecture or province other than the place of insurance.
pub(super) fn destination_errors(destination: &str, facts: &FilingFacts<'_>) -> Vec<FieldError> {
    let known = RegionCode::parse(destination)
        .is_some_and(|code| facts.regions.destination(code) == Some(code));
    if !known {
        vec![FieldError::new("destination", "region-unknown")]
    } else if destination == facts.insured_at {
        vec![FieldError::new("destination", "destination-is-home")]
    } else {
        vec![]
    }
}

/// The last day by XR-1: long-term kinds end when told to, temporary ones by the pack's default and at the
/// longest.
///
/// # Errors
/// At `end`: before the start, or later than the pack allows.
pub(super) fn last_day(
    kind: &str,
    start: Day,
    end: Option<Day>,
    facts: &FilingFacts<'_>,
) -> Result<Option<Day>, FieldError> {
    if end.is_some_and(|end| end < start) {
        return Err(FieldError::new("end", "end-before-start"));
    }
    let temporary = facts
        .policy
        .temporary_kinds()
        .value
        .iter()
        .any(|k| k == kind);
    if !temporary {
        return Ok(end);
    }
    let longest = facts.policy.registration_longest().value.0;
    // Twelve months from the 1st end on the last day before the same date.
    let latest = last_of(start, longest);
    match end {
        None => Ok(Some(last_of(
            start,
            facts.policy.registration_default().value.0,
        ))),
        Some(end) if end > latest => Err(FieldError::new("end", "term-too-long")
            .with("months", longest)
            .with("latest", latest)),
        Some(end) => Ok(Some(end)),
    }
}

/// The last day of so many months from `start` on.
fn last_of(start: Day, months: u32) -> Day {
    plus_months_clamped(start, months)
        .pred_opt()
        .unwrap_or(start)
}

fn sample(today: Day) -> Option<Answers> {
    let day = |ahead| (today + chrono::Days::new(ahead)).to_string();
    Some(Answers::from_iter([
        ("kind".to_owned(), "other-temporary".into()),
        ("destination".to_owned(), "110100".into()),
        ("start".to_owned(), day(2).into()),
        ("end".to_owned(), day(32).into()),
        ("phone".to_owned(), "13800000000".into()),
        ("pledge".to_owned(), true.into()),
    ]))
}
