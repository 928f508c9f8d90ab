//! What a row of a list says, before anybody is looked up. No database, no clock.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::documents::spreadsheet::{Beside, Cell, Row, Unfit};
use crate::domain::batch::Kind;
use crate::domain::form::FieldError;
use crate::domain::id_number::IdNumber;
use crate::domain::locale::Locale;
use crate::domain::region::{RegionCode, Regions};
use crate::domain::time::Day;

/// A row as read.
#[derive(Clone, Debug)]
pub(super) struct Read {
    /// Its number in the spreadsheet.
    pub number: u32,
    /// Whom it is about.
    pub who: Result<IdNumber, FieldError>,
    /// The name that must be theirs, of a list under pledge.
    pub name: Option<String>,
    /// What is answered for them; the phone number may still be missing.
    pub answers: Result<Map<String, Value>, FieldError>,
}

/// Destinations by their Chinese names (XR-1); names that several bear are nobody's.
#[derive(Clone, Debug)]
pub(super) struct Names(BTreeMap<String, Option<RegionCode>>);

impl Names {
    pub(super) fn of(regions: &Regions) -> Self {
        let mut names: BTreeMap<String, Option<RegionCode>> = BTreeMap::new();
        for region in regions.destinations() {
            let full = regions.full_name(region.code, Locale::Zh);
            let mut own: Vec<String> = full.into_iter().chain([region.name_zh.clone()]).collect();
            own.dedup();
            for name in own {
                names
                    .entry(name)
                    .and_modify(|code| *code = code.filter(|code| *code == region.code))
                    .or_insert(Some(region.code));
            }
        }
        Self(names)
    }

    /// The code of what somebody wrote: a code as it is, a name as the lists have it.
    fn code(&self, typed: String) -> Result<String, FieldError> {
        if typed.chars().all(|c| c.is_ascii_digit()) {
            return Ok(typed);
        }
        match self.0.get(&typed).copied().flatten() {
            Some(code) => Ok(code.to_string()),
            None => Err(FieldError::new("destination", "region-unknown")),
        }
    }
}

/// Reads a row; `today` is the Beijing day on which nobody is yet to be born, and a list under pledge begins.
pub(super) fn read(kind: Kind, row: &Row, names: &Names, today: Day) -> Read {
    let said = match kind {
        Kind::List => full(row, names),
        Kind::Pledge => pledged(row, names, today),
    };
    let answers = said.and_then(|said| match row.beside {
        Beside::Nothing => Ok(said),
        Beside::Something => Err(FieldError::new("", "row-beside")),
    });
    let (name, answers) = match answers {
        Ok((name, answers)) => (name, Ok(answers)),
        Err(error) => (None, Err(error)),
    };
    Read {
        number: row.number,
        who: who(row, today),
        name,
        answers,
    }
}

fn who(row: &Row, today: Day) -> Result<IdNumber, FieldError> {
    let [id_number] = cells(row);
    let typed = id_number
        .exact_text()
        .map_err(|unfit| at("id_number", unfit))?
        .ok_or_else(|| FieldError::new("id_number", "required"))?;
    IdNumber::parse(&typed, today)
        .map_err(|e| FieldError::new("id_number", &format!("id-number-{}", e.code())))
}

/// Name and answers.
type Said = (Option<String>, Map<String, Value>);

fn full(row: &Row, names: &Names) -> Result<Said, FieldError> {
    let [_, destination, start, end, phone] = cells(row);
    let mut answers = under_pledge();
    put_destination(&mut answers, destination, names)?;
    for (name, cell) in [("start", start), ("end", end)] {
        let day = cell.day().map_err(|unfit| at(name, unfit))?;
        put(&mut answers, name, day.map(|day| day.to_string()));
    }
    let phone = phone.text().map_err(|unfit| at("phone", unfit))?;
    put(&mut answers, "phone", phone);
    Ok((None, answers))
}

fn pledged(row: &Row, names: &Names, today: Day) -> Result<Said, FieldError> {
    let [_, destination, name] = cells(row);
    let mut answers = under_pledge();
    put_destination(&mut answers, destination, names)?;
    put(&mut answers, "start", Some(today.to_string()));
    let name = name
        .text()
        .map_err(|unfit| at("name", unfit))?
        .ok_or_else(|| FieldError::new("name", "required"))?;
    Ok((Some(name), answers))
}

/// XR-9: returning migrant workers go away for a time, under the pledge of who uploads.
fn under_pledge() -> Map<String, Value> {
    let mut answers = Map::new();
    put(&mut answers, "kind", Some("other-temporary".to_owned()));
    put(&mut answers, "pledge", Some("true".to_owned()));
    answers
}

fn put_destination(
    answers: &mut Map<String, Value>,
    cell: &Cell,
    names: &Names,
) -> Result<(), FieldError> {
    let typed = cell.text().map_err(|unfit| at("destination", unfit))?;
    let code = typed.map(|typed| names.code(typed)).transpose()?;
    put(answers, "destination", code);
    Ok(())
}

fn put(answers: &mut Map<String, Value>, name: &str, value: Option<String>) {
    if let Some(value) = value {
        answers.insert(name.to_owned(), value.into());
    }
}

/// The first cells of a row.
fn cells<const COUNT: usize>(row: &Row) -> [&Cell; COUNT] {
    std::array::from_fn(|at| row.cells.get(at).unwrap_or(&Cell::Empty))
}

fn at(column: &str, unfit: Unfit) -> FieldError {
    FieldError::new(column, unfit.code())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::documents::spreadsheet::{Limits, read as read_list};
    use crate::usecases::batches::COLUMNS;

    fn told(line: &str) -> String {
        let regions = Regions::parse(crate::data::REGIONS).unwrap();
        let list = format!("id_number,destination,start,end,phone,\n{line}\n");
        let rows = read_list(list.as_bytes(), COLUMNS, Limits::UPLOAD).unwrap();
        let read = read(
            Kind::List,
            &rows[0],
            &Names::of(&regions),
            "2026-12-01".parse().unwrap(),
        );
        match (&read.who, &read.answers) {
            (Err(error), _) | (Ok(_), Err(error)) => format!("{} {}", error.field, error.code),
            (Ok(_), Ok(answers)) => answers["destination"].as_str().unwrap().to_owned(),
        }
    }

    // XR-9: each fault at its column, names of places exactly as the lists have them.
    #[rstest]
    #[case("11010519491231002X,371000,2026-12-01,,", "371000")]
    #[case("11010519491231002X,威海市,2026-12-01,,", "371000")]
    #[case("11010519491231002X,山东省威海市,2026-12-01,,", "371000")]
    #[case("11010519491231002X,上海市,2026-12-01,,", "310100")]
    #[case("11010519491231002X,威海,2026-12-01,,", "destination region-unknown")]
    #[case(
        "110105194912310021,威海市,2026-12-01,,",
        "id_number id-number-checksum"
    )]
    #[case(
        "110105491231002,威海市,2026-12-01,,",
        "id_number id-number-fifteen-digits"
    )]
    #[case("1.10105E+17,威海市,2026-12-01,,", "id_number cell-number-not-text")]
    #[case(",威海市,2026-12-01,,", "id_number required")]
    #[case("11010519491231002X,威海市,46357,,", "start cell-number-not-day")]
    #[case(
        "11010519491231002X,威海市,2026-12-01,2026-02-30,",
        "end day-impossible"
    )]
    #[case("11010519491231002X,威海市,2026-12-01,,,more", " row-beside")]
    fn a_fault_is_told_at_its_column(#[case] line: &str, #[case] expected: &str) {
        assert_eq!(told(line), expected);
    }
}
