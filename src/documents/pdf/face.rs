//! The font of documents: the configured one, else Debian's, else the one that comes with the program. It is read when the first
//! document is made.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use parley::fontique::Blob;

/// Where Debian's package fonts-noto-cjk puts it.
const DEBIAN: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";
/// The one that comes with the program (Apache License 2.0, `src/data/fonts/LICENSE.txt`).
static VENDORED: &[u8] = include_bytes!("../../data/fonts/wqy-microhei.ttc");

/// Families to be taken from a collection of fonts, the simplified Chinese one first.
const WANTED: [&str; 2] = ["SC", "Micro Hei"];

/// The font can't be read or holds no family.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the font {0} can't be used: {1}")]
pub struct FaceError(String, String);

/// The font of an installation.
#[derive(Debug)]
pub struct Face {
    configured: Option<PathBuf>,
    read: OnceLock<Result<Blob<u8>, FaceError>>,
}

impl Face {
    /// The font of a file; without one Debian's or the program's own.
    pub fn of(configured: Option<PathBuf>) -> Self {
        Self {
            configured,
            read: OnceLock::new(),
        }
    }

    /// The one that comes with the program, whatever is installed.
    pub fn vendored() -> Self {
        let read = OnceLock::from(Ok(Blob::new(Arc::new(VENDORED))));
        Self {
            configured: None,
            read,
        }
    }

    /// Its bytes.
    pub(super) fn bytes(&self) -> Result<Blob<u8>, FaceError> {
        self.read.get_or_init(|| self.load()).clone()
    }

    fn load(&self) -> Result<Blob<u8>, FaceError> {
        let file = |path: &Path| std::fs::read(path).map(|bytes| Blob::new(Arc::new(bytes)));
        match &self.configured {
            Some(path) => {
                file(path).map_err(|why| FaceError(path.display().to_string(), why.to_string()))
            }
            None => Ok(file(Path::new(DEBIAN)).unwrap_or_else(|_| Blob::new(Arc::new(VENDORED)))),
        }
    }

    /// How it is called in complaints.
    pub(super) fn without_family(&self) -> FaceError {
        let name = self
            .configured
            .as_ref()
            .map(|path| path.display().to_string());
        FaceError(
            name.unwrap_or_else(|| "of the program".to_owned()),
            "it holds no family".to_owned(),
        )
    }
}

/// Which of some families is wanted.
pub(super) fn wanted(names: &[String]) -> Option<String> {
    let named = |part: &str| {
        names
            .iter()
            .find(|name| name.contains(part) && !name.contains("Mono"))
    };
    WANTED
        .iter()
        .find_map(|part| named(part))
        .or(names.first())
        .cloned()
}
