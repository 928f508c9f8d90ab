//! Resident identity numbers (GB 11643): 18 characters, the last one a check character.
//!
//! A number that exists as a value here has passed every check. It is never shown by `Debug`: what is
//! shown to people goes through [`IdNumber::masked`], what is stored through [`IdNumber::as_str`].

use chrono::Datelike;
use serde::{Deserialize, Serialize};

use super::region::{RegionCode, RegionStanding, Regions};
use super::time::Day;

/// A checked resident identity number, in canonical form: 17 digits and a digit or `X`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdNumber {
    text: String,
    region: RegionCode,
    birth: Day,
}

/// Sex as the number says it: the last digit of its sequence is odd for men.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sex {
    /// 女
    Female,
    /// 男
    Male,
}

impl Sex {
    /// The name in the database and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Female => "female",
            Self::Male => "male",
        }
    }
}

/// Why a text is no identity number; each has its own words on a page.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error, strum::IntoStaticStr, strum::EnumIter,
)]
#[strum(serialize_all = "kebab-case")]
pub enum IdNumberError {
    /// Something else than digits, or an X that is not at the end.
    #[error("characters: only digits are allowed, and X at the end")]
    Characters,
    /// The number of the first generation of cards, out of use since 2013.
    #[error("15 digits: the old number is no longer used, the new one has 18")]
    FifteenDigits,
    /// Neither 15 nor 18 characters.
    #[error("length: 18 characters are needed")]
    Length,
    /// The first two digits are no province, and not 81, 82 or 83.
    #[error("province: the first two digits name no province")]
    Province,
    /// The date of birth does not exist.
    #[error("date: there is no such date of birth")]
    Date,
    /// Born before 1900.
    #[error("date: the birth lies before 1900")]
    BirthBefore1900,
    /// Born after today.
    #[error("date: the birth lies in the future")]
    BirthInFuture,
    /// The check character does not fit the 17 digits.
    #[error("checksum: the last character does not fit the others")]
    Checksum,
}

impl IdNumberError {
    /// A stable name of the reason (`checksum`, `fifteen-digits` …), for messages and the API.
    pub fn code(self) -> &'static str {
        self.into()
    }
}

/// Weights of the 17 digits and the check characters by remainder (ISO 7064 MOD 11-2).
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];

impl IdNumber {
    /// Reads what a person typed: white space around it is dropped, full-width characters and a small x are
    /// normalised. An unknown or abolished county is no fault here; see [`IdNumber::region_standing`].
    ///
    /// # Errors
    /// The first reason that applies; `today` is the Beijing day on which nobody is yet to be born.
    pub fn parse(text: &str, today: Day) -> Result<Self, IdNumberError> {
        let text = normalised(text);
        let digits = text.strip_suffix('X').unwrap_or(&text);
        if !digits.chars().all(|c| c.is_ascii_digit()) {
            return Err(IdNumberError::Characters);
        }
        match text.len() {
            18 => {}
            15 if digits.len() == 15 => return Err(IdNumberError::FifteenDigits),
            _ => return Err(IdNumberError::Length),
        }
        let region = text
            .get(..6)
            .and_then(RegionCode::parse)
            .filter(|region| region.has_province());
        let region = region.ok_or(IdNumberError::Province)?;
        let birth = birth_of(&text).ok_or(IdNumberError::Date)?;
        if birth.year() < 1900 {
            return Err(IdNumberError::BirthBefore1900);
        }
        if birth > today {
            return Err(IdNumberError::BirthInFuture);
        }
        if text.chars().last() != check_character(&text) {
            return Err(IdNumberError::Checksum);
        }
        Ok(Self {
            text,
            region,
            birth,
        })
    }

    /// Reads a number that was checked when it came in, as from the database: any day of birth since 1900.
    ///
    /// # Errors
    /// As [`IdNumber::parse`].
    pub fn from_stored(text: &str) -> Result<Self, IdNumberError> {
        Self::parse(text, Day::MAX)
    }

    /// Makes the number of a region, a birth and a sequence below 1000 (odd for men), as the demo world and
    /// tests need it; `None` where there is none.
    pub fn compose(region: RegionCode, birth: Day, sequence: u16) -> Option<Self> {
        let body = format!("{region}{}{sequence:03}", birth.format("%Y%m%d"));
        let check = check_character(&body)?;
        Self::from_stored(&format!("{body}{check}")).ok()
    }

    /// All 18 characters: for sealing and look-up only, never for a page, a log or a URL.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The day of birth.
    pub fn birth(&self) -> Day {
        self.birth
    }

    /// Sex as the number says it.
    pub fn sex(&self) -> Sex {
        let odd = self
            .text
            .get(16..17)
            .is_some_and(|digit| "13579".contains(digit));
        if odd { Sex::Male } else { Sex::Female }
    }

    /// The first six digits: where the number was given.
    pub fn region_code(&self) -> RegionCode {
        self.region
    }

    /// Whether the county is current, abolished or unknown; the last two are accepted and flagged.
    pub fn region_standing(&self, regions: &Regions) -> RegionStanding {
        regions.find(self.region_code())
    }

    /// The last six characters, which together with a receipt number open the progress page (CAS-5).
    pub fn last_six(&self) -> &str {
        self.text.get(12..).unwrap_or_default()
    }

    /// The first 3 and the last 4 characters, the rest starred.
    pub fn masked(&self) -> String {
        let first = self.text.get(..3).unwrap_or_default();
        let last = self.text.get(14..).unwrap_or_default();
        format!("{first}***********{last}")
    }
}

impl std::fmt::Debug for IdNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IdNumber(…)")
    }
}

/// What a person typed of a number, or of a part of it: white space around it is dropped, full-width characters
/// and a small x are normalised. Nothing is checked.
pub fn normalised(text: &str) -> String {
    text.trim().chars().map(normal).collect()
}

/// Full-width digits and letters become plain ones, a small x a capital one.
fn normal(c: char) -> char {
    match super::text::half_width(c) {
        'x' => 'X',
        other => other,
    }
}

fn birth_of(text: &str) -> Option<Day> {
    let number = |range| {
        text.get(range)
            .and_then(|digits: &str| digits.parse::<u32>().ok())
    };
    let year = i32::try_from(number(6..10)?).ok()?;
    Day::from_ymd_opt(year, number(10..12)?, number(12..14)?)
}

/// The check character of the first 17 digits; `None` when they are not digits or fewer.
fn check_character(text: &str) -> Option<char> {
    let digits: Option<Vec<u32>> = text.chars().take(17).map(|c| c.to_digit(10)).collect();
    let digits = digits.filter(|digits| digits.len() == WEIGHTS.len())?;
    let sum: u32 = digits
        .iter()
        .zip(WEIGHTS)
        .map(|(digit, weight)| digit * weight)
        .sum();
    CHECKS.get(usize::try_from(sum % 11).ok()?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;
    use strum::IntoEnumIterator;

    fn d(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn parse(text: &str) -> Result<IdNumber, IdNumberError> {
        IdNumber::parse(text, d("2026-11-22"))
    }

    // The sample number of the standard itself.
    const SAMPLE: &str = "11010519491231002X";

    #[rstest]
    #[case(SAMPLE)]
    #[case("11010519491231002x")]
    #[case("１１０１０５１９４９１２３１００２Ｘ")]
    #[case("１１０１０５19491231002ｘ")]
    #[case(" 11010519491231002X\u{3000}\n")]
    fn what_people_type_is_normalised(#[case] text: &str) {
        assert_eq!(parse(text).unwrap().as_str(), SAMPLE);
    }

    #[rstest]
    #[case("", IdNumberError::Length)]
    #[case("X", IdNumberError::Length)]
    #[case("1101051949123100", IdNumberError::Length)]
    #[case("1101051949123100211", IdNumberError::Length)]
    #[case("110105491231002", IdNumberError::FifteenDigits)]
    #[case("１１０１０５４９１２３１００２", IdNumberError::FifteenDigits)]
    #[case("11010549123100X", IdNumberError::Length)]
    #[case("110105 19491231 002X", IdNumberError::Characters)]
    #[case("1101051949123100X2", IdNumberError::Characters)]
    #[case("11010519491231002XX", IdNumberError::Characters)]
    #[case("11010519491231002Y", IdNumberError::Characters)]
    #[case("11010519491231002\u{202e}X", IdNumberError::Characters)]
    #[case("\u{200b}11010519491231002X", IdNumberError::Characters)]
    #[case("11010519491231002\u{0}", IdNumberError::Characters)]
    #[case("一一010519491231002X", IdNumberError::Characters)]
    #[case("٣١010519491231002X", IdNumberError::Characters)]
    #[case("000105194912310020", IdNumberError::Province)]
    #[case("160105194912310020", IdNumberError::Province)]
    #[case("910105194912310020", IdNumberError::Province)]
    #[case("11010519490229002X", IdNumberError::Date)]
    #[case("11010519491301002X", IdNumberError::Date)]
    #[case("11010519490001002X", IdNumberError::Date)]
    #[case("11010518991231002X", IdNumberError::BirthBefore1900)]
    #[case("11010520261123002X", IdNumberError::BirthInFuture)]
    #[case("110105194912310020", IdNumberError::Checksum)]
    #[case("110105194912310021", IdNumberError::Checksum)]
    fn a_bad_number_is_refused_with_its_own_reason(
        #[case] text: &str,
        #[case] reason: IdNumberError,
    ) {
        assert_eq!(parse(text), Err(reason));
    }

    #[rstest]
    // Provinces, and the residence permits of people from Hong Kong, Macao and Taiwan.
    #[case("371000")]
    #[case("710000")]
    #[case("810000")]
    #[case("820000")]
    #[case("830000")]
    #[case("379999")]
    fn real_provinces_are_accepted_whatever_the_county(#[case] region: &str) {
        let number =
            IdNumber::compose(RegionCode::parse(region).unwrap(), d("1990-03-07"), 1).unwrap();
        assert_eq!(
            parse(number.as_str()).unwrap().region_code().to_string(),
            region
        );
    }

    #[test]
    fn somebody_born_today_is_born() {
        let region = RegionCode::parse("371000").unwrap();
        let number = IdNumber::compose(region, d("2026-11-22"), 2).unwrap();
        assert!(parse(number.as_str()).is_ok());
        assert_eq!(
            IdNumber::parse(number.as_str(), d("2026-11-21")),
            Err(IdNumberError::BirthInFuture)
        );
        assert!(IdNumber::from_stored(number.as_str()).is_ok());
    }

    #[test]
    fn a_number_tells_birth_sex_and_place() {
        let number = parse(SAMPLE).unwrap();
        assert_eq!(number.birth(), d("1949-12-31"));
        assert_eq!(number.sex(), Sex::Female);
        assert_eq!(number.region_code().to_string(), "110105");
        assert_eq!(number.last_six(), "31002X");
        let region = RegionCode::parse("371000").unwrap();
        assert_eq!(
            IdNumber::compose(region, d("1990-03-07"), 231)
                .unwrap()
                .sex(),
            Sex::Male
        );
        assert_eq!(IdNumber::compose(region, d("1990-03-07"), 1000), None);
    }

    #[test]
    fn a_number_is_masked_and_never_printed() {
        let number = parse(SAMPLE).unwrap();
        assert_eq!(number.masked(), "110***********002X");
        assert_eq!(number.masked().len(), 18);
        assert!(!format!("{number:?}").contains("110"));
    }

    #[test]
    fn every_reason_has_its_own_code_and_words() {
        let codes: std::collections::BTreeSet<_> =
            IdNumberError::iter().map(IdNumberError::code).collect();
        let words: std::collections::BTreeSet<_> =
            IdNumberError::iter().map(|e| e.to_string()).collect();
        assert_eq!(
            (codes.len(), words.len()),
            (IdNumberError::iter().count(), IdNumberError::iter().count())
        );
        assert_eq!(IdNumberError::FifteenDigits.code(), "fifteen-digits");
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in "\\PC{0,24}") {
            let _ = parse(&text).map(|number| number.masked());
        }

        #[test]
        fn one_wrong_or_swapped_digit_is_always_found(day in 0_i64..40_000, sequence in 0_u16..1000, at in 0_usize..17, by in 1_u32..10) {
            let birth = d("1900-01-01") + chrono::TimeDelta::days(day);
            let number = IdNumber::compose(RegionCode::parse("371000").unwrap(), birth, sequence).unwrap();
            prop_assert_eq!(number.birth(), birth);
            let mut changed: Vec<char> = number.as_str().chars().collect();
            changed[at] = char::from_digit((changed[at].to_digit(10).unwrap() + by) % 10, 10).unwrap();
            let changed: String = changed.into_iter().collect();
            prop_assert!(IdNumber::from_stored(&changed).is_err());
            let mut swapped: Vec<char> = number.as_str().chars().collect();
            swapped.swap(at.min(15), at.min(15) + 1);
            let swapped: String = swapped.into_iter().collect();
            prop_assert!(swapped == number.as_str() || IdNumber::from_stored(&swapped).is_err());
        }
    }
}
