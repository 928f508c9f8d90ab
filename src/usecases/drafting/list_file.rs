//! The hospital's list as a file (RB-5): invoices or costs as workbook or text, read into the lines of a draft, and the empty list
//! to fill in. What a hospital's list has beside what is asked is read over.

use chrono::Datelike;

use super::rows;
use crate::documents::blank_list::{self, BlankColumn, BlankList, Takes};
use crate::documents::spreadsheet::{self, Beside, Cell, Column, Limits, Needed, Row, Unfit};
use crate::domain::actor::Actor;
use crate::domain::form::{Answers, Field, FieldError, Kind};
use crate::domain::ids::CaseId;
use crate::usecases::App;
use crate::usecases::error::Error;

const fn column(name: &'static str, zh: &'static str, needed: Needed) -> Column {
    Column { name, zh, needed }
}

/// Headings of a list of costs. The last ones stand in many hospitals' lists and are not asked.
const COSTS: &[Column] = &[
    column("day", "日期", Needed::Always),
    column("name", "项目", Needed::Always),
    column("code", "编码", Needed::Optional),
    column("class", "类别", Needed::Optional),
    column("own_share", "自付比例", Needed::Optional),
    column("protocol", "新冠诊疗方案内", Needed::Optional),
    column("amount", "金额", Needed::Always),
    column("number", "序号", Needed::Optional),
    column("specification", "规格", Needed::Optional),
    column("unit", "单位", Needed::Optional),
    column("price", "单价", Needed::Optional),
    column("quantity", "数量", Needed::Optional),
];

/// Headings of a list of invoices.
const INVOICES: &[Column] = &[
    column("number", "票据号码", Needed::Always),
    column("issued_on", "开具日期", Needed::Always),
    column("total", "金额", Needed::Always),
];

/// The headings by which a field's list is read; `None` where no list is taken.
pub fn headings(field: &Field) -> Option<&'static [Column]> {
    match field.name {
        "lines" => Some(COSTS),
        "invoices" => Some(INVOICES),
        _ => None,
    }
}

/// Bytes of a list's file at most.
pub const LARGEST: usize = Limits::UPLOAD.bytes;

/// Puts a list that was uploaded in the place of the lines of a draft.
///
/// # Errors
/// [`Error::Invalid`] at `file` when it can't be read as a list, or at each cell that can't be taken, by the file's own row
/// numbers; nothing is changed then. [`Error::NotFound`] for a draft of somebody else, or a question that takes no list.
pub async fn import(
    app: &App,
    actor: &Actor,
    id: CaseId,
    field: &'static Field,
    bytes: Vec<u8>,
) -> Result<(), Error> {
    let headings = headings(field).ok_or(Error::NotFound)?;
    let (columns, most) = rows::columns(field).ok_or(Error::NotFound)?;
    let limits = Limits {
        rows: most,
        ..Limits::UPLOAD
    };
    let read = move || spreadsheet::read(&bytes, headings, limits);
    let found = tokio::task::spawn_blocking(read)
        .await
        .map_err(|error| Error::Fault(format!("a list: {error}")))?
        .map_err(|fault| Error::Invalid(vec![fault.at("file")]))?;
    let mut lines = vec![];
    let mut faults = vec![];
    for row in &found {
        match line(headings, columns, row) {
            Ok(line) => lines.push(line),
            Err(errors) => {
                faults.extend(errors.into_iter().map(|error| FieldError {
                    field: format!("{}.{}.{}", field.name, row.number, error.field),
                    ..error
                }));
            }
        }
    }
    match faults.is_empty() {
        true => rows::replace(app, actor, id, field, lines).await,
        false => Err(Error::Invalid(faults)),
    }
}

fn line(headings: &[Column], columns: &[Field], row: &Row) -> Result<Answers, Vec<FieldError>> {
    let mut line = Answers::default();
    let mut faults = vec![];
    if row.beside == Beside::Something {
        faults.push(FieldError::new("", "row-beside"));
    }
    for (heading, cell) in headings.iter().zip(&row.cells) {
        let Some(column) = columns.iter().find(|one| one.name == heading.name) else {
            continue;
        };
        match typed(column, cell) {
            Ok(Some(typed)) => line.set(column.name, typed),
            Ok(None) => {}
            Err(unfit) => faults.push(FieldError::new(column.name, unfit.code())),
        }
    }
    match faults.is_empty() {
        true => Ok(line),
        false => Err(faults),
    }
}

/// A cell as it would be typed into the form.
fn typed(column: &Field, cell: &Cell) -> Result<Option<String>, Unfit> {
    Ok(match column.kind {
        Kind::Day => cell.day()?.map(|day| day.to_string()),
        Kind::Money => cell.amount()?,
        Kind::Choice(_) => cell.text()?.map(|typed| option(&typed).to_owned()),
        _ => cell.text()?,
    })
}

/// An option by the words of hospitals' lists; what is none of them is told as unknown where the form is read.
fn option(typed: &str) -> &str {
    match typed {
        "a" | "甲" | "甲类" => "A",
        "b" | "乙" | "乙类" => "B",
        "丙" | "丙类" | "自费" | "目录外" => "outside",
        "是" | "Y" | "y" => "yes",
        "否" | "N" | "n" => "no",
        other => other,
    }
}

/// The empty list to fill in: names of its sheets and how it is filled in come in translated.
///
/// # Errors
/// [`Error::NotFound`] where no list is taken; [`Error::Fault`] when it can't be written.
pub fn template(
    app: &App,
    field: &Field,
    sheets: [String; 2],
    instructions: Vec<String>,
) -> Result<Vec<u8>, Error> {
    let headings = headings(field).ok_or(Error::NotFound)?;
    let (columns, most) = rows::columns(field).ok_or(Error::NotFound)?;
    let today = app.clock.now().day();
    let small = |number: u32| u8::try_from(number).unwrap_or(1);
    let choices = |choices: &[&str]| Takes::OneOf(choices.iter().map(|&c| c.into()).collect());
    let asked = headings.iter().filter_map(|heading| {
        let column = columns.iter().find(|one| one.name == heading.name)?;
        Some(BlankColumn {
            heading: heading.zh.to_owned(),
            takes: match column.kind {
                Kind::Day => Takes::Day,
                Kind::Choice(_) if column.name == "class" => choices(&["甲类", "乙类", "目录外"]),
                Kind::Choice(_) => choices(&["是", "否"]),
                _ => Takes::Text,
            },
        })
    });
    let list = BlankList {
        sheets,
        columns: asked.collect(),
        instructions,
        rows: u32::try_from(most).unwrap_or(u32::MAX),
        made_on: (
            u16::try_from(today.year()).unwrap_or(1900),
            small(today.month()),
            small(today.day()),
        ),
    };
    blank_list::write(&list).map_err(|error| Error::Fault(format!("an empty list: {error}")))
}
