//! Putting the service together at start: database, keys, what the office knows. Nothing here serves or fills.

use std::path::PathBuf;
use std::sync::{Arc, RwLock};

use crate::clock::Clock;
use crate::config::{Config, SignInLimits, StaffTotp};
use crate::documents::files::Files;
use crate::identity::Platform;
use crate::store::vault::Vault;
use crate::store::{Db, Location, StoreError, migrations};
use crate::usecases::accounts::SignIn;
use crate::usecases::app::{DemoInfo, Parts};
use crate::usecases::office::Office;
use crate::usecases::{App, Error, reference};

/// Folder of uploaded papers in the data folder.
const FILES: &str = "files";
/// File of the embedded database in the data folder.
const FILE: &str = "bujianmian.db";

/// Where these settings keep the embedded database.
pub fn database_of(config: &Config) -> PathBuf {
    config.data.join(FILE)
}

/// Where these settings keep uploaded papers.
pub fn files_of(config: &Config) -> PathBuf {
    config.data.join(FILES)
}

/// Opens the database of an installation that is there already, makes and changes nothing, and refuses one whose
/// schema is not this program's.
///
/// # Errors
/// [`Error::Fault`] when database or keys are not there, [`Error::Store`] with the database's words.
pub fn existing_database(config: &Config) -> Result<Db, Error> {
    let location = location(config);
    if let Location::File(file) = &location
        && !file.exists()
    {
        return Err(Error::Fault(format!(
            "{}: there is no database here",
            file.display()
        )));
    }
    let keys = config
        .existing_keys()
        .map_err(|e| Error::Fault(e.to_string()))?;
    let vault = Vault::new(&keys.sealing, &keys.index)?;
    let db = Db::open(&location, config.database.connections, vault)?;
    match migrations::are_current(&db)? {
        true => Ok(db),
        false => Err(Error::Fault(
            "the database has another schema than this program: run `bujianmian migrate` first"
                .to_owned(),
        )),
    }
}

/// Where the database of these settings is.
pub fn location(config: &Config) -> Location {
    match &config.database.url {
        Some(url) => Location::Server(url.clone()),
        None => Location::File(database_of(config)),
    }
}

/// Without its keys nothing in a database can be read; new ones beside it would only hide that.
fn refuse_lost_keys(config: &Config) -> Result<(), Error> {
    let there = config.database.url.is_none() && database_of(config).exists();
    match config.existing_keys() {
        Err(error) if there => Err(Error::Fault(format!(
            "{error}; the database in {} can't be read without its keys: put the keys file back",
            config.data.display()
        ))),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Opens the database of these settings and brings it up to date; names what was applied.
///
/// # Errors
/// [`Error::Fault`] when the data folder or the keys can't be used, or with the database's words.
pub fn database(config: &Config) -> Result<(Db, Vec<String>), Error> {
    std::fs::create_dir_all(&config.data)
        .map_err(|e| Error::Fault(format!("{}: {e}", config.data.display())))?;
    refuse_lost_keys(config)?;
    let keys = config
        .load_keys()
        .map_err(|e| Error::Fault(e.to_string()))?;
    let vault = Vault::new(&keys.sealing, &keys.index)?;
    let named = |e| Error::Fault(explained(config, &e));
    let db = Db::open(&location(config), config.database.connections, vault).map_err(named)?;
    let applied = migrations::up(&db).map_err(named)?;
    Ok((db, applied))
}

/// Which database failed and how, never with its password.
fn explained(config: &Config, error: &StoreError) -> String {
    let why = config.database.without_password(&error.to_string());
    let one_line = why.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("database {}: {one_line}", config.database.shown())
}

/// The service on a database that is up to date.
///
/// # Errors
/// [`Error::Fault`] names the embedded file that can't be read.
pub async fn app(
    config: &Config,
    db: Db,
    clock: Clock,
    demo: Option<DemoInfo>,
) -> Result<App, Error> {
    let (limits, staff_totp) = match demo {
        // The demo's accounts have no secret to guess.
        Some(_) => (SignInLimits::Off, StaffTotp::Optional),
        None => (config.limits, config.staff_totp),
    };
    let hold_limit = config.hold_limit.filter(|_| demo.is_none());
    let mut office = Office::load(hold_limit)?;
    office.regions = reference::regions(&db)?;
    let working_days = reference::working_days(&db)?;
    office.refresh(&db).await?;
    Ok(App::new(Parts {
        db,
        clock,
        working_days: RwLock::new(working_days),
        office,
        sign_in: SignIn::new(config.sessions, limits, staff_totp),
        platform: config
            .platform
            .clone()
            .map(|settings| Arc::new(Platform::new(settings))),
        files: Files::in_folder(&files_of(config), config.uploads)
            .map_err(|e| Error::Fault(e.to_string()))?,
        demo,
    }))
}
