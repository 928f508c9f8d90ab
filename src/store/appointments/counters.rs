//! Counters, when they take how many, and days on which an agency takes nobody (RB-2). Whether a plan makes sense is the
//! domain's to say.

use chrono::NaiveTime;
use diesel::prelude::*;

use crate::domain::appointment::{Opening, Weekdays};
use crate::domain::ids::{AccountId, CounterId};
use crate::domain::place::AgencyCode;
use crate::domain::time::{Day, Ts};
use crate::store::conn::Conn;
use crate::store::dialect::OrIgnore;
use crate::store::error::StoreError;
use crate::store::schema::{closed_day, counter, counter_opening};

/// A counter that takes appointments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counter {
    /// Identifier.
    pub id: CounterId,
    /// Its agency.
    pub agency: AgencyCode,
    /// As on the sign above it.
    pub number: i32,
    /// What is done there.
    pub name: String,
    /// Its plan, in the order of the day.
    pub openings: Vec<Opening>,
}

/// A working day on which an agency takes nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosedDay {
    /// Which.
    pub day: Day,
    /// Why.
    pub reason: String,
}

const TIME: &str = "%H:%M";

/// The counters of an agency with their plans, by number.
pub fn of_agency(conn: &mut Conn<'_>, agency: AgencyCode) -> Result<Vec<Counter>, StoreError> {
    let rows: Vec<(CounterId, i32, String)> = counter::table
        .filter(counter::pool.eq(agency.pool()))
        .filter(counter::agency.eq(agency))
        .order(counter::number)
        .select((counter::id, counter::number, counter::name))
        .load(conn.sql)?;
    rows.into_iter()
        .map(|(id, number, name)| {
            Ok(Counter {
                id,
                agency,
                number,
                name,
                openings: openings(conn, agency, id)?,
            })
        })
        .collect()
}

fn openings(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    id: CounterId,
) -> Result<Vec<Opening>, StoreError> {
    let rows: Vec<(String, String, String, i32, i32)> = counter_opening::table
        .filter(counter_opening::pool.eq(agency.pool()))
        .filter(counter_opening::counter_id.eq(id))
        .order((counter_opening::starts, counter_opening::weekdays))
        .select((
            counter_opening::weekdays,
            counter_opening::starts,
            counter_opening::ends,
            counter_opening::minutes,
            counter_opening::capacity,
        ))
        .load(conn.sql)?;
    rows.into_iter().map(read).collect()
}

fn read(row: (String, String, String, i32, i32)) -> Result<Opening, StoreError> {
    let (weekdays, from, to, minutes, capacity) = row;
    let corrupt = |text: &str| StoreError::Corrupt(format!("{text} in the plan of a counter"));
    let time = |text: &str| NaiveTime::parse_from_str(text, TIME).map_err(|_| corrupt(text));
    Ok(Opening {
        weekdays: weekdays
            .parse::<Weekdays>()
            .map_err(|_| corrupt(&weekdays))?,
        from: time(&from)?,
        to: time(&to)?,
        minutes,
        capacity,
    })
}

/// Adds a counter; answers how many there were to add: none when the number is taken.
pub fn insert(
    conn: &mut Conn<'_>,
    new: &Counter,
    by: AccountId,
    at: Ts,
) -> Result<usize, StoreError> {
    let row = diesel::insert_into(counter::table).values((
        counter::pool.eq(new.agency.pool()),
        counter::id.eq(new.id),
        counter::agency.eq(new.agency),
        counter::number.eq(new.number),
        counter::name.eq(&new.name),
        counter::made_by.eq(by),
        counter::made_at.eq(at),
    ));
    let added = OrIgnore(row).execute(conn.sql)?;
    if added == 1 {
        for opening in &new.openings {
            insert_opening(conn, new.agency, new.id, opening)?;
        }
    }
    Ok(added)
}

/// Adds a line to a counter's plan.
pub fn insert_opening(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    id: CounterId,
    opening: &Opening,
) -> Result<(), StoreError> {
    diesel::insert_into(counter_opening::table)
        .values((
            counter_opening::pool.eq(agency.pool()),
            counter_opening::counter_id.eq(id),
            counter_opening::weekdays.eq(opening.weekdays.to_string()),
            counter_opening::starts.eq(opening.from.format(TIME).to_string()),
            counter_opening::ends.eq(opening.to.format(TIME).to_string()),
            counter_opening::minutes.eq(opening.minutes),
            counter_opening::capacity.eq(opening.capacity),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// Takes a line out of a counter's plan.
pub fn delete_opening(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    id: CounterId,
    (weekdays, from): (Weekdays, NaiveTime),
) -> Result<(), StoreError> {
    let row = counter_opening::table.find((
        agency.pool(),
        id,
        weekdays.to_string(),
        from.format(TIME).to_string(),
    ));
    diesel::delete(row).execute(conn.sql)?;
    Ok(())
}

/// The days from one on to another, both counted, on which an agency takes nobody.
pub fn closed_days(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    (first, last): (Day, Day),
) -> Result<Vec<ClosedDay>, StoreError> {
    let rows: Vec<(Day, String)> = closed_day::table
        .filter(closed_day::pool.eq(agency.pool()))
        .filter(closed_day::agency.eq(agency))
        .filter(closed_day::day.between(first, last))
        .order(closed_day::day)
        .select((closed_day::day, closed_day::reason))
        .load(conn.sql)?;
    let read = |(day, reason)| ClosedDay { day, reason };
    Ok(rows.into_iter().map(read).collect())
}

/// Closes a day; one that is closed stays as it is.
pub fn close_day(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    new: &ClosedDay,
    by: AccountId,
    at: Ts,
) -> Result<(), StoreError> {
    let row = diesel::insert_into(closed_day::table).values((
        closed_day::pool.eq(agency.pool()),
        closed_day::agency.eq(agency),
        closed_day::day.eq(new.day),
        closed_day::reason.eq(&new.reason),
        closed_day::made_by.eq(by),
        closed_day::made_at.eq(at),
    ));
    OrIgnore(row).execute(conn.sql)?;
    Ok(())
}

/// Opens a closed day again.
pub fn open_day(conn: &mut Conn<'_>, agency: AgencyCode, day: Day) -> Result<(), StoreError> {
    let row = closed_day::table.find((agency.pool(), agency, day));
    diesel::delete(row).execute(conn.sql)?;
    Ok(())
}
