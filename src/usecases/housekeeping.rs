//! Taking away what is over: drafts, submission tokens, sessions, failed attempts. Cases, journal and messages are
//! never touched here.

use chrono::TimeDelta;

use super::App;
use super::drafting;
use super::error::Error;
use crate::domain::time::Ts;
use crate::store::{receipts, sessions};

/// Rows of one transaction at most.
const CHUNK: i64 = 200;
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
            sessions::delete_failures(conn, real.plus(-FAILURES_KEPT))?;
            sessions::delete_expired(conn, real).map_err(Error::from)
        })
        .await?;
    Ok(swept)
}
