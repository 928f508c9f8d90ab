//! Authorisations to file for somebody (CAS-8), and on what each filing for somebody rests. Whether one is in force
//! is the domain's to say.

use diesel::prelude::*;

use super::conn::Conn;
use super::error::StoreError;
use super::resting;
use super::schema::{authorisation, cases, on_behalf};
use crate::domain::ids::{AccountId, AuthorisationId, CaseId, PatientId, PersonId};
use crate::domain::place::Pool;
use crate::domain::proxy::{Authorisation, Entrusted, Kind, Terms};
use crate::domain::time::{Day, Ts};

type Row = (
    (
        AuthorisationId,
        Kind,
        PersonId,
        Option<PersonId>,
        Option<AccountId>,
    ),
    (Option<String>, Day, Day),
    (Ts, Option<Ts>, Option<Ts>),
);
type Columns = (
    (
        authorisation::id,
        authorisation::kind,
        authorisation::principal,
        authorisation::grantee,
        authorisation::grantee_account,
    ),
    (
        authorisation::items,
        authorisation::from_day,
        authorisation::to_day,
    ),
    (
        authorisation::granted_at,
        authorisation::accepted_at,
        authorisation::revoked_at,
    ),
);
const COLUMNS: Columns = (
    (
        authorisation::id,
        authorisation::kind,
        authorisation::principal,
        authorisation::grantee,
        authorisation::grantee_account,
    ),
    (
        authorisation::items,
        authorisation::from_day,
        authorisation::to_day,
    ),
    (
        authorisation::granted_at,
        authorisation::accepted_at,
        authorisation::revoked_at,
    ),
);

/// What an authorisation on paper says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// When it was signed.
    pub signed_on: Day,
    /// Where it is kept; sealed.
    pub kept: String,
}

/// Enters an authorisation.
pub fn insert(
    conn: &mut Conn<'_>,
    new: &Authorisation,
    paper: Option<&Paper>,
    by: AccountId,
) -> Result<(), StoreError> {
    let items = new.terms.items.as_ref().map(serde_json::to_string);
    let items = items
        .transpose()
        .map_err(|e| StoreError::Corrupt(e.to_string()))?;
    let kept = paper.map(|paper| conn.vault.seal_text(&paper.kept));
    diesel::insert_into(authorisation::table)
        .values((
            authorisation::id.eq(new.id),
            authorisation::kind.eq(new.kind),
            authorisation::principal.eq(new.principal),
            authorisation::grantee.eq(new.grantee),
            authorisation::grantee_account.eq(new.account),
            authorisation::items.eq(items),
            authorisation::from_day.eq(new.terms.from),
            authorisation::to_day.eq(new.terms.to),
            authorisation::signed_on.eq(paper.map(|paper| paper.signed_on)),
            authorisation::paper.eq(kept.transpose()?),
            authorisation::granted_by.eq(by),
            authorisation::granted_at.eq(new.granted_at),
            authorisation::accepted_at.eq(new.accepted_at),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// One of an identifier.
pub fn find(conn: &mut Conn<'_>, id: AuthorisationId) -> Result<Option<Authorisation>, StoreError> {
    let row: Option<Row> = authorisation::table
        .find(id)
        .select(COLUMNS)
        .first(conn.sql)
        .optional()?;
    row.map(read).transpose()
}

/// All that a person granted, was named in, or that are of a login, the latest first.
pub fn of(
    conn: &mut Conn<'_>,
    person: Option<PersonId>,
    account: AccountId,
) -> Result<Vec<Authorisation>, StoreError> {
    let mut query = authorisation::table
        .filter(authorisation::grantee_account.eq(Some(account)))
        .select(COLUMNS)
        .into_boxed();
    if let Some(person) = person {
        query = query
            .or_filter(authorisation::grantee.eq(Some(person)))
            .or_filter(authorisation::principal.eq(person));
    }
    let rows: Vec<Row> = query
        .order((authorisation::granted_at.desc(), authorisation::id.desc()))
        .load(conn.sql)?;
    rows.into_iter().map(read).collect()
}

/// All between a principal and a grantee: the same person, or the same login.
pub fn between(
    conn: &mut Conn<'_>,
    principal: PersonId,
    grantee: Option<PersonId>,
    account: Option<AccountId>,
) -> Result<Vec<Authorisation>, StoreError> {
    let rows: Vec<Row> = authorisation::table
        .filter(authorisation::principal.eq(principal))
        .order(authorisation::id)
        .select(COLUMNS)
        .load(conn.sql)?;
    let all: Vec<Authorisation> = rows.into_iter().map(read).collect::<Result<_, _>>()?;
    let same = |one: &Authorisation| match grantee {
        Some(_) => one.grantee == grantee,
        None => one.kind == Kind::Community && one.account == account,
    };
    Ok(all.into_iter().filter(same).collect())
}

/// Notes that the grantee accepts with a login; answers how many there were to accept.
pub fn accept(
    conn: &mut Conn<'_>,
    id: AuthorisationId,
    account: AccountId,
    at: Ts,
) -> Result<usize, StoreError> {
    let target = authorisation::table
        .find(id)
        .filter(authorisation::accepted_at.is_null())
        .filter(authorisation::revoked_at.is_null());
    Ok(diesel::update(target)
        .set((
            authorisation::accepted_at.eq(Some(at)),
            authorisation::grantee_account.eq(Some(account)),
        ))
        .execute(conn.sql)?)
}

/// Takes one back at once; answers how many there were.
pub fn revoke(conn: &mut Conn<'_>, id: AuthorisationId, at: Ts) -> Result<usize, StoreError> {
    let target = authorisation::table
        .find(id)
        .filter(authorisation::revoked_at.is_null());
    Ok(diesel::update(target)
        .set(authorisation::revoked_at.eq(Some(at)))
        .execute(conn.sql)?)
}

/// For whom a login may file and act on a day.
pub fn entrusted(
    conn: &mut Conn<'_>,
    account: AccountId,
    day: Day,
) -> Result<Vec<Entrusted>, StoreError> {
    let rows: Vec<(AuthorisationId, PersonId, Option<String>)> = authorisation::table
        .filter(authorisation::grantee_account.eq(account))
        .filter(authorisation::accepted_at.is_not_null())
        .filter(authorisation::revoked_at.is_null())
        .filter(authorisation::from_day.le(day))
        .filter(authorisation::to_day.ge(day))
        .order(authorisation::id)
        .select((
            authorisation::id,
            authorisation::principal,
            authorisation::items,
        ))
        .load(conn.sql)?;
    rows.into_iter()
        .map(|(by, person, items)| {
            Ok(Entrusted {
                by,
                person,
                items: list(items)?,
            })
        })
        .collect()
}

/// How many open cases a login has filed for others, counted up to `limit`.
pub fn open_cases(
    conn: &mut Conn<'_>,
    account: AccountId,
    limit: i64,
) -> Result<usize, StoreError> {
    let found: Vec<CaseId> = cases::table
        .filter(cases::filed_by.eq(account))
        .filter(cases::closed_at.is_null())
        .limit(limit)
        .select(cases::id)
        .load(conn.sql)?;
    Ok(found.len())
}

/// A call that was returned before a filing by phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallBack {
    /// The number that was called; sealed.
    pub number: String,
    /// What came of it.
    pub result: String,
    /// When.
    pub at: Ts,
}

/// On what a filing for somebody rests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Basis {
    /// They called, and were called back.
    Call(CallBack),
    /// An authorisation.
    Authorised(AuthorisationId),
    /// An entry of the patient ledger (XR-3); the case rests on it, and nothing else is written down.
    Ledger(Pool, PatientId),
}

/// Writes down on what a filing rests.
pub fn insert_basis(
    conn: &mut Conn<'_>,
    pool: Pool,
    case: CaseId,
    basis: &Basis,
) -> Result<(), StoreError> {
    let (by, call) = match basis {
        Basis::Call(call) => (None, Some(call)),
        Basis::Authorised(by) => (Some(*by), None),
        Basis::Ledger(..) => return Ok(()),
    };
    let called = call.map(|call| conn.vault.seal_text(&call.number));
    diesel::insert_into(on_behalf::table)
        .values((
            on_behalf::pool.eq(pool),
            on_behalf::case_id.eq(case),
            on_behalf::authorisation_id.eq(by),
            on_behalf::called.eq(called.transpose()?),
            on_behalf::call_result.eq(call.map(|call| &call.result)),
            on_behalf::called_at.eq(call.map(|call| call.at)),
        ))
        .execute(conn.sql)?;
    Ok(())
}

type BasisRow = (
    Option<AuthorisationId>,
    Option<Vec<u8>>,
    Option<String>,
    Option<Ts>,
);

/// On what the filing of a case for somebody rests; `None` for one that the person filed.
pub fn basis(conn: &mut Conn<'_>, pool: Pool, case: CaseId) -> Result<Option<Basis>, StoreError> {
    let row: Option<BasisRow> = on_behalf::table
        .find((pool, case))
        .select((
            on_behalf::authorisation_id,
            on_behalf::called,
            on_behalf::call_result,
            on_behalf::called_at,
        ))
        .first(conn.sql)
        .optional()?;
    Ok(match row {
        Some((Some(by), ..)) => Some(Basis::Authorised(by)),
        Some((None, Some(called), Some(result), Some(at))) => Some(Basis::Call(CallBack {
            number: conn.vault.open_text(&called)?,
            result,
            at,
        })),
        Some(_) => None,
        None => {
            resting::of_case(conn, pool, case)?.map(|(pool, patient)| Basis::Ledger(pool, patient))
        }
    })
}

fn read(row: Row) -> Result<Authorisation, StoreError> {
    let ((id, kind, principal, grantee, account), (items, from, to), times) = row;
    let (granted_at, accepted_at, revoked_at) = times;
    Ok(Authorisation {
        id,
        kind,
        principal,
        grantee,
        account,
        terms: Terms {
            items: list(items)?,
            from,
            to,
        },
        granted_at,
        accepted_at,
        revoked_at,
    })
}

fn list(items: Option<String>) -> Result<Option<Vec<String>>, StoreError> {
    items
        .map(|text| serde_json::from_str(&text))
        .transpose()
        .map_err(|e| StoreError::Corrupt(e.to_string()))
}
