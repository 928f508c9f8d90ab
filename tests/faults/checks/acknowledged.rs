//! What was acknowledged is there; what is there was asked for and not refused; who can't be served is told so.

use std::collections::{HashMap, HashSet};

use bujianmian::domain::ids::{AccountId, CaseId};
use bujianmian::domain::workflow::Action;

use super::{Finding, Kind};
use crate::history::{Attempt, Deed, Outcome};
use crate::ledger::{Baseline, Kept, Ledger};

/// Every acknowledged filing, claim and action is in the journal, by whom it was acknowledged to, and the stored case
/// is at least as far as it was answered.
pub fn is_there(ledger: &Ledger, history: &[Attempt]) -> Vec<Finding> {
    let by_receipt: HashMap<&str, &Kept> = ledger
        .cases
        .values()
        .map(|kept| (kept.stored.receipt_no.as_str(), kept))
        .collect();
    let tokens: HashMap<(&str, &str), CaseId> = ledger
        .submissions
        .iter()
        .filter_map(|s| {
            Some((
                (ledger.names.get(&s.account)?.as_str(), s.token.as_str()),
                s.case,
            ))
        })
        .collect();
    // Each claim stands for one answer only.
    let mut used: HashSet<(&str, u32)> = HashSet::new();
    let mut findings = vec![];
    for Attempt { who, deed, outcome } in history {
        let Outcome::Done(seen) = outcome else {
            continue;
        };
        let kept = by_receipt.get(seen.receipt_no.as_str());
        let is_there = kept.is_some_and(|kept| {
            let far_enough = kept.stored.version >= seen.version;
            far_enough
                && match deed {
                    Deed::File { token } => {
                        tokens.get(&(who.as_str(), token.as_str())) == Some(&kept.stored.id)
                    }
                    Deed::Next => taken(ledger, kept, who, seen.version)
                        .into_iter()
                        .any(|number| used.insert((&kept.stored.receipt_no, number))),
                    Deed::Act {
                        action, version, ..
                    } => event_of(ledger, kept, who, action, version + 1),
                    Deed::Upload { .. } => kept.events.iter().any(|event| {
                        event.action == Action::MeetObligation && is_by(ledger, event.actor, who)
                    }),
                    Deed::Read => true,
                }
        });
        if !is_there {
            findings.push(Finding::new(
                Kind::Lost,
                format!("{who} {deed:?} was answered with {seen:?}"),
            ));
        }
    }
    findings
}

/// Numbers of the claims by `who` up to `version`, the latest first.
fn taken(ledger: &Ledger, kept: &Kept, who: &str, version: u32) -> Vec<u32> {
    kept.events
        .iter()
        .rev()
        .filter(|event| event.number <= version && event.action == Action::Next)
        .filter(|event| is_by(ledger, event.actor, who))
        .map(|event| event.number)
        .collect()
}

fn event_of(ledger: &Ledger, kept: &Kept, who: &str, action: &str, number: u32) -> bool {
    kept.events.iter().any(|event| {
        event.number == number && event.action.as_str() == action && is_by(ledger, event.actor, who)
    })
}

fn is_by(ledger: &Ledger, actor: Option<AccountId>, who: &str) -> bool {
    actor
        .and_then(|actor| ledger.names.get(&actor))
        .is_some_and(|name| name == who)
}

/// Every event after the baseline was asked for by its actor, and not only in requests that were refused.
pub fn is_explained(ledger: &Ledger, history: &[Attempt], baseline: &Baseline) -> Vec<Finding> {
    let asked = Asked::of(history);
    let mut taken: HashMap<&str, usize> = HashMap::new();
    let mut findings = vec![];
    for (id, kept) in &ledger.cases {
        let known = baseline.versions.get(id).copied().unwrap_or_default();
        for event in kept.events.iter().filter(|event| event.number > known) {
            // The service itself acts by its timers.
            let Some(name) = event.actor.and_then(|actor| ledger.names.get(&actor)) else {
                continue;
            };
            let receipt_no = kept.stored.receipt_no.as_str();
            let explained = match event.action {
                Action::Submit => ledger
                    .submissions
                    .iter()
                    .filter(|s| s.case == *id)
                    .any(|s| asked.filings.contains(&(name.as_str(), s.token.as_str()))),
                Action::Next => {
                    let count = taken.entry(name).or_default();
                    *count += 1;
                    *count <= asked.claims.get(name.as_str()).copied().unwrap_or_default()
                }
                Action::MeetObligation => asked.uploads.contains(&(name.as_str(), receipt_no)),
                _ => asked.actions.contains(&(
                    name.as_str(),
                    receipt_no,
                    event.action.as_str(),
                    event.number - 1,
                )),
            };
            if !explained {
                findings.push(Finding::new(
                    Kind::Unasked,
                    format!(
                        "{receipt_no} event {} {} by {name}",
                        event.number, event.action
                    ),
                ));
            }
        }
    }
    findings
}

/// What may have been done.
#[derive(Default)]
struct Asked<'a> {
    filings: HashSet<(&'a str, &'a str)>,
    claims: HashMap<&'a str, usize>,
    uploads: HashSet<(&'a str, &'a str)>,
    actions: HashSet<(&'a str, &'a str, &'a str, u32)>,
}

impl<'a> Asked<'a> {
    fn of(history: &'a [Attempt]) -> Self {
        let mut asked = Self::default();
        for attempt in history.iter().filter(|a| a.outcome.may_be_done()) {
            let who = attempt.who.as_str();
            match &attempt.deed {
                Deed::File { token } => {
                    asked.filings.insert((who, token));
                }
                Deed::Next => *asked.claims.entry(who).or_default() += 1,
                Deed::Act {
                    receipt_no,
                    action,
                    version,
                } => {
                    asked.actions.insert((who, receipt_no, action, *version));
                }
                Deed::Upload { receipt_no } => {
                    asked.uploads.insert((who, receipt_no));
                }
                Deed::Read => {}
            }
        }
        asked
    }
}

/// Whoever can't be served is told to come back and when, never that the service is at fault; nobody's sign-in is
/// forgotten.
pub fn failures_are_told(history: &[Attempt]) -> Vec<Finding> {
    let mut findings = vec![];
    for Attempt { who, deed, outcome } in history {
        match outcome {
            Outcome::Fault(status, body) => findings.push(Finding::new(
                Kind::Fault,
                format!("{who} {deed:?} was answered {status} {body}"),
            )),
            Outcome::Unavailable {
                status,
                retry_after: None,
            } => findings.push(Finding::new(
                Kind::Fault,
                format!("{who} {deed:?} was answered {status} without Retry-After"),
            )),
            Outcome::Refused(401, _) => findings.push(Finding::new(
                Kind::Lost,
                format!("{who} {deed:?}: the sign-in is forgotten"),
            )),
            Outcome::Done(_)
            | Outcome::Answered
            | Outcome::Refused(..)
            | Outcome::Unavailable { .. }
            | Outcome::Unknown(_) => {}
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{RECEIPT, Sample, attempt, seen};
    use rstest::rstest;

    fn file(outcome: Outcome) -> Attempt {
        let token = "t1".to_owned();
        attempt("resident1", Deed::File { token }, outcome)
    }

    fn act(who: &str, action: &str, version: u32, outcome: Outcome) -> Attempt {
        let deed = Deed::Act {
            receipt_no: RECEIPT.to_owned(),
            action: action.to_owned(),
            version,
        };
        attempt(who, deed, outcome)
    }

    fn next(who: &str, version: u32) -> Attempt {
        attempt(who, Deed::Next, Outcome::Done(seen(version)))
    }

    #[test]
    fn what_is_there_is_not_missed() {
        let ledger = Sample::filed().taken(1).released(1).taken(1).ledger();
        let history = [
            file(Outcome::Unknown("cut".to_owned())),
            file(Outcome::Done(seen(1))),
            next("handler1", 2),
            act("handler1", "release", 2, Outcome::Done(seen(3))),
            next("handler1", 4),
        ];
        assert_eq!(is_there(&ledger, &history), []);
        assert_eq!(is_explained(&ledger, &history, &Baseline::default()), []);
    }

    #[rstest]
    #[case::filing(attempt("resident1", Deed::File { token: "t2".to_owned() }, Outcome::Done(seen(1))))]
    #[case::filing_by_another(attempt("resident2", Deed::File { token: "t1".to_owned() }, Outcome::Done(seen(1))))]
    #[case::claim(next("handler2", 2))]
    #[case::action(act("handler1", "approve", 2, Outcome::Done(seen(3))))]
    #[case::version(act("handler1", "release", 2, Outcome::Done(seen(4))))]
    fn an_acknowledgement_without_its_row_is_found(#[case] lost: Attempt) {
        let ledger = Sample::filed().taken(1).released(1).ledger();
        let found = is_there(&ledger, &[lost]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].kind, Kind::Lost);
    }

    #[test]
    fn two_answers_for_one_claim_are_found() {
        let ledger = Sample::filed().taken(1).released(1).ledger();
        let found = is_there(&ledger, &[next("handler1", 2), next("handler1", 3)]);
        assert_eq!(found.len(), 1);
    }

    #[rstest]
    #[case::never_asked(vec![])]
    #[case::refused(vec![act("handler1", "release", 2, Outcome::Refused(409, "stale".to_owned()))])]
    #[case::of_another_version(vec![act("handler1", "release", 1, Outcome::Unknown(String::new()))])]
    fn what_nobody_asked_for_is_found(#[case] asked: Vec<Attempt>) {
        let ledger = Sample::filed().taken(1).released(1).ledger();
        let known = Baseline {
            versions: ledger.cases.keys().map(|id| (*id, 2)).collect(),
            ..Baseline::default()
        };
        let found = is_explained(&ledger, &asked, &known);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].kind, Kind::Unasked);
    }

    #[rstest]
    #[case(Outcome::Fault(500, "fault".to_owned()), 1)]
    #[case(Outcome::Unavailable { status: 503, retry_after: None }, 1)]
    #[case(Outcome::Unavailable { status: 503, retry_after: Some("5".to_owned()) }, 0)]
    #[case(Outcome::Refused(401, String::new()), 1)]
    #[case(Outcome::Refused(409, String::new()), 0)]
    fn failures_must_be_ones_to_act_on(#[case] outcome: Outcome, #[case] expected: usize) {
        assert_eq!(failures_are_told(&[file(outcome)]).len(), expected);
    }
}
