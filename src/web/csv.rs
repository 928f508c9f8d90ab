//! Tables as files for spreadsheets: UTF-8 with its mark, and no cell that a spreadsheet would take for a formula.

use std::future::Future;

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Bytes;
use futures_util::stream::{self, TryStreamExt};

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

/// One piece of a long table: its rows, and from where the next piece is read, if there is one.
pub type Piece<P> = (Vec<Vec<String>>, Option<P>);

/// The answer with a file of any length: it is read piece by piece while it is sent, and never as a whole in memory. A
/// piece that can't be read breaks the file off, which the receiver notices.
pub fn streamed<P, F>(
    name: &str,
    head: &[String],
    first: P,
    read: impl Fn(P) -> F + 'static,
) -> HttpResponse
where
    P: 'static,
    F: Future<Output = Result<Piece<P>, Error>> + 'static,
{
    let head = lines([head.to_vec()]);
    let start = format!("\u{feff}{head}");
    let rest = stream::try_unfold(Some((first, read)), |state| async {
        let Some((place, read)) = state else {
            return Ok(None);
        };
        let (rows, next) = read(place).await?;
        let text = lines(rows);
        Ok::<_, Error>(Some((Bytes::from(text), next.map(|next| (next, read)))))
    });
    let rest = rest.map_err(|error| {
        tracing::error!(%error, "a table broke off");
        actix_web::error::ErrorInternalServerError("")
    });
    let start = stream::iter([Ok(Bytes::from(start))]);
    HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}.csv\""),
        ))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .streaming(futures_util::StreamExt::chain(start, rest))
}

/// Rows as lines; every cell is quoted where it must be and guarded.
fn lines(rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut text = String::new();
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| quoted(&guarded(cell))).collect();
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text
}

/// The cell as it stands in a line.
fn quoted(cell: &str) -> String {
    match cell.contains(['"', ',', '\n', '\r']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[test]
    fn what_separates_is_quoted() {
        let row = vec!["2".to_owned(), "a,\"b\"".to_owned(), "=1".to_owned()];
        assert_eq!(lines([row]), "2,\"a,\"\"b\"\"\",'=1\n");
    }

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
