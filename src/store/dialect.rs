//! Every statement that differs between the two databases.

use diesel::backend::Backend;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::{QueryResult, RunQueryDsl};

use super::conn::AnyConn;
use crate::domain::ids::Identifier;
use crate::domain::time::Ts;

/// A statement with ` ON CONFLICT DO NOTHING` after it; the combined backend has no `on_conflict` of its own.
#[derive(Clone, Copy, Debug, QueryId)]
pub(super) struct OrIgnore<S>(pub(super) S);

impl<S, DB> QueryFragment<DB> for OrIgnore<S>
where
    S: QueryFragment<DB>,
    DB: Backend,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(" ON CONFLICT DO NOTHING");
        Ok(())
    }
}

impl<S, Conn> RunQueryDsl<Conn> for OrIgnore<S> {}

/// A select whose rows are locked. SQLite has one writer and needs
/// no lock.
#[derive(Clone, Copy, Debug)]
pub(super) struct SkipLocked<S> {
    query: S,
    lock: Option<&'static str>,
}

/// Locks the rows of `query` for this transaction where the database needs it.
pub(super) fn skip_locked<S>(sql: &AnyConn, query: S) -> SkipLocked<S> {
    SkipLocked {
        query,
        lock: is_postgres(sql).then_some(" FOR UPDATE SKIP LOCKED"),
    }
}

impl<S: Query> Query for SkipLocked<S> {
    type SqlType = S::SqlType;
}

/// The text depends on the connection: prepared statements are kept by text, not by type.
impl<S> QueryId for SkipLocked<S> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<S, DB> QueryFragment<DB> for SkipLocked<S>
where
    S: QueryFragment<DB>,
    DB: Backend,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.query.walk_ast(out.reborrow())?;
        if let Some(lock) = self.lock {
            out.push_sql(lock);
        }
        Ok(())
    }
}

impl<S, Conn> RunQueryDsl<Conn> for SkipLocked<S> {}

/// Which database a connection talks to.
pub(super) fn is_postgres(sql: &AnyConn) -> bool {
    match sql {
        AnyConn::Sqlite(_) => false,
        AnyConn::Postgres(_) => true,
    }
}

/// An instant as it stands in a statement, for statements that are put together of pieces.
pub(super) fn instant(sql: &AnyConn, at: Ts) -> String {
    match sql {
        AnyConn::Sqlite(_) => at.micros().to_string(),
        AnyConn::Postgres(_) => format!("'{}'::timestamptz", at.rfc3339()),
    }
}

/// An identifier as it stands in a statement.
pub(super) fn identifier(sql: &AnyConn, id: impl Identifier) -> String {
    match sql {
        AnyConn::Sqlite(_) => format!("x'{}'", id.uuid().simple()),
        AnyConn::Postgres(_) => format!("'{}'::uuid", id.uuid()),
    }
}
