//! Drawing finished cases for a second look: random-looking, and the same cases again from the same seed and the same
//! finished cases, so that nobody can be said to have picked. No random source is here: the seed is a parameter.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::ids::{CaseId, Identifier};

/// Cases of one sample at most.
pub const LARGEST: u16 = 50;

/// What a second look found.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    EnumIter,
    EnumString,
    IntoStaticStr,
    Display,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Finding {
    /// Handled as it should be.
    Fine,
    /// Something is wrong; what, is said in words.
    Wrong,
}

impl Finding {
    /// The name in the database and the texts' keys.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// A draw under way: cases are put in one by one, in any order, and only as many as wanted are kept.
#[derive(Clone, Debug)]
pub struct Draw {
    seed: u32,
    wanted: usize,
    seen: u32,
    lowest: BTreeSet<(u64, CaseId)>,
}

impl Draw {
    /// Draws `wanted` cases.
    pub fn new(seed: u32, wanted: u16) -> Self {
        Self {
            seed,
            wanted: usize::from(wanted),
            seen: 0,
            lowest: BTreeSet::new(),
        }
    }

    /// A case that may be drawn.
    pub fn put(&mut self, case: CaseId) {
        self.seen = self.seen.saturating_add(1);
        self.lowest.insert((lot(self.seed, case), case));
        if self.lowest.len() > self.wanted {
            self.lowest.pop_last();
        }
    }

    /// How many were put in.
    pub fn population(&self) -> u32 {
        self.seen
    }

    /// The cases drawn, in the order of their lots.
    pub fn drawn(self) -> Vec<CaseId> {
        self.lowest.into_iter().map(|(_, case)| case).collect()
    }
}

/// The lot of a case under a seed: both are mixed until no bit of one is seen in it (SplitMix64).
fn lot(seed: u32, case: CaseId) -> u64 {
    let number = case.uuid().as_u128();
    let half = |bits: u128| u64::try_from(bits & u128::from(u64::MAX)).unwrap_or_default();
    let seeded = mixed(u64::from(seed));
    mixed(mixed(seeded ^ half(number >> 64)) ^ half(number))
}

fn mixed(number: u64) -> u64 {
    let z = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn cases(number: u128) -> Vec<CaseId> {
        (1..=number)
            .map(|n| CaseId::from(Uuid::from_u128(n)))
            .collect()
    }

    fn draw(seed: u32, wanted: u16, cases: impl Iterator<Item = CaseId>) -> Vec<CaseId> {
        let mut draw = Draw::new(seed, wanted);
        cases.for_each(|case| draw.put(case));
        draw.drawn()
    }

    #[test]
    fn the_same_seed_draws_the_same_cases_in_any_order() {
        let all = cases(300);
        let first = draw(7, 10, all.iter().copied());
        assert_eq!(first, draw(7, 10, all.iter().rev().copied()));
        assert_ne!(first, draw(8, 10, all.iter().copied()));
        assert_eq!(first.iter().collect::<BTreeSet<_>>().len(), 10);
    }

    #[test]
    fn no_more_than_there_are() {
        assert_eq!(draw(1, 50, cases(3).into_iter()).len(), 3);
        assert!(draw(1, 50, cases(0).into_iter()).is_empty());
    }

    #[test]
    fn every_case_is_drawn_about_as_often() {
        let all = cases(20);
        let mut often = std::collections::BTreeMap::new();
        for seed in 0..2_000 {
            for case in draw(seed, 5, all.iter().copied()) {
                *often.entry(case).or_insert(0) += 1;
            }
        }
        // Expected 500 each.
        assert!(
            often.len() == 20 && often.values().all(|n| (400..600).contains(n)),
            "{often:?}"
        );
    }
}
