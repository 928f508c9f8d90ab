//! The keys a pack may use and the kind of each: the one list that files, accessors and output go by.
//! A key that is not here is refused. Keys that end in `.*` are families: the last part is a slug.

/// The kind of a key's value; it fixes unit and form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A count, zero or more.
    Integer,
    /// Money, fen.
    Fen,
    /// A ratio, basis points.
    BasisPoints,
    /// Working days, one or more.
    WorkingDays,
    /// Calendar days.
    Days,
    /// Calendar months.
    Months,
    /// A Beijing day.
    Date,
    /// Words.
    Text,
    /// One of the names.
    OneOf(&'static [&'static str]),
    /// Some of the names; any names when none are given.
    List(&'static [&'static str]),
    /// Days before an end, falling.
    DaysBefore,
    /// Hours of business, `08:30-12:00`.
    Hours,
    /// Lines of these columns.
    Table(&'static [Column]),
    /// A table whose column `share` (basis points) must sum to the whole.
    Shares(&'static [Column]),
}

impl Kind {
    /// Its name in messages and in the output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Integer => "integer",
            Self::Fen => "fen",
            Self::BasisPoints => "basis-points",
            Self::WorkingDays => "working-days",
            Self::Days => "days",
            Self::Months => "months",
            Self::Date => "date",
            Self::Text => "text",
            Self::OneOf(_) => "option",
            Self::List(_) => "list",
            Self::DaysBefore => "days-before",
            Self::Hours => "hours",
            Self::Table(_) | Self::Shares(_) => "table",
        }
    }
}

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// The kind of its cells; tables do not nest.
    pub kind: CellKind,
    /// Whether a line may leave it out.
    pub need: Need,
}

/// What a cell can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellKind {
    /// A count.
    Integer,
    /// Money, fen.
    Fen,
    /// A ratio.
    BasisPoints,
    /// A Beijing day.
    Date,
    /// Words.
    Text,
    /// One of the names.
    OneOf(&'static [&'static str]),
}

impl From<CellKind> for Kind {
    fn from(kind: CellKind) -> Self {
        match kind {
            CellKind::Integer => Self::Integer,
            CellKind::Fen => Self::Fen,
            CellKind::BasisPoints => Self::BasisPoints,
            CellKind::Date => Self::Date,
            CellKind::Text => Self::Text,
            CellKind::OneOf(names) => Self::OneOf(names),
        }
    }
}

/// Whether a line must have the column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Every line has it.
    Required,
    /// A line may leave it out.
    Optional,
}

const fn col(name: &'static str, kind: CellKind) -> Column {
    Column {
        name,
        kind,
        need: Need::Required,
    }
}

const fn may(name: &'static str, kind: CellKind) -> Column {
    Column {
        name,
        kind,
        need: Need::Optional,
    }
}

const COVID: &[&str] = &["confirmed", "suspected"];
const CARE: &[&str] = &["inpatient", "outpatient"];
const SCHEME: CellKind = CellKind::OneOf(&["employee", "resident"]);
const CATALOGUE: Kind = Kind::OneOf(&["all-as-class-a", "outside-catalogue-as-class-a"]);
const SUBSIDY: Kind = Kind::OneOf(&["all-left-to-the-person", "none"]);
const INSURANCES: &[&str] = &["medical", "maternity"];

const REMEDIES: &[Column] = &[
    col(
        "remedy",
        CellKind::OneOf(&["ask-agency", "reconsideration", "suit"]),
    ),
    col("body_zh", CellKind::Text),
    col("body_en", CellKind::Text),
    may("period", CellKind::Integer),
    may("unit", CellKind::OneOf(&["days", "months"])),
    col("check", CellKind::OneOf(&["agency-lawyers", "none"])),
];
const RETENTION: &[Column] = &[
    col("record", CellKind::Text),
    col("years", CellKind::Integer),
];
const INPATIENT: &[Column] = &[
    col("scheme", SCHEME),
    col("level", CellKind::Integer),
    col("deductible", CellKind::Fen),
    col("ratio", CellKind::BasisPoints),
];
const OUTPATIENT: &[Column] = &[
    col("scheme", SCHEME),
    col("deductible", CellKind::Fen),
    col("ratio", CellKind::BasisPoints),
    col("cap", CellKind::Fen),
];
const CAPS: &[Column] = &[col("scheme", SCHEME), col("cap", CellKind::Fen)];
const REDUCTION: &[Column] = &[
    col("registered", CellKind::OneOf(&["yes", "no"])),
    col("points", CellKind::BasisPoints),
];
const BANDS: &[Column] = &[
    col("above", CellKind::Fen),
    may("up_to", CellKind::Fen),
    col("ratio", CellKind::BasisPoints),
];
const AID: &[Column] = &[
    col("category", CellKind::Text),
    col("ratio", CellKind::BasisPoints),
    may("yearly_limit", CellKind::Fen),
];
const SHARES: &[Column] = &[
    col(
        "payer",
        CellKind::OneOf(&[
            "centre",
            "province-and-above",
            "province",
            "city",
            "county",
            "unallocated",
        ]),
    ),
    col("share", CellKind::BasisPoints),
];
const CLAIM_UNTIL: &[Column] = &[
    col("cost_year", CellKind::Integer),
    col("until", CellKind::Date),
];
const DISEASES: &[Column] = &[
    col("icd10", CellKind::Text),
    col("zh", CellKind::Text),
    col("en", CellKind::Text),
];

/// Every key with its kind, in the order of domain sections.
pub const KEYS: &[(&str, Kind)] = &[
    // Clock.
    ("limits.fixed-items", Kind::List(&[])),
    ("limits.first-answer.*", Kind::WorkingDays),
    ("limits.whole-case.*", Kind::WorkingDays),
    ("limits.contact-answer", Kind::WorkingDays),
    ("limits.urgent-hours", Kind::Integer),
    ("office.hours", Kind::Hours),
    ("office.hotline", Kind::Text),
    ("messages.sms-hours", Kind::Hours),
    // Cases.
    ("supplement.lapse", Kind::Days),
    ("supplement.reminders", Kind::DaysBefore),
    ("parcel.lapse", Kind::Days),
    ("parcel.reminders", Kind::DaysBefore),
    ("obligation.term", Kind::Days),
    ("obligation.reminders", Kind::DaysBefore),
    ("second-review.sample", Kind::BasisPoints),
    ("draft.keep", Kind::Days),
    ("consent.text-version", Kind::Text),
    ("remedies", Kind::Table(REMEDIES)),
    ("lookup.id-digits", Kind::Integer),
    ("lookup.tries-per-hour", Kind::Integer),
    ("retention", Kind::Table(RETENTION)),
    // Cross-region registration.
    ("registration.temporary-kinds", Kind::List(&[])),
    ("registration.temporary-default", Kind::Months),
    ("registration.temporary-longest", Kind::Months),
    ("registration.zero-material", Kind::List(COVID)),
    ("registration.reduction-waived", Kind::List(COVID)),
    (
        "registration.green-channel",
        Kind::OneOf(&["short-form-under-pledge"]),
    ),
    ("registration.by-employer", Kind::List(&["list", "pledge"])),
    // Reimbursement.
    (
        "reimbursement.ways",
        Kind::List(&["mail", "appointment", "counter-intake"]),
    ),
    ("reimbursement.claim-after-year", Kind::Months),
    ("reimbursement.claim-until", Kind::Table(CLAIM_UNTIL)),
    ("reimbursement.internet", Kind::OneOf(&["payable"])),
    // Settlement.
    (
        "settlement.order",
        Kind::List(&[
            "basic",
            "serious-illness",
            "medical-aid",
            "fiscal-subsidy",
            "person",
        ]),
    ),
    (
        "settlement.year-counts-by",
        Kind::OneOf(&["discharge-or-service", "admission"]),
    ),
    ("settlement.inpatient", Kind::Table(INPATIENT)),
    ("settlement.inpatient-cap", Kind::Table(CAPS)),
    ("settlement.outpatient", Kind::Table(OUTPATIENT)),
    ("settlement.cross-region-reduction", Kind::Table(REDUCTION)),
    ("settlement.serious-illness", Kind::Table(BANDS)),
    ("settlement.covid-outpatient.ratio", Kind::BasisPoints),
    ("settlement.covid-outpatient.deductible", Kind::Fen),
    ("settlement.covid-outpatient.cap", Kind::OneOf(&["none"])),
    ("settlement.covid-outpatient.statuses", Kind::List(COVID)),
    (
        "settlement.covid-outpatient.levels",
        Kind::List(&["not-graded", "1", "2", "3"]),
    ),
    ("settlement.hospital-budget", Kind::OneOf(&["kept-apart"])),
    ("settlement.paid-from", Kind::OneOf(&["covid-prepayment"])),
    ("settlement.waiting-period", Kind::OneOf(&["waived"])),
    (
        "settlement.one-stop-outpatient",
        Kind::List(&["chronic-disease", "special-disease", "pooled"]),
    ),
    (
        "settlement.hospital-statements",
        Kind::OneOf(&["reviewed-at-once"]),
    ),
    ("catalogue.protocol-drugs", CATALOGUE),
    ("catalogue.protocol-services", CATALOGUE),
    ("catalogue.provincial-temporary-list", CATALOGUE),
    ("catalogue.antigen-tests", CATALOGUE),
    (
        "catalogue.leaving-the-protocol",
        Kind::OneOf(&["stops-at-once"]),
    ),
    (
        "catalogue.follow-up-checks",
        Kind::OneOf(&["payable-settled-directly"]),
    ),
    (
        "catalogue.third-supplementary-list",
        Kind::OneOf(&["payable"]),
    ),
    ("subsidy.care", Kind::List(CARE)),
    ("subsidy.confirmed", SUBSIDY),
    ("subsidy.suspected", SUBSIDY),
    ("aid.categories", Kind::Table(AID)),
    ("aid.child-oldest", Kind::Integer),
    ("aid.child-points", Kind::BasisPoints),
    ("aid.several-categories", Kind::OneOf(&["best"])),
    ("aid.limits", Kind::OneOf(&["sum-in-common"])),
    ("aid.outpatient-limit", Kind::Fen),
    ("fiscal.shares.*", Kind::Shares(SHARES)),
    (
        "fiscal.advanced-by",
        Kind::List(&[
            "hospital",
            "treasury-of-hospital-level",
            "city-treasury",
            "county-treasury",
        ]),
    ),
    // Deferral and enrolment.
    ("deferral.months", Kind::Months),
    ("deferral.months-per-year", Kind::Months),
    ("deferral.insurances", Kind::List(INSURANCES)),
    ("deferral.part", Kind::OneOf(&["employer-share"])),
    ("deferral.late-fee-in-term", Kind::OneOf(&["none"])),
    ("deferral.records", Kind::OneOf(&["as-if-paid"])),
    ("deferral.benefits", Kind::OneOf(&["as-if-paid"])),
    ("deferral.due-after", Kind::Months),
    ("deferral.reminders", Kind::DaysBefore),
    ("deferral.late-fee-a-day", Kind::BasisPoints),
    ("catch-up.months", Kind::Months),
    ("catch-up.late-fee", Kind::OneOf(&["none"])),
    ("enrolment.by-pledge", Kind::OneOf(&["entitled-meanwhile"])),
    ("enrolment.arrears", Kind::OneOf(&["paid-out-once-made-up"])),
    // Chronic disease and long prescription.
    ("prescription.months", Kind::Months),
    ("prescription.diseases", Kind::Table(DISEASES)),
    (
        "prescription.recognition",
        Kind::OneOf(&["comes-first", "assessment-is-enough"]),
    ),
    ("prescription.overlap", Kind::Days),
    ("prescription.reminders", Kind::DaysBefore),
    ("prescription.excluded-drugs", Kind::List(&[])),
    ("recognition.term", Kind::Months),
    ("recognition.deferrable", Kind::List(&[])),
];

/// The kind of `key`; `None` when there is no such key.
pub fn kind(key: &str) -> Option<Kind> {
    KEYS.iter()
        .find(|(name, _)| matches(name, key))
        .map(|(_, kind)| *kind)
}

fn matches(name: &str, key: &str) -> bool {
    match name.strip_suffix('*') {
        Some(family) => key.strip_prefix(family).is_some_and(is_slug),
        None => name == key,
    }
}

/// Lower-case letters, digits and single hyphens between them.
fn is_slug(text: &str) -> bool {
    text.split('-').all(|part| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    })
}
