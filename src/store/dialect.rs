//! Every statement that differs between the two databases.

use diesel::backend::Backend;
use diesel::dsl::sql;
use diesel::expression::{ValidGrouping, is_aggregate};
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{Bool, HasSqlType};
use diesel::{AppearsOnTable, Expression, QueryResult, RunQueryDsl, SelectableExpression};

use super::conn::AnyConn;
use super::types::Uid;

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
#[derive(Clone, Copy, Debug)]
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
        if self.lock {
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

/// A column that is one of some identifiers. The list is filled up to one of a few lengths with its last member, so
/// that the statement has one of a few texts and is prepared once; diesel's own list is prepared anew every time.
#[derive(Clone, Debug)]
pub(super) struct AnyOf<C, I> {
    column: C,
    ids: Vec<I>,
}

/// Lengths to which lists are filled up; longer ones keep theirs.
const LENGTHS: [usize; 5] = [1, 8, 32, 64, 512];

/// Rows whose `column` is one of `ids`; none when there are none.
pub(super) fn any_of<C, I: Copy>(column: C, ids: &[I]) -> AnyOf<C, I> {
    let mut ids = ids.to_vec();
    let length = LENGTHS.into_iter().find(|length| *length >= ids.len());
    if let (Some(length), Some(last)) = (length, ids.last().copied()) {
        ids.resize(length, last);
    }
    AnyOf { column, ids }
}

impl<C: Expression, I> Expression for AnyOf<C, I> {
    type SqlType = Bool;
}

impl<C, I, S> AppearsOnTable<S> for AnyOf<C, I> where C: AppearsOnTable<S> {}
impl<C, I, S> SelectableExpression<S> for AnyOf<C, I> where C: SelectableExpression<S> {}
impl<C, I, G> ValidGrouping<G> for AnyOf<C, I> {
    type IsAggregate = is_aggregate::No;
}
impl<C, I> QueryId for AnyOf<C, I> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C, I, DB> QueryFragment<DB> for AnyOf<C, I>
where
    C: QueryFragment<DB>,
    I: ToSql<Uid, DB>,
    DB: Backend + HasSqlType<Uid>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let Some((first, rest)) = self.ids.split_first() else {
            out.push_sql("1 = 0");
            return Ok(());
        };
        self.column.walk_ast(out.reborrow())?;
        out.push_sql(" IN (");
        out.push_bind_param::<Uid, _>(first)?;
        for id in rest {
            out.push_sql(", ");
            out.push_bind_param::<Uid, _>(id)?;
        }
        out.push_sql(")");
        Ok(())
    }
}
