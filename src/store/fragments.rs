//! Conditions that diesel has no words for, or whose statements it would prepare anew every time: it keeps no statement
//! with a piece of plain SQL or a list in it. These are kept by their text, alike on both databases.

use diesel::backend::Backend;
use diesel::expression::{ValidGrouping, is_aggregate};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{Bool, HasSqlType, SmallInt};
use diesel::{AppearsOnTable, Expression, QueryResult, SelectableExpression};

use super::types::{Instant, Uid};
use crate::domain::time::Ts;

/// A condition as it stands, without parameters: the planner finds a partial index by its literals only.
#[derive(Clone, Copy, Debug)]
pub(super) struct Literal(&'static str);

/// A condition as it stands.
pub(super) fn literal(condition: &'static str) -> Literal {
    Literal(condition)
}

impl<DB: Backend> QueryFragment<DB> for Literal {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(self.0);
        Ok(())
    }
}

/// The rows beyond a place, compared as one row value, which both databases turn into one range of the index.
#[derive(Clone, Copy, Debug)]
pub(super) struct RowBeyond<I> {
    columns: &'static str,
    rank: Option<i16>,
    at: Ts,
    id: I,
}

/// The rows beyond an instant and an identifier; `columns` are both with the comparison, such as `(due_at, id) >`.
pub(super) fn row_beyond<I>(columns: &'static str, at: Ts, id: I) -> RowBeyond<I> {
    RowBeyond {
        columns,
        rank: None,
        at,
        id,
    }
}

/// The same with a rank before them.
pub(super) fn rank_beyond<I>(columns: &'static str, rank: i16, at: Ts, id: I) -> RowBeyond<I> {
    RowBeyond {
        columns,
        rank: Some(rank),
        at,
        id,
    }
}

impl<I, DB> QueryFragment<DB> for RowBeyond<I>
where
    I: ToSql<Uid, DB>,
    Ts: ToSql<Instant, DB>,
    i16: ToSql<SmallInt, DB>,
    DB: Backend + HasSqlType<Uid> + HasSqlType<Instant> + HasSqlType<SmallInt>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(self.columns);
        out.push_sql(" (");
        if let Some(rank) = &self.rank {
            out.push_bind_param::<SmallInt, _>(rank)?;
            out.push_sql(", ");
        }
        out.push_bind_param::<Instant, _>(&self.at)?;
        out.push_sql(", ");
        out.push_bind_param::<Uid, _>(&self.id)?;
        out.push_sql(")");
        Ok(())
    }
}

/// A column that is one of some identifiers. The list is filled up to one of a few lengths with its last member, so
/// that the statement has one of a few texts and is prepared once; diesel's own list is prepared anew every time.
#[derive(Clone, Debug)]
pub(super) struct AnyOf<C, I> {
    column: C,
    ids: Vec<I>,
}

/// Lengths to which lists are filled up; longer ones keep theirs.
const LENGTHS: [usize; 6] = [1, 8, 32, 64, 256, 512];

/// Rows whose `column` is one of `ids`; none when there are none.
pub(super) fn any_of<C, I: Copy>(column: C, ids: &[I]) -> AnyOf<C, I> {
    let mut ids = ids.to_vec();
    let length = LENGTHS.into_iter().find(|length| *length >= ids.len());
    if let (Some(length), Some(last)) = (length, ids.last().copied()) {
        ids.resize(length, last);
    }
    AnyOf { column, ids }
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

/// What makes a fragment a condition that is kept by its text. Which tables its words are of is for the author of the
/// text to know; a list's column says it itself.
macro_rules! condition {
    ([$($generic:ident),*] $type:ty) => {
        impl<$($generic),*> Expression for $type {
            type SqlType = Bool;
        }
        impl<$($generic,)* G> ValidGrouping<G> for $type {
            type IsAggregate = is_aggregate::No;
        }
        impl<$($generic),*> QueryId for $type {
            type QueryId = ();
            const HAS_STATIC_QUERY_ID: bool = false;
        }
    };
}

condition!([] Literal);
condition!([I] RowBeyond<I>);
condition!([C, I] AnyOf<C, I>);

impl<S> AppearsOnTable<S> for Literal {}
impl<S> SelectableExpression<S> for Literal {}
impl<I, S> AppearsOnTable<S> for RowBeyond<I> {}
impl<I, S> SelectableExpression<S> for RowBeyond<I> {}
impl<C, I, S> AppearsOnTable<S> for AnyOf<C, I> where C: AppearsOnTable<S> {}
impl<C, I, S> SelectableExpression<S> for AnyOf<C, I> where C: SelectableExpression<S> {}
