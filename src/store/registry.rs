//! The insured-person registry in own tables (CAS-9): persons, coverage, relatives, employers, institutions,
//! agencies. Sensitive columns are opened only where a function says so.

use diesel::prelude::*;

use super::blind;
use super::conn::Conn;
use super::error::StoreError;
use super::schema::{agency, coverage, person};
use crate::domain::ids::PersonId;
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::time::Day;

/// A person with what filing needs, opened.
#[derive(Clone, PartialEq, Eq)]
pub struct Person {
    /// Identifier.
    pub id: PersonId,
    /// Name.
    pub name: String,
    /// ID number, 18 characters.
    pub id_number: String,
    /// Sex, `female` or `male`.
    pub sex: String,
    /// Day of birth.
    pub born: Day,
    /// Code of the registered residence.
    pub region: String,
    /// Phone number.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
}

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Person({})", self.id)
    }
}

/// By which pool and agency somebody is insured on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// The pool that pays.
    pub pool: Pool,
    /// The agency that handles their cases.
    pub agency: AgencyCode,
    /// `employee` or `resident`.
    pub scheme: String,
    /// Category of the person.
    pub category: String,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Option<Day>,
}

/// An agency as pages and deadlines need it. Times are `HH:MM`, Beijing.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = agency)]
pub struct Agency {
    /// Its code.
    pub code: AgencyCode,
    /// Its pool.
    pub pool: Pool,
    /// `city`, `county` or `centre`.
    pub kind: String,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// Phone.
    pub phone: String,
    /// Postal address.
    pub address: String,
    /// Opens.
    pub opens: String,
    /// Lunch begins.
    pub lunch_from: String,
    /// Lunch ends.
    pub lunch_to: String,
    /// Close of business (CLK-3).
    pub closes: String,
}

type PersonRow = (
    PersonId,
    Vec<u8>,
    String,
    String,
    Day,
    String,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
);

/// A person with opened columns.
pub fn person(conn: &mut Conn<'_>, id: PersonId) -> Result<Option<Person>, StoreError> {
    let row: Option<PersonRow> = person::table
        .find(id)
        .select((
            person::id,
            person::id_number,
            person::name,
            person::sex,
            person::born,
            person::region,
            person::phone,
            person::email,
        ))
        .first(conn.sql)
        .optional()?;
    let Some((id, id_number, name, sex, born, region, phone, email)) = row else {
        return Ok(None);
    };
    let open = |sealed: Option<Vec<u8>>| sealed.map(|s| conn.vault.open_text(&s)).transpose();
    let id_number = conn.vault.open_text(&id_number)?;
    Ok(Some(Person {
        id,
        name,
        id_number,
        sex,
        born,
        region,
        phone: open(phone)?,
        email: open(email)?,
    }))
}

/// Whether the last six characters are those of a person's ID number, told without opening it (CAS-5).
pub fn has_last_six(conn: &mut Conn<'_>, id: PersonId, last_six: &str) -> Result<bool, StoreError> {
    let stored: Option<Vec<u8>> = person::table
        .find(id)
        .select(person::last_six_hash)
        .first(conn.sql)
        .optional()?;
    Ok(stored == Some(conn.vault.blind(blind::LAST_SIX, last_six)))
}

/// The coverage in force on a day, the latest begun if there are several.
pub fn coverage_on(
    conn: &mut Conn<'_>,
    person: PersonId,
    day: Day,
) -> Result<Option<Coverage>, StoreError> {
    let row: Option<(Pool, AgencyCode, String, String, Day, Option<Day>)> = coverage::table
        .filter(
            coverage::person_id
                .eq(person)
                .and(coverage::valid_from.le(day)),
        )
        .filter(
            coverage::valid_to
                .is_null()
                .or(coverage::valid_to.ge(day).assume_not_null()),
        )
        .order((coverage::valid_from.desc(), coverage::id.desc()))
        .select((
            coverage::pool,
            coverage::agency,
            coverage::scheme,
            coverage::category,
            coverage::valid_from,
            coverage::valid_to,
        ))
        .first(conn.sql)
        .optional()?;
    Ok(
        row.map(|(pool, agency, scheme, category, from, to)| Coverage {
            pool,
            agency,
            scheme,
            category,
            from,
            to,
        }),
    )
}

/// All agencies.
pub fn agencies(conn: &mut Conn<'_>) -> Result<Vec<Agency>, StoreError> {
    Ok(agency::table
        .order(agency::code)
        .select(Agency::as_select())
        .load(conn.sql)?)
}
