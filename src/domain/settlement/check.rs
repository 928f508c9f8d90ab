//! Whether the input of a settlement makes sense: every fault with its field and a code whose words are `error-<code>`.
//! Nothing is corrected and nothing computed here.

use chrono::NaiveDate;

use super::input::{Input, Line, Used};
use crate::domain::claim::Class;
use crate::domain::form::FieldError;
use crate::domain::policy::value::BasisPoints;
use crate::domain::time::Day;

/// Most lines of one claim.
const MOST_LINES: usize = 2_000;

/// The largest amount of a line, fen: a hundred thousand million yuan.
const LARGEST: i64 = 10_000_000_000_000;

/// The largest amount that a year can have used, fen: what the lines of a claim can come to at most.
const LARGEST_USED: i64 = 20_000_000_000_000_000;

/// Nobody alive was born before.
const EARLIEST_BIRTH: Day = match NaiveDate::from_ymd_opt(1900, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// All faults of an input.
///
/// # Errors
/// Those faults, in the order of the fields.
pub(super) fn check(input: &Input) -> Result<(), Vec<FieldError>> {
    let mut faults = vec![];
    let mut unless = |holds: bool, field: &str, code: &str| {
        if !holds {
            faults.push(FieldError::new(field, code));
        }
    };
    unless(
        input.birth >= EARLIEST_BIRTH,
        "birth",
        "settlement-birth-too-early",
    );
    unless(
        input.birth <= input.from,
        "birth",
        "settlement-born-after-treatment",
    );
    unless(
        input.institution.level <= 3,
        "institution.level",
        "settlement-level-unknown",
    );
    let region = &input.institution.region;
    let code = region.len() == 6 && region.bytes().all(|byte| byte.is_ascii_digit());
    unless(code, "institution.region", "settlement-region-malformed");
    unless(
        input.from <= input.to,
        "to",
        "settlement-ends-before-it-begins",
    );
    unless(!input.lines.is_empty(), "lines", "settlement-lines-missing");
    unless(
        input.lines.len() <= MOST_LINES,
        "lines",
        "settlement-lines-too-many",
    );
    for (at, line) in input.lines.iter().enumerate() {
        faults.extend(line_faults(at, line, input));
    }
    faults.extend(used_faults(&input.used));
    match faults.is_empty() {
        true => Ok(()),
        false => Err(faults),
    }
}

fn line_faults(at: usize, line: &Line, input: &Input) -> Vec<FieldError> {
    let mut faults = vec![];
    let mut fault = |part: &str, code: &str| {
        faults.push(FieldError::new(&format!("lines[{at}].{part}"), code));
    };
    if !(input.from..=input.to).contains(&line.date) {
        fault("date", "settlement-line-outside-the-stay");
    }
    match line.fen {
        ..0 => fault("fen", "settlement-amount-negative"),
        0 => fault("fen", "settlement-amount-zero"),
        1..=LARGEST => {}
        _ => fault("fen", "settlement-amount-too-large"),
    }
    match (line.class, line.own_share_bp) {
        (Class::B, None) => fault("own_share_bp", "settlement-own-share-missing"),
        (_, Some(share)) if share > BasisPoints::WHOLE => {
            fault("own_share_bp", "settlement-share-too-large")
        }
        (Class::A | Class::B | Class::Outside, _) => {}
    }
    faults
}

fn used_faults(used: &Used) -> impl Iterator<Item = FieldError> {
    [
        ("used.basic_fen", used.basic_fen),
        ("used.serious_burden_fen", used.serious_burden_fen),
        ("used.aid_fen", used.aid_fen),
        ("used.outpatient_fen", used.outpatient_fen),
        ("used.outpatient_deducted_fen", used.outpatient_deducted_fen),
    ]
    .into_iter()
    .filter_map(|(field, fen)| match fen {
        ..0 => Some(FieldError::new(field, "settlement-amount-negative")),
        0..=LARGEST_USED => None,
        _ => Some(FieldError::new(field, "settlement-amount-too-large")),
    })
}
