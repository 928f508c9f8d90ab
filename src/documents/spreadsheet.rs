//! Lists that people upload, as workbooks (XLSX) or as text (CSV): told apart by content, checked before anything is
//! unpacked, read cell by cell. Nothing is guessed: what a spreadsheet program has made unreadable comes back with
//! advice. What the columns mean is not known here.

mod archive;
mod cell;
mod fault;
mod text;
mod workbook;

#[cfg(test)]
mod tests;

pub use cell::{Cell, Unfit};
pub use fault::Fault;

use crate::domain::text::{half_width, is_invisible};

/// A column that a list may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Name in the API and in headings.
    pub name: &'static str,
    /// Chinese heading.
    pub zh: &'static str,
    /// Whether the heading must be there.
    pub needed: Needed,
}

/// Whether a heading must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needed {
    /// It must.
    Always,
    /// It may be left out; its cells are empty then.
    Optional,
}

/// How much is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub bytes: usize,
    /// Bytes of a workbook once unpacked.
    pub unpacked: u64,
    /// Rows beneath the heading.
    pub rows: usize,
}

impl Limits {
    /// What an upload may be: 10 MB, 64 MB unpacked, 50,000 rows (XR-9).
    pub const UPLOAD: Self = Self {
        bytes: 10 * 1024 * 1024,
        unpacked: 64 * 1024 * 1024,
        rows: 50_000,
    };
}

/// A row beneath the heading that is not empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its number in the spreadsheet; the first row is 1.
    pub number: u32,
    /// Its cells in the order of the columns that were asked for; those the file doesn't have are empty.
    pub cells: Vec<Cell>,
    /// Whether something stands beside the headed columns.
    pub beside: Beside,
}

/// What stands in columns without a heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    /// Nothing.
    Nothing,
    /// Something: the row has slipped, or a separator is in a value.
    Something,
}

/// Reads a list wholly.
///
/// # Errors
/// [`Fault`] of the file as a whole; faults of single cells are told by [`Cell`].
pub fn read(bytes: &[u8], columns: &[Column], limits: Limits) -> Result<Vec<Row>, Fault> {
    if bytes.len() > limits.bytes {
        return Err(Fault::TooLarge {
            megabytes: limits.bytes / (1024 * 1024),
        });
    }
    let mut table = Table::new(columns, limits);
    match kind(bytes)? {
        Kind::Workbook => workbook::read(bytes, limits, &mut table)?,
        Kind::Text => text::read(bytes, &mut table)?,
    }
    table.finish()
}

enum Kind {
    Workbook,
    Text,
}

/// What the bytes are, whatever the name of the file says.
fn kind(bytes: &[u8]) -> Result<Kind, Fault> {
    /// Compound files: workbooks of before 2007, and encrypted ones of any time.
    const COMPOUND: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    if bytes.is_empty() {
        return Err(Fault::NoRows);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Ok(Kind::Workbook);
    }
    if bytes.starts_with(COMPOUND) {
        let name: Vec<u8> = "EncryptedPackage"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let is_encrypted = bytes.windows(name.len()).any(|part| part == name);
        return Err(match is_encrypted {
            true => Fault::Encrypted,
            false => Fault::OldFormat,
        });
    }
    match infer::get(bytes) {
        Some(_) => Err(Fault::Type),
        None if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) => {
            Err(Fault::Encoding)
        }
        None => Ok(Kind::Text),
    }
}

/// The rows so far, and where the columns stand.
struct Table<'a> {
    columns: &'a [Column],
    limits: Limits,
    /// For each column of the file the place among `columns`; none before the heading was read.
    places: Option<Vec<Option<usize>>>,
    rows: Vec<Row>,
}

impl<'a> Table<'a> {
    fn new(columns: &'a [Column], limits: Limits) -> Self {
        Self {
            columns,
            limits,
            places: None,
            rows: vec![],
        }
    }

    /// Takes the next row: the first that is not empty is the heading.
    fn put(&mut self, number: u32, cells: Vec<(usize, Cell)>) -> Result<(), Fault> {
        if cells.iter().all(|(_, cell)| *cell == Cell::Empty) {
            return Ok(());
        }
        let Some(places) = &self.places else {
            self.places = Some(self.heading(&cells)?);
            return Ok(());
        };
        if self.rows.len() >= self.limits.rows {
            return Err(Fault::TooManyRows {
                most: self.limits.rows,
            });
        }
        let mut row = Row {
            number,
            cells: vec![Cell::Empty; self.columns.len()],
            beside: Beside::Nothing,
        };
        for (at, cell) in cells {
            let place = places.get(at).copied().flatten();
            match place.and_then(|place| row.cells.get_mut(place)) {
                Some(slot) => *slot = cell,
                None if cell == Cell::Empty => {}
                None => row.beside = Beside::Something,
            }
        }
        self.rows.push(row);
        Ok(())
    }

    fn heading(&self, cells: &[(usize, Cell)]) -> Result<Vec<Option<usize>>, Fault> {
        let width = cells.iter().map(|(at, _)| at + 1).max().unwrap_or_default();
        let mut places = vec![None; width.min(MOST_COLUMNS)];
        let (mut unknown, mut double) = (vec![], vec![]);
        for (at, cell) in cells {
            let typed = match cell {
                Cell::Empty => continue,
                Cell::Text(text) => text.to_string(),
                Cell::Number(_) | Cell::Day(_) | Cell::Formula | Cell::Error => "?".to_owned(),
            };
            let found = self.columns.iter().position(|column| {
                let typed = heading_of(&typed);
                typed == column.name || typed == heading_of(column.zh)
            });
            if places_has(&places, found) {
                double.push(typed);
                continue;
            }
            match places.get_mut(*at) {
                Some(slot) if found.is_some() => *slot = found,
                Some(_) | None => unknown.push(typed),
            }
        }
        let missing: Vec<String> = (0..)
            .zip(self.columns)
            .filter(|(place, column)| {
                column.needed == Needed::Always && !places_has(&places, Some(*place))
            })
            .map(|(_, column)| format!("{}（{}）", column.zh, column.name))
            .collect();
        if !missing.is_empty() {
            return Err(Fault::ColumnsMissing(missing));
        }
        if !double.is_empty() {
            return Err(Fault::ColumnsDouble(double));
        }
        if !unknown.is_empty() {
            return Err(Fault::ColumnsUnknown(unknown));
        }
        Ok(places)
    }

    fn finish(self) -> Result<Vec<Row>, Fault> {
        match self.rows.is_empty() {
            true => Err(Fault::NoRows),
            false => Ok(self.rows),
        }
    }
}

/// Columns of a file that are looked at.
const MOST_COLUMNS: usize = 256;

fn places_has(places: &[Option<usize>], place: Option<usize>) -> bool {
    places
        .iter()
        .any(|taken| taken.is_some() && *taken == place)
}

/// A heading as it is compared: without case, space and marks of needed columns.
fn heading_of(typed: &str) -> String {
    typed
        .chars()
        .map(half_width)
        .filter(|c| !c.is_whitespace() && !is_invisible(*c) && *c != '*')
        .flat_map(char::to_lowercase)
        .collect()
}
