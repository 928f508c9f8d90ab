//! Administrative divisions: six-digit codes of provinces, prefectures and counties (GB/T 2260).
//!
//! Codes are read as codes even when no list has them; whether one is current is a question to [`Regions`].
//! Nothing here refuses a person because a county is unknown.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::locale::Locale;

/// A six-digit code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RegionCode(u32);

/// Which of the three levels a code is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Province, autonomous region, municipality, special administrative region.
    Province,
    /// Prefecture, prefecture-level city; a municipality's `xx0100`.
    Prefecture,
    /// County, district, county-level city.
    County,
}

/// What a list says of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RegionStanding {
    /// In force; the residence permits' 810000, 820000 and 830000 too.
    Current,
    /// In an earlier list.
    Abolished,
    /// In no list, but its province exists.
    UnknownInProvince,
    /// The first two digits name no province.
    NoSuchProvince,
}

/// A division as a list names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// Its code.
    pub code: RegionCode,
    /// Its own name in Chinese, such as 威海市.
    pub name_zh: String,
    /// Its own name in English or Hanyu pinyin; the Chinese one where there is none.
    pub name_en: String,
    /// Month (`YYYY-MM`) of the first list that has it, where known.
    pub listed_from: Option<String>,
    /// Month of the last list that has it; only of abolished ones.
    pub listed_to: Option<String>,
}

/// All divisions; cloning it is cheap.
#[derive(Clone, Debug, Default)]
pub struct Regions(Arc<BTreeMap<RegionCode, Region>>);

/// Why a text is no list of divisions. Lines count from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegionError {
    /// Not the columns code, name_zh, name_en, listed_from, listed_to, or an empty name.
    #[error("line {0}: five columns are needed: code,name_zh,name_en,listed_from,listed_to")]
    Columns(u64),
    /// The first column is no six-digit code.
    #[error("line {0}: a code has six digits")]
    Code(u64),
    /// The same code a second time.
    #[error("line {line}: {code} stands there twice")]
    Twice {
        /// Where.
        line: u64,
        /// Which.
        code: RegionCode,
    },
}

/// A text that is no six-digit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a region code has six digits")]
pub struct RegionCodeError;

/// The first two digits of provinces; 83 is on residence permits of people from Taiwan only.
const PROVINCES: [u32; 35] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52,
    53, 54, 61, 62, 63, 64, 65, 71, 81, 82, 83,
];

impl RegionCode {
    /// Reads six digits.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse().ok().map(Self)).flatten()
    }

    /// Whether the first two digits name a province, or a residence permit (81, 82, 83).
    pub fn has_province(self) -> bool {
        PROVINCES.contains(&(self.0 / 10_000))
    }

    /// Its level, by the zeros at the end.
    pub fn level(self) -> Level {
        if self.0.is_multiple_of(10_000) {
            Level::Province
        } else if self.0.is_multiple_of(100) {
            Level::Prefecture
        } else {
            Level::County
        }
    }

    /// The province it lies in, or itself.
    pub fn province(self) -> Self {
        Self(self.0 / 10_000 * 10_000)
    }

    /// The prefecture it lies in, or itself; none for a province.
    pub fn prefecture(self) -> Option<Self> {
        (self.level() != Level::Province).then(|| Self(self.0 / 100 * 100))
    }

    /// Whether it is a province that is a city (Beijing, Tianjin, Shanghai, Chongqing) or a part of one.
    pub fn in_municipality(self) -> bool {
        matches!(self.0 / 10_000, 11 | 12 | 31 | 50)
    }

    /// Whether it lies in Hong Kong, Macao or Taiwan, where no agency of the mainland's insurance is.
    pub fn outside_mainland(self) -> bool {
        matches!(self.0 / 10_000, 71 | 81 | 82 | 83)
    }
}

impl std::fmt::Display for RegionCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

impl std::fmt::Debug for RegionCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

impl std::str::FromStr for RegionCode {
    type Err = RegionCodeError;
    fn from_str(text: &str) -> Result<Self, RegionCodeError> {
        Self::parse(text).ok_or(RegionCodeError)
    }
}

impl TryFrom<String> for RegionCode {
    type Error = RegionCodeError;
    fn try_from(text: String) -> Result<Self, RegionCodeError> {
        text.parse()
    }
}

impl From<RegionCode> for String {
    fn from(code: RegionCode) -> Self {
        code.to_string()
    }
}

impl Region {
    /// Its own name.
    pub fn name(&self, locale: Locale) -> &str {
        match locale {
            Locale::Zh => &self.name_zh,
            Locale::En => &self.name_en,
        }
    }

    fn is_current(&self) -> bool {
        self.listed_to.is_none()
    }
}

impl Regions {
    /// Reads lists with the columns `code,name_zh,name_en,listed_from,listed_to`; lines that begin with `#`
    /// are remarks. A code with `listed_to` is abolished.
    ///
    /// # Errors
    /// What is wrong with the first bad line.
    pub fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, RegionError> {
        let mut regions = BTreeMap::new();
        for text in texts {
            let mut reader = csv::ReaderBuilder::new()
                .comment(Some(b'#'))
                .flexible(true)
                .from_reader(text.as_bytes());
            for (number, record) in reader.records().enumerate() {
                let line = u64::try_from(number).unwrap_or(u64::MAX).saturating_add(2);
                let record = record.map_err(|_| RegionError::Columns(line))?;
                let line = record.position().map_or(line, csv::Position::line);
                let region = region_of(&record, line)?;
                let code = region.code;
                if regions.insert(code, region).is_some() {
                    return Err(RegionError::Twice { line, code });
                }
            }
        }
        Ok(Self(Arc::new(regions)))
    }

    /// What the lists say of a code, current or abolished.
    pub fn get(&self, code: RegionCode) -> Option<&Region> {
        self.0.get(&code)
    }

    /// Its own name, such as 威海市 or Weihai.
    pub fn name(&self, code: RegionCode, locale: Locale) -> Option<&str> {
        self.get(code).map(|region| region.name(locale))
    }

    /// Its name with what it lies in: 山东省威海市, or Weihai, Shandong. A municipality is named once.
    pub fn full_name(&self, code: RegionCode, locale: Locale) -> Option<String> {
        let own = self.name(code, locale)?;
        let prefecture = code
            .prefecture()
            .and_then(|prefecture| self.name(prefecture, locale));
        let mut parts: Vec<&str> = self.name(code.province(), locale).into_iter().collect();
        parts.extend(prefecture.into_iter().chain([own]));
        parts.dedup();
        Some(match locale {
            Locale::Zh => parts.concat(),
            Locale::En => parts.into_iter().rev().collect::<Vec<_>>().join(", "),
        })
    }

    /// Whether a code is current, abolished or unknown.
    pub fn find(&self, code: RegionCode) -> RegionStanding {
        match self.get(code) {
            Some(region) if region.is_current() => RegionStanding::Current,
            Some(_) => RegionStanding::Abolished,
            None if code == RegionCode(830_000) => RegionStanding::Current,
            None if code.has_province() => RegionStanding::UnknownInProvince,
            None => RegionStanding::NoSuchProvince,
        }
    }

    /// The current divisions directly below a province or prefecture, in the order of their codes. Counties
    /// that a province administers itself are among its own.
    pub fn children(&self, parent: RegionCode) -> impl Iterator<Item = &Region> + '_ {
        self.current()
            .filter(move |region| region.code != parent && self.parent(region.code) == Some(parent))
    }

    /// What a registration for treatment elsewhere may name (XR-1), in the order of the codes: provinces,
    /// prefectures and the counties that a province administers itself. A municipality stands there once, as
    /// its `xx0100`.
    pub fn destinations(&self) -> impl Iterator<Item = &Region> + '_ {
        self.current()
            .filter(|region| self.destination(region.code) == Some(region.code))
    }

    /// The destination that a code names (XR-1), a municipality's province code as its `xx0100`; none for a
    /// county inside a prefecture, an abolished or unknown code, Hong Kong, Macao and Taiwan.
    pub fn destination(&self, code: RegionCode) -> Option<RegionCode> {
        if self.find(code) != RegionStanding::Current || code.outside_mainland() {
            return None;
        }
        match code.level() {
            Level::Province if code.in_municipality() => Some(RegionCode(code.0 + 100)),
            Level::Province | Level::Prefecture => Some(code),
            Level::County => (self.parent(code) == Some(code.province())
                && !code.in_municipality())
            .then_some(code),
        }
    }

    /// Current divisions whose name, full name or code fits what somebody types, provinces first, at most
    /// `limit`. English names are found by their beginning, codes too.
    pub fn search(&self, text: &str, limit: usize) -> Vec<&Region> {
        let wanted: String = text.trim().chars().map(super::text::half_width).collect();
        let english = wanted.to_lowercase();
        if wanted.is_empty() {
            return Vec::new();
        }
        let fits = |region: &&Region| {
            region.code.to_string().starts_with(&wanted)
                || region.name_en.to_lowercase().starts_with(&english)
                || region.name_zh.contains(&wanted)
                || self
                    .full_name(region.code, Locale::Zh)
                    .is_some_and(|name| name.starts_with(&wanted))
        };
        let mut found: Vec<&Region> = self.current().filter(fits).collect();
        found.sort_by_key(|region| (region.code.level(), region.code));
        found.truncate(limit);
        found
    }

    fn current(&self) -> impl Iterator<Item = &Region> + '_ {
        self.0.values().filter(|region| region.is_current())
    }

    /// What a code lies directly in, where the lists have it.
    fn parent(&self, code: RegionCode) -> Option<RegionCode> {
        let listed = |parent: &RegionCode| {
            *parent != code && self.get(*parent).is_some_and(Region::is_current)
        };
        code.prefecture()
            .filter(listed)
            .or_else(|| Some(code.province()).filter(listed))
    }
}

fn region_of(record: &csv::StringRecord, line: u64) -> Result<Region, RegionError> {
    let columns: Vec<&str> = record.iter().map(str::trim).collect();
    let [code, name_zh, name_en, listed_from, listed_to] = columns.as_slice() else {
        return Err(RegionError::Columns(line));
    };
    if name_zh.is_empty() {
        return Err(RegionError::Columns(line));
    }
    let code = RegionCode::parse(code).ok_or(RegionError::Code(line))?;
    let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Ok(Region {
        code,
        name_zh: (*name_zh).to_owned(),
        name_en: known(name_en).unwrap_or_else(|| (*name_zh).to_owned()),
        listed_from: known(listed_from),
        listed_to: known(listed_to),
    })
}

#[cfg(test)]
mod tests;
