//! A claim on a case's page (RB-5): where somebody was treated, to which account the money goes, invoices and costs. The account
//! stays masked unless it was revealed for a reason (CAS-13). What is allowed of it is shown elsewhere.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::data::texts::{text, text_with};
use crate::domain::claim::{Claim, grouped, masked_account};
use crate::domain::locale::Locale;
use crate::domain::region::Regions;
use crate::usecases::revealing::{Revealed, Sensitive};
use crate::web::components::{SummaryList, SummaryRow};
use crate::web::row_table::RowTable;

/// The section.
#[derive(Clone, Debug, Template)]
#[template(path = "components/claim.html")]
pub struct ClaimSection {
    heading: String,
    summary: SummaryList,
    invoices: RowTable,
    lines: Option<RowTable>,
    lines_heading: String,
}

impl HtmlSafe for ClaimSection {}

impl ClaimSection {
    /// The claim of a case, if it is one.
    pub fn of(
        locale: Locale,
        regions: &Regions,
        claim: Option<&Claim>,
        revealed: Option<&Revealed>,
    ) -> Option<Self> {
        let claim = claim?;
        Some(Self {
            heading: text(locale, "claim-heading"),
            summary: summary(locale, regions, claim, revealed),
            invoices: RowTable::of_invoices(locale, claim),
            lines: (!claim.lines.is_empty()).then(|| RowTable::of_lines(locale, claim)),
            lines_heading: text_with(
                locale,
                "claim-lines",
                &[("count", claim.lines.len().into())],
            ),
        })
    }
}

fn summary(
    locale: Locale,
    regions: &Regions,
    claim: &Claim,
    revealed: Option<&Revealed>,
) -> SummaryList {
    let treating = &claim.treating;
    let level = text(
        locale,
        &format!("choice-reimbursement-institution_level-{}", treating.level),
    );
    let place = crate::domain::region::RegionCode::parse(&treating.region)
        .and_then(|code| regions.full_name(code, locale))
        .unwrap_or_else(|| treating.region.clone());
    let designated = text(
        locale,
        match treating.designated {
            true => "claim-designated",
            false => "claim-not-designated",
        },
    );
    let shown = revealed.filter(|shown| shown.what == Sensitive::Account);
    let number = match shown.and_then(|shown| shown.answer.as_deref()) {
        Some(number) => grouped(number),
        None => masked_account(&claim.account.number),
    };
    let kind = text(
        locale,
        &format!("choice-reimbursement-account_kind-{}", claim.account.kind),
    );
    let sum = |amount: Option<crate::domain::money::Fen>| {
        amount.map_or_else(String::new, |amount| amount.to_string())
    };
    let row = |key: &str, value: String| SummaryRow::new(text(locale, key), value);
    let mut rows = vec![
        row(
            "claim-institution",
            format!("{} · {level} · {place} · {designated}", treating.name),
        ),
        row("claim-invoiced", sum(claim.invoiced())),
    ];
    if !claim.lines.is_empty() {
        rows.push(row("claim-listed", sum(claim.listed())));
    }
    let account = &claim.account;
    rows.push(row(
        "claim-account",
        format!("{} · {} · {kind} {number}", account.holder, account.bank),
    ));
    SummaryList::new(locale, rows)
}
