//! Taking away what is over: drafts, submission tokens, sessions, failed attempts, files without a row. Cases,
//! journal and messages are never touched here.

use chrono::TimeDelta;

use super::App;
use super::drafting;
use super::error::Error;
use crate::documents::files::{FilesError, KEPT_WITHOUT_ROW, Kind};
use crate::domain::time::Ts;
use crate::store::{StoreError, attempts, papers, pending, receipts, sessions};

/// Rows of one transaction at most.
const CHUNK: i64 = 200;
/// Files looked at together.
const FILES: usize = 500;
/// Submission tokens are kept so long: a repeated submission after that is a new one.
const TOKENS_KEPT: TimeDelta = TimeDelta::days(90);
/// A failed sign-in counts for no longer than this.
const FAILURES_KEPT: TimeDelta = TimeDelta::days(1);

/// What was taken away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Drafts whose time was over.
    pub drafts: usize,
    /// Old submission tokens.
    pub tokens: usize,
    /// Sessions that had ended.
    pub sessions: usize,
}

/// Takes away what is over by business time (drafts, tokens) and, at `real`, by the machine's (sessions, failures).
///
/// # Errors
/// [`Error::Store`]; what was done until then stays done.
pub async fn sweep(app: &App, real: Ts) -> Result<Swept, Error> {
    let now = app.clock.now();
    let mut swept = Swept::default();
    loop {
        let gone = drafting::expire(app, CHUNK).await?;
        swept.drafts += gone;
        if gone == 0 {
            break;
        }
    }
    let before = now.plus(-TOKENS_KEPT);
    loop {
        let gone = app
            .db
            .write(move |conn| receipts::forget(conn, before, CHUNK).map_err(Error::from))
            .await?;
        swept.tokens += gone;
        if gone == 0 {
            break;
        }
    }
    swept.sessions = app
        .db
        .write(move |conn| {
            attempts::delete_failures(conn, real.plus(-FAILURES_KEPT))?;
            pending::delete_expired(conn, real)?;
            sessions::delete_expired(conn, real).map_err(Error::from)
        })
        .await?;
    Ok(swept)
}

/// Takes away files that have had no row for a day at `real` on the machine's clock: left by a process that was
/// killed between file and row, or by a paper or draft that was removed. Returns how many. A file is written
/// before its row, so one that is a day old and has none never gets one.
///
/// # Errors
/// [`Error::Store`]; what was done until then stays done.
pub async fn sweep_files(app: &App, real: Ts) -> Result<usize, Error> {
    let before = real.plus(-KEPT_WITHOUT_ROW);
    let mut listing = app.files.list().await.map_err(out_of_reach)?;
    let mut swept = 0;
    loop {
        let found = listing.next(FILES).await.map_err(out_of_reach)?;
        if found.is_empty() {
            return Ok(swept);
        }
        let old: Vec<_> = found
            .into_iter()
            .filter(|stored| stored.kind != Kind::Foreign && stored.changed_at < before)
            .collect();
        let keys: Vec<String> = old.iter().map(|stored| stored.name.clone()).collect();
        let known = app.db.read(move |conn| papers::known(conn, &keys)).await?;
        for stored in old.iter().filter(|stored| !known.contains(&stored.name)) {
            app.files.sweep(stored).await.map_err(out_of_reach)?;
            swept += 1;
        }
    }
}

fn out_of_reach(error: FilesError) -> Error {
    Error::Store(StoreError::Unavailable(error.to_string()))
}
