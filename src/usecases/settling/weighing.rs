//! What a step of a case means for the money (SET-7), in the step's own transaction: the first review stores what comes of the
//! claim, the second takes room of the year or sends the claim back when the room has changed, opening it again gives the room
//! back. The guard of the year is taken before the case moves, so that steps of two claims come one after the other. Cases that
//! are no claims are left alone.

use super::super::App;
use super::super::error::{Conflict, Error};
use super::super::handling::item_of;
use super::super::paying;
use super::grounds::{Built, Ground, build};
use super::{compute, is_claim};
use crate::domain::case::{Case, Decision, State};
use crate::domain::event::Change;
use crate::domain::ids::AccountId;
use crate::domain::item::ServiceItem;
use crate::domain::payment::Due;
use crate::domain::settlement::Settlement;
use crate::domain::time::Ts;
use crate::domain::workflow::{Command, Context, Performer, Step, apply};
use crate::store::accumulators::{Entry, Sign, Year};
use crate::store::claims::Place;
use crate::store::settlements::Stored;
use crate::store::{Conn, accumulators, settlements};

/// What a step means for the money.
#[derive(Debug)]
pub(in crate::usecases) enum Weighed {
    /// Nothing beyond what is written already.
    Nothing,
    /// The settlement is approved: it is to be paid.
    Approved(Box<Stored>),
    /// The room of the year has changed since the first review: this step is done instead, and this is told.
    Changed(Box<Step>, Conflict),
    /// An approved claim is opened again.
    Reopened,
}

impl Weighed {
    /// The step that is done instead of the one that was weighed.
    pub(in crate::usecases) fn step(&self) -> Option<&Step> {
        match self {
            Self::Changed(step, _) => Some(step),
            Self::Nothing | Self::Approved(_) | Self::Reopened => None,
        }
    }

    /// What whoever asked for the other step is told.
    pub(in crate::usecases) fn told(self) -> Option<Conflict> {
        match self {
            Self::Changed(_, told) => Some(told),
            Self::Nothing | Self::Approved(_) | Self::Reopened => None,
        }
    }
}

/// Who does the step, and when.
pub(in crate::usecases) type By = (AccountId, Ts);

/// Weighs a step before it is saved.
///
/// # Errors
/// [`Error::Invalid`] with what keeps the claim from being settled.
pub(in crate::usecases) fn weigh(
    conn: &mut Conn<'_>,
    app: &App,
    before: &Case,
    step: &Step,
    by: By,
) -> Result<Weighed, Error> {
    if !is_claim(item_of(before)?) {
        return Ok(Weighed::Nothing);
    }
    match &step.event.change {
        Change::Proposed {
            decision: Decision::Approved,
            ..
        } => {
            propose(conn, app, before, by)?;
            Ok(Weighed::Nothing)
        }
        Change::Decided {
            decision: Decision::Approved,
            ..
        } => approve(conn, app, before, by),
        Change::Reopened { .. } => {
            give_back(conn, before, by.1)?;
            Ok(match before.decision {
                Some(Decision::Approved) => Weighed::Reopened,
                Some(_) | None => Weighed::Nothing,
            })
        }
        _ => Ok(Weighed::Nothing),
    }
}

/// The stage after an approval: none where nothing is to be paid out any more, so that the case closes at once.
pub(in crate::usecases) fn first_stage(
    conn: &mut Conn<'_>,
    item: &ServiceItem,
    case: &Case,
    command: &Command,
) -> Result<Option<&'static str>, Error> {
    let approves = matches!(command, Command::Approve { .. }) && case.state == State::SecondReview;
    if !approves || !is_claim(item) {
        return Ok(item.first_stage);
    }
    let Some(latest) = settlements::latest(conn, (case.pool, case.id))? else {
        return Ok(item.first_stage);
    };
    Ok(match paying::still_due(conn, case, &latest.settlement)? {
        Due::Pay(_) => item.first_stage,
        Due::Nothing | Due::Recover(_) => None,
    })
}

/// The first review: what comes of the claim is stored as the next version.
fn propose(conn: &mut Conn<'_>, app: &App, case: &Case, by: By) -> Result<(), Error> {
    let ground = Ground::of(conn, case)?;
    let used = accumulators::used(conn, ground.year(case))?;
    let built = build(conn, case, &ground, used)?;
    let settlement = compute(app, &built).map_err(Error::Invalid)?;
    store(conn, case, (built, settlement), by)?;
    Ok(())
}

/// The second review: computed again with what is used by now, under the guard of the year (SET-7).
fn approve(conn: &mut Conn<'_>, app: &App, case: &Case, by: By) -> Result<Weighed, Error> {
    let ground = Ground::of(conn, case)?;
    let year = ground.year(case);
    let used = accumulators::take(conn, year)?;
    let built = build(conn, case, &ground, used)?;
    let now = compute(app, &built).map_err(Error::Invalid)?;
    let stored = match settlements::latest(conn, (case.pool, case.id))? {
        Some(stored) if stored.settlement == now => stored,
        Some(stored) if same_money(&stored.settlement, &now) => {
            // The same to everybody, explained by what is used now.
            store(conn, case, (built, now), by)?
        }
        before => {
            let after = store(conn, case, (built, now), by)?;
            return changed(app, case, (before.as_ref(), &after), by.1);
        }
    };
    let entry = Entry {
        year,
        case: case.id,
        settlement: stored.number,
        sign: Sign::Takes,
        takes: stored.settlement.takes,
    };
    accumulators::enter(conn, &entry, by.1)?;
    Ok(Weighed::Approved(Box::new(stored)))
}

fn same_money(one: &Settlement, other: &Settlement) -> bool {
    (one.total_fen, one.parts, one.shares, one.takes)
        == (other.total_fen, other.parts, other.shares, other.takes)
}

/// Adds the next version.
fn store(
    conn: &mut Conn<'_>,
    case: &Case,
    (built, settlement): (Built, Settlement),
    (by, at): By,
) -> Result<Stored, Error> {
    let place = (case.pool, case.id);
    let last = settlements::latest(conn, place)?;
    let stored = Stored {
        number: last.map_or(0, |stored| stored.number) + 1,
        computed_at: at,
        computed_by: Some(by),
        input: built.input,
        settlement,
    };
    settlements::insert(conn, place, case.person, &stored)?;
    Ok(stored)
}

/// The step that is done instead: back to the first review, with what is told of it.
fn changed(
    app: &App,
    case: &Case,
    (before, after): (Option<&Stored>, &Stored),
    now: Ts,
) -> Result<Weighed, Error> {
    let item = item_of(case)?;
    let calendar = app.calendar();
    let hours = app.office.hours(case.agency);
    let context = Context::of_service(now, &calendar, hours, item.first_stage);
    let step = apply(
        item.table,
        case,
        Performer::Timer,
        &Command::Recompute,
        &context,
    )
    .map_err(|refusal| Error::Fault(format!("no way back to the review: {refusal:?}")))?;
    let told = Conflict::Recomputed {
        state: step.case.state,
        version: step.case.version,
        before: before.map_or(0, |stored| stored.settlement.parts.payable()),
        after: after.settlement.parts.payable(),
    };
    Ok(Weighed::Changed(Box::new(step), told))
}

/// Gives back what an approved settlement took of its year; at most once.
fn give_back(conn: &mut Conn<'_>, case: &Case, now: Ts) -> Result<(), Error> {
    let Some(stored) = standing(conn, (case.pool, case.id))? else {
        return Ok(());
    };
    let year = Year {
        pool: case.pool,
        person: case.person,
        year: stored.year(),
    };
    accumulators::take(conn, year)?;
    let entry = Entry {
        year,
        case: case.id,
        settlement: stored.number,
        sign: Sign::GivesBack,
        takes: stored.settlement.takes,
    };
    Ok(accumulators::enter(conn, &entry, now)?)
}

/// The settlement of a case that has room of its year now.
fn standing(conn: &mut Conn<'_>, place: Place) -> Result<Option<Stored>, Error> {
    let entered = accumulators::entered(conn, place)?;
    let back = |number: u32| entered.contains(&(number, Sign::GivesBack));
    let number = entered
        .iter()
        .filter(|(number, sign)| *sign == Sign::Takes && !back(*number))
        .map(|(number, _)| *number)
        .max();
    let all = settlements::of_case(conn, place)?;
    Ok(all.into_iter().find(|one| Some(one.number) == number))
}

/// What follows once the step is saved: the order to pay, or that there is none any more (RB-6).
pub(in crate::usecases) fn conclude(
    conn: &mut Conn<'_>,
    app: &App,
    case: &Case,
    weighed: &Weighed,
    (by, now): By,
) -> Result<(), Error> {
    match weighed {
        Weighed::Approved(stored) => {
            let settled = (stored.number, &stored.settlement);
            paying::on_approved(conn, app, case, settled, by, now)
        }
        Weighed::Reopened => paying::on_reopened(conn, app, case, now),
        Weighed::Nothing | Weighed::Changed(..) => Ok(()),
    }
}
