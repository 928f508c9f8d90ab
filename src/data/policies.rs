//! The embedded policy packs. They are parsed and checked as a whole; a faulty file is named with its key
//! and reason, and nothing of it is used.

use crate::domain::policy::fault::Fault;
use crate::domain::policy::raw::RawPack;
use crate::domain::policy::{PolicyPack, PolicySet, show};
use crate::domain::time::Day;

/// A pack's file name and text.
type File = (&'static str, &'static str);

const DEFAULT: File = ("default.toml", include_str!("policy/default.toml"));
const POOLS: [File; 4] = [
    ("320600.toml", include_str!("policy/320600.toml")),
    ("371000.toml", include_str!("policy/371000.toml")),
    ("611000.toml", include_str!("policy/611000.toml")),
    ("621000.toml", include_str!("policy/621000.toml")),
];

/// A pack that can't be used; the service does not start with it.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// Not TOML, or a field that packs do not have.
    #[error("{file}: {source}")]
    Syntax {
        /// The file.
        file: String,
        /// Place and reason.
        source: Box<toml::de::Error>,
    },
    /// Readable, but wrong.
    #[error("{file}: {fault}")]
    Fault {
        /// The file.
        file: String,
        /// Key and reason.
        fault: Fault,
    },
    /// The file's name is not the pool it states.
    #[error("{file}: states the pool {pool}")]
    Misnamed {
        /// The file.
        file: String,
        /// What it states.
        pool: String,
    },
}

/// Reads and checks the packs the service is built with.
///
/// # Errors
/// The first fault, with file, key and reason.
pub fn load() -> Result<PolicySet, PolicyError> {
    load_from(DEFAULT, &POOLS)
}

fn load_from(default: (&str, &str), pools: &[(&str, &str)]) -> Result<PolicySet, PolicyError> {
    let general = pack(default, None)?;
    let packs = pools
        .iter()
        .map(|file| pack(*file, Some(&general)))
        .collect::<Result<Vec<_>, _>>()?;
    // A fault found across packs names the pack; its file is called after it.
    PolicySet::new(general, packs).map_err(|fault| PolicyError::Fault {
        file: format!("{}.toml", fault.pack),
        fault,
    })
}

fn pack(
    (file, text): (&str, &str),
    general: Option<&PolicyPack>,
) -> Result<PolicyPack, PolicyError> {
    let syntax = |source| PolicyError::Syntax {
        file: file.to_owned(),
        source: Box::new(source),
    };
    let raw: RawPack = toml::from_str(text).map_err(syntax)?;
    if file.strip_suffix(".toml") != Some(raw.pool.as_str()) {
        return Err(PolicyError::Misnamed {
            file: file.to_owned(),
            pool: raw.pool,
        });
    }
    PolicyPack::read(raw, general).map_err(|fault| PolicyError::Fault {
        file: file.to_owned(),
        fault,
    })
}

/// Why `policy show` prints nothing.
#[derive(Debug, thiserror::Error)]
pub enum ShowError {
    /// The pool's code can't be one.
    #[error("{0:?} is no pool's code: six digits that end in 00, like 371000")]
    Pool(String),
    /// The embedded packs are faulty.
    #[error(transparent)]
    Pack(#[from] PolicyError),
    /// Writing JSON failed.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

/// The policy of a pool (a code, or `default`) on a Beijing day as JSON, for `policy show`. A pool without a
/// pack has the default one, with a note.
///
/// # Errors
/// A malformed code; faulty packs.
pub fn show_json(pool: &str, on: Day) -> Result<String, ShowError> {
    let set = load()?;
    let policy = match pool {
        "default" => set.default_on(on),
        code => {
            let pool = code.parse().map_err(|_| ShowError::Pool(code.to_owned()))?;
            set.on(pool, on)
        }
    };
    Ok(serde_json::to_string_pretty(&show::show(&policy))?)
}

#[cfg(test)]
mod tests;
