//! Cases of an epidemic: COVID patients registered without papers, under pledge (XR-3), and who is stranded (XR-8). Days
//! are counted back from the filing.

use serde_json::{Value, json};

use super::{Deed, Script, When, approve, claim, file};
use crate::domain::workflow::Command;

fn covid(
    key: &'static str,
    applicant: usize,
    filed: When,
    (destination, status): (&str, &str),
    deeds: Vec<Deed>,
) -> Script {
    Script {
        item: "cross-region-registration-covid",
        answers: json!({ "destination": destination, "status": status, "admitted_on": 2 }),
        ..file(key, applicant, filed, ("", ""), deeds)
    }
}

fn stranded(
    key: &'static str,
    applicant: usize,
    filed: When,
    answers: Value,
    deeds: Vec<Deed>,
) -> Script {
    Script {
        item: "cross-region-registration-stranded",
        answers,
        ..file(key, applicant, filed, ("", ""), deeds)
    }
}

/// In force from the filing on, whatever became of the case (XR-3).
pub(super) fn patients() -> Vec<Script> {
    use When::{Ago, Working};
    vec![
        covid(
            "covid-waiting",
            22,
            Ago(50),
            ("110100", "suspected"),
            vec![],
        ),
        covid(
            "covid-in-review",
            24,
            Ago(65),
            ("440300", "confirmed"),
            vec![claim(Ago(30), "handler3")],
        ),
        covid(
            "covid-closed",
            23,
            Working(2, 9, 5),
            ("310100", "confirmed"),
            vec![
                claim(Working(2, 9, 25), "handler1"),
                approve(Working(2, 9, 45), "handler1"),
                Deed::ReviewIfSampled(Working(2, 10, 30), "reviewer1", None),
            ],
        ),
        // XR-6: neither treatment nor settlement waits.
        covid(
            "covid-recorded",
            25,
            Working(4, 10, 20),
            ("420100", "confirmed"),
            vec![
                claim(Working(4, 10, 50), "handler2"),
                Deed::Act(
                    Working(4, 14, 0),
                    "handler2",
                    Command::Record {
                        reason: "示范：救治地经办机构未能核实".to_owned(),
                        breach: None,
                    },
                ),
            ],
        ),
    ]
}

/// Kept from going home (XR-8).
pub(super) fn kept_away() -> Vec<Script> {
    use When::{Ago, Working};
    vec![
        stranded(
            "stranded-waiting",
            12,
            Ago(45),
            json!({ "destination": "460200", "since": 3, "reason": "closure" }),
            vec![],
        ),
        stranded(
            "stranded-closed",
            13,
            Working(3, 9, 30),
            json!({ "destination": "530100", "since": 1, "reason": "transport",
                "words": "示范：车站停运" }),
            vec![
                claim(Working(3, 10, 0), "handler2"),
                approve(Working(3, 10, 30), "handler2"),
                Deed::ReviewIfSampled(Working(3, 14, 0), "reviewer2", None),
            ],
        ),
    ]
}
