//! A case has at most one holder at a time (CLK-7), by its journal and by what clients were told.

use std::collections::HashMap;

use bujianmian::domain::workflow::Action;

use super::{Finding, Kind};
use crate::history::{Attempt, Deed, Outcome};
use crate::ledger::Ledger;

/// Whoever takes a case takes one that nobody holds.
pub fn one_at_a_time(ledger: &Ledger) -> Vec<Finding> {
    let mut findings = vec![];
    for kept in ledger.cases.values() {
        for (before, event, _) in kept.steps() {
            let taken = matches!(event.action, Action::Next | Action::Claim);
            if taken && before.is_some_and(|case| case.holder.is_some()) {
                findings.push(Finding::new(
                    Kind::Double,
                    format!(
                        "{} event {}: taken while somebody holds it",
                        kept.stored.receipt_no, event.number
                    ),
                ));
            }
        }
    }
    findings
}

/// No case was given to two clients as the same version.
pub fn one_client_each(history: &[Attempt]) -> Vec<Finding> {
    let mut given: HashMap<(&str, u32), Vec<&str>> = HashMap::new();
    for attempt in history {
        if let (Deed::Next, Outcome::Done(seen)) = (&attempt.deed, &attempt.outcome)
            && seen.state == "in_review"
        {
            given
                .entry((&seen.receipt_no, seen.version))
                .or_default()
                .push(&attempt.who);
        }
    }
    let twice = given.into_iter().filter(|(_, people)| people.len() > 1);
    twice
        .map(|((receipt_no, version), people)| {
            Finding::new(
                Kind::Double,
                format!("{receipt_no} at version {version} was given to {people:?}"),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{Sample, attempt, seen};

    #[test]
    fn a_case_that_is_taken_released_and_taken_again_is_fine() {
        let sample = Sample::filed().taken(1).released(1).taken(2);
        assert_eq!(one_at_a_time(&sample.ledger()), []);
    }

    #[test]
    fn a_case_that_two_people_took_is_found() {
        let sample = Sample::filed().taken(1).taken(2);
        let found = one_at_a_time(&sample.ledger());
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].kind, Kind::Double);
    }

    #[test]
    fn one_answer_given_to_two_clients_is_found() {
        let next = |who: &str, version| attempt(who, Deed::Next, Outcome::Done(seen(version)));
        assert_eq!(
            one_client_each(&[next("handler1", 2), next("handler2", 4)]),
            []
        );
        let found = one_client_each(&[next("handler1", 2), next("handler2", 2)]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].kind, Kind::Double);
    }
}
