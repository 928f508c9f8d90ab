//! The store of uploaded files: under generated names, durable when a write returns. What stands in it is
//! sealed by who calls; no file name or type of the uploader ever becomes a path.
//!
//! A file is written before its row and never changed. When its row goes, the file stays for
//! [`KEPT_WITHOUT_ROW`]: whoever copies the folder within that time after a snapshot of the rows has every file
//! of the snapshot.

use std::fs::ReadDir;
use std::path::{Path as FolderPath, PathBuf};
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use chrono::TimeDelta;

use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{Error, ObjectStore, ObjectStoreExt};
use uuid::Uuid;

use crate::config::UploadLimits;
use crate::domain::time::Ts;

/// How long a file stays after its row went, or without ever having had one.
pub const KEPT_WITHOUT_ROW: TimeDelta = TimeDelta::days(1);

/// The store and what it takes.
#[derive(Clone, Debug)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    folder: PathBuf,
    /// How large an upload may be.
    pub limits: UploadLimits,
}

/// Why a file could not be kept or fetched; the cause is for the log.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// There is no such file.
    #[error("no such file")]
    Missing,
    /// The store does not work just now: full, read-only, out of reach.
    #[error("file store: {0}")]
    Unavailable(String),
}

impl From<Error> for FilesError {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound { .. } => Self::Missing,
            other => Self::Unavailable(other.to_string()),
        }
    }
}

impl Files {
    /// Files in a local folder, which is made when it is not there.
    ///
    /// # Errors
    /// [`FilesError::Unavailable`] when the folder can't be made.
    pub fn in_folder(folder: &FolderPath, limits: UploadLimits) -> Result<Self, FilesError> {
        std::fs::create_dir_all(folder).map_err(|e| FilesError::Unavailable(e.to_string()))?;
        let store = LocalFileSystem::new_with_prefix(folder)?
            .with_fsync(true)
            .with_automatic_cleanup(false);
        Ok(Self {
            store: Arc::new(store),
            folder: folder.to_owned(),
            limits,
        })
    }

    /// Writes a file under a name of its own; when it returns, the file outlives a crash.
    pub async fn put(&self, key: Uuid, content: Vec<u8>) -> Result<(), FilesError> {
        self.store.put(&path(key), content.into()).await?;
        Ok(())
    }

    /// The content of a file.
    ///
    /// # Errors
    /// [`FilesError::Missing`] when there is none.
    pub async fn get(&self, key: Uuid) -> Result<Vec<u8>, FilesError> {
        let found = self.store.get(&path(key)).await?;
        Ok(found.bytes().await?.to_vec())
    }

    /// Removes a file; one that is gone already is no error.
    pub async fn remove(&self, key: Uuid) -> Result<(), FilesError> {
        match self
            .store
            .delete(&path(key))
            .await
            .map_err(FilesError::from)
        {
            Ok(()) | Err(FilesError::Missing) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// A file as it stands in the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its name.
    pub name: String,
    /// What the name says.
    pub kind: Kind,
    /// When it was written, or let go of, by the machine's clock.
    pub changed_at: Ts,
}

/// What a file's name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A paper, under its key.
    Paper(Uuid),
    /// A paper that was being written when the process ended.
    Unfinished,
    /// Not of this store's making.
    Foreign,
}

/// All files of the folder, in no order; those that come or go meanwhile may be in it or not.
#[derive(Debug)]
pub struct Listing(Option<ReadDir>);

impl Files {
    /// Starts the time after which a file whose row has gone may be swept.
    ///
    /// # Errors
    /// [`FilesError::Missing`] when there is no such file.
    pub async fn let_go(&self, key: Uuid, at: Ts) -> Result<(), FilesError> {
        let path = self.folder.join(key.to_string());
        let micros = u64::try_from(at.micros()).unwrap_or_default();
        blocking(move || {
            let file = std::fs::File::options().write(true).open(path)?;
            file.set_modified(UNIX_EPOCH + Duration::from_micros(micros))
        })
        .await
    }

    /// Everything that stands in the folder.
    ///
    /// # Errors
    /// [`FilesError::Unavailable`] when it can't be read.
    pub async fn list(&self) -> Result<Listing, FilesError> {
        let folder = self.folder.clone();
        blocking(move || std::fs::read_dir(folder))
            .await
            .map(|entries| Listing(Some(entries)))
    }

    /// Removes a paper, or one that was never finished; one that is gone already is no error, and what is not of
    /// this store's making stays.
    ///
    /// # Errors
    /// [`FilesError::Unavailable`] when it can't be removed.
    pub async fn sweep(&self, stored: &Stored) -> Result<(), FilesError> {
        match stored.kind {
            Kind::Paper(key) => self.remove(key).await,
            Kind::Unfinished => {
                let path = self.folder.join(&stored.name);
                match blocking(move || std::fs::remove_file(path)).await {
                    Ok(()) | Err(FilesError::Missing) => Ok(()),
                    Err(error) => Err(error),
                }
            }
            Kind::Foreign => Ok(()),
        }
    }
}

impl Listing {
    /// The next files, `count` at most; none at the end.
    ///
    /// # Errors
    /// [`FilesError::Unavailable`] when the folder can't be read.
    pub async fn next(&mut self, count: usize) -> Result<Vec<Stored>, FilesError> {
        let Some(mut entries) = self.0.take() else {
            return Ok(vec![]);
        };
        let (entries, found) = blocking(move || {
            let mut found = vec![];
            for entry in entries.by_ref() {
                found.extend(stored(&entry?)?);
                if found.len() >= count {
                    break;
                }
            }
            Ok((entries, found))
        })
        .await?;
        self.0 = Some(entries);
        Ok(found)
    }
}

/// What a folder's entry is; nothing when it has just gone.
fn stored(entry: &std::fs::DirEntry) -> std::io::Result<Option<Stored>> {
    let metadata = match entry.metadata() {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let name = entry.file_name().to_string_lossy().into_owned();
    let kind = match (name.parse(), name.split_once('#')) {
        (Ok(key), _) => Kind::Paper(key),
        // What the store calls a file while it writes it: the key and a number.
        (Err(_), Some((key, _))) if key.parse::<Uuid>().is_ok() => Kind::Unfinished,
        (Err(_), _) => Kind::Foreign,
    };
    Ok(Some(Stored {
        name,
        kind,
        changed_at: Ts::new(metadata.modified()?.into()),
    }))
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T, FilesError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|e| FilesError::Unavailable(e.to_string()))?
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => FilesError::Missing,
            _ => FilesError::Unavailable(error.to_string()),
        })
}

fn path(key: Uuid) -> Path {
    Path::from(key.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_put_is_fetched_until_it_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let files =
            Files::in_folder(&folder.path().join("files"), UploadLimits::default()).unwrap();
        let key = Uuid::from_u128(7);
        files.put(key, b"paper".to_vec()).await.unwrap();
        assert_eq!(files.get(key).await.unwrap(), b"paper");
        files.remove(key).await.unwrap();
        files.remove(key).await.unwrap();
        assert!(matches!(files.get(key).await, Err(FilesError::Missing)));
    }

    #[tokio::test]
    async fn what_stands_in_the_folder_is_listed_by_kind_and_only_the_own_is_swept() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::in_folder(folder.path(), UploadLimits::default()).unwrap();
        let at = Ts::parse("2026-11-24T10:00:00Z").unwrap();
        let key = Uuid::from_u128(7);
        files.put(key, b"paper".to_vec()).await.unwrap();
        files.let_go(key, at).await.unwrap();
        std::fs::write(folder.path().join(format!("{key}#1")), b"pap").unwrap();
        std::fs::write(folder.path().join("notes"), b"mine").unwrap();
        let mut listing = files.list().await.unwrap();
        let mut all = vec![];
        loop {
            match listing.next(2).await.unwrap() {
                some if some.is_empty() => break,
                some => all.extend(some),
            }
        }
        all.sort_by(|one, other| one.name.cmp(&other.name));
        let kinds: Vec<_> = all.iter().map(|stored| stored.kind).collect();
        assert_eq!(kinds, [Kind::Paper(key), Kind::Unfinished, Kind::Foreign]);
        assert_eq!(all[0].changed_at, at);
        for stored in &all {
            files.sweep(stored).await.unwrap();
        }
        let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(left.len(), 1);
    }
}
