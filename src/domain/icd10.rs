//! Codes of diseases (ICD-10) as claims state them (RB-5). The WHO's codes must be in the list; the longer ones of the Chinese
//! clinical editions (`I10.x00`, `E11.900x001`) count by their category. Nothing here names a disease.

use std::collections::BTreeMap;

/// The list: category, then the characters that its subcategories end in.
#[derive(Clone, Debug, Default)]
pub struct Icd10(BTreeMap<String, String>);

/// What is to be said of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is one.
    Known,
    /// It is written like one, and the list does not have it.
    Unknown,
    /// It is not written like one.
    Malformed,
}

impl Icd10 {
    /// Reads the list: a category a line, then the characters of its subcategories; lines with `#` are remarks.
    pub fn parse(text: &str) -> Self {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let pairs = lines.filter_map(|line| {
            let (category, subs) = line.split_once(' ').unwrap_or((line, ""));
            (!category.is_empty()).then(|| (category.to_owned(), subs.to_owned()))
        });
        Self(pairs.collect())
    }

    /// What is to be said of a code in capitals: `I10`, `U07.1`, `E11.900`.
    pub fn standing(&self, code: &str) -> Standing {
        let (category, tail) = code.split_once('.').unwrap_or((code, ""));
        let mut head = category.chars();
        let letter = head.next().is_some_and(|c| c.is_ascii_uppercase());
        let digits = head.clone().count() == 2 && head.all(|c| c.is_ascii_digit());
        let plain = tail.len() <= 8 && tail.chars().all(|c| c.is_ascii_alphanumeric());
        if !letter || !digits || !plain || code.ends_with('.') {
            return Standing::Malformed;
        }
        let known = match (self.0.get(category), tail) {
            (None, _) => false,
            (Some(_), "") => true,
            // A subcategory of the WHO's is in the list; what is longer is an edition's own.
            (Some(subs), tail) if tail.len() == 1 => subs.contains(tail),
            (Some(_), _) => true,
        };
        match known {
            true => Standing::Known,
            false => Standing::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("I10", Standing::Known)]
    #[case("U07.1", Standing::Known)]
    #[case("U10.9", Standing::Known)]
    #[case("E11.9", Standing::Known)]
    #[case("I10.X00", Standing::Known)]
    #[case("E11.900X001", Standing::Known)]
    #[case("I10.7", Standing::Unknown)]
    #[case("U99", Standing::Unknown)]
    #[case("U99.900", Standing::Unknown)]
    #[case("高血压", Standing::Malformed)]
    #[case("I1", Standing::Malformed)]
    #[case("I10.", Standing::Malformed)]
    #[case("i10", Standing::Malformed)]
    #[case("E11.900X001X002", Standing::Malformed)]
    fn codes_are_in_the_list_or_extend_its_categories(
        #[case] code: &str,
        #[case] expected: Standing,
    ) {
        assert_eq!(Icd10::parse(crate::data::ICD10).standing(code), expected);
    }
}
