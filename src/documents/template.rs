//! The spreadsheet that an employer fills in to register many at once (XR-9): headings, columns in the right format, a
//! list of destinations to choose from, and how it is filled in. What is uploaded is read elsewhere.

use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format, FormatAlign,
    Formula, Workbook, Worksheet, XlsxError,
};

/// What stands in the spreadsheet; words come in translated.
#[derive(Clone, Debug)]
pub struct Template {
    /// Headings of name, ID number, destination, first day, last day, phone, in this order.
    pub headings: [String; 6],
    /// Names of the three sheets: list, destinations, instructions.
    pub sheets: [String; 3],
    /// Headings of the second sheet: destination, code.
    pub destination_headings: [String; 2],
    /// Destinations: name and code.
    pub destinations: Vec<(String, String)>,
    /// How it is filled in, one line each.
    pub instructions: Vec<String>,
    /// What is said when a destination is none of the list: title and words.
    pub unknown_destination: [String; 2],
    /// People to begin with: name and ID number.
    pub people: Vec<(String, String)>,
    /// The day it is made: year, month, day.
    pub made_on: (u16, u8, u8),
}

/// Rows below the headings that are prepared for filling in.
const ROWS: u32 = 50_000;
/// Widths of the columns, in characters.
const WIDTHS: [f64; 6] = [14.0, 24.0, 22.0, 16.0, 16.0, 18.0];
const NAME: u16 = 0;
const NUMBER: u16 = 1;
const DESTINATION: u16 = 2;
const START: u16 = 3;
const END: u16 = 4;
const PHONE: u16 = 5;

/// Writes the spreadsheet.
///
/// # Errors
/// What the writer refuses: a name of a sheet that is too long, for instance.
pub fn write(template: &Template) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let (year, month, day) = template.made_on;
    let made = ExcelDateTime::from_ymd(year, month, day)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let [list, places, help] = &template.sheets;
    let sheet = workbook.add_worksheet().set_name(list)?;
    people(sheet, template)?;
    choose_destination(sheet, template)?;
    destinations(workbook.add_worksheet().set_name(places)?, template)?;
    instructions(workbook.add_worksheet().set_name(help)?, template)?;
    workbook.save_to_buffer()
}

fn heading() -> Format {
    Format::new().set_bold().set_align(FormatAlign::Center)
}

/// Text keeps every digit of an ID number: as a number the last ones would be lost.
fn as_text() -> Format {
    Format::new().set_num_format("@")
}

fn people(sheet: &mut Worksheet, template: &Template) -> Result<(), XlsxError> {
    let as_day = Format::new().set_num_format("yyyy-mm-dd");
    for (column, width) in (0..).zip(WIDTHS) {
        sheet.set_column_width(column, width)?;
    }
    for column in [NAME, NUMBER, DESTINATION, PHONE] {
        sheet.set_column_format(column, &as_text())?;
    }
    for column in [START, END] {
        sheet.set_column_format(column, &as_day)?;
    }
    for (column, words) in (0..).zip(&template.headings) {
        sheet.write_string_with_format(0, column, words, &heading())?;
    }
    for (row, (name, number)) in (1..).zip(&template.people) {
        sheet.write_string_with_format(row, NAME, name, &as_text())?;
        sheet.write_string_with_format(row, NUMBER, number, &as_text())?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

fn choose_destination(sheet: &mut Worksheet, template: &Template) -> Result<(), XlsxError> {
    let [_, places, _] = &template.sheets;
    let last = template.destinations.len() + 1;
    let [title, words] = &template.unknown_destination;
    let choice = DataValidation::new()
        .allow_list_formula(Formula::new(format!("='{places}'!$A$2:$A${last}")))
        .set_error_style(DataValidationErrorStyle::Warning)
        .set_error_title(title)?
        .set_error_message(words)?;
    sheet.add_data_validation(1, DESTINATION, ROWS, DESTINATION, &choice)?;
    Ok(())
}

fn destinations(sheet: &mut Worksheet, template: &Template) -> Result<(), XlsxError> {
    sheet.set_column_width(0, 26.0)?;
    for (column, words) in (0..).zip(&template.destination_headings) {
        sheet.write_string_with_format(0, column, words, &heading())?;
    }
    for (row, (name, code)) in (1..).zip(&template.destinations) {
        sheet.write_string(row, 0, name)?;
        sheet.write_string_with_format(row, 1, code, &as_text())?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

fn instructions(sheet: &mut Worksheet, template: &Template) -> Result<(), XlsxError> {
    let wrapped = Format::new().set_text_wrap();
    sheet.set_column_width(0, 90.0)?;
    for (row, line) in (0..).zip(&template.instructions) {
        sheet.write_string_with_format(row, 0, line, &wrapped)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::{Data, Reader, Xlsx};
    use std::io::Cursor;

    fn words<const N: usize>(words: [&str; N]) -> [String; N] {
        words.map(str::to_owned)
    }

    #[test]
    fn it_is_a_workbook_with_headings_people_and_destinations() {
        let template = Template {
            headings: words([
                "姓名",
                "身份证号",
                "就医地",
                "开始日期",
                "结束日期",
                "手机号",
            ]),
            sheets: words(["备案名单", "就医地", "填写说明"]),
            destination_headings: words(["就医地", "编码"]),
            destinations: vec![("北京市".to_owned(), "110000".to_owned())],
            instructions: vec!["一人一行".to_owned()],
            unknown_destination: words(["就医地", "请从列表中选择"]),
            people: vec![("王示一".to_owned(), "371000197001010018".to_owned())],
            made_on: (2026, 11, 30),
        };
        let bytes = write(&template).unwrap();
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
        assert_eq!(book.sheet_names(), ["备案名单", "就医地", "填写说明"]);
        let list = book.worksheet_range("备案名单").unwrap();
        let text = |row, column| match list.get((row, column)) {
            Some(Data::String(text)) => text.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(text(0, 1), "身份证号");
        assert_eq!(
            (text(1, 0), text(1, 1)),
            ("王示一".to_owned(), "371000197001010018".to_owned())
        );
        let places = book.worksheet_range("就医地").unwrap();
        assert_eq!(places.get((1, 0)), Some(&Data::String("北京市".to_owned())));
    }
}
