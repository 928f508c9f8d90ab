//! Folders and files that are only there while a backup or restore is at work. They are the owner's alone, and
//! gone when it ends, however it ends; what a killed process left is taken away by the next one.

use std::fs::{self, DirBuilder, File, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::fault::{Fault, at};

/// A folder to work in.
pub(super) struct Workplace {
    /// Where it is.
    pub path: PathBuf,
    /// Held until the end, so that two never work in one folder.
    _lock: File,
}

impl Workplace {
    /// Makes the folder; empties one that a killed process left.
    pub fn make(path: PathBuf) -> Result<Self, Fault> {
        match DirBuilder::new().mode(0o700).create(&path) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(at(&path)(error)),
        }
        let lock = lock(&path, File::open(&path).map_err(at(&path))?)?;
        for entry in fs::read_dir(&path).map_err(at(&path))? {
            let left = entry.map_err(at(&path))?.path();
            let removed = match left.is_dir() {
                true => fs::remove_dir_all(&left),
                false => fs::remove_file(&left),
            };
            removed.map_err(at(&left))?;
        }
        Ok(Self { path, _lock: lock })
    }
}

impl Drop for Workplace {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.path) {
            tracing::warn!(place = %self.path.display(), %error, "a working folder was left behind");
        }
    }
}

/// A file under another name until it is whole.
pub(super) struct Partial {
    path: PathBuf,
    target: PathBuf,
    file: File,
    whole: bool,
}

impl Partial {
    /// Opens it beside `target`; what a killed process left is overwritten.
    pub fn beside(target: &Path) -> Result<Self, Fault> {
        if target.exists() {
            return Err(Fault::Exists(target.to_owned()));
        }
        let mut name = target.as_os_str().to_owned();
        name.push(".partial");
        let path = PathBuf::from(name);
        let file = File::options()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(at(&path))?;
        let file = lock(&path, file)?;
        file.set_len(0).map_err(at(&path))?;
        Ok(Self {
            path,
            target: target.to_owned(),
            file,
            whole: false,
        })
    }

    /// What is written to.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Where it is until it is whole.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes it durable and gives it its name.
    pub fn finish(mut self) -> Result<(), Fault> {
        self.file.sync_all().map_err(at(&self.path))?;
        if self.target.exists() {
            return Err(Fault::Exists(self.target.clone()));
        }
        fs::rename(&self.path, &self.target).map_err(at(&self.target))?;
        self.whole = true;
        sync_folder_of(&self.target)
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if self.whole {
            return;
        }
        if let Err(error) = fs::remove_file(&self.path) {
            tracing::warn!(place = %self.path.display(), %error, "a part of a backup was left behind");
        }
    }
}

fn lock(path: &Path, file: File) -> Result<File, Fault> {
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Fault::AtWork(path.to_owned())),
        Err(TryLockError::Error(error)) => Err(at(path)(error)),
    }
}

/// Makes the names in the folder of `path` durable.
pub(super) fn sync_folder_of(path: &Path) -> Result<(), Fault> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        Some(_) | None => Path::new("."),
    };
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(at(folder))
}
