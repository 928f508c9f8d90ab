//! What is said of a question's lines: how many, what they come to, how far from the invoices. Nothing is refused here.

use crate::data::texts::{has_text, text};
use crate::domain::form::Field;
use crate::domain::locale::Locale;
use crate::domain::money::Fen;
use crate::usecases::drafting::{Opened, rows};
use crate::web::chrome::Chrome;

/// How many lines there are, what they come to, and how far they are from the invoices.
pub fn sums(chrome: &Chrome, opened: &Opened, field: &Field) -> Vec<String> {
    let answers = &opened.draft.answers;
    let count = answers.rows(field.name).len();
    let Some(sum) = rows::sum(answers, field).filter(|_| count > 0) else {
        return vec![];
    };
    let mut said = vec![chrome.t2(
        "rows-sum",
        ("count", count.to_string()),
        ("sum", sum.to_string()),
    )];
    let other = opened.item.form.fields.iter().find(|other| {
        other.name != field.name && rows::columns(other).is_some() && field.name == "lines"
    });
    if let Some(invoiced) = other.and_then(|other| rows::sum(answers, other)) {
        said.push(difference(chrome, sum, invoiced));
    }
    said
}

fn difference(chrome: &Chrome, listed: Fen, invoiced: Fen) -> String {
    let off = invoiced.negated().and_then(|less| listed.plus(less));
    match off {
        Some(off) if !off.is_zero() => chrome.t2(
            "rows-differ",
            ("invoiced", invoiced.to_string()),
            ("off", off.to_string()),
        ),
        Some(_) | None => chrome.t1("rows-agree", "invoiced", invoiced.to_string()),
    }
}

/// A hint where there is one.
pub fn hint(locale: Locale, key: &str) -> String {
    match has_text(locale, key) {
        true => text(locale, key),
        false => String::new(),
    }
}
