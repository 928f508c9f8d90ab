//! What time does to appointments (RB-2): spans of the days ahead are opened by the plan and the calendar (CLK-2), people
//! are reminded, and who did not come is recorded. Each happens once: the transaction that does it claims the row.

use std::collections::{BTreeMap, BTreeSet};

use super::{Fresh, telling};
use crate::clock::Clock;
use crate::domain::appointment::{Span, State, last_day, missed_before, spans};
use crate::domain::ids::{CounterId, SlotId};
use crate::domain::notice::Kind;
use crate::domain::place::AgencyCode;
use crate::domain::time::{Day, Ts};
use crate::store::appointments::counters::{self, Counter};
use crate::store::appointments::slots::{self, Slot};
use crate::store::appointments::{self, Appointment};
use crate::store::{Conn, guards};
use crate::usecases::{App, Error};

/// Rows of one transaction at most.
const CHUNK: i64 = 100;

/// Opens the spans of the days ahead at all agencies that have counters, and closes those that the plan or the calendar
/// has lost.
///
/// # Errors
/// The database's.
pub async fn open_spans(app: &App) -> Result<(), Error> {
    let agencies = app
        .db
        .read(|conn| slots::agencies(conn).map_err(Error::from))
        .await?;
    for agency in agencies {
        let of_app = app.clone();
        let is_due = app
            .db
            .read(move |conn| Ok::<_, Error>(!changes(conn, &of_app, agency)?.is_empty()))
            .await?;
        if is_due {
            let of_app = app.clone();
            app.db
                .write(move |conn| {
                    guards::counters(conn, agency.pool())?;
                    sync(conn, &of_app, agency)
                })
                .await?;
        }
    }
    Ok(())
}

/// What makes the spans of an agency those of its plan.
#[derive(Default)]
struct Changes {
    new: BTreeMap<CounterId, Vec<(SlotId, Span)>>,
    reshaped: Vec<(SlotId, (Ts, i32))>,
}

impl Changes {
    fn is_empty(&self) -> bool {
        self.new.is_empty() && self.reshaped.is_empty()
    }
}

/// Makes the spans of an agency that lie ahead those of its plan.
pub(super) fn sync(conn: &mut Conn<'_>, app: &App, agency: AgencyCode) -> Result<(), Error> {
    let changes = changes(conn, app, agency)?;
    for (counter, new) in &changes.new {
        slots::insert_new(conn, (agency, *counter), new)?;
    }
    for (slot, shape) in changes.reshaped {
        slots::reshape(conn, agency.pool(), slot, shape)?;
    }
    Ok(())
}

fn changes(conn: &mut Conn<'_>, app: &App, agency: AgencyCode) -> Result<Changes, Error> {
    let now = app.clock.now();
    let days = (now.day(), last_day(now.day()));
    let plan = counters::of_agency(conn, agency)?;
    let closed: BTreeSet<Day> = counters::closed_days(conn, agency, days)?
        .into_iter()
        .map(|closed| closed.day)
        .collect();
    let mut there: BTreeMap<(CounterId, Ts), Slot> = slots::of_days(conn, agency, days)?
        .into_iter()
        .filter(|slot| slot.span.starts_at > now)
        .map(|slot| ((slot.counter, slot.span.starts_at), slot))
        .collect();
    let mut changes = Changes::default();
    for (counter, span) in wanted(app, agency, &plan, days, &closed) {
        if span.starts_at <= now {
            continue;
        }
        match there.remove(&(counter, span.starts_at)) {
            None => {
                let new = changes.new.entry(counter).or_default();
                new.push((Clock::new_id(), span));
            }
            Some(slot) if slot.span != span => changes
                .reshaped
                .push((slot.id, (span.ends_at, span.capacity))),
            Some(_) => {}
        }
    }
    let lost = there.into_values().filter(|slot| slot.span.capacity > 0);
    changes
        .reshaped
        .extend(lost.map(|slot| (slot.id, (slot.span.ends_at, 0))));
    Ok(changes)
}

fn wanted(
    app: &App,
    agency: AgencyCode,
    plan: &[Counter],
    (first, last): (Day, Day),
    closed: &BTreeSet<Day>,
) -> Vec<(CounterId, Span)> {
    let (calendar, hours) = (app.calendar(), app.office.hours(agency));
    let mut all = vec![];
    for day in first.iter_days().take_while(|day| *day <= last) {
        if closed.contains(&day) {
            continue;
        }
        for counter in plan {
            let of_day = spans(&counter.openings, day, &calendar, hours);
            all.extend(of_day.into_iter().map(|span| (counter.id, span)));
        }
    }
    all
}

/// Reminds of every booking whose time for it has come; answers how many.
///
/// # Errors
/// The first fault; the rest is left for the next run.
pub async fn remind(app: &App) -> Result<usize, Error> {
    let mut all = 0;
    loop {
        let now = app.clock.now();
        let due = app
            .db
            .read(move |conn| appointments::to_remind(conn, now, CHUNK).map_err(Error::from))
            .await?;
        if due.is_empty() {
            return Ok(all);
        }
        all += due.len();
        let fresh = Fresh::new(app);
        app.db
            .write(move |conn| due.iter().try_for_each(|one| remind_of(conn, &fresh, one)))
            .await?;
    }
}

fn remind_of(conn: &mut Conn<'_>, fresh: &Fresh, one: &Appointment) -> Result<(), Error> {
    let claimed = appointments::claim_reminder(conn, one)? > 0;
    // After the service rested over the day itself nobody is reminded of it any more.
    match claimed && one.starts_at > fresh.at {
        true => telling::tell(conn, fresh, one, Kind::AppointmentReminder),
        false => Ok(()),
    }
}

/// Records who did not come, and ends waiting for what is over; answers how many there were.
///
/// # Errors
/// The first fault; the rest is left for the next run.
pub async fn settle_over(app: &App) -> Result<usize, Error> {
    let mut all = 0;
    loop {
        let now = app.clock.now();
        let settled: usize = app
            .db
            .write(move |conn| {
                let over = appointments::over(conn, missed_before(now), CHUNK)?;
                for one in &over {
                    let state = match one.state {
                        State::Booked => State::NoShow,
                        _ => State::Cancelled,
                    };
                    appointments::settle(conn, one, state, None, now)?;
                }
                Ok::<_, Error>(over.len())
            })
            .await?;
        all += settled;
        if settled == 0 {
            return Ok(all);
        }
    }
}
