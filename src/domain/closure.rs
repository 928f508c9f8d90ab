//! Closures and control periods of areas (封闭管理), and times of an epidemic, as administrators enter them (XR-8, DEF-6).

use super::form::FieldError;
use super::ids::ClosureId;
use super::patient::closed_set;
use super::region::{Level, RegionCode, RegionStanding, Regions};
use super::registration::overlap;
use super::time::Day;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

/// Before this day no epidemic of this kind was.
const EARLIEST: (i32, u32, u32) = (2019, 12, 1);
/// Characters of a notice's number and title at most.
const LONGEST_NOTICE: usize = 200;

closed_set! {
    /// What was entered; texts `closure-kind-<name>`.
    Kind {
        /// A closure or control period of an area.
        Closure,
        /// A time of an epidemic, in the pool.
        Epidemic,
    }
}

closed_set! {
    /// How one stands to a day; texts `closure-phase-<name>`.
    Phase {
        /// Announced.
        Coming,
        /// In force.
        Lasting,
        /// Its last day is over.
        Over,
    }
}

/// A closure as rules look at it: not withdrawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closure {
    /// Identifier.
    pub id: ClosureId,
    /// Kind.
    pub kind: Kind,
    /// Code of a province, prefecture or county.
    pub area: String,
    /// First day.
    pub from: Day,
    /// Last day; it lasts while there is none.
    pub to: Option<Day>,
    /// Number and title of the notice it rests on.
    pub notice: String,
}

impl Closure {
    /// How it stands to a day; both ends are counted in.
    pub fn phase(&self, today: Day) -> Phase {
        if today < self.from {
            Phase::Coming
        } else if self.to.is_some_and(|last| last < today) {
            Phase::Over
        } else {
            Phase::Lasting
        }
    }
}

/// What an administrator enters, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Kind.
    pub kind: Kind,
    /// Code of the area.
    pub area: RegionCode,
    /// First day.
    pub from: Day,
    /// Last day, where it was announced.
    pub to: Option<Day>,
    /// Number and title of the notice.
    pub notice: String,
}

/// What was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// Kind.
    pub kind: String,
    /// Code or Chinese name of the area; of an epidemic none.
    pub area: String,
    /// First day.
    pub from: Option<Day>,
    /// Last day.
    pub to: Option<Day>,
    /// Number and title of the notice.
    pub notice: String,
}

/// Reads an entry; `pool` is the area of an epidemic.
///
/// # Errors
/// Every fault at its field.
pub fn read(typed: &Typed, pool: RegionCode, regions: &Regions) -> Result<Entry, Vec<FieldError>> {
    let mut errors = vec![];
    let mut fault = |field: &str, code: &str| errors.push(FieldError::new(field, code));
    let kind: Option<Kind> = typed.kind.parse().ok();
    if kind.is_none() {
        fault("kind", "choice-unknown");
    }
    let area = match kind {
        Some(Kind::Epidemic) => Ok(pool),
        Some(Kind::Closure) | None => area_of(&typed.area, regions),
    };
    if let Err(code) = area {
        fault("area", code);
    }
    match typed.from {
        None => fault("from", "required"),
        Some(from) if from < earliest() => fault("from", "closure-too-early"),
        Some(_) => {}
    }
    if let (Some(from), Some(to)) = (typed.from, typed.to)
        && to < from
    {
        fault("to", "end-before-start");
    }
    let notice = typed.notice.trim();
    if let Some(code) = notice_fault(notice) {
        fault("notice", code);
    }
    match (kind, area, typed.from) {
        (Some(kind), Ok(area), Some(from)) if errors.is_empty() => Ok(Entry {
            kind,
            area,
            from,
            to: typed.to,
            notice: notice.to_owned(),
        }),
        _ => Err(errors),
    }
}

/// What is wrong with the number and title of a notice.
pub fn notice_fault(notice: &str) -> Option<&'static str> {
    if notice.is_empty() {
        Some("required")
    } else if notice.chars().count() > LONGEST_NOTICE {
        Some("text-too-long")
    } else {
        None
    }
}

/// The area of a code or of a Chinese name; a name that several areas share needs the code.
fn area_of(typed: &str, regions: &Regions) -> Result<RegionCode, &'static str> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err("required");
    }
    if let Some(code) = RegionCode::parse(typed) {
        return match regions.find(code) {
            RegionStanding::Current if !code.outside_mainland() => Ok(code),
            _ => Err("region-unknown"),
        };
    }
    let named: Vec<RegionCode> = regions
        .search(typed, usize::MAX)
        .into_iter()
        .filter(|region| {
            region.name_zh == typed
                || regions
                    .full_name(region.code, super::locale::Locale::Zh)
                    .is_some_and(|full| full == typed)
        })
        .map(|region| region.code)
        .filter(|code| !(code.level() == Level::Prefecture && code.in_municipality()))
        .collect();
    match named.as_slice() {
        [one] => Ok(*one),
        [] => Err("region-unknown"),
        _ => Err("region-ambiguous"),
    }
}

fn earliest() -> Day {
    let (year, month, day) = EARLIEST;
    Day::from_ymd_opt(year, month, day).unwrap_or_default()
}

/// The closures that support who says they could not leave a place (XR-8): of an area inside or around it, with a day
/// in common. Times of an epidemic close no area.
pub fn supporting<'a>(
    closures: &'a [Closure],
    place: &str,
    span: (Day, Option<Day>),
) -> impl Iterator<Item = &'a Closure> {
    let place = within(place).to_owned();
    closures.iter().filter(move |closure| {
        let area = within(&closure.area);
        closure.kind == Kind::Closure
            && (area.starts_with(&place) || place.starts_with(area))
            && overlap((closure.from, closure.to), span)
    })
}

/// What the codes of all places inside a region begin with: of a province two digits, of a prefecture four.
fn within(code: &str) -> &str {
    let prefecture = code.strip_suffix("00").unwrap_or(code);
    match prefecture.strip_suffix("00") {
        Some(province) if code.len() == 6 => province,
        Some(_) | None => prefecture,
    }
}

#[cfg(test)]
mod tests;
