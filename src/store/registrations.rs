//! Cross-region registrations as stored, and what cases do to them. Whether they may is the domain's.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde_json::Value;

use super::conn::Conn;
use super::error::StoreError;
use super::fragments::any_of;
use super::many::{self, Holds};
use super::schema::registration;
use crate::domain::ids::{CaseId, PersonId, RegistrationId};
use crate::domain::place::Pool;
use crate::domain::registration::{Registration, Standing};
use crate::domain::time::Day;
use crate::domain::zero_material::Course;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = registration)]
struct Row {
    pool: Pool,
    id: RegistrationId,
    case_id: CaseId,
    person_id: PersonId,
    kind: String,
    destination: String,
    starts_on: Day,
    ends_on: Option<Day>,
    state: Standing,
    replaces: Option<RegistrationId>,
    claimed_by: Option<CaseId>,
}

/// Adds a registration.
pub fn insert(
    conn: &mut Conn<'_>,
    pool: Pool,
    registration: &Registration,
) -> Result<(), StoreError> {
    let row = Row {
        pool,
        id: registration.id,
        case_id: registration.case,
        person_id: registration.person,
        kind: registration.kind.clone(),
        destination: registration.destination.clone(),
        starts_on: registration.start,
        ends_on: registration.end,
        state: registration.standing,
        replaces: registration.replaces,
        claimed_by: registration.claimed_by,
    };
    diesel::insert_into(registration::table)
        .values(&row)
        .execute(conn.sql)?;
    Ok(())
}

/// All registrations of a person, newest start first.
pub fn of_person(conn: &mut Conn<'_>, person: PersonId) -> Result<Vec<Registration>, StoreError> {
    let rows: Vec<Row> = registration::table
        .filter(registration::person_id.eq(person))
        .order((registration::starts_on.desc(), registration::id.desc()))
        .select(Row::as_select())
        .load(conn.sql)?;
    Ok(rows.into_iter().map(Registration::from).collect())
}

/// All registrations of some persons, newest start first.
pub fn of_persons(
    conn: &mut Conn<'_>,
    persons: &[PersonId],
) -> Result<BTreeMap<PersonId, Vec<Registration>>, StoreError> {
    let rows: Vec<Row> = registration::table
        .filter(any_of(registration::person_id, persons))
        .order((registration::starts_on.desc(), registration::id.desc()))
        .select(Row::as_select())
        .load(conn.sql)?;
    let mut found: BTreeMap<PersonId, Vec<Registration>> = BTreeMap::new();
    for row in rows {
        found.entry(row.person_id).or_default().push(row.into());
    }
    Ok(found)
}

/// Adds registrations of one pool, in one statement.
pub fn insert_together(
    conn: &mut Conn<'_>,
    pool: Pool,
    registrations: &[&Registration],
) -> Result<(), StoreError> {
    let columns = [
        ("pool", Holds::Text),
        ("id", Holds::Id),
        ("case_id", Holds::Id),
        ("person_id", Holds::Id),
        ("kind", Holds::Text),
        ("destination", Holds::Text),
        ("starts_on", Holds::Day),
        ("ends_on", Holds::Day),
        ("state", Holds::Text),
        ("replaces", Holds::Id),
        ("claimed_by", Holds::Id),
    ];
    let rows = registrations
        .iter()
        .map(|new| {
            vec![
                pool.as_str().into(),
                many::id(new.id),
                many::id(new.case),
                many::id(new.person),
                new.kind.as_str().into(),
                new.destination.as_str().into(),
                new.start.to_string().into(),
                new.end.map(|end| end.to_string()).into(),
                new.standing.as_str().into(),
                new.replaces.map_or(Value::Null, many::id),
                new.claimed_by.map_or(Value::Null, many::id),
            ]
        })
        .collect();
    many::insert(conn.sql, "registration", &columns, rows)?;
    Ok(())
}

/// The cases that made the registrations of a person, whichever pools they are in.
pub fn cases_of_person(
    conn: &mut Conn<'_>,
    person: PersonId,
) -> Result<Vec<(Pool, CaseId)>, StoreError> {
    Ok(registration::table
        .filter(registration::person_id.eq(person))
        .order((registration::starts_on.desc(), registration::id.desc()))
        .select((registration::pool, registration::case_id))
        .load(conn.sql)?)
}

/// The registration a case made.
pub fn of_case(
    conn: &mut Conn<'_>,
    pool: Pool,
    case: CaseId,
) -> Result<Option<Registration>, StoreError> {
    let row: Option<Row> = registration::table
        .filter(
            registration::pool
                .eq(pool)
                .and(registration::case_id.eq(case)),
        )
        .select(Row::as_select())
        .first(conn.sql)
        .optional()?;
    Ok(row.map(Registration::from))
}

/// Corrects the pending registration of a case.
pub fn revise(
    conn: &mut Conn<'_>,
    pool: Pool,
    case: CaseId,
    kind: &str,
    destination: &str,
    (start, end): (Day, Option<Day>),
) -> Result<(), StoreError> {
    diesel::update(
        registration::table.filter(
            registration::pool
                .eq(pool)
                .and(registration::case_id.eq(case)),
        ),
    )
    .set((
        registration::kind.eq(kind),
        registration::destination.eq(destination),
        registration::starts_on.eq(start),
        registration::ends_on.eq(end),
    ))
    .execute(conn.sql)?;
    Ok(())
}

/// The registration a case made follows the patient ledger (XR-3).
pub fn follow(
    conn: &mut Conn<'_>,
    pool: Pool,
    case: CaseId,
    destination: &str,
    course: Course,
) -> Result<(), StoreError> {
    let of_case = registration::pool
        .eq(pool)
        .and(registration::case_id.eq(case));
    diesel::update(registration::table.filter(of_case))
        .set((
            registration::destination.eq(destination),
            registration::starts_on.eq(course.start),
            registration::ends_on.eq(course.end),
            registration::state.eq(course.standing),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// Marks a registration as being changed or cancelled by a case.
pub fn claim(conn: &mut Conn<'_>, id: RegistrationId, by: CaseId) -> Result<(), StoreError> {
    diesel::update(
        registration::table.filter(
            registration::id
                .eq(id)
                .and(registration::claimed_by.is_null()),
        ),
    )
    .set(registration::claimed_by.eq(by))
    .execute(conn.sql)?;
    Ok(())
}

/// The registration of a case comes into force, pending or dropped before the case was opened again; the one it
/// replaces ends the day before it starts.
pub fn activate(conn: &mut Conn<'_>, pool: Pool, case: CaseId) -> Result<(), StoreError> {
    // XR-3: what was in force from the filing on may have ended meanwhile.
    let of_case = registration::pool
        .eq(pool)
        .and(registration::case_id.eq(case))
        .and(registration::state.eq_any([
            Standing::Pending,
            Standing::Cancelled,
            Standing::Recorded,
        ]));
    let new: Option<(Day, Option<RegistrationId>)> =
        diesel::update(registration::table.filter(of_case))
            .set(registration::state.eq(Standing::Active))
            .returning((registration::starts_on, registration::replaces))
            .get_result(conn.sql)
            .optional()?;
    let Some((first_day, Some(old))) = new else {
        return Ok(());
    };
    let replaced: Option<(Day, Option<Day>)> = registration::table
        .find((pool, old))
        .select((registration::starts_on, registration::ends_on))
        .first(conn.sql)
        .optional()?;
    if let Some((start, _)) = replaced {
        // Never before its own first day: a change from the first day on leaves no day of the old one.
        let last = first_day.pred_opt().unwrap_or(first_day).max(start);
        diesel::update(registration::table.find((pool, old)))
            .set((
                registration::state.eq(Standing::Ended),
                registration::ends_on.eq(Some(last)),
                registration::claimed_by.eq(None::<CaseId>),
            ))
            .execute(conn.sql)?;
    }
    Ok(())
}

/// The registration a case claimed is cancelled.
pub fn cancel_claimed(conn: &mut Conn<'_>, pool: Pool, case: CaseId) -> Result<(), StoreError> {
    diesel::update(
        registration::table.filter(
            registration::pool
                .eq(pool)
                .and(registration::claimed_by.eq(case)),
        ),
    )
    .set((
        registration::state.eq(Standing::Cancelled),
        registration::claimed_by.eq(None::<CaseId>),
    ))
    .execute(conn.sql)?;
    Ok(())
}

/// The registration a case made is cancelled, in force or not.
pub fn void(conn: &mut Conn<'_>, pool: Pool, case: CaseId) -> Result<(), StoreError> {
    settle(conn, pool, case, Standing::Cancelled)
}

/// The registration a case made is recorded as one that could not be completed (XR-6).
pub fn record(conn: &mut Conn<'_>, pool: Pool, case: CaseId) -> Result<(), StoreError> {
    settle(conn, pool, case, Standing::Recorded)
}

fn settle(
    conn: &mut Conn<'_>,
    pool: Pool,
    case: CaseId,
    standing: Standing,
) -> Result<(), StoreError> {
    // XR-3: the ledger may have ended it meanwhile.
    let of_case = registration::pool
        .eq(pool)
        .and(registration::case_id.eq(case))
        .and(registration::state.eq_any([Standing::Pending, Standing::Active, Standing::Ended]));
    diesel::update(registration::table.filter(of_case))
        .set(registration::state.eq(standing))
        .execute(conn.sql)?;
    Ok(())
}

/// Drops the pending registration of a case and frees what it claimed.
pub fn drop_pending(conn: &mut Conn<'_>, pool: Pool, case: CaseId) -> Result<(), StoreError> {
    diesel::update(
        registration::table.filter(
            registration::pool
                .eq(pool)
                .and(registration::case_id.eq(case))
                .and(registration::state.eq(Standing::Pending)),
        ),
    )
    .set(registration::state.eq(Standing::Cancelled))
    .execute(conn.sql)?;
    diesel::update(
        registration::table.filter(
            registration::pool
                .eq(pool)
                .and(registration::claimed_by.eq(case)),
        ),
    )
    .set(registration::claimed_by.eq(None::<CaseId>))
    .execute(conn.sql)?;
    Ok(())
}

impl From<Row> for Registration {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            case: row.case_id,
            person: row.person_id,
            kind: row.kind,
            destination: row.destination,
            start: row.starts_on,
            end: row.ends_on,
            standing: row.state,
            replaces: row.replaces,
            claimed_by: row.claimed_by,
        }
    }
}
