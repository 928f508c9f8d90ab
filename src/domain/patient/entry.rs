//! Reading an entry of the ledger: from what was typed, sent or stands in a spreadsheet to an entry in which everything
//! agrees (IN-4). What the ID number or the registry knows need not be given; what is given must not contradict them.
//! Nothing is looked up here.

use std::collections::BTreeSet;

use super::{Patient, Progress, Scheme, Status};
use crate::domain::form::{FieldError, read_day};
use crate::domain::id_number::{IdNumber, Sex, normalised};
use crate::domain::ids::{InstitutionId, PatientId, PersonId};
use crate::domain::locale::Locale;
use crate::domain::person_name::PersonName;
use crate::domain::place::{AgencyCode, Pool};
use crate::domain::region::{Level, RegionCode, RegionStanding, Regions};
use crate::domain::text::{cleaned, half_width};
use crate::domain::time::Day;

/// Nobody was admitted with the disease before this day.
const FIRST_ADMISSION: (i32, u32, u32) = (2019, 12, 1);

/// The columns of annex 3 as they came; empty where they were left out.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Raw {
    /// 姓名
    pub name: String,
    /// 身份证号
    pub id_number: String,
    /// 性别
    pub sex: String,
    /// 年龄
    pub age: String,
    /// 诊断
    pub status: String,
    /// 入院日期
    pub admitted_on: String,
    /// 出院日期
    pub discharged_on: String,
    /// 险种
    pub scheme: String,
    /// 参保地
    pub place_of_insurance: String,
}

impl std::fmt::Debug for Raw {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Raw(…)")
    }
}

/// An entry whose columns are good each by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Name.
    pub name: PersonName,
    /// ID number.
    pub id_number: IdNumber,
    /// Age in whole years on the day of admission.
    pub age: u16,
    /// Condition.
    pub status: Status,
    /// First day of the stay.
    pub admitted_on: Day,
    /// Last day of it, once it is over.
    pub discharged_on: Option<Day>,
    /// Scheme, if it was given.
    pub scheme: Option<Scheme>,
    /// Place of insurance as it is kept, if it was given.
    pub place: Option<RegionCode>,
}

/// What the registry knows of the person on the day of admission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Who it is.
    pub person: PersonId,
    /// Name.
    pub name: String,
    /// Pool and scheme; none when not insured on that day.
    pub insured: Option<(Pool, Option<Scheme>)>,
}

/// An entry that agrees with itself and with the registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEntry {
    /// The columns.
    pub entry: Entry,
    /// Who they are in the registry, if it knows them.
    pub person: Option<PersonId>,
    /// Scheme, where it is known.
    pub scheme: Option<Scheme>,
    /// Code of the place of insurance, as the ledger keeps it.
    pub insured_at: String,
}

/// Where a patient is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Treated {
    /// Pool of the institution.
    pub pool: Pool,
    /// Agency of the place.
    pub agency: AgencyCode,
    /// The institution.
    pub institution: InstitutionId,
}

/// Collects what is wrong, and where.
struct Faults(Vec<FieldError>);

impl Faults {
    fn of<T>(&mut self, field: &str, read: Result<T, &str>) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(code) => {
                self.0.push(FieldError::new(field, code));
                None
            }
        }
    }
}

/// Reads the columns; `today` is the Beijing day.
///
/// # Errors
/// Every column that is missing or wrong by itself or beside the others, in the order of the columns.
pub fn read(raw: &Raw, today: Day, regions: &Regions) -> Result<Entry, Vec<FieldError>> {
    let mut faults = Faults(vec![]);
    let name = faults.of("name", read_name(&raw.name));
    let id_number = match raw.id_number.trim().is_empty() {
        true => faults.of("id_number", Err("required")),
        false => IdNumber::parse(&raw.id_number, today)
            .map_err(|reason| {
                let code = format!("id-number-{}", reason.code());
                faults.0.push(FieldError::new("id_number", &code));
            })
            .ok(),
    };
    let sex = faults.of("sex", optional(&raw.sex, read_sex));
    let age = faults.of("age", optional(&raw.age, read_age));
    let status = faults.of("status", read_status(&raw.status));
    let admitted_on = faults.of("admitted_on", admission(&raw.admitted_on, today));
    let discharged = optional(&raw.discharged_on, |typed| past_day(typed, today));
    let discharged_on = faults.of("discharged_on", discharged);
    let scheme = faults.of("scheme", optional(&raw.scheme, read_scheme));
    let place = optional(&raw.place_of_insurance, |typed| read_place(typed, regions));
    let place = faults.of("place_of_insurance", place);
    if let (Some(first), Some(Some(last))) = (admitted_on, discharged_on)
        && last < first
    {
        faults.of::<()>("discharged_on", Err("discharge-before-admission"));
    }
    let own = id_number.as_ref().zip(admitted_on);
    let age = own.and_then(|(number, day)| of_number(number, day, (sex, age), &mut faults));
    match (name, id_number, status, admitted_on, discharged_on) {
        (Some(name), Some(id_number), Some(status), Some(admitted_on), Some(discharged_on))
            if faults.0.is_empty() =>
        {
            Ok(Entry {
                name,
                id_number,
                age: age.unwrap_or_default(),
                status,
                admitted_on,
                discharged_on,
                scheme: scheme.flatten(),
                place: place.flatten(),
            })
        }
        _ => Err(faults.0),
    }
}

/// Age by the ID number; sex and age that were given must be its own.
fn of_number(
    number: &IdNumber,
    admitted_on: Day,
    (sex, age): (Option<Option<Sex>>, Option<Option<u16>>),
    faults: &mut Faults,
) -> Option<u16> {
    if sex.flatten().is_some_and(|given| given != number.sex()) {
        faults.of::<()>("sex", Err("sex-contradicts"));
    }
    let years = admitted_on
        .years_since(number.birth())
        .and_then(|years| u16::try_from(years).ok());
    let years = faults.of("admitted_on", years.ok_or("admission-before-birth"))?;
    if age.flatten().is_some_and(|given| given != years) {
        faults.of::<()>("age", Err("age-contradicts"));
    }
    Some(years)
}

/// Holds an entry against what the registry knows of the person.
///
/// # Errors
/// What contradicts it; a missing place of insurance where it knows none.
pub fn agreed(entry: Entry, known: Option<&Known>) -> Result<NewEntry, Vec<FieldError>> {
    let mut faults = Faults(vec![]);
    if known.is_some_and(|known| known.name != entry.name.as_str()) {
        faults.of::<()>("name", Err("name-contradicts"));
    }
    let (scheme, insured_at) = match known.and_then(|known| known.insured.as_ref()) {
        Some((pool, scheme)) => {
            if entry.place.is_some_and(|place| !is_at(place, *pool)) {
                faults.of::<()>("place_of_insurance", Err("place-contradicts"));
            }
            if scheme.is_some() && entry.scheme.is_some() && entry.scheme != *scheme {
                faults.of::<()>("scheme", Err("scheme-contradicts"));
            }
            (scheme.or(entry.scheme), Some(pool.to_string()))
        }
        None => (entry.scheme, entry.place.map(|place| place.to_string())),
    };
    let insured_at = faults.of("place_of_insurance", insured_at.ok_or("required"));
    match insured_at {
        Some(insured_at) if faults.0.is_empty() => Ok(NewEntry {
            person: known.map(|known| known.person),
            scheme,
            insured_at,
            entry,
        }),
        _ => Err(faults.0),
    }
}

/// Whether a place is a pool's, or the province it lies in.
fn is_at(place: RegionCode, pool: Pool) -> bool {
    let place = place.to_string();
    place == pool.as_str() || place == pool.province().as_str()
}

impl NewEntry {
    /// The entry as it is kept first.
    pub fn begin(&self, id: PatientId, at: Treated) -> Patient {
        let entry = &self.entry;
        Patient {
            id,
            pool: at.pool,
            agency: at.agency,
            institution: at.institution,
            name: entry.name.as_str().to_owned(),
            person: self.person,
            sex: entry.id_number.sex(),
            age: entry.age,
            status: entry.status,
            admitted_on: entry.admitted_on,
            discharged_on: entry.discharged_on,
            scheme: self.scheme,
            insured_at: self.insured_at.clone(),
            progress: first_progress(&self.insured_at, at.pool),
            version: 1,
        }
    }
}

/// How far the registration is before anything was done about it.
pub(super) fn first_progress(insured_at: &str, treated_in: Pool) -> Progress {
    match insured_at == treated_in.as_str() {
        true => Progress::NotNeeded,
        false => Progress::Open,
    }
}

/// What may be left out: none when it was.
fn optional<'e, T>(
    typed: &str,
    read: impl FnOnce(&str) -> Result<T, &'e str>,
) -> Result<Option<T>, &'e str> {
    match cleaned(typed).as_str() {
        "" => Ok(None),
        typed => read(typed).map(Some),
    }
}

fn read_name(typed: &str) -> Result<PersonName, &'static str> {
    match cleaned(typed).is_empty() {
        true => Err("required"),
        false => PersonName::parse(typed).map_err(|_| "name-malformed"),
    }
}

fn read_sex(typed: &str) -> Result<Sex, &'static str> {
    match typed {
        "female" | "女" | "女性" => Ok(Sex::Female),
        "male" | "男" | "男性" => Ok(Sex::Male),
        _ => Err("choice-unknown"),
    }
}

fn read_age(typed: &str) -> Result<u16, &'static str> {
    let digits: String = typed.chars().map(half_width).collect();
    let digits = digits.strip_suffix('岁').unwrap_or(&digits).trim();
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    let age = digits.parse().ok().filter(|age| plain && *age <= 150);
    age.ok_or("age-malformed")
}

/// A condition by its name or as annex 3 has it.
///
/// # Errors
/// The code of what is wrong.
pub fn read_status(typed: &str) -> Result<Status, &'static str> {
    match cleaned(typed).as_str() {
        "" => Err("choice-required"),
        "疑似" => Ok(Status::Suspected),
        "确诊" => Ok(Status::Confirmed),
        "排除" => Ok(Status::Excluded),
        name => name.parse().map_err(|_| "choice-unknown"),
    }
}

fn read_scheme(typed: &str) -> Result<Scheme, &'static str> {
    match typed {
        "职工医保" | "职工" => Ok(Scheme::Employee),
        "居民医保" | "居民" => Ok(Scheme::Resident),
        name => name.parse().map_err(|_| "choice-unknown"),
    }
}

/// A day that has come.
///
/// # Errors
/// The code of what is wrong.
pub fn past_day(typed: &str, today: Day) -> Result<Day, &'static str> {
    match read_day(typed).ok_or("day-impossible")? {
        day if day > today => Err("day-in-future"),
        day => Ok(day),
    }
}

fn admission(typed: &str, today: Day) -> Result<Day, &'static str> {
    let typed = cleaned(typed);
    if typed.is_empty() {
        return Err("required");
    }
    let day = past_day(&typed, today)?;
    let (year, month, first) = FIRST_ADMISSION;
    match Day::from_ymd_opt(year, month, first).is_some_and(|first| day < first) {
        true => Err("admission-too-early"),
        false => Ok(day),
    }
}

/// A place of insurance by the code of a county, prefecture or province, or by its Chinese name where only one has it;
/// kept as its prefecture, a province as it is.
fn read_place(typed: &str, regions: &Regions) -> Result<RegionCode, &'static str> {
    let typed = normalised(typed);
    let code = match RegionCode::parse(&typed) {
        Some(code) => code,
        None => named(&typed, regions)?,
    };
    let known = matches!(
        regions.find(code),
        RegionStanding::Current | RegionStanding::Abolished
    );
    if !known || code.outside_mainland() {
        return Err("region-unknown");
    }
    Ok(match code.level() {
        Level::Province => code,
        Level::Prefecture | Level::County => code.prefecture().unwrap_or(code),
    })
}

fn named(typed: &str, regions: &Regions) -> Result<RegionCode, &'static str> {
    let exact = |code: RegionCode, name: &str| {
        name == typed || regions.full_name(code, Locale::Zh).as_deref() == Some(typed)
    };
    let found = regions.search(typed, 50);
    // A municipality is province and prefecture under one name: the prefecture is its pool.
    let fitting: BTreeSet<RegionCode> = found
        .iter()
        .filter(|region| exact(region.code, &region.name_zh))
        .map(|region| regions.destination(region.code).unwrap_or(region.code))
        .collect();
    match (fitting.first(), fitting.len()) {
        (Some(code), 1) => Ok(*code),
        (Some(_), _) => Err("region-ambiguous"),
        (None, _) if typed.bytes().all(|byte| byte.is_ascii_digit()) => Err("region-malformed"),
        (None, _) => Err("region-unknown"),
    }
}

#[cfg(test)]
mod tests;
