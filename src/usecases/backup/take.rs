//! Taking a backup: a snapshot of the database first, the papers of the snapshot's rows after it. A file is
//! written before its row and outlives it by a day, so every paper of the snapshot is there to be copied.

use std::fs::File;
use std::io::{BufReader, Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::archive::{self, Manifest, Piece};
use super::fault::{Fault, at};
use super::folder::{Partial, Workplace};
use crate::clock::{Clock, Stopwatch};
use crate::config::Config;
use crate::documents::files::{Files, FilesError};
use crate::store::backup::{self, Source, Still};
use crate::store::vault::stream::SealedWriter;
use crate::store::vault::{Sha256, Vault};
use crate::store::{demo, migrations};
use crate::usecases::checking::{self, Findings, Prints, Rows, Unsound};
use crate::usecases::opening;

/// Bytes that are copied at once.
const BUFFER: usize = 256 * 1024;

/// What was backed up.
#[derive(Clone, Debug)]
pub struct Taken {
    /// What the backup says of itself.
    pub manifest: Manifest,
    /// Check of the snapshot's rows; `None` when its schema is older than this program's.
    pub rows: Option<Rows>,
    /// Bytes of the backup.
    pub bytes: u64,
    /// How long the snapshot took.
    pub snapshot: Duration,
    /// How long everything took.
    pub took: Duration,
}

/// Backs up the embedded installation of these settings into the new file `target`. The service may be running.
///
/// # Errors
/// [`Fault`]; then there is no `target` and nothing else is left behind.
pub async fn take(config: &Config, target: &Path) -> Result<Taken, Fault> {
    let watch = Stopwatch::start();
    if config.database.url.is_some() {
        return Err(Fault::Server(opening::files_of(config)));
    }
    let database = opening::database_of(config);
    if !database.exists() {
        return Err(Fault::NoDatabase(database));
    }
    let keys = config.existing_keys()?;
    let vault = Arc::new(Vault::new(&keys.sealing, &keys.index)?);
    let partial = Partial::beside(target)?;
    // Beside the database, which is as readable as its snapshot: nothing in clear where backups are kept.
    let place = Workplace::make(config.data.join(".backup"))?;
    let still = place.path.join("snapshot.db");
    backup::snapshot(&database, &still)?;
    let snapshot = watch.elapsed();

    let mut source = Source::Still(Still::open(&still, Arc::clone(&vault))?);
    let manifest = manifest(&mut source, &database, &still)?;
    let rows = match migrations::is_newest(&manifest.schema)? {
        true => Some(checking::rows(&mut source)?),
        false => None,
    };
    let files = Files::in_folder(&opening::files_of(config), config.uploads)?;
    let mut out = vault
        .seal_stream(partial.file(), &archive::head())
        .map_err(at(partial.path()))?;
    archive::write_manifest(&mut out, &manifest).map_err(at(partial.path()))?;
    copy(&still, &mut out, partial.path())?;
    copy_papers(&mut source, &files, &mut out, partial.path()).await?;
    let file = out.finish().map_err(at(partial.path()))?;
    let bytes = file.metadata().map_err(at(partial.path()))?.len();
    partial.finish()?;
    Ok(Taken {
        manifest,
        rows,
        bytes,
        snapshot,
        took: watch.elapsed(),
    })
}

fn manifest(source: &mut Source, database: &Path, still: &Path) -> Result<Manifest, Fault> {
    let taken_at = Clock::real();
    let schema = source.read(backup::schema)?;
    if let Some(migration) = migrations::first_unknown(&schema)? {
        return Err(Fault::Schema {
            file: database.to_owned(),
            migration,
        });
    }
    let (rows, shift) = source.read(|conn| Ok((backup::row_counts(conn)?, demo::shift(conn)?)))?;
    let (mut papers, mut walk) = (0, Prints::of(source)?);
    while let Some(prints) = walk.next(source)? {
        papers += i64::try_from(prints.len()).unwrap_or_default();
    }
    Ok(Manifest {
        program: env!("CARGO_PKG_VERSION").to_owned(),
        schema,
        taken_at,
        business_at: shift.map_or(taken_at, |shift| taken_at.plus(shift.offset)),
        papers,
        rows,
        database: piece(still)?,
    })
}

/// Size and hash of a file.
fn piece(file: &Path) -> Result<Piece, Fault> {
    let mut hash = Sha256::default();
    let mut size = 0;
    each_buffer(file, |bytes| {
        hash.update(bytes);
        size += u64::try_from(bytes.len()).unwrap_or_default();
        Ok(())
    })?;
    Ok(Piece {
        size,
        sha256: hex::encode(hash.finish()),
    })
}

fn copy<W: Write>(from: &Path, out: &mut SealedWriter<W>, target: &Path) -> Result<(), Fault> {
    each_buffer(from, |bytes| out.write_all(bytes).map_err(at(target)))
}

fn each_buffer(file: &Path, mut work: impl FnMut(&[u8]) -> Result<(), Fault>) -> Result<(), Fault> {
    let mut input = BufReader::new(File::open(file).map_err(at(file))?);
    let mut buffer = vec![0; BUFFER];
    loop {
        let count = input.read(&mut buffer).map_err(at(file))?;
        match buffer.get(..count) {
            Some([]) | None => return Ok(()),
            Some(bytes) => work(bytes)?,
        }
    }
}

/// Adds the file of every paper; names all that have none before it gives up.
async fn copy_papers<W: Write>(
    source: &mut Source,
    files: &Files,
    out: &mut SealedWriter<W>,
    target: &Path,
) -> Result<(), Fault> {
    let mut flaws = Findings::default();
    let mut walk = Prints::of(source)?;
    while let Some(prints) = walk.next(source)? {
        for print in &prints {
            match checking::sound(source.vault(), files, print).await {
                Ok(sound) => {
                    archive::write_paper(out, sound.key, &sound.sealed).map_err(at(target))?
                }
                Err(Unsound::Flawed(flaw)) => flaws.add(flaw),
                Err(Unsound::OutOfReach(why)) => {
                    return Err(FilesError::Unavailable(why).into());
                }
            }
        }
    }
    match flaws.count {
        0 => Ok(()),
        count => Err(Fault::Papers {
            count,
            named: flaws.named.join("\n"),
        }),
    }
}
