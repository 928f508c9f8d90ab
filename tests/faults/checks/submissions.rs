//! One submission token, one case (CAS-2); two registrations of one person do not overlap (XR-2).

use std::collections::HashMap;

use bujianmian::domain::registration::{Registration, overlap, same_destination};

use super::{Finding, Kind};
use crate::history::{Attempt, Deed, Outcome};
use crate::ledger::{Baseline, Ledger};

/// All answers to one token name one case, no token stands twice, and no case was made twice over. Tokens of what was
/// there before may be forgotten: they are kept for 90 days only.
pub fn one_case_each(ledger: &Ledger, history: &[Attempt], baseline: &Baseline) -> Vec<Finding> {
    let mut findings = vec![];
    let mut told: HashMap<(&str, &str), &str> = HashMap::new();
    for Attempt { who, deed, outcome } in history {
        let (Deed::File { token }, Outcome::Done(seen)) = (deed, outcome) else {
            continue;
        };
        let first = told.entry((who, token)).or_insert(&seen.receipt_no);
        if *first != seen.receipt_no {
            findings.push(double(format!(
                "{who} {token}: answered with {first} and with {}",
                seen.receipt_no
            )));
        }
    }
    let (mut tokens, mut cases) = (HashMap::new(), HashMap::new());
    for submission in &ledger.submissions {
        *tokens
            .entry((submission.account, submission.token.as_str()))
            .or_insert(0) += 1;
        *cases.entry(submission.case).or_insert(0) += 1;
    }
    for ((_, token), count) in tokens {
        if count > 1 {
            findings.push(double(format!("token {token} stands {count} times")));
        }
    }
    for (id, kept) in &ledger.cases {
        match cases.get(id).copied().unwrap_or_default() {
            1 => {}
            0 if baseline.versions.contains_key(id) => {}
            0 => findings.push(Finding::new(
                Kind::Inconsistent,
                format!("{} has no submission", kept.stored.receipt_no),
            )),
            count => findings.push(double(format!(
                "{} has {count} submissions",
                kept.stored.receipt_no
            ))),
        }
    }
    findings
}

fn double(what: String) -> Finding {
    Finding::new(Kind::Double, what)
}

/// No two registrations of one person that count are for the same place and days, but for one that takes the place
/// of the other.
pub fn registrations_keep_apart(ledger: &Ledger) -> Vec<Finding> {
    let mut by_person: HashMap<_, Vec<&Registration>> = HashMap::new();
    for one in ledger.registrations.iter().filter(|one| one.counts()) {
        by_person.entry(one.person).or_default().push(one);
    }
    let mut findings = vec![];
    for all in by_person.values() {
        for (place, one) in all.iter().enumerate() {
            for other in all.iter().skip(place + 1) {
                let follows = one.replaces == Some(other.id) || other.replaces == Some(one.id);
                if !follows
                    && same_destination(&one.destination, &other.destination)
                    && overlap((one.start, one.end), (other.start, other.end))
                {
                    findings.push(double(format!(
                        "registrations {} and {} of one person overlap",
                        one.id, other.id
                    )));
                }
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{Sample, attempt, registration, seen};
    use rstest::rstest;

    fn filed(receipt_no: &str) -> Attempt {
        let mut answer = seen(1);
        answer.receipt_no = receipt_no.to_owned();
        let token = "t1".to_owned();
        attempt("resident1", Deed::File { token }, Outcome::Done(answer))
    }

    fn found(ledger: &Ledger, history: &[Attempt]) -> usize {
        one_case_each(ledger, history, &Baseline::default()).len()
    }

    #[test]
    fn the_same_case_twice_is_fine_and_two_cases_are_found() {
        let ledger = Sample::filed().ledger();
        assert_eq!(found(&ledger, &[filed("a"), filed("a")]), 0);
        assert_eq!(found(&ledger, &[filed("a"), filed("b")]), 1);
    }

    #[test]
    fn a_case_without_a_token_and_one_with_two_are_found() {
        let mut ledger = Sample::filed().ledger();
        let one = ledger.submissions[0].clone();
        ledger.submissions.clear();
        assert_eq!(found(&ledger, &[]), 1);
        let before = Baseline {
            versions: ledger.cases.keys().map(|id| (*id, 1)).collect(),
            ..Baseline::default()
        };
        assert_eq!(one_case_each(&ledger, &[], &before), []);
        let mut other = one.clone();
        other.token = "t2".to_owned();
        ledger.submissions = vec![one.clone(), other];
        assert_eq!(found(&ledger, &[]), 1);
        ledger.submissions = vec![one.clone(), one];
        assert_eq!(found(&ledger, &[]), 2);
    }

    #[rstest]
    #[case("2026-01-01", "2026-01-02", "2026-01-02", "2026-01-03", 1)]
    #[case("2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04", 0)]
    fn registrations_that_share_a_day_are_found(
        #[case] from: &str,
        #[case] to: &str,
        #[case] other_from: &str,
        #[case] other_to: &str,
        #[case] expected: usize,
    ) {
        let mut ledger = Sample::filed().ledger();
        ledger.registrations = vec![
            registration(1, from, to),
            registration(2, other_from, other_to),
        ];
        assert_eq!(registrations_keep_apart(&ledger).len(), expected);
        ledger.registrations[1].replaces = Some(ledger.registrations[0].id);
        assert_eq!(registrations_keep_apart(&ledger), []);
    }
}
