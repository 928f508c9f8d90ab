//! The hotline with its duty roster (CAT-3): for everybody, so it shows of a handler no more than a sign on the counter
//! does. Nothing here changes anything.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, TimeDelta};

use super::{App, Error, rostering};
use crate::domain::deadline;
use crate::domain::ids::AccountId;
use crate::domain::place::AgencyCode;
use crate::domain::roster::{self as rules, Shift};
use crate::domain::time::{Day, Ts};
use crate::store::registry::Agency;
use crate::store::{Conn, StoreError, accounts, roster};

/// A spell at the phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spell {
    /// Family name of who answers.
    pub family_name: String,
    /// When it begins.
    pub from: Ts,
    /// The first instant after it.
    pub to: Ts,
}

/// The hotline of one agency.
#[derive(Clone, Debug)]
pub struct Line {
    /// The agency.
    pub agency: Agency,
    /// Whether it is open at this moment.
    pub open: bool,
    /// When it is open next, or has been open since, inside its business hours.
    pub opens_at: Ts,
    /// Who answers now.
    pub now: Vec<Spell>,
    /// Who answers next.
    pub next: Option<Spell>,
    /// From Monday to Sunday, by day.
    pub week: BTreeMap<Day, Vec<Spell>>,
}

/// The hotlines of all agencies that take cases, with the day of business time.
///
/// # Errors
/// The database's.
pub async fn lines(app: &App) -> Result<(Day, Vec<Line>), Error> {
    let now = app.clock.now();
    let app = app.clone();
    let db = app.db.clone();
    db.read(move |conn| {
        let agencies = app.office.agencies();
        let taking = agencies.values().filter(|agency| agency.kind != "centre");
        let lines = taking
            .map(|agency| line(conn, &app, agency, now))
            .collect::<Result<_, Error>>()?;
        Ok((now.day(), lines))
    })
    .await
}

fn line(conn: &mut Conn<'_>, app: &App, agency: &Agency, now: Ts) -> Result<Line, Error> {
    let monday = rostering::monday(now.day());
    // A week ahead, so that there is a next one on Sunday too.
    let last = now.day().max(monday) + Days::new(13);
    let duty = Duty::load(conn, agency.code, (monday, last))?;
    let opens_at = opens_at(app, agency.code, now);
    let there = duty
        .shifts
        .iter()
        .filter(|shift| shift.phone && !rules::on_leave(&duty.leaves, shift.account, shift.day));
    let mut week = BTreeMap::new();
    for shift in there.clone() {
        if shift.day < monday + Days::new(7) {
            let day: &mut Vec<Spell> = week.entry(shift.day).or_default();
            day.push(duty.spell(shift));
        }
    }
    let next = rules::next_on_phone(&duty.shifts, &duty.leaves, now);
    Ok(Line {
        agency: agency.clone(),
        open: opens_at == now,
        opens_at,
        now: there
            .filter(|shift| shift.covers(now))
            .map(|shift| duty.spell(shift))
            .collect(),
        next: next.map(|shift| duty.spell(shift)),
        week,
    })
}

/// The instant itself inside business hours, else the next opening.
fn opens_at(app: &App, agency: AgencyCode, now: Ts) -> Ts {
    let moment = TimeDelta::microseconds(1);
    let hours = app.office.hours(agency);
    deadline::after_working_time(&app.calendar(), hours, now, moment).plus(-moment)
}

struct Duty {
    shifts: Vec<Shift>,
    leaves: Vec<rules::Leave>,
    names: BTreeMap<AccountId, String>,
}

impl Duty {
    fn load(conn: &mut Conn<'_>, agency: AgencyCode, days: (Day, Day)) -> Result<Self, StoreError> {
        let shifts = roster::shifts(conn, agency, days)?;
        let people: BTreeSet<AccountId> = shifts.iter().map(|shift| shift.account).collect();
        Ok(Self {
            leaves: roster::leaves(conn, agency, days.0)?,
            names: accounts::names(conn, &people)?,
            shifts,
        })
    }

    fn spell(&self, shift: &Shift) -> Spell {
        let name = self.names.get(&shift.account).map_or("", String::as_str);
        Spell {
            family_name: rules::family_name(name).to_owned(),
            from: shift.starts_at(),
            to: shift.ends_at(),
        }
    }
}
