//! Fiscal subsidy (财政补助, SET-5): what insurance left of the protocol's lines. Insurance is computed on the whole and
//! allocated to those lines in proportion to eligible amounts. Rounded once, at the end.

use super::input::Input;
use super::output::Step;
use super::pack::Pack;
use super::rounding::half_up;
use super::trail::{Trail, yuan};
use super::windows::{Costs, patient};
use crate::domain::form::FieldError;
use crate::domain::policy::PolicySet;

/// What the subsidy bears, fen, of what `insured` (fen) of insurance and aid leaves.
///
/// # Errors
/// A figure that no pack states for the day.
pub(super) fn pay(
    input: &Input,
    policies: &PolicySet,
    costs: &Costs,
    insured: i64,
    trail: &mut Trail,
) -> Result<i64, FieldError> {
    let Some(patient) = patient(input.covid) else {
        return Ok(0);
    };
    let day = costs.subsidised_on.unwrap_or(input.from);
    let pack = Pack(policies.on(input.pool, day));
    let basis = pack.basis(&format!("subsidy.{patient}"))?;
    if costs.subsidised_on.is_none() {
        trail.note(
            Step::Subsidy,
            basis,
            format!("{} x 0 %", yuan(costs.of_covid)),
            0,
        );
        return Ok(0);
    }
    let (own, all) = (costs.subsidised_eligible, costs.eligible);
    // Over the eligible amounts; without any, insurance paid nothing.
    let over = i128::from(all.max(1));
    let allocated = i128::from(insured) * i128::from(own);
    if own != all {
        let formula = format!("{} x {} / {}", yuan(insured), yuan(own), yuan(all));
        let mixed = pack.basis("subsidy.mixed-stay")?;
        trail.note(Step::Allocation, mixed, formula, half_up(allocated, over));
    }
    let fen = half_up(i128::from(costs.subsidised) * over - allocated, over);
    let formula = format!(
        "{} - {} = {}",
        yuan(costs.subsidised),
        yuan(costs.subsidised - fen),
        yuan(fen)
    );
    trail.note(Step::Subsidy, basis, formula, fen);
    Ok(fen)
}

/// Says what is kept apart from the hospital's total budget (SET-9), and what it is paid from.
pub(super) fn kept_apart(pack: Pack<'_>, costs: &Costs, trail: &mut Trail) {
    if costs.of_covid == 0 {
        return;
    }
    for key in ["settlement.hospital-budget", "settlement.paid-from"] {
        if let Some((says, basis)) = pack.text(key) {
            trail.note(Step::KeptApart, basis, says.to_owned(), costs.of_covid);
        }
    }
}
