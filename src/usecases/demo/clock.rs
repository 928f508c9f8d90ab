//! Turning the demo's clock, so that a day can be lived in a minute: what falls due on the way happens as it would have.
//! Only in the demo; an agency's clock is never touched.

use chrono::TimeDelta;

use crate::clock::Clock;
use crate::domain::actor::{Actor, Role};
use crate::domain::form::FieldError;
use crate::domain::time::Ts;
use crate::store::demo;
use crate::usecases::contacting::silence::{self, Rung};
use crate::usecases::timekeeping::{self, Outcome};
use crate::usecases::{App, Error};

/// Who turns it.
pub const TURNERS: &[Role] = &[Role::Administrator];
/// How far from the machine's time the clock can be, in days: deadlines are counted in every year of that.
const FARTHEST: TimeDelta = TimeDelta::days(20 * 366);
/// Timers fired in one go.
const MANY: i64 = 100;

/// Whether somebody may turn the clock here.
///
/// # Errors
/// [`Error::NotFound`] outside of the demo, [`Error::NotAllowed`] for everybody but administrators.
pub fn may_turn(app: &App, actor: &Actor) -> Result<(), Error> {
    if app.demo.is_none() {
        return Err(Error::NotFound);
    }
    Ok(actor.require(TURNERS)?)
}

/// Sets business time to `at`, forward or back, for every instance, and does what is due by then; returns how many
/// timers did something.
///
/// # Errors
/// As [`may_turn`]; [`Error::Invalid`] for a time decades away.
pub async fn turn(app: &App, actor: &Actor, at: Ts) -> Result<usize, Error> {
    may_turn(app, actor)?;
    let offset = at.since(Clock::real());
    if offset.abs() > FARTHEST {
        return Err(Error::Invalid(vec![FieldError::new("at", "moment-far")]));
    }
    app.db
        .write(move |conn| demo::set_shift(conn, offset))
        .await?;
    app.clock.shift(offset);
    app.clock.set(at);
    Ok(run_due(app).await? + run_contacts(app).await?)
}

async fn run_due(app: &App) -> Result<usize, Error> {
    let (mut done, mut after) = (0, None);
    loop {
        let chunk = timekeeping::due(app, after, MANY).await?;
        let Some(last) = chunk.last() else {
            return Ok(done);
        };
        after = Some((last.fire_at, last.id));
        let outcomes = timekeeping::fire(app, chunk).await?;
        done += outcomes
            .iter()
            .filter(|outcome| matches!(outcome, Outcome::Fired(_)))
            .count();
    }
}

async fn run_contacts(app: &App) -> Result<usize, Error> {
    let (mut done, mut after) = (0, None);
    loop {
        let chunk = silence::due(app, after, MANY).await?;
        let Some(last) = chunk.last() else {
            return Ok(done);
        };
        after = Some((last.alarm_at, last.id));
        for one in chunk {
            done += usize::from(silence::ring(app, one).await? != Rung::Gone);
        }
    }
}
