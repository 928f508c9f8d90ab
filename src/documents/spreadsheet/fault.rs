//! What is wrong with a list as a whole, in words that say what to do: texts `error-<code>`.

use crate::domain::form::FieldError;

/// Why a file can't be read as a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Larger than it may be.
    TooLarge {
        /// What it may be.
        megabytes: usize,
    },
    /// Neither a workbook nor text.
    Type,
    /// A workbook of before 2007 (.xls).
    OldFormat,
    /// A workbook with a password.
    Encrypted,
    /// A workbook with macros.
    Macros,
    /// It unpacks to far more than a list needs.
    Bomb,
    /// It says it is a workbook and can't be read as one.
    Broken,
    /// Text neither in UTF-8 nor in GB18030.
    Encoding,
    /// Text with a quotation mark that doesn't end in its row.
    Quotes {
        /// The row.
        row: u32,
    },
    /// Headings that must be there.
    ColumnsMissing(Vec<String>),
    /// Headings that nobody knows.
    ColumnsUnknown(Vec<String>),
    /// Headings that come twice.
    ColumnsDouble(Vec<String>),
    /// Cells that are merged.
    Merged {
        /// The range, for instance `A2:A5`.
        range: String,
    },
    /// Nothing beneath the heading.
    NoRows,
    /// More rows than one list may have.
    TooManyRows {
        /// What it may have.
        most: usize,
    },
}

/// Headings named in one message, and characters of each.
const NAMED: usize = 5;
const SHOWN: usize = 20;

impl Fault {
    /// The code in answers and texts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "sheet-too-large",
            Self::Type => "sheet-type",
            Self::OldFormat => "sheet-old-format",
            Self::Encrypted => "sheet-encrypted",
            Self::Macros => "sheet-macros",
            Self::Bomb => "sheet-bomb",
            Self::Broken => "sheet-broken",
            Self::Encoding => "sheet-encoding",
            Self::Quotes { .. } => "sheet-quotes",
            Self::ColumnsMissing(_) => "sheet-columns-missing",
            Self::ColumnsUnknown(_) => "sheet-columns-unknown",
            Self::ColumnsDouble(_) => "sheet-columns-double",
            Self::Merged { .. } => "sheet-merged",
            Self::NoRows => "sheet-no-rows",
            Self::TooManyRows { .. } => "sheet-too-many-rows",
        }
    }

    /// The fault at the field by which the file came.
    pub fn at(&self, field: &str) -> FieldError {
        let error = FieldError::new(field, self.code());
        match self {
            Self::TooLarge { megabytes } => error.with("megabytes", megabytes),
            Self::Quotes { row } => error.with("row", row),
            Self::ColumnsMissing(columns)
            | Self::ColumnsUnknown(columns)
            | Self::ColumnsDouble(columns) => error.with("columns", named(columns)),
            Self::Merged { range } => error.with("range", range),
            Self::TooManyRows { most } => error.with("most", most),
            Self::Type
            | Self::OldFormat
            | Self::Encrypted
            | Self::Macros
            | Self::Bomb
            | Self::Broken
            | Self::Encoding
            | Self::NoRows => error,
        }
    }
}

/// The first headings, each cut to what can be read.
fn named(columns: &[String]) -> String {
    let shown: Vec<String> = columns
        .iter()
        .take(NAMED)
        .map(|column| column.chars().take(SHOWN).collect())
        .collect();
    shown.join("、")
}
