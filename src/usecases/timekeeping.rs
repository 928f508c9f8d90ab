//! What time itself does to cases: warnings, breaches, lapses and reminders (CLK-7, CLK-8, CAS-1). A timer is claimed by
//! the transaction that does its work, so each fires once whatever crashes, and however many instances run. One
//! whose run of the clock is over does nothing. No timer ever looks at the machine's clock.
//!
//! Rungs of the ladder, which come by the thousand, are judged and written together (`rungs`); what is rare is done
//! case by case.

mod duty;
mod letters;
mod rungs;

use std::collections::{BTreeMap, BTreeSet};

use super::App;
use super::error::Error;
use super::filing::wait_rules;
use super::handling::item_of;
use super::saving::{StepIds, advance, with_last_day};
use super::telling::tell;
use crate::domain::calendar::Calendar;
use crate::domain::case::{Case, State};
use crate::domain::ids::{CaseId, TimerId};
use crate::domain::item::ServiceItem;
use crate::domain::notice::{self, Audience};
use crate::domain::place::Pool;
use crate::domain::time::Ts;
use crate::domain::timer::Kind;
use crate::domain::workflow::{Command, Context, Performer, apply};
use crate::store::cases::{Listed, Moved};
use crate::store::timers::Due;
use crate::store::{Conn, StoreError, cases, papers, timers};

/// What became of one timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Its work is done.
    Fired(Kind),
    /// Its run of the clock is over, or the case no longer is where it would do something.
    Over,
    /// Another instance fired it, or the case dropped it.
    Gone,
    /// The case is being moved by somebody right now; the next run looks again.
    Busy,
}

/// Timers whose time has come, oldest first, from beyond `after` on.
pub async fn due(app: &App, after: Option<(Ts, TimerId)>, limit: i64) -> Result<Vec<Due>, Error> {
    let now = app.clock.now();
    app.db
        .read(move |conn| timers::due(conn, now, after, limit).map_err(Error::from))
        .await
}

/// Fires timers, all in one transaction; the outcomes are in their order.
///
/// # Errors
/// When one of them fails, none has fired.
pub async fn fire(app: &App, due: Vec<Due>) -> Result<Vec<Outcome>, Error> {
    let now = app.clock.now();
    let work: Vec<(Due, StepIds)> = due.into_iter().map(|due| (due, StepIds::new())).collect();
    let together = StepIds::new();
    let app = app.clone();
    let db = app.db.clone();
    db.write(move |conn| fire_in(conn, &app, &work, &together, now))
        .await
}

fn fire_in(
    conn: &mut Conn<'_>,
    app: &App,
    work: &[(Due, StepIds)],
    together: &StepIds,
    now: Ts,
) -> Result<Vec<Outcome>, Error> {
    let (cases, claimed) = take(conn, work, now)?;
    let mut rungs = vec![];
    let mut outcomes = BTreeMap::new();
    for (due, ids) in work {
        let outcome = match cases.get(&due.case) {
            None => Outcome::Busy,
            Some(_) if !claimed.contains(&due.id) => Outcome::Gone,
            Some(listed) if due.kind.is_rung() => {
                rungs.push((due, listed));
                continue;
            }
            Some(listed) => fire_one(conn, app, (due, listed), ids, now)?,
        };
        outcomes.insert(due.id, outcome);
    }
    outcomes.extend(rungs::climb(conn, app, &rungs, together, now)?);
    let outcome = |due: &Due| outcomes.get(&due.id).copied().unwrap_or(Outcome::Gone);
    Ok(work.iter().map(|(due, _)| outcome(due)).collect())
}

/// Locks the cases of timers, as far as nobody is moving them, and claims the timers of those.
fn take(
    conn: &mut Conn<'_>,
    work: &[(Due, StepIds)],
    now: Ts,
) -> Result<(cases::ById, BTreeSet<TimerId>), Error> {
    let mut pools: BTreeMap<Pool, BTreeSet<CaseId>> = BTreeMap::new();
    for (due, _) in work {
        pools.entry(due.pool).or_default().insert(due.case);
    }
    let (mut locked, mut claimed) = (cases::ById::new(), BTreeSet::new());
    for (pool, ids) in pools {
        let ids: Vec<CaseId> = ids.into_iter().collect();
        let free = cases::lock_free_of(conn, pool, &ids)?;
        let ours: Vec<TimerId> = work
            .iter()
            .filter(|(due, _)| free.contains_key(&due.case))
            .map(|(due, _)| due.id)
            .collect();
        claimed.extend(timers::claim(conn, pool, &ours, now)?);
        locked.extend(free);
    }
    Ok((locked, claimed))
}

/// What is done case by case.
fn fire_one(
    conn: &mut Conn<'_>,
    app: &App,
    (due, listed): (&Due, &Listed),
    ids: &StepIds,
    now: Ts,
) -> Result<Outcome, Error> {
    // The clock was started anew since the timer was written (CLK-5).
    let is_over = listed.case.term_number() != due.term;
    match due.kind {
        // A promise outlives the clock (CAS-4).
        Kind::ObligationReminder => remind_of_promise(conn, &listed.case, ids, now),
        Kind::Lapse if !is_over => lapse(conn, app, listed, ids, now),
        Kind::LapseReminder if !is_over => remind_of_lapse(conn, app, &listed.case, ids, now),
        Kind::Lapse | Kind::LapseReminder | Kind::HalfTime | Kind::LastHour | Kind::Breach => {
            Ok(Outcome::Over)
        }
    }
}

/// The facts by which the table judges what a timer asks for, as it does for people.
fn context<'a>(
    app: &App,
    calendar: &'a Calendar,
    case: &Case,
    item: &ServiceItem,
    now: Ts,
) -> Context<'a> {
    Context::of_service(
        now,
        calendar,
        app.office.hours(case.agency),
        item.first_stage,
    )
}

fn lapse(
    conn: &mut Conn<'_>,
    app: &App,
    listed: &Listed,
    ids: &StepIds,
    now: Ts,
) -> Result<Outcome, Error> {
    let case = &listed.case;
    let item = item_of(case)?;
    let calendar = app.calendar();
    let context = context(app, &calendar, case, item, now);
    let Ok(step) = apply(
        item.table,
        case,
        Performer::Timer,
        &Command::Lapse,
        &context,
    ) else {
        return Ok(Outcome::Over);
    };
    match advance(conn, app, item, listed, &step, ids)? {
        Moved::Done => Ok(Outcome::Fired(Kind::Lapse)),
        // The row is locked: nobody else can have moved it.
        Moved::Stale => Err(Error::Store(StoreError::Busy)),
    }
}

fn remind_of_lapse(
    conn: &mut Conn<'_>,
    app: &App,
    case: &Case,
    ids: &StepIds,
    now: Ts,
) -> Result<Outcome, Error> {
    let policy = app.office.policies.on(case.pool, case.filed_at.day());
    let reminder = notice::about(case, notice::Kind::LapseReminder);
    let reminder = with_last_day(reminder, case, &wait_rules(&policy));
    if !reminder.particulars.contains_key("last_day") {
        return Ok(Outcome::Over);
    }
    tell(conn, case, Audience::Applicant, &reminder, now, ids)?;
    Ok(Outcome::Fired(Kind::LapseReminder))
}

/// Reminds of what is promised and not here yet, the one due first (CAS-4); of nothing when everything came or
/// the application came to nothing.
fn remind_of_promise(
    conn: &mut Conn<'_>,
    case: &Case,
    ids: &StepIds,
    now: Ts,
) -> Result<Outcome, Error> {
    let came_to_nothing = match case.state {
        State::Refused | State::NotAccepted | State::Withdrawn | State::Lapsed => true,
        State::Draft
        | State::AwaitingParcel
        | State::Submitted
        | State::InReview
        | State::SupplementRequested
        | State::AwaitingAgency
        | State::AwaitingInstitution
        | State::SecondReview
        | State::Fulfilling
        | State::Closed => false,
    };
    let first = papers::obligations(conn, case.pool, case.id)?
        .into_iter()
        .filter(|promise| promise.met_at.is_none())
        .min_by_key(|promise| promise.due_on);
    let Some(promise) = first.filter(|_| !came_to_nothing) else {
        return Ok(Outcome::Over);
    };
    let reminder = notice::about(case, notice::Kind::ObligationReminder)
        .without("due")
        .with("material", promise.material)
        .with("due_on", promise.due_on.to_string());
    tell(conn, case, Audience::Applicant, &reminder, now, ids)?;
    Ok(Outcome::Fired(Kind::ObligationReminder))
}
