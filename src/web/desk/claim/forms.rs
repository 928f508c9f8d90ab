//! The forms of a claim's review: one line, the whole of the papers as pasted lines, and where else it might be settled.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::Opened;
use crate::domain::claim::Class;
use crate::domain::claim::adjusting::{Reviewed, Said, share};
use crate::domain::form::{FieldError, read_day};
use crate::domain::money::Fen;
use crate::domain::place::Pool;
use crate::usecases::App;
use crate::usecases::settling::reading::{Review, WhatIf};
use crate::web::components::{Area, Choice, InputKind, Opt, Select, TextField};
use crate::web::page::Chrome;
use crate::web::settlement::percent;
use crate::web::words;

/// Characters of a reason at most.
const LONGEST: u32 = 500;

/// What was typed about a line.
#[derive(Debug, Default, Deserialize)]
pub struct TypedLine {
    #[serde(default)]
    version: String,
    #[serde(default)]
    allowed: String,
    #[serde(default)]
    class: String,
    #[serde(default)]
    own_share: String,
    #[serde(default)]
    protocol: String,
    #[serde(default)]
    reason: String,
}

impl TypedLine {
    /// The version that was seen, and what is said.
    pub(super) fn said(&self, line: u32) -> Result<(u32, Said), Vec<FieldError>> {
        let mut faults = vec![];
        let allowed = Fen::parse(&self.allowed)
            .map_err(|reason| {
                let code = format!("money-{}", reason.code());
                faults.push(FieldError::new("allowed", &code));
            })
            .ok();
        let own_share = share(&self.own_share);
        if own_share.is_none() && !self.own_share.trim().is_empty() {
            faults.push(FieldError::new("own_share", "share-malformed"));
        }
        let said = Said {
            line,
            allowed,
            class: self.class.parse().ok(),
            own_share,
            protocol: Some(self.protocol == "yes"),
            reason: self.reason.clone(),
        };
        match faults.is_empty() {
            true => Ok((self.version.parse().unwrap_or_default(), said)),
            false => Err(faults),
        }
    }

    fn of(line: &Reviewed) -> Self {
        let reason = line.adjusted.as_ref().map(|one| one.ruling.reason.clone());
        Self {
            version: String::new(),
            allowed: plain(line.allowed),
            class: line.class.map_or("", Class::as_str).to_owned(),
            own_share: line.own_share.map(percent).unwrap_or_default(),
            protocol: if line.protocol { "yes" } else { "no" }.to_owned(),
            reason: reason.unwrap_or_default(),
        }
    }
}

/// An amount as it is typed: `200.10`.
fn plain(amount: Fen) -> String {
    words::amount(amount.fen()).replace(',', "")
}

/// The form of a line.
pub(super) struct AdjustForm {
    pub(super) line: u32,
    pub(super) lead: String,
    pub(super) allowed: TextField,
    pub(super) class: Choice,
    pub(super) own_share: TextField,
    pub(super) protocol: Choice,
    pub(super) reason: Area,
}

impl AdjustForm {
    /// The form of the line that is asked for by its number, else of the first one that cannot be settled yet.
    pub(super) fn new(
        chrome: &Chrome,
        review: &Review,
        asked: &str,
        typed: Option<&TypedLine>,
        said: &[(String, String)],
    ) -> Option<Self> {
        let lines = &review.ground.lines;
        let open = |line: &&Reviewed| line.class.is_none() && !line.allowed.is_zero();
        let line = match asked.strip_prefix("after-") {
            Some(last) => {
                let last: u32 = last.parse().ok()?;
                let later = lines.iter().filter(|one| one.asked.number > last);
                later.chain(lines.iter()).find(open)?
            }
            None => lines
                .iter()
                .find(|one| one.asked.number.to_string() == asked)?,
        };
        let before = TypedLine::of(line);
        let typed = typed.unwrap_or(&before);
        Some(Self::filled(chrome, line, typed, said))
    }

    fn filled(
        chrome: &Chrome,
        line: &Reviewed,
        typed: &TypedLine,
        said: &[(String, String)],
    ) -> Self {
        let (locale, fault) = (chrome.locale, |field: &str| fault(said, field));
        let classes = ["A", "B", "outside"].map(|class| {
            Opt::new(class, chrome.t(&format!("settling-class-{class}"))).chosen_if(&typed.class)
        });
        Self {
            line: line.asked.number,
            lead: format!(
                "{} {} {}",
                chrome.day(&line.asked.day),
                line.asked.name,
                chrome.money(&line.asked.amount.fen())
            ),
            allowed: TextField::new(locale, "allowed", chrome.t("settling-allowed"))
                .kind(InputKind::Money)
                .value(typed.allowed.as_str())
                .error(fault("allowed")),
            class: Choice::new(locale, "class", chrome.t("settling-class"), classes.into())
                .error(fault("class")),
            own_share: TextField::new(locale, "own_share", chrome.t("settling-own-share"))
                .kind(InputKind::Short)
                .hint(chrome.t("settling-own-share-hint"))
                .value(typed.own_share.as_str())
                .error(fault("own_share")),
            protocol: Choice::yes_no(
                locale,
                "protocol",
                chrome.t("settling-protocol"),
                &typed.protocol,
            ),
            reason: Area::new(locale, "reason", chrome.t("settling-reason"))
                .hint(chrome.t("settling-reason-hint"))
                .value(typed.reason.as_str())
                .rows(2)
                .max(LONGEST)
                .error(fault("reason")),
        }
    }
}

fn fault(said: &[(String, String)], field: &str) -> Option<String> {
    let all: Vec<&str> = said
        .iter()
        .filter(|(at, _)| at == field)
        .map(|(_, words)| words.as_str())
        .collect();
    (!all.is_empty()).then(|| all.join(" "))
}

/// What was typed of the papers: invoices and lines as a spreadsheet gives them, a row a line, cells apart by tab or comma.
#[derive(Debug, Default, Deserialize)]
pub struct TypedPapers {
    #[serde(default)]
    version: String,
    #[serde(default)]
    invoices: String,
    #[serde(default)]
    lines: String,
    #[serde(default)]
    reason: String,
}

const INVOICE: &[&str] = &["number", "issued_on", "total"];
const LINE: &[&str] = &[
    "day",
    "name",
    "code",
    "class",
    "own_share",
    "protocol",
    "amount",
];

impl TypedPapers {
    /// The version that was seen.
    pub(super) fn version(&self) -> Option<u32> {
        self.version.parse().ok()
    }

    /// The answers that are said anew, and why.
    pub(super) fn said(&self) -> (Map<String, Value>, String) {
        let answers = [
            ("invoices".to_owned(), rows(&self.invoices, INVOICE)),
            ("lines".to_owned(), rows(&self.lines, LINE)),
        ];
        (answers.into_iter().collect(), self.reason.clone())
    }

    fn of(review: &Review) -> Self {
        let claim = &review.ground.claim;
        let invoices = claim.invoices.iter().map(|one| {
            let day = one.issued_on.to_string();
            [one.number.clone(), day, plain(one.total)].join("\t")
        });
        let lines = claim.lines.iter().map(|one| {
            [
                one.day.to_string(),
                one.name.clone(),
                one.code.clone().unwrap_or_default(),
                one.class.map_or("", Class::as_str).to_owned(),
                one.own_share.map(percent).unwrap_or_default(),
                if one.protocol { "yes" } else { "" }.to_owned(),
                plain(one.amount),
            ]
            .join("\t")
        });
        Self {
            version: String::new(),
            invoices: invoices.collect::<Vec<_>>().join("\n"),
            lines: lines.collect::<Vec<_>>().join("\n"),
            reason: String::new(),
        }
    }
}

/// Typed rows as answers; empty cells are left out.
fn rows(typed: &str, columns: &[&str]) -> Value {
    let row = |line: &str| {
        let separators: &[char] = match line.contains('\t') {
            true => &['\t'],
            false => &[',', '，'],
        };
        let cells = columns.iter().zip(line.split(separators));
        let filled = cells.filter(|(_, cell)| !cell.trim().is_empty());
        let object = filled.map(|(column, cell)| ((*column).to_owned(), cell.trim().into()));
        Value::Object(object.collect())
    };
    let lines = typed.lines().filter(|line| !line.trim().is_empty());
    Value::Array(lines.map(row).collect())
}

/// The form of the papers.
pub(super) struct Papers {
    pub(super) open: bool,
    pub(super) invoices: Area,
    pub(super) lines: Area,
    pub(super) reason: Area,
}

impl Papers {
    pub(super) fn new(
        chrome: &Chrome,
        review: &Review,
        typed: Option<&TypedPapers>,
        said: &[(String, String)],
    ) -> Self {
        let before = TypedPapers::of(review);
        let shown = typed.unwrap_or(&before);
        let area = |name: &str, value: &str, rows: u8| {
            Area::new(
                chrome.locale,
                name,
                chrome.t(&format!("settling-papers-{name}")),
            )
            .hint(chrome.t(&format!("settling-papers-{name}-hint")))
            .value(value)
            .rows(rows)
        };
        let error = |name: &str| fault(said, name).filter(|_| typed.is_some());
        Self {
            // Without lines there is nothing to review: they are asked for first.
            open: typed.is_some() || review.ground.lines.is_empty(),
            invoices: area("invoices", &shown.invoices, 3).error(error("invoices")),
            lines: area("lines", &shown.lines, 10).error(error("lines")),
            reason: area("reason", &shown.reason, 2)
                .max(LONGEST)
                .told_apart("papers-reason")
                .error(error("reason")),
        }
    }
}

/// The form of where else it might be settled.
pub(super) struct WhatIfForm {
    pub(super) pool: Select,
    pub(super) on: TextField,
    asked: WhatIf,
}

impl WhatIfForm {
    pub(super) fn new(app: &App, chrome: &Chrome, opened: &Opened) -> Self {
        let agencies = app.office.agencies();
        let name = |pool: Pool| match agencies.get(&pool.city_agency()) {
            Some(agency) if chrome.locale.tag() == "en" => agency.name_en.clone(),
            Some(agency) => agency.name_zh.clone(),
            None => pool.to_string(),
        };
        let own = Opt::new("", chrome.t("settling-what-if-own"));
        let others = app.office.policies.pools();
        let others = others.map(|pool| Opt::new(pool.as_str(), name(pool)).chosen_if(&opened.pool));
        let options = std::iter::once(own).chain(others).collect();
        let asked = WhatIf {
            pool: opened.pool.parse().ok(),
            from: read_day(&opened.on),
        };
        Self {
            pool: Select::flat(
                chrome.locale,
                "pool",
                chrome.t("settling-what-if-pool"),
                options,
            ),
            on: TextField::new(chrome.locale, "on", chrome.t("settling-what-if-on"))
                .kind(InputKind::Date)
                .value(opened.on.as_str()),
            asked,
        }
    }

    /// What is asked, if anything is.
    pub(super) fn asked(&self) -> Option<WhatIf> {
        Some(self.asked).filter(|asked| asked.is_asked())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pasted_rows_become_answers_whatever_parts_their_cells() {
        let typed = "2026-11-02\t示例药品\t\tB\t10%\tyes\t200.10\n\n2026-11-03，检查，，A，，，5";
        assert_eq!(
            rows(typed, LINE),
            json!([
                { "day": "2026-11-02", "name": "示例药品", "class": "B", "own_share": "10%", "protocol": "yes", "amount": "200.10" },
                { "day": "2026-11-03", "name": "检查", "class": "A", "amount": "5" },
            ])
        );
        assert_eq!(rows(" \n", INVOICE), json!([]));
    }
}
