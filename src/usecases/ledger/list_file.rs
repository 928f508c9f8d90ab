//! Lists of patients as files: the columns of annex 3, what stands in a row, and the empty list to fill in (IN-4).

use super::importing::{self, MOST_ROWS, Report, Row};
use super::{WRITERS, importing::import};
use crate::documents::blank_list::{self, BlankColumn, BlankList, Takes};
use crate::documents::spreadsheet::{self, Beside, Cell, Column, Limits, Needed, Unfit};
use crate::domain::actor::Actor;
use crate::domain::form::FieldError;
use crate::domain::patient::entry::Raw;
use crate::domain::time::Day;
use crate::usecases::App;
use crate::usecases::error::Error;

const fn column(name: &'static str, zh: &'static str, needed: Needed) -> Column {
    Column { name, zh, needed }
}

/// The columns of annex 3, in its order, with the discharge.
pub const COLUMNS: [Column; 9] = [
    column("name", "姓名", Needed::Always),
    column("sex", "性别", Needed::Optional),
    column("age", "年龄", Needed::Optional),
    column("id_number", "身份证号", Needed::Always),
    column("status", "诊断", Needed::Always),
    column("admitted_on", "入院日期", Needed::Always),
    column("discharged_on", "出院日期", Needed::Optional),
    column("scheme", "险种", Needed::Optional),
    column("place_of_insurance", "参保地", Needed::Optional),
];

/// How much of a file is read.
pub const LIMITS: Limits = Limits {
    rows: MOST_ROWS,
    ..Limits::UPLOAD
};

/// Enters a list as it was uploaded.
///
/// # Errors
/// [`Error::Invalid`] at `file` when the file as a whole can't be read; as [`importing::import`].
pub async fn import_file(app: &App, actor: &Actor, bytes: Vec<u8>) -> Result<Report, Error> {
    actor.require(WRITERS)?;
    let read = move || spreadsheet::read(&bytes, &COLUMNS, LIMITS);
    let rows = tokio::task::spawn_blocking(read)
        .await
        .map_err(|error| Error::Fault(format!("a list: {error}")))?
        .map_err(|fault| Error::Invalid(vec![fault.at("file")]))?;
    import(app, actor, rows.iter().map(row).collect()).await
}

/// A row by its columns.
fn row(row: &spreadsheet::Row) -> Row {
    let mut faults = vec![];
    if row.beside == Beside::Something {
        faults.push(FieldError::new("", "row-beside"));
    }
    let mut raw = Raw::default();
    for (column, cell) in COLUMNS.iter().zip(&row.cells) {
        match typed(column.name, cell) {
            Ok(typed) => put(&mut raw, column.name, typed),
            Err(unfit) => faults.push(FieldError::new(column.name, unfit.code())),
        }
    }
    Row {
        number: row.number,
        columns: match faults.is_empty() {
            true => Ok(raw),
            false => Err(faults),
        },
    }
}

/// A cell as it would be typed.
fn typed(column: &str, cell: &Cell) -> Result<String, Unfit> {
    let typed = match column {
        "admitted_on" | "discharged_on" => cell.day()?.map(|day: Day| day.to_string()),
        "id_number" => cell.exact_text()?,
        _ => cell.text()?,
    };
    Ok(typed.unwrap_or_default())
}

fn put(raw: &mut Raw, column: &str, typed: String) {
    match column {
        "name" => raw.name = typed,
        "sex" => raw.sex = typed,
        "age" => raw.age = typed,
        "id_number" => raw.id_number = typed,
        "status" => raw.status = typed,
        "admitted_on" => raw.admitted_on = typed,
        "discharged_on" => raw.discharged_on = typed,
        "scheme" => raw.scheme = typed,
        _ => raw.place_of_insurance = typed,
    }
}

/// The empty list to fill in: names of its sheets and how it is filled in come in translated.
///
/// # Errors
/// [`Error::Fault`] when it can't be written.
pub fn template(
    app: &App,
    sheets: [String; 2],
    instructions: Vec<String>,
) -> Result<Vec<u8>, Error> {
    use chrono::Datelike;
    let choices = |choices: &[&str]| Takes::OneOf(choices.iter().map(|&c| c.into()).collect());
    let takes = |name: &str| match name {
        "sex" => choices(&["女", "男"]),
        "status" => choices(&["疑似", "确诊", "排除"]),
        "scheme" => choices(&["职工医保", "居民医保"]),
        "admitted_on" | "discharged_on" => Takes::Day,
        _ => Takes::Text,
    };
    let today = app.clock.now().day();
    let small = |number: u32| u8::try_from(number).unwrap_or(1);
    let list = BlankList {
        sheets,
        columns: COLUMNS
            .iter()
            .map(|column| BlankColumn {
                heading: column.zh.to_owned(),
                takes: takes(column.name),
            })
            .collect(),
        instructions,
        rows: u32::try_from(importing::MOST_ROWS).unwrap_or(u32::MAX),
        made_on: (
            u16::try_from(today.year()).unwrap_or(1900),
            small(today.month()),
            small(today.day()),
        ),
    };
    blank_list::write(&list).map_err(|error| Error::Fault(format!("an empty list: {error}")))
}
