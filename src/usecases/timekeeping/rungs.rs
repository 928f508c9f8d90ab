//! The rungs of the ladder, climbed by many cases together (CLK-7): each timer is judged by the domain, then
//! everything is written in a few statements for all. A rung that was passed while nobody looked is dropped: a warning
//! is given only while the case bears its mark, for one that comes late would be noise, and after the deadline there
//! is the breach with its consequences alone.

use std::collections::BTreeMap;

use super::Outcome;
use super::duty::Duty;
use super::letters::Letters;
use crate::domain::calendar::Calendar;
use crate::domain::case::Case;
use crate::domain::event::Event;
use crate::domain::ids::TimerId;
use crate::domain::ladder::{Mark, expected_after, mark};
use crate::domain::notice::{self, Audience};
use crate::domain::time::Ts;
use crate::domain::timer::Kind;
use crate::domain::workflow::{Command, Performer, Step, apply};
use crate::store::cases::{Listed, Moved};
use crate::store::timers::Due;
use crate::store::{Conn, StoreError, breaches, cases, journal};
use crate::usecases::handling::item_of;
use crate::usecases::saving::{StepIds, missed_by, working_time};
use crate::usecases::{App, Error};

/// A claimed timer and its locked case.
pub(super) type Rung<'a> = (&'a Due, &'a Listed);

/// What a rung brings.
enum Judged {
    /// Nothing: the run is over, or the case is on another rung by now.
    Over,
    /// A warning.
    HalfTime,
    /// A warning, and an assignment where nobody has the case.
    LastHour,
    /// The breach.
    Breach(Box<Step>),
}

/// Climbs the rungs of many cases in the caller's transaction.
///
/// # Errors
/// The database's; then nothing was done.
pub(super) fn climb(
    conn: &mut Conn<'_>,
    app: &App,
    rungs: &[Rung<'_>],
    ids: &StepIds,
    now: Ts,
) -> Result<BTreeMap<TimerId, Outcome>, Error> {
    let mut outcomes = BTreeMap::new();
    let mut steps: Vec<(&Listed, Box<Step>)> = vec![];
    let mut letters = Letters::default();
    let calendar = app.calendar();
    let mut duty = Duty::new(app, &calendar, now);
    for (due, listed) in rungs {
        let case = &listed.case;
        let judged = judge(app, &calendar, due, case, now)?;
        let outcome = match judged {
            Judged::Over => Outcome::Over,
            Judged::HalfTime | Judged::LastHour | Judged::Breach(_) => Outcome::Fired(due.kind),
        };
        outcomes.insert(due.id, outcome);
        match judged {
            Judged::Over => {}
            Judged::HalfTime => warn(&mut letters, case, notice::Kind::HalfTime),
            Judged::LastHour if is_unclaimed(case) => match duty.assign(conn, case)? {
                Some(step) => {
                    letters.desk(Audience::Holder, notice::Kind::Assigned, &step.case);
                    letters.desk(Audience::Supervisors, notice::Kind::LastHour, &step.case);
                    steps.push((listed, Box::new(step)));
                }
                None => letters.unassigned(case),
            },
            Judged::LastHour => warn(&mut letters, case, notice::Kind::LastHour),
            Judged::Breach(step) => {
                let expected = expected_after(working_time(app, &calendar, case), now);
                letters.breached(&step.case, expected);
                warn(&mut letters, &step.case, notice::Kind::BreachedAtDesk);
                steps.push((listed, step));
            }
        }
    }
    write(conn, &steps, now)?;
    letters.post(conn, ids, now)?;
    Ok(outcomes)
}

fn judge(app: &App, calendar: &Calendar, due: &Due, case: &Case, now: Ts) -> Result<Judged, Error> {
    // The clock was started anew since the timer was written (CLK-5).
    if case.term_number() != due.term {
        return Ok(Judged::Over);
    }
    let judged = match (due.kind, mark(working_time(app, calendar, case), case, now)) {
        (Kind::HalfTime, Mark::Yellow) => Judged::HalfTime,
        (Kind::LastHour, Mark::Red) => Judged::LastHour,
        (Kind::Breach, Mark::Breached) => {
            let item = item_of(case)?;
            let context = super::context(app, calendar, case, item, now);
            match apply(
                item.table,
                case,
                Performer::Timer,
                &Command::Breach,
                &context,
            ) {
                Ok(step) => Judged::Breach(Box::new(step)),
                Err(_) => Judged::Over,
            }
        }
        (
            Kind::HalfTime
            | Kind::LastHour
            | Kind::Breach
            | Kind::LapseReminder
            | Kind::Lapse
            | Kind::ObligationReminder,
            _,
        ) => Judged::Over,
    };
    Ok(judged)
}

/// In the queue, in nobody's hand, and not the supervisor's to give out.
fn is_unclaimed(case: &Case) -> bool {
    case.state == crate::domain::case::State::Submitted && case.holder.is_none() && !case.escalated
}

fn warn(letters: &mut Letters, case: &Case, kind: notice::Kind) {
    letters.desk(Audience::Holder, kind, case);
    letters.desk(Audience::Supervisors, kind, case);
}

/// Cases, journal and register of all steps.
fn write(conn: &mut Conn<'_>, steps: &[(&Listed, Box<Step>)], now: Ts) -> Result<(), StoreError> {
    let moves: Vec<(&Listed, &Case)> = steps
        .iter()
        .map(|(before, step)| (*before, &step.case))
        .collect();
    if cases::advance_together(conn, &moves, now)? == Moved::Stale {
        // The rows are locked: nobody else can have moved them.
        return Err(StoreError::Busy);
    }
    let events: Vec<(_, _, &Event)> = steps
        .iter()
        .map(|(_, step)| (step.case.pool, step.case.id, &step.event))
        .collect();
    journal::append_together(conn, &events)?;
    let missed: Vec<_> = steps
        .iter()
        .filter_map(|(before, step)| Some((&before.case, missed_by(&before.case, &step.event)?)))
        .collect();
    breaches::enter(conn, &missed)
}
