//! The trail: every step with its rule, what it rests on, its formula in figures and what came of it. Amounts are written in
//! yuan, ratios in per cent; nothing is computed here.

use super::output::{Ground, Step, Traced};
use crate::domain::policy::value::{self, Basis, BasisPoints};

/// The steps so far.
#[derive(Default)]
pub(super) struct Trail(Vec<Traced>);

/// A basis in words, made once for many lines.
#[derive(Clone)]
pub(super) struct Cited {
    rule: String,
    ground: Ground,
    clause: String,
}

impl Trail {
    /// One more step.
    pub(super) fn note(&mut self, step: Step, basis: &Basis, formula: String, fen: i64) {
        self.push(step, cited(basis), formula, fen, None);
    }

    /// One more step about a line of the costs, counted from 1.
    pub(super) fn line(&mut self, number: u32, cited: &Cited, formula: String, fen: i64) {
        self.push(Step::Line, cited.clone(), formula, fen, Some(number));
    }

    fn push(&mut self, step: Step, cited: Cited, formula: String, fen: i64, line: Option<u32>) {
        let Cited {
            rule,
            ground,
            clause,
        } = cited;
        self.0.push(Traced {
            step,
            rule,
            ground,
            clause,
            formula,
            fen,
            line,
        });
    }

    /// All steps in order.
    pub(super) fn steps(self) -> Vec<Traced> {
        self.0
    }
}

/// What a basis says: document and clause, and that it is a choice or a sample.
pub(super) fn cited(basis: &Basis) -> Cited {
    let place = basis
        .citation()
        .map(|place| format!("{} {}", place.source.number, place.clause));
    let (ground, words) = match &basis.ground {
        value::Ground::Clause(_) => (Ground::Clause, None),
        value::Ground::Choice { reason, .. } => (Ground::Choice, Some(format!("choice: {reason}"))),
        value::Ground::Sample { reason, .. } => {
            let reason = reason.as_deref().unwrap_or("an invented figure");
            (Ground::Sample, Some(format!("sample: {reason}")))
        }
    };
    Cited {
        rule: basis.rule.clone(),
        ground,
        clause: match (words, place) {
            (Some(words), Some(place)) => format!("{words} ({place})"),
            (Some(words), None) => words,
            (None, place) => place.unwrap_or_default(),
        },
    }
}

/// An amount in yuan as formulas write it: `1234.50`.
pub(super) fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

/// A ratio as formulas write it: `75 %`, `2.5 %`.
pub(super) fn percent(points: u16) -> String {
    BasisPoints(points).to_string()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(0, "0.00")]
    #[case(5, "0.05")]
    #[case(123_450, "1234.50")]
    fn amounts_are_written_in_yuan(#[case] fen: i64, #[case] written: &str) {
        assert_eq!(yuan(fen), written);
    }

    #[rstest]
    #[case(0, "0 %")]
    #[case(7_500, "75 %")]
    #[case(250, "2.5 %")]
    #[case(1_205, "12.05 %")]
    fn ratios_are_written_in_per_cent(#[case] points: u16, #[case] written: &str) {
        assert_eq!(percent(points), written);
    }
}
