//! The parts of the case page: clock, proposal, person, registrations, papers, each put into words. Sensitive
//! values stay masked unless they were revealed (CAS-13).

use super::answers::{masked_phone, region_name, registration_words, term};
use super::rows::{deadline_of, pause, waited};
use crate::data::texts::{text, text_with};
use crate::domain::calendar::DayKind;
use crate::domain::case::State;
use crate::domain::id_number::IdNumber;
use crate::domain::locale::Locale;
use crate::domain::registration::Standing;
use crate::store::papers::Obligation;
use crate::usecases::App;
use crate::usecases::desk::Beside;
use crate::usecases::revealing::{Revealed, Sensitive};
use crate::usecases::viewing::Full;
use crate::web::components::{Deadline, SummaryList, SummaryRow, Tag, TagColour};
use crate::web::public::basis;
use crate::web::urls;
use crate::web::words;

/// The clock and how the deadline came about (CLK-3).
pub(super) struct Clock {
    pub deadline: Deadline,
    pub pause: Option<String>,
    pub waited: String,
    pub turn: String,
    pub filed: String,
    pub breached: Option<String>,
    pub computed: Option<Computed>,
}

/// Each step of computing a deadline.
pub(super) struct Computed {
    pub limit: String,
    pub start: String,
    pub counted: Vec<String>,
    pub skipped: Vec<String>,
    pub due: String,
}

/// What the first review proposes, for the second.
pub(super) struct Proposal {
    pub decision: String,
    pub lines: Vec<String>,
}

/// A registration of the person.
pub(super) struct RegistrationRow {
    pub kind: String,
    pub line: String,
    pub state: Tag,
}

/// An uploaded paper.
pub(super) struct Paper {
    pub name: String,
    pub file: String,
    pub facts: String,
    pub url: String,
}

/// A promised paper (CAS-4).
pub(super) struct Promise {
    pub name: String,
    pub due: String,
    pub state: Tag,
}

pub(super) fn clock(app: &App, locale: Locale, full: &Full) -> Clock {
    let listed = &full.summary.listed;
    let (case, now) = (&listed.case, app.clock.now());
    Clock {
        deadline: deadline_of(app, locale, case, now, false),
        pause: pause(locale, case),
        waited: waited(app, locale, case, case.filed_at, now),
        turn: waited(app, locale, case, listed.turn_at, now),
        filed: words::moment(locale, case.filed_at),
        breached: case.breached_at.map(|at| words::moment(locale, at)),
        computed: full.deadline.as_ref().map(|deadline| Computed {
            limit: basis::of_term(app, locale, case),
            start: words::moment(locale, deadline.start),
            counted: deadline
                .counted
                .iter()
                .map(|day| words::day(locale, *day))
                .collect(),
            skipped: deadline
                .skipped
                .iter()
                .map(|(day, kind)| {
                    let why = text(locale, skipped_key(*kind));
                    format!("{} {why}", words::day(locale, *day))
                })
                .collect(),
            due: words::moment(locale, deadline.due),
        }),
    }
}

fn skipped_key(kind: DayKind) -> &'static str {
    match kind {
        DayKind::Weekend => "desk-skipped-weekend",
        DayKind::Holiday => "desk-skipped-holiday",
        // Worked days are never passed over.
        DayKind::Workday | DayKind::MakeUpWorkday => "desk-skipped-other",
    }
}

/// What the first review proposes and why.
pub(super) fn proposal(locale: Locale, full: &Full) -> Option<Proposal> {
    let case = &full.summary.listed.case;
    let decision = case
        .proposed
        .filter(|_| case.state == State::SecondReview)?;
    let said = full.entries.iter().rev().find(|logged| {
        logged.event.to == State::SecondReview && logged.event.from == State::InReview
    });
    let said = said
        .and_then(|logged| logged.words.clone())
        .unwrap_or_default();
    let line =
        |key: &str, value: Option<String>| Some(text_with(locale, key, &[("text", value?.into())]));
    Some(Proposal {
        decision: text(locale, &format!("decision-{}", decision.as_str())),
        lines: [
            line("desk-line-reason", said.reason),
            line("desk-line-clause", said.clause),
            line("desk-line-breach", said.breach),
        ]
        .into_iter()
        .flatten()
        .collect(),
    })
}

pub(super) fn person(
    app: &App,
    locale: Locale,
    full: &Full,
    revealed: Option<&Revealed>,
) -> SummaryList {
    let person = &full.person;
    let shown = |what: Sensitive| revealed.filter(|shown| shown.what == what);
    let number = match shown(Sensitive::IdNumber) {
        Some(shown) => shown.registry.clone().unwrap_or_default(),
        None => masked_id(&person.id_number),
    };
    let phone = match (shown(Sensitive::Phone), &person.phone) {
        (Some(shown), _) => shown.registry.clone().unwrap_or_default(),
        (None, Some(phone)) => masked_phone(phone),
        (None, None) => text(locale, "desk-register-empty"),
    };
    let row = |key: &str, value: String| SummaryRow::new(text(locale, key), value);
    SummaryList::new(
        locale,
        vec![
            row("desk-person-name", person.name.clone()),
            row("desk-person-id", number),
            row(
                "desk-person-sex",
                text(locale, &format!("desk-sex-{}", person.sex)),
            ),
            row("desk-person-born", words::day_plain(locale, person.born)),
            row(
                "desk-person-region",
                region_name(app, locale, &person.region),
            ),
            row("desk-person-phone", phone),
        ],
    )
}

fn masked_id(number: &str) -> String {
    IdNumber::from_stored(number).map_or_else(|_| "*".to_owned(), |number| number.masked())
}

pub(super) fn registrations(app: &App, locale: Locale, around: &Beside) -> Vec<RegistrationRow> {
    around
        .registrations
        .iter()
        .map(|registration| {
            let colour = match registration.standing {
                Standing::Active => TagColour::Green,
                Standing::Pending => TagColour::Blue,
                Standing::Ended | Standing::Cancelled | Standing::Recorded => TagColour::Grey,
            };
            let key = format!("desk-registration-{}", registration.standing.as_str());
            RegistrationRow {
                kind: term(
                    locale,
                    "cross-region-registration",
                    "kind",
                    &registration.kind,
                ),
                line: registration_words(app, locale, registration),
                state: Tag::new(text(locale, &key), colour),
            }
        })
        .collect()
}

pub(super) fn papers(locale: Locale, full: &Full) -> Vec<Paper> {
    full.materials
        .iter()
        .map(|material| Paper {
            name: text(locale, &format!("material-{}", material.name)),
            file: material.file_name.clone(),
            url: urls::desk::paper(
                &full.summary.listed.case.receipt_no,
                &material.id.to_string(),
            ),
            facts: format!(
                "{} · {} KB",
                words::moment_short(material.uploaded_at),
                words::count(
                    u64::try_from(material.size.max(0))
                        .unwrap_or_default()
                        .div_ceil(1024)
                ),
            ),
        })
        .collect()
}

pub(super) fn promise(locale: Locale, obligation: &Obligation, app: &App) -> Promise {
    let (key, colour) = match obligation.met_at {
        Some(_) => ("desk-promise-met", TagColour::Green),
        None if obligation.due_on < app.clock.now().day() => ("desk-promise-late", TagColour::Red),
        None => ("desk-promise-open", TagColour::Yellow),
    };
    Promise {
        name: text(locale, &format!("material-{}", obligation.material)),
        due: words::day(locale, obligation.due_on),
        state: Tag::new(text(locale, key), colour),
    }
}
