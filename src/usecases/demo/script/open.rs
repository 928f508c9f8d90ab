//! Cases that are not decided: waiting, in somebody's hands, before a second person. Nothing is decided here.

use serde_json::json;

use super::{Deed, Script, When, ask, ask_phone, claim, file, not_accept, refuse};
use crate::domain::event::Target;

/// Nobody has taken them yet. The first is a relative of handler1 (CAS-10).
pub(super) fn waiting() -> Vec<Script> {
    vec![
        file(
            "waiting-relative",
            0,
            When::Ago(15),
            ("other-temporary", "110100"),
            vec![],
        ),
        file(
            "waiting",
            1,
            When::Ago(40),
            ("long-term-residence", "310100"),
            vec![],
        ),
        file(
            "waiting-referral",
            2,
            When::Ago(55),
            ("referral", "110100"),
            vec![],
        ),
    ]
}

/// Somebody has them, or they wait for an answer.
pub(super) fn in_hand() -> Vec<Script> {
    use When::{Ago, Working};
    let temporary = ("other-temporary", "330100");
    vec![
        file(
            "in-review",
            3,
            Ago(90),
            temporary,
            vec![claim(Ago(60), "handler2")],
        ),
        file(
            "supplement-requested",
            4,
            Working(1, 9, 10),
            temporary,
            vec![
                claim(Working(1, 9, 30), "handler1"),
                ask_phone(Working(1, 10, 0), "handler1"),
            ],
        ),
        file(
            "supplemented",
            5,
            Working(2, 9, 15),
            temporary,
            vec![
                claim(Working(2, 9, 40), "handler3"),
                ask_phone(Working(2, 10, 20), "handler3"),
                Deed::Supplement(Ago(20), json!({ "phone": "13800000000" })),
            ],
        ),
        // CLK-6: a second request waits for the supervisor.
        file(
            "second-request-asked",
            8,
            Working(2, 10, 5),
            temporary,
            vec![
                claim(Working(2, 10, 30), "handler2"),
                ask_phone(Working(2, 11, 0), "handler2"),
                Deed::Supplement(Ago(70), json!({ "phone": "13800000001" })),
                ask(
                    Ago(30),
                    "handler2",
                    Target::Field("end".to_owned()),
                    "示范：请写明返回日期",
                ),
            ],
        ),
    ]
}

/// A handler proposes what a second person has to look at (CAS-3).
pub(super) fn proposed() -> Vec<Script> {
    use When::Ago;
    vec![
        file(
            "refusal-proposed",
            6,
            Ago(240),
            ("posted-worker", "440100"),
            vec![claim(Ago(200), "handler1"), refuse(Ago(150), "handler1")],
        ),
        file(
            "non-acceptance-proposed",
            7,
            Ago(230),
            ("other-temporary", "330100"),
            vec![
                claim(Ago(190), "handler2"),
                not_accept(Ago(140), "handler2"),
            ],
        ),
    ]
}
