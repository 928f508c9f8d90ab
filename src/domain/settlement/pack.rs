//! Reading the figures of a settlement out of a policy pack, typed, each with what it rests on. A figure that must be there
//! and is not refuses the settlement with its key; nothing is assumed.

use crate::domain::form::FieldError;
use crate::domain::policy::Policy;
use crate::domain::policy::value::{Basis, Row, Stated, Value};

/// A policy, read by the kinds of values that settlements use.
#[derive(Clone, Copy)]
pub(super) struct Pack<'a>(pub(super) Policy<'a>);

/// A figure with what it rests on.
pub(super) type Found<'a, T> = (T, &'a Basis);

impl<'a> Pack<'a> {
    fn read<T>(self, key: &str, typed: impl Fn(&'a Value) -> Option<T>) -> Option<Found<'a, T>> {
        let Stated { value, basis, .. } = self.0.value(key)?;
        Some((typed(value)?, basis))
    }

    /// A ratio, basis points.
    pub(super) fn ratio(self, key: &str) -> Option<Found<'a, u16>> {
        self.read(key, ratio)
    }

    /// Money, fen.
    pub(super) fn fen(self, key: &str) -> Option<Found<'a, i64>> {
        self.read(key, fen)
    }

    /// A count.
    pub(super) fn count(self, key: &str) -> Option<Found<'a, i64>> {
        self.read(key, count)
    }

    /// An option or words.
    pub(super) fn text(self, key: &str) -> Option<Found<'a, &'a str>> {
        self.read(key, text)
    }

    /// Names.
    pub(super) fn list(self, key: &str) -> Option<Found<'a, &'a [String]>> {
        self.read(key, |value| match value {
            Value::List(names) => Some(names.as_slice()),
            _ => None,
        })
    }

    /// Whether `name` stands in a list, and what the list rests on.
    pub(super) fn lists(self, key: &str, name: &str) -> Option<&'a Basis> {
        let (names, basis) = self.list(key)?;
        names.iter().any(|one| one == name).then_some(basis)
    }

    /// A table.
    pub(super) fn rows(self, key: &str) -> Option<Found<'a, &'a [Row]>> {
        self.read(key, |value| match value {
            Value::Table(rows) => Some(rows.as_slice()),
            _ => None,
        })
    }

    /// The line of a table in which a column says `name`.
    pub(super) fn row(self, key: &str, column: &str, name: &str) -> Option<Found<'a, &'a Row>> {
        let (rows, basis) = self.rows(key)?;
        let says = |row: &&Row| row.get(column).and_then(text) == Some(name);
        Some((rows.iter().find(says)?, basis))
    }

    /// What a value rests on.
    ///
    /// # Errors
    /// No such value on the day.
    pub(super) fn basis(self, key: &str) -> Result<&'a Basis, FieldError> {
        need(self.0.value(key).map(|stated| &stated.basis), key)
    }
}

/// What must be stated; a settlement without it is refused, with the key.
///
/// # Errors
/// It is not.
pub(super) fn need<T>(found: Option<T>, key: &str) -> Result<T, FieldError> {
    found.ok_or_else(|| FieldError::new("from", "settlement-no-figure").with("key", key))
}

/// A cell that every line of the table has.
///
/// # Errors
/// It is missing, or of another kind.
pub(super) fn cell<'a, T>(
    row: &'a Row,
    column: &str,
    typed: impl Fn(&'a Value) -> Option<T>,
) -> Result<T, FieldError> {
    need(row.get(column).and_then(typed), column)
}

/// A cell of money, fen.
pub(super) fn fen(value: &Value) -> Option<i64> {
    match value {
        Value::Fen(fen) => Some(*fen),
        _ => None,
    }
}

/// A cell of a ratio, basis points.
pub(super) fn ratio(value: &Value) -> Option<u16> {
    match value {
        Value::Ratio(points) => Some(points.0),
        _ => None,
    }
}

/// A cell of a count.
pub(super) fn count(value: &Value) -> Option<i64> {
    match value {
        Value::Integer(count) => Some(*count),
        _ => None,
    }
}

/// A cell of words.
pub(super) fn text(value: &Value) -> Option<&str> {
    match value {
        Value::Text(words) => Some(words.as_str()),
        _ => None,
    }
}
