//! A claim as the API writes it (RB-5): amounts in whole fen, shares in basis points. The account is masked, whoever reads; in full it
//! is shown at the desk only, for a reason (CAS-13).

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::claim::{Claim, masked_account};

/// A claim.
#[derive(Debug, Serialize, ToSchema)]
pub struct ClaimView {
    /// `inpatient`, `outpatient`, `emergency` or `internet`.
    pub care: &'static str,
    /// Where.
    pub institution: TreatingView,
    /// First day.
    #[schema(format = Date)]
    pub from: String,
    /// Last day.
    #[schema(format = Date)]
    pub to: String,
    /// ICD-10 codes.
    pub diagnoses: Vec<String>,
    /// `confirmed`, `suspected` or `none`.
    pub covid: &'static str,
    /// The invoices.
    pub invoices: Vec<InvoiceView>,
    /// What they come to, in fen.
    pub invoiced_fen: i64,
    /// The costs, line by line.
    pub lines: Vec<LineView>,
    /// What they come to, in fen.
    pub listed_fen: i64,
    /// Where the money goes.
    pub account: AccountOfClaim,
}

/// Where somebody was treated.
#[derive(Debug, Serialize, ToSchema)]
pub struct TreatingView {
    /// Its name.
    pub name: String,
    /// 0 not graded, 1, 2, 3.
    pub level: u8,
    /// Code of the county or prefecture.
    pub region: String,
    /// Whether it is a designated institution of the registry.
    pub designated: bool,
}

/// An invoice.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvoiceView {
    /// Its number.
    pub number: String,
    /// When it was made out.
    #[schema(format = Date)]
    pub issued_on: String,
    /// What it comes to, in fen.
    pub total_fen: i64,
}

/// A line of the costs.
#[derive(Debug, Serialize, ToSchema)]
pub struct LineView {
    /// From 1.
    pub number: u32,
    /// Day of the service.
    #[schema(format = Date)]
    pub day: String,
    /// What it was.
    pub name: String,
    /// Code of the catalogue.
    pub code: Option<String>,
    /// `A`, `B` or `outside`; null while nobody said it.
    pub class: Option<&'static str>,
    /// What the person bears of class B, in basis points.
    pub own_share_bp: Option<u16>,
    /// Whether it belongs to the protocol of COVID treatment (SET-3).
    pub protocol: bool,
    /// How much, in fen.
    pub fen: i64,
}

/// An account.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountOfClaim {
    /// `card` or `passbook`.
    pub kind: &'static str,
    /// Its last four digits.
    pub number: String,
    /// The bank.
    pub bank: String,
    /// Whose it is.
    pub holder: String,
}

/// A claim as the API writes it.
pub fn claim(claim: &Claim) -> ClaimView {
    let treating = &claim.treating;
    let lines = claim.lines.iter().map(|one| LineView {
        number: one.number,
        day: one.day.to_string(),
        name: one.name.clone(),
        code: one.code.clone(),
        class: one.class.map(|class| class.as_str()),
        own_share_bp: one.own_share.map(|share| share.0),
        protocol: one.protocol,
        fen: one.amount.fen(),
    });
    let invoices = claim.invoices.iter().map(|one| InvoiceView {
        number: one.number.clone(),
        issued_on: one.issued_on.to_string(),
        total_fen: one.total.fen(),
    });
    ClaimView {
        care: claim.care.as_str(),
        institution: TreatingView {
            name: treating.name.clone(),
            level: treating.level,
            region: treating.region.clone(),
            designated: treating.designated,
        },
        from: claim.from.to_string(),
        to: claim.to.to_string(),
        diagnoses: claim.diagnoses.clone(),
        covid: claim.covid.as_str(),
        invoices: invoices.collect(),
        invoiced_fen: claim.invoiced().unwrap_or_default().fen(),
        lines: lines.collect(),
        listed_fen: claim.listed().unwrap_or_default().fen(),
        account: AccountOfClaim {
            kind: claim.account.kind.as_str(),
            number: masked_account(&claim.account.number),
            bank: claim.account.bank.clone(),
            holder: claim.account.holder.clone(),
        },
    }
}
