//! Cases beside the usual way: late ones, those that follow from others, and the counties'. What they follow from
//! is among the others' scripts.

use serde_json::json;

use super::{Deed, Script, When, approve, claim, file, grounds, not_accept};
use crate::domain::case::BreachCause;
use crate::domain::workflow::Command;
use crate::domain::workflow::command::BreachReport;

/// The deadline passed (CLK-7).
pub(super) fn late() -> Vec<Script> {
    use When::Working;
    let breach = Some(BreachReport {
        code: BreachCause::Staffing,
        words: "示范：当日值班人员不足".to_owned(),
    });
    vec![
        file(
            "breached",
            17,
            Working(3, 10, 0),
            ("other-temporary", "370100"),
            vec![claim(Working(3, 10, 30), "handler2"), Deed::Time],
        ),
        file(
            "breached-and-closed",
            5,
            Working(6, 10, 10),
            ("other-temporary", "610100"),
            vec![
                claim(Working(6, 10, 40), "handler1"),
                Deed::Time,
                Deed::Give(Working(1, 9, 0), "supervisor1", "handler3"),
                Deed::Act(
                    Working(1, 10, 0),
                    "handler3",
                    Command::Approve {
                        breach: breach.clone(),
                    },
                ),
                Deed::ReviewIfSampled(Working(1, 14, 30), "reviewer2", breach.clone()),
            ],
        ),
    ]
}

/// Changes and cancellations of what was registered above, and a case that is to be opened again.
pub(super) fn followed() -> Vec<Script> {
    use When::{Ago, Working};
    vec![
        Script {
            item: "cross-region-change",
            answers: json!({ "registration": "closed-temporary", "destination": "510100", "start": 1 }),
            ..file("change-waiting", 10, Ago(25), ("", ""), vec![])
        },
        Script {
            item: "cross-region-cancellation",
            answers: json!({ "registration": "closed-to-cancel", "reason": "示范：已返回参保地" }),
            ..file(
                "cancelled",
                11,
                Working(2, 13, 35),
                ("", ""),
                vec![
                    claim(Working(2, 14, 0), "handler2"),
                    approve(Working(2, 14, 25), "handler2"),
                    Deed::ReviewIfSampled(Working(2, 15, 0), "reviewer1", None),
                ],
            )
        },
        // CAS-1: one supervisor asks, another confirms.
        file(
            "reopening-asked",
            3,
            Working(7, 9, 0),
            ("other-temporary", "350200"),
            vec![
                claim(Working(7, 9, 20), "handler3"),
                not_accept(Working(7, 9, 45), "handler3"),
                Deed::Act(
                    Working(7, 11, 0),
                    "reviewer1",
                    Command::NotAccept {
                        grounds: grounds("示范：不属于本经办机构受理范围"),
                        breach: None,
                    },
                ),
                Deed::Act(
                    Ago(50),
                    "supervisor1",
                    Command::Reopen {
                        reason: "示范：申请人补充了居住情况".to_owned(),
                    },
                ),
            ],
        ),
    ]
}

/// Cases of the counties' agencies; `@0` and `@1` stand for their codes.
pub(super) fn counties() -> Vec<Script> {
    use When::{Ago, Working};
    let temporary = ("other-temporary", "110100");
    let closed = |handler, reviewer| {
        vec![
            claim(Working(2, 10, 0), handler),
            approve(Working(2, 10, 40), handler),
            Deed::ReviewIfSampled(Working(2, 14, 0), reviewer, None),
        ]
    };
    vec![
        file("county-waiting", 18, Ago(35), temporary, vec![]),
        file(
            "county-closed",
            19,
            Working(2, 9, 0),
            temporary,
            closed("handler@0", "reviewer@0"),
        ),
        file("other-county-waiting", 20, Ago(45), temporary, vec![]),
        file(
            "other-county-closed",
            21,
            Working(2, 9, 5),
            temporary,
            closed("handler@1", "reviewer@1"),
        ),
    ]
}
