//! Reimbursement of costs that a person paid (零星报销, RB-1 to RB-6): what was paid, where and when, and where the money is to
//! go. The papers are uploaded or come by post. What is allowed of it is for the review and the settlement; nothing here
//! computes a payment.

mod reading;
#[cfg(test)]
mod tests;

use crate::domain::actor::Role;
use crate::domain::case::{Channel, Urgency};
use crate::domain::claim::Account;
use crate::domain::form::{Answers, Field, FieldError, FormSpec, Kind, Need, Prefill};
use crate::domain::item::{
    AT_COUNTER, Basis, Checked, Effect, Fault, FilingFacts, Material, Record, SENDING, ServiceItem,
};
use crate::domain::time::Day;
use crate::domain::workflow::standard;

/// Invoices of one claim at most.
pub const MOST_INVOICES: usize = 50;
/// Lines of one claim at most.
pub const MOST_LINES: usize = 500;

/// The item.
pub const ITEM: ServiceItem = ServiceItem {
    slug: "reimbursement",
    audience: &[Role::Resident],
    basis: &[
        Basis {
            rule: "RB-1",
            source: "苏医保发〔2020〕3号",
            clause: "二(三)1",
        },
        Basis {
            rule: "SET-1",
            source: "苏医保发〔2020〕3号",
            clause: "四(一)",
        },
    ],
    channels: &[
        Channel::Online,
        Channel::Mobile,
        Channel::Mail,
        Channel::Counter,
        Channel::Phone,
        Channel::OnBehalf,
    ],
    form: &FORM,
    materials: &[
        Material {
            name: "invoice",
            counted: false,
            needed: uploaded,
            deferrable: false,
            health: true,
        },
        Material {
            name: "cost-list",
            counted: true,
            needed: uploaded,
            deferrable: true,
            health: true,
        },
        Material {
            name: "discharge-record",
            counted: false,
            needed: uploaded_stay,
            deferrable: true,
            health: true,
        },
    ],
    urgency: Urgency::Routine,
    urgent_reasons: &[],
    table: standard::REIMBURSING,
    papers_by_post: by_post,
    first_stage: Some(standard::PAYMENT),
    check,
    on_approval: &[],
    on_end: &[Effect::FreeInvoices],
    on_record: &[],
    looks_at: &[Record::Institution],
    sample,
};

const fn field(name: &'static str, kind: Kind, need: Need) -> Field {
    Field {
        name,
        kind,
        need,
        prefill: None,
    }
}

static FORM: FormSpec = FormSpec {
    version: 1,
    fields: &[
        field(
            "care",
            Kind::Choice(&["inpatient", "outpatient", "emergency", "internet"]),
            Need::Always,
        ),
        field("institution", Kind::Institution, Need::Optional),
        field(
            "institution_name",
            Kind::Text(100),
            Need::Unless("institution"),
        ),
        field(
            "institution_level",
            Kind::Choice(&["0", "1", "2", "3"]),
            Need::Unless("institution"),
        ),
        field(
            "institution_region",
            Kind::Region,
            Need::Unless("institution"),
        ),
        field("from", Kind::Day, Need::Always),
        field("to", Kind::Day, Need::Optional),
        field("diagnoses", Kind::Text(200), Need::Always),
        field(
            "covid",
            Kind::Choice(&["none", "suspected", "confirmed"]),
            Need::Always,
        ),
        field(
            "invoices",
            Kind::Rows {
                columns: INVOICE,
                most: MOST_INVOICES,
            },
            Need::Always,
        ),
        field(
            SENDING,
            Kind::Choice(&["upload", "post", AT_COUNTER]),
            Need::Always,
        ),
        field(
            "lines",
            Kind::Rows {
                columns: LINE,
                most: MOST_LINES,
            },
            Need::Optional,
        ),
        field("account_holder", Kind::Text(60), Need::Always),
        field("bank", Kind::Text(60), Need::Always),
        field(
            "account_kind",
            Kind::Choice(&["card", "passbook"]),
            Need::Always,
        ),
        field("account", Kind::Account, Need::Always),
        Field {
            name: "phone",
            kind: Kind::Phone,
            need: Need::Always,
            prefill: Some(Prefill::Phone),
        },
        field("pledge", Kind::Pledge, Need::Always),
    ],
};

/// Columns of an invoice.
const INVOICE: &[Field] = &[
    field("number", Kind::Text(40), Need::Always),
    field("issued_on", Kind::Day, Need::Always),
    field("total", Kind::Money, Need::Always),
];

/// Columns of a line of the costs.
const LINE: &[Field] = &[
    field("day", Kind::Day, Need::Always),
    field("name", Kind::Text(100), Need::Always),
    field("code", Kind::Text(30), Need::Optional),
    field(
        "class",
        Kind::Choice(&["A", "B", "outside"]),
        Need::Optional,
    ),
    field("own_share", Kind::Text(8), Need::Optional),
    field("protocol", Kind::Choice(&["yes", "no"]), Need::Optional),
    field("amount", Kind::Money, Need::Always),
];

/// RB-1: the papers come by post.
fn by_post(answers: &Answers) -> bool {
    answers.text(SENDING) == Some("post")
}

/// RB-3: they were handed over at the counter.
fn at_counter(answers: &Answers) -> bool {
    answers.text(SENDING) == Some(AT_COUNTER)
}

fn uploaded(answers: &Answers) -> bool {
    !by_post(answers) && !at_counter(answers)
}

fn uploaded_stay(answers: &Answers) -> bool {
    uploaded(answers) && answers.text("care") == Some("inpatient")
}

/// The account that answers name, for who puts it right later (RB-6).
///
/// # Errors
/// Every fault at its field.
pub fn account(answers: &Answers) -> Result<Account, Vec<FieldError>> {
    reading::account_alone(answers)
}

/// The questions of the account.
pub fn account_fields() -> impl Iterator<Item = &'static Field> {
    let names = ["account_holder", "bank", "account_kind", "account"];
    names.into_iter().filter_map(|name| FORM.field(name))
}

fn check(answers: &Answers, facts: &FilingFacts<'_>) -> Result<Checked, Fault> {
    let claim = reading::claim(answers, facts).map_err(Fault::Fields)?;
    Ok(Checked {
        facts: vec![
            ("care", claim.care.as_str().to_owned()),
            ("covid", claim.covid.as_str().to_owned()),
        ],
        effects: vec![Effect::OpenClaim(Box::new(claim))],
    })
}

fn sample(today: Day) -> Option<Answers> {
    let day = today - chrono::Days::new(10);
    let object = serde_json::json!({
        "care": "outpatient",
        "institution_name": "示例医院",
        "institution_level": "2",
        "institution_region": "371002",
        "from": day.to_string(),
        "to": day.to_string(),
        "diagnoses": "I10",
        "covid": "none",
        "invoices": [{ "number": format!("37{}01", today.format("%Y%m%d")), "issued_on": day.to_string(), "total": 20_010 }],
        "sending": "post",
        "lines": [{ "day": day.to_string(), "name": "示例药品", "class": "A", "amount": 20_010 }],
        "account_holder": "示例",
        "bank": "示例银行",
        "account_kind": "card",
        "account": "6222020000000000000",
        "phone": "13800000000",
        "pledge": true,
    });
    let raw = object.as_object()?;
    FORM.read(raw).ok()
}

/// A fault at a field of the form.
fn wrong(field: &str, code: &str) -> FieldError {
    FieldError::new(field, code)
}
