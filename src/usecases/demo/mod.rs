//! The demo: a world to try everything in, a password for all its accounts, and a clock that may be shifted.
//! Cases are filed and handled through the same use cases as anybody's. Only an empty database is filled; one
//! with other data is refused, and `serve` never comes here.

pub mod clock;
mod closures;
mod duty;
mod ledger;
mod password;
mod people;
mod places;
mod roster;
mod script;
mod stage;
mod world;

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use chrono::TimeDelta;

use crate::clock::Clock;
use crate::config::Config;
use crate::domain::time::Ts;
use crate::store::vault::random_secret;
use crate::store::{Db, accounts, demo};
use crate::usecases::accounts::passwords;
use crate::usecases::app::DemoInfo;
use crate::usecases::{App, Error, opening, reference};
use world::World;

/// How often an instance looks whether another one has set the clock.
const LOOK: Duration = Duration::from_secs(1);
/// How often an instance that waits for another to make the world asks again.
const PATIENCE: Duration = Duration::from_millis(100);

/// Opens the demo: brings the database up to date, fills it if it is empty, sets clock and password. `at` is where
/// business time starts; without it, it goes on as it was.
///
/// # Errors
/// [`Error::Fault`] when the database holds other data than a demo's, or the keys are not its own.
pub async fn open(config: &Config, at: Option<Ts>) -> Result<App, Error> {
    let (db, _) = opening::database(config)?;
    let _folder = lock_folder(&config.data).await?;
    let _lock = loop {
        match demo::try_lock(&db)? {
            Some(lock) => break lock,
            None => tokio::time::sleep(PATIENCE).await,
        }
    };
    let regions = reference::regions(&db)?;
    let stored = db.read(demo::world).await?;
    if stored.is_none() {
        refuse_other_data(&db).await?;
    }
    let clock = clock(&db, at).await?;
    let begun_at = stored.map_or_else(|| clock.now(), |world| world.begun_at);
    let world = World::draw(&regions, begun_at)?;
    let names = world.offered();
    let password = password::choose(config)?;
    if stored.is_none() {
        fill(&db, world, begun_at, password.clone()).await?;
    }
    if stored.is_none_or(|world| world.filled_at.is_none()) {
        let past = opening::app(config, db.clone(), Clock::fixed(begun_at), None).await?;
        stage::play(&past, begun_at).await?;
        duty::enter(&past, begun_at).await?;
        ledger::enter(&past, begun_at).await?;
        db.write(move |conn| demo::finish_world(conn, begun_at))
            .await?;
    }
    let accounts = password::apply(&db, names, &password).await?;
    opening::app(config, db, clock, Some(DemoInfo { accounts, password })).await
}

/// Follows the clock that another instance may set; ends with the service.
pub async fn follow_clock(app: App) {
    let mut epoch = None;
    loop {
        match app.db.read(demo::shift).await {
            Ok(Some(shift)) if epoch != Some(shift.epoch) => {
                epoch = Some(shift.epoch);
                app.clock.shift(shift.offset);
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "the demo's clock could not be read"),
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Business time: set anew by `at`, else as it is stored, else the machine's.
async fn clock(db: &Db, at: Option<Ts>) -> Result<Clock, Error> {
    let offset = match at {
        Some(at) => {
            let offset = at.since(Clock::real());
            db.write(move |conn| demo::set_shift(conn, offset)).await?;
            offset
        }
        None => stored_offset(db).await?,
    };
    Ok(Clock::shifted(offset))
}

/// The clock of whatever this database is: a demo's as it was set, an agency's the machine's.
pub async fn business_clock(db: &Db) -> Result<Clock, Error> {
    match db.read(demo::world).await? {
        Some(_) => Ok(Clock::shifted(stored_offset(db).await?)),
        None => Ok(Clock::Real),
    }
}

async fn stored_offset(db: &Db) -> Result<TimeDelta, Error> {
    let shift = db.read(demo::shift).await?;
    Ok(shift.map_or_else(TimeDelta::zero, |shift| shift.offset))
}

/// Two processes with one folder make the world one after the other.
async fn lock_folder(folder: &Path) -> Result<File, Error> {
    let path = folder.join("demo.lock");
    let fault = |e: std::io::Error| Error::Fault(format!("{}: {e}", path.display()));
    let file = File::create(&path).map_err(fault)?;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(std::fs::TryLockError::WouldBlock) => tokio::time::sleep(PATIENCE).await,
            Err(std::fs::TryLockError::Error(e)) => return Err(fault(e)),
        }
    }
}

/// An agency's own database is no demo.
async fn refuse_other_data(db: &Db) -> Result<(), Error> {
    match db.read(accounts::count).await? {
        0 => Ok(()),
        _ => Err(Error::Fault(
            "the database holds other data than a demo's; nothing was changed".to_owned(),
        )),
    }
}

/// Writes everything but the cases, all or nothing.
async fn fill(db: &Db, world: World, begun_at: Ts, password: String) -> Result<(), Error> {
    let open = passwords::hash(&password)?;
    // People who are not offered to try: the secret is forgotten at once.
    let closed = passwords::hash(&hex::encode(random_secret()?.as_ref()))?;
    let real = Clock::real();
    Ok(db
        .write(move |conn| {
            demo::begin_world(conn, begun_at)?;
            world.write(conn, &open, &closed, real)
        })
        .await?)
}
