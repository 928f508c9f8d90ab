//! What a row of a list says, before anybody is looked up. No database, no clock.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::documents::spreadsheet::{Beside, Cell, Row, Unfit};
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

/// Reads a row; `today` is the Beijing day on which nobody is yet to be born.
pub(super) fn read(row: &Row, names: &Names, today: Day) -> Read {
    let [id_number, destination, start, end, phone] = cells(row);
    let who = id_number
        .exact_text()
        .map_err(|unfit| at("id_number", unfit))
        .and_then(|typed| typed.ok_or_else(|| FieldError::new("id_number", "required")))
        .and_then(|typed| {
            IdNumber::parse(&typed, today)
                .map_err(|e| FieldError::new("id_number", &format!("id-number-{}", e.code())))
        });
    let answers =
        answers([destination, start, end, phone], names).and_then(|answers| match row.beside {
            Beside::Nothing => Ok(answers),
            Beside::Something => Err(FieldError::new("", "row-beside")),
        });
    Read {
        number: row.number,
        who,
        answers,
    }
}

fn answers(
    [destination, start, end, phone]: [&Cell; 4],
    names: &Names,
) -> Result<Map<String, Value>, FieldError> {
    let mut answers = Map::new();
    let mut put = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            answers.insert(name.to_owned(), value.into());
        }
    };
    // XR-9: returning migrant workers go away for a time, under the pledge of who uploads.
    put("kind", Some("other-temporary".to_owned()));
    put("pledge", Some("true".to_owned()));
    let typed = destination
        .text()
        .map_err(|unfit| at("destination", unfit))?;
    put(
        "destination",
        typed.map(|typed| names.code(typed)).transpose()?,
    );
    for (name, cell) in [("start", start), ("end", end)] {
        let day = cell.day().map_err(|unfit| at(name, unfit))?;
        put(name, day.map(|day| day.to_string()));
    }
    put("phone", phone.text().map_err(|unfit| at("phone", unfit))?);
    Ok(answers)
}

fn cells(row: &Row) -> [&Cell; 5] {
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
