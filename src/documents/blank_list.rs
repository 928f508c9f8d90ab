//! Empty lists to fill in, as workbooks: headings, columns in the right format, choices where there are few, and how it is
//! filled in on a second sheet. What the columns mean is not known here.

use rust_xlsxwriter::{
    DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet,
    XlsxError,
};

/// What a column takes.
#[derive(Clone, Debug)]
pub enum Takes {
    /// Text; ID numbers keep every digit so.
    Text,
    /// A day.
    Day,
    /// One of a few.
    OneOf(Vec<String>),
}

/// A column; words come in translated.
#[derive(Clone, Debug)]
pub struct BlankColumn {
    /// Its heading, as the list is read by.
    pub heading: String,
    /// What stands in it.
    pub takes: Takes,
}

/// An empty list.
#[derive(Clone, Debug)]
pub struct BlankList {
    /// Names of the two sheets: list, instructions.
    pub sheets: [String; 2],
    /// Its columns.
    pub columns: Vec<BlankColumn>,
    /// How it is filled in, one line each.
    pub instructions: Vec<String>,
    /// Rows that are prepared.
    pub rows: u32,
    /// The day it is made: year, month, day.
    pub made_on: (u16, u8, u8),
}

/// Width of a column, in characters.
const WIDTH: f64 = 20.0;

/// Writes it.
///
/// # Errors
/// What the writer refuses: a name of a sheet that is too long, for instance.
pub fn write(list: &BlankList) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let (year, month, day) = list.made_on;
    let made = ExcelDateTime::from_ymd(year, month, day)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let [first, second] = &list.sheets;
    columns(workbook.add_worksheet().set_name(first)?, list)?;
    let help = workbook.add_worksheet().set_name(second)?;
    let wrapped = Format::new().set_text_wrap();
    help.set_column_width(0, 90.0)?;
    for (row, line) in (0..).zip(&list.instructions) {
        help.write_string_with_format(row, 0, line, &wrapped)?;
    }
    workbook.save_to_buffer()
}

fn columns(sheet: &mut Worksheet, list: &BlankList) -> Result<(), XlsxError> {
    let heading = Format::new().set_bold().set_align(FormatAlign::Center);
    let as_text = Format::new().set_num_format("@");
    let as_day = Format::new().set_num_format("yyyy-mm-dd");
    for (at, column) in (0..).zip(&list.columns) {
        sheet.set_column_width(at, WIDTH)?;
        sheet.write_string_with_format(0, at, &column.heading, &heading)?;
        match &column.takes {
            Takes::Text => sheet.set_column_format(at, &as_text)?,
            Takes::Day => sheet.set_column_format(at, &as_day)?,
            Takes::OneOf(choices) => {
                let choice = DataValidation::new().allow_list_strings(choices)?;
                sheet.add_data_validation(1, at, list.rows, at, &choice)?
            }
        };
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::documents::spreadsheet::{self, Cell, Column, Limits, Needed};

    #[test]
    fn what_is_filled_into_it_is_read_by_its_headings() {
        let list = BlankList {
            sheets: ["名单".to_owned(), "填写说明".to_owned()],
            columns: vec![
                BlankColumn {
                    heading: "姓名".to_owned(),
                    takes: Takes::Text,
                },
                BlankColumn {
                    heading: "诊断".to_owned(),
                    takes: Takes::OneOf(vec!["疑似".to_owned(), "确诊".to_owned()]),
                },
            ],
            instructions: vec!["一人一行".to_owned()],
            rows: 100,
            made_on: (2026, 11, 30),
        };
        let columns = [("name", "姓名"), ("status", "诊断")].map(|(name, zh)| Column {
            name,
            zh,
            needed: Needed::Always,
        });
        let empty = write(&list).unwrap();
        let read = spreadsheet::read(&empty, &columns, Limits::UPLOAD);
        assert_eq!(read.unwrap_err().code(), "sheet-no-rows");
        let filled = "姓名,诊断\n示例,疑似\n";
        let rows = spreadsheet::read(filled.as_bytes(), &columns, Limits::UPLOAD).unwrap();
        assert_eq!(rows[0].cells[1], Cell::Text("疑似".into()));
    }
}
