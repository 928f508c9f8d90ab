//! Drafts: filings in the making, one row each, overwritten by autosave.

use diesel::prelude::*;

use super::conn::Conn;
use super::error::StoreError;
use super::schema::draft;
use crate::domain::form::Answers;
use crate::domain::ids::{AccountId, CaseId};
use crate::domain::place::Pool;
use crate::domain::time::Ts;

/// A draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The pool it would be filed in.
    pub pool: Pool,
    /// The identifier its case will have.
    pub id: CaseId,
    /// Whose it is.
    pub account: AccountId,
    /// Slug of the item.
    pub item: String,
    /// Version of the form.
    pub form_version: i32,
    /// What was typed so far, unchecked.
    pub answers: Answers,
    /// When it was begun.
    pub created_at: Ts,
    /// When it was last saved.
    pub updated_at: Ts,
    /// When it is deleted.
    pub expires_at: Ts,
}

type Row = (Pool, CaseId, AccountId, String, i32, Vec<u8>, Ts, Ts, Ts);

/// Begins a draft.
pub fn insert(conn: &mut Conn<'_>, new: &Draft) -> Result<(), StoreError> {
    diesel::insert_into(draft::table)
        .values((
            draft::pool.eq(new.pool),
            draft::id.eq(new.id),
            draft::account_id.eq(new.account),
            draft::item.eq(&new.item),
            draft::form_version.eq(new.form_version),
            draft::answers.eq(seal(conn, &new.answers)?),
            draft::created_at.eq(new.created_at),
            draft::updated_at.eq(new.updated_at),
            draft::expires_at.eq(new.expires_at),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// Overwrites what was typed.
pub fn save(
    conn: &mut Conn<'_>,
    id: CaseId,
    answers: &Answers,
    at: Ts,
    expires: Ts,
) -> Result<(), StoreError> {
    let sealed = seal(conn, answers)?;
    diesel::update(draft::table.filter(draft::id.eq(id)))
        .set((
            draft::answers.eq(sealed),
            draft::updated_at.eq(at),
            draft::expires_at.eq(expires),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// Somebody's draft; nobody else finds it.
pub fn find(
    conn: &mut Conn<'_>,
    account: AccountId,
    id: CaseId,
) -> Result<Option<Draft>, StoreError> {
    let row: Option<Row> = draft::table
        .filter(draft::id.eq(id).and(draft::account_id.eq(account)))
        .select(draft::all_columns)
        .first(conn.sql)
        .optional()?;
    row.map(|row| open(conn, row)).transpose()
}

/// Somebody's drafts, last saved first.
pub fn of_account(conn: &mut Conn<'_>, account: AccountId) -> Result<Vec<Draft>, StoreError> {
    let rows: Vec<Row> = draft::table
        .filter(draft::account_id.eq(account))
        .order((draft::updated_at.desc(), draft::id.desc()))
        .select(draft::all_columns)
        .limit(50)
        .load(conn.sql)?;
    rows.into_iter().map(|row| open(conn, row)).collect()
}

/// Deletes somebody's draft.
pub fn delete(conn: &mut Conn<'_>, account: AccountId, id: CaseId) -> Result<(), StoreError> {
    diesel::delete(draft::table.filter(draft::id.eq(id).and(draft::account_id.eq(account))))
        .execute(conn.sql)?;
    Ok(())
}

/// Deletes up to `limit` drafts whose time is over, with the rows of their papers; returns how many, and the keys
/// of the files that are to be removed once this is committed.
pub fn delete_expired(
    conn: &mut Conn<'_>,
    now: Ts,
    limit: i64,
) -> Result<(usize, Vec<String>), StoreError> {
    let ids: Vec<(Pool, CaseId)> = draft::table
        .filter(draft::expires_at.lt(now))
        .select((draft::pool, draft::id))
        .limit(limit)
        .load(conn.sql)?;
    let mut files = vec![];
    for (pool, id) in &ids {
        files.extend(super::papers::remove_all(conn, *pool, *id)?);
        diesel::delete(draft::table.find((*pool, *id))).execute(conn.sql)?;
    }
    Ok((ids.len(), files))
}

fn seal(conn: &Conn<'_>, answers: &Answers) -> Result<Vec<u8>, StoreError> {
    conn.vault
        .seal(&serde_json::to_vec(answers).map_err(|e| StoreError::Corrupt(e.to_string()))?)
}

fn open(conn: &Conn<'_>, row: Row) -> Result<Draft, StoreError> {
    let (pool, id, account, item, form_version, sealed, created_at, updated_at, expires_at) = row;
    let answers = serde_json::from_slice(&conn.vault.open(&sealed)?)
        .map_err(|e| StoreError::Corrupt(e.to_string()))?;
    Ok(Draft {
        pool,
        id,
        account,
        item,
        form_version,
        answers,
        created_at,
        updated_at,
        expires_at,
    })
}
