//! Disks that fail: a small one that can be filled, files that can't be written any more.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A small mounted disk, unmounted with this value.
pub struct SmallDisk {
    place: tempfile::TempDir,
}

impl SmallDisk {
    /// Mounts one; `None` where mounting is not allowed.
    pub fn mount(megabytes: u32) -> Option<Self> {
        if std::env::var_os("BUJIANMIAN_FAULTS_NO_MOUNT").is_some() {
            return None;
        }
        let place = tempfile::tempdir().expect("a folder");
        let size = format!("size={megabytes}m,mode=755");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
            .arg(place.path())
            .output();
        mounted
            .is_ok_and(|output| output.status.success())
            .then_some(Self { place })
    }

    /// A new folder on it.
    pub fn folder(&self, name: &str) -> PathBuf {
        let folder = self.place.path().join(name);
        std::fs::create_dir_all(&folder).expect("a folder");
        folder
    }

    /// Leaves no byte free.
    pub fn fill(&self) {
        let mut file = File::create(self.filler()).expect("a file");
        for size in [256 * 1024, 4096, 1] {
            while file.write_all(&vec![0; size]).is_ok() {}
        }
    }

    /// Makes room again.
    pub fn free(&self) {
        std::fs::remove_file(self.filler()).expect("the filler is there");
    }

    fn filler(&self) -> PathBuf {
        self.place.path().join("filler")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: a process that is about to end may still have a file open.
        let _ = Command::new("umount")
            .arg("-l")
            .arg(self.place.path())
            .status();
    }
}

/// Lifts the limit on the size of files of a running process.
pub fn lift_file_limit(pid: u32) {
    let lifted = Command::new("prlimit")
        .args(["--pid", &pid.to_string(), "--fsize=unlimited"])
        .status();
    assert!(lifted.is_ok_and(|status| status.success()), "prlimit");
}

/// Makes files that can't be written any more, whoever has them open; undone with this value.
pub struct Immutable {
    files: Vec<PathBuf>,
}

impl Immutable {
    /// `None` where the file system or the machine does not allow it.
    pub fn make(files: Vec<PathBuf>) -> Option<Self> {
        let immutable = Self { files };
        immutable.set("+i").then_some(immutable)
    }

    fn set(&self, flag: &str) -> bool {
        let set = |file: &Path| Command::new("chattr").arg(flag).arg(file).output();
        self.files
            .iter()
            .map(|file| set(file))
            .all(|output| output.is_ok_and(|output| output.status.success()))
    }
}

impl Drop for Immutable {
    fn drop(&mut self) {
        self.set("-i");
    }
}
