//! Costs of a patient, recorded to the entry and kept apart (XR-6, SET-9). A wrong one is taken back by another with the
//! amount negated; none is ever changed. Nothing here settles anything.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::entry::past_day;
use super::{Patient, closed_set};
use crate::domain::form::FieldError;
use crate::domain::ids::CostId;
use crate::domain::money::Fen;
use crate::domain::text::cleaned;
use crate::domain::time::Day;

closed_set! {
    /// Kinds of costs; texts `cost-kind-<name>`.
    CostKind {
        /// 药品
        Drug,
        /// 治疗
        Treatment,
        /// 检查检验
        Examination,
        /// 床位
        Bed,
        /// 其他
        Other,
    }
}

/// Longest note, in characters.
const LONGEST_NOTE: usize = 200;

/// A cost as it was entered; empty where it was left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawCost {
    /// Day, as typed.
    pub incurred_on: String,
    /// Kind by its name.
    pub kind: String,
    /// What it is, in a few words.
    pub note: String,
}

/// A cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Identifier.
    pub id: CostId,
    /// When it arose.
    pub incurred_on: Day,
    /// What for.
    pub kind: CostKind,
    /// How much; negative when it takes another back.
    pub amount: Fen,
    /// The one that it takes back.
    pub reverses: Option<CostId>,
    /// In a few words; empty when nothing was written.
    pub note: String,
}

/// Reads a cost of a patient; the amount was read before, as typed or as fen.
///
/// # Errors
/// What is wrong, at its field: a day outside the stay, nothing as amount.
pub fn read(
    id: CostId,
    raw: &RawCost,
    amount: Result<Fen, FieldError>,
    patient: &Patient,
    today: Day,
) -> Result<Cost, Vec<FieldError>> {
    let mut faults = vec![];
    let mut fault = |field: &str, code: &str| faults.push(FieldError::new(field, code));
    let day = match cleaned(&raw.incurred_on).as_str() {
        "" => Err("required"),
        typed => past_day(typed, today).and_then(|day| within(day, patient)),
    };
    let day = day.map_err(|code| fault("incurred_on", code)).ok();
    let kind: Option<CostKind> = raw.kind.parse().ok();
    match (&kind, raw.kind.as_str()) {
        (None, "") => fault("kind", "choice-required"),
        (None, _) => fault("kind", "choice-unknown"),
        (Some(_), _) => {}
    }
    let amount = match amount {
        Ok(amount) if amount.is_zero() => {
            fault("amount", "money-zero");
            None
        }
        Ok(amount) => Some(amount),
        Err(error) => {
            faults.push(error);
            None
        }
    };
    match (day, kind, amount) {
        (Some(incurred_on), Some(kind), Some(amount)) => Ok(Cost {
            id,
            incurred_on,
            kind,
            amount,
            reverses: None,
            note: note(&raw.note),
        }),
        _ => Err(faults),
    }
}

fn within(day: Day, patient: &Patient) -> Result<Day, &'static str> {
    let in_stay = day >= patient.admitted_on && patient.discharged_on.is_none_or(|end| day <= end);
    match in_stay {
        true => Ok(day),
        false => Err("cost-outside-stay"),
    }
}

fn note(written: &str) -> String {
    cleaned(written).chars().take(LONGEST_NOTE).collect()
}

impl Cost {
    /// What takes it back, with the reason for it.
    ///
    /// # Errors
    /// A fault at `reason` when none is given; none at all for what takes back itself, or was taken back before.
    pub fn taken_back(
        &self,
        id: CostId,
        all: &[Self],
        why: &str,
    ) -> Result<Self, Option<FieldError>> {
        let gone = all.iter().any(|cost| cost.reverses == Some(self.id));
        let amount = self
            .amount
            .negated()
            .filter(|_| !gone && self.reverses.is_none());
        let amount = amount.ok_or(None)?;
        let note = note(why);
        if note.is_empty() {
            return Err(Some(FieldError::new("reason", "required")));
        }
        Ok(Self {
            id,
            incurred_on: self.incurred_on,
            kind: self.kind,
            amount,
            reverses: Some(self.id),
            note,
        })
    }
}

/// What the costs come to; `None` beyond what can be counted.
pub fn sum(costs: &[Cost]) -> Option<Fen> {
    costs
        .iter()
        .try_fold(Fen::default(), |sum, cost| sum.plus(cost.amount))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;
    use uuid::Uuid;

    use super::*;
    use crate::domain::patient::sample::patient;

    fn id(number: usize) -> CostId {
        Uuid::from_u128(u128::try_from(number).unwrap()).into()
    }

    fn raw(day: &str, kind: &str) -> RawCost {
        RawCost {
            incurred_on: day.to_owned(),
            kind: kind.to_owned(),
            note: String::new(),
        }
    }

    // XR-6
    #[rstest]
    #[case("2026-11-01", "drug", 100, &[])]
    #[case("2026-11-10", "bed", 100, &[])]
    #[case("2026-10-31", "drug", 100, &["incurred_on cost-outside-stay"])]
    #[case("2026-11-11", "drug", 100, &["incurred_on cost-outside-stay"])]
    #[case("2026-11-25", "drug", 100, &["incurred_on day-in-future"])]
    #[case("", "", 0, &["incurred_on required", "kind choice-required", "amount money-zero"])]
    #[case("2026-11-02", "meal", 1, &["kind choice-unknown"])]
    fn a_cost_lies_within_the_stay(
        #[case] day: &str,
        #[case] kind: &str,
        #[case] fen: i64,
        #[case] expected: &[&str],
    ) {
        let mut patient = patient();
        patient.discharged_on = "2026-11-10".parse().ok();
        let today = "2026-11-24".parse().unwrap();
        let read = read(id(0), &raw(day, kind), Ok(Fen::new(fen)), &patient, today);
        let told: Vec<String> = read
            .err()
            .unwrap_or_default()
            .iter()
            .map(|fault| format!("{} {}", fault.field, fault.code))
            .collect();
        assert_eq!(told, expected);
    }

    proptest! {
        // Whatever is entered and taken back, the sum is that of what stands.
        #[test]
        fn what_is_taken_back_counts_no_more(
            amounts in proptest::collection::vec((1..1_000_000_i64, any::<bool>()), 0..20)
        ) {
            let patient = patient();
            let today = "2026-11-24".parse().unwrap();
            let (mut costs, mut standing) = (vec![], 0);
            for (fen, goes) in amounts {
                let raw = raw("2026-11-02", "other");
                let cost = read(id(costs.len()), &raw, Ok(Fen::new(fen)), &patient, today).unwrap();
                costs.push(cost.clone());
                if goes {
                    let next = id(costs.len());
                    let back = cost.taken_back(next, &costs, "示例：记错").unwrap();
                    prop_assert_eq!(back.taken_back(id(999), &costs, "x"), Err(None));
                    costs.push(back);
                    prop_assert_eq!(cost.taken_back(id(999), &costs, "x"), Err(None));
                } else {
                    standing += fen;
                }
            }
            prop_assert_eq!(sum(&costs), Some(Fen::new(standing)));
        }
    }
}
