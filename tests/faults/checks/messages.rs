//! Each step that tells the applicant something has its message in the portal and its mail, none without a step, none
//! twice; each mail ends as sent or dead, and a copy carries the same message id (CAS-12).

use std::collections::{HashMap, HashSet};

use bujianmian::domain::ids::CaseId;
use bujianmian::domain::notice;

use super::{Finding, Kind};
use crate::ledger::{Baseline, Ledger};

/// One message: the case, the version it tells of, the kind of notice.
type Told<'a> = (CaseId, u32, &'a str);

/// Holds inbox and outbox against the journals. Reminders are no events; [`super::timers`] looks at them.
pub fn one_for_each_event(ledger: &Ledger) -> Vec<Finding> {
    let (mut wanted, mut by_mail): (HashSet<Told<'_>>, HashSet<Told<'_>>) = Default::default();
    for (id, kept) in &ledger.cases {
        for (number, kind) in kept.notices() {
            let told = (*id, number, kind.as_str());
            wanted.insert(told);
            if ledger.reachable.contains(&kept.stored.filed_by) {
                by_mail.insert(told);
            }
        }
    }
    let inbox = ledger
        .inbox
        .iter()
        .filter_map(|row| told(row.case, row.number, &row.notice));
    let outbox = ledger
        .outbox
        .iter()
        .filter_map(|row| told(row.case, row.number, &row.notice));
    let mut findings = compare(ledger, "portal", &wanted, inbox);
    findings.extend(compare(ledger, "mail", &by_mail, outbox));
    findings
}

fn told<'a>(case: Option<CaseId>, number: Option<i32>, notice: &'a str) -> Option<Told<'a>> {
    if is_reminder(notice) || is_of_the_desk(notice) {
        return None;
    }
    Some((case?, u32::try_from(number?).ok()?, notice))
}

/// Kinds that timers write beside the journal.
pub fn is_reminder(notice: &str) -> bool {
    [
        notice::Kind::LapseReminder,
        notice::Kind::ObligationReminder,
    ]
    .iter()
    .any(|kind| kind.as_str() == notice)
}

/// Kinds that people of the agency get, of one case or of several; [`super::timers`] counts the warnings among them. Those
/// of a contact follow its own course, not the case's (XR-5).
fn is_of_the_desk(notice: &str) -> bool {
    let of_contact = notice
        .parse::<notice::Kind>()
        .is_ok_and(notice::Kind::is_of_contact);
    of_contact
        || [
            notice::Kind::HalfTime,
            notice::Kind::LastHour,
            notice::Kind::Assigned,
            notice::Kind::BreachedAtDesk,
        ]
        .iter()
        .any(|kind| kind.as_str() == notice || kind.of_many().as_str() == notice)
}

fn compare<'a>(
    ledger: &Ledger,
    channel: &str,
    wanted: &HashSet<Told<'a>>,
    rows: impl Iterator<Item = Told<'a>>,
) -> Vec<Finding> {
    let mut counts: HashMap<Told<'_>, usize> = HashMap::new();
    for row in rows {
        *counts.entry(row).or_default() += 1;
    }
    let receipt = |id: &CaseId| match ledger.cases.get(id) {
        Some(kept) => kept.stored.receipt_no.clone(),
        None => format!("case {id}"),
    };
    let mut findings = vec![];
    for (case, number, notice) in wanted.iter().filter(|told| !counts.contains_key(*told)) {
        let what = format!("{} event {number}: no {notice} by {channel}", receipt(case));
        findings.push(Finding::new(Kind::Lost, what));
    }
    for (told @ (case, number, notice), count) in &counts {
        let what = format!("{} event {number}: {notice} by {channel}", receipt(case));
        if !wanted.contains(told) {
            findings.push(Finding::new(
                Kind::Unasked,
                format!("{what} without a step"),
            ));
        } else if *count > 1 {
            findings.push(Finding::new(Kind::Double, format!("{what} {count} times")));
        }
    }
    findings
}

/// Every mail is sent or dead; what the mail server took is a mail of the outbox, whatever its copies; what counts as
/// sent since the baseline did arrive. `posted` is `None` where the demo keeps its mail.
pub fn end(ledger: &Ledger, baseline: &Baseline, posted: Option<&[String]>) -> Vec<Finding> {
    let mut findings = vec![];
    let arrived: HashSet<&str> = posted
        .unwrap_or_default()
        .iter()
        .map(|mail| message_id(mail))
        .collect();
    let known: HashSet<String> = ledger
        .outbox
        .iter()
        .map(|mail| mail.id.to_string())
        .collect();
    for mail in &ledger.outbox {
        let id = mail.id.to_string();
        match mail.state.as_str() {
            "sent"
                if posted.is_none()
                    || arrived.contains(id.as_str())
                    || baseline.mails.contains(&mail.id) => {}
            "sent" => findings.push(Finding::new(
                Kind::Lost,
                format!("mail {id} counts as sent and never arrived"),
            )),
            "dead" => {}
            state => findings.push(Finding::new(Kind::Lost, format!("mail {id} is {state}"))),
        }
    }
    for id in arrived.iter().filter(|id| !known.contains(**id)) {
        findings.push(Finding::new(
            Kind::Unasked,
            format!("mail {id} arrived and is not in the outbox"),
        ));
    }
    findings
}

/// What stands before the `@` of the message id: the mail's row.
fn message_id(mail: &str) -> &str {
    mail.lines()
        .find_map(|line| line.strip_prefix("Message-ID: <"))
        .and_then(|rest| rest.split('@').next())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{Sample, mail};

    fn ledger() -> Ledger {
        Sample::filed().taken(1).told().ledger()
    }

    fn kinds(findings: Vec<Finding>) -> Vec<Kind> {
        findings.into_iter().map(|finding| finding.kind).collect()
    }

    #[test]
    fn messages_that_follow_from_the_journal_are_fine() {
        assert_eq!(one_for_each_event(&ledger()), []);
    }

    #[test]
    fn a_missing_one_one_too_many_and_one_without_a_step_are_found() {
        let mut none = ledger();
        none.outbox.clear();
        assert_eq!(kinds(one_for_each_event(&none)), [Kind::Lost]);
        none.inbox.clear();
        assert_eq!(kinds(one_for_each_event(&none)), [Kind::Lost, Kind::Lost]);
        let mut twice = ledger();
        twice.inbox.push(twice.inbox[0].clone());
        assert_eq!(kinds(one_for_each_event(&twice)), [Kind::Double]);
        let mut early = ledger();
        early.outbox[0].number = Some(2);
        assert_eq!(
            kinds(one_for_each_event(&early)),
            [Kind::Lost, Kind::Unasked]
        );
    }

    #[test]
    fn whoever_has_no_address_gets_no_mail() {
        let mut unreachable = ledger();
        unreachable.reachable.clear();
        assert_eq!(kinds(one_for_each_event(&unreachable)), [Kind::Unasked]);
        unreachable.outbox.clear();
        assert_eq!(one_for_each_event(&unreachable), []);
    }

    #[test]
    fn a_mail_must_end_and_arrive() {
        let mut ledger = ledger();
        let good = mail(&ledger.outbox[0].id.to_string());
        let check = |ledger: &Ledger, posted: &[String]| {
            kinds(end(ledger, &Baseline::default(), Some(posted)))
        };
        ledger.outbox[0].state = "sent".to_owned();
        assert_eq!(check(&ledger, &[good.clone(), good.clone()]), []);
        assert_eq!(
            check(&ledger, &[mail("other")]),
            [Kind::Lost, Kind::Unasked]
        );
        ledger.outbox[0].state = "waiting".to_owned();
        assert_eq!(check(&ledger, std::slice::from_ref(&good)), [Kind::Lost]);
        ledger.outbox[0].state = "dead".to_owned();
        assert_eq!(check(&ledger, &[good]), []);
    }
}
