//! Administrators are told of messages that were given up (CAS-12): bundled, once an hour and pool at most, in their
//! inbox and by mail. Of a warning that was given up itself nobody is warned.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::App;
use super::error::Error;
use crate::clock::Clock;
use crate::domain::notice::{Kind, Notice};
use crate::domain::place::Pool;
use crate::domain::time::Ts;
use crate::store::messages::{Bag, Subject, Written, addressee, post_about};
use crate::store::warnings;
use crate::store::{Conn, StoreError};

/// How long nothing more is told after something was.
const PAUSE: TimeDelta = TimeDelta::hours(1);

/// Tells the administrators of every pool in which messages were given up; returns of how many messages. `real` is the
/// machine's time.
pub async fn tell_of_dead(app: &App, real: Ts) -> Result<u64, Error> {
    let since = real.plus(-PAUSE);
    let pools = app
        .db
        .read(move |conn| warnings::pending(conn, since).map_err(Error::from))
        .await?;
    let mut told = 0_u64;
    for pool in pools {
        let ids = Bag::of(Clock::new_id());
        let written = Written {
            at: app.clock.now(),
            real,
        };
        let count = app
            .db
            .write(move |conn| tell(conn, pool, since, &ids, written).map_err(Error::from))
            .await?;
        told = told.saturating_add(u64::try_from(count).unwrap_or_default());
    }
    Ok(told)
}

fn tell(
    conn: &mut Conn<'_>,
    pool: Pool,
    since: Ts,
    ids: &Bag,
    written: Written,
) -> Result<i32, StoreError> {
    let Some(count) = warnings::take(conn, pool, since, written.real)? else {
        return Ok(0);
    };
    let notice = Notice {
        kind: Kind::MessagesDead,
        particulars: BTreeMap::from([("count".to_owned(), count.to_string())]),
    };
    let about = Subject { pool, case: None };
    for account in warnings::administrators(conn, pool)? {
        if let Some(to) = addressee(conn, account)? {
            post_about(conn, &about, &to, &notice, ids, written)?;
        }
    }
    Ok(count)
}
