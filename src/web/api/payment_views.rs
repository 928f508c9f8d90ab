//! The objects of payments in the API, and how they are made.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::claim::masked_account;
use crate::domain::locale::Locale;
use crate::domain::payment::{Batch, file};
use crate::domain::time::Ts;
use crate::store::payments::Listed;
use crate::usecases::paying::results::Report;
use crate::web::problem::field_message;

/// An order.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderView {
    /// Identifier; the bank names it in its results.
    id: String,
    /// The case.
    receipt_no: String,
    /// Number of the settlement.
    settlement: u32,
    /// From 1 in the case.
    attempt: u32,
    /// How much.
    fen: i64,
    /// Payee.
    holder: String,
    /// Name of the bank.
    bank: String,
    /// The last four digits.
    account: String,
    /// `ordered`, `batched`, `paid`, `failed`, `returned`, `cancelled`, `to-recover` or `recovered`.
    state: &'static str,
    /// The batch it went into.
    batch: Option<String>,
    /// When it was made.
    #[schema(format = DateTime)]
    ordered_at: String,
    /// The bank's day of payment.
    #[schema(format = Date)]
    paid_on: Option<String>,
    /// What the bank said of a failure or a return.
    failure: Option<String>,
}

/// A batch.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaymentBatchView {
    /// Identifier.
    id: String,
    /// Pool and number.
    #[schema(example = "371000-000012")]
    name: String,
    /// `open`, `sent` or `done`.
    state: &'static str,
    /// Orders.
    count: u32,
    /// Of them without a result.
    waiting: u32,
    /// Control sum.
    fen: i64,
    /// SHA-256 of its file, in hexadecimal digits.
    sha256: String,
    /// When it was made.
    #[schema(format = DateTime)]
    made_at: String,
    /// When its file went to the bank.
    #[schema(format = DateTime)]
    sent_at: Option<String>,
    /// When the last result came.
    #[schema(format = DateTime)]
    done_at: Option<String>,
    /// Its orders; only where one batch is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    orders: Option<Vec<OrderView>>,
}

/// What became of results.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResultsView {
    /// Orders that were paid.
    paid: usize,
    /// Orders that failed.
    failed: usize,
    /// Rows that said what was known.
    same: usize,
    /// Rows that were refused.
    refused: Vec<RefusedRow>,
}

/// A row that was refused.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefusedRow {
    /// Its place, from 1.
    row: u32,
    /// The column.
    field: String,
    /// What is wrong, for programs.
    code: String,
    /// In the request's language.
    message: String,
}

/// Body of `POST /api/v1/payment-batches`.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct NewPaymentBatch {
    /// Orders at most, 1 to 500; all of them without it.
    most: Option<u32>,
}

/// Body of `POST /api/v1/payment-batches/{id}/results`.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct BankResults {
    /// The rows.
    rows: Vec<BankResult>,
}

/// A result of the bank.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct BankResult {
    /// The order.
    order: String,
    /// How much the bank says it was.
    fen: i64,
    /// `paid` or `failed`.
    result: String,
    /// Why it failed.
    reason: Option<String>,
    /// The bank's day; needed with `paid`.
    #[schema(format = Date)]
    day: Option<String>,
}

/// A reason in words.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct PaymentReason {
    /// What the bank or the person says.
    reason: String,
}

/// Body of `POST /api/v1/cases/{receipt_no}/account`.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "describes the body; it is read field by field")]
pub struct RightAccount {
    /// As the case was seen.
    version: u32,
    /// Whose account it is.
    account_holder: String,
    /// Name of the bank.
    bank: String,
    /// `card` or `passbook`.
    account_kind: String,
    /// Its digits.
    account: String,
}

/// An order as it is answered.
pub(super) fn order_view(listed: &Listed) -> OrderView {
    let order = &listed.order;
    OrderView {
        id: order.id.to_string(),
        receipt_no: listed.receipt_no.clone(),
        settlement: order.settlement,
        attempt: order.attempt,
        fen: order.amount.fen(),
        holder: order.account.holder.clone(),
        bank: order.account.bank.clone(),
        account: masked_account(&order.account.number),
        state: order.state.as_str(),
        batch: order.batch.map(|batch| batch.to_string()),
        ordered_at: order.ordered_at.rfc3339(),
        paid_on: order.paid_on.map(|day| day.to_string()),
        failure: order.failure.clone(),
    }
}

/// A batch as it is answered, with its orders where it is asked for.
pub(super) fn batch_view(batch: &Batch, orders: Option<&[Listed]>) -> PaymentBatchView {
    PaymentBatchView {
        id: batch.id.to_string(),
        name: file::name(batch),
        state: batch.state.as_str(),
        count: batch.count,
        waiting: batch.waiting,
        fen: batch.sum.fen(),
        sha256: hex::encode(&batch.sha256),
        made_at: batch.made_at.rfc3339(),
        sent_at: batch.sent.map(|(_, at)| at.rfc3339()),
        done_at: batch.done_at.map(Ts::rfc3339),
        orders: orders.map(|orders| orders.iter().map(order_view).collect()),
    }
}

/// What became of results, in words.
pub(super) fn results_view(locale: Locale, report: Report) -> ResultsView {
    let refused = report.faults.into_iter().map(|one| RefusedRow {
        row: one.row,
        message: field_message(locale, &one.fault),
        field: one.fault.field,
        code: one.fault.code,
    });
    ResultsView {
        paid: report.paid,
        failed: report.failed,
        same: report.same,
        refused: refused.collect(),
    }
}
