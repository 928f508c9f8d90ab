//! Who bears the fiscal subsidy (SET-8), as it is booked: by payer, with who advances it. How a subsidy is divided is the
//! settlement's; nothing here computes a share.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoEnumIterator, IntoStaticStr};

use super::ids::{AccountId, CaseId, FiscalGrantId, TreasuryClaimId};
use super::money::Fen;
use super::patient::closed_set;
use super::place::AgencyCode;
use super::settlement::Shares;
use super::time::{Day, Ts};

closed_set! {
    /// Who bears a share, in the order of SET-8; texts `fiscal-payer-<name>`.
    Payer {
        /// 中央
        Centre,
        /// 省级（含中央补助）
        Province,
        /// 市级
        City,
        /// 县级
        County,
        /// No notice says who.
        Unallocated,
    }
}

closed_set! {
    /// Whose treasury advances a share until its payer settles it; texts `fiscal-advanced-by-<name>`.
    Advances {
        /// 市级财政
        City,
        /// 县级财政
        County,
    }
}

/// Whose treasury advances what an agency pays [Wp 一, Wc 二]: that of its own level, for claims of persons who paid
/// everything themselves (Choice for Q, where the hospital advances what it has not been paid).
pub fn advancing(agency: AgencyCode) -> Advances {
    match agency == agency.pool().city_agency() {
        true => Advances::City,
        false => Advances::County,
    }
}

/// The share of a payer; fen.
pub fn share_of(shares: &Shares, payer: Payer) -> i64 {
    match payer {
        Payer::Centre => shares.centre,
        Payer::Province => shares.province,
        Payer::City => shares.city,
        Payer::County => shares.county,
        Payer::Unallocated => shares.unallocated,
    }
}

/// What is to be booked so that the shares of a case come to `shares`, when `booked` stands there already.
pub fn to_book(shares: &Shares, booked: &[(Payer, Fen)]) -> Vec<(Payer, Fen)> {
    Payer::iter()
        .map(|payer| {
            let before = booked
                .iter()
                .filter(|(of, _)| *of == payer)
                .fold(0_i64, |sum, (_, fen)| sum.saturating_add(fen.fen()));
            let rest = share_of(shares, payer).saturating_sub(before);
            (payer, Fen::new(rest))
        })
        .filter(|(_, fen)| !fen.is_zero())
        .collect()
}

/// A claim to a treasury for a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreasuryClaim {
    /// Identifier.
    pub id: TreasuryClaimId,
    /// Whose treasury.
    pub payer: Payer,
    /// First day of the shares in it.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// How much.
    pub amount: Fen,
    /// Who made it.
    pub by: AccountId,
    /// When.
    pub at: Ts,
    /// When the treasury paid.
    pub paid_on: Option<Day>,
}

/// A grant that no settlement brought about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Identifier.
    pub id: FiscalGrantId,
    /// Whose.
    pub payer: Payer,
    /// How much.
    pub amount: Fen,
    /// On which day.
    pub on: Day,
    /// By which document.
    pub document: String,
    /// Who booked it.
    pub by: AccountId,
    /// When.
    pub at: Ts,
}

/// A share as it was booked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booked {
    /// The case.
    pub case: CaseId,
    /// Its receipt number.
    pub receipt_no: String,
    /// Number of the settlement.
    pub settlement: u32,
    /// Who bears it.
    pub payer: Payer,
    /// How much; negative where a correction takes back.
    pub amount: Fen,
    /// Who advances it; the payer owes it to them.
    pub advanced_by: Advances,
    /// On which day.
    pub on: Day,
    /// The claim it was asked for in.
    pub claim: Option<TreasuryClaimId>,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_citys_agency_draws_on_the_city_a_countys_on_the_county() {
        assert_eq!(advancing("371000".parse().unwrap()), Advances::City);
        assert_eq!(advancing("371002".parse().unwrap()), Advances::County);
    }

    proptest! {
        #[test]
        fn after_a_correction_the_sum_is_that_of_the_last_settlement(
            first in proptest::array::uniform5(0_i64..1_000_000),
            second in proptest::array::uniform5(0_i64..1_000_000),
        ) {
            let shares = |[centre, province, city, county, unallocated]: [i64; 5]| Shares {
                centre, province, city, county, unallocated,
            };
            let mut booked = to_book(&shares(first), &[]);
            booked.extend(to_book(&shares(second), &booked));
            prop_assert_eq!(to_book(&shares(second), &booked), vec![]);
        }
    }
}
