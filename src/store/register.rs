//! Reading the register of missed deadlines (CLK-7), the latest first. It is written in [`super::breaches`]; the words
//! of causes come from the journal.

use diesel::prelude::*;

use super::conn::Conn;
use super::error::StoreError;
use super::fragments::row_beyond;
use super::journal;
use super::schema::{breach, breach_cause, cases};
use crate::domain::case::{BreachCause, State};
use crate::domain::ids::{AccountId, CaseId, PersonId};
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::time::Ts;

/// Whose breaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// One agency's.
    Agency(AgencyCode),
    /// All of a pool.
    Pool(Pool),
}

impl Scope {
    /// The pool.
    pub fn pool(self) -> Pool {
        match self {
            Self::Agency(agency) => agency.pool(),
            Self::Pool(pool) => pool,
        }
    }
}

/// Which causes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stated {
    /// Any that was stated.
    Some,
    /// None was stated yet.
    None,
    /// This one.
    Cause(BreachCause),
}

/// Narrows the register.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Marked at this instant or later.
    pub from: Option<Ts>,
    /// Marked before this instant.
    pub until: Option<Ts>,
    /// Slug of an item.
    pub item: Option<&'static str>,
    /// In whose hand it was.
    pub holder: Option<AccountId>,
    /// By cause.
    pub stated: Option<Stated>,
}

/// A missed deadline.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Entry {
    /// The case.
    pub case: CaseId,
    /// The run of its clock.
    pub term: i32,
    /// The agency.
    pub agency: AgencyCode,
    /// Slug of the item.
    pub item: String,
    /// Receipt number.
    pub receipt_no: String,
    /// The last instant that was in time.
    pub due: Ts,
    /// When it was marked.
    pub at: Ts,
    /// In whose hand it was.
    pub holder: Option<AccountId>,
    /// The stated cause.
    pub cause: Option<BreachCause>,
    /// The event in which it was stated.
    pub event_number: Option<i32>,
    /// Where the case stands now.
    pub state: State,
    /// The person concerned.
    pub person: PersonId,
    /// Who filed.
    pub filed_by: AccountId,
}

/// The place after which a page goes on.
pub type Place = (Ts, CaseId);

type Columns = (
    breach::case_id,
    breach::term,
    breach::agency,
    breach::item,
    breach::receipt_no,
    breach::due_at,
    breach::breached_at,
    breach::holder,
    diesel::dsl::Nullable<breach_cause::cause>,
    diesel::dsl::Nullable<breach_cause::event_number>,
    cases::state,
    cases::person_id,
    cases::filed_by,
);

fn columns() -> Columns {
    (
        breach::case_id,
        breach::term,
        breach::agency,
        breach::item,
        breach::receipt_no,
        breach::due_at,
        breach::breached_at,
        breach::holder,
        breach_cause::cause.nullable(),
        breach_cause::event_number.nullable(),
        cases::state,
        cases::person_id,
        cases::filed_by,
    )
}

/// A page of the register.
pub fn page(
    conn: &mut Conn<'_>,
    scope: Scope,
    filter: &Filter,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<Entry>, StoreError> {
    let mut query = breach::table
        .inner_join(
            cases::table.on(cases::pool
                .eq(breach::pool)
                .and(cases::id.eq(breach::case_id))),
        )
        .left_join(
            breach_cause::table.on(breach_cause::pool
                .eq(breach::pool)
                .and(breach_cause::case_id.eq(breach::case_id))
                .and(breach_cause::term.eq(breach::term))),
        )
        .filter(breach::pool.eq(scope.pool()))
        .into_boxed();
    if let Scope::Agency(agency) = scope {
        query = query.filter(breach::agency.eq(agency));
    }
    if let Some(from) = filter.from {
        query = query.filter(breach::breached_at.ge(from));
    }
    if let Some(until) = filter.until {
        query = query.filter(breach::breached_at.lt(until));
    }
    if let Some(item) = filter.item {
        query = query.filter(breach::item.eq(item));
    }
    if let Some(holder) = filter.holder {
        query = query.filter(breach::holder.eq(holder));
    }
    query = match filter.stated {
        None => query,
        Some(Stated::Some) => query.filter(breach_cause::cause.nullable().is_not_null()),
        Some(Stated::None) => query.filter(breach_cause::cause.nullable().is_null()),
        Some(Stated::Cause(cause)) => query.filter(breach_cause::cause.nullable().eq(cause)),
    };
    if let Some((at, id)) = after {
        query = query.filter(row_beyond("(breach.breached_at, breach.case_id) <", at, id));
    }
    Ok(query
        .order((
            breach::breached_at.desc(),
            breach::case_id.desc(),
            breach::term.desc(),
        ))
        .limit(limit)
        .select(columns())
        .load(conn.sql)?)
}

/// The words of the causes of one pool's entries, in their order.
pub fn words(
    conn: &mut Conn<'_>,
    pool: Pool,
    entries: &[Entry],
) -> Result<Vec<Option<String>>, StoreError> {
    let events = |entry: &Entry| Some((entry.case, entry.event_number?));
    let named: Vec<_> = entries.iter().filter_map(events).collect();
    let said = journal::words_of(conn, pool, &named)?;
    Ok(entries
        .iter()
        .map(|entry| said.get(&events(entry)?)?.breach.clone())
        .collect())
}

/// The latest stated cause of a case.
pub fn cause_of(
    conn: &mut Conn<'_>,
    pool: Pool,
    case: CaseId,
) -> Result<Option<BreachCause>, StoreError> {
    Ok(breach_cause::table
        .filter(
            breach_cause::pool
                .eq(pool)
                .and(breach_cause::case_id.eq(case)),
        )
        .order(breach_cause::term.desc())
        .select(breach_cause::cause)
        .first(conn.sql)
        .optional()?)
}
