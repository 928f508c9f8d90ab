//! The file of the keys: sealing keys by number (the highest seals, all open) and the key of the blind
//! indexes. Made once, readable by the owner only; a file that exists is never written.

use std::collections::BTreeMap;
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use zeroize::Zeroizing;

use super::ConfigError;

/// What nobody but the owner may do. A group may read: that is how orchestrators hand out secrets.
const OF_OTHERS: u32 = 0o037;

/// A secret of 32 bytes, wiped when dropped.
type Secret = Zeroizing<[u8; 32]>;

/// The keys of one installation.
#[derive(Clone)]
pub struct Keys {
    /// By number; the highest seals.
    pub sealing: BTreeMap<u8, Secret>,
    /// Of the blind indexes.
    pub index: Secret,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Keys({})", self.sealing.len())
    }
}

#[derive(serde::Serialize, serde::Deserialize)]
struct File {
    index: String,
    sealing: BTreeMap<String, String>,
}

impl Keys {
    /// Fresh random keys.
    ///
    /// # Errors
    /// The words of the random source.
    pub fn random() -> Result<Self, String> {
        Ok(Self {
            sealing: BTreeMap::from([(1, random()?)]),
            index: random()?,
        })
    }

    pub(super) fn read(file: &Path) -> Result<Self, ConfigError> {
        let mode = std::fs::metadata(file)
            .map_err(|e| bad(file, &e))?
            .permissions()
            .mode();
        if mode & OF_OTHERS != 0 {
            let why = format!(
                "others may read or change it (mode {:03o}); give it mode 600",
                mode & 0o777
            );
            return Err(bad(file, &why));
        }
        let text = std::fs::read_to_string(file).map_err(|e| bad(file, &e))?;
        Self::parse(&text).map_err(|why| bad(file, &why))
    }

    pub(super) fn read_or_make(file: &Path) -> Result<Self, ConfigError> {
        if file.exists() {
            return Self::read(file);
        }
        let keys = Self::random().map_err(|why| bad(file, &why))?;
        match keys.write(file) {
            Ok(()) => Ok(keys),
            // Another process that started at the same moment was first.
            Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => Self::read(file),
            Err(e) => Err(bad(file, &e)),
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|e| e.message().to_owned())?;
        let sealing = file
            .sealing
            .iter()
            .map(|(id, key)| {
                let id = id.parse().map_err(|_| format!("key number {id}"))?;
                Ok((id, secret(key)?))
            })
            .collect::<Result<BTreeMap<u8, Secret>, String>>()?;
        if sealing.is_empty() {
            return Err("no sealing key".to_owned());
        }
        Ok(Self {
            sealing,
            index: secret(&file.index)?,
        })
    }

    fn write(&self, file: &Path) -> std::io::Result<()> {
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let content = File {
            index: hex::encode(self.index.as_ref()),
            sealing: self
                .sealing
                .iter()
                .map(|(id, key)| (id.to_string(), hex::encode(key.as_ref())))
                .collect(),
        };
        let text = Zeroizing::new(toml::to_string(&content).map_err(std::io::Error::other)?);
        // Under another name first: whoever sees the file sees all of it.
        let unfinished = file.with_extension(format!("{}.new", std::process::id()));
        let mut target = std::fs::OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&unfinished)?;
        target.write_all(text.as_bytes())?;
        target.sync_all()?;
        let named = std::fs::hard_link(&unfinished, file);
        std::fs::remove_file(&unfinished)?;
        named
    }
}

fn random() -> Result<Secret, String> {
    let mut bytes = Zeroizing::new([0; 32]);
    aws_lc_rs::rand::fill(bytes.as_mut()).map_err(|_| "no random bytes".to_owned())?;
    Ok(bytes)
}

fn secret(text: &str) -> Result<Secret, String> {
    let mut bytes = Zeroizing::new([0; 32]);
    hex::decode_to_slice(text.trim(), bytes.as_mut())
        .map_err(|_| "a key is 64 hexadecimal digits".to_owned())?;
    Ok(bytes)
}

fn bad(file: &Path, why: &impl ToString) -> ConfigError {
    ConfigError::Keys {
        file: file.to_owned(),
        why: why.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_made_once_for_the_owner_only_and_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("deeper/keys.toml");
        let made = Keys::read_or_make(&file).unwrap();
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let again = Keys::read_or_make(&file).unwrap();
        assert_eq!(*made.index, *again.index);
        assert_eq!(made.sealing, again.sealing);
    }

    #[test]
    fn a_broken_file_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys.toml");
        for text in ["", "index = \"00\"\n[sealing]\n1 = \"00\"", "index = 1"] {
            std::fs::write(&file, text).unwrap();
            set_mode(&file, 0o600);
            assert!(Keys::read_or_make(&file).is_err());
            assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
        }
        assert!(Keys::read(&folder.path().join("none.toml")).is_err());
    }

    #[test]
    fn a_file_that_others_may_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys.toml");
        Keys::random().unwrap().write(&file).unwrap();
        for (mode, fits) in [
            (0o600, true),
            (0o400, true),
            (0o440, true),
            (0o644, false),
            (0o620, false),
            (0o604, false),
        ] {
            set_mode(&file, mode);
            assert_eq!(Keys::read(&file).is_ok(), fits, "{mode:o}");
        }
        let refusal = Keys::read(&file).unwrap_err().to_string();
        assert!(refusal.contains("mode 604"), "{refusal}");
    }

    fn set_mode(file: &Path, mode: u32) {
        std::fs::set_permissions(file, std::fs::Permissions::from_mode(mode)).unwrap();
    }
}
