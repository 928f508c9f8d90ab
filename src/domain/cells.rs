//! Rows of text files for spreadsheets and banks: every cell quoted where it must be, and none that a spreadsheet would take
//! for a formula. What the cells mean is not known here.

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

/// Rows as lines; every cell is quoted where it must be and guarded.
pub fn lines(rows: impl IntoIterator<Item = Vec<String>>) -> String {
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
