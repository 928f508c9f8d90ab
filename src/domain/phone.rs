//! Phone numbers of mainland China: mobiles and fixed lines with area code. Others are never accepted; a
//! number is never shown in full by `Debug`.

use super::text::half_width;

/// A checked number in canonical form: `13800000000`, `0631-5190000`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Phone {
    text: String,
    kind: PhoneKind,
}

/// What the number rings; only a mobile can get an SMS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PhoneKind {
    /// 11 digits beginning with 13 to 19.
    Mobile,
    /// Area code and 7 or 8 digits.
    FixedLine,
}

/// Why a text is no phone number; each has its own words on a page.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error, strum::IntoStaticStr, strum::EnumIter,
)]
#[strum(serialize_all = "kebab-case")]
pub enum PhoneError {
    /// Nothing was typed.
    #[error("empty: a phone number is needed")]
    Empty,
    /// Something else than digits, separators and a leading +.
    #[error("characters: only digits are allowed")]
    Characters,
    /// A country code other than 86.
    #[error("country: only numbers of mainland China (+86) are accepted")]
    Country,
    /// Neither a mobile number nor area code and fixed line.
    #[error("form: a mobile number has 11 digits, a fixed line its area code and 7 or 8")]
    Form,
}

impl PhoneError {
    /// A stable name of the reason, for messages and the API.
    pub fn code(self) -> &'static str {
        self.into()
    }
}

impl Phone {
    /// Reads what a person typed: full-width characters are normalised; spaces, hyphens, brackets and a
    /// leading +86, 0086 or 86 are dropped.
    ///
    /// # Errors
    /// The first reason that applies.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let plain: String = text
            .trim()
            .chars()
            .map(half_width)
            .filter(|c| !is_separator(*c))
            .collect();
        if plain.is_empty() {
            return Err(PhoneError::Empty);
        }
        let (abroad, digits) = match plain.strip_prefix('+').or_else(|| plain.strip_prefix("00")) {
            Some(rest) => (true, rest),
            None => (false, plain.as_str()),
        };
        if !digits.chars().all(|c| c.is_ascii_digit()) {
            return Err(PhoneError::Characters);
        }
        let home = digits.strip_prefix("86");
        match (abroad, home) {
            (true, None) => Err(PhoneError::Country),
            (true, Some(rest)) => mobile(rest)
                .or_else(|| fixed_line(rest))
                .ok_or(PhoneError::Form),
            (false, rest) => mobile(digits)
                .or_else(|| rest.and_then(mobile))
                .or_else(|| digits.strip_prefix('0').and_then(fixed_line))
                .ok_or(PhoneError::Form),
        }
    }

    /// The whole number: for sending and sealing, not for a page that shows it to others.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Mobile or fixed line.
    pub fn kind(&self) -> PhoneKind {
        self.kind
    }

    /// The first 3 and the last 4 digits, the rest starred.
    pub fn masked(&self) -> String {
        let digits: Vec<char> = self.text.chars().filter(char::is_ascii_digit).collect();
        let last = digits.len().saturating_sub(4);
        let shown = |(at, digit): (usize, &char)| if at < 3 || at >= last { *digit } else { '*' };
        digits.iter().enumerate().map(shown).collect()
    }
}

impl std::fmt::Debug for Phone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Phone(…)")
    }
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '(' | ')' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

fn mobile(digits: &str) -> Option<Phone> {
    let second = digits.strip_prefix('1')?.chars().next()?;
    (digits.len() == 11 && ('3'..='9').contains(&second)).then(|| Phone {
        text: digits.to_owned(),
        kind: PhoneKind::Mobile,
    })
}

/// Area code (its leading 0 already dropped, or typed again after +86) and number: two digits for 10 and
/// 20 to 29, else three; a subscriber's number begins with 2 to 8.
fn fixed_line(digits: &str) -> Option<Phone> {
    let digits = digits.strip_prefix('0').unwrap_or(digits);
    let area = match digits.get(..2)? {
        "10" => 2,
        two if two.starts_with('2') => 2,
        two if two.starts_with(['3', '4', '5', '6', '7', '8', '9']) => 3,
        _ => return None,
    };
    let (code, number) = (digits.get(..area)?, digits.get(area..)?);
    let length_fits = if area == 2 {
        number.len() == 8
    } else {
        matches!(number.len(), 7 | 8)
    };
    (length_fits && number.starts_with(['2', '3', '4', '5', '6', '7', '8'])).then(|| Phone {
        text: format!("0{code}-{number}"),
        kind: PhoneKind::FixedLine,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("13800000000", "13800000000")]
    #[case("１３８００００００００", "13800000000")]
    #[case(" 138 0000 0000 ", "13800000000")]
    #[case("138-0000-0000", "13800000000")]
    #[case("+86 138 0000 0000", "13800000000")]
    #[case("＋８６　138-0000-0000", "13800000000")]
    #[case("8613800000000", "13800000000")]
    #[case("008613800000000", "13800000000")]
    #[case("19900000000", "19900000000")]
    #[case("0631-5190000", "0631-5190000")]
    #[case("(0631) 5190000", "0631-5190000")]
    #[case("（０６３１）５１９００００", "0631-5190000")]
    #[case("+86 631 5190000", "0631-5190000")]
    #[case("+86 0631 5190000", "0631-5190000")]
    #[case("010 8000 0000", "010-80000000")]
    #[case("021—60000000", "021-60000000")]
    #[case("0755-20000000", "0755-20000000")]
    fn what_people_type_is_normalised(#[case] text: &str, #[case] canonical: &str) {
        let phone = Phone::parse(text).unwrap();
        assert_eq!(phone.as_str(), canonical);
        assert_eq!(
            phone.kind() == PhoneKind::Mobile,
            canonical.starts_with('1')
        );
        assert_eq!(Phone::parse(canonical).unwrap(), phone);
    }

    #[rstest]
    #[case("", PhoneError::Empty)]
    #[case(" - ", PhoneError::Empty)]
    #[case("1380000000a", PhoneError::Characters)]
    #[case("13800\u{200b}000000", PhoneError::Characters)]
    #[case("138+00000000", PhoneError::Characters)]
    #[case("一三八", PhoneError::Characters)]
    #[case("+1 202 555 0100", PhoneError::Country)]
    #[case("00852 2345 6789", PhoneError::Country)]
    #[case("12800000000", PhoneError::Form)]
    #[case("1380000000", PhoneError::Form)]
    #[case("138000000000", PhoneError::Form)]
    #[case("5190000", PhoneError::Form)]
    #[case("0631-519000", PhoneError::Form)]
    #[case("0631-1190000", PhoneError::Form)]
    #[case("010-8000000", PhoneError::Form)]
    #[case("86", PhoneError::Form)]
    fn a_bad_number_is_refused_with_its_own_reason(#[case] text: &str, #[case] reason: PhoneError) {
        assert_eq!(Phone::parse(text), Err(reason));
    }

    #[test]
    fn a_number_is_masked_and_never_printed() {
        let phone = Phone::parse("13812345678").unwrap();
        assert_eq!(phone.masked(), "138****5678");
        assert_eq!(
            Phone::parse("0631-5190000").unwrap().masked(),
            "063****0000"
        );
        assert!(!format!("{phone:?}").contains("138"));
        assert_eq!(PhoneError::Country.code(), "country");
    }

    proptest! {
        #[test]
        fn any_text_is_answered(text in "\\PC{0,24}") {
            if let Ok(phone) = Phone::parse(&text) {
                prop_assert_eq!(Phone::parse(phone.as_str()).unwrap(), phone);
            }
        }
    }
}
