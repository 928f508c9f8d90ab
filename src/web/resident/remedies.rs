//! Remedies against a refusal or non-acceptance, in words (CAS-6).

use crate::domain::locale::Locale;
use crate::domain::policy::terms::{LegalCheck, Period, Remedy, RemedyKind};
use crate::web::chrome::Chrome;
use crate::web::components::SummaryRow;

/// A remedy as a row: which, where, within what time, and whether lawyers must still look at it.
pub fn row(chrome: &Chrome, remedy: &Remedy) -> SummaryRow {
    let key = match remedy.kind {
        RemedyKind::AskAgency => "remedy-ask-agency",
        RemedyKind::Reconsideration => "remedy-reconsideration",
        RemedyKind::Suit => "remedy-suit",
    };
    let body = match chrome.locale {
        Locale::Zh => &remedy.body_zh,
        Locale::En => &remedy.body_en,
    };
    let mut row = SummaryRow::new(chrome.t(key), body);
    match remedy.period {
        Some(Period::Days(days)) => row.lines.push(chrome.t1("remedy-days", "count", days.0)),
        Some(Period::Months(months)) => {
            row.lines
                .push(chrome.t1("remedy-months", "count", months.0));
        }
        None => {}
    }
    match remedy.check {
        LegalCheck::Needed => row.note(chrome.t("remedy-check")),
        LegalCheck::NotNeeded => row,
    }
}
