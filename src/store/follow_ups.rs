//! Tasks of supervisors that bad ratings open (CAS-11): open ones by their due time, closed ones by when they were
//! closed. Words are sealed.

use diesel::prelude::*;

use super::conn::Conn;
use super::error::StoreError;
use super::fragments::{literal, row_beyond};
use super::schema::{cases, follow_up, rating};
use crate::domain::case::Case;
use crate::domain::ids::{AccountId, CaseId, PersonId};
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::time::Ts;

/// Opens the task of a case.
pub fn open(conn: &mut Conn<'_>, case: &Case, due: Ts) -> Result<(), StoreError> {
    diesel::insert_into(follow_up::table)
        .values((
            follow_up::pool.eq(case.pool),
            follow_up::case_id.eq(case.id),
            follow_up::agency.eq(case.agency),
            follow_up::due_at.eq(due),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// Whether a conditional write did something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It did.
    Done,
    /// There was nothing left to do.
    Nothing,
}

impl Changed {
    pub(super) fn by(rows: usize) -> Self {
        match rows {
            0 => Self::Nothing,
            _ => Self::Done,
        }
    }
}

/// Closes the task of a case with what was done.
pub fn close(
    conn: &mut Conn<'_>,
    pool: Pool,
    case: CaseId,
    (by, at): (AccountId, Ts),
    words: &str,
) -> Result<Changed, StoreError> {
    let sealed = conn.vault.seal_text(words)?;
    let target = follow_up::table
        .find((pool, case))
        .filter(follow_up::closed_at.is_null());
    let rows = diesel::update(target)
        .set((
            follow_up::closed_at.eq(at),
            follow_up::closed_by.eq(by),
            follow_up::words.eq(sealed),
        ))
        .execute(conn.sql)?;
    Ok(Changed::by(rows))
}

/// Open tasks that were due before `now` and of which nobody was told, of all pools.
pub fn overdue(
    conn: &mut Conn<'_>,
    now: Ts,
    limit: i64,
) -> Result<Vec<(Pool, CaseId)>, StoreError> {
    Ok(follow_up::table
        .filter(literal("closed_at IS NULL AND told_at IS NULL"))
        .filter(follow_up::due_at.lt(now))
        .order((follow_up::due_at, follow_up::case_id))
        .limit(limit)
        .select((follow_up::pool, follow_up::case_id))
        .load(conn.sql)?)
}

/// Takes it on oneself to tell of a task that is overdue; one of several instances gets it.
pub fn take_telling(
    conn: &mut Conn<'_>,
    pool: Pool,
    case: CaseId,
    at: Ts,
) -> Result<Changed, StoreError> {
    let target = follow_up::table.find((pool, case)).filter(
        follow_up::closed_at
            .is_null()
            .and(follow_up::told_at.is_null()),
    );
    let rows = diesel::update(target)
        .set(follow_up::told_at.eq(at))
        .execute(conn.sql)?;
    Ok(Changed::by(rows))
}

/// When the task of a case was closed; `None` while it is open or where there is none.
pub fn closed_at(conn: &mut Conn<'_>, pool: Pool, case: CaseId) -> Result<Option<Ts>, StoreError> {
    let found: Option<Option<Ts>> = follow_up::table
        .find((pool, case))
        .select(follow_up::closed_at)
        .first(conn.sql)
        .optional()?;
    Ok(found.flatten())
}

/// Which tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Not closed yet.
    Open,
    /// Closed.
    Closed,
}

/// A task with its case and rating.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// The case.
    pub case: CaseId,
    /// Its receipt number.
    pub receipt_no: String,
    /// Slug of its item.
    pub item: String,
    /// The person concerned.
    pub person: PersonId,
    /// Who filed.
    pub filed_by: AccountId,
    /// Until when.
    pub due: Ts,
    /// When it was closed and by whom.
    pub closed: Option<(Ts, AccountId)>,
    /// What was done.
    pub words: Option<String>,
    /// 1 to 5.
    pub stars: u8,
    /// What the applicant said.
    pub remark: Option<String>,
    /// When.
    pub rated_at: Ts,
}

type Row = (
    (CaseId, String, String, PersonId, AccountId),
    (Ts, Option<Ts>, Option<AccountId>, Option<Vec<u8>>),
    (i32, Option<Vec<u8>>, Ts),
);

type CaseColumns = (
    cases::id,
    cases::receipt_no,
    cases::item,
    cases::person_id,
    cases::filed_by,
);
const OF_CASE: CaseColumns = (
    cases::id,
    cases::receipt_no,
    cases::item,
    cases::person_id,
    cases::filed_by,
);
type TaskColumns = (
    follow_up::due_at,
    follow_up::closed_at,
    follow_up::closed_by,
    follow_up::words,
);
const OF_TASK: TaskColumns = (
    follow_up::due_at,
    follow_up::closed_at,
    follow_up::closed_by,
    follow_up::words,
);
const OF_RATING: (rating::stars, rating::remark, rating::rated_at) =
    (rating::stars, rating::remark, rating::rated_at);

/// A page of an agency's tasks: open ones by due time, closed ones the latest first.
pub fn list(
    conn: &mut Conn<'_>,
    agency: AgencyCode,
    standing: Standing,
    after: Option<(Ts, CaseId)>,
    limit: i64,
) -> Result<Vec<Task>, StoreError> {
    let mut query = follow_up::table
        .inner_join(
            cases::table.on(cases::pool
                .eq(follow_up::pool)
                .and(cases::id.eq(follow_up::case_id))),
        )
        .inner_join(
            rating::table.on(rating::pool
                .eq(follow_up::pool)
                .and(rating::case_id.eq(follow_up::case_id))),
        )
        .filter(follow_up::pool.eq(agency.pool()))
        .filter(follow_up::agency.eq(agency))
        .select((OF_CASE, OF_TASK, OF_RATING))
        .limit(limit)
        .into_boxed();
    query = match standing {
        Standing::Open => query
            .filter(literal("follow_up.closed_at IS NULL"))
            .order((follow_up::due_at, follow_up::case_id)),
        Standing::Closed => query
            .filter(literal("follow_up.closed_at IS NOT NULL"))
            .order((follow_up::closed_at.desc(), follow_up::case_id.desc())),
    };
    query = match (standing, after) {
        (_, None) => query,
        (Standing::Open, Some((at, id))) => query.filter(row_beyond(
            "(follow_up.due_at, follow_up.case_id) >",
            at,
            id,
        )),
        (Standing::Closed, Some((at, id))) => query.filter(row_beyond(
            "(follow_up.closed_at, follow_up.case_id) <",
            at,
            id,
        )),
    };
    let rows: Vec<Row> = query.load(conn.sql)?;
    rows.into_iter().map(|row| read(conn, row)).collect()
}

fn read(conn: &Conn<'_>, row: Row) -> Result<Task, StoreError> {
    let ((case, receipt_no, item, person, filed_by), (due, closed_at, closed_by, words), rated) =
        row;
    let (stars, remark, rated_at) = rated;
    let open = |sealed: Option<Vec<u8>>| {
        sealed
            .map(|sealed| conn.vault.open_text(&sealed))
            .transpose()
    };
    Ok(Task {
        case,
        receipt_no,
        item,
        person,
        filed_by,
        due,
        closed: closed_at.zip(closed_by),
        words: open(words)?,
        stars: u8::try_from(stars).map_err(|e| StoreError::Corrupt(e.to_string()))?,
        remark: open(remark)?,
        rated_at,
    })
}
