//! The demo's counters (RB-2): two at every agency, open mornings and afternoons of all working days, so that there is
//! something to book at any moment.

use chrono::TimeDelta;

use crate::clock::Clock;
use crate::domain::appointment::{Opening, Weekdays};
use crate::domain::deadline::BusinessHours;
use crate::domain::place::AgencyCode;
use crate::domain::time::Ts;
use crate::store::appointments::counters::{self, Counter};
use crate::store::roster;
use crate::usecases::appointing::upkeep;
use crate::usecases::{App, Error};

/// What is done at each counter.
const NAMES: [&str; 2] = ["零星报销", "综合业务"];
/// Minutes of an appointment.
const MINUTES: i32 = 30;
/// Places at a time.
const CAPACITY: i32 = 3;

/// Enters them at all agencies that have none, and opens their spans.
pub(super) async fn enter(app: &App, start: Ts) -> Result<(), Error> {
    for agency in app.office.agencies().keys().copied() {
        let hours = app.office.hours(agency);
        app.db
            .write(move |conn| {
                let supervisors = roster::supervisors(conn, agency)?;
                let handlers = roster::handlers(conn, agency)?;
                let there = counters::of_agency(conn, agency)?;
                let by = supervisors.first().copied().or(handlers.into_iter().next());
                if let (Some(by), []) = (by, there.as_slice()) {
                    for counter in draw(agency, hours) {
                        counters::insert(conn, &counter, by, start)?;
                    }
                }
                Ok::<_, Error>(())
            })
            .await?;
    }
    upkeep::open_spans(app).await
}

fn draw(agency: AgencyCode, hours: BusinessHours) -> Vec<Counter> {
    let Ok(weekdays) = "12345".parse::<Weekdays>() else {
        return vec![];
    };
    let opening = |(from, to)| Opening {
        weekdays,
        from,
        to,
        minutes: MINUTES,
        capacity: CAPACITY,
    };
    let halves = [
        (hours.opens(), hours.lunch_from()),
        (hours.lunch_to(), hours.closes()),
    ];
    let is_open = |(from, to): &(chrono::NaiveTime, chrono::NaiveTime)| {
        *to - *from >= TimeDelta::minutes(i64::from(MINUTES))
    };
    let openings: Vec<Opening> = halves.into_iter().filter(is_open).map(opening).collect();
    (1..)
        .zip(NAMES)
        .map(|(number, name)| Counter {
            id: Clock::new_id(),
            agency,
            number,
            name: name.to_owned(),
            openings: openings.clone(),
        })
        .collect()
}
