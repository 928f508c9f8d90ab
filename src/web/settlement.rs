//! A settlement as pages show it: who pays what, as chart and table with the clauses, and how every amount came about. Nothing is
//! computed here but the lengths of bars.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::data::texts::{text, text_with};
use crate::domain::locale::Locale;
use crate::domain::policy::value::BasisPoints;
use crate::domain::settlement::{Parts, Settlement, Shares, Step as Does, Traced};
use crate::web::words;

/// Measures of the picture.
const WIDTH: i64 = 200;
const STEP: u32 = 26;

/// A payer's part.
struct Payer {
    name: String,
    amount: String,
    clauses: Vec<String>,
    y: u32,
    width: i64,
}

/// Who pays what.
#[derive(Template)]
#[template(path = "settlement/split.html")]
pub struct Split {
    id: &'static str,
    title: String,
    column_payer: String,
    column_amount: String,
    column_clause: String,
    payers: Vec<Payer>,
    total_name: String,
    total: String,
    height: u32,
    shares: Vec<(String, String)>,
    shares_title: String,
}

impl HtmlSafe for Split {}

impl Split {
    /// Of a settlement; `id` tells several on one page apart.
    pub fn new(locale: Locale, id: &'static str, of: &Settlement) -> Self {
        let total = of.total_fen.max(1);
        let payers = (0_u32..)
            .zip(payers(&of.parts))
            .map(|(place, (key, steps, fen))| Payer {
                name: text(locale, &format!("payer-{key}")),
                amount: words::money(locale, fen),
                clauses: clauses(&of.trail, steps),
                y: 8 + place * STEP,
                width: scaled(fen, total),
            })
            .collect::<Vec<_>>();
        Self {
            id,
            title: text(locale, "settlement-split"),
            column_payer: text(locale, "settlement-payer"),
            column_amount: text(locale, "settlement-amount"),
            column_clause: text(locale, "settlement-clause"),
            height: 8 + STEP * u32::try_from(payers.len()).unwrap_or_default(),
            payers,
            total_name: text(locale, "settlement-total"),
            total: words::money(locale, of.total_fen),
            shares: shares(locale, &of.shares),
            shares_title: text(locale, "settlement-shares"),
        }
    }
}

/// The payers in the order of SET-1, with the steps that say why each pays.
fn payers(parts: &Parts) -> [(&'static str, &'static [Does], i64); 5] {
    [
        (
            "basic",
            &[Does::Ratio, Does::CovidOutpatient, Does::OrdinaryOutpatient],
            parts.basic,
        ),
        ("serious", &[Does::Serious], parts.serious),
        ("aid", &[Does::Aid], parts.aid),
        ("subsidy", &[Does::Subsidy], parts.subsidy),
        ("person", &[Does::Person], parts.person),
    ]
}

/// What is there is seen.
fn scaled(fen: i64, total: i64) -> i64 {
    let exact = i128::from(fen) * i128::from(WIDTH) / i128::from(total);
    i64::try_from(exact)
        .unwrap_or(WIDTH)
        .max(i64::from(fen > 0))
}

/// The clauses by which a payer pays, each once.
fn clauses(trail: &[Traced], steps: &[Does]) -> Vec<String> {
    let mut found: Vec<String> = vec![];
    for one in trail.iter().filter(|one| steps.contains(&one.step)) {
        let words = format!("{} {}", one.rule, one.clause);
        if !found.contains(&words) {
            found.push(words);
        }
    }
    found
}

/// Who bears the subsidy (SET-8); nothing where there is none.
fn shares(locale: Locale, of: &Shares) -> Vec<(String, String)> {
    [
        ("centre", of.centre),
        ("province", of.province),
        ("city", of.city),
        ("county", of.county),
        ("unallocated", of.unallocated),
    ]
    .into_iter()
    .filter(|(_, fen)| *fen > 0)
    .map(|(key, fen)| {
        let name = text(locale, &format!("bears-{key}"));
        (name, words::money(locale, fen))
    })
    .collect()
}

/// A step of the computation.
struct Step {
    rule: String,
    what: String,
    line: String,
    formula: String,
    ground: String,
    clause: String,
    amount: String,
}

/// How every amount came about.
#[derive(Template)]
#[template(path = "settlement/trail.html")]
pub struct Trail {
    title: String,
    columns: Vec<String>,
    steps: Vec<Step>,
}

impl HtmlSafe for Trail {}

impl Trail {
    /// Of a settlement.
    pub fn new(locale: Locale, of: &Settlement) -> Self {
        let columns = ["step", "line", "formula", "clause", "amount"];
        Self {
            title: text(locale, "settlement-trail"),
            columns: columns
                .iter()
                .map(|column| text(locale, &format!("settlement-{column}")))
                .collect(),
            steps: of.trail.iter().map(|step| traced(locale, step)).collect(),
        }
    }
}

fn traced(locale: Locale, step: &Traced) -> Step {
    Step {
        rule: step.rule.clone(),
        what: text(locale, &format!("settlement-step-{}", step.step)),
        line: step.line.map_or_else(String::new, |line| line.to_string()),
        formula: step.formula.clone(),
        ground: text(locale, &format!("settlement-ground-{}", step.ground)),
        clause: step.clause.clone(),
        amount: words::money(locale, step.fen),
    }
}

/// A share of the person in percent, as it is typed: `10`, `12.5`.
pub fn percent(share: BasisPoints) -> String {
    let (whole, rest) = (share.0 / 100, share.0 % 100);
    let written = format!("{whole}.{rest:02}");
    written
        .trim_end_matches('0')
        .trim_end_matches('.')
        .to_owned()
}

/// Another amount than before, in words: `+12.00`, `-3.50`; nothing where it is the same.
pub fn difference(locale: Locale, before: i64, after: i64) -> Option<String> {
    let moved = after.saturating_sub(before);
    let key = match moved {
        0 => return None,
        fen if fen > 0 => "settlement-more",
        _ => "settlement-less",
    };
    let amount = words::money(locale, moved.saturating_abs());
    Some(text_with(locale, key, &[("amount", amount.into())]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(1_000, "10")]
    #[case(1_250, "12.5")]
    #[case(5, "0.05")]
    #[case(0, "0")]
    #[case(10_000, "100")]
    fn shares_are_written_as_they_are_typed(#[case] share: u16, #[case] expected: &str) {
        assert_eq!(percent(BasisPoints(share)), expected);
    }

    #[test]
    fn bars_are_as_long_as_their_parts_and_every_part_is_seen() {
        assert_eq!(scaled(50, 100), 100);
        assert_eq!(scaled(1, 1_000_000), 1);
        assert_eq!(scaled(0, 100), 0);
        assert_eq!(scaled(i64::MAX, i64::MAX), WIDTH);
    }
}
