//! What can go wrong below the use cases. A rule that was broken is never one of these, except the
//! unique keys that are the rule's last guard.

use diesel::result::{DatabaseErrorKind, Error};

/// A failed read or write.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A unique key stood in the way; names the constraint (PostgreSQL) or `table.column` (SQLite).
    #[error("already there: {0}")]
    NotUnique(String),
    /// The database is busy or its queue is full: the caller may try again soon.
    #[error("the database is busy")]
    Busy,
    /// The database can't be written or reached now (disk full, read-only, connection lost).
    #[error("the database is out of reach: {0}")]
    Unavailable(String),
    /// What was read is not what was written (bad ciphertext, unknown enum value).
    #[error("stored data can't be read: {0}")]
    Corrupt(String),
    /// Anything else the database said.
    #[error(transparent)]
    Query(Error),
}

impl StoreError {
    /// Whether the whole transaction is to be run again (serialization failure or deadlock).
    pub(super) fn wants_retry(&self) -> bool {
        match self {
            Self::Query(Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _)) => true,
            Self::Query(Error::DatabaseError(_, info)) => {
                info.message().contains("deadlock detected")
            }
            Self::NotUnique(_)
            | Self::Busy
            | Self::Unavailable(_)
            | Self::Corrupt(_)
            | Self::Query(_) => false,
        }
    }
}

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        match &error {
            Error::DatabaseError(DatabaseErrorKind::UniqueViolation, info) => {
                Self::NotUnique(info.constraint_name().map_or_else(
                    || info.message().replace("UNIQUE constraint failed: ", ""),
                    str::to_owned,
                ))
            }
            // Nothing reaches the server, or it is one that may only be read: a standby after a failover.
            Error::DatabaseError(
                DatabaseErrorKind::ClosedConnection
                | DatabaseErrorKind::UnableToSendCommand
                | DatabaseErrorKind::ReadOnlyTransaction,
                info,
            ) => Self::Unavailable(info.message().to_owned()),
            Error::DatabaseError(_, info) => match out_of_reach(info.message()) {
                true => Self::Unavailable(info.message().to_owned()),
                false => Self::Query(error),
            },
            Error::BrokenTransactionManager | Error::RollbackErrorOnCommit { .. } => {
                Self::Unavailable("the transaction broke off".to_owned())
            }
            _ => Self::Query(error),
        }
    }
}

/// SQLite and PostgreSQL have no error kind for these, only texts.
fn out_of_reach(message: &str) -> bool {
    [
        "database or disk is full",
        "disk I/O error",
        "readonly database",
        "unable to open database",
        "database is locked",
        "could not extend file",
        "No space left",
        "server closed the connection",
        "terminating connection",
        "could not connect",
        "connection to server",
        "canceling statement due to lock timeout",
        "the database system is",
    ]
    .iter()
    .any(|part| message.contains(part))
}

/// What the error of a write must tell the writer: whether the database or a rule failed it.
pub trait WriteError: From<StoreError> + Send + 'static {
    /// The store's error inside, when it is one.
    fn store(&self) -> Option<&StoreError>;
}

impl WriteError for StoreError {
    fn store(&self) -> Option<&StoreError> {
        Some(self)
    }
}
