//! Medical aid (医疗救助, SET-6): by the best of the person's categories, more for children, up to the yearly limit. Rounded
//! once, at the end.

use chrono::Datelike;

use super::input::{Category, Input};
use super::output::Step;
use super::pack::{Pack, cell, fen, need, ratio};
use super::rounding::{WHOLE, half_up, parts};
use super::trail::{Trail, percent, yuan};
use crate::domain::form::FieldError;
use crate::domain::policy::value::{Basis, BasisPoints};
use crate::domain::time::Day;

/// What a category gives.
struct Offer<'a> {
    category: Category,
    points: u16,
    /// What is left of the yearly limit, fen; `None` without one.
    room: Option<i64>,
    /// Before the limit, fen.
    before: i64,
    fen: i64,
    basis: &'a Basis,
}

/// What medical aid pays of the in-policy costs left after basic and serious-illness insurance, fen.
///
/// # Errors
/// A figure that no pack states for the day.
pub(super) fn pay(
    input: &Input,
    pack: Pack<'_>,
    left: i64,
    trail: &mut Trail,
) -> Result<i64, FieldError> {
    let key = "aid.outpatient-limit";
    let (outpatient, basis) = need(pack.fen(key), key)?;
    if input.categories.is_empty() {
        return Ok(0);
    }
    if !input.kind.is_stay() && outpatient == 0 {
        trail.note(Step::Aid, basis, format!("{} x 0 %", yuan(left)), 0);
        return Ok(0);
    }
    let child = child(input, pack, trail)?;
    let mut best: Option<Offer<'_>> = None;
    for category in &input.categories {
        let offer = offer(input, pack, (*category, child, outpatient), left)?;
        if best.as_ref().is_none_or(|one| one.fen < offer.fen) {
            best = Some(offer);
        }
    }
    let Some(best) = best else { return Ok(0) };
    let key = "aid.several-categories";
    if input.categories.len() > 1 {
        let formula = format!("{} of {}", best.category, input.categories.len());
        trail.note(Step::AidCategory, pack.basis(key)?, formula, best.fen);
    }
    if let Some(room) = best.room.filter(|_| best.fen < best.before) {
        let formula = format!("{} at most", yuan(room));
        let basis = match pack.basis("aid.limits") {
            Ok(common) if outpatient > 0 => common,
            Ok(_) | Err(_) => best.basis,
        };
        trail.note(Step::AidLimit, basis, formula, best.fen);
    }
    let formula = format!(
        "{}: {} x {} = {}",
        best.category,
        yuan(left),
        percent(best.points),
        yuan(best.before)
    );
    trail.note(Step::Aid, best.basis, formula, best.fen);
    Ok(best.fen)
}

/// Points on top for a child, and whether it is one: 0 for others.
fn child(input: &Input, pack: Pack<'_>, trail: &mut Trail) -> Result<u16, FieldError> {
    let Some((oldest, _)) = pack.count("aid.child-oldest") else {
        return Ok(0);
    };
    let age = age(input.birth, input.from);
    if i64::from(age) > oldest {
        return Ok(0);
    }
    let key = "aid.child-points";
    let (points, basis) = need(pack.ratio(key), key)?;
    let formula = format!("age {age} <= {oldest}: + {}", percent(points));
    trail.note(Step::AidChild, basis, formula, 0);
    Ok(points)
}

fn offer<'a>(
    input: &Input,
    pack: Pack<'a>,
    (category, child, outpatient): (Category, u16, i64),
    left: i64,
) -> Result<Offer<'a>, FieldError> {
    let key = "aid.categories";
    let (row, basis) = need(pack.row(key, "category", name(category)), key)?;
    let points = cell(row, "ratio", ratio)?
        .saturating_add(child)
        .min(BasisPoints::WHOLE.0);
    // Both limits are one in common (SET-6).
    let limit = row.get("yearly_limit").and_then(fen);
    let room = limit.map(|limit| (limit + outpatient - input.used.aid_fen).max(0));
    let before = half_up(parts(left, points), WHOLE);
    Ok(Offer {
        category,
        points,
        room,
        before,
        fen: room.map_or(before, |room| before.min(room)),
        basis,
    })
}

/// The name of a category in the packs.
fn name(category: Category) -> &'static str {
    match category {
        Category::Destitute => "destitute",
        Category::Orphan => "orphan",
        Category::DeFactoOrphan => "de-facto-orphan",
        Category::MinimumLiving => "minimum-allowance",
        Category::ReturnedToPoverty => "returned-to-poverty",
        Category::LowIncome => "low-income",
        Category::AtRisk => "at-risk",
    }
}

/// Full years on a day; who was born on 29 February has the birthday on 1 March of other years.
fn age(birth: Day, on: Day) -> i32 {
    let reached = (on.month(), on.day()) >= (birth.month(), birth.day());
    on.year() - birth.year() - i32::from(!reached)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("2008-06-15", "2023-06-14", 14)]
    #[case("2008-06-15", "2023-06-15", 15)]
    #[case("2008-02-29", "2023-02-28", 14)]
    #[case("2008-02-29", "2023-03-01", 15)]
    #[case("2023-01-01", "2023-01-01", 0)]
    fn ages_are_full_years(#[case] birth: Day, #[case] on: Day, #[case] years: i32) {
        assert_eq!(age(birth, on), years);
    }
}
