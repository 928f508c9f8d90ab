//! Basic insurance (基本医保, SET-2, SET-4): stays by scheme and level, outpatient care by the ordinary rules or, for COVID at
//! primary institutions, by the ratio of its window. Rounded once, at the end.

use super::input::{CrossRegion, Input};
use super::output::Step;
use super::pack::{Found, Pack, cell, count, fen, need, ratio, text};
use super::rounding::{WHOLE, half_up, parts};
use super::trail::{Trail, percent, yuan};
use super::windows::{Costs, care, patient};
use crate::domain::form::FieldError;
use crate::domain::policy::PolicySet;
use crate::domain::policy::value::{BasisPoints, Row};

/// What basic insurance pays, and what that takes of the year; fen.
#[derive(Clone, Copy, Default)]
pub(super) struct Basic {
    /// What it pays.
    pub(super) fen: i64,
    /// What of it counts for the yearly cap of stays.
    pub(super) of_stays: i64,
    /// What of it counts for the yearly cap of the ordinary outpatient rules.
    pub(super) of_outpatient: i64,
    /// What the person bore as the deductible of those rules.
    pub(super) outpatient_deducted: i64,
}

/// What basic insurance pays of the eligible amounts.
///
/// # Errors
/// A figure that no pack states for the day.
pub(super) fn pay(
    input: &Input,
    policies: &PolicySet,
    costs: &Costs,
    trail: &mut Trail,
) -> Result<Basic, FieldError> {
    let pack = Pack(policies.on(input.pool, input.from));
    if input.kind.is_stay() {
        return of_stay(input, pack, costs.eligible, trail);
    }
    let covid = match costs.covid_outpatient_on {
        Some(day) => {
            let pack = Pack(policies.on(input.pool, day));
            covid_outpatient(pack, costs.covid_outpatient, trail)?
        }
        None => 0,
    };
    let rest = costs.eligible - costs.covid_outpatient;
    let ordinary = match costs.covid_outpatient_on {
        Some(_) if rest == 0 => Ordinary::default(),
        Some(_) | None => ordinary_outpatient(input, pack, rest, trail)?,
    };
    let fen = half_up(covid + ordinary.exact, WHOLE);
    let formula = format!(
        "{} + {}",
        yuan(half_up(covid, WHOLE)),
        yuan(fen - half_up(covid, WHOLE))
    );
    let basis = match costs.covid_outpatient_on {
        Some(day) => Pack(policies.on(input.pool, day)).basis("settlement.covid-outpatient.ratio"),
        None => pack.basis("settlement.outpatient"),
    };
    trail.note(Step::Basic, basis?, formula, fen);
    Ok(Basic {
        fen,
        of_stays: 0,
        // What rounding adds is not taken beyond the cap.
        of_outpatient: (fen - half_up(covid, WHOLE)).min(ordinary.room),
        outpatient_deducted: ordinary.deducted,
    })
}

/// SET-2: (eligible - deductible) x ratio by scheme and level, up to the yearly cap.
fn of_stay(
    input: &Input,
    pack: Pack<'_>,
    eligible: i64,
    trail: &mut Trail,
) -> Result<Basic, FieldError> {
    let key = "settlement.inpatient";
    let (rows, basis) = need(pack.rows(key), key)?;
    let level = i64::from(input.institution.level);
    let fits = |row: &&Row| {
        cell(row, "scheme", text).is_ok_and(|scheme| scheme == input.scheme.as_str())
            && cell(row, "level", count).is_ok_and(|of| of == level)
    };
    let row = need(rows.iter().find(fits), key)?;
    let deductible = deductible(input, pack, (cell(row, "deductible", fen)?, basis), trail)?;
    let charged = deductible.min(eligible);
    let points = reduced(input, pack, (cell(row, "ratio", ratio)?, basis), trail)?;
    let paid = half_up(parts(eligible - charged, points), WHOLE);
    let formula = format!(
        "({} - {}) x {} = {}",
        yuan(eligible),
        yuan(charged),
        percent(points),
        yuan(paid)
    );
    let key = "settlement.inpatient-cap";
    let (row, cap_basis) = need(pack.row(key, "scheme", input.scheme.as_str()), key)?;
    let room = (cell(row, "cap", fen)? - input.used.basic_fen).max(0);
    let capped = paid.min(room);
    if capped < paid {
        let formula = format!("{} at most", yuan(room));
        trail.note(Step::Cap, cap_basis, formula, capped);
    }
    trail.note(Step::Basic, basis, formula, capped);
    Ok(Basic {
        fen: capped,
        of_stays: capped,
        ..Basic::default()
    })
}

/// The deductible of this stay: of the table, by the number of stays of the year (SET-7).
fn deductible(
    input: &Input,
    pack: Pack<'_>,
    (full, basis): Found<'_, i64>,
    trail: &mut Trail,
) -> Result<i64, FieldError> {
    trail.note(Step::Deductible, basis, yuan(full), full);
    let admission = i64::from(input.used.admissions) + 1;
    let key = "settlement.deductible-by-admission";
    let (rows, basis) = need(pack.rows(key), key)?;
    let began = |row: &&Row| cell(row, "admission", count).is_ok_and(|from| from <= admission);
    let row = need(rows.iter().rev().find(began), key)?;
    let points = cell(row, "share", ratio)?;
    let charged = half_up(parts(full, points), WHOLE);
    if points != BasisPoints::WHOLE.0 {
        let formula = format!("stay {admission}: {} x {}", yuan(full), percent(points));
        trail.note(Step::Deductible, basis, formula, charged);
    }
    Ok(charged)
}

/// The ratio less the points for treatment elsewhere (SET-2), which COVID patients never lose (XR-7).
fn reduced(
    input: &Input,
    pack: Pack<'_>,
    (full, basis): Found<'_, u16>,
    trail: &mut Trail,
) -> Result<u16, FieldError> {
    let registered = match input.cross_region {
        CrossRegion::None => None,
        CrossRegion::Registered => Some("yes"),
        CrossRegion::Unregistered => Some("no"),
    };
    let applies = pack.lists("settlement.cross-region-reduction-care", care(input.kind));
    let Some((registered, _)) = registered.zip(applies) else {
        trail.note(Step::Ratio, basis, percent(full), 0);
        return Ok(full);
    };
    let key = "settlement.cross-region-reduction";
    let (row, reduction) = need(pack.row(key, "registered", registered), key)?;
    let points = cell(row, "points", ratio)?;
    let waived =
        patient(input.covid).and_then(|one| pack.lists("registration.reduction-waived", one));
    if let Some(waived) = waived {
        let formula = format!("{} - 0 % ({} waived)", percent(full), percent(points));
        trail.note(Step::Ratio, waived, formula, 0);
        return Ok(full);
    }
    let left = full.saturating_sub(points);
    let formula = format!(
        "{} - {} = {}",
        percent(full),
        percent(points),
        percent(left)
    );
    trail.note(Step::Ratio, reduction, formula, 0);
    Ok(left)
}

/// SET-4: the window's ratio of all that is eligible for COVID; exact, over 10,000. Its pack knows no cap but none.
fn covid_outpatient(pack: Pack<'_>, eligible: i64, trail: &mut Trail) -> Result<i128, FieldError> {
    let key = "settlement.covid-outpatient.deductible";
    let (deductible, _) = need(pack.fen(key), key)?;
    let key = "settlement.covid-outpatient.ratio";
    let (points, basis) = need(pack.ratio(key), key)?;
    let charged = deductible.min(eligible);
    let exact = parts(eligible - charged, points);
    let formula = format!(
        "({} - {}) x {}",
        yuan(eligible),
        yuan(charged),
        percent(points)
    );
    trail.note(Step::CovidOutpatient, basis, formula, half_up(exact, WHOLE));
    Ok(exact)
}

/// What the ordinary outpatient rules give.
#[derive(Clone, Copy, Default)]
struct Ordinary {
    /// Exact, over 10,000.
    exact: i128,
    /// What was left of the yearly cap, fen.
    room: i64,
    /// What was taken as deductible, fen.
    deducted: i64,
}

/// SET-4, elsewhere: yearly deductible, ratio, yearly cap by scheme.
fn ordinary_outpatient(
    input: &Input,
    pack: Pack<'_>,
    eligible: i64,
    trail: &mut Trail,
) -> Result<Ordinary, FieldError> {
    let key = "settlement.outpatient";
    let (row, basis) = need(pack.row(key, "scheme", input.scheme.as_str()), key)?;
    let used = &input.used;
    let deductible = (cell(row, "deductible", fen)? - used.outpatient_deducted_fen).max(0);
    let room = (cell(row, "cap", fen)? - used.outpatient_fen).max(0);
    let points = cell(row, "ratio", ratio)?;
    let deducted = deductible.min(eligible);
    let exact = parts(eligible - deducted, points).min(i128::from(room) * WHOLE);
    let formula = format!(
        "({} - {}) x {}, {} at most",
        yuan(eligible),
        yuan(deducted),
        percent(points),
        yuan(room)
    );
    trail.note(
        Step::OrdinaryOutpatient,
        basis,
        formula,
        half_up(exact, WHOLE),
    );
    Ok(Ordinary {
        exact,
        room,
        deducted,
    })
}
