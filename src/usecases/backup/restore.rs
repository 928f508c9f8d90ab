//! Restoring a backup into a folder that has no data: everything is unsealed and compared in a working folder
//! first; only what is whole gets its place.

use std::fs::{self, DirBuilder, File};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::archive::{self, FORMAT, MAGIC, Manifest};
use super::fault::{Fault, at};
use super::folder::{Workplace, sync_folder_of};
use crate::clock::{Clock, Stopwatch};
use crate::config::Config;
use crate::documents::files::Files;
use crate::store::backup::{self, Source, Still};
use crate::store::migrations;
use crate::store::vault::stream::{SealedReader, StreamFault, read_head};
use crate::store::vault::{Sha256, Vault};
use crate::usecases::checking::{self, Papers, Rows};
use crate::usecases::opening;

/// Bytes that are copied at once.
const BUFFER: usize = 256 * 1024;

/// What was restored.
#[derive(Clone, Debug)]
pub struct Restored {
    /// What the backup says of itself.
    pub manifest: Manifest,
    /// Migrations that were applied to it afterwards.
    pub applied: Vec<String>,
    /// Check of the rows.
    pub rows: Rows,
    /// Check of the papers.
    pub papers: Papers,
    /// How long the restore took.
    pub unpacked: Duration,
    /// How long everything took.
    pub took: Duration,
}

/// Restores `file` into the data folder of these settings, brings the database up to date and checks everything.
///
/// # Errors
/// [`Fault`]; then the folder is as it was.
pub async fn restore(config: &Config, file: &Path) -> Result<Restored, Fault> {
    let watch = Stopwatch::start();
    let backup = Backup { file };
    let mut input = File::open(file).map_err(at(file))?;
    let head = backup.head(&mut input)?;
    refuse_occupied(config)?;
    let keys = config.existing_keys()?;
    let vault = Arc::new(Vault::new(&keys.sealing, &keys.index)?);
    let mut reader = vault
        .open_stream(input, &head)
        .map_err(|fault| backup.sealed(fault))?;
    let manifest = backup.manifest(&mut reader)?;
    let home = Home::make(&config.data)?;
    {
        let place = Workplace::make(config.data.join(".restoring"))?;
        let unpacked = backup.unpack(&mut reader, &manifest, &place.path)?;
        backup.compare(&manifest, &unpacked, vault)?;
        settle(config, &unpacked)?;
    }
    home.keep();
    let unpacked = watch.elapsed();

    let plain = Config {
        database: crate::config::Database {
            url: None,
            ..config.database.clone()
        },
        ..config.clone()
    };
    let (db, applied) = opening::database(&plain)?;
    let files = Files::in_folder(&opening::files_of(config), config.uploads)?;
    let mut source = Source::Live(db, opening::location(&plain));
    let rows = checking::rows(&mut source)?;
    let papers = checking::papers(&mut source, &files, Clock::real()).await?;
    Ok(Restored {
        manifest,
        applied,
        rows,
        papers,
        unpacked,
        took: watch.elapsed(),
    })
}

/// A folder with data, or what is left of some, is never written to.
fn refuse_occupied(config: &Config) -> Result<(), Fault> {
    let database = opening::database_of(config);
    let beside = ["", "-wal", "-shm"].map(|end| {
        let mut name = database.as_os_str().to_owned();
        name.push(end);
        PathBuf::from(name)
    });
    if let Some(there) = beside.into_iter().find(|file| file.exists()) {
        return Err(Fault::Occupied(there));
    }
    let files = opening::files_of(config);
    match fs::read_dir(&files).map(|mut entries| entries.next()) {
        Ok(Some(_)) => Err(Fault::Occupied(files)),
        Ok(None) | Err(_) => Ok(()),
    }
}

/// The folder of the restored data; taken away again if it was made for nothing.
struct Home<'p> {
    path: &'p Path,
    made: bool,
}

impl<'p> Home<'p> {
    fn make(path: &'p Path) -> Result<Self, Fault> {
        let made = !path.exists();
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(path)
            .map_err(at(path))?;
        Ok(Self { path, made })
    }

    fn keep(mut self) {
        self.made = false;
    }
}

impl Drop for Home<'_> {
    fn drop(&mut self) {
        if self.made
            && let Err(error) = fs::remove_dir(self.path)
        {
            tracing::warn!(place = %self.path.display(), %error, "an empty folder was left behind");
        }
    }
}

/// Where the parts are before they get their place.
struct Unpacked {
    database: PathBuf,
    files: PathBuf,
}

/// The file that is restored, and how its faults are told.
struct Backup<'f> {
    file: &'f Path,
}

impl Backup<'_> {
    fn sealed(&self, fault: StreamFault) -> Fault {
        Fault::Sealed {
            file: self.file.to_owned(),
            fault,
        }
    }

    fn wrong(&self, why: String) -> Fault {
        Fault::Contents {
            file: self.file.to_owned(),
            why,
        }
    }

    /// The head in clear: that it is a backup, of a format that is known here.
    fn head(&self, input: &mut File) -> Result<[u8; 12], Fault> {
        let mut head = [0; 12];
        let read = read_head(input, &mut head);
        if !head.starts_with(MAGIC) {
            return Err(Fault::NoBackup(self.file.to_owned()));
        }
        read.map_err(|fault| self.sealed(fault))?;
        let [.., high, low] = head;
        let format = u16::from_be_bytes([high, low]);
        if format > FORMAT {
            return Err(Fault::Format {
                file: self.file.to_owned(),
                format,
                known: FORMAT,
            });
        }
        Ok(head)
    }

    fn manifest(&self, reader: &mut SealedReader<File>) -> Result<Manifest, Fault> {
        let manifest = archive::read_manifest(reader).map_err(|fault| self.sealed(fault))?;
        let manifest = manifest.map_err(|why| self.wrong(why))?;
        match migrations::first_unknown(&manifest.schema)? {
            None => Ok(manifest),
            Some(migration) => Err(Fault::Schema {
                file: self.file.to_owned(),
                migration,
            }),
        }
    }

    fn unpack(
        &self,
        reader: &mut SealedReader<File>,
        manifest: &Manifest,
        place: &Path,
    ) -> Result<Unpacked, Fault> {
        let database = place.join("database");
        let hash = self.write(reader, &database, manifest.database.size)?;
        if hex::encode(hash) != manifest.database.sha256 {
            return Err(self.wrong("its database is not the one of its manifest".to_owned()));
        }
        let files = place.join("files");
        fs::create_dir(&files).map_err(at(&files))?;
        for _ in 0..manifest.papers {
            let front = archive::read_front(reader).map_err(|fault| self.sealed(fault))?;
            let hash = self.write(reader, &files.join(front.key.to_string()), front.size)?;
            if hash != front.sha256 {
                return Err(self.wrong(format!("paper {} is not what was backed up", front.key)));
            }
        }
        reader.expect_end().map_err(|fault| self.sealed(fault))?;
        Ok(Unpacked { database, files })
    }

    /// Writes the next `size` bytes into a new file, durable when it returns; tells their hash.
    fn write(
        &self,
        reader: &mut SealedReader<File>,
        target: &Path,
        size: u64,
    ) -> Result<Vec<u8>, Fault> {
        let mut file = File::options()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(target)
            .map_err(at(target))?;
        let mut hash = Sha256::default();
        let mut left = size;
        let mut buffer = vec![0; BUFFER];
        while left > 0 {
            let count = usize::try_from(left).unwrap_or(BUFFER).min(BUFFER);
            let part = buffer.get_mut(..count).unwrap_or_default();
            reader
                .read_exact(part)
                .map_err(|fault| self.sealed(fault))?;
            file.write_all(part).map_err(at(target))?;
            hash.update(part);
            left = left.saturating_sub(u64::try_from(count).unwrap_or(u64::MAX));
        }
        file.sync_all().map_err(at(target))?;
        Ok(hash.finish())
    }

    /// That the database has the rows of the manifest.
    fn compare(
        &self,
        manifest: &Manifest,
        unpacked: &Unpacked,
        vault: Arc<Vault>,
    ) -> Result<(), Fault> {
        let mut still = Source::Still(Still::open(&unpacked.database, vault)?);
        let rows = still.read(backup::row_counts)?;
        match rows == manifest.rows {
            true => Ok(()),
            false => {
                Err(self.wrong("its database has other rows than its manifest says".to_owned()))
            }
        }
    }
}

/// Gives the parts their place, the database last: without it a folder counts as empty of data.
fn settle(config: &Config, unpacked: &Unpacked) -> Result<(), Fault> {
    let (files, database) = (opening::files_of(config), opening::database_of(config));
    sync_folder_of(&unpacked.files.join("any"))?;
    if files.exists() {
        fs::remove_dir(&files).map_err(at(&files))?;
    }
    fs::rename(&unpacked.files, &files).map_err(at(&files))?;
    if let Err(error) = fs::rename(&unpacked.database, &database) {
        // Back to where it goes with the working folder.
        fs::rename(&files, &unpacked.files).map_err(at(&files))?;
        return Err(at(&database)(error));
    }
    sync_folder_of(&database)
}
