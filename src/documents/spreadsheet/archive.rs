//! A workbook as the archive it is, looked through before anything reads it: what it unpacks to, whether it has
//! macros, whether a part of it would make its reader reserve memory for nothing. Memory stays flat whatever is in it.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::fault::Fault;

/// Parts of an archive: a workbook has dozens.
const MOST_PARTS: usize = 2000;
/// The longest stretch without markup: one cell holds 32,767 characters at most.
const LONGEST_STRETCH: usize = 256 * 1024;
/// Texts that a workbook may announce.
const MOST_TEXTS: u64 = 1_000_000;
/// The attribute by which it announces them.
const ANNOUNCED: &[u8] = b"uniqueCount";

/// Looks an archive through.
///
/// # Errors
/// Why it is not read as a workbook.
pub(super) fn look_through(bytes: &[u8], unpacked: u64) -> Result<(), Fault> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Fault::Broken)?;
    if archive.len() > MOST_PARTS {
        return Err(Fault::Bomb);
    }
    if archive.file_names().flatten().any(|name| has_macros(&name)) {
        return Err(Fault::Macros);
    }
    if archive.index_for_name("xl/workbook.xml").is_none() {
        return Err(Fault::Type);
    }
    let mut left = unpacked;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| Fault::Broken)?;
        if part.encrypted() {
            return Err(Fault::Encrypted);
        }
        left = walk(part, left)?;
    }
    Ok(())
}

fn has_macros(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.ends_with("vbaproject.bin") || name.starts_with("xl/macrosheets/")
}

/// Unpacks a part into nothing; returns how many bytes the rest may unpack to.
fn walk(mut part: impl Read, mut left: u64) -> Result<u64, Fault> {
    let mut buffer = vec![0; 64 * 1024];
    let (mut stretch, mut tail) = (0_usize, vec![]);
    loop {
        let count = part.read(&mut buffer).map_err(|_| Fault::Broken)?;
        let Some(read) = buffer.get(..count).filter(|read| !read.is_empty()) else {
            return Ok(left);
        };
        let size = u64::try_from(count).unwrap_or(u64::MAX);
        left = left.checked_sub(size).ok_or(Fault::Bomb)?;
        stretch = match read.iter().rposition(|byte| *byte == b'<') {
            Some(last) => count - last,
            None => stretch + count,
        };
        if stretch > LONGEST_STRETCH {
            return Err(Fault::Bomb);
        }
        tail.extend_from_slice(read);
        if announces_too_much(&tail) {
            return Err(Fault::Bomb);
        }
        // What is announced may stand across two reads.
        tail.drain(..tail.len().saturating_sub(ANNOUNCED.len() + 32));
    }
}

fn announces_too_much(bytes: &[u8]) -> bool {
    bytes
        .windows(ANNOUNCED.len())
        .enumerate()
        .filter(|(_, part)| *part == ANNOUNCED)
        .any(|(at, _)| {
            let value = bytes.get(at + ANNOUNCED.len()..).unwrap_or_default();
            let digits: String = value
                .iter()
                .map(|byte| char::from(*byte))
                .skip_while(|c| c.is_ascii_whitespace() || matches!(c, '=' | '"' | '\''))
                .take_while(char::is_ascii_digit)
                .take(24)
                .collect();
            !digits.is_empty()
                && digits
                    .parse::<u64>()
                    .map_or(true, |count| count > MOST_TEXTS)
        })
}
