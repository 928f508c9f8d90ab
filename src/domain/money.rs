//! Money: whole fen, never floating point. What people type is read once, here; amounts are added with overflow in mind.
//! Nothing here rounds.

use serde::{Deserialize, Serialize};

use super::text::{half_width, is_invisible};

/// An amount in fen; negative when it is taken back.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Fen(i64);

/// The largest amount anybody types: a hundred thousand million yuan less a fen.
const LARGEST: i64 = 9_999_999_999_999;

/// Why a text is no amount; each has its own words on a page.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error, strum::IntoStaticStr, strum::EnumIter,
)]
#[strum(serialize_all = "kebab-case")]
pub enum MoneyError {
    /// Nothing was typed.
    #[error("empty: an amount is needed")]
    Empty,
    /// Something else than digits and one decimal point: `NaN`, words, two points.
    #[error("characters: only digits and one decimal point are allowed")]
    Characters,
    /// `1e3`: spreadsheets write long numbers so.
    #[error("exponent: the amount is to be written out")]
    Exponent,
    /// `1,234.50`: a comma is a decimal point to some and a separator to others.
    #[error("separators: thousands separators are not read")]
    Separators,
    /// More than two decimals.
    #[error("decimals: an amount has two decimals at most")]
    Decimals,
    /// A minus sign: what was wrong is taken back, not entered as less than nothing.
    #[error("negative: an amount is not less than zero")]
    Negative,
    /// More than can be meant.
    #[error("overflow: the amount is too large")]
    Overflow,
}

impl MoneyError {
    /// A stable name of the reason, for messages and the API.
    pub fn code(self) -> &'static str {
        self.into()
    }
}

impl Fen {
    /// So many fen.
    pub fn new(fen: i64) -> Self {
        Self(fen)
    }

    /// The number of fen.
    pub fn fen(self) -> i64 {
        self.0
    }

    /// Whether it is nothing.
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Reads yuan as people type them: `12`, `12.5`, `12.50`, `¥12.50`, `12.50元`, full-width digits.
    ///
    /// # Errors
    /// The first reason that applies; nothing is guessed.
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        let typed: String = text
            .chars()
            .filter(|c| !is_invisible(*c))
            .map(|c| if c == '￥' { '¥' } else { half_width(c) })
            .collect();
        let typed = typed.trim();
        let typed = typed.strip_prefix('¥').unwrap_or(typed);
        let typed = typed.strip_suffix('元').unwrap_or(typed).trim();
        match typed.strip_prefix(['-', '−']) {
            Some(rest) => Err(digits(rest).err().unwrap_or(MoneyError::Negative)),
            None => digits(typed.strip_prefix('+').unwrap_or(typed)),
        }
    }

    /// The sum, unless it is beyond what can be counted.
    pub fn plus(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The same amount taken back.
    pub fn negated(self) -> Option<Self> {
        self.0.checked_neg().map(Self)
    }
}

fn digits(typed: &str) -> Result<Fen, MoneyError> {
    if typed.is_empty() {
        return Err(MoneyError::Empty);
    }
    if typed.contains([',', '，', '\'', ' ']) {
        return Err(MoneyError::Separators);
    }
    let (yuan, decimals) = typed.split_once('.').unwrap_or((typed, ""));
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !plain(yuan) || !plain(decimals) || yuan.is_empty() || typed.ends_with('.') {
        return Err(match is_exponent(typed) {
            true => MoneyError::Exponent,
            false => MoneyError::Characters,
        });
    }
    let fen = match decimals.len() {
        0 => 0,
        1 => decimals
            .parse::<i64>()
            .map(|tenths| tenths * 10)
            .unwrap_or_default(),
        2 => decimals.parse().unwrap_or_default(),
        _ => return Err(MoneyError::Decimals),
    };
    yuan.parse::<i64>()
        .ok()
        .and_then(|yuan| yuan.checked_mul(100)?.checked_add(fen))
        .filter(|amount| *amount <= LARGEST)
        .map(Fen)
        .ok_or(MoneyError::Overflow)
}

/// Whether it would be a number in the notation of programs.
fn is_exponent(typed: &str) -> bool {
    typed.contains(['e', 'E'])
        && typed.starts_with(|c: char| c.is_ascii_digit())
        && typed.parse::<f64>().is_ok()
}

impl std::fmt::Display for Fen {
    /// `¥1,234.50`, `-¥0.05`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (yuan, rest) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        let digits = yuan.to_string();
        f.write_str(if self.0 < 0 { "-¥" } else { "¥" })?;
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        write!(f, ".{rest:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("0", 0)]
    #[case("12", 1_200)]
    #[case("12.5", 1_250)]
    #[case("12.50", 1_250)]
    #[case("012.05", 1_205)]
    #[case("0.01", 1)]
    #[case(" ¥12.50 ", 1_250)]
    #[case("￥１２．５０", 1_250)]
    #[case("12.50元", 1_250)]
    #[case("12\u{200b}.50", 1_250)]
    #[case("+3", 300)]
    #[case("99999999999.99", LARGEST)]
    fn yuan_are_read_as_people_type_them(#[case] typed: &str, #[case] fen: i64) {
        assert_eq!(Fen::parse(typed), Ok(Fen(fen)));
    }

    #[rstest]
    #[case("", MoneyError::Empty)]
    #[case("  ", MoneyError::Empty)]
    #[case("¥", MoneyError::Empty)]
    #[case("-", MoneyError::Empty)]
    #[case("NaN", MoneyError::Characters)]
    #[case("inf", MoneyError::Characters)]
    #[case("infinity", MoneyError::Characters)]
    #[case("twelve", MoneyError::Characters)]
    #[case("1.2.3", MoneyError::Characters)]
    #[case(".5", MoneyError::Characters)]
    #[case("5.", MoneyError::Characters)]
    #[case("0x10", MoneyError::Characters)]
    #[case("一百", MoneyError::Characters)]
    #[case("1e3", MoneyError::Exponent)]
    #[case("1.5E-2", MoneyError::Exponent)]
    #[case("1,234.5", MoneyError::Separators)]
    #[case("1，234", MoneyError::Separators)]
    #[case("1 234", MoneyError::Separators)]
    #[case("1'234", MoneyError::Separators)]
    #[case("12.345", MoneyError::Decimals)]
    #[case("12.500", MoneyError::Decimals)]
    #[case("-12.50", MoneyError::Negative)]
    #[case("−1", MoneyError::Negative)]
    #[case("-1e3", MoneyError::Exponent)]
    #[case("100000000000", MoneyError::Overflow)]
    #[case("99999999999999999999", MoneyError::Overflow)]
    fn what_is_no_amount_is_refused_with_its_reason(
        #[case] typed: &str,
        #[case] reason: MoneyError,
    ) {
        assert_eq!(Fen::parse(typed), Err(reason));
    }

    #[rstest]
    #[case(0, "¥0.00")]
    #[case(5, "¥0.05")]
    #[case(123_450, "¥1,234.50")]
    #[case(100_000_000, "¥1,000,000.00")]
    #[case(-5, "-¥0.05")]
    #[case(i64::MIN, "-¥92,233,720,368,547,758.08")]
    fn amounts_are_shown_with_separators(#[case] fen: i64, #[case] shown: &str) {
        assert_eq!(Fen(fen).to_string(), shown);
    }

    proptest! {
        #[test]
        fn what_was_shown_without_separators_reads_back(fen in 0..=LARGEST) {
            let shown = Fen(fen).to_string().replace(',', "");
            prop_assert_eq!(Fen::parse(&shown), Ok(Fen(fen)));
        }

        #[test]
        fn nothing_that_is_typed_panics(typed in "\\PC{0,30}") {
            let read = Fen::parse(&typed);
            prop_assert!(read.is_err() || read.is_ok_and(|fen| (0..=LARGEST).contains(&fen.0)));
        }
    }
}
