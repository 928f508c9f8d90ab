//! One cell, and what may be taken from it. What a spreadsheet program has changed is refused, never repaired.

use crate::domain::form::read_day;
use crate::domain::text::is_invisible;
use crate::domain::time::Day;

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing, or only what can't be seen.
    Empty,
    /// Text, without space around it and without invisible characters.
    Text(Box<str>),
    /// A number.
    Number(f64),
    /// A cell that is formatted as a date.
    Day(Day),
    /// A formula, whatever its last result was.
    Formula,
    /// An error value, or nothing that can be read.
    Error,
}

/// Why the content of a cell is not taken; texts `error-<code>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// A formula stands where a value belongs.
    Formula,
    /// An error value.
    Error,
    /// The number is one that the program counts with: leading zeros and digits beyond the 15th are lost.
    NumberNotText,
    /// The number would have to be guessed to be a day.
    NumberNotDay,
    /// Not a day.
    NotDay,
    /// A date stands where text belongs.
    DayNotText,
    /// Characters that nobody types.
    Control,
    /// Longer than anything a list needs.
    TooLong,
}

/// Characters of a text.
const LONGEST: usize = 200;
/// Whole numbers below are exact in a program that counts with 15 digits.
const EXACT: f64 = 1e15;

impl Unfit {
    /// The code in answers and texts.
    pub fn code(self) -> &'static str {
        match self {
            Self::Formula => "cell-formula",
            Self::Error => "cell-error",
            Self::NumberNotText => "cell-number-not-text",
            Self::NumberNotDay => "cell-number-not-day",
            Self::NotDay => "day-impossible",
            Self::DayNotText => "cell-day-not-text",
            Self::Control => "text-control",
            Self::TooLong => "cell-too-long",
        }
    }
}

impl Cell {
    /// A cell of typed text.
    pub(super) fn of_text(typed: &str) -> Self {
        let clean: String = typed.chars().filter(|c| !is_invisible(*c)).collect();
        match clean.trim() {
            "" => Self::Empty,
            text => Self::Text(text.into()),
        }
    }

    /// Text as it was typed, short numbers included: names, codes, phone numbers.
    ///
    /// # Errors
    /// What makes it unfit.
    pub fn text(&self) -> Result<Option<String>, Unfit> {
        match self {
            Self::Number(number) if number.fract() == 0.0 && (0.0..EXACT).contains(number) => {
                Ok(Some(format!("{number:.0}")))
            }
            other => other.exact_text(),
        }
    }

    /// Text whose every character counts: ID numbers. A number is refused even where it looks whole.
    ///
    /// # Errors
    /// What makes it unfit.
    pub fn exact_text(&self) -> Result<Option<String>, Unfit> {
        match self {
            Self::Empty => Ok(None),
            Self::Text(text) if text.chars().any(char::is_control) => Err(Unfit::Control),
            Self::Text(text) if text.chars().count() > LONGEST => Err(Unfit::TooLong),
            Self::Text(text) if is_counted(text) => Err(Unfit::NumberNotText),
            // Text that starts so is a formula to every program that opens the list.
            Self::Text(text) if text.starts_with('=') => Err(Unfit::Formula),
            // How some programs are told that a number is text.
            Self::Text(text) => Ok(Some(text.trim_start_matches('\'').to_owned())),
            Self::Number(_) => Err(Unfit::NumberNotText),
            Self::Day(_) => Err(Unfit::DayNotText),
            Self::Formula => Err(Unfit::Formula),
            Self::Error => Err(Unfit::Error),
        }
    }

    /// A day: a cell formatted as a date, or text as people write days.
    ///
    /// # Errors
    /// What makes it unfit; a bare number is not taken for the serial number of a day.
    pub fn day(&self) -> Result<Option<Day>, Unfit> {
        match self {
            Self::Day(day) => Ok(Some(*day)),
            Self::Number(_) => Err(Unfit::NumberNotDay),
            other => match other.exact_text() {
                Ok(None) => Ok(None),
                Ok(Some(text)) if text.chars().all(|c| c.is_ascii_digit()) => {
                    Err(Unfit::NumberNotDay)
                }
                Ok(Some(text)) => read_day(&text).map(Some).ok_or(Unfit::NotDay),
                Err(unfit) => Err(unfit),
            },
        }
    }
}

/// A number as a program writes it that has counted with it: `3.70102E+17`.
fn is_counted(text: &str) -> bool {
    text.contains(['e', 'E'])
        && text.starts_with(|c: char| c.is_ascii_digit())
        && text.parse::<f64>().is_ok()
}
