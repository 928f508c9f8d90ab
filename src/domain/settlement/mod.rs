//! Settlement (结算, SET-1 to SET-13): who pays what of a claim, to the fen, each line with rule, clause, formula and inputs.
//! Pure: the policy packs, the facts and what was used of the year are parameters. Nothing here knows of cases or payments.
//!
//! One module a payer, in the order of SET-1; each rounds once, at its end. The ordinary rules are those of the first day
//! (admission, or the day of the service); what has a window of its own goes by each line's day.

mod aid;
mod basic;
mod check;
pub mod input;
pub mod output;
mod pack;
mod rounding;
mod serious;
mod sharing;
mod subsidy;
mod trail;
mod windows;

pub use input::{
    Category, CountyFinance, CrossRegion, Input, Institution, InsuredAt, Line, Listed, Sort, Used,
};
pub use output::{Ground, Parts, Settlement, Shares, Step, Traced};

use self::pack::Pack;
use self::trail::{Trail, yuan};
use super::form::FieldError;
use super::policy::PolicySet;

/// Computes who pays what.
///
/// # Errors
/// Every fault of the input with its field (`lines[3].fen`); a figure that no pack states for the day.
pub fn settle(input: &Input, policies: &PolicySet) -> Result<Settlement, Vec<FieldError>> {
    check::check(input)?;
    computed(input, policies).map_err(|fault| vec![fault])
}

fn computed(input: &Input, policies: &PolicySet) -> Result<Settlement, FieldError> {
    let pack = Pack(policies.on(input.pool, input.from));
    let mut trail = Trail::default();
    let costs = windows::costs(input, policies, &mut trail)?;
    let basic = basic::pay(input, policies, &costs, &mut trail)?;
    let serious = serious::pay(input, pack, costs.eligible - basic.fen, &mut trail)?;
    let aid = aid::pay(
        input,
        pack,
        costs.eligible - basic.fen - serious.fen,
        &mut trail,
    )?;
    let insured = basic.fen + serious.fen + aid;
    let subsidy = subsidy::pay(input, policies, &costs, insured, &mut trail)?;
    let shares = sharing::share(input, policies, &costs, subsidy, &mut trail)?;
    let parts = Parts {
        basic: basic.fen,
        serious: serious.fen,
        aid,
        subsidy,
        person: costs.total - insured - subsidy,
    };
    subsidy::kept_apart(pack, &costs, &mut trail);
    trail.note(
        Step::Person,
        pack.basis("settlement.order")?,
        remainder(&costs, &parts),
        parts.person,
    );
    Ok(Settlement {
        total_fen: costs.total,
        parts,
        shares,
        trail: trail.steps(),
        takes: Used {
            admissions: u32::from(input.kind.is_stay()),
            basic_fen: basic.of_stays,
            serious_burden_fen: serious.burden,
            aid_fen: aid,
            outpatient_fen: basic.of_outpatient,
            outpatient_deducted_fen: basic.outpatient_deducted,
        },
    })
}

fn remainder(costs: &windows::Costs, parts: &Parts) -> String {
    format!(
        "{} - {} - {} - {} - {} = {}",
        yuan(costs.total),
        yuan(parts.basic),
        yuan(parts.serious),
        yuan(parts.aid),
        yuan(parts.subsidy),
        yuan(parts.person)
    )
}

#[cfg(test)]
mod tests;
