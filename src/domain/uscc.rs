//! Unified Social Credit Codes of employers and institutions (GB 32100): 18 characters, the last one a check
//! character. A code is taken exactly as typed: nothing is dropped, turned into capitals or guessed.

use serde::{Deserialize, Serialize};

/// A checked code.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Uscc(String);

/// Why a text is no code; each has its own words on a page.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error, strum::IntoStaticStr, strum::EnumIter,
)]
#[strum(serialize_all = "kebab-case")]
pub enum UsccError {
    /// White space anywhere, at the ends too.
    #[error("space: the code has no spaces")]
    Space,
    /// A small letter.
    #[error("lower case: letters are capitals")]
    LowerCase,
    /// I, O, S, V or Z, which the standard leaves out because they look like 1, 0, 5, U and 2.
    #[error("letter: I, O, S, V and Z are never used")]
    ForbiddenLetter,
    /// Anything else that is no digit and no capital letter.
    #[error("characters: only digits and capital letters are allowed")]
    Characters,
    /// Not 18 characters.
    #[error("length: 18 characters are needed")]
    Length,
    /// The check character does not fit the others.
    #[error("checksum: the last character does not fit the others")]
    Checksum,
}

impl UsccError {
    /// A stable name of the reason (`lower-case`, `checksum` …), for messages and the API.
    pub fn code(self) -> &'static str {
        self.into()
    }
}

/// The 31 characters in the order of their values.
const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const MODULUS: usize = 31;
const BODY: usize = 17;

impl Uscc {
    /// Reads a code exactly as typed.
    ///
    /// # Errors
    /// The first reason that applies.
    pub fn parse(text: &str) -> Result<Self, UsccError> {
        text.chars().try_for_each(allowed)?;
        if text.len() != BODY + 1 {
            return Err(UsccError::Length);
        }
        if text.chars().last() != check_character(text) {
            return Err(UsccError::Checksum);
        }
        Ok(Self(text.to_owned()))
    }

    /// Completes 17 characters by their check character, as the demo world and tests need it.
    ///
    /// # Errors
    /// As [`Uscc::parse`].
    pub fn complete(body: &str) -> Result<Self, UsccError> {
        body.chars().try_for_each(allowed)?;
        let check = check_character(body).ok_or(UsccError::Length)?;
        Self::parse(&format!("{body}{check}"))
    }

    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Uscc {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Uscc {
    type Error = UsccError;
    fn try_from(text: String) -> Result<Self, UsccError> {
        Self::parse(&text)
    }
}

impl From<Uscc> for String {
    fn from(code: Uscc) -> Self {
        code.0
    }
}

fn allowed(c: char) -> Result<(), UsccError> {
    match c {
        _ if ALPHABET.contains(c) => Ok(()),
        _ if c.is_whitespace() => Err(UsccError::Space),
        'a'..='z' => Err(UsccError::LowerCase),
        'I' | 'O' | 'S' | 'V' | 'Z' => Err(UsccError::ForbiddenLetter),
        _ => Err(UsccError::Characters),
    }
}

/// The check character of the first 17 characters: weights are the powers of 3 modulo 31.
fn check_character(text: &str) -> Option<char> {
    let values: Option<Vec<usize>> = text.chars().take(BODY).map(|c| ALPHABET.find(c)).collect();
    let values = values.filter(|values| values.len() == BODY)?;
    let weights = std::iter::successors(Some(1), |weight| Some(weight * 3 % MODULUS));
    let sum: usize = values
        .iter()
        .zip(weights)
        .map(|(value, weight)| value * weight)
        .sum();
    ALPHABET.chars().nth((MODULUS - sum % MODULUS) % MODULUS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;
    use strum::IntoEnumIterator;

    // The sample of the standard and published codes of two companies.
    #[rstest]
    #[case("91350100M000100Y43")]
    #[case("91110000600037341L")]
    #[case("9144030071526726XG")]
    fn a_real_code_is_accepted(#[case] text: &str) {
        assert_eq!(Uscc::parse(text).unwrap().as_str(), text);
        assert_eq!(Uscc::complete(&text[..17]).unwrap().to_string(), text);
    }

    #[rstest]
    #[case("", UsccError::Length)]
    #[case("91350100M000100Y4", UsccError::Length)]
    #[case("91350100M000100Y433", UsccError::Length)]
    #[case(" 91350100M000100Y43", UsccError::Space)]
    #[case("91350100M000100Y43 ", UsccError::Space)]
    #[case("91350100 M000100Y43", UsccError::Space)]
    #[case("91350100M000100Y\u{3000}3", UsccError::Space)]
    #[case("91350100m000100Y43", UsccError::LowerCase)]
    #[case("91350100i000100Y43", UsccError::LowerCase)]
    #[case("91350100I000100Y43", UsccError::ForbiddenLetter)]
    #[case("91350100O000100Y43", UsccError::ForbiddenLetter)]
    #[case("91350100S000100Y43", UsccError::ForbiddenLetter)]
    #[case("91350100V000100Y43", UsccError::ForbiddenLetter)]
    #[case("91350100Z000100Y43", UsccError::ForbiddenLetter)]
    #[case("91350100-000100Y43", UsccError::Characters)]
    #[case("９1350100M000100Y43", UsccError::Characters)]
    #[case("91350100M000100Y\u{202e}43", UsccError::Characters)]
    #[case("91350100M000100Y44", UsccError::Checksum)]
    #[case("91350100M000100Y4Y", UsccError::Checksum)]
    fn a_bad_code_is_refused_with_its_own_reason(#[case] text: &str, #[case] reason: UsccError) {
        assert_eq!(Uscc::parse(text), Err(reason));
    }

    #[test]
    fn every_reason_has_its_own_code_and_words() {
        let codes: std::collections::BTreeSet<_> = UsccError::iter().map(UsccError::code).collect();
        let words: std::collections::BTreeSet<_> =
            UsccError::iter().map(|e| e.to_string()).collect();
        assert_eq!(
            (codes.len(), words.len()),
            (UsccError::iter().count(), UsccError::iter().count())
        );
    }

    #[test]
    fn a_code_is_checked_when_it_is_read_from_json() {
        let code: Uscc = serde_json::from_str("\"91350100M000100Y43\"").unwrap();
        assert_eq!(
            serde_json::to_string(&code).unwrap(),
            "\"91350100M000100Y43\""
        );
        assert!(serde_json::from_str::<Uscc>("\"91350100M000100Y44\"").is_err());
    }

    proptest! {
        #[test]
        fn one_wrong_character_is_always_found(body in "[0-9A-HJ-NP-RTUWXY]{17}", at in 0_usize..18, by in 1_usize..31) {
            let code = Uscc::complete(&body).unwrap();
            let mut changed: Vec<char> = code.as_str().chars().collect();
            let value = ALPHABET.find(changed[at]).unwrap();
            changed[at] = ALPHABET.chars().nth((value + by) % 31).unwrap();
            let changed: String = changed.into_iter().collect();
            prop_assert_eq!(Uscc::parse(&changed), Err(UsccError::Checksum));
        }

        #[test]
        fn any_text_is_answered(text in "\\PC{0,24}") {
            let _ = Uscc::parse(&text);
        }
    }
}
