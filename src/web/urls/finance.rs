//! Addresses of the finance desk (RB-6, SET-8), and of the account that an applicant puts right.

use super::desk::with;
use super::encode;
use crate::domain::ids::{PaymentBatchId, PaymentOrderId, TreasuryClaimId};

/// Orders that wait, from beyond a place on.
pub fn home(after: &str) -> String {
    with("/finance", &[("after", after)])
}

/// What is to be had back.
pub fn recoveries(after: &str) -> String {
    with("/finance/recoveries", &[("after", after)])
}

/// Batches, those before a number; where the order to make one is sent.
pub fn batches(before: &str) -> String {
    with("/finance/batches", &[("before", before)])
}

/// One batch.
pub fn batch(id: PaymentBatchId) -> String {
    format!("/finance/batches/{id}")
}

/// The same, saying what was done: `made` or `sent`.
pub fn batch_done(id: PaymentBatchId, what: &str) -> String {
    format!("/finance/batches/{id}?done={what}")
}

/// Its file for the bank.
pub fn batch_file(id: PaymentBatchId) -> String {
    format!("/finance/batches/{id}/file.csv")
}

/// Where it is noted that the file went to the bank.
pub fn batch_sent(id: PaymentBatchId) -> String {
    format!("/finance/batches/{id}/sent")
}

/// Where the bank's results are sent.
pub fn batch_results(id: PaymentBatchId) -> String {
    format!("/finance/batches/{id}/results")
}

/// One order.
pub fn order(id: PaymentOrderId) -> String {
    format!("/finance/orders/{id}")
}

/// Where it is noted that its money came back.
pub fn order_returned(id: PaymentOrderId) -> String {
    format!("/finance/orders/{id}/returned")
}

/// Where it is noted that what was paid too much was had back.
pub fn order_recovered(id: PaymentOrderId) -> String {
    format!("/finance/orders/{id}/recovered")
}

/// Who bears the subsidy, by period.
pub fn shares(filters: &[(&str, &str)]) -> String {
    with("/finance/shares", filters)
}

/// The shares behind a figure, with their cases.
pub fn share_cases(filters: &[(&str, &str)]) -> String {
    with("/finance/shares/cases", filters)
}

/// The same as a file.
pub fn shares_file(filters: &[(&str, &str)]) -> String {
    with("/finance/shares.csv", filters)
}

/// Where a claim to a treasury is sent.
pub fn treasury_claims() -> String {
    "/finance/claims".to_owned()
}

/// Where the day is sent on which a treasury paid.
pub fn treasury_claim_paid(id: TreasuryClaimId) -> String {
    format!("/finance/claims/{id}/paid")
}

/// Where a further grant is sent.
pub fn grants() -> String {
    "/finance/grants".to_owned()
}

/// The account of an own case to be put right, and where it is sent.
pub fn correct_account(receipt_no: &str) -> String {
    format!("/my/cases/{}/account", encode(receipt_no))
}
