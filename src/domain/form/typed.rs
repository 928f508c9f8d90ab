//! Answers as people type them, each into its canonical form. Nothing here knows a form.

use serde_json::Value;

use crate::domain::money::{Fen, MoneyError};
use crate::domain::time::Day;

/// What is around an answer without being seen; an answer of nothing else is none.
pub(super) fn is_unseen(c: char) -> bool {
    c.is_whitespace() || crate::domain::text::is_invisible(c)
}

/// A day as people type it: `2026-11-24`, `2026/11/24`, `2026.11.24`, `2026年11月24日`, full-width digits;
/// years 1900 to 2199.
pub fn read_day(typed: &str) -> Option<Day> {
    let mut parts: Vec<String> = vec![String::new()];
    for c in typed.trim().chars() {
        match c {
            '0'..='9' => parts.last_mut()?.push(c),
            '０'..='９' => parts
                .last_mut()?
                .push(char::from_u32(u32::from(c) - 0xFF10 + 0x30)?),
            '-' | '/' | '.' | '年' | '月' | '－' => parts.push(String::new()),
            '日' => {}
            _ => return None,
        }
    }
    let [year, month, day] = parts.as_slice() else {
        return None;
    };
    let day = Day::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
    (1900..=2199)
        .contains(&chrono::Datelike::year(&day))
        .then_some(day)
}

/// An amount given as a number is whole fen, within what can be typed.
pub(super) fn whole_fen(number: &serde_json::Number) -> Result<Value, &'static str> {
    match number.as_i64() {
        Some(fen) if fen < 0 => Err(money_code(MoneyError::Negative)),
        Some(fen) if fen > Fen::LARGEST.fen() => Err(money_code(MoneyError::Overflow)),
        Some(fen) => Ok(Value::from(fen)),
        None => Err("money-decimals"),
    }
}

pub(super) fn money_code(error: MoneyError) -> &'static str {
    match error {
        MoneyError::Empty => "required",
        MoneyError::Characters => "money-characters",
        MoneyError::Exponent => "money-exponent",
        MoneyError::Separators => "money-separators",
        MoneyError::Decimals => "money-decimals",
        MoneyError::Negative => "money-negative",
        MoneyError::Overflow => "money-overflow",
    }
}

/// The digits of a bank account, with what people put between them taken out.
pub(super) fn account(typed: &str) -> Option<String> {
    let digits: String = typed
        .chars()
        .filter(|c| !is_unseen(*c) && *c != '-')
        .map(crate::domain::text::half_width)
        .collect();
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    (plain && (8..=30).contains(&digits.len())).then_some(digits)
}

pub(super) fn institution(typed: &str) -> Option<String> {
    let plain = typed.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (plain && typed.len() <= 30).then(|| typed.to_ascii_uppercase())
}

pub(super) fn region(typed: &str) -> Option<String> {
    (typed.len() == 6 && typed.bytes().all(|b| b.is_ascii_digit())).then(|| typed.to_owned())
}

/// Free text: direction overrides and other invisible characters are taken out, control characters
/// but line breaks refused.
pub(super) fn text(typed: &str, longest: usize) -> Result<Value, &'static str> {
    let clean: String = typed
        .chars()
        .filter(|c| !crate::domain::text::is_invisible(*c))
        .collect();
    if clean.chars().any(|c| c.is_control() && c != '\n') {
        Err("text-control")
    } else if clean.chars().count() > longest {
        Err("text-too-long")
    } else {
        Ok(Value::from(clean))
    }
}
