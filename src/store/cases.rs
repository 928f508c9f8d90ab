//! Cases as stored: inserted once, moved on by version, found by number or person. The lists of the desk
//! are in [`super::queue`].

use diesel::prelude::*;

pub mod scan;
mod together;
pub use together::{ById, NewCase, advance_together, insert_together, lock_free_of};

use super::conn::Conn;
use super::error::StoreError;
use super::fragments::{any_of, literal, row_beyond};
use super::schema::{case_fact, cases};
use crate::domain::case::{Case, Channel, Decision, State, Urgency};
use crate::domain::form::Answers;
use crate::domain::ids::{AccountId, CaseId, PersonId};
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::proxy::Entrusted;
use crate::domain::time::Ts;

mod audited;
pub use audited::Audited;
pub(super) use audited::{audited, next_pool};

/// A row but for the sealed answers.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = cases, primary_key(pool, id), treat_none_as_null = true)]
pub(super) struct Row {
    pool: Pool,
    id: CaseId,
    receipt_no: String,
    agency: AgencyCode,
    item: String,
    form_version: i32,
    person_id: PersonId,
    person_name: String,
    filed_by: AccountId,
    channel: Channel,
    urgency: Urgency,
    filed_at: Ts,
    state: State,
    stage: Option<String>,
    version: i32,
    holder: Option<AccountId>,
    first_reviewer: Option<AccountId>,
    proposed: Option<Decision>,
    sampled: bool,
    supplements: i32,
    front: bool,
    queue_rank: i16,
    limits: String,
    answered: bool,
    clock: String,
    due_at: Option<Ts>,
    breached_at: Option<Ts>,
    escalated: bool,
    decision: Option<Decision>,
    closed_at: Option<Ts>,
    turn_at: Ts,
}

/// A case with what lists show beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The case.
    pub case: Case,
    /// Name of the person concerned, as filed.
    pub person_name: String,
    /// Since when it is whoever's turn it is.
    pub turn_at: Ts,
}

impl Listed {
    /// Since when it is whoever's turn it is after an event at `at`.
    fn turned(&self, after: &Case, at: Ts) -> Ts {
        if self.case.state == after.state && self.case.holder == after.holder {
            self.turn_at
        } else {
            at
        }
    }
}

/// Inserts a case right after its first event.
pub fn insert(
    conn: &mut Conn<'_>,
    case: &Case,
    person_name: &str,
    answers: &Answers,
    facts: &[(&str, String)],
) -> Result<(), StoreError> {
    let row = Row::of(case, person_name, case.filed_at)?;
    diesel::insert_into(cases::table)
        .values((&row, cases::answers.eq(seal_answers(conn, answers)?)))
        .execute(conn.sql)?;
    insert_facts(conn, case.pool, case.id, facts)
}

/// Whether a conditional write found what it expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    /// It did.
    Done,
    /// Somebody was faster.
    Stale,
}

/// Moves a case to its state after an event, if it is still as it was before: its version, which every event
/// raises and so every change of holder too, and its state are asked in the same statement.
pub fn advance(
    conn: &mut Conn<'_>,
    before: &Listed,
    after: &Case,
    at: Ts,
) -> Result<Moved, StoreError> {
    let case = &before.case;
    let row = Row::of(after, &before.person_name, before.turned(after, at))?;
    let target = cases::table.filter(
        cases::pool
            .eq(case.pool)
            .and(cases::id.eq(case.id))
            .and(cases::version.eq(to_i32(case.version)?))
            .and(cases::state.eq(case.state)),
    );
    let mut rows = diesel::update(target).set(&row).execute(conn.sql)?;
    if cfg!(feature = "naive-claim") && rows == 0 && case.state == State::Submitted {
        let anyhow = cases::table.find((case.pool, case.id));
        rows = diesel::update(anyhow).set(&row).execute(conn.sql)?;
    }
    Ok(if rows == 1 { Moved::Done } else { Moved::Stale })
}

/// Replaces answers and facts (a supplement); the journal's event tells that it happened.
pub fn replace_answers(
    conn: &mut Conn<'_>,
    pool: Pool,
    id: CaseId,
    answers: &Answers,
    facts: &[(&str, String)],
) -> Result<(), StoreError> {
    let sealed = seal_answers(conn, answers)?;
    diesel::update(cases::table.find((pool, id)))
        .set(cases::answers.eq(sealed))
        .execute(conn.sql)?;
    diesel::delete(
        case_fact::table.filter(case_fact::pool.eq(pool).and(case_fact::case_id.eq(id))),
    )
    .execute(conn.sql)?;
    insert_facts(conn, pool, id, facts)
}

fn insert_facts(
    conn: &mut Conn<'_>,
    pool: Pool,
    id: CaseId,
    facts: &[(&str, String)],
) -> Result<(), StoreError> {
    for (name, value) in facts {
        diesel::insert_into(case_fact::table)
            .values((
                case_fact::pool.eq(pool),
                case_fact::case_id.eq(id),
                case_fact::name.eq(*name),
                case_fact::value.eq(value),
            ))
            .execute(conn.sql)?;
    }
    Ok(())
}

/// The case of a receipt number.
pub fn by_receipt(
    conn: &mut Conn<'_>,
    pool: Pool,
    receipt_no: &str,
) -> Result<Option<Listed>, StoreError> {
    let row: Option<Row> = cases::table
        .filter(cases::pool.eq(pool).and(cases::receipt_no.eq(receipt_no)))
        .select(Row::as_select())
        .first(conn.sql)
        .optional()?;
    row.map(Listed::try_from).transpose()
}

/// The case of an identifier.
pub fn by_id(conn: &mut Conn<'_>, pool: Pool, id: CaseId) -> Result<Option<Listed>, StoreError> {
    let row: Option<Row> = cases::table
        .find((pool, id))
        .select(Row::as_select())
        .first(conn.sql)
        .optional()?;
    row.map(Listed::try_from).transpose()
}

/// The cases of some identifiers, in no order.
pub fn by_ids(conn: &mut Conn<'_>, pool: Pool, ids: &[CaseId]) -> Result<Vec<Listed>, StoreError> {
    let rows: Vec<Row> = cases::table
        .filter(cases::pool.eq(pool).and(any_of(cases::id, ids)))
        .select(Row::as_select())
        .load(conn.sql)?;
    rows.into_iter().map(Listed::try_from).collect()
}

/// Facts of some cases: case, name, value.
pub fn facts(
    conn: &mut Conn<'_>,
    pool: Pool,
    ids: &[CaseId],
) -> Result<Vec<(CaseId, String, String)>, StoreError> {
    Ok(case_fact::table
        .filter(
            case_fact::pool
                .eq(pool)
                .and(any_of(case_fact::case_id, ids)),
        )
        .select((case_fact::case_id, case_fact::name, case_fact::value))
        .load(conn.sql)?)
}

/// The answers of a case.
pub fn answers(conn: &mut Conn<'_>, pool: Pool, id: CaseId) -> Result<Answers, StoreError> {
    let sealed: Vec<u8> = cases::table
        .find((pool, id))
        .select(cases::answers)
        .first(conn.sql)?;
    let plain = conn.vault.open(&sealed)?;
    serde_json::from_slice(&plain).map_err(|e| StoreError::Corrupt(e.to_string()))
}

/// A person's cases, those of persons entrusted to them, and the open ones that `filer` filed (CAS-8); newest first,
/// from before `after` on (keyset).
pub fn of_person(
    conn: &mut Conn<'_>,
    person: Option<PersonId>,
    filer: Option<AccountId>,
    entrusted: &[Entrusted],
    after: Option<(Ts, CaseId)>,
    limit: i64,
) -> Result<Vec<Listed>, StoreError> {
    let mut query = cases::table.select(Row::as_select()).into_boxed();
    query = match person {
        Some(person) => query.filter(cases::person_id.eq(person)),
        None => query.filter(literal("1 = 0")),
    };
    if let Some(filer) = filer {
        query = query.or_filter(cases::filed_by.eq(filer).and(cases::closed_at.is_null()));
    }
    for one in entrusted {
        let theirs = cases::person_id.eq(one.person);
        query = match &one.items {
            None => query.or_filter(theirs),
            Some(items) => query.or_filter(theirs.and(cases::item.eq_any(items.clone()))),
        };
    }
    if let Some((at, id)) = after {
        query = query.filter(row_beyond("(filed_at, id) <", at, id));
    }
    let rows: Vec<Row> = query
        .order((cases::filed_at.desc(), cases::id.desc()))
        .limit(limit)
        .load(conn.sql)?;
    rows.into_iter().map(Listed::try_from).collect()
}

/// The cases that some logins filed, newest first, from before `after` on (keyset).
pub fn filed_by(
    conn: &mut Conn<'_>,
    filers: &[AccountId],
    after: Option<(Ts, CaseId)>,
    limit: i64,
) -> Result<Vec<Listed>, StoreError> {
    let mut query = cases::table
        .filter(any_of(cases::filed_by, filers))
        .select(Row::as_select())
        .into_boxed();
    if let Some((at, id)) = after {
        query = query.filter(row_beyond("(filed_at, id) <", at, id));
    }
    let rows: Vec<Row> = query
        .order((cases::filed_at.desc(), cases::id.desc()))
        .limit(limit)
        .load(conn.sql)?;
    rows.into_iter().map(Listed::try_from).collect()
}

fn seal_answers(conn: &Conn<'_>, answers: &Answers) -> Result<Vec<u8>, StoreError> {
    let plain = serde_json::to_vec(answers).map_err(|e| StoreError::Corrupt(e.to_string()))?;
    conn.vault.seal(&plain)
}

fn to_i32(number: u32) -> Result<i32, StoreError> {
    i32::try_from(number).map_err(|e| StoreError::Corrupt(e.to_string()))
}

impl Row {
    fn of(case: &Case, person_name: &str, turn_at: Ts) -> Result<Self, StoreError> {
        let json = |e: serde_json::Error| StoreError::Corrupt(e.to_string());
        Ok(Self {
            pool: case.pool,
            id: case.id,
            receipt_no: case.receipt_no.clone(),
            agency: case.agency,
            item: case.item.clone(),
            form_version: to_i32(case.form_version)?,
            person_id: case.person,
            person_name: person_name.to_owned(),
            filed_by: case.filed_by,
            channel: case.channel,
            urgency: case.urgency,
            filed_at: case.filed_at,
            state: case.state,
            stage: case.stage.clone(),
            version: to_i32(case.version)?,
            holder: case.holder,
            first_reviewer: case.first_reviewer,
            proposed: case.proposed,
            sampled: case.sampled,
            supplements: i32::from(case.supplements),
            front: case.front,
            queue_rank: case.queue_rank(),
            limits: serde_json::to_string(&case.limits).map_err(json)?,
            answered: case.answered,
            clock: serde_json::to_string(&case.clock).map_err(json)?,
            due_at: case.due(),
            breached_at: case.breached_at,
            escalated: case.escalated,
            decision: case.decision,
            closed_at: case.closed_at,
            turn_at,
        })
    }
}

impl TryFrom<Row> for Listed {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let json = |e: serde_json::Error| StoreError::Corrupt(e.to_string());
        let number = |e: std::num::TryFromIntError| StoreError::Corrupt(e.to_string());
        let case = Case {
            id: row.id,
            pool: row.pool,
            agency: row.agency,
            receipt_no: row.receipt_no,
            item: row.item,
            form_version: u32::try_from(row.form_version).map_err(number)?,
            person: row.person_id,
            filed_by: row.filed_by,
            channel: row.channel,
            urgency: row.urgency,
            filed_at: row.filed_at,
            state: row.state,
            stage: row.stage,
            version: u32::try_from(row.version).map_err(number)?,
            holder: row.holder,
            first_reviewer: row.first_reviewer,
            proposed: row.proposed,
            sampled: row.sampled,
            supplements: u16::try_from(row.supplements).map_err(number)?,
            front: row.front,
            limits: serde_json::from_str(&row.limits).map_err(json)?,
            answered: row.answered,
            clock: serde_json::from_str(&row.clock).map_err(json)?,
            breached_at: row.breached_at,
            escalated: row.escalated,
            decision: row.decision,
            closed_at: row.closed_at,
        };
        Ok(Self {
            case,
            person_name: row.person_name,
            turn_at: row.turn_at,
        })
    }
}
