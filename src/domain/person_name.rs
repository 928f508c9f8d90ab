//! Names of people, in one canonical form so that the same name is found however it was typed. Rare
//! characters are kept as they are; a name is never cut, turned into capitals or transliterated here.

use unicode_normalization::UnicodeNormalization;

use super::text::{half_width, is_han, is_invisible};

/// A name of 1 to 50 characters, composed (NFC), with `·` between Chinese parts.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonName(String);

/// Why a text is no name; each has its own words on a page.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error, strum::IntoStaticStr, strum::EnumIter,
)]
#[strum(serialize_all = "kebab-case")]
pub enum PersonNameError {
    /// Nothing that can be seen.
    #[error("empty: a name is needed")]
    Empty,
    /// A control character or a line break.
    #[error("characters: the name holds a control character")]
    Control,
    /// More than 50 characters.
    #[error("length: a name has at most 50 characters")]
    TooLong,
}

impl PersonNameError {
    /// A stable name of the reason, for messages and the API.
    pub fn code(self) -> &'static str {
        self.into()
    }
}

/// Most characters a name has.
pub const LONGEST: usize = 50;

/// The name dot as the public-security register writes it.
const DOT: char = '·';

impl PersonName {
    /// Reads what a person typed: space around it and invisible characters are dropped, runs of space become
    /// one, and any form of dot between Chinese characters becomes `·`.
    ///
    /// # Errors
    /// The first reason that applies.
    pub fn parse(text: &str) -> Result<Self, PersonNameError> {
        let seen: String = text.chars().filter(|c| !is_invisible(*c)).nfc().collect();
        let seen = seen.trim();
        if seen
            .chars()
            .any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'))
        {
            return Err(PersonNameError::Control);
        }
        let spaced: String = seen.split_whitespace().collect::<Vec<_>>().join(" ");
        let name = with_name_dots(&spaced);
        match name.chars().count() {
            0 => Err(PersonNameError::Empty),
            1..=LONGEST => Ok(Self(name)),
            _ => Err(PersonNameError::TooLong),
        }
    }

    /// The whole name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first character, the others starred; spaces and name dots stay.
    pub fn masked(&self) -> String {
        let star = |c: char| if c == ' ' || c == DOT { c } else { '*' };
        let mut characters = self.0.chars();
        let first = characters.next();
        first.into_iter().chain(characters.map(star)).collect()
    }
}

impl std::fmt::Display for PersonName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::fmt::Debug for PersonName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PersonName(…)")
    }
}

/// Any dot with Chinese characters on both sides, space around it or not, becomes the name dot.
fn with_name_dots(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let han = |c: Option<&char>| c.is_some_and(|c| is_han(*c));
    let mut name = String::with_capacity(text.len());
    let mut just_dotted = false;
    for (at, c) in characters.iter().enumerate() {
        let before = characters.iter().take(at).rev().find(|c| **c != ' ');
        let after = characters.iter().skip(at + 1).find(|c| **c != ' ');
        if is_dot(*c) && han(before) && han(after) {
            name.truncate(name.trim_end_matches(' ').len());
            name.push(DOT);
            just_dotted = true;
        } else if !(just_dotted && *c == ' ') {
            name.push(*c);
            just_dotted = false;
        }
    }
    name
}

/// The forms in which the name dot is typed.
fn is_dot(c: char) -> bool {
    match half_width(c) {
        '.' | DOT => true,
        other => matches!(
            other,
            '\u{2022}'
                | '\u{2027}'
                | '\u{2219}'
                | '\u{22c5}'
                | '\u{2e31}'
                | '\u{30fb}'
                | '\u{ff65}'
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("测试甲", "测试甲")]
    #[case("  测试甲\u{3000}\n", "测试甲")]
    #[case("测试\u{200b}甲\u{202e}", "测试甲")]
    #[case("\u{feff}测试甲", "测试甲")]
    #[case("阿里·测试", "阿里·测试")]
    #[case("阿里•测试", "阿里·测试")]
    #[case("阿里.测试", "阿里·测试")]
    #[case("阿里．测试", "阿里·测试")]
    #[case("阿里・测试", "阿里·测试")]
    #[case("阿里･测试", "阿里·测试")]
    #[case("阿里‧测试", "阿里·测试")]
    #[case("阿里 · 测试", "阿里·测试")]
    #[case("阿里.测试.样例", "阿里·测试·样例")]
    // Outside Chinese names a dot is a dot.
    #[case("J. Sample", "J. Sample")]
    #[case("测试.", "测试.")]
    #[case("A.测试", "A.测试")]
    #[case("Ann   Sample", "Ann Sample")]
    // Rare characters, four bytes long, and dots between them.
    #[case("\u{20bb7}䶮㛃", "\u{20bb7}䶮㛃")]
    #[case("\u{20bb7}.\u{30000}", "\u{20bb7}·\u{30000}")]
    // Composed form.
    #[case("Zoe\u{301}", "Zo\u{e9}")]
    fn what_people_type_is_made_canonical(#[case] text: &str, #[case] name: &str) {
        assert_eq!(PersonName::parse(text).unwrap().as_str(), name);
    }

    #[rstest]
    #[case("", PersonNameError::Empty)]
    #[case(" \u{3000}", PersonNameError::Empty)]
    #[case("\u{200b}\u{202e}", PersonNameError::Empty)]
    #[case("测\0试", PersonNameError::Control)]
    #[case("测\r\n试", PersonNameError::Control)]
    #[case("测\u{2028}试", PersonNameError::Control)]
    #[case("测\u{85}试", PersonNameError::Control)]
    #[case(&"测".repeat(51), PersonNameError::TooLong)]
    fn a_bad_name_is_refused_with_its_own_reason(
        #[case] text: &str,
        #[case] reason: PersonNameError,
    ) {
        assert_eq!(PersonName::parse(text), Err(reason));
    }

    #[test]
    fn fifty_characters_are_accepted_however_many_bytes() {
        assert!(PersonName::parse(&"\u{20bb7}".repeat(50)).is_ok());
    }

    #[rstest]
    #[case("测试甲", "测**")]
    #[case("甲", "甲")]
    #[case("阿里·测试", "阿*·**")]
    #[case("Ann Sample", "A** ******")]
    fn a_name_is_masked(#[case] name: &str, #[case] masked: &str) {
        assert_eq!(PersonName::parse(name).unwrap().masked(), masked);
    }

    #[test]
    fn a_name_is_not_printed_by_debug() {
        assert!(!format!("{:?}", PersonName::parse("测试甲").unwrap()).contains('测'));
        assert_eq!(PersonNameError::TooLong.code(), "too-long");
    }

    proptest! {
        #[test]
        fn reading_a_name_again_changes_nothing(text in "\\PC{0,60}|[中. ·•a\u{200b}\u{301}]{0,20}") {
            if let Ok(name) = PersonName::parse(&text) {
                prop_assert_eq!(PersonName::parse(name.as_str()).unwrap(), name);
            }
        }
    }
}
