//! Lists as text: values between commas, in UTF-8 with or without its mark, or in GB18030 as Chinese spreadsheet
//! programs write it.

use std::borrow::Cow;

use csv::{Reader, ReaderBuilder, StringRecord};
use encoding_rs::GB18030;

use super::cell::Cell;
use super::fault::Fault;
use super::{MOST_COLUMNS, Table};

pub(super) fn read(bytes: &[u8], table: &mut Table<'_>) -> Result<(), Fault> {
    let text = decoded(bytes)?;
    if text.contains('\0') {
        return Err(Fault::Type);
    }
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    let mut number: u32 = 0;
    while let Some(blank) = next(&mut reader, &mut record)? {
        number = number.saturating_add(1).saturating_add(blank);
        if number > 1 && record.iter().any(|value| value.contains(['\n', '\r'])) {
            return Err(Fault::Quotes { row: number });
        }
        let cells = record
            .iter()
            .enumerate()
            .take(MOST_COLUMNS)
            .map(|(at, value)| (at, Cell::of_text(value)))
            .collect();
        table.put(number, cells)?;
    }
    Ok(())
}

/// The text without the mark of its encoding.
fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, Fault> {
    let plain = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(plain) {
        return Ok(Cow::Borrowed(text));
    }
    GB18030
        .decode_without_bom_handling_and_without_replacement(plain)
        .ok_or(Fault::Encoding)
}

/// Reads the next record; tells how many blank lines, which the reader leaves out, were before it. None at the end.
fn next(reader: &mut Reader<&[u8]>, record: &mut StringRecord) -> Result<Option<u32>, Fault> {
    let from = reader.position().line();
    if !reader.read_record(record).map_err(|_| Fault::Broken)? {
        return Ok(None);
    }
    let breaks: usize = record.iter().map(|value| value.matches('\n').count()).sum();
    let lines = reader.position().line().saturating_sub(from);
    let breaks = u64::try_from(breaks).unwrap_or(u64::MAX);
    let blank = lines.saturating_sub(1).saturating_sub(breaks);
    Ok(Some(u32::try_from(blank).unwrap_or(u32::MAX)))
}
