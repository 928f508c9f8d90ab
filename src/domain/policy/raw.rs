//! A pack as it is written in its file, before it is checked. Unknown fields are refused by serde;
//! everything else is checked in [`super::read`].

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::time::Day;

/// A whole file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawPack {
    /// Pool code, or `default`.
    pub pool: String,
    /// Name in both languages.
    pub name: RawName,
    /// Documents.
    #[serde(default, rename = "source")]
    pub sources: Vec<RawSource>,
    /// Values.
    #[serde(default, rename = "value")]
    pub values: Vec<RawValue>,
}

/// A name in both languages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawName {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// A document.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawSource {
    /// Short name.
    pub id: String,
    /// Number.
    pub number: String,
    /// Title.
    pub title: String,
    /// Day of issue.
    pub date: Day,
    /// Issuing body.
    pub issuer: String,
}

/// A dated value.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawValue {
    /// Key of [`super::keys`].
    pub key: String,
    /// The figure.
    pub value: Raw,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Option<Day>,
    /// Ground.
    pub basis: RawBasis,
}

/// The kinds of ground.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
pub enum RawBasis {
    /// A clause says it.
    Clause {
        /// Rule id.
        rule: String,
        /// Document.
        source: String,
        /// Clause.
        clause: String,
    },
    /// This project's choice.
    Choice {
        /// Rule id.
        rule: String,
        /// Why.
        reason: String,
        /// Document that is silent or ambiguous.
        source: Option<String>,
        /// Its clause.
        clause: Option<String>,
    },
    /// An invented figure.
    Sample {
        /// Rule id.
        rule: String,
        /// What it stands for.
        reason: Option<String>,
        /// Document that asks for it.
        source: Option<String>,
        /// Its clause.
        clause: Option<String>,
    },
}

/// A figure of a kind not yet known.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Raw {
    /// A whole number.
    Integer(i64),
    /// A fraction: read only to be refused with a clear reason.
    Fraction(f64),
    /// Words, dates and hours.
    Text(String),
    /// A list.
    List(Vec<Raw>),
    /// A line of a table.
    Row(BTreeMap<String, Raw>),
}
