//! Receipt numbers (办件编号, CAS-5): agency, date, sequence, check digit, in groups that can be read
//! over the phone: `371000-20261122-00042-7`. The pool can be read from the number.

use super::place::{AgencyCode, Pool};
use super::time::Day;

/// A receipt number in its one canonical form.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReceiptNo(String);

/// What is typed is not a receipt number: wrong length, characters, date or check digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a receipt number")]
pub struct BadReceiptNo;

impl ReceiptNo {
    /// The number of the `sequence`-th case of an agency on a day (Beijing).
    pub fn new(agency: AgencyCode, day: Day, sequence: u32) -> Self {
        let digits = format!("{agency}{}{sequence:05}", day.format("%Y%m%d"));
        Self(grouped(&digits, check_digit(&digits)))
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The agency that has the case.
    pub fn agency(&self) -> Option<AgencyCode> {
        self.0.get(..6)?.parse().ok()
    }

    /// The pool that has the case.
    pub fn pool(&self) -> Option<Pool> {
        self.agency().map(|agency| agency.pool())
    }
}

impl std::fmt::Display for ReceiptNo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for ReceiptNo {
    type Err = BadReceiptNo;

    /// Takes what people type: with or without hyphens and blanks, full-width digits too.
    fn from_str(text: &str) -> Result<Self, BadReceiptNo> {
        let mut digits = String::with_capacity(24);
        for c in text.trim().chars() {
            match c {
                '0'..='9' => digits.push(c),
                '０'..='９' => {
                    digits.push(char::from_u32(u32::from(c) - 0xFF10 + 0x30).ok_or(BadReceiptNo)?)
                }
                '-' | ' ' | '－' | '—' | '–' | '\u{3000}' => {}
                _ => return Err(BadReceiptNo),
            }
        }
        // 6 agency, 8 date, 5 to 9 sequence, 1 check digit.
        if !(20..=24).contains(&digits.len()) {
            return Err(BadReceiptNo);
        }
        let check = digits.pop().ok_or(BadReceiptNo)?;
        let day = digits.get(6..14).ok_or(BadReceiptNo)?;
        Day::parse_from_str(day, "%Y%m%d").map_err(|_| BadReceiptNo)?;
        if check_digit(&digits) == check {
            Ok(Self(grouped(&digits, check)))
        } else {
            Err(BadReceiptNo)
        }
    }
}

fn grouped(digits: &str, check: char) -> String {
    let (agency, rest) = digits.split_at(6);
    let (day, sequence) = rest.split_at(8);
    format!("{agency}-{day}-{sequence}-{check}")
}

/// ISO/IEC 7064 MOD 11,10: one digit that finds every single wrong digit and nearly all swapped pairs.
fn check_digit(digits: &str) -> char {
    let product = digits
        .chars()
        .filter_map(|c| c.to_digit(10))
        .fold(10, |product, digit| {
            let sum = (product + digit) % 10;
            (if sum == 0 { 10 } else { sum }) * 2 % 11
        });
    char::from_digit((11 - product) % 10, 10).unwrap_or('0')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(sequence: u32) -> ReceiptNo {
        ReceiptNo::new(
            "371000".parse().unwrap(),
            Day::from_ymd_opt(2026, 11, 22).unwrap(),
            sequence,
        )
    }

    #[test]
    fn a_number_is_read_however_it_is_typed() {
        let n = number(42);
        assert!(n.as_str().starts_with("371000-20261122-00042-"));
        let bare = n.as_str().replace('-', "");
        assert_eq!(bare.parse(), Ok(n.clone()));
        assert_eq!(
            format!("  {} ", n.as_str().replace('-', " ")).parse(),
            Ok(n.clone())
        );
        let wide: String = bare
            .chars()
            .map(|c| char::from_u32(c as u32 - 0x30 + 0xFF10).unwrap())
            .collect();
        assert_eq!(wide.parse(), Ok(n.clone()));
        assert_eq!(n.pool().unwrap().as_str(), "371000");
    }

    proptest! {
        #[test]
        fn one_wrong_digit_is_always_noticed(sequence in 0u32..2_000_000, at in 0usize..22, by in 1u32..10) {
            let n = number(sequence);
            let at = at % n.as_str().len();
            let mut chars: Vec<char> = n.as_str().chars().collect();
            if let Some(digit) = chars[at].to_digit(10) {
                chars[at] = char::from_digit((digit + by) % 10, 10).unwrap();
                let wrong: String = chars.into_iter().collect();
                prop_assert_eq!(wrong.parse::<ReceiptNo>(), Err(BadReceiptNo));
            }
        }
    }
}
