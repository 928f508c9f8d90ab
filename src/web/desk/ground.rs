//! What a registration of special times rests on, beside the answers: the entry of the patient ledger (XR-3), recorded
//! closures (XR-8), or the pledge alone, with what is to be done then. Reading the entry was logged by the use case.

use askama::Template;
use askama::filters::HtmlSafe;

use super::answers::{region_name, registration_words};
use crate::data::texts::{text, text_with};
use crate::domain::closure::Closure;
use crate::domain::locale::Locale;
use crate::store::resting::Entry;
use crate::usecases::App;
use crate::usecases::viewing::Full;
use crate::usecases::zero_material::RestsOn;
use crate::web::components::{SummaryList, SummaryRow, Tag, TagColour};
use crate::web::words;

/// The section of the case page.
#[derive(Template)]
#[template(path = "desk/ground.html")]
pub(super) struct GroundSection {
    heading: String,
    flag: Tag,
    rows: SummaryList,
    note: String,
}

impl HtmlSafe for GroundSection {}

impl GroundSection {
    /// Of a case whose item rests on more than its answers.
    pub(super) fn of(app: &App, locale: Locale, full: &Full) -> Option<Self> {
        let ground = full.ground.as_ref()?;
        let (name, colour, mut rows) = match &ground.rests_on {
            RestsOn::Ledger(entry) => ("ledger", TagColour::Green, of_entry(app, locale, entry)),
            RestsOn::Pledge => ("pledge", TagColour::Yellow, vec![]),
            RestsOn::Closures(found) if found.is_empty() => {
                ("no-closure", TagColour::Yellow, vec![])
            }
            RestsOn::Closures(found) => (
                "closure",
                TagColour::Green,
                found
                    .iter()
                    .map(|one| of_closure(app, locale, one))
                    .collect(),
            ),
        };
        rows.push(SummaryRow::new(
            text(locale, "ground-registration"),
            registration_words(app, locale, &ground.registration),
        ));
        Some(Self {
            heading: text(locale, "ground-title"),
            flag: Tag::new(text(locale, &format!("ground-{name}")), colour),
            rows: SummaryList::new(locale, rows),
            note: text(locale, &format!("ground-{name}-note")),
        })
    }
}

fn of_entry(app: &App, locale: Locale, entry: &Entry) -> Vec<SummaryRow> {
    let row = |key: &str, value: String| SummaryRow::new(text(locale, key), value);
    let stay = &entry.stay;
    let left = match stay.discharged_on {
        Some(day) => words::day_plain(locale, day),
        None => text(locale, "ground-still-there"),
    };
    vec![
        row("ground-institution", entry.institution_name.clone()),
        row("ground-place", region_name(app, locale, stay.pool.as_str())),
        row(
            "ground-status",
            text(locale, &format!("ground-status-{}", stay.status)),
        ),
        row(
            "ground-admitted",
            words::day_plain(locale, stay.admitted_on),
        ),
        row("ground-discharged", left),
    ]
}

fn of_closure(app: &App, locale: Locale, closure: &Closure) -> SummaryRow {
    let to = match closure.to {
        Some(day) => words::day_plain(locale, day),
        None => text(locale, "ground-closure-lasts"),
    };
    let line = text_with(
        locale,
        "ground-closure-line",
        &[
            ("area", region_name(app, locale, &closure.area).into()),
            ("from", words::day_plain(locale, closure.from).into()),
            ("to", to.into()),
        ],
    );
    SummaryRow::new(text(locale, "ground-closure-notice"), line).note(closure.notice.clone())
}
