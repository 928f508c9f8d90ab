//! The insured-person registry in own tables (CAS-9): persons, coverage, relatives, employers, institutions,
//! agencies. Sensitive columns are opened only where a function says so.

use diesel::prelude::*;

use super::blind;
use super::conn::Conn;
use super::error::StoreError;
use super::schema::{agency, coverage, employer, institution, person, relative};
use crate::domain::id_number::{IdNumber, Sex};
use crate::domain::ids::{CoverageId, EmployerId, InstitutionId, PersonId};
use crate::domain::phone::Phone;
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::region::RegionCode;
use crate::domain::time::{Day, Ts};
use crate::domain::uscc::Uscc;

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
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = coverage)]
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
    #[diesel(column_name = valid_from)]
    pub from: Day,
    /// Last day.
    #[diesel(column_name = valid_to)]
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

/// The person with that ID number, and their name, without opening it.
pub fn by_id_number(
    conn: &mut Conn<'_>,
    number: &IdNumber,
) -> Result<Option<(PersonId, String)>, StoreError> {
    let hash = conn.vault.blind(blind::ID_NUMBER, number.as_str());
    Ok(person::table
        .filter(person::id_hash.eq(hash))
        .select((person::id, person::name))
        .first(conn.sql)
        .optional()?)
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
    Ok(coverage::table
        .filter(coverage::person_id.eq(person).and(in_force(day)))
        .order((coverage::valid_from.desc(), coverage::id.desc()))
        .select(Coverage::as_select())
        .first(conn.sql)
        .optional()?)
}

#[diesel::dsl::auto_type]
pub(super) fn in_force(day: Day) -> _ {
    let open_ended_or_to = coverage::valid_to
        .is_null()
        .or(coverage::valid_to.ge(day).assume_not_null());
    coverage::valid_from.le(day).and(open_ended_or_to)
}

/// Name of a person and the coverage in force on a day; `None` for who is not insured then.
pub fn insured(
    conn: &mut Conn<'_>,
    id: PersonId,
    day: Day,
) -> Result<Option<(String, Coverage)>, StoreError> {
    Ok(coverage::table
        .inner_join(person::table.on(person::id.eq(coverage::person_id)))
        .filter(coverage::person_id.eq(id).and(in_force(day)))
        .order((coverage::valid_from.desc(), coverage::id.desc()))
        .select((person::name, Coverage::as_select()))
        .first(conn.sql)
        .optional()?)
}

/// All agencies.
pub fn agencies(conn: &mut Conn<'_>) -> Result<Vec<Agency>, StoreError> {
    Ok(agency::table
        .order(agency::code)
        .select(Agency::as_select())
        .load(conn.sql)?)
}

/// Adds an agency.
pub fn insert_agency(conn: &mut Conn<'_>, new: &Agency) -> Result<(), StoreError> {
    diesel::insert_into(agency::table)
        .values(new)
        .execute(conn.sql)?;
    Ok(())
}

/// A person to be entered; sex and day of birth are those of the ID number.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// Identifier.
    pub id: PersonId,
    /// ID number; sealed.
    pub id_number: IdNumber,
    /// Name.
    pub name: String,
    /// Registered residence.
    pub region: RegionCode,
    /// Phone number; sealed.
    pub phone: Option<Phone>,
    /// E-mail address; sealed.
    pub email: Option<String>,
    /// Designated institution.
    pub institution: Option<InstitutionId>,
    /// When they were entered.
    pub created_at: Ts,
}

/// Enters a person, sensitive columns sealed and indexed.
///
/// # Errors
/// [`StoreError::NotUnique`] when the ID number is there already.
pub fn insert_person(conn: &mut Conn<'_>, new: &NewPerson) -> Result<(), StoreError> {
    let vault = conn.vault;
    let number = &new.id_number;
    let phone = new.phone.as_ref().map(Phone::as_str);
    let email = new.email.as_ref().map(|email| vault.seal_text(email));
    let sex = match number.sex() {
        Sex::Female => "female",
        Sex::Male => "male",
    };
    diesel::insert_into(person::table)
        .values((
            person::id.eq(new.id),
            person::id_number.eq(vault.seal_text(number.as_str())?),
            person::id_hash.eq(vault.blind(blind::ID_NUMBER, number.as_str())),
            person::last_six_hash.eq(vault.blind(blind::LAST_SIX, number.last_six())),
            person::name.eq(&new.name),
            person::sex.eq(sex),
            person::born.eq(number.birth()),
            person::region.eq(new.region.to_string()),
            person::phone.eq(phone.map(|phone| vault.seal_text(phone)).transpose()?),
            person::phone_hash.eq(phone.map(|phone| vault.blind(blind::PHONE, phone))),
            person::email.eq(email.transpose()?),
            person::institution_id.eq(new.institution),
            person::created_at.eq(new.created_at),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// A spell of coverage to be entered.
#[derive(Clone, Debug)]
pub struct NewCoverage {
    /// Identifier.
    pub id: CoverageId,
    /// Who is insured.
    pub person: PersonId,
    /// Where, how and how long.
    pub coverage: Coverage,
    /// The employer that pays, if one does.
    pub employer: Option<EmployerId>,
}

/// Enters a spell of coverage.
pub fn insert_coverage(conn: &mut Conn<'_>, new: &NewCoverage) -> Result<(), StoreError> {
    let spell = &new.coverage;
    diesel::insert_into(coverage::table)
        .values((
            coverage::id.eq(new.id),
            coverage::person_id.eq(new.person),
            coverage::pool.eq(spell.pool),
            coverage::agency.eq(spell.agency),
            coverage::scheme.eq(&spell.scheme),
            coverage::category.eq(&spell.category),
            coverage::employer_id.eq(new.employer),
            coverage::valid_from.eq(spell.from),
            coverage::valid_to.eq(spell.to),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// Enters that two persons are relatives, each of the other (CAS-10).
pub fn insert_relatives(
    conn: &mut Conn<'_>,
    one: PersonId,
    other: PersonId,
) -> Result<(), StoreError> {
    for (person, kin) in [(one, other), (other, one)] {
        diesel::insert_into(relative::table)
            .values((
                relative::person_id.eq(person),
                relative::relative_id.eq(kin),
            ))
            .execute(conn.sql)?;
    }
    Ok(())
}

/// An employer (参保单位).
#[derive(Clone, Debug)]
pub struct Employer {
    /// Identifier.
    pub id: EmployerId,
    /// Unified Social Credit Code.
    pub uscc: Uscc,
    /// Name.
    pub name: String,
    /// The pool it pays to.
    pub pool: Pool,
    /// The agency that handles its cases.
    pub agency: AgencyCode,
    /// Where it is.
    pub region: RegionCode,
}

/// Enters an employer.
///
/// # Errors
/// [`StoreError::NotUnique`] when the code is there already.
pub fn insert_employer(conn: &mut Conn<'_>, new: &Employer) -> Result<(), StoreError> {
    diesel::insert_into(employer::table)
        .values((
            employer::id.eq(new.id),
            employer::uscc.eq(new.uscc.as_str()),
            employer::name.eq(&new.name),
            employer::pool.eq(new.pool),
            employer::agency.eq(new.agency),
            employer::region.eq(new.region.to_string()),
        ))
        .execute(conn.sql)?;
    Ok(())
}

/// A designated institution (定点医药机构).
#[derive(Clone, Debug)]
pub struct Institution {
    /// Identifier.
    pub id: InstitutionId,
    /// Its code.
    pub code: String,
    /// Name.
    pub name: String,
    /// `hospital` or `pharmacy`.
    pub kind: String,
    /// 0 not graded, 1, 2, 3; of pharmacies 0.
    pub level: i32,
    /// The pool it has its agreement with.
    pub pool: Pool,
    /// Where it is.
    pub region: RegionCode,
}

/// Enters an institution.
///
/// # Errors
/// [`StoreError::NotUnique`] when the code is there already.
pub fn insert_institution(conn: &mut Conn<'_>, new: &Institution) -> Result<(), StoreError> {
    diesel::insert_into(institution::table)
        .values((
            institution::id.eq(new.id),
            institution::code.eq(&new.code),
            institution::name.eq(&new.name),
            institution::kind.eq(&new.kind),
            institution::level.eq(new.level),
            institution::pool.eq(new.pool),
            institution::region.eq(new.region.to_string()),
        ))
        .execute(conn.sql)?;
    Ok(())
}
