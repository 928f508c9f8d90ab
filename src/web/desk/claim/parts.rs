//! What the page of a claim shows: facts, lines, what comes of it, what is stored. Words only.

use crate::data::texts::text_with;
use crate::domain::claim::Class;
use crate::domain::claim::adjusting::Reviewed;
use crate::domain::form::FieldError;
use crate::domain::locale::Locale;
use crate::domain::region::RegionCode;
use crate::domain::settlement::Settlement;
use crate::usecases::App;
use crate::usecases::settling::reading::{Computed, Review, Version};
use crate::web::components::{SummaryList, SummaryRow, Tag, TagColour};
use crate::web::page::Chrome;
use crate::web::problem::field_message;
use crate::web::settlement::{Split, Trail, difference, percent};
use crate::web::urls::settlement as to;

/// A line of the claim.
pub(super) struct Row {
    pub(super) number: u32,
    pub(super) day: String,
    pub(super) name: String,
    pub(super) code: String,
    pub(super) asked: String,
    pub(super) allowed: String,
    /// Something else counts than was asked.
    pub(super) changed: bool,
    pub(super) class: String,
    pub(super) share: String,
    pub(super) protocol: bool,
    /// Why, by whom, when.
    pub(super) said: Vec<String>,
    pub(super) url: Option<String>,
}

/// The lines, each with everything that was said of it.
pub(super) fn rows(chrome: &Chrome, review: &Review, open: bool) -> Vec<Row> {
    let url = to::claim(&review.summary.listed.case.receipt_no);
    let row = |line: &Reviewed| Row {
        number: line.asked.number,
        day: chrome.day(&line.asked.day),
        name: line.asked.name.clone(),
        code: line.asked.code.clone().unwrap_or_default(),
        asked: chrome.money(&line.asked.amount.fen()),
        allowed: chrome.money(&line.allowed.fen()),
        changed: line.allowed != line.asked.amount,
        class: class(chrome, line.class),
        share: line
            .own_share
            .map_or_else(String::new, |share| format!("{}%", percent(share))),
        protocol: line.protocol,
        said: said(chrome, review, line.asked.number),
        url: open.then(|| to::line(&url, line.asked.number)),
    };
    review.ground.lines.iter().map(row).collect()
}

fn class(chrome: &Chrome, class: Option<Class>) -> String {
    match class {
        Some(class) => chrome.t(&format!("settling-class-{class}")),
        None => chrome.t("settling-class-none"),
    }
}

fn said(chrome: &Chrome, review: &Review, line: u32) -> Vec<String> {
    let of_line = review
        .adjustments
        .iter()
        .filter(|one| one.ruling.line == line);
    of_line
        .map(|one| {
            let by = review.names.get(&one.by).cloned().unwrap_or_default();
            let pairs = [
                ("amount", chrome.money(&one.ruling.allowed.fen()).into()),
                ("class", class(chrome, one.ruling.class).into()),
                ("by", by.into()),
                ("moment", chrome.moment(&one.at).into()),
                ("reason", one.ruling.reason.clone().into()),
            ];
            text_with(chrome.locale, "settling-said", &pairs)
        })
        .collect()
}

/// What is claimed.
pub(super) fn facts(app: &App, chrome: &Chrome, review: &Review) -> SummaryList {
    let claim = &review.ground.claim;
    let row = |key: &str, value: String| SummaryRow::new(chrome.t(key), value);
    let region = RegionCode::parse(&claim.treating.region)
        .and_then(|code| app.office.regions.full_name(code, chrome.locale))
        .unwrap_or_else(|| claim.treating.region.clone());
    let mut rows = vec![
        row(
            "settling-care",
            chrome.t(&format!("choice-reimbursement-care-{}", claim.care)),
        ),
        row("settling-institution", claim.treating.name.clone()),
        row(
            "settling-institution-level",
            chrome.t(&format!(
                "choice-reimbursement-institution_level-{}",
                claim.treating.level
            )),
        ),
        row("settling-region", region),
        row(
            "settling-designated",
            chrome.t(if claim.treating.designated {
                "settling-is-designated"
            } else {
                "settling-not-designated"
            }),
        ),
        row(
            "settling-days",
            format!("{} – {}", chrome.day(&claim.from), chrome.day(&claim.to)),
        ),
        row("settling-diagnoses", claim.diagnoses.join(" ")),
        row(
            "settling-covid",
            chrome.t(&format!("choice-reimbursement-covid-{}", claim.covid)),
        ),
    ];
    rows.extend(amounts(chrome, review));
    SummaryList::new(chrome.locale, rows)
}

/// What it all comes to, and what was used of the year before.
fn amounts(chrome: &Chrome, review: &Review) -> Vec<SummaryRow> {
    let claim = &review.ground.claim;
    let row = |key: &str, value: String| SummaryRow::new(chrome.t(key), value);
    let amount = |fen: Option<i64>| fen.map_or_else(String::new, |fen| chrome.money(&fen));
    let allowed = review.ground.lines.iter().map(|line| line.allowed.fen());
    vec![
        row(
            "settling-invoiced",
            amount(claim.invoiced().map(|fen| fen.fen())),
        ),
        row(
            "settling-listed",
            amount(claim.listed().map(|fen| fen.fen())),
        ),
        row(
            "settling-counted",
            amount(Some(allowed.fold(0, i64::saturating_add))),
        ),
        row("settling-used-basic", chrome.money(&review.used.basic_fen)),
        row("settling-used-aid", chrome.money(&review.used.aid_fen)),
    ]
}

/// What comes of a claim, or what keeps it from being settled.
pub(super) struct Outcome {
    pub(super) faults: Vec<String>,
    pub(super) shown: Option<(Split, Trail)>,
    /// What is paid out, and how it differs from what is stored.
    pub(super) payable: Option<String>,
    pub(super) differs: Option<String>,
}

pub(super) fn outcome(
    chrome: &Chrome,
    id: &'static str,
    computed: &Computed,
    stored: Option<&Settlement>,
) -> Outcome {
    let locale = chrome.locale;
    match computed {
        Ok(settlement) => {
            let payable = settlement.parts.payable();
            let before = stored.map(|one| one.parts.payable());
            Outcome {
                faults: vec![],
                shown: Some((
                    Split::new(locale, id, settlement),
                    Trail::new(locale, settlement),
                )),
                payable: Some(chrome.money(&payable)),
                differs: before.and_then(|before| difference(locale, before, payable)),
            }
        }
        Err(faults) => Outcome {
            faults: faults.iter().map(|fault| words_of(locale, fault)).collect(),
            shown: None,
            payable: None,
            differs: None,
        },
    }
}

fn words_of(locale: Locale, fault: &FieldError) -> String {
    field_message(locale, fault)
}

/// A stored settlement.
pub(super) struct Stored {
    pub(super) title: String,
    pub(super) standing: Tag,
    pub(super) lines: Vec<String>,
    pub(super) trail: Trail,
}

/// What is stored, the last one first.
pub(super) fn stored(chrome: &Chrome, review: &Review) -> Vec<Stored> {
    let mut before: Option<i64> = None;
    let mut all = vec![];
    for version in &review.versions {
        let settlement = &version.stored.settlement;
        let payable = settlement.parts.payable();
        let name = version
            .stored
            .computed_by
            .and_then(|by| review.names.get(&by));
        let pack = [
            ("pool", version.stored.input.pool.to_string().into()),
            ("day", chrome.day(&version.stored.input.from).into()),
        ];
        let made = [
            ("moment", chrome.moment(&version.stored.computed_at).into()),
            ("by", name.cloned().unwrap_or_default().into()),
        ];
        let paid = chrome.t1("settling-payable", "amount", chrome.money(&payable));
        let differs = before.and_then(|before| difference(chrome.locale, before, payable));
        all.push(Stored {
            title: chrome.t1("settling-version", "number", version.stored.number),
            standing: standing(chrome, version),
            lines: [
                Some(text_with(chrome.locale, "settling-version-made", &made)),
                Some(text_with(chrome.locale, "settling-version-pack", &pack)),
                Some(paid),
                differs,
            ]
            .into_iter()
            .flatten()
            .collect(),
            trail: Trail::new(chrome.locale, settlement),
        });
        before = Some(payable);
    }
    all.reverse();
    all
}

fn standing(chrome: &Chrome, version: &Version) -> Tag {
    let (key, colour) = match (version.approved, version.reversed) {
        (true, false) => ("settling-version-approved", TagColour::Green),
        (true, true) => ("settling-version-reversed", TagColour::Red),
        (false, _) => ("settling-version-proposed", TagColour::Blue),
    };
    Tag::new(chrome.t(key), colour)
}
