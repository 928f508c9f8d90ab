//! Payment of what a settlement leaves to the person (RB-6): the life of an order, what is still due when something was paid
//! before, the file that goes to the bank and the results that come back. Nobody is ever paid twice: an order moves by
//! [`State::may_become`] only, and what was paid counts against what is due. Nothing here moves money or a case.

pub mod file;
pub mod result;

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::claim::Account;
use super::ids::{CaseId, PaymentBatchId, PaymentOrderId};
use super::money::Fen;
use super::patient::closed_set;
use super::place::{AgencyCode, Pool};
use super::time::{Day, Ts};

/// Orders of one batch at most.
pub const MOST_ORDERS: u32 = 500;

closed_set! {
    /// Where an order stands; texts `payment-state-<name>`.
    State {
        /// 待付: waits for a batch.
        Ordered,
        /// 付款中: in a batch, without a result of the bank.
        Batched,
        /// 已付
        Paid,
        /// 付款失败: the bank could not pay.
        Failed,
        /// 已退回: the money came back after it was paid.
        Returned,
        /// 已取消: never went to the bank.
        Cancelled,
        /// 待追回: more was paid than is due.
        ToRecover,
        /// 已追回
        Recovered,
    }
}

/// What may follow what. Each is one statement that asks for the state before it, so that of two at once one wins.
const STEPS: &[(State, State)] = &[
    (State::Ordered, State::Batched),
    (State::Ordered, State::Cancelled),
    (State::Batched, State::Paid),
    (State::Batched, State::Failed),
    (State::Paid, State::Returned),
    (State::ToRecover, State::Recovered),
    (State::ToRecover, State::Cancelled),
];

impl State {
    /// Whether `next` may follow.
    pub fn may_become(self, next: Self) -> bool {
        STEPS.contains(&(self, next))
    }

    /// Whether money may still leave by this order.
    pub fn is_live(self) -> bool {
        matches!(self, Self::Ordered | Self::Batched)
    }
}

closed_set! {
    /// Where a batch stands; texts `payment-batch-<name>`.
    BatchState {
        /// 待报送: its file is made.
        Open,
        /// 已报送: it went to the bank.
        Sent,
        /// 已完结: every order has its result.
        Done,
    }
}

/// An order to pay one person for one case, or what is to be had back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Identifier; the bank names it in its results.
    pub id: PaymentOrderId,
    /// The pool that pays.
    pub pool: Pool,
    /// The agency of the case.
    pub agency: AgencyCode,
    /// The case.
    pub case: CaseId,
    /// Number of the settlement it comes from.
    pub settlement: u32,
    /// What that settlement leaves to the person in all.
    pub payable: Fen,
    /// From 1 in the case.
    pub attempt: u32,
    /// How much; more than nothing.
    pub amount: Fen,
    /// To which account.
    pub account: Account,
    /// Where it stands.
    pub state: State,
    /// The batch it went into.
    pub batch: Option<PaymentBatchId>,
    /// When it was made.
    pub ordered_at: Ts,
    /// The bank's day of payment.
    pub paid_on: Option<Day>,
    /// When its present state began.
    pub changed_at: Ts,
    /// What the bank said of a failure or a return.
    pub failure: Option<String>,
}

/// Orders that go to the bank together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Identifier.
    pub id: PaymentBatchId,
    /// The pool.
    pub pool: Pool,
    /// From 1 in the pool.
    pub number: u32,
    /// Where it stands.
    pub state: BatchState,
    /// How many orders.
    pub count: u32,
    /// Of them without a result.
    pub waiting: u32,
    /// What they come to.
    pub sum: Fen,
    /// SHA-256 of the file.
    pub sha256: Vec<u8>,
    /// Who made it.
    pub made_by: super::ids::AccountId,
    /// When.
    pub made_at: Ts,
    /// Who sent it, and when.
    pub sent: Option<(super::ids::AccountId, Ts)>,
    /// When the last result came.
    pub done_at: Option<Ts>,
}

/// What is to be done about a case whose settlement is approved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// So much is to be paid.
    Pay(Fen),
    /// So much was paid too much.
    Recover(Fen),
    /// It is settled as it is.
    Nothing,
}

/// What is due, when `payable` is what the settlement leaves to the person and `before` are the orders of the case: what was
/// paid counts, what was had back no longer does.
pub fn due(payable: Fen, before: impl Iterator<Item = (State, Fen)>) -> Due {
    let paid = before.fold(0_i64, |paid, (state, amount)| match state {
        State::Paid => paid.saturating_add(amount.fen()),
        State::Recovered => paid.saturating_sub(amount.fen()),
        State::Ordered
        | State::Batched
        | State::Failed
        | State::Returned
        | State::Cancelled
        | State::ToRecover => paid,
    });
    let rest = payable.fen().saturating_sub(paid);
    match rest {
        0 => Due::Nothing,
        1.. => Due::Pay(Fen::new(rest)),
        ..0 => Due::Recover(Fen::new(rest.saturating_neg())),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;
    use strum::IntoEnumIterator;

    use super::*;

    #[rstest]
    #[case(100, &[], Due::Pay(Fen::new(100)))]
    #[case(0, &[], Due::Nothing)]
    #[case(100, &[(State::Paid, 100)], Due::Nothing)]
    #[case(150, &[(State::Paid, 100)], Due::Pay(Fen::new(50)))]
    #[case(70, &[(State::Paid, 100)], Due::Recover(Fen::new(30)))]
    #[case(70, &[(State::Paid, 100), (State::Recovered, 30)], Due::Nothing)]
    #[case(70, &[(State::Paid, 100), (State::ToRecover, 30)], Due::Recover(Fen::new(30)))]
    #[case(100, &[(State::Failed, 100), (State::Returned, 100), (State::Cancelled, 9)], Due::Pay(Fen::new(100)))]
    fn what_was_paid_counts(
        #[case] payable: i64,
        #[case] before: &[(State, i64)],
        #[case] expected: Due,
    ) {
        let before = before.iter().map(|(state, fen)| (*state, Fen::new(*fen)));
        assert_eq!(due(Fen::new(payable), before), expected);
    }

    #[test]
    fn what_is_paid_or_over_never_goes_to_the_bank_again() {
        for state in State::iter().filter(|state| !state.is_live()) {
            assert!(!state.may_become(State::Ordered) && !state.may_become(State::Batched));
            assert!(!state.may_become(State::Paid), "{state}");
        }
    }

    proptest! {
        /// However often a case is settled anew and whatever the bank answers, what was paid and what is due come to what is
        /// payable.
        #[test]
        fn what_was_paid_and_what_is_due_come_to_what_is_payable(
            payable in 0_i64..1_000_000_000,
            paid in proptest::collection::vec(1_i64..1_000_000, 0..8),
            failed in proptest::collection::vec(1_i64..1_000_000, 0..8),
        ) {
            let orders = paid.iter().map(|fen| (State::Paid, Fen::new(*fen)))
                .chain(failed.iter().map(|fen| (State::Failed, Fen::new(*fen))));
            let rest = match due(Fen::new(payable), orders) {
                Due::Pay(rest) => rest.fen(),
                Due::Recover(rest) => -rest.fen(),
                Due::Nothing => 0,
            };
            prop_assert_eq!(paid.iter().sum::<i64>() + rest, payable);
        }
    }
}
