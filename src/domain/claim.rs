//! A claim for reimbursement (零星报销, RB-5) as it was filed: what was paid, where, when, for what, and to which account the
//! answer goes. What is allowed of it and what comes of it is the settlement's; nothing here computes a payment.

pub mod adjusting;

pub mod deadline;

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::ids::InstitutionId;
use super::money::Fen;
use super::patient::closed_set;
use super::policy::value::BasisPoints;
use super::time::Day;

closed_set! {
    /// Kinds of care (RB-5); texts `care-<name>`.
    Care {
        /// 住院
        Inpatient,
        /// 门诊
        Outpatient,
        /// 急诊
        Emergency,
        /// 互联网诊疗
        Internet,
    }
}

impl Care {
    /// Whether it is a stay in a hospital.
    pub fn is_stay(self) -> bool {
        self == Self::Inpatient
    }
}

closed_set! {
    /// COVID status by the diagnosis (RB-5); texts `covid-<name>`.
    Covid {
        /// 确诊
        Confirmed,
        /// 疑似
        Suspected,
        /// 无
        None,
    }
}

closed_set! {
    /// Whose hospital it is (SET-8); texts `managed-by-<name>`.
    ManagedBy {
        /// 市属
        City,
        /// 县属
        County,
        /// 省属
        Province,
    }
}

/// Class in the catalogue of drugs and services (RB-5); texts `class-<name>`.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    EnumIter,
    EnumString,
    IntoStaticStr,
    Display,
)]
pub enum Class {
    /// 甲类: eligible in full.
    A,
    /// 乙类: eligible but for the own share.
    B,
    /// 目录外
    #[serde(rename = "outside")]
    #[strum(serialize = "outside")]
    Outside,
}

impl Class {
    /// The name in the database, the API and the texts' keys.
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

closed_set! {
    /// What kind of account the money goes to; texts `account-kind-<name>`.
    AccountKind {
        /// 银行卡: its number ends with a check digit (Luhn).
        Card,
        /// 存折
        Passbook,
    }
}

/// Where the money goes.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Card or passbook.
    pub kind: AccountKind,
    /// Digits only; sealed wherever it is kept.
    pub number: String,
    /// Name of the bank.
    pub bank: String,
    /// Whose account it is.
    pub holder: String,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Account({})", self.kind)
    }
}

/// Where somebody was treated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Treating {
    /// The institution of the registry; none for one that the registry does not know.
    pub id: Option<InstitutionId>,
    /// Its name.
    pub name: String,
    /// 0 not graded, 1, 2, 3.
    pub level: u8,
    /// County or prefecture code.
    pub region: String,
    /// Whose hospital it is.
    pub managed_by: ManagedBy,
    /// Whether it is a designated institution.
    pub designated: bool,
}

/// An invoice of a claim (票据).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    /// Letters and digits, half-width, capitals.
    pub number: String,
    /// When it was made out.
    pub issued_on: Day,
    /// What it comes to.
    pub total: Fen,
}

/// A line of the costs, as asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// From 1, in the order of the claim.
    pub number: u32,
    /// Day of the service.
    pub day: Day,
    /// What it was.
    pub name: String,
    /// Code of the catalogue, where the list names one.
    pub code: Option<String>,
    /// Class, where the list or the catalogue says it; a settlement needs it.
    pub class: Option<Class>,
    /// What the person bears of class B.
    pub own_share: Option<BasisPoints>,
    /// Whether it belongs to the protocol of COVID treatment (SET-3).
    pub protocol: bool,
    /// How much.
    pub amount: Fen,
}

/// A claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Kind of care.
    pub care: Care,
    /// Where.
    pub treating: Treating,
    /// First day.
    pub from: Day,
    /// Last day: discharge, or the day of the service.
    pub to: Day,
    /// ICD-10 codes; sealed wherever they are kept.
    pub diagnoses: Vec<String>,
    /// COVID status.
    pub covid: Covid,
    /// The invoices.
    pub invoices: Vec<Invoice>,
    /// The costs; none yet where the papers come by post or lie at the counter.
    pub lines: Vec<Line>,
    /// Where the money goes.
    pub account: Account,
}

impl Claim {
    /// What the invoices come to; `None` beyond what can be counted.
    pub fn invoiced(&self) -> Option<Fen> {
        sum(self.invoices.iter().map(|invoice| invoice.total))
    }

    /// What the lines come to; `None` beyond what can be counted.
    pub fn listed(&self) -> Option<Fen> {
        sum(self.lines.iter().map(|line| line.amount))
    }
}

fn sum(mut amounts: impl Iterator<Item = Fen>) -> Option<Fen> {
    amounts.try_fold(Fen::default(), Fen::plus)
}

/// Whose hospital it is, by the place where it stands: a county's code ends in the county's digits.
pub fn managed_by(region: &str) -> ManagedBy {
    match (region.ends_with("0000"), region.ends_with("00")) {
        (true, _) => ManagedBy::Province,
        (false, true) => ManagedBy::City,
        (false, false) => ManagedBy::County,
    }
}

/// A bank account as it is shown: its last four digits (PIPL 28).
pub fn masked_account(number: &str) -> String {
    let shown: Vec<char> = number.chars().rev().take(4).collect();
    let last: String = shown.into_iter().rev().collect();
    format!("**** {last}")
}

/// Digits in groups of four, as they stand on cards; what is no number stays as it is.
pub fn grouped(number: &str) -> String {
    if number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return number.to_owned();
    }
    let digits = number.chars().enumerate();
    let spaced = digits.flat_map(|(at, digit)| {
        let gap = (at > 0 && at % 4 == 0).then_some(' ');
        gap.into_iter().chain([digit])
    });
    spaced.collect()
}

/// An invoice number as it is compared: half-width capitals, nothing between them. `None` when it is none: four to thirty
/// letters and digits, with a digit among them.
pub fn invoice_number(typed: &str) -> Option<String> {
    let number: String = typed
        .chars()
        .filter(|c| !super::text::is_invisible(*c) && !c.is_whitespace() && *c != '-')
        .map(super::text::half_width)
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let plain = number.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let digit = number.bytes().any(|byte| byte.is_ascii_digit());
    (plain && digit && (4..=30).contains(&number.len())).then_some(number)
}

/// Whether a card number ends with its check digit (Luhn).
pub fn luhn(number: &str) -> bool {
    let sum: u32 = number
        .bytes()
        .rev()
        .zip([false, true].into_iter().cycle())
        .map(|(byte, doubled)| {
            let digit = u32::from(byte.wrapping_sub(b'0'));
            match (doubled, digit) {
                (false, digit) => digit,
                (true, digit) if digit > 4 => digit * 2 - 9,
                (true, digit) => digit * 2,
            }
        })
        .sum();
    number.bytes().all(|byte| byte.is_ascii_digit()) && !number.is_empty() && sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("0012345678", Some("0012345678"))]
    #[case(" 37-0601 2026 ", Some("3706012026"))]
    #[case("ｆｐ１２３４", Some("FP1234"))]
    #[case("123", None)]
    #[case("ABCDEF", None)]
    #[case("12/34", None)]
    #[case("1234567890123456789012345678901", None)]
    fn invoice_numbers_are_compared_in_one_form(
        #[case] typed: &str,
        #[case] expected: Option<&str>,
    ) {
        assert_eq!(invoice_number(typed).as_deref(), expected);
    }

    #[test]
    fn card_numbers_stand_in_groups_of_four() {
        assert_eq!(grouped("6222020000000000003"), "6222 0200 0000 0000 003");
        assert_eq!(grouped("6222 02"), "6222 02");
        assert_eq!(grouped(""), "");
    }

    #[rstest]
    #[case("6222020000000000000", true)]
    #[case("4111111111111111", true)]
    #[case("4111111111111112", false)]
    #[case("41111111x1111111", false)]
    #[case("", false)]
    fn a_card_number_ends_with_its_check_digit(#[case] number: &str, #[case] expected: bool) {
        assert_eq!(luhn(number), expected);
    }
}
