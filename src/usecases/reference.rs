//! Importing reference data: region codes and holiday arrangements, checked before they are kept. What is kept
//! is read at the next start.

use super::error::Error;
use crate::clock::Clock;
use crate::data;
use crate::domain::calendar::{Arrangement, Calendar};
use crate::domain::region::Regions;
use crate::store::Db;
use crate::store::reference::{self, Kind};

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
        Some(body) => Regions::parse([body.as_str()]),
        None => Regions::parse(data::REGIONS),
    };
    parsed.map_err(|e| Error::Fault(e.to_string()))
}

/// The calendar in force: the program's arrangements and the imported ones.
pub fn calendar(db: &Db) -> Result<Calendar, Error> {
    let fault = |e: &dyn std::fmt::Display| Error::Fault(e.to_string());
    let imported = db.read_blocking(|c| reference::all(c, Kind::Calendar))?;
    let own = Calendar::parse(data::CALENDARS).map_err(|e| fault(&e))?;
    imported.iter().try_fold(own, |calendar, body| {
        Ok(calendar.with_arrangement(Arrangement::parse(body).map_err(|e| fault(&e))?))
    })
}

fn keep(db: &Db, kind: Kind, body: String, source: String) -> Result<i32, Error> {
    let now = Clock::real();
    Ok(db.write_blocking(move |c| reference::add(c, kind, &body, &source, now))?)
}
