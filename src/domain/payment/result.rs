//! What the bank says of the orders of a batch, row by row: read into types, then held against the order. The same result
//! again changes nothing; another one is refused with its reason.

use super::{Order, State};
use crate::domain::form::FieldError;
use crate::domain::ids::{PaymentBatchId, PaymentOrderId};
use crate::domain::money::Fen;
use crate::domain::text::cleaned;
use crate::domain::time::Day;

/// Characters of a reason at most.
pub const LONGEST_REASON: usize = 200;

/// A row as it stands in a file or a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Raw {
    /// Identifier of the order.
    pub order: String,
    /// Amount in yuan.
    pub amount: String,
    /// `paid` or `failed`, or the Chinese words for them.
    pub result: String,
    /// Why it failed.
    pub reason: String,
    /// The bank's day.
    pub day: Option<Day>,
}

/// What became of an order at the bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was paid on this day.
    Paid(Day),
    /// It could not be paid.
    Failed(String),
}

/// A row that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Which order.
    pub order: PaymentOrderId,
    /// How much the bank says it was.
    pub amount: Fen,
    /// What became of it.
    pub outcome: Outcome,
}

/// Reads a row.
///
/// # Errors
/// Every fault at its column.
pub fn read(raw: &Raw, today: Day) -> Result<Row, Vec<FieldError>> {
    let mut faults = vec![];
    let order: Option<PaymentOrderId> = raw.order.trim().parse().ok();
    if order.is_none() {
        faults.push(FieldError::new("order", "payment-order-malformed"));
    }
    let amount = Fen::parse(&raw.amount);
    if let Err(error) = amount {
        faults.push(FieldError::new(
            "amount",
            &format!("money-{}", error.code()),
        ));
    }
    let outcome = outcome(raw, today).map_err(|fault| faults.push(fault)).ok();
    match (order, amount, outcome) {
        (Some(order), Ok(amount), Some(outcome)) => Ok(Row {
            order,
            amount,
            outcome,
        }),
        _ => Err(faults),
    }
}

fn outcome(raw: &Raw, today: Day) -> Result<Outcome, FieldError> {
    match raw.result.trim() {
        "paid" | "成功" | "已付" => match raw.day {
            None => Err(FieldError::new("day", "required")),
            Some(day) if day > today => Err(FieldError::new("day", "day-in-future")),
            Some(day) => Ok(Outcome::Paid(day)),
        },
        "failed" | "失败" => match cleaned(&raw.reason) {
            reason if reason.is_empty() => Err(FieldError::new("reason", "required")),
            reason => Ok(Outcome::Failed(
                reason.chars().take(LONGEST_REASON).collect(),
            )),
        },
        _ => Err(FieldError::new("result", "payment-result-unknown")),
    }
}

/// What a row means for its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judged {
    /// The order moves on.
    Moves,
    /// It was said before: nothing changes.
    Same,
    /// It can't be: at which column and why.
    Refused(FieldError),
}

/// Holds a row against the order it names, as found in the pool, and the batch whose results these are.
pub fn judge(row: &Row, batch: PaymentBatchId, order: Option<&Order>) -> Judged {
    let refused = |field, code| Judged::Refused(FieldError::new(field, code));
    let Some(order) = order else {
        return refused("order", "payment-order-unknown");
    };
    if order.batch != Some(batch) {
        return refused("order", "payment-order-other-batch");
    }
    if order.amount != row.amount {
        return refused("amount", "payment-amount-differs");
    }
    match (order.state, &row.outcome) {
        (State::Batched, _) => Judged::Moves,
        // What was paid and came back was paid all the same.
        (State::Paid | State::Returned, Outcome::Paid(_)) | (State::Failed, Outcome::Failed(_)) => {
            Judged::Same
        }
        _ => refused("result", "payment-result-contradicts"),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use uuid::Uuid;

    use super::*;
    use crate::domain::claim::{Account, AccountKind};
    use crate::domain::ids::CaseId;
    use crate::domain::time::Ts;

    const ORDER: &str = "01936a2e-0000-7000-8000-000000000001";

    fn today() -> Day {
        Day::from_ymd_opt(2026, 11, 24).unwrap()
    }

    fn raw(result: &str) -> Raw {
        Raw {
            order: ORDER.to_owned(),
            amount: "12.34".to_owned(),
            result: result.to_owned(),
            reason: "户名不符".to_owned(),
            day: Some(today()),
        }
    }

    fn batch(number: u128) -> PaymentBatchId {
        Uuid::from_u128(number).into()
    }

    fn order(state: State) -> Order {
        let now = Ts::parse("2026-11-24T10:00:00+08:00").unwrap();
        Order {
            id: ORDER.parse().unwrap(),
            pool: "371000".parse().unwrap(),
            agency: "371000".parse().unwrap(),
            case: CaseId::from(Uuid::nil()),
            settlement: 1,
            payable: Fen::new(1_234),
            attempt: 1,
            amount: Fen::new(1_234),
            account: Account {
                kind: AccountKind::Passbook,
                number: "1234567890".to_owned(),
                bank: "示例银行".to_owned(),
                holder: "示例甲".to_owned(),
            },
            state,
            batch: Some(batch(1)),
            ordered_at: now,
            paid_on: None,
            changed_at: now,
            failure: None,
        }
    }

    fn codes(raw: &Raw) -> Vec<(String, String)> {
        let faults = read(raw, today()).unwrap_err();
        faults
            .into_iter()
            .map(|one| (one.field, one.code))
            .collect()
    }

    #[test]
    fn a_row_is_read_in_either_language() {
        let paid = read(&raw("成功"), today()).unwrap();
        assert_eq!(
            (paid.amount, paid.outcome),
            (Fen::new(1_234), Outcome::Paid(today()))
        );
        let failed = read(&raw("failed"), today()).unwrap();
        assert_eq!(failed.outcome, Outcome::Failed("户名不符".to_owned()));
    }

    #[test]
    fn every_fault_stands_at_its_column() {
        let bad = Raw {
            order: "12".to_owned(),
            amount: "1,234".to_owned(),
            result: "maybe".to_owned(),
            ..Raw::default()
        };
        let expected = [
            ("order", "payment-order-malformed"),
            ("amount", "money-separators"),
            ("result", "payment-result-unknown"),
        ];
        assert_eq!(
            codes(&bad),
            expected.map(|(field, code)| (field.to_owned(), code.to_owned()))
        );
        let silent = Raw {
            reason: " ".to_owned(),
            ..raw("failed")
        };
        assert_eq!(
            codes(&silent),
            [("reason".to_owned(), "required".to_owned())]
        );
        let ahead = Raw {
            day: today().succ_opt(),
            ..raw("paid")
        };
        assert_eq!(
            codes(&ahead),
            [("day".to_owned(), "day-in-future".to_owned())]
        );
    }

    #[rstest]
    #[case(State::Batched, "paid", Judged::Moves)]
    #[case(State::Batched, "failed", Judged::Moves)]
    #[case(State::Paid, "paid", Judged::Same)]
    #[case(State::Returned, "paid", Judged::Same)]
    #[case(State::Failed, "failed", Judged::Same)]
    #[case(
        State::Paid,
        "failed",
        Judged::Refused(FieldError::new("result", "payment-result-contradicts"))
    )]
    #[case(
        State::Failed,
        "paid",
        Judged::Refused(FieldError::new("result", "payment-result-contradicts"))
    )]
    fn the_same_result_again_changes_nothing(
        #[case] state: State,
        #[case] result: &str,
        #[case] expected: Judged,
    ) {
        let row = read(&raw(result), today()).unwrap();
        assert_eq!(judge(&row, batch(1), Some(&order(state))), expected);
    }

    #[test]
    fn unknown_orders_other_batches_and_wrong_amounts_are_refused() {
        let row = read(&raw("paid"), today()).unwrap();
        let code = |judged| match judged {
            Judged::Refused(fault) => fault.code,
            other => panic!("{other:?}"),
        };
        assert_eq!(code(judge(&row, batch(1), None)), "payment-order-unknown");
        let mine = order(State::Batched);
        assert_eq!(
            code(judge(&row, batch(2), Some(&mine))),
            "payment-order-other-batch"
        );
        let more = Order {
            amount: Fen::new(1_235),
            ..mine
        };
        assert_eq!(
            code(judge(&row, batch(1), Some(&more))),
            "payment-amount-differs"
        );
    }
}
