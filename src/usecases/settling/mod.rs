//! Reviewing claims and settling them (RB-6, SET-1, SET-7): what is allowed line by line, what comes of it, what is stored of it
//! and what it takes of the year. What is computed is the domain's; who is paid when is [`super::paying`]'s.
//!
//! [`grounds`] what a settlement is computed from, [`reviewing`] what a handler says of lines and papers, [`weighing`] what a
//! step of the case means for the money, [`reading`] what pages and API show.

mod grounds;
pub mod reading;
pub mod reviewing;
mod weighing;

pub(super) use weighing::{conclude, first_stage, weigh};

use super::App;
use crate::domain::form::FieldError;
use crate::domain::item::ServiceItem;
use crate::domain::settlement::{Settlement, settle};
use crate::domain::workflow::Action;
use grounds::Built;

/// Whether cases of an item are claims for money: their lines can be adjusted.
pub fn is_claim(item: &ServiceItem) -> bool {
    item.table.iter().any(|row| row.action == Action::Adjust)
}

/// What comes of a claim, its trail by the numbers of the claim's own lines.
fn compute(app: &App, built: &Built) -> Result<Settlement, Vec<FieldError>> {
    let mut settlement = settle(&built.input, &app.office.policies)?;
    for step in &mut settlement.trail {
        step.line = step.line.and_then(|place| built.line(place));
    }
    Ok(settlement)
}
