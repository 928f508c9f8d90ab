//! What time itself does to cases: breaches, lapses and reminders (CLK-7, CLK-8, CAS-1). A timer is claimed by
//! the transaction that does its work, so each fires once whatever crashes, and however many instances run. One
//! whose run of the clock is over does nothing. No timer ever looks at the machine's clock.

use super::App;
use super::error::Error;
use super::filing::wait_rules;
use super::handling::item_of;
use super::saving::{StepIds, advance, with_last_day};
use super::telling::tell;
use crate::domain::case::{Case, State};
use crate::domain::ids::TimerId;
use crate::domain::notice::{self, Audience};
use crate::domain::time::Ts;
use crate::domain::timer::Kind;
use crate::domain::workflow::{Command, Context, Performer, apply};
use crate::store::cases::{Listed, Moved};
use crate::store::timers::{Claimed, Due};
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

/// Fires timers, all in one transaction.
///
/// # Errors
/// When one of them fails, none has fired.
pub async fn fire(app: &App, due: Vec<Due>) -> Result<Vec<Outcome>, Error> {
    let now = app.clock.now();
    let work: Vec<(Due, StepIds)> = due.into_iter().map(|due| (due, StepIds::new())).collect();
    let app = app.clone();
    let db = app.db.clone();
    db.write(move |conn| {
        work.iter()
            .map(|(due, ids)| fire_one(conn, &app, due, ids, now))
            .collect()
    })
    .await
}

fn fire_one(
    conn: &mut Conn<'_>,
    app: &App,
    due: &Due,
    ids: &StepIds,
    now: Ts,
) -> Result<Outcome, Error> {
    let Some(listed) = cases::lock_free(conn, due.pool, due.case)? else {
        return Ok(Outcome::Busy);
    };
    if timers::claim(conn, due, now)? == Claimed::Gone {
        return Ok(Outcome::Gone);
    }
    // The clock was started anew since the timer was written (CLK-5).
    let is_over = listed.case.term_number() != due.term;
    match due.kind {
        // A promise outlives the clock (CAS-4).
        Kind::ObligationReminder => remind_of_promise(conn, &listed.case, ids, now),
        Kind::Breach | Kind::Lapse | Kind::LapseReminder if is_over => Ok(Outcome::Over),
        Kind::Breach => step(conn, app, &listed, Command::Breach, ids, now, due.kind),
        Kind::Lapse => step(conn, app, &listed, Command::Lapse, ids, now, due.kind),
        Kind::LapseReminder => remind_of_lapse(conn, app, &listed.case, ids, now),
    }
}

/// Lets the table judge what the timer asks for, as it does for people.
fn step(
    conn: &mut Conn<'_>,
    app: &App,
    listed: &Listed,
    command: Command,
    ids: &StepIds,
    now: Ts,
    kind: Kind,
) -> Result<Outcome, Error> {
    let case = &listed.case;
    let item = item_of(case)?;
    let calendar = app.calendar();
    let context = Context {
        now,
        calendar: &calendar,
        hours: app.office.hours(case.agency),
        is_next: false,
        held: 0,
        hold_limit: None,
        recipient: None,
        holder_on_duty: false,
        promised: vec![],
        confirmed: false,
        first_stage: item.first_stage,
    };
    let Ok(step) = apply(item.table, case, Performer::Timer, &command, &context) else {
        return Ok(Outcome::Over);
    };
    match advance(conn, app, item, listed, &step, ids)? {
        Moved::Done => Ok(Outcome::Fired(kind)),
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
