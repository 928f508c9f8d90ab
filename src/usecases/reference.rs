//! Importing reference data: region codes and holiday arrangements, checked before they are kept. Imported regions
//! are read at the next start, arrangements by running services within a second; what an arrangement does to open
//! cases is in [`super::redating`].

use super::App;
use super::app::WorkingDays;
use super::error::Error;
use crate::clock::Clock;
use crate::data;
use crate::domain::calendar::{Arrangement, Calendar};
use crate::domain::region::Regions;
use crate::store::Db;
use crate::store::reference::{self, Kind};

/// What looking for imported arrangements found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// None that was not known.
    Nothing,
    /// Some; the calendar in force is another one.
    Anew,
}

/// Replaces the region codes by a file in the layout of `src/data/region/current.csv`; returns the version.
///
/// # Errors
/// [`Error::Fault`] tells the line that can't be read.
pub fn import_regions(db: &Db, body: String, source: String) -> Result<i32, Error> {
    Regions::parse([body.as_str()]).map_err(|e| Error::Fault(e.to_string()))?;
    keep(db, Kind::Regions, body, source)
}

/// Adds or amends a year's arrangement (CLK-2) by a file in the layout of `src/data/calendar/CN-2026.csv`;
/// returns the version.
///
/// # Errors
/// [`Error::Fault`] tells the line that can't be read.
pub fn import_calendar(db: &Db, body: String, source: String) -> Result<i32, Error> {
    Arrangement::parse(&body).map_err(|e| Error::Fault(e.to_string()))?;
    keep(db, Kind::Calendar, body, source)
}

/// The region codes in force: imported ones in the place of the program's.
pub fn regions(db: &Db) -> Result<Regions, Error> {
    let imported = db.read_blocking(|c| reference::all(c, Kind::Regions))?;
    let parsed = match imported.last() {
        Some((_, body)) => Regions::parse([body.as_str()]),
        None => Regions::parse(data::REGIONS),
    };
    parsed.map_err(|e| Error::Fault(e.to_string()))
}

/// The working days in force: the program's arrangements and the imported ones.
pub fn working_days(db: &Db) -> Result<WorkingDays, Error> {
    with_imported(db.read_blocking(|c| reference::all(c, Kind::Calendar))?)
}

/// Takes the arrangements that were imported since they were read last, here or by another process, and says whether
/// there were any.
pub async fn take_imported(app: &App) -> Result<Taken, Error> {
    let known = app.working_days().version;
    let latest = app
        .db
        .read(|c| reference::latest(c, Kind::Calendar))
        .await?;
    if latest == known {
        return Ok(Taken::Nothing);
    }
    let imported = app.db.read(|c| reference::all(c, Kind::Calendar)).await?;
    app.set_working_days(with_imported(imported)?);
    Ok(Taken::Anew)
}

fn with_imported(imported: Vec<(i32, String)>) -> Result<WorkingDays, Error> {
    let fault = |e: &dyn std::fmt::Display| Error::Fault(e.to_string());
    let own = WorkingDays {
        version: 0,
        calendar: Calendar::parse(data::CALENDARS).map_err(|e| fault(&e))?,
    };
    imported.iter().try_fold(own, |before, (version, body)| {
        let arrangement = Arrangement::parse(body).map_err(|e| fault(&e))?;
        Ok(WorkingDays {
            version: *version,
            calendar: before.calendar.with_arrangement(arrangement),
        })
    })
}

fn keep(db: &Db, kind: Kind, body: String, source: String) -> Result<i32, Error> {
    let now = Clock::real();
    Ok(db.write_blocking(move |c| reference::add(c, kind, &body, &source, now))?)
}
