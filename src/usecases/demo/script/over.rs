//! Cases that are over: approved, refused, not accepted, withdrawn, lapsed. None of them was late.

use super::{Deed, Script, When, approve, ask_phone, claim, file, grounds, not_accept, refuse};
use crate::domain::workflow::Command;

/// Approved.
pub(super) fn approved() -> Vec<Script> {
    use When::Working;
    let ordinary = |at: u32| {
        vec![
            claim(Working(at, 9, 50), "handler1"),
            approve(Working(at, 10, 30), "handler1"),
            Deed::ReviewIfSampled(Working(at, 14, 0), "reviewer1", None),
        ]
    };
    vec![
        file(
            "closed",
            9,
            Working(4, 9, 5),
            ("long-term-residence", "320100"),
            ordinary(4),
        ),
        file(
            "closed-temporary",
            10,
            Working(5, 9, 25),
            ("other-temporary", "500100"),
            ordinary(5),
        ),
        file(
            "closed-to-cancel",
            11,
            Working(6, 9, 35),
            ("settled-retirement", "120100"),
            ordinary(6),
        ),
        // CAS-4: the slip of the referring hospital is still to come.
        file(
            "closed-with-obligation",
            12,
            Working(3, 9, 45),
            ("referral", "310100"),
            ordinary(3),
        ),
    ]
}

/// Decided against, by two people (CAS-3).
pub(super) fn declined() -> Vec<Script> {
    use When::Working;
    vec![
        file(
            "refused",
            13,
            Working(3, 13, 40),
            ("posted-worker", "440300"),
            vec![
                claim(Working(3, 14, 0), "handler2"),
                refuse(Working(3, 14, 20), "handler2"),
                Deed::Act(
                    Working(3, 15, 30),
                    "reviewer1",
                    Command::Refuse {
                        grounds: grounds("示范：申请地与备案类型不符"),
                        breach: None,
                    },
                ),
            ],
        ),
        file(
            "not-accepted",
            14,
            Working(3, 13, 50),
            ("other-temporary", "510100"),
            vec![
                claim(Working(3, 14, 10), "handler3"),
                not_accept(Working(3, 14, 30), "handler3"),
                Deed::Act(
                    Working(3, 15, 40),
                    "reviewer2",
                    Command::NotAccept {
                        grounds: grounds("示范：不属于本经办机构受理范围"),
                        breach: None,
                    },
                ),
            ],
        ),
    ]
}

/// Over without a decision.
pub(super) fn ended() -> Vec<Script> {
    use When::{Days, Working};
    vec![
        file(
            "withdrawn",
            15,
            Working(2, 8, 40),
            ("emergency", "210200"),
            vec![Deed::Withdraw(Working(2, 11, 20))],
        ),
        // CAS-1: nothing came within thirty days.
        file(
            "lapsed",
            16,
            Days(32, 9, 0),
            ("other-temporary", "420100"),
            vec![
                claim(Days(32, 9, 30), "handler1"),
                ask_phone(Days(32, 10, 0), "handler1"),
                Deed::Time,
            ],
        ),
    ]
}
