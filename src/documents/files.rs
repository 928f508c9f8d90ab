//! The store of uploaded files: under generated names, durable when a write returns. What stands in it is
//! sealed by who calls; no file name or type of the uploader ever becomes a path.

use std::path::Path as FolderPath;
use std::sync::Arc;

use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{Error, ObjectStore, ObjectStoreExt};
use uuid::Uuid;

use crate::config::UploadLimits;

/// The store and what it takes.
#[derive(Clone, Debug)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
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
}
