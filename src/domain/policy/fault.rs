//! What can be wrong with a pack. A faulty pack is never used in part: the service refuses to start.

use crate::domain::time::Day;

/// A fault, with the pack and the key where it lies.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("policy pack {pack}, {key}: {reason}")]
pub struct Fault {
    /// Pool code or `default`, as the file writes it.
    pub pack: String,
    /// Key, or the part of the file.
    pub key: String,
    /// What is wrong.
    pub reason: Reason,
}

/// The reasons a pack is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// No such key.
    #[error("no such key")]
    UnknownKey,
    /// Neither `default` nor a code.
    #[error("neither \"default\" nor a pool code of six digits")]
    MalformedPool,
    /// Two packs of one pool.
    #[error("a second pack of the same pool")]
    PoolTwice,
    /// Two documents of one id.
    #[error("document id stated twice")]
    SourceTwice,
    /// A document that neither the pack nor the default pack has.
    #[error("cites {0:?}, which is no document of this pack or the default")]
    UnknownSource(String),
    /// Clause without document or the reverse.
    #[error("a document and its clause are stated together or not at all")]
    HalfCitation,
    /// An empty text where words are needed.
    #[error("{0} is empty")]
    Empty(&'static str),
    /// Not like `SET-4`.
    #[error("{0:?} is no rule id")]
    MalformedRule(String),
    /// The last day lies before the first.
    #[error("ends {to} before it begins {from}")]
    EndsBeforeItBegins {
        /// First day.
        from: Day,
        /// Last day.
        to: Day,
    },
    /// Two values of one key on one day.
    #[error("two values are in force on {0}")]
    Overlap(Day),
    /// A value of another kind.
    #[error("{found} where {wanted} is needed")]
    WrongKind {
        /// What is needed.
        wanted: &'static str,
        /// What stands there.
        found: String,
    },
    /// A figure beyond its range.
    #[error("{0} is out of range")]
    OutOfRange(String),
    /// None of the key's options.
    #[error("{0:?} is none of the options")]
    NoOption(String),
    /// A name twice in a list, or days that do not fall.
    #[error("entries are repeated or out of order")]
    Disorder,
    /// A column the table does not have.
    #[error("no column {0:?}")]
    UnknownColumn(String),
    /// A column without its cell.
    #[error("column {0:?} is missing")]
    MissingColumn(&'static str),
    /// Shares that do not make the whole.
    #[error("shares sum to {0} of 10,000")]
    Shares(i64),
    /// The default pack must state it for every day.
    #[error("the default pack has no value on {0}")]
    Gap(Day),
    /// CLK-10: the one day of registration is never lengthened.
    #[error("the one working day of CLK-1 can't be lengthened (CLK-10)")]
    FixedLimit,
}
