//! Every statement that differs between the two databases.

use diesel::backend::Backend;
use diesel::dsl::sql;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::Bool;
use diesel::{QueryResult, RunQueryDsl};

use super::conn::AnyConn;

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

/// A select whose rows are locked, rows locked by others left out. SQLite has one writer and needs
/// no lock.
#[derive(Clone, Copy, Debug, QueryId)]
pub(super) struct SkipLocked<S> {
    query: S,
    lock: bool,
}

/// Locks the rows of `query` for this transaction where the database needs it.
pub(super) fn skip_locked<S>(sql: &AnyConn, query: S) -> SkipLocked<S> {
    SkipLocked {
        query,
        lock: is_postgres(sql),
    }
}

impl<S: Query> Query for SkipLocked<S> {
    type SqlType = S::SqlType;
}

impl<S, DB> QueryFragment<DB> for SkipLocked<S>
where
    S: QueryFragment<DB>,
    DB: Backend,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.query.walk_ast(out.reborrow())?;
        if self.lock {
            // The text differs by connection: it must not be cached under one id.
            out.unsafe_to_cache_prepared();
            out.push_sql(" FOR UPDATE SKIP LOCKED");
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

type Condition = diesel::expression::SqlLiteral<Bool>;

/// A condition as it stands, without parameters: the planner finds a partial index by its literals only.
pub(super) fn literal(condition: &str) -> Condition {
    sql(condition)
}

/// The rows beyond an instant and an identifier, compared as one row value, which both databases turn into one range
/// of the index.
macro_rules! row_beyond {
    ($columns:literal, $at:expr, $id:expr) => {
        diesel::dsl::sql::<diesel::sql_types::Bool>(concat!($columns, " ("))
            .bind::<$crate::store::types::Instant, _>($at)
            .sql(", ")
            .bind::<$crate::store::types::Uid, _>($id)
            .sql(")")
    };
}
pub(super) use row_beyond;
