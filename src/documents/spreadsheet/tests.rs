//! Lists as people send them, and files made to harm; workbooks are made with the writer of the templates.

use std::io::{Cursor, Write};

use rstest::rstest;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::*;
use crate::domain::time::Day;

const COLUMNS: &[Column] = &[
    Column {
        name: "id_number",
        zh: "身份证号",
        needed: Needed::Always,
    },
    Column {
        name: "start",
        zh: "开始日期",
        needed: Needed::Always,
    },
    Column {
        name: "phone",
        zh: "手机号",
        needed: Needed::Optional,
    },
];

const ID: &str = "370102199001010015";

fn text(bytes: &[u8]) -> Result<Vec<Row>, Fault> {
    read(bytes, COLUMNS, Limits::UPLOAD)
}

fn book(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (at, column) in (0..).zip(COLUMNS) {
        sheet.write_string(0, at, column.zh).unwrap();
    }
    fill(sheet);
    book.save_to_buffer().unwrap()
}

fn cell(text: &str) -> Cell {
    Cell::Text(text.into())
}

#[rstest]
#[case::english("id_number,start,phone\r\nA,2026-12-01,1\r\n")]
#[case::chinese("身份证号,开始日期,手机号\nA,2026-12-01,1\n")]
#[case::marked("\u{feff}身份证号 *,开始日期,手机号\nA,2026-12-01,1")]
#[case::any_order("手机号,身份证号,START\n1,\"A\",2026-12-01\n")]
fn headings_in_both_languages_and_any_order_xr_9(#[case] typed: &str) {
    let rows = text(typed.as_bytes()).unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].number, 2);
    assert_eq!(rows[0].cells, [cell("A"), cell("2026-12-01"), cell("1")]);
}

#[test]
fn gb18030_is_read_as_what_it_is_and_other_bytes_are_refused() {
    let (bytes, _, _) = encoding_rs::GB18030.encode("身份证号,开始日期\nA𠮷,2026年12月1日\n");
    let rows = text(&bytes).unwrap();
    assert_eq!(rows[0].cells[0], cell("A𠮷"));
    assert_eq!(rows[0].cells[1].day(), Ok(Day::from_ymd_opt(2026, 12, 1)));
    assert_eq!(text(b"a,b\n\xff\xff\xff\n"), Err(Fault::Encoding));
    assert_eq!(text(b"\xff\xfea\0,\0"), Err(Fault::Encoding));
}

#[test]
fn rows_have_the_numbers_a_spreadsheet_program_shows() {
    let rows = text(b"id_number,start\n\nA,1\n\n\n,\nB,2\n").unwrap();
    let numbers: Vec<u32> = rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, [3, 7]);
    let bytes = book(|sheet| {
        sheet.write_string(2, 0, "A").unwrap();
        sheet.write_string(6, 1, "B").unwrap();
    });
    let numbers: Vec<u32> = text(&bytes).unwrap().iter().map(|row| row.number).collect();
    assert_eq!(numbers, [3, 7]);
}

#[rstest]
#[case(b"".as_slice(), Fault::NoRows)]
#[case(b"id_number,start\n", Fault::NoRows)]
#[case(b"id_number,start\n,\n", Fault::NoRows)]
#[case(b"%PDF-1.7\n", Fault::Type)]
#[case(b"id_number,start\nA\0,1\n", Fault::Type)]
#[case(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", Fault::OldFormat)]
#[case(b"id_number\nA\n", Fault::ColumnsMissing(vec!["开始日期（start）".to_owned()]))]
#[case(b"id_number,start,wage\nA,1,2\n", Fault::ColumnsUnknown(vec!["wage".to_owned()]))]
#[case("id_number,start,身份证号\nA,1,2\n".as_bytes(), Fault::ColumnsDouble(vec!["身份证号".to_owned()]))]
#[case(b"id_number,start\nA,1\n\"B,2\nC,3\nD,\"4\n", Fault::Quotes { row: 3 })]
fn a_file_that_is_no_list_is_refused_as_a_whole(#[case] bytes: &[u8], #[case] expected: Fault) {
    assert_eq!(text(bytes), Err(expected));
}

#[test]
fn an_encrypted_workbook_is_told_from_an_old_one() {
    let mut bytes = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....".to_vec();
    bytes.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(text(&bytes), Err(Fault::Encrypted));
}

#[test]
fn sizes_and_rows_have_their_limits() {
    let limits = Limits {
        bytes: 30,
        unpacked: 1000,
        rows: 2,
    };
    let three = b"id_number,start\nA,1\nB,2\nC,3\n";
    let expected = Err(Fault::TooManyRows { most: 2 });
    assert_eq!(read(three, COLUMNS, limits), expected);
    let long = [b"id_number,start\n".as_slice(), &[b'A'; 30]].concat();
    let expected = Err(Fault::TooLarge { megabytes: 0 });
    assert_eq!(read(&long, COLUMNS, limits), expected);
    let bytes = book(|sheet| {
        sheet.write_string(1, 0, ID).unwrap();
    });
    let limits = Limits {
        unpacked: 1000,
        ..Limits::UPLOAD
    };
    assert_eq!(read(&bytes, COLUMNS, limits), Err(Fault::Bomb));
}

#[test]
fn a_workbook_is_read_cell_by_cell() {
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let bytes = book(|sheet| {
        sheet.write_string(1, 0, ID).unwrap();
        let day = ExcelDateTime::from_ymd(2026, 12, 1).unwrap();
        sheet.write_datetime_with_format(1, 1, &day, &date).unwrap();
        sheet.write_number(1, 2, 13_800_000_000.0).unwrap();
        sheet.write_number(2, 0, 370_102_199_001_010_015.0).unwrap();
        sheet.write_number(2, 1, 46_357.0).unwrap();
        sheet.write_formula(3, 0, "=A2").unwrap();
        sheet.write_string(3, 5, "beside").unwrap();
    });
    let rows = text(&bytes).unwrap();
    assert_eq!(rows[0].cells[0].exact_text(), Ok(Some(ID.to_owned())));
    assert_eq!(rows[0].cells[1].day(), Ok(Day::from_ymd_opt(2026, 12, 1)));
    assert_eq!(rows[0].cells[2].text(), Ok(Some("13800000000".to_owned())));
    assert_eq!(rows[1].cells[0].exact_text(), Err(Unfit::NumberNotText));
    assert_eq!(rows[1].cells[1].day(), Err(Unfit::NumberNotDay));
    assert_eq!(rows[1].cells[2], Cell::Empty);
    assert_eq!(rows[2].cells[0].exact_text(), Err(Unfit::Formula));
    assert_eq!(
        rows.iter().map(|row| row.beside).collect::<Vec<_>>(),
        [Beside::Nothing, Beside::Nothing, Beside::Something]
    );
}

#[rstest]
#[case("370102199001010015", Ok("370102199001010015"))]
#[case("'370102199001010015", Ok("370102199001010015"))]
#[case("3.70102E+17", Err(Unfit::NumberNotText))]
#[case("=\"370102199001010015\"", Err(Unfit::Formula))]
#[case("3701\u{202e}02", Ok("370102"))]
#[case("3701\u{1b}02", Err(Unfit::Control))]
fn what_a_program_changed_is_refused_and_never_guessed(
    #[case] typed: &str,
    #[case] expected: Result<&str, Unfit>,
) {
    let read = Cell::of_text(typed).exact_text();
    assert_eq!(read, expected.map(|text| Some(text.to_owned())));
}

#[test]
fn days_are_dates_or_text_and_never_bare_numbers() {
    assert_eq!(Cell::of_text("46357").day(), Err(Unfit::NumberNotDay));
    assert_eq!(Cell::of_text("2026-02-30").day(), Err(Unfit::NotDay));
    assert_eq!(Cell::Empty.day(), Ok(None));
    assert_eq!(
        Cell::of_text("x".repeat(300).as_str()).text(),
        Err(Unfit::TooLong)
    );
}

#[test]
fn merged_cells_are_named() {
    let bytes = book(|sheet| {
        sheet.merge_range(1, 0, 3, 0, ID, &Format::new()).unwrap();
    });
    let expected = Fault::Merged {
        range: "A2:A4".to_owned(),
    };
    assert_eq!(text(&bytes), Err(expected));
}

/// The archive with another part in the place of `name`, or beside the others.
fn with_part(bytes: &[u8], name: &str, content: &[u8]) -> Vec<u8> {
    let mut old = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut new = ZipWriter::new(Cursor::new(vec![]));
    for index in 0..old.len() {
        let part = old.by_index_raw(index).unwrap();
        if part.name().unwrap() != name {
            new.raw_copy_file(part).unwrap();
        }
    }
    new.start_file(name, SimpleFileOptions::default()).unwrap();
    new.write_all(content).unwrap();
    new.finish().unwrap().into_inner()
}

#[rstest]
#[case::macros("xl/vbaProject.bin", b"macro".to_vec(), Fault::Macros)]
#[case::bomb("xl/media/picture.png", vec![b'<'; 65 * 1024 * 1024], Fault::Bomb)]
#[case::one_cell("xl/sharedStrings.xml", [b"<sst><si><t>".to_vec(), vec![b'x'; 400_000]].concat(), Fault::Bomb)]
#[case::announced("xl/sharedStrings.xml", b"<sst uniqueCount = '99999999999'><si/></sst>".to_vec(), Fault::Bomb)]
#[case::entities("xl/worksheets/sheet1.xml", br#"<!DOCTYPE x [<!ENTITY a "&b;&b;"><!ENTITY b "x">]><worksheet><sheetData><row><c t="str"><v>&a;</v></c></row></sheetData></worksheet>"#.to_vec(), Fault::Broken)]
#[case::cut_off("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row><c>".to_vec(), Fault::Broken)]
fn workbooks_made_to_harm_are_refused(
    #[case] name: &str,
    #[case] content: Vec<u8>,
    #[case] expected: Fault,
) {
    let bytes = book(|sheet| {
        sheet.write_string(1, 0, ID).unwrap();
    });
    assert_eq!(text(&with_part(&bytes, name, &content)), Err(expected));
}

#[test]
fn an_archive_of_something_else_is_no_list() {
    let mut other = ZipWriter::new(Cursor::new(vec![]));
    other
        .start_file("word/document.xml", SimpleFileOptions::default())
        .unwrap();
    other.write_all(b"<document/>").unwrap();
    let bytes = other.finish().unwrap().into_inner();
    assert_eq!(text(&bytes), Err(Fault::Type));
    assert_eq!(text(&bytes[..40]), Err(Fault::Broken));
}
