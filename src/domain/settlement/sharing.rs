//! Who bears the subsidy (SET-8): exact fractions, one largest-remainder step, ties in the order centre, province, city,
//! county. The shares sum to the subsidy, whatever it is.

use std::cmp::Reverse;

use strum::IntoStaticStr;

use super::input::{CountyFinance, Input, InsuredAt};
use super::output::{Shares, Step};
use super::pack::{Pack, cell, need, ratio, text};
use super::rounding::{WHOLE, parts};
use super::trail::{Trail, percent, yuan};
use super::windows::Costs;
use crate::domain::claim::{Covid, ManagedBy};
use crate::domain::form::FieldError;
use crate::domain::policy::PolicySet;

/// Who can bear a share, in the order in which ties are broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
enum Payer {
    Centre,
    Province,
    City,
    County,
    Unallocated,
}

/// A payer, the basis points stated, the fen given.
struct Part {
    payer: Payer,
    points: u16,
    fen: i64,
}

/// Shares the subsidy out.
///
/// # Errors
/// A figure that no pack states for the day.
pub(super) fn share(
    input: &Input,
    policies: &PolicySet,
    costs: &Costs,
    subsidy: i64,
    trail: &mut Trail,
) -> Result<Shares, FieldError> {
    let Some(day) = costs.subsidised_on else {
        return Ok(Shares::default());
    };
    let pack = Pack(policies.on(input.pool, day));
    let key = special(input)
        .find(|key| pack.rows(key).is_some())
        .unwrap_or("fiscal.shares.ordinary");
    let (rows, basis) = need(pack.rows(key), key)?;
    let stated = rows
        .iter()
        .map(|row| Ok((payer(cell(row, "payer", text)?), cell(row, "share", ratio)?)))
        .collect::<Result<Vec<_>, FieldError>>()?;
    let mut shares = Shares::default();
    for part in split(subsidy, &stated) {
        let name: &str = part.payer.into();
        let formula = format!("{name}: {} x {}", yuan(subsidy), percent(part.points));
        trail.note(Step::Share, basis, formula, part.fen);
        *part.payer.of(&mut shares) += part.fen;
    }
    Ok(shares)
}

/// The shares that are for this case in particular, the first in force counting. What no notice of the pool speaks of goes
/// by its ordinary shares: for suspected patients from elsewhere in a hospital of the province, for instance.
fn special(input: &Input) -> impl Iterator<Item = &'static str> {
    let county = match input.county_finance {
        CountyFinance::Province => Some("fiscal.shares.province-managed-county"),
        CountyFinance::City => None,
    };
    let patient = match (input.covid, input.insured_at, input.institution.managed_by) {
        (Covid::Confirmed, _, _) => Some("fiscal.shares.confirmed"),
        (Covid::Suspected, InsuredAt::City, _)
        | (Covid::Suspected, InsuredAt::Elsewhere, ManagedBy::City) => {
            Some("fiscal.shares.suspected-city")
        }
        (Covid::Suspected, InsuredAt::County, _)
        | (Covid::Suspected, InsuredAt::Elsewhere, ManagedBy::County) => {
            Some("fiscal.shares.suspected-county")
        }
        (Covid::Suspected, InsuredAt::Elsewhere, ManagedBy::Province) | (Covid::None, _, _) => None,
    };
    [county, patient].into_iter().flatten()
}

/// Largest remainder: each gets the whole fen of its exact part, what is left goes fen by fen to the largest fractions.
fn split(subsidy: i64, stated: &[(Payer, u16)]) -> Vec<Part> {
    let exact = |points: u16| parts(subsidy, points);
    let mut all: Vec<Part> = stated
        .iter()
        .map(|(payer, points)| Part {
            payer: *payer,
            points: *points,
            fen: i64::try_from(exact(*points) / WHOLE).unwrap_or_default(),
        })
        .collect();
    let given: i64 = all.iter().map(|part| part.fen).sum();
    let left = usize::try_from(subsidy - given).unwrap_or_default();
    all.sort_by_key(|part| (Reverse(exact(part.points) % WHOLE), part.payer));
    all.iter_mut().take(left).for_each(|part| part.fen += 1);
    all.sort_by_key(|part| part.payer);
    all
}

fn payer(name: &str) -> Payer {
    match name {
        "centre" => Payer::Centre,
        // The province's and what it has of the centre is one sum (Wp).
        "province" | "province-and-above" => Payer::Province,
        "city" => Payer::City,
        "county" => Payer::County,
        _ => Payer::Unallocated,
    }
}

impl Payer {
    fn of(self, shares: &mut Shares) -> &mut i64 {
        match self {
            Self::Centre => &mut shares.centre,
            Self::Province => &mut shares.province,
            Self::City => &mut shares.city,
            Self::County => &mut shares.county,
            Self::Unallocated => &mut shares.unallocated,
        }
    }
}
