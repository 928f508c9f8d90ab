//! The demo's duty roster: everybody is there on the working days of this week and the next, and the handlers of an
//! agency answer the phone in turns.

use chrono::{Days, NaiveTime};

use crate::clock::Clock;
use crate::domain::deadline::BusinessHours;
use crate::domain::ids::AccountId;
use crate::domain::place::AgencyCode;
use crate::domain::roster::Shift;
use crate::domain::time::{Day, Ts};
use crate::store::roster;
use crate::usecases::{App, Error, rostering};

/// Enters the shifts of all agencies; those that are there already stay as they are.
pub(super) async fn enter(app: &App, start: Ts) -> Result<(), Error> {
    let calendar = app.calendar();
    let monday = rostering::monday(start.day());
    let last = monday + Days::new(13);
    for agency in app.office.agencies().keys().copied() {
        let days = monday.iter_days().take(14);
        let days: Vec<Day> = days.filter(|day| calendar.is_working(*day)).collect();
        let hours = app.office.hours(agency);
        let there = app
            .db
            .read(move |conn| {
                let there = roster::shifts(conn, agency, (monday, last))?;
                Ok::<_, Error>((there.is_empty(), roster::handlers(conn, agency)?))
            })
            .await?;
        if let (true, handlers) = there {
            let shifts = shifts(&handlers, &days, hours);
            write(app, agency, shifts, start).await?;
        }
    }
    Ok(())
}

async fn write(app: &App, agency: AgencyCode, shifts: Vec<Shift>, at: Ts) -> Result<(), Error> {
    app.db
        .write(move |conn| {
            for shift in &shifts {
                roster::insert_shift(conn, agency, shift, shift.account, at)?;
            }
            Ok(())
        })
        .await
}

/// Morning and afternoon of every day for everybody; the phone goes round.
fn shifts(handlers: &[AccountId], days: &[Day], hours: BusinessHours) -> Vec<Shift> {
    let halves: [(NaiveTime, NaiveTime); 2] = [
        (hours.opens(), hours.lunch_from()),
        (hours.lunch_to(), hours.closes()),
    ];
    let mut turn = 0;
    let mut shifts = vec![];
    for day in days {
        for (from, to) in halves {
            for (number, account) in handlers.iter().enumerate() {
                shifts.push(Shift {
                    id: Clock::new_id(),
                    account: *account,
                    day: *day,
                    from,
                    to,
                    phone: number == turn % handlers.len(),
                });
            }
            turn += 1;
        }
    }
    shifts
}
