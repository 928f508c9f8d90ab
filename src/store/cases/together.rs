//! Many cases in one statement: locked, and moved on by a rung of the ladder (CLK-7); filed (XR-9). For timers and
//! lists, which come by the thousand; people move one case at a time.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde_json::json;

use super::{Listed, Moved, Row, seal_answers, to_i32};
use crate::domain::case::{Case, Decision};
use crate::domain::form::Answers;
use crate::domain::ids::CaseId;
use crate::domain::place::Pool;
use crate::domain::time::Ts;
use crate::store::conn::Conn;
use crate::store::dialect::skip_locked;
use crate::store::error::StoreError;
use crate::store::fragments::any_of;
use crate::store::many::{self, Holds};
use crate::store::schema::cases;

/// Cases by their identifiers.
pub type ById = BTreeMap<CaseId, Listed>;

/// The cases of some identifiers, their rows locked for this transaction; those that others are moving at this moment
/// are left out.
pub fn lock_free_of(conn: &mut Conn<'_>, pool: Pool, ids: &[CaseId]) -> Result<ById, StoreError> {
    let query = cases::table
        .filter(cases::pool.eq(pool).and(any_of(cases::id, ids)))
        .select(Row::as_select());
    let rows: Vec<Row> = skip_locked(conn.sql, query).load(conn.sql)?;
    rows.into_iter()
        .map(|row| Ok((row.id, Listed::try_from(row)?)))
        .collect()
}

/// Moves cases to their states after an event of a rung at `at`, if all are still as they were before. What no rung
/// changes is not written: person, answers, decision, due time.
pub fn advance_together(
    conn: &mut Conn<'_>,
    steps: &[(&Listed, &Case)],
    at: Ts,
) -> Result<Moved, StoreError> {
    let keys = [
        ("pool", Holds::Text),
        ("id", Holds::Id),
        ("version", Holds::Number),
        ("state", Holds::Text),
    ];
    let columns = [
        ("version", Holds::Number),
        ("state", Holds::Text),
        ("holder", Holds::Id),
        ("front", Holds::Flag),
        ("queue_rank", Holds::Number),
        ("clock", Holds::Text),
        ("breached_at", Holds::Instant),
        ("escalated", Holds::Flag),
        ("turn_at", Holds::Instant),
    ];
    let rows = steps
        .iter()
        .map(|(before, after)| {
            let row = Row::of(after, &before.person_name, before.turned(after, at))?;
            let case = &before.case;
            Ok(vec![
                case.pool.as_str().into(),
                many::id(case.id),
                to_i32(case.version)?.into(),
                case.state.as_str().into(),
                row.version.into(),
                row.state.as_str().into(),
                row.holder.map_or(json!(null), many::id),
                row.front.into(),
                row.queue_rank.into(),
                row.clock.into(),
                row.breached_at.map_or(json!(null), many::instant),
                row.escalated.into(),
                many::instant(row.turn_at),
            ])
        })
        .collect::<Result<Vec<_>, StoreError>>()?;
    let moved = many::update(conn.sql, "cases", &keys, &columns, rows)?;
    Ok(if moved == steps.len() {
        Moved::Done
    } else {
        Moved::Stale
    })
}

/// A case to be inserted right after its first event.
#[derive(Clone, Debug)]
pub struct NewCase<'a> {
    /// The case.
    pub case: &'a Case,
    /// Name of the person concerned.
    pub person_name: &'a str,
    /// What was answered; sealed.
    pub answers: &'a Answers,
    /// What lists and reports search.
    pub facts: &'a [(&'static str, String)],
}

/// Inserts many cases with their facts, in two statements for all.
pub fn insert_together(conn: &mut Conn<'_>, cases: &[NewCase<'_>]) -> Result<(), StoreError> {
    let (mut rows, mut facts) = (vec![], vec![]);
    for new in cases {
        let row = Row::of(new.case, new.person_name, new.case.filed_at)?;
        let answers = seal_answers(conn, new.answers)?;
        rows.push(cells(&row, &answers));
        for (name, value) in new.facts {
            facts.push(vec![
                row.pool.as_str().into(),
                many::id(row.id),
                (*name).into(),
                value.as_str().into(),
            ]);
        }
    }
    many::insert(conn.sql, "cases", COLUMNS, rows)?;
    let columns = [
        ("pool", Holds::Text),
        ("case_id", Holds::Id),
        ("name", Holds::Text),
        ("value", Holds::Text),
    ];
    many::insert(conn.sql, "case_fact", &columns, facts)?;
    Ok(())
}

/// The columns of [`cells`].
const COLUMNS: &[many::Column] = &[
    ("pool", Holds::Text),
    ("id", Holds::Id),
    ("receipt_no", Holds::Text),
    ("agency", Holds::Text),
    ("item", Holds::Text),
    ("form_version", Holds::Number),
    ("person_id", Holds::Id),
    ("person_name", Holds::Text),
    ("filed_by", Holds::Id),
    ("channel", Holds::Text),
    ("urgency", Holds::Text),
    ("filed_at", Holds::Instant),
    ("state", Holds::Text),
    ("stage", Holds::Text),
    ("version", Holds::Number),
    ("holder", Holds::Id),
    ("first_reviewer", Holds::Id),
    ("proposed", Holds::Text),
    ("sampled", Holds::Flag),
    ("supplements", Holds::Number),
    ("front", Holds::Flag),
    ("queue_rank", Holds::Number),
    ("limits", Holds::Text),
    ("answered", Holds::Flag),
    ("clock", Holds::Text),
    ("due_at", Holds::Instant),
    ("breached_at", Holds::Instant),
    ("escalated", Holds::Flag),
    ("decision", Holds::Text),
    ("closed_at", Holds::Instant),
    ("turn_at", Holds::Instant),
    ("answers", Holds::Bytes),
];

fn cells(row: &Row, answers: &[u8]) -> many::Cells {
    let instant = |at: Option<Ts>| at.map_or(json!(null), many::instant);
    let decision = |decision: Option<Decision>| decision.map(Decision::as_str).into();
    vec![
        row.pool.as_str().into(),
        many::id(row.id),
        row.receipt_no.as_str().into(),
        row.agency.as_str().into(),
        row.item.as_str().into(),
        row.form_version.into(),
        many::id(row.person_id),
        row.person_name.as_str().into(),
        many::id(row.filed_by),
        row.channel.as_str().into(),
        row.urgency.as_str().into(),
        many::instant(row.filed_at),
        row.state.as_str().into(),
        row.stage.as_deref().into(),
        row.version.into(),
        row.holder.map_or(json!(null), many::id),
        row.first_reviewer.map_or(json!(null), many::id),
        decision(row.proposed),
        row.sampled.into(),
        row.supplements.into(),
        row.front.into(),
        row.queue_rank.into(),
        row.limits.as_str().into(),
        row.answered.into(),
        row.clock.as_str().into(),
        instant(row.due_at),
        instant(row.breached_at),
        row.escalated.into(),
        decision(row.decision),
        instant(row.closed_at),
        many::instant(row.turn_at),
        many::bytes(answers),
    ]
}
