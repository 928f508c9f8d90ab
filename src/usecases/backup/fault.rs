//! Why a backup was not taken or not restored, in words that tell an operator what to do.

use std::io;
use std::path::{Path, PathBuf};

use crate::config::ConfigError;
use crate::documents::files::FilesError;
use crate::store::StoreError;
use crate::store::vault::stream::StreamFault;
use crate::usecases::Error;

/// Why nothing was done; what had been begun was taken away again.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The rows are not in the data folder.
    #[error(
        "this installation keeps its rows in PostgreSQL (DATABASE_URL): take `pg_dump -Fc` first, copy the folder \
         {0} after it, and run `bujianmian check` on what you restore from them; README, \"Backup\", has the commands"
    )]
    Server(PathBuf),
    /// There is nothing to back up.
    #[error("{0}: there is no database here; --data or BUJIANMIAN_DATA names the folder")]
    NoDatabase(PathBuf),
    /// A backup is never written over another file.
    #[error("{0}: it is there already and was left alone; choose another name")]
    Exists(PathBuf),
    /// Another backup or restore is at work.
    #[error("{0}: another backup or restore is at work here; wait for its end")]
    AtWork(PathBuf),
    /// A restore never touches data.
    #[error(
        "{0}: it is there already and was left alone; restore into an empty folder, or stop the service and move \
         this one away first"
    )]
    Occupied(PathBuf),
    /// The keys are kept apart from the backup.
    #[error(
        "{0}; a backup holds no keys: put the keys file of the installation into the folder as keys.toml, or name it \
         with --keys or BUJIANMIAN_KEYS"
    )]
    Keys(#[from] ConfigError),
    /// Papers without a sound file: whole backups only.
    #[error("{count} papers have no sound file, so no backup was made:\n{named}")]
    Papers {
        /// How many.
        count: u64,
        /// The first ones, a line each.
        named: String,
    },
    /// The file is something else.
    #[error("{0}: this is no backup of this program")]
    NoBackup(PathBuf),
    /// A newer program made the file.
    #[error(
        "{file}: the backup has format {format}, this program knows formats up to {known}: restore it with a newer \
         program"
    )]
    Format {
        /// The backup.
        file: PathBuf,
        /// Its format.
        format: u16,
        /// The newest one known here.
        known: u16,
    },
    /// A newer program made the database.
    #[error(
        "{file}: its database has migration {migration}, which this program does not know: use the program of \
         that version or a newer one"
    )]
    Schema {
        /// The backup or the database.
        file: PathBuf,
        /// The first migration that is unknown.
        migration: String,
    },
    /// The seal does not open.
    #[error("{file}: the backup can't be restored: {fault}")]
    Sealed {
        /// The backup.
        file: PathBuf,
        /// Why.
        fault: StreamFault,
    },
    /// It opens and does not hold what it should.
    #[error("{file}: the backup can't be restored: {why}")]
    Contents {
        /// The backup.
        file: PathBuf,
        /// Why.
        why: String,
    },
    /// A file or folder can't be used.
    #[error("{place}: {error}")]
    Io {
        /// Which.
        place: PathBuf,
        /// The system's words.
        error: io::Error,
    },
    /// The store of papers does not work.
    #[error("{0}")]
    Files(#[from] FilesError),
    /// The database does not work.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The check could not be made.
    #[error("{0}")]
    Check(#[from] Error),
}

/// Says at which place the system failed.
pub(super) fn at(place: &Path) -> impl FnOnce(io::Error) -> Fault {
    let place = place.to_owned();
    move |error| Fault::Io { place, error }
}
