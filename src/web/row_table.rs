//! Lines of columns as a table: invoices and costs, in a filing in the making and in a case. Amounts stand to the right. What can
//! be done to a line is for the page that shows it.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::data::texts::text;
use crate::domain::claim::{Claim, Invoice, Line};
use crate::domain::form::{Answers, Field, Kind};
use crate::domain::locale::Locale;
use crate::domain::money::Fen;
use crate::web::resident::answers::Reader;
use crate::web::words;

/// A cell's words, and whether it is an amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// In words.
    pub words: String,
    /// Amounts stand to the right.
    pub amount: bool,
}

/// What can be done to a line.
#[derive(Clone, Debug)]
pub struct Doings {
    /// Where it is changed.
    pub change: String,
    /// Where it is taken off.
    pub remove: String,
}

/// A line.
#[derive(Clone, Debug)]
pub struct TableLine {
    /// Its number, from 1.
    pub number: usize,
    /// The HTML id, where faults lead to.
    pub id: String,
    /// Its cells.
    pub cells: Vec<Cell>,
    /// What is wrong with it.
    pub faults: Vec<String>,
    /// What can be done to it.
    pub doings: Option<Doings>,
}

/// The table.
#[derive(Clone, Debug, Template)]
#[template(path = "components/row_table.html")]
pub struct RowTable {
    locale: Locale,
    caption: String,
    heads: Vec<Cell>,
    lines: Vec<TableLine>,
    /// The form's token and how many lines the reader sees, where lines can be taken off.
    acting: Option<(String, usize)>,
}

impl HtmlSafe for RowTable {}

/// The key of a column's texts, within the item's.
pub fn within(slug: &str, field: &str) -> String {
    format!("{slug}-{field}")
}

impl RowTable {
    /// The lines of a field as they were answered or typed, the first of `rows` with the number `first`.
    pub fn of_answers(
        reader: &Reader<'_>,
        field: &Field,
        columns: &[Field],
        rows: &[Answers],
        first: usize,
    ) -> Self {
        let inner = Reader {
            slug: &within(reader.slug, field.name),
            ..*reader
        };
        let lines = rows.iter().zip(first..).map(|(row, number)| TableLine {
            number,
            id: crate::web::components::field_id(&format!("{}.{number}", field.name)),
            cells: columns
                .iter()
                .map(|column| Cell {
                    words: inner.words(column, row).unwrap_or_default(),
                    amount: matches!(column.kind, Kind::Money),
                })
                .collect(),
            faults: vec![],
            doings: None,
        });
        Self {
            locale: reader.locale,
            caption: text(
                reader.locale,
                &format!("field-{}-{}", reader.slug, field.name),
            ),
            heads: columns
                .iter()
                .map(|column| Cell {
                    words: text(
                        reader.locale,
                        &format!("field-{}-{}", inner.slug, column.name),
                    ),
                    amount: matches!(column.kind, Kind::Money),
                })
                .collect(),
            lines: lines.collect(),
            acting: None,
        }
    }

    /// With what can be done to each line; `seen` is how many there are in all.
    pub fn acting(
        mut self,
        (csrf, seen): (String, usize),
        doings: impl Fn(usize) -> Doings,
        faults: impl Fn(usize) -> Vec<String>,
    ) -> Self {
        for line in &mut self.lines {
            line.doings = Some(doings(line.number));
            line.faults = faults(line.number);
        }
        self.acting = Some((csrf, seen));
        self
    }

    /// The invoices of a claim as the case holds them.
    pub fn of_invoices(locale: Locale, claim: &Claim) -> Self {
        let lines = claim.invoices.iter().map(|one| invoice(locale, one));
        let columns = ["number", "issued_on", "total"];
        Self::plain(locale, "invoices", &columns, lines.collect())
    }

    /// The costs of a claim as the case holds them.
    pub fn of_lines(locale: Locale, claim: &Claim) -> Self {
        let lines = claim.lines.iter().map(|one| line(locale, one));
        let columns = [
            "day",
            "name",
            "code",
            "class",
            "own_share",
            "protocol",
            "amount",
        ];
        Self::plain(locale, "lines", &columns, lines.collect())
    }

    fn plain(locale: Locale, field: &str, columns: &[&str], lines: Vec<Vec<Cell>>) -> Self {
        let key = |column: &str| format!("field-reimbursement-{field}-{column}");
        Self {
            locale,
            caption: text(locale, &format!("field-reimbursement-{field}")),
            heads: columns
                .iter()
                .map(|column| Cell {
                    words: text(locale, &key(column)),
                    amount: matches!(*column, "total" | "amount"),
                })
                .collect(),
            lines: lines
                .into_iter()
                .zip(1..)
                .map(|(cells, number)| TableLine {
                    number,
                    id: String::new(),
                    cells,
                    faults: vec![],
                    doings: None,
                })
                .collect(),
            acting: None,
        }
    }

    fn words(&self, key: &str) -> String {
        text(self.locale, key)
    }
}

fn plain(words: impl Into<String>) -> Cell {
    Cell {
        words: words.into(),
        amount: false,
    }
}

fn amount(fen: Fen) -> Cell {
    Cell {
        words: fen.to_string(),
        amount: true,
    }
}

fn invoice(locale: Locale, one: &Invoice) -> Vec<Cell> {
    vec![
        plain(&one.number),
        plain(words::day_plain(locale, one.issued_on)),
        amount(one.total),
    ]
}

fn line(locale: Locale, one: &Line) -> Vec<Cell> {
    let term = |column: &str, option: &str| {
        text(
            locale,
            &format!("choice-reimbursement-lines-{column}-{option}"),
        )
    };
    let class = one.class.map(|class| term("class", class.as_str()));
    let share = one.own_share.map(|share| share.to_string());
    vec![
        plain(words::day_plain(locale, one.day)),
        plain(&one.name),
        plain(one.code.clone().unwrap_or_default()),
        plain(class.unwrap_or_default()),
        plain(share.unwrap_or_default()),
        plain(match one.protocol {
            true => term("protocol", "yes"),
            false => String::new(),
        }),
        amount(one.amount),
    ]
}
