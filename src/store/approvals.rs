//! What one person asked for and another confirms or declines (CAS-1).

use diesel::prelude::*;

use super::conn::Conn;
use super::error::StoreError;
use super::fragments::literal;
use super::schema::{approval, cases};
use crate::domain::ids::{AccountId, ApprovalId, CaseId};
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::time::Ts;
use crate::domain::workflow::{Action, Command};

/// Something that waits for a second person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Pool of the case.
    pub pool: Pool,
    /// Identifier.
    pub id: ApprovalId,
    /// The case.
    pub case: CaseId,
    /// Its version when it was asked; nothing may have moved since.
    pub case_version: u32,
    /// Who asked.
    pub asked_by: AccountId,
    /// When.
    pub asked_at: Ts,
    /// What is to be done.
    pub command: Command,
}

/// How a second person answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is done.
    Confirmed,
    /// It is not done.
    Declined,
}

type Row = (Pool, ApprovalId, CaseId, i32, AccountId, Ts, Vec<u8>);
const COLUMNS: (
    approval::pool,
    approval::id,
    approval::case_id,
    approval::case_version,
    approval::asked_by,
    approval::asked_at,
    approval::command,
) = (
    approval::pool,
    approval::id,
    approval::case_id,
    approval::case_version,
    approval::asked_by,
    approval::asked_at,
    approval::command,
);

/// Writes it down.
pub fn insert(conn: &mut Conn<'_>, asked: &Asked) -> Result<(), StoreError> {
    let command = serde_json::to_vec(&asked.command).map_err(unreadable)?;
    let action: Action = asked.command.action();
    diesel::insert_into(approval::table)
        .values((
            approval::pool.eq(asked.pool),
            approval::id.eq(asked.id),
            approval::case_id.eq(asked.case),
            approval::case_version.eq(i32::try_from(asked.case_version).map_err(unreadable)?),
            approval::action.eq(action),
            approval::asked_by.eq(asked.asked_by),
            approval::asked_at.eq(asked.asked_at),
            approval::command.eq(conn.vault.seal(&command)?),
            approval::state.eq("waiting"),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// What waits under this identifier.
pub fn waiting(
    conn: &mut Conn<'_>,
    pool: Pool,
    id: ApprovalId,
) -> Result<Option<Asked>, StoreError> {
    let row: Option<Row> = approval::table
        .filter(
            approval::pool
                .eq(pool)
                .and(approval::id.eq(id))
                .and(approval::state.eq("waiting")),
        )
        .select(COLUMNS)
        .first(conn.sql)
        .optional()?;
    row.map(|row| open(conn, row)).transpose()
}

/// What waits on a case.
pub fn of_case(conn: &mut Conn<'_>, pool: Pool, case: CaseId) -> Result<Vec<Asked>, StoreError> {
    let rows: Vec<Row> = approval::table
        .filter(approval::pool.eq(pool).and(approval::case_id.eq(case)))
        .filter(literal("state = 'waiting'"))
        .order(approval::id)
        .select(COLUMNS)
        .load(conn.sql)?;
    rows.into_iter().map(|row| open(conn, row)).collect()
}

/// What waits at an agency, oldest first.
pub fn of_agency(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    limit: i64,
) -> Result<Vec<Asked>, StoreError> {
    let rows: Vec<Row> = approval::table
        .inner_join(
            cases::table.on(cases::pool
                .eq(approval::pool)
                .and(cases::id.eq(approval::case_id))),
        )
        .filter(approval::pool.eq(agency.pool()))
        .filter(cases::agency.eq(agency))
        .filter(literal("approval.state = 'waiting'"))
        .order(approval::id)
        .limit(limit)
        .select(COLUMNS)
        .load(conn.sql)?;
    rows.into_iter().map(|row| open(conn, row)).collect()
}

/// Answers it, once.
pub fn answer(
    conn: &mut Conn<'_>,
    pool: Pool,
    id: ApprovalId,
    answer: Answer,
    by: AccountId,
    at: Ts,
) -> Result<(), StoreError> {
    let state = match answer {
        Answer::Confirmed => "confirmed",
        Answer::Declined => "declined",
    };
    diesel::update(
        approval::table.filter(
            approval::pool
                .eq(pool)
                .and(approval::id.eq(id))
                .and(approval::state.eq("waiting")),
        ),
    )
    .set((
        approval::state.eq(state),
        approval::answered_by.eq(by),
        approval::answered_at.eq(at),
    ))
    .execute(conn.sql)?;
    Ok(())
}

fn open(conn: &Conn<'_>, row: Row) -> Result<Asked, StoreError> {
    let (pool, id, case, case_version, asked_by, asked_at, sealed) = row;
    Ok(Asked {
        pool,
        id,
        case,
        case_version: u32::try_from(case_version).map_err(unreadable)?,
        asked_by,
        asked_at,
        command: serde_json::from_slice(&conn.vault.open(&sealed)?).map_err(unreadable)?,
    })
}

fn unreadable(cause: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(cause.to_string())
}
