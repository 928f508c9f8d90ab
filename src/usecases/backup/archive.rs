//! The layout of a backup. It is written and read from front to end, has two kinds of parts, and no name in it
//! ever becomes a path; a general archive format inside the seal would add a library and rules for names, and no
//! other program could read it either.
//!
//! ```text
//! backup    "bujianmian"  [format 2]  then a sealed stream (store::vault::stream) of
//! contents  [length 4][manifest, JSON]  [database]  [paper]…
//! paper     [key 16][size 8][SHA-256 32][file as it stands in the folder of files, sealed once more]
//! ```
//! Numbers are big-endian. Size and SHA-256 of the database and the number of papers are in the manifest.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::time::Ts;
use crate::store::vault::sha256;
use crate::store::vault::stream::{SealedReader, StreamFault};

/// How every backup begins.
pub(super) const MAGIC: &[u8; 10] = b"bujianmian";
/// The format written here, and the newest one that is read.
pub(super) const FORMAT: u16 = 1;
/// Bytes of the manifest at most.
const LONGEST_MANIFEST: u32 = 1024 * 1024;

/// The head in clear.
pub(super) fn head() -> [u8; 12] {
    let mut head = [0; 12];
    head.iter_mut()
        .zip(MAGIC.iter().chain(&FORMAT.to_be_bytes()))
        .for_each(|(to, from)| *to = *from);
    head
}

/// What a backup says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the program that took it.
    pub program: String,
    /// Versions of the database's migrations, oldest first.
    pub schema: Vec<String>,
    /// When, by the machine's clock.
    pub taken_at: Ts,
    /// When, by the service's clock, which only the demo shifts.
    pub business_at: Ts,
    /// Rows by table.
    pub rows: Vec<(String, i64)>,
    /// The database.
    pub database: Piece,
    /// Papers.
    pub papers: i64,
}

/// A part of the backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// Bytes.
    pub size: u64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
}

/// The front of a paper.
pub(super) struct Front {
    pub key: Uuid,
    pub size: u64,
    pub sha256: [u8; 32],
}

pub(super) fn write_manifest(out: &mut impl Write, manifest: &Manifest) -> io::Result<()> {
    let text = serde_json::to_vec(manifest)?;
    let length = u32::try_from(text.len()).map_err(io::Error::other)?;
    out.write_all(&length.to_be_bytes())?;
    out.write_all(&text)
}

pub(super) fn write_paper(out: &mut impl Write, key: Uuid, file: &[u8]) -> io::Result<()> {
    let size = u64::try_from(file.len()).map_err(io::Error::other)?;
    out.write_all(key.as_bytes())?;
    out.write_all(&size.to_be_bytes())?;
    out.write_all(&sha256(file))?;
    out.write_all(file)
}

/// The manifest, or what can't be read of it.
pub(super) fn read_manifest<R: Read>(
    reader: &mut SealedReader<R>,
) -> Result<Result<Manifest, String>, StreamFault> {
    let mut length = [0; 4];
    reader.read_exact(&mut length)?;
    let length = u32::from_be_bytes(length);
    if length > LONGEST_MANIFEST {
        return Ok(Err(format!("its manifest has {length} bytes")));
    }
    let mut text = vec![0; usize::try_from(length).unwrap_or_default()];
    reader.read_exact(&mut text)?;
    Ok(serde_json::from_slice(&text).map_err(|e| format!("its manifest can't be read: {e}")))
}

pub(super) fn read_front<R: Read>(reader: &mut SealedReader<R>) -> Result<Front, StreamFault> {
    let (mut key, mut size, mut sha256) = ([0; 16], [0; 8], [0; 32]);
    reader.read_exact(&mut key)?;
    reader.read_exact(&mut size)?;
    reader.read_exact(&mut sha256)?;
    Ok(Front {
        key: Uuid::from_bytes(key),
        size: u64::from_be_bytes(size),
        sha256,
    })
}
