//! Tables as files for spreadsheets: UTF-8 with its mark, and no cell that a spreadsheet would take for a formula.

use actix_web::HttpResponse;
use actix_web::http::header;

use crate::usecases::Error;
use crate::web::problem::Answer;

/// First characters that make a formula of a cell, as typed on any keyboard.
const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// The cell as text: one that would be a formula begins with an apostrophe.
pub fn guarded(cell: &str) -> String {
    let first = cell.trim_start_matches(' ').chars().next();
    match first {
        Some(first) if FORMULA.contains(&first) || cell.starts_with(FORMULA) => format!("'{cell}"),
        Some(_) | None => cell.to_owned(),
    }
}

/// The answer with the file.
///
/// # Errors
/// A fault when the table can't be written.
pub fn answer(name: &str, head: &[String], rows: impl Iterator<Item = Vec<String>>) -> Answer {
    let fault = |error: &dyn std::fmt::Display| Error::Fault(format!("a table: {error}"));
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .from_writer("\u{feff}".as_bytes().to_vec());
    writer
        .write_record(head.iter().map(|cell| guarded(cell)))
        .map_err(|e| fault(&e))?;
    for row in rows {
        writer
            .write_record(row.iter().map(|cell| guarded(cell)))
            .map_err(|e| fault(&e))?;
    }
    let body = writer.into_inner().map_err(|e| fault(&e))?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}.csv\""),
        ))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(body))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("当日申请过多", "当日申请过多")]
    #[case("=1+1", "'=1+1")]
    #[case("+86", "'+86")]
    #[case("-1", "'-1")]
    #[case("@SUM(A1)", "'@SUM(A1)")]
    #[case("\t=1", "'\t=1")]
    #[case("  =1", "'  =1")]
    #[case("＝1", "'＝1")]
    #[case("", "")]
    #[case("a=1", "a=1")]
    fn no_cell_is_a_formula(#[case] cell: &str, #[case] expected: &str) {
        assert_eq!(guarded(cell), expected);
    }
}
