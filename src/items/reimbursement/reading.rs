//! From the answers to a claim: every field into its type, every fault at its place (RB-5). Which invoices were used in other
//! cases is asked where they are held; nothing here knows other cases.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::wrong;
use crate::data;
use crate::domain::claim::adjusting::share;
use crate::domain::claim::deadline;
use crate::domain::claim::{
    Account, AccountKind, Care, Claim, Class, Covid, Invoice, Line, Treating, invoice_number, luhn,
    managed_by,
};
use crate::domain::form::{Answers, FieldError};
use crate::domain::icd10::{Icd10, Standing};
use crate::domain::item::FilingFacts;
use crate::domain::locale::Locale;
use crate::domain::money::Fen;
use crate::domain::region::RegionCode;
use crate::domain::time::Day;

static ICD10: LazyLock<Icd10> = LazyLock::new(|| Icd10::parse(data::ICD10));

/// Faults as they are found, in the form's order.
struct Faults(Vec<FieldError>);

impl Faults {
    fn push(&mut self, field: &str, code: &str) {
        self.0.push(wrong(field, code));
    }

    fn kept<T>(&mut self, read: Result<T, FieldError>) -> Option<T> {
        read.map_err(|error| self.0.push(error)).ok()
    }
}

/// Reads a claim.
///
/// # Errors
/// Every fault at its field.
pub(super) fn claim(answers: &Answers, facts: &FilingFacts<'_>) -> Result<Claim, Vec<FieldError>> {
    let mut faults = Faults(vec![]);
    let care: Option<Care> = chosen(answers, "care", &mut faults);
    let treating = treating(answers, facts, &mut faults);
    let days = days(answers, care, facts.today, &mut faults);
    if let Some((from, to)) = days {
        in_time((from, to), answers, facts, &mut faults);
    }
    let diagnoses = diagnoses(answers, &mut faults);
    let covid: Option<Covid> = chosen(answers, "covid", &mut faults);
    let invoices = invoices(answers, facts.today, &mut faults);
    let lines = lines(answers, days, &mut faults);
    let account = account(answers, &mut faults);
    let sums = (
        total(invoices.iter().map(|one| one.total)),
        total(lines.iter().map(|one| one.amount)),
    );
    match sums {
        (Some(invoiced), Some(listed)) if lines.is_empty() || invoiced == listed => {}
        (Some(invoiced), Some(listed)) => faults.0.push(
            wrong("lines", "lines-sum")
                .with("invoiced", invoiced)
                .with("listed", listed),
        ),
        _ => faults.push("invoices", "money-overflow"),
    }
    match (care, treating, days, covid, account) {
        (Some(care), Some(treating), Some((from, to)), Some(covid), Some(account))
            if faults.0.is_empty() =>
        {
            Ok(Claim {
                care,
                treating,
                from,
                to,
                diagnoses,
                covid,
                invoices,
                lines,
                account,
            })
        }
        _ => Err(faults.0),
    }
}

fn chosen<T: std::str::FromStr>(answers: &Answers, field: &str, faults: &mut Faults) -> Option<T> {
    let read = answers.text(field).and_then(|text| text.parse().ok());
    if read.is_none() {
        faults.push(field, "choice-required");
    }
    read
}

/// The institution of the registry, else what is stated of one that the registry does not know.
fn treating(answers: &Answers, facts: &FilingFacts<'_>, faults: &mut Faults) -> Option<Treating> {
    if answers.text("institution").is_some() {
        if facts.institution.is_none() {
            faults.push("institution", "institution-unknown");
        }
        return facts.institution.cloned();
    }
    let mut needed = |field: &str| {
        let text = answers.text(field);
        if text.is_none() {
            faults.push(field, "required");
        }
        text.map(str::to_owned)
    };
    let name = needed("institution_name");
    let level = needed("institution_level");
    let region = needed("institution_region");
    let known = region
        .as_deref()
        .and_then(RegionCode::parse)
        .filter(|code| facts.regions.name(*code, Locale::Zh).is_some());
    if region.is_some() && known.is_none() {
        faults.push("institution_region", "region-unknown");
    }
    known?;
    let region = region?;
    Some(Treating {
        id: None,
        name: name?,
        level: level?.parse().ok()?,
        managed_by: managed_by(&region),
        region,
        designated: false,
    })
}

/// First and last day: none lies ahead, a visit is one day, a stay ends after it began.
fn days(
    answers: &Answers,
    care: Option<Care>,
    today: Day,
    faults: &mut Faults,
) -> Option<(Day, Day)> {
    let Some(from) = answers.day("from") else {
        faults.push("from", "required");
        return None;
    };
    let to = match (answers.day("to"), care) {
        (Some(to), _) => to,
        (None, Some(Care::Inpatient)) => {
            faults.push("to", "discharge-needed");
            return None;
        }
        (None, _) => from,
    };
    let before = faults.0.len();
    if to < from {
        faults.push("to", "discharge-before-admission");
    }
    if from > today {
        faults.push("from", "day-in-future");
    } else if to > today {
        faults.push("to", "day-in-future");
    }
    (faults.0.len() == before).then_some((from, to))
}

/// RB-4: not after the last day for costs of that year.
fn in_time(
    (from, to): (Day, Day),
    answers: &Answers,
    facts: &FilingFacts<'_>,
    faults: &mut Faults,
) {
    let last = deadline::last_day(&facts.policy, to).day;
    if facts.policy.day() > last {
        let field = match answers.day("to") {
            Some(to) if to != from => "to",
            Some(_) | None => "from",
        };
        faults
            .0
            .push(wrong(field, "claim-too-late").with("day", last));
    }
}

/// ICD-10 codes as people write them, with commas or blanks between.
fn diagnoses(answers: &Answers, faults: &mut Faults) -> Vec<String> {
    let typed = answers.text("diagnoses").unwrap_or_default();
    let codes: Vec<String> = typed
        .split(|c: char| c.is_whitespace() || ",，、;；".contains(c))
        .filter(|code| !code.is_empty())
        .map(str::to_ascii_uppercase)
        .collect();
    if codes.is_empty() {
        faults.push("diagnoses", "required");
    }
    for code in &codes {
        let fault = match ICD10.standing(code) {
            Standing::Known => continue,
            Standing::Unknown => "icd10-unknown",
            Standing::Malformed => "icd10-malformed",
        };
        faults.0.push(wrong("diagnoses", fault).with("code", code));
    }
    codes
}

fn invoices(answers: &Answers, today: Day, faults: &mut Faults) -> Vec<Invoice> {
    let mut seen = BTreeSet::new();
    let mut read = vec![];
    for (place, row) in (1_usize..).zip(answers.rows("invoices")) {
        let at = |column: &str| format!("invoices.{place}.{column}");
        let number = row.text("number").and_then(invoice_number);
        match &number {
            None => faults.push(&at("number"), "invoice-malformed"),
            Some(number) if !seen.insert(number.clone()) => {
                faults.push(&at("number"), "invoice-twice");
            }
            Some(_) => {}
        }
        let issued_on = row.day("issued_on");
        if issued_on.is_some_and(|day| day > today) {
            faults.push(&at("issued_on"), "day-in-future");
        }
        let total = faults.kept(positive(&row, "total", &at("total")));
        if let (Some(number), Some(issued_on), Some(total)) = (number, issued_on, total) {
            read.push(Invoice {
                number,
                issued_on,
                total,
            });
        }
    }
    read
}

fn lines(answers: &Answers, days: Option<(Day, Day)>, faults: &mut Faults) -> Vec<Line> {
    let mut read = vec![];
    for (number, row) in (1_u32..).zip(answers.rows("lines")) {
        let at = |column: &str| format!("lines.{number}.{column}");
        let day = row.day("day");
        let outside = |day: Day| days.is_some_and(|(from, to)| day < from || to < day);
        if day.is_some_and(outside) {
            faults.push(&at("day"), "line-outside-stay");
        }
        let class: Option<Class> = row.text("class").and_then(|text| text.parse().ok());
        let own_share = match row.text("own_share") {
            None => None,
            Some(typed) => {
                let share = share(typed);
                if share.is_none() {
                    faults.push(&at("own_share"), "share-malformed");
                }
                share
            }
        };
        if class == Some(Class::B) && own_share.is_none() {
            faults.push(&at("own_share"), "share-needed");
        }
        let amount = faults.kept(positive(&row, "amount", &at("amount")));
        if let (Some(day), Some(name), Some(amount)) = (day, row.text("name"), amount) {
            read.push(Line {
                number,
                day,
                name: name.to_owned(),
                code: row.text("code").map(str::to_owned),
                class,
                own_share,
                protocol: row.text("protocol") == Some("yes"),
                amount,
            });
        }
    }
    read
}

fn positive(row: &Answers, column: &str, at: &str) -> Result<Fen, FieldError> {
    match row.fen(column) {
        Some(amount) if amount.is_zero() => Err(wrong(at, "money-zero")),
        Some(amount) => Ok(amount),
        None => Err(wrong(at, "required")),
    }
}

/// Reads the account alone.
///
/// # Errors
/// Every fault at its field.
pub(super) fn account_alone(answers: &Answers) -> Result<Account, Vec<FieldError>> {
    let mut faults = Faults(vec![]);
    match account(answers, &mut faults) {
        Some(account) if faults.0.is_empty() => Ok(account),
        _ => Err(faults.0),
    }
}

fn account(answers: &Answers, faults: &mut Faults) -> Option<Account> {
    let mut needed = |field: &str| {
        let text = answers.text(field);
        if text.is_none() {
            faults.push(field, "required");
        }
        text.map(str::to_owned)
    };
    let (holder, bank, number) = (needed("account_holder"), needed("bank"), needed("account"));
    let kind: Option<AccountKind> = chosen(answers, "account_kind", faults);
    if let (Some(AccountKind::Card), Some(number)) = (kind, &number)
        && !luhn(number)
    {
        faults.push("account", "account-check-digit");
        return None;
    }
    Some(Account {
        kind: kind?,
        number: number?,
        bank: bank?,
        holder: holder?,
    })
}

fn total(mut amounts: impl Iterator<Item = Fen>) -> Option<Fen> {
    amounts.try_fold(Fen::default(), Fen::plus)
}
