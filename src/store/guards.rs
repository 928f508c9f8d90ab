//! Guard rows: a rule that looks at other rows takes one and raises its version in the same transaction,
//! so that two transactions asking the same question come one after the other.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::blind;
use super::conn::Conn;
use super::dialect::{OrIgnore, skip_locked};
use super::error::StoreError;
use super::many::{self, Holds};
use super::schema::guard;
use crate::domain::id_number::IdNumber;
use crate::domain::ids::{InstitutionId, PersonId};
use crate::domain::place::Pool;

/// Takes the guard of a person's registrations (XR-2) until the transaction ends.
pub fn person_registrations(
    conn: &mut Conn<'_>,
    pool: Pool,
    person: PersonId,
) -> Result<(), StoreError> {
    raise(conn, pool, "person-registrations", person)
}

/// Takes the guards of many persons' registrations (XR-2), in one order whoever takes them.
pub fn persons_registrations(
    conn: &mut Conn<'_>,
    pool: Pool,
    persons: &BTreeSet<PersonId>,
) -> Result<(), StoreError> {
    let kind = "person-registrations";
    let columns = [
        ("pool", Holds::Text),
        ("kind", Holds::Text),
        ("subject", Holds::Id),
        ("version", Holds::Number),
    ];
    let rows = persons
        .iter()
        .map(|person| {
            vec![
                pool.as_str().into(),
                kind.into(),
                many::id(*person),
                0.into(),
            ]
        })
        .collect();
    let otherwise = "(pool, kind, subject) DO UPDATE SET version = guard.version + 1";
    many::insert_or(conn.sql, "guard", &columns, rows, otherwise)?;
    Ok(())
}

/// Takes the guard of a person's authorisations (CAS-8): two between the same people share no day.
pub fn person_authorisations(
    conn: &mut Conn<'_>,
    pool: Pool,
    person: PersonId,
) -> Result<(), StoreError> {
    raise(conn, pool, "person-authorisations", person)
}

/// Takes the guard of a pool's rosters and leave (CAT-3): nobody is in two places, or stands in while away.
pub fn rosters(conn: &mut Conn<'_>, pool: Pool) -> Result<(), StoreError> {
    // The guard is the pool's as a whole: its subject is nobody.
    raise(conn, pool, "rosters", PersonId::from(uuid::Uuid::nil()))
}

/// Takes the guard of the closures a pool enters (XR-8): no area is entered twice for a day.
pub fn closures(conn: &mut Conn<'_>, pool: Pool) -> Result<(), StoreError> {
    // The guard is the pool's as a whole: its subject is nobody.
    raise(conn, pool, "closures", PersonId::from(uuid::Uuid::nil()))
}

/// Takes the guard of a person's stays at an institution (IN-4): two clicks make one entry. The person may be unknown to
/// the registry, so the subject is made of the blind index.
pub fn institution_stays(
    conn: &mut Conn<'_>,
    pool: Pool,
    institution: InstitutionId,
    number: &IdNumber,
) -> Result<(), StoreError> {
    let whose = format!("{institution}/{}", number.as_str());
    let hash = conn.vault.blind(blind::STAY, &whose);
    let subject = hash.first_chunk::<16>().copied().unwrap_or_default();
    let subject = PersonId::from(uuid::Uuid::from_bytes(subject));
    raise(conn, pool, "institution-stays", subject)
}

fn raise(
    conn: &mut Conn<'_>,
    pool: Pool,
    kind: &'static str,
    subject: PersonId,
) -> Result<(), StoreError> {
    let raise = diesel::update(
        guard::table.filter(
            guard::pool
                .eq(pool)
                .and(guard::kind.eq(kind))
                .and(guard::subject.eq(subject)),
        ),
    )
    .set(guard::version.eq(guard::version + 1));
    if raise.clone().execute(conn.sql)? == 1 {
        return Ok(());
    }
    OrIgnore(diesel::insert_into(guard::table).values((
        guard::pool.eq(pool),
        guard::kind.eq(kind),
        guard::subject.eq(subject),
        guard::version.eq(0_i64),
    )))
    .execute(conn.sql)?;
    // Whoever inserted it, the update waits for them.
    raise.execute(conn.sql)?;
    Ok(())
}

/// Whether a guard that nobody waits for was free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guarded {
    /// It is this transaction's until it ends.
    Taken,
    /// Another transaction has it.
    Busy,
}

/// Takes the guard of a pool's seals, so that of several instances one seals a pool at a time.
pub fn sealer(conn: &mut Conn<'_>, pool: Pool) -> Result<Guarded, StoreError> {
    let kind = "sealer";
    // The guard is the pool's as a whole: its subject is nobody.
    let subject = PersonId::from(uuid::Uuid::nil());
    OrIgnore(diesel::insert_into(guard::table).values((
        guard::pool.eq(pool),
        guard::kind.eq(kind),
        guard::subject.eq(subject),
        guard::version.eq(0_i64),
    )))
    .execute(conn.sql)?;
    let row = guard::table
        .find((pool, kind, subject))
        .select(guard::version);
    let free: Vec<i64> = skip_locked(conn.sql, row).load(conn.sql)?;
    Ok(match free.as_slice() {
        [] => Guarded::Busy,
        _ => Guarded::Taken,
    })
}
