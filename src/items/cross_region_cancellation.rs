//! Cancelling a cross-region registration (XR-1).

use super::cross_region_change::subject;
use crate::domain::actor::Role;
use crate::domain::case::{Channel, Urgency};
use crate::domain::form::{Answers, Field, FormSpec, Kind, Need};
use crate::domain::item::{Basis, Checked, Effect, Fault, FilingFacts, ServiceItem};
use crate::domain::workflow::standard;

/// The item.
pub const ITEM: ServiceItem = ServiceItem {
    slug: "cross-region-cancellation",
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
    on_approval: &[Effect::CancelRegistration],
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
            name: "reason",
            kind: Kind::Text(500),
            need: Need::Always,
            prefill: None,
        },
    ],
};

fn check(answers: &Answers, facts: &FilingFacts<'_>) -> Result<Checked, Fault> {
    let registration = subject(answers, facts)?;
    Ok(Checked {
        facts: vec![
            ("kind", registration.kind.clone()),
            ("destination", registration.destination.clone()),
            ("registration", registration.id.to_string()),
        ],
        effects: vec![Effect::ClaimRegistration(registration.id)],
    })
}
