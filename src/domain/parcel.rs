//! Parcels (邮件) that come to an agency's mailroom (RB-1), and originals that go back. A fax is registered like one. Nothing here
//! looks into a case.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::form::FieldError;
use super::id_number::IdNumber;
use super::patient::closed_set;
use super::receipt::ReceiptNo;
use super::time::{Day, Ts};

/// Cases of one parcel at most.
pub const MOST_CASES: usize = 20;
/// Characters of a sender's name at most.
const LONGEST_SENDER: usize = 60;
/// Characters of what a parcel holds at most.
const LONGEST_CONTENTS: usize = 300;

closed_set! {
    /// Who carries it; texts `courier-<name>`.
    Courier {
        /// 邮政 EMS
        Ems,
        /// 顺丰
        Sf,
        /// 京东
        Jd,
        /// 中通
        Zto,
        /// 圆通
        Yto,
        /// 申通
        Sto,
        /// 韵达
        Yunda,
        /// 传真
        Fax,
        /// Another.
        Other,
    }
}

closed_set! {
    /// What was found of a material; texts `paper-found-<name>`.
    Found {
        /// 原件
        Original,
        /// 复印件
        Copy,
        /// 缺失
        Missing,
        /// 无法辨认
        Unreadable,
    }
}

impl Found {
    /// Whether the handler has nothing to ask for.
    pub fn is_fit(self) -> bool {
        match self {
            Self::Original | Self::Copy => true,
            Self::Missing | Self::Unreadable => false,
        }
    }
}

closed_set! {
    /// What a photograph of a parcel shows; texts `parcel-photo-<name>`.
    Shows {
        /// What came.
        Arrival,
        /// What went back.
        Return,
    }
}

/// A tracking number as it is compared: half-width capitals and digits, nothing between them. `None` when it is none: six to
/// thirty-two letters and digits, with a digit among them.
pub fn tracking(typed: &str) -> Option<String> {
    let number: String = typed
        .chars()
        .filter(|c| !super::text::is_invisible(*c) && !c.is_whitespace() && *c != '-')
        .map(super::text::half_width)
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let plain = number.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let digit = number.bytes().any(|byte| byte.is_ascii_digit());
    (plain && digit && (6..=32).contains(&number.len())).then_some(number)
}

/// Courier and tracking number: what tells a parcel from every other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label {
    /// Who carries it.
    pub courier: Courier,
    /// Its number, as [`tracking`] makes it.
    pub tracking: String,
}

impl Label {
    /// Reads both, noting what is wrong at `courier` and `tracking`.
    pub fn read(courier: &str, number: &str, errors: &mut Vec<FieldError>) -> Option<Self> {
        let read: Option<Courier> = courier.trim().parse().ok();
        if read.is_none() {
            errors.push(FieldError::new("courier", "choice-required"));
        }
        let number = tracking(number);
        if number.is_none() {
            errors.push(FieldError::new("tracking", "tracking-malformed"));
        }
        Some(Self {
            courier: read?,
            tracking: number?,
        })
    }
}

/// What is typed when a parcel is registered.
#[derive(Clone, Debug, Default)]
pub struct Raw {
    /// Name of the courier.
    pub courier: String,
    /// Tracking number.
    pub tracking: String,
    /// Day of the postmark.
    pub posted_on: Option<Day>,
    /// When the courier delivered it.
    pub delivered_at: Option<Ts>,
    /// Who sent it.
    pub sender: String,
    /// Receipt numbers of the cases it is for.
    pub cases: Vec<String>,
    /// Of one without a form: the ID number that the papers show.
    pub id_number: String,
    /// Of one without a form: what it holds.
    pub contents: String,
}

/// A parcel to be registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Courier and number.
    pub label: Label,
    /// Day of the postmark; none where it can't be read.
    pub posted_on: Option<Day>,
    /// When the courier delivered it, which starts the clock (CLK-4).
    pub delivered_at: Ts,
    /// Who sent it.
    pub sender: String,
    /// The cases it is for; none of one without a form.
    pub cases: Vec<ReceiptNo>,
    /// Whom one without a form is for, where the papers show it.
    pub id_number: Option<IdNumber>,
    /// What one without a form holds.
    pub contents: String,
}

/// Reads what was typed at `now`.
///
/// # Errors
/// Every fault at its field.
pub fn read(raw: &Raw, now: Ts) -> Result<Entry, Vec<FieldError>> {
    let mut errors = vec![];
    let label = Label::read(&raw.courier, &raw.tracking, &mut errors);
    if raw.posted_on.is_some_and(|day| day > now.day()) {
        errors.push(FieldError::new("posted_on", "day-in-future"));
    }
    let fault = match (raw.delivered_at, raw.posted_on) {
        (None, _) => Some("required"),
        (Some(at), _) if at > now => Some("delivered-later"),
        // CLK-4: a parcel is not here before it was posted.
        (Some(at), Some(posted)) if at.day() < posted => Some("delivered-before-posted"),
        (Some(_), _) => None,
    };
    errors.extend(fault.map(|code| FieldError::new("delivered_at", code)));
    let sender = words(&raw.sender, "sender", LONGEST_SENDER, &mut errors);
    if sender.is_empty() {
        errors.push(FieldError::new("sender", "required"));
    }
    let cases = receipts(&raw.cases, &mut errors);
    let id_number = match (
        raw.id_number.trim(),
        IdNumber::parse(&raw.id_number, now.day()),
    ) {
        ("", _) => None,
        (_, Ok(number)) => Some(number),
        (_, Err(_)) => {
            errors.push(FieldError::new("id_number", "id-number-malformed"));
            None
        }
    };
    let contents = words(&raw.contents, "contents", LONGEST_CONTENTS, &mut errors);
    match (label, raw.delivered_at, errors.is_empty()) {
        (Some(label), Some(delivered_at), true) => Ok(Entry {
            label,
            posted_on: raw.posted_on,
            delivered_at,
            sender,
            cases,
            id_number,
            contents,
        }),
        _ => Err(errors),
    }
}

fn words(typed: &str, field: &str, most: usize, errors: &mut Vec<FieldError>) -> String {
    let words = super::text::cleaned(typed);
    if words.chars().count() > most {
        errors.push(FieldError::new(field, "text-too-long").with("longest", most));
    }
    words
}

/// The numbers in their order, each once.
fn receipts(typed: &[String], errors: &mut Vec<FieldError>) -> Vec<ReceiptNo> {
    let mut numbers: Vec<ReceiptNo> = vec![];
    for text in typed.iter().filter(|text| !text.trim().is_empty()) {
        match text.parse() {
            Ok(number) if numbers.contains(&number) => {}
            Ok(number) => numbers.push(number),
            Err(_) => {
                let error = FieldError::new("cases", "receipt-malformed");
                errors.push(error.with("number", text.trim()));
            }
        }
    }
    if numbers.len() > MOST_CASES {
        errors.push(FieldError::new("cases", "cases-too-many").with("most", MOST_CASES));
    }
    numbers
}

/// What is known of a parcel when it is asked whether anything is left to do with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Cases it is for.
    pub cases: usize,
    /// Those of them whose materials were checked.
    pub checked: usize,
    /// Sheets of originals that are to go back.
    pub originals: i32,
    /// Sheets that went back.
    pub returned: i32,
}

impl Standing {
    /// Whether nothing is left: it belongs to a case, all was checked, and what is to go back went back.
    pub fn is_done(self) -> bool {
        self.cases > 0 && self.checked >= self.cases && self.returned >= self.originals
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn at(text: &str) -> Ts {
        Ts::parse(text).unwrap()
    }

    fn raw() -> Raw {
        Raw {
            courier: "ems".to_owned(),
            tracking: "ex 1234 5678 9 cn".to_owned(),
            posted_on: "2026-11-27".parse().ok(),
            delivered_at: Some(at("2026-11-30T09:00:00+08:00")),
            sender: "示例甲".to_owned(),
            ..Raw::default()
        }
    }

    fn faults(raw: &Raw) -> Vec<String> {
        let errors = read(raw, at("2026-11-30T10:00:00+08:00")).err();
        let told = errors.into_iter().flatten();
        told.map(|e| format!("{} {}", e.field, e.code)).collect()
    }

    #[rstest]
    #[case("ex 1234-5678 9cn", Some("EX123456789CN"))]
    #[case("ＳＦ１２３４５６７", Some("SF1234567"))]
    #[case("12345", None)]
    #[case("ABCDEFGH", None)]
    #[case("SF12/34567", None)]
    fn tracking_numbers_are_compared_in_one_form(#[case] typed: &str, #[case] one: Option<&str>) {
        assert_eq!(tracking(typed).as_deref(), one);
    }

    #[rstest]
    #[case::now("2026-11-30T10:00:00+08:00", &[])]
    #[case::of_the_day_of_posting("2026-11-27T00:00:00+08:00", &[])]
    #[case::later("2026-11-30T10:00:01+08:00", &["delivered_at delivered-later"])]
    #[case::before_posting("2026-11-26T23:59:59+08:00", &["delivered_at delivered-before-posted"])]
    fn a_parcel_is_delivered_between_posting_and_now(#[case] when: &str, #[case] told: &[&str]) {
        let raw = Raw {
            delivered_at: Some(at(when)),
            ..raw()
        };
        assert_eq!(faults(&raw), told);
    }

    #[test]
    fn every_fault_is_told_at_its_field() {
        let raw = Raw {
            posted_on: "2026-12-01".parse().ok(),
            cases: vec!["371000-1".to_owned(), String::new()],
            id_number: "37100019800101".to_owned(),
            contents: "页".repeat(301),
            ..Raw::default()
        };
        let expected = [
            "courier choice-required",
            "tracking tracking-malformed",
            "posted_on day-in-future",
            "delivered_at required",
            "sender required",
            "cases receipt-malformed",
            "id_number id-number-malformed",
            "contents text-too-long",
        ];
        assert_eq!(faults(&raw), expected);
    }

    #[rstest]
    #[case::no_case((0, 0, 0, 0), false)]
    #[case::unchecked((2, 1, 0, 0), false)]
    #[case::copies((2, 2, 0, 0), true)]
    #[case::originals_here((1, 1, 3, 2), false)]
    #[case::originals_back((1, 1, 3, 3), true)]
    fn a_parcel_is_done_when_all_is_checked_and_back(
        #[case] (cases, checked, originals, returned): (usize, usize, i32, i32),
        #[case] done: bool,
    ) {
        let standing = Standing {
            cases,
            checked,
            originals,
            returned,
        };
        assert_eq!(standing.is_done(), done);
    }
}
