//! The catalogue of drugs and services: taken in whole from a file, searched by whoever is signed in, looked at by
//! administrators. What something is on a day for a claim is [`crate::store::catalogue::classify`]'s.

use super::App;
use super::error::Error;
use super::listing::Rest;
use crate::clock::Clock;
use crate::domain::actor::{Actor, Role};
use crate::domain::catalogue::read;
use crate::domain::time::Day;
use crate::store::Db;
use crate::store::catalogue::{self, Numbered, Version};

/// Who looks after it.
pub const KEEPERS: &[Role] = &[Role::Administrator];

/// Faults of a file that are told at once.
const TOLD: usize = 50;

/// Puts a file's catalogue in the place of the one before; returns its version and how many entries it has.
///
/// # Errors
/// [`Error::Fault`] tells the lines that can't be read.
pub fn import(db: &Db, body: &str, source: String) -> Result<(i32, usize), Error> {
    let entries = read(body).map_err(|faults| {
        let told: Vec<String> = faults.iter().take(TOLD).map(ToString::to_string).collect();
        Error::Fault(told.join("\n"))
    })?;
    let (now, count) = (Clock::real(), entries.len());
    let version =
        db.write_blocking(move |conn| catalogue::replace(conn, &entries, &source, now))?;
    Ok((version, count))
}

/// Entries whose code, names or pinyin initials hold `typed`, those in force on `day` if one is given, and whether there are
/// more.
///
/// # Errors
/// The database's.
pub async fn search(
    app: &App,
    typed: &str,
    day: Option<Day>,
    after: Option<i32>,
    limit: u16,
) -> Result<(Vec<Numbered>, Rest), Error> {
    let (typed, after) = (typed.to_owned(), after.unwrap_or_default());
    let one_more = i64::from(limit) + 1;
    let mut found = app
        .db
        .read(move |conn| {
            catalogue::search(conn, &typed, day, after, one_more).map_err(Error::from)
        })
        .await?;
    let rest = match found.len() > usize::from(limit) {
        true => Rest::More,
        false => Rest::Nothing,
    };
    found.truncate(usize::from(limit));
    Ok((found, rest))
}

/// The import that counts.
///
/// # Errors
/// [`Error::Forbidden`] for other roles.
pub async fn version(app: &App, actor: &Actor) -> Result<Option<Version>, Error> {
    actor.require(KEEPERS)?;
    app.db
        .read(|conn| catalogue::last(conn).map_err(Error::from))
        .await
}
