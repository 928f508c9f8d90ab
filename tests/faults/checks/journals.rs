//! The journal of each case is whole: numbered 1..n, on a legal path, chained, and what the case follows from (CAS-1,
//! CAS-2).

use bujianmian::domain::case::State;
use bujianmian::domain::event::{Event, replay};
use bujianmian::domain::workflow::Next;
use bujianmian::items;

use super::{Finding, Kind};
use crate::ledger::{Kept, Ledger};

/// Lists every case whose journal is not whole.
pub fn are_whole(ledger: &Ledger) -> Vec<Finding> {
    let faults = ledger.cases.values().flat_map(|kept| {
        faults(kept)
            .into_iter()
            .map(|fault| format!("{}: {fault}", kept.stored.receipt_no))
    });
    faults
        .map(|what| Finding::new(Kind::Inconsistent, what))
        .collect()
}

fn faults(kept: &Kept) -> Vec<String> {
    let mut faults = vec![];
    let numbers: Vec<u32> = kept.events.iter().map(|event| event.number).collect();
    if !numbers.iter().copied().eq((1..).take(numbers.len())) {
        faults.push(format!("events are numbered {numbers:?}"));
    }
    match replay(&kept.events) {
        Ok(case) if case == kept.stored => {}
        Ok(case) => faults.push(format!(
            "the journal tells of {case:?}, stored is {:?}",
            kept.stored
        )),
        Err(error) => faults.push(error.to_string()),
    }
    if let Some(number) = kept.broken_link {
        faults.push(format!("the chain breaks at event {number}"));
    }
    for event in &kept.events {
        if !is_legal(&kept.stored.item, event) {
            faults.push(format!(
                "event {}: no row leads from {} by {} to {}",
                event.number, event.from, event.action, event.to
            ));
        }
    }
    faults
}

/// Whether the item's table has a row for the event.
fn is_legal(item: &str, event: &Event) -> bool {
    let Some(item) = items::find(item) else {
        return false;
    };
    let decided = matches!(
        event.to,
        State::Closed | State::Refused | State::NotAccepted | State::Fulfilling
    );
    item.table.iter().any(|row| {
        row.from == event.from
            && row.action == event.action
            && match row.next {
                Next::To(state) => state == event.to,
                Next::Decided => decided,
                Next::DecidedOrSecondReview => decided || event.to == State::SecondReview,
                Next::HandlerOrQueue => matches!(event.to, State::InReview | State::Submitted),
            }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::Sample;
    use bujianmian::domain::workflow::Action;
    use rstest::rstest;

    #[test]
    fn a_whole_journal_is_fine() {
        let ledger = Sample::filed().taken(1).released(1).taken(2).ledger();
        assert_eq!(are_whole(&ledger), []);
    }

    #[rstest]
    #[case::gap(|kept: &mut Kept| drop(kept.events.remove(1)))]
    #[case::tail_cut_off(|kept: &mut Kept| drop(kept.events.pop()))]
    #[case::two_of_a_number(|kept: &mut Kept| kept.events[2].number = 2)]
    #[case::broken_chain(|kept: &mut Kept| kept.broken_link = Some(2))]
    #[case::other_holder(|kept: &mut Kept| kept.stored.holder = None)]
    #[case::other_version(|kept: &mut Kept| kept.stored.version += 1)]
    #[case::no_such_row(|kept: &mut Kept| kept.events[1].action = Action::Supplement)]
    #[case::no_filing(|kept: &mut Kept| drop(kept.events.remove(0)))]
    fn each_fault_is_found(#[case] spoil: fn(&mut Kept)) {
        let mut ledger = Sample::filed().taken(1).released(1).taken(2).ledger();
        spoil(ledger.cases.values_mut().next().unwrap());
        let found = are_whole(&ledger);
        assert!(!found.is_empty());
        assert!(found.iter().all(|one| one.kind == Kind::Inconsistent));
    }
}
