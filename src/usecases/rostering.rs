//! Duty roster and leave of an agency's handlers (CAT-3, CLK-5, CLK-7). A roster is made by its supervisors; leave is
//! asked for by the handler or recorded by a supervisor, and hands over what is held when it begins. Rules of time and
//! overlap are [`crate::domain::roster`]'s.

mod covering;

pub use covering::begin_leaves;
pub(super) use covering::goes_back_to;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveTime};

use super::App;
use super::error::{Already, Conflict, Error};
use crate::clock::Clock;
use crate::domain::actor::{Actor, Role};
use crate::domain::form::FieldError;
use crate::domain::ids::{AccountId, LeaveId, ShiftId};
use crate::domain::place::AgencyCode;
use crate::domain::roster::{self as rules, Leave, LeaveFault, Shift, ShiftFault};
use crate::domain::time::{Day, Ts};
use crate::store::accounts::Colleague;
use crate::store::roster::Recorded;
use crate::store::{Conn, accounts, guards, roster};

/// Who sees the roster.
const DESK: &[Role] = &[Role::Handler, Role::Reviewer, Role::Supervisor];
/// Handlers a roster shows at most.
const MOST_HANDLERS: i64 = 200;

/// A week of an agency's roster.
#[derive(Clone, Debug)]
pub struct Week {
    /// Its Monday.
    pub monday: Day,
    /// Its shifts in their order.
    pub shifts: Vec<Shift>,
    /// Leave that has not ended before it.
    pub leaves: Vec<Recorded>,
    /// The handlers, by user name.
    pub handlers: Vec<Colleague>,
    /// Names of everybody in it.
    pub names: BTreeMap<AccountId, String>,
}

/// The Monday of a day's week.
pub fn monday(day: Day) -> Day {
    use chrono::Datelike;
    day - Days::new(u64::from(day.weekday().num_days_from_monday()))
}

fn sunday(monday: Day) -> Day {
    monday + Days::new(6)
}

/// The week of a day, with the leave that ends on its Monday or later.
///
/// # Errors
/// [`Error::Forbidden`] for who has no desk.
pub async fn week(app: &App, actor: &Actor, day: Day) -> Result<Week, Error> {
    let agency = at_agency(actor, DESK)?;
    let monday = monday(day);
    app.db
        .read(move |conn| {
            let shifts = roster::shifts(conn, agency, (monday, sunday(monday)))?;
            let leaves = roster::recorded(conn, agency, monday)?;
            let mut people: BTreeSet<AccountId> = shifts.iter().map(|s| s.account).collect();
            for one in &leaves {
                people.extend([one.leave.account, one.leave.stand_in]);
            }
            Ok(Week {
                monday,
                shifts,
                leaves,
                handlers: accounts::colleagues(conn, agency, Role::Handler, None, MOST_HANDLERS)?,
                names: accounts::names(conn, &people)?,
            })
        })
        .await
}

fn at_agency(actor: &Actor, roles: &[Role]) -> Result<AgencyCode, Error> {
    actor.require(roles)?;
    actor.agency.ok_or(Error::Forbidden)
}

/// A shift as it was asked for.
#[derive(Clone, Debug)]
pub struct NewShift {
    /// User name of the handler.
    pub handler: String,
    /// On which day.
    pub day: Day,
    /// From when on.
    pub from: NaiveTime,
    /// Up to when.
    pub to: NaiveTime,
    /// Whether they answer the phone.
    pub phone: bool,
}

/// Enters a shift.
///
/// # Errors
/// [`Error::Forbidden`] for everybody but supervisors, [`Error::Invalid`] when the person is elsewhere at that time
/// or no handler of the agency.
pub async fn add(app: &App, actor: &Actor, new: NewShift) -> Result<(), Error> {
    let agency = at_agency(actor, &[Role::Supervisor])?;
    let (by, id, now) = (actor.account, Clock::new_id::<ShiftId>(), app.clock.now());
    app.db
        .write(move |conn| {
            let account = handler(conn, agency, &new.handler, "handler")?;
            let shift = Shift {
                id,
                account,
                day: new.day,
                from: new.from,
                to: new.to,
                phone: new.phone,
            };
            guards::rosters(conn, agency.pool())?;
            let others = roster::shifts(conn, agency, (new.day, new.day))?;
            let leaves = roster::leaves(conn, agency, new.day)?;
            rules::check_shift(&shift, &others, &leaves).map_err(of_shift)?;
            Ok(roster::insert_shift(conn, agency, &shift, by, now)?)
        })
        .await
}

/// A handler of the agency by user name.
fn handler(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    username: &str,
    field: &str,
) -> Result<AccountId, Error> {
    let found = accounts::of_agency(conn, agency, username)?;
    let able = roster::handlers(conn, agency)?;
    found
        .filter(|account| able.contains(account))
        .ok_or_else(|| Error::Invalid(vec![FieldError::new(field, "recipient-unable")]))
}

fn of_shift(fault: ShiftFault) -> Error {
    let (field, code) = match fault {
        ShiftFault::Backwards => ("to", "shift-backwards"),
        ShiftFault::Overlap => ("from", "shift-overlap"),
        ShiftFault::OnLeave => ("handler", "shift-on-leave"),
    };
    Error::Invalid(vec![FieldError::new(field, code)])
}

/// Takes a shift out.
///
/// # Errors
/// [`Error::Forbidden`] for everybody but supervisors. One that is gone already stays gone.
pub async fn remove(app: &App, actor: &Actor, id: ShiftId) -> Result<(), Error> {
    let agency = at_agency(actor, &[Role::Supervisor])?;
    app.db
        .write(move |conn| roster::delete_shift(conn, agency, id).map_err(Error::from))
        .await?;
    Ok(())
}

/// Copies the shifts of the week before into the week of `day`: whatever has no place there is left out.
///
/// # Errors
/// [`Error::Forbidden`] for everybody but supervisors, [`Error::Invalid`] when the week before has none.
pub async fn copy(app: &App, actor: &Actor, day: Day) -> Result<usize, Error> {
    let agency = at_agency(actor, &[Role::Supervisor])?;
    let (by, now) = (actor.account, app.clock.now());
    let monday = monday(day);
    let before = monday - Days::new(7);
    let old = app
        .db
        .read(move |c| roster::shifts(c, agency, (before, sunday(before))).map_err(Error::from))
        .await?;
    if old.is_empty() {
        return Err(Error::Invalid(vec![FieldError::new("", "roster-empty")]));
    }
    let new: Vec<Shift> = old
        .into_iter()
        .map(|shift| Shift {
            id: Clock::new_id(),
            day: shift.day + Days::new(7),
            ..shift
        })
        .collect();
    app.db
        .write(move |conn| {
            guards::rosters(conn, agency.pool())?;
            let able = roster::handlers(conn, agency)?;
            let leaves = roster::leaves(conn, agency, monday)?;
            let mut there = roster::shifts(conn, agency, (monday, sunday(monday)))?;
            let mut copied = 0;
            for shift in &new {
                let has_place = rules::check_shift(shift, &there, &leaves).is_ok();
                if has_place && able.contains(&shift.account) {
                    roster::insert_shift(conn, agency, shift, by, now)?;
                    there.push(shift.clone());
                    copied += 1;
                }
            }
            Ok(copied)
        })
        .await
}

/// Leave as it was asked for.
#[derive(Clone, Debug)]
pub struct NewLeave {
    /// User name of who will be away; a handler asks for the own.
    pub handler: String,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// User name of who stands in.
    pub stand_in: String,
}

/// Records leave: a supervisor's word counts at once, a handler's waits for one.
///
/// # Errors
/// [`Error::Forbidden`] for others, and for a handler who asks for somebody else's; [`Error::Invalid`] when it
/// overlaps, or nobody able stands in.
pub async fn ask_leave(app: &App, actor: &Actor, new: NewLeave) -> Result<(), Error> {
    let agency = at_agency(actor, &[Role::Handler, Role::Supervisor])?;
    let (by, role, now) = (actor.account, actor.role, app.clock.now());
    let id = Clock::new_id::<LeaveId>();
    app.db
        .write(move |conn| {
            let account = handler(conn, agency, &new.handler, "handler")?;
            if role == Role::Handler && account != by {
                return Err(Error::Forbidden);
            }
            let leave = Leave {
                id,
                account,
                from: new.from,
                to: new.to,
                stand_in: handler(conn, agency, &new.stand_in, "stand_in")?,
            };
            guards::rosters(conn, agency.pool())?;
            check(conn, agency, &leave, now)?;
            let granted = (role == Role::Supervisor).then_some(now);
            Ok(roster::insert_leave(
                conn,
                agency,
                &leave,
                (by, now),
                granted,
            )?)
        })
        .await
}

fn check(conn: &mut Conn<'_>, agency: AgencyCode, leave: &Leave, now: Ts) -> Result<(), Error> {
    let others: Vec<Leave> = roster::recorded(conn, agency, leave.from)?
        .into_iter()
        .map(|one| one.leave)
        .collect();
    rules::check_leave(leave, &others, now.day()).map_err(|fault| {
        let (field, code) = match fault {
            LeaveFault::Backwards => ("to", "leave-backwards"),
            LeaveFault::Past => ("to", "leave-past"),
            LeaveFault::Overlap => ("from", "leave-overlap"),
            LeaveFault::StandInSelf => ("stand_in", "leave-stand-in-self"),
            LeaveFault::StandInOnLeave => ("stand_in", "leave-stand-in-on-leave"),
            LeaveFault::StandsIn => ("from", "leave-stands-in"),
        };
        Error::Invalid(vec![FieldError::new(field, code)])
    })
}

/// A supervisor grants leave that was asked for.
///
/// # Errors
/// [`Error::Forbidden`] for everybody but supervisors, [`Error::Conflict`] when there is nothing to grant,
/// [`Error::Invalid`] when other leave came in between.
pub async fn grant_leave(app: &App, actor: &Actor, id: LeaveId) -> Result<(), Error> {
    let agency = at_agency(actor, &[Role::Supervisor])?;
    let now = app.clock.now();
    app.db
        .write(move |conn| {
            guards::rosters(conn, agency.pool())?;
            let all = roster::recorded(conn, agency, now.day())?;
            let asked = all.iter().find(|one| one.leave.id == id);
            if let Some(asked) = asked {
                check(conn, agency, &asked.leave, now)?;
            }
            settled(roster::grant_leave(conn, agency, id, now)?)
        })
        .await
}

/// Takes leave back: a supervisor any, a handler the own that was not granted yet. What was handed over stays so.
///
/// # Errors
/// [`Error::Forbidden`] for others, [`Error::Conflict`] when there is nothing to take back.
pub async fn cancel_leave(app: &App, actor: &Actor, id: LeaveId) -> Result<(), Error> {
    let agency = at_agency(actor, &[Role::Handler, Role::Supervisor])?;
    let (by, role, now) = (actor.account, actor.role, app.clock.now());
    app.db
        .write(move |conn| {
            let all = roster::recorded(conn, agency, now.day())?;
            let found = all.iter().find(|one| one.leave.id == id);
            let own = |one: &Recorded| one.leave.account == by && one.granted_at.is_none();
            if role == Role::Handler && found.is_some_and(|one| !own(one)) {
                return Err(Error::Forbidden);
            }
            settled(roster::cancel_leave(conn, agency, id, now)?)
        })
        .await
}

fn settled(rows: usize) -> Result<(), Error> {
    match rows {
        0 => Err(Error::Conflict(Conflict::Already(Already::LeaveSettled))),
        _ => Ok(()),
    }
}
