//! Figures for operators. Each is counted from the partial index of its queue and only up to a limit, so that its
//! cost does not grow with what is stored.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::conn::Conn;
use super::error::StoreError;

/// Name of a queue, what its cases have in common, and their order: literally condition and columns of its partial
/// index. Without the order SQLite walks a larger index that happens to begin alike.
const QUEUES: [(&str, &str, &str); 4] = [
    (
        "claim",
        "state = 'submitted' AND NOT escalated",
        "pool, agency, queue_rank, due_at, id",
    ),
    ("review", "holder IS NOT NULL", "pool, holder, due_at, id"),
    (
        "second_review",
        "state = 'second_review'",
        "pool, agency, due_at, id",
    ),
    ("supervisor", "escalated", "pool, agency, due_at, id"),
];

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    found: i64,
}

/// How many cases each queue holds in all pools, `most` at most: a name for each, and the number.
pub fn queues(conn: &mut Conn<'_>, most: u16) -> Result<Vec<(&'static str, u32)>, StoreError> {
    let mut counts = vec![];
    for (name, condition, order) in QUEUES {
        let statement = format!(
            "SELECT count(*) AS found FROM \
             (SELECT 1 FROM cases WHERE {condition} ORDER BY {order} LIMIT {most}) AS queue"
        );
        let counted: Counted = diesel::sql_query(statement).get_result(conn.sql)?;
        counts.push((name, u32::try_from(counted.found).unwrap_or(u32::MAX)));
    }
    Ok(counts)
}
