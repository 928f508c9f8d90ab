//! Serious-illness insurance (大病保险, SET-12): the in-policy burden of the year above a line, in bands. Rounded once, at the
//! end.

use super::input::Input;
use super::output::Step;
use super::pack::{Pack, cell, fen, need, ratio};
use super::rounding::{WHOLE, half_up, parts};
use super::trail::{Trail, percent, yuan};
use super::windows::care;
use crate::domain::form::FieldError;

/// What serious-illness insurance pays, and what counts for its line in the year; fen.
#[derive(Clone, Copy, Default)]
pub(super) struct Serious {
    /// What it pays.
    pub(super) fen: i64,
    /// The in-policy burden of this claim.
    pub(super) burden: i64,
}

/// What serious-illness insurance pays of the in-policy costs that basic insurance left, fen.
///
/// # Errors
/// A figure that no pack states for the day.
pub(super) fn pay(
    input: &Input,
    pack: Pack<'_>,
    left: i64,
    trail: &mut Trail,
) -> Result<Serious, FieldError> {
    if pack
        .lists("settlement.serious-illness-care", care(input.kind))
        .is_none()
    {
        return Ok(Serious::default());
    }
    let key = "settlement.serious-illness";
    let (bands, basis) = need(pack.rows(key), key)?;
    let before = input.used.serious_burden_fen;
    let after = before + left;
    let formula = format!("{} + {} = {}", yuan(before), yuan(left), yuan(after));
    trail.note(Step::Burden, basis, formula, after);
    let mut exact = 0;
    let mut terms = vec![];
    for band in bands {
        let above = cell(band, "above", fen)?;
        let points = cell(band, "ratio", ratio)?;
        let end = band.get("up_to").and_then(fen).unwrap_or(i64::MAX);
        let within = after.min(end) - before.max(above);
        if within > 0 {
            exact += parts(within, points);
            terms.push(format!("{} x {}", yuan(within), percent(points)));
        }
    }
    let paid = half_up(exact, WHOLE);
    let formula = match terms.is_empty() {
        true => format!("{} x 0 %", yuan(left)),
        false => terms.join(" + "),
    };
    trail.note(Step::Serious, basis, formula, paid);
    Ok(Serious {
        fen: paid,
        burden: left,
    })
}
