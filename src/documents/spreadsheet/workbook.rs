//! Lists as workbooks: the first sheet, cell by cell as it stands in the archive.

use std::io::Cursor;

use calamine::{DataRef, Dimensions, ExcelDateTime, Reader, SheetType, Xlsx};

use super::archive::look_through;
use super::cell::Cell;
use super::fault::Fault;
use super::{Limits, MOST_COLUMNS, Table};
use crate::domain::time::Day;

pub(super) fn read(bytes: &[u8], limits: Limits, table: &mut Table<'_>) -> Result<(), Fault> {
    look_through(bytes, limits.unpacked)?;
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|_| Fault::Broken)?;
    let sheet = book
        .sheets_metadata()
        .iter()
        .find(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| sheet.name.clone())
        .ok_or(Fault::NoRows)?;
    cells(&mut book, &sheet, table)?;
    // In a list every cell belongs to one row and one column.
    let merged = book
        .merge_cells_by_sheet_name(&sheet)
        .map_err(|_| Fault::Broken)?;
    match merged.first() {
        None => Ok(()),
        Some(range) => Err(Fault::Merged {
            range: named(*range),
        }),
    }
}

fn cells(book: &mut Xlsx<Cursor<&[u8]>>, sheet: &str, table: &mut Table<'_>) -> Result<(), Fault> {
    let mut reader = book
        .worksheet_cells_reader(sheet)
        .map_err(|_| Fault::Broken)?;
    let mut row: (u32, Vec<(usize, Cell)>) = (0, vec![]);
    loop {
        let next = reader
            .next_cell_with_formula_metadata()
            .map_err(|_| Fault::Broken)?;
        let Some(next) = next else { break };
        let (number, at) = next.pos;
        if number < row.0 {
            return Err(Fault::Broken);
        }
        if number > row.0 {
            let (done, cells) = std::mem::replace(&mut row, (number, vec![]));
            table.put(done.saturating_add(1), cells)?;
        }
        let cell = match next.formula {
            Some(_) => Cell::Formula,
            None => of(&next.value),
        };
        match usize::try_from(at) {
            // A formatted cell far to the right holds nothing; a value there is no list.
            Ok(at) if at < MOST_COLUMNS => row.1.push((at, cell)),
            Ok(_) | Err(_) if cell == Cell::Empty => {}
            Ok(_) | Err(_) => row.1.push((MOST_COLUMNS, cell)),
        }
    }
    table.put(row.0.saturating_add(1), row.1)
}

fn of(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::String(text) => Cell::of_text(text),
        DataRef::SharedString(text) => Cell::of_text(text),
        DataRef::Float(number) => Cell::Number(*number),
        // No list holds numbers that large: what is lost is no digit of it.
        DataRef::Int(number) => number.to_string().parse().map_or(Cell::Error, Cell::Number),
        DataRef::Bool(value) => Cell::of_text(if *value { "TRUE" } else { "FALSE" }),
        DataRef::DateTime(moment) => day(moment).map_or(Cell::Error, Cell::Day),
        DataRef::DateTimeIso(text) => text
            .get(..10)
            .and_then(|day| day.parse().ok())
            .map_or(Cell::Error, Cell::Day),
        DataRef::DurationIso(_) | DataRef::Error(_) => Cell::Error,
    }
}

/// The day of a date cell; a time of day has no day.
fn day(moment: &ExcelDateTime) -> Option<Day> {
    if moment.is_duration() || moment.as_f64() < 1.0 {
        return None;
    }
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    Day::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day))
}

/// A range as people name it: `A2:C5`.
fn named(range: Dimensions) -> String {
    let cell = |(row, column): (u32, u32)| format!("{}{}", letters(column), row.saturating_add(1));
    format!("{}:{}", cell(range.start), cell(range.end))
}

/// A column as people name it: 0 is A, 26 is AA.
fn letters(column: u32) -> String {
    let mut name = String::new();
    let mut left = column.saturating_add(1);
    while left > 0 {
        let digit = u8::try_from((left - 1) % 26).unwrap_or_default();
        name.insert(0, char::from(b'A' + digit));
        left = (left - 1) / 26;
    }
    name
}
