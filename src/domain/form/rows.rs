//! Answers that are lines of columns: each cell is read like a field of its own, and every fault is told at its place
//! (`lines.3.amount`). Nothing is summed or compared here.

use serde_json::{Map, Value};

use super::{Answers, Field, FieldError, Kind, Need};
use crate::domain::money::Fen;
use crate::domain::text::half_width;

/// Lines as text, as they are typed where there is no page for them: a line each, columns in their order, semicolons between.
pub fn to_text(columns: &'static [Field], rows: &[Answers]) -> String {
    let lines = rows.iter().map(|row| {
        let cells = columns.iter().map(|column| typed(column, row));
        let line: Vec<String> = cells.collect();
        line.join("; ").trim_end_matches([';', ' ']).to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A cell as it would be typed; what separates columns does not stand in one.
pub fn typed(column: &Field, row: &Answers) -> String {
    let typed = match (&column.kind, row.fen(column.name)) {
        (Kind::Money, Some(fen)) => yuan(fen),
        _ => row.text(column.name).unwrap_or_default().to_owned(),
    };
    typed.replace([';', '；', '\t', '\n'], " ")
}

/// An amount as it is typed: without separators.
fn yuan(amount: Fen) -> String {
    let shown = amount.to_string();
    shown.replace(['¥', ','], "")
}

/// The cells of lines that were typed as text.
fn from_text(columns: &'static [Field], text: &str) -> Vec<Value> {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines
        .map(|line| {
            let cells = line.split([';', '；', '\t']);
            let cells = columns.iter().zip(cells);
            let cells = cells.map(|(column, cell)| (column.name.to_owned(), choice(column, cell)));
            Value::Object(cells.collect())
        })
        .collect()
}

/// Options are written as their names; a letter's case and width are no matter.
fn choice(column: &Field, cell: &str) -> Value {
    let cell = cell.trim();
    let Kind::Choice(options) = &column.kind else {
        return cell.into();
    };
    let plain: String = cell.chars().map(half_width).collect();
    let named = options.iter().find(|one| one.eq_ignore_ascii_case(&plain));
    named.map_or_else(|| cell.into(), |one| (*one).into())
}

/// Reads the lines of a field; `None` when there are none.
///
/// # Errors
/// Every fault at its line and column, lines counted from 1.
pub(super) fn read(
    field: &Field,
    columns: &'static [Field],
    most: usize,
    raw: Option<&Value>,
) -> Result<Option<Value>, Vec<FieldError>> {
    let wrong = |code: &str| vec![FieldError::new(field.name, code)];
    let typed;
    let lines = match raw {
        None | Some(Value::Null) => &[],
        Some(Value::String(text)) => {
            typed = from_text(columns, text);
            typed.as_slice()
        }
        Some(Value::Array(lines)) => lines.as_slice(),
        Some(_) => return Err(wrong("wrong-type")),
    };
    if lines.is_empty() {
        return match field.need {
            Need::Always => Err(wrong("required")),
            Need::Optional | Need::Unless(_) => Ok(None),
        };
    }
    if lines.len() > most {
        let error = FieldError::new(field.name, "rows-too-many").with("most", most);
        return Err(vec![error]);
    }
    let mut errors = vec![];
    let mut rows = vec![];
    for (number, raw) in (1_usize..).zip(lines) {
        let Some(raw) = raw.as_object() else {
            errors.push(FieldError::new(
                &format!("{}.{number}", field.name),
                "wrong-type",
            ));
            continue;
        };
        match line(columns, raw) {
            Ok(row) => rows.push(row.to_json()),
            Err(faults) => errors.extend(faults.into_iter().map(|fault| FieldError {
                field: format!("{}.{number}.{}", field.name, fault.field),
                ..fault
            })),
        }
    }
    match errors.is_empty() {
        true => Ok(Some(Value::Array(rows))),
        false => Err(errors),
    }
}

fn line(columns: &'static [Field], raw: &Map<String, Value>) -> Result<Answers, Vec<FieldError>> {
    let mut row = Answers::default();
    let mut errors = vec![];
    for column in columns {
        match column.read(raw.get(column.name)) {
            Ok(Some(value)) => row.set(column.name, value),
            Ok(None) => {}
            Err(error) => errors.push(error),
        }
    }
    match errors.is_empty() {
        true => Ok(row),
        false => Err(errors),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::form::{FormSpec, Kind};

    const FORM: FormSpec = FormSpec {
        version: 1,
        fields: &[Field {
            name: "lines",
            kind: Kind::Rows {
                columns: &[
                    Field {
                        name: "day",
                        kind: Kind::Day,
                        need: Need::Always,
                        prefill: None,
                    },
                    Field {
                        name: "amount",
                        kind: Kind::Money,
                        need: Need::Always,
                        prefill: None,
                    },
                ],
                most: 2,
            },
            need: Need::Optional,
            prefill: None,
        }],
    };

    fn told(lines: Value) -> Vec<String> {
        let raw = Map::from_iter([("lines".to_owned(), lines)]);
        let errors = FORM.read(&raw).err().unwrap_or_default();
        let told = errors.iter().map(|e| format!("{} {}", e.field, e.code));
        told.collect()
    }

    #[test]
    fn typed_yuan_and_whole_fen_are_the_same_amount() {
        let lines = json!([
            { "day": "2026/11/2", "amount": "200.10" },
            { "day": "2026-11-02", "amount": 20010, "state": "closed" },
        ]);
        let raw = Map::from_iter([("lines".to_owned(), lines)]);
        let answers = FORM.read(&raw).unwrap();
        let rows = answers.rows("lines");
        assert_eq!(rows.first(), rows.last());
        assert_eq!(rows[0].fen("amount").map(|fen| fen.fen()), Some(20_010));
    }

    #[test]
    fn lines_typed_as_text_are_the_same_lines() {
        let read = |lines: Value| {
            let raw = Map::from_iter([("lines".to_owned(), lines)]);
            FORM.read(&raw).unwrap().rows("lines")
        };
        let rows = read(json!("2026-11-02; 1200.50\n\n2026/11/3；3"));
        let Kind::Rows { columns, .. } = FORM.fields[0].kind else {
            panic!()
        };
        let text = to_text(columns, &rows);
        assert_eq!(text, "2026-11-02; 1200.50\n2026-11-03; 3.00");
        assert_eq!(read(json!(text)), rows);
    }

    #[test]
    fn every_fault_is_told_at_its_line_and_column() {
        let lines = json!([{ "day": "2026-02-30", "amount": "1e3" }, { "amount": -1 }]);
        let expected = [
            "lines.1.day day-impossible",
            "lines.1.amount money-exponent",
            "lines.2.day required",
            "lines.2.amount money-negative",
        ];
        assert_eq!(told(lines), expected);
        assert_eq!(told(json!(["x"])), ["lines.1 wrong-type"]);
        assert_eq!(told(json!(7)), ["lines wrong-type"]);
        assert_eq!(told(json!([{}, {}, {}])), ["lines rows-too-many"]);
        assert_eq!(
            told(json!([{ "day": "2026-11-02", "amount": 0.5 }])),
            ["lines.1.amount money-decimals"]
        );
        assert_eq!(told(json!([])), Vec::<String>::new());
    }
}
