//! The supervisor's desk: live figures of the agency. Nothing here changes anything; the lists behind the figures are
//! in [`super::supervised`].

use std::collections::BTreeMap;

use chrono::{Days, TimeDelta};

use super::App;
use super::desk::Count;
use super::error::Error;
use super::listing::agency_of;
use crate::domain::actor::{Actor, Role};
use crate::domain::case::State;
use crate::domain::deadline;
use crate::domain::ids::AccountId;
use crate::domain::place::AgencyCode;
use crate::domain::time::{Day, Ts};
use crate::items;
use crate::store::accounts::Colleague;
use crate::store::supervision::{self, Figure, Span};
use crate::store::{Conn, accounts, turnaround};

/// Who reads the desk.
pub const READERS: &[Role] = &[Role::Supervisor, Role::Auditor];
/// How far figures are counted; beyond it a page says "more than".
const MOST: u32 = 1_000;
/// Days of the chart.
const DAYS: u64 = 30;
/// Handlers shown at most.
const HANDLERS: i64 = 100;
/// Figures of something: what runs, is due today, is at risk and is late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// The clock runs.
    pub running: Count,
    /// Due today and not late yet.
    pub due_today: Count,
    /// No more than half a working day is left.
    pub at_risk: Count,
    /// Past the deadline and still open.
    pub late: Count,
}

/// A handler's figures.
#[derive(Clone, Debug)]
pub struct Handler {
    /// Who.
    pub colleague: Colleague,
    /// What they hold.
    pub held: Count,
    /// What of it is due today.
    pub due_today: Count,
    /// What they decided today.
    pub done_today: u32,
}

/// What happened in an hour of today, in Beijing time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hour {
    /// 0 to 23.
    pub hour: u32,
    /// Filed, decided and missed.
    pub counts: [u32; 3],
}

/// What was decided on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayDone {
    /// The day.
    pub day: Day,
    /// Within the limit, and not.
    pub counts: [u32; 2],
}

/// The desk.
#[derive(Clone, Debug)]
pub struct Overview {
    /// Of all items.
    pub all: Load,
    /// Waiting for somebody outside (CLK-5).
    pub paused: Count,
    /// In the queue.
    pub unclaimed: Count,
    /// On the supervisor's list.
    pub escalated: Count,
    /// Open follow-up tasks.
    pub follow_ups: Count,
    /// By item.
    pub items: Vec<(&'static str, Load)>,
    /// By handler.
    pub handlers: Vec<Handler>,
    /// Today by the hour, up to now.
    pub hours: Vec<Hour>,
    /// The last days.
    pub days: Vec<DayDone>,
}

/// Everything on the desk.
///
/// # Errors
/// [`Error::Forbidden`] for all but supervisors and auditors.
pub async fn overview(app: &App, actor: &Actor) -> Result<Overview, Error> {
    actor.require(READERS)?;
    let agency = agency_of(actor)?;
    let (now, risk) = (app.clock.now(), at_risk_before(app, agency));
    let known = app.office.days.get(&(agency, now.day()));
    let (days, mut overview) = app
        .db
        .read(move |conn| {
            let past = match known {
                Some(past) => past,
                None => days(conn, agency, now.day())?,
            };
            Ok::<_, Error>((past, read(conn, agency, now, risk)?))
        })
        .await?;
    app.office.days.put((agency, now.day()), days.clone());
    overview.days.splice(0..0, days);
    Ok(overview)
}

/// Before when a case is due that has no more than half a working day left.
pub(super) fn at_risk_before(app: &App, agency: AgencyCode) -> Ts {
    let hours = app.office.hours(agency);
    let half = hours.length() / 2;
    deadline::after_working_time(&app.calendar(), hours, app.clock.now(), half)
        .plus(TimeDelta::microseconds(1))
}

fn midnight(day: Day) -> Ts {
    Ts::from_beijing(day, chrono::NaiveTime::MIN)
}

pub(super) fn span(from: Ts, until: Ts) -> Span {
    Span {
        from: Some(from),
        until: Some(until),
    }
}

pub(super) fn today(now: Ts) -> Span {
    span(now, midnight(now.day() + Days::new(1)))
}

/// A figure that was counted one further than [`MOST`].
fn capped(found: u32) -> Count {
    let size = |n: u32| usize::try_from(n).unwrap_or(usize::MAX);
    match found > MOST {
        true => Count::MoreThan(size(MOST)),
        false => Count::Exactly(size(found)),
    }
}

fn sum(counts: impl Iterator<Item = Count>) -> Count {
    counts.fold(Count::Exactly(0), |sum, count| match (sum, count) {
        (Count::Exactly(a), Count::Exactly(b)) => Count::Exactly(a + b),
        (Count::Exactly(a) | Count::MoreThan(a), Count::Exactly(b) | Count::MoreThan(b)) => {
            Count::MoreThan(a + b)
        }
    })
}

/// The decided cases of the days before today.
fn days(conn: &mut Conn<'_>, agency: AgencyCode, today: Day) -> Result<Vec<DayDone>, Error> {
    let days: Vec<Day> = (1..DAYS)
        .rev()
        .map(|back| today - Days::new(back))
        .collect();
    decided(conn, agency, &days)
}

fn decided(conn: &mut Conn<'_>, agency: AgencyCode, days: &[Day]) -> Result<Vec<DayDone>, Error> {
    let figures: Vec<Figure> = days
        .iter()
        .map(|day| span(midnight(*day), midnight(*day + Days::new(1))))
        .flat_map(|day| [true, false].map(|in_time| Figure::DecidedInTime(day, in_time)))
        .collect();
    let found = supervision::count(conn, agency, &figures, 10 * MOST)?;
    let pairs = found.as_chunks::<2>().0.iter();
    Ok(days
        .iter()
        .zip(pairs)
        .map(|(day, counts)| DayDone {
            day: *day,
            counts: *counts,
        })
        .collect())
}

fn read(conn: &mut Conn<'_>, agency: AgencyCode, now: Ts, risk: Ts) -> Result<Overview, Error> {
    let slugs: Vec<&'static str> = items::ALL.iter().map(|item| item.slug).collect();
    let spans = [Span::default(), today(now), span(now, risk), before(now)];
    let mut figures: Vec<Figure> = slugs
        .iter()
        .flat_map(|slug| spans.map(|due| Figure::Running(slug, due)))
        .collect();
    figures.extend([
        Figure::Unclaimed,
        Figure::Escalated,
        Figure::FollowUps,
        Figure::InState(State::SupplementRequested),
        Figure::InState(State::AwaitingAgency),
        Figure::InState(State::AwaitingInstitution),
    ]);
    let found = supervision::count(conn, agency, &figures, MOST + 1)?;
    let (loads, others) = found.split_at_checked(4 * slugs.len()).unwrap_or_default();
    let items: Vec<(&'static str, Load)> = slugs
        .into_iter()
        .zip(loads.as_chunks::<4>().0)
        .map(|(slug, [running, due_today, at_risk, late])| {
            let load = Load {
                running: capped(*running),
                due_today: capped(*due_today),
                at_risk: capped(*at_risk),
                late: capped(*late),
            };
            (slug, load)
        })
        .collect();
    let of = |figure: fn(&Load) -> Count| sum(items.iter().map(|(_, load)| figure(load)));
    let mut others = others.iter().copied().map(capped);
    let mut next = || others.next().unwrap_or(Count::Exactly(0));
    Ok(Overview {
        all: Load {
            running: of(|load| load.running),
            due_today: of(|load| load.due_today),
            at_risk: of(|load| load.at_risk),
            late: of(|load| load.late),
        },
        unclaimed: next(),
        escalated: next(),
        follow_ups: next(),
        paused: sum([next(), next(), next()].into_iter()),
        handlers: handlers(conn, agency, now)?,
        hours: hours(conn, agency, now)?,
        days: decided(conn, agency, &[now.day()])?,
        items,
    })
}

pub(super) fn before(now: Ts) -> Span {
    Span {
        from: None,
        until: Some(now),
    }
}

fn handlers(conn: &mut Conn<'_>, agency: AgencyCode, now: Ts) -> Result<Vec<Handler>, Error> {
    let colleagues = accounts::colleagues(conn, agency, Role::Handler, None, HANDLERS)?;
    let figures: Vec<Figure> = colleagues
        .iter()
        .flat_map(|one| {
            [
                Figure::Held(one.account),
                Figure::HeldDue(one.account, today(now)),
            ]
        })
        .collect();
    let found = supervision::count(conn, agency, &figures, MOST + 1)?;
    let done: BTreeMap<AccountId, i64> = turnaround::done_since(conn, agency, midnight(now.day()))?
        .into_iter()
        .filter_map(|(handler, done)| Some((handler?, done)))
        .collect();
    Ok(colleagues
        .into_iter()
        .zip(found.as_chunks::<2>().0)
        .map(|(colleague, [held, due_today])| Handler {
            held: capped(*held),
            due_today: capped(*due_today),
            done_today: done
                .get(&colleague.account)
                .and_then(|done| u32::try_from(*done).ok())
                .unwrap_or_default(),
            colleague,
        })
        .collect())
}

fn hours(conn: &mut Conn<'_>, agency: AgencyCode, now: Ts) -> Result<Vec<Hour>, Error> {
    let start = midnight(now.day());
    let past = u32::try_from(now.since(start).num_hours())
        .unwrap_or_default()
        .min(23);
    let hour = |hour: u32| start.plus(TimeDelta::hours(i64::from(hour)));
    let figures: Vec<Figure> = (0..=past)
        .map(|n| span(hour(n), hour(n + 1)))
        .flat_map(|at| [Figure::Filed(at), Figure::Decided(at), Figure::Breached(at)])
        .collect();
    let found = supervision::count(conn, agency, &figures, MOST + 1)?;
    let triples = found.as_chunks::<3>().0.iter();
    Ok((0..=past)
        .zip(triples)
        .map(|(hour, counts)| Hour {
            hour,
            counts: *counts,
        })
        .collect())
}
