//! The people an employer pays contributions for (参保职工), by the registry, and what it registered for them. Sensitive
//! columns are opened for the employer's own agents, whose reading is logged.

use diesel::prelude::*;

use super::blind;
use super::conn::Conn;
use super::error::StoreError;
use super::fragments::{any_of, literal};
use super::many::{self, Column, Holds};
use super::reads::Read;
use super::schema::{cases, coverage, person, registration};
use crate::domain::id_number::IdNumber;
use crate::domain::ids::{AccountId, EmployerId, PersonId};
use crate::domain::place::Pool;
use crate::domain::registration::Standing;
use crate::domain::time::Day;

/// Somebody an employer pays contributions for, opened.
#[derive(Clone, PartialEq, Eq)]
pub struct Member {
    /// Identifier.
    pub person: PersonId,
    /// Name.
    pub name: String,
    /// ID number, 18 characters.
    pub id_number: String,
    /// Phone number in the registry.
    pub phone: Option<String>,
    /// `employee` or `resident`.
    pub scheme: String,
    /// First day of the coverage.
    pub since: Day,
}

impl std::fmt::Debug for Member {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Member({})", self.person)
    }
}

/// Who is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Search {
    /// Everybody.
    All,
    /// Whose name holds this.
    Name(String),
    /// Who has this ID number.
    Number(IdNumber),
    /// One person.
    Person(PersonId),
}

type Row = (PersonId, String, Vec<u8>, Option<Vec<u8>>, String, Day);

/// The staff of an employer on a day in a fixed order, from beyond `after` on (keyset).
pub fn of_employer(
    conn: &mut Conn<'_>,
    (employer, day): (EmployerId, Day),
    search: &Search,
    after: Option<PersonId>,
    limit: i64,
) -> Result<Vec<Member>, StoreError> {
    let open_ended_or_to = coverage::valid_to
        .is_null()
        .or(coverage::valid_to.ge(day).assume_not_null());
    let mut query = coverage::table
        .inner_join(person::table.on(person::id.eq(coverage::person_id)))
        .filter(coverage::employer_id.eq(employer))
        .filter(coverage::valid_from.le(day).and(open_ended_or_to))
        .into_boxed();
    query = match search {
        Search::All => query,
        Search::Name(name) => query.filter(person::name.like(held(name)).escape('\\')),
        Search::Number(number) => {
            query.filter(person::id_hash.eq(conn.vault.blind(blind::ID_NUMBER, number.as_str())))
        }
        Search::Person(id) => query.filter(person::id.eq(*id)),
    };
    if let Some(after) = after {
        query = query.filter(coverage::person_id.gt(after));
    }
    let rows: Vec<Row> = query
        .order(coverage::person_id)
        .limit(limit)
        .select((
            person::id,
            person::name,
            person::id_number,
            person::phone,
            coverage::scheme,
            coverage::valid_from,
        ))
        .load(conn.sql)?;
    rows.into_iter()
        .map(|(person, name, number, phone, scheme, since)| {
            Ok(Member {
                person,
                name,
                id_number: conn.vault.open_text(&number)?,
                phone: phone
                    .map(|phone| conn.vault.open_text(&phone))
                    .transpose()?,
                scheme,
                since,
            })
        })
        .collect()
}

/// A pattern for what holds the text; its own wildcards stand for themselves.
fn held(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// A registration that the employer filed for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// For whom.
    pub person: PersonId,
    /// Code of the destination.
    pub destination: String,
    /// First day.
    pub start: Day,
    /// Last day.
    pub end: Option<Day>,
    /// Where it stands.
    pub standing: Standing,
    /// The case that made it.
    pub receipt_no: String,
}

/// What some logins registered for some people, as far as it is pending or in force; never what these filed
/// themselves.
pub fn registered(
    conn: &mut Conn<'_>,
    people: &[PersonId],
    filers: &[AccountId],
) -> Result<Vec<Registered>, StoreError> {
    type Found = (PersonId, String, Day, Option<Day>, Standing, String);
    let rows: Vec<Found> = registration::table
        .inner_join(
            cases::table.on(cases::pool
                .eq(registration::pool)
                .and(cases::id.eq(registration::case_id))),
        )
        .filter(any_of(registration::person_id, people))
        .filter(literal("registration.state IN ('pending', 'active')"))
        .filter(any_of(cases::filed_by, filers))
        .order((registration::starts_on.desc(), registration::id.desc()))
        .select((
            registration::person_id,
            registration::destination,
            registration::starts_on,
            registration::ends_on,
            registration::state,
            cases::receipt_no,
        ))
        .load(conn.sql)?;
    Ok(rows
        .into_iter()
        .map(
            |(person, destination, start, end, standing, receipt_no)| Registered {
                person,
                destination,
                start,
                end,
                standing,
                receipt_no,
            },
        )
        .collect())
}

/// Logs many reads at once (CAS-13).
pub fn log_reads(conn: &mut Conn<'_>, pool: Pool, reads: &[Read]) -> Result<(), StoreError> {
    const COLUMNS: [Column; 7] = [
        ("pool", Holds::Text),
        ("id", Holds::Id),
        ("at", Holds::Instant),
        ("account_id", Holds::Id),
        ("person_id", Holds::Id),
        ("what", Holds::Text),
        ("reason", Holds::Bytes),
    ];
    let mut rows = vec![];
    for read in reads {
        rows.push(vec![
            pool.to_string().into(),
            many::id(read.id),
            many::instant(read.at),
            many::id(read.account),
            many::id(read.person),
            read.what.clone().into(),
            many::bytes(&conn.vault.seal_text(&read.reason)?),
        ]);
    }
    many::insert(conn.sql, "sensitive_read", &COLUMNS, rows)?;
    Ok(())
}
