//! What a policy pack can say and on what ground: values, their windows, their basis.
//! Money is whole fen, a ratio whole basis points; a floating-point number never gets in.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveTime;
use serde::{Serialize, Serializer};

use crate::domain::time::Day;

/// A ratio in basis points: 10,000 is the whole, 7,500 is 75 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct BasisPoints(pub u16);

impl BasisPoints {
    /// The whole: 100 %.
    pub const WHOLE: Self = Self(10_000);
}

/// A length in working days (CLK-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct WorkingDays(pub u32);

/// A length in calendar days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Days(pub u32);

/// A length in calendar months, clamped to the month's end (DEF-5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Months(pub u32);

/// A part of the day in which the office works, Beijing time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Opens.
    pub from: NaiveTime,
    /// Closes.
    pub to: NaiveTime,
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!(
            "{}-{}",
            self.from.format("%H:%M"),
            self.to.format("%H:%M")
        ))
    }
}

/// A line of a table: column and cell.
pub type Row = BTreeMap<&'static str, Value>;

/// A value of a pack, of the kind its key has in [`super::keys`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// A plain count.
    Integer(i64),
    /// Money in fen, never negative.
    Fen(i64),
    /// A ratio.
    Ratio(BasisPoints),
    /// Working days, at least one.
    WorkingDays(WorkingDays),
    /// Calendar days.
    Days(Days),
    /// Calendar months.
    Months(Months),
    /// A Beijing day.
    Date(Day),
    /// Words, or the name of one of the key's options.
    Text(String),
    /// Names, none twice.
    List(Vec<String>),
    /// Numbers of days before an end, falling.
    DaysBefore(Vec<u32>),
    /// Hours of business of a working day, in order.
    Hours(Vec<Span>),
    /// Lines with the key's columns.
    Table(Vec<Row>),
}

/// The days on which a value is in force, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// First day.
    pub from: Day,
    /// Last day; open when none is stated.
    pub to: Option<Day>,
}

impl Window {
    /// Whether `day` lies in it.
    pub fn holds(&self, day: Day) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }

    /// Whether some day lies in both.
    pub fn meets(&self, other: &Self) -> bool {
        self.to.is_none_or(|to| other.from <= to) && other.to.is_none_or(|to| self.from <= to)
    }
}

/// A document that values rest on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Source {
    /// Short name used in the pack: `Wp`.
    pub id: String,
    /// Number of the document: `鲁医保发〔2023〕1号`; for a law its name.
    pub number: String,
    /// Title as printed.
    pub title: String,
    /// Day it was issued or, for a law, came into force.
    pub date: Day,
    /// Who issued it.
    pub issuer: String,
}

/// A place in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    /// The document.
    pub source: Arc<Source>,
    /// The clause as it is numbered there: `二(二)3`.
    pub clause: String,
}

/// Why a value is what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ground {
    /// The clause says so.
    Clause(Citation),
    /// The sources are silent or can be read in two ways; pages call it a choice.
    Choice {
        /// Why this one.
        reason: String,
        /// The clause that is silent or ambiguous, where there is one.
        near: Option<Citation>,
    },
    /// An invented figure.
    Sample {
        /// What the figure stands for, where that needs words.
        reason: Option<String>,
        /// The clause that asks for a figure without giving it.
        near: Option<Citation>,
    },
}

/// The basis of a value: the project's rule and its ground.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basis {
    /// Rule id: `SET-4`.
    pub rule: String,
    /// Clause, choice or sample.
    pub ground: Ground,
}

impl Basis {
    /// The place in a document it names, if any.
    pub fn citation(&self) -> Option<&Citation> {
        match &self.ground {
            Ground::Clause(citation) => Some(citation),
            Ground::Choice { near, .. } | Ground::Sample { near, .. } => near.as_ref(),
        }
    }
}

/// A value with the days it is in force and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated<T> {
    /// The value.
    pub value: T,
    /// When it is in force.
    pub window: Window,
    /// What it rests on.
    pub basis: Basis,
}
